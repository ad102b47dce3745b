/** Runs a Pulumi program in this process, stack after stack, against accounts held in memory. */
import * as pulumi from "@pulumi/pulumi";
import { applyResource } from "./resources";
import { emptySnapshot, type Snapshot } from "./snapshot";

/** A stack to run: its name, and its configuration by full key (`s3-replication:source`). */
export interface ProgramStack {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Keys of configuration that is secret. */
  readonly secretKeys?: readonly string[];
}

/** What one stack registered. */
export interface StackRun {
  readonly name: string;
  readonly resources: readonly RegisteredResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  /** Account of its provider; undefined for components and providers. */
  readonly accountId: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface ProgramRun {
  readonly snapshot: Snapshot;
  readonly stacks: readonly StackRun[];
}

export interface ProgramOptions {
  /** Name of the Pulumi project. */
  readonly project: string;
  /**
   * Whether nothing is created: computed outputs stay unknown, as in `pulumi preview`.
   * @default false
   */
  readonly preview?: boolean;
  /**
   * Account of resources without an explicit provider.
   * @default none: such a resource stops the run
   */
  readonly defaultAccountId?: string;
  /** Called when a stack begins. */
  readonly onStack?: (stack: string) => void;
}

/**
 * Runs the stacks in their order. References to stacks are answered with the outputs of stacks that ran before.
 * @throws What the program throws, the first error only.
 */
export async function runProgram(
  program: () => unknown,
  stacks: readonly ProgramStack[],
  options: ProgramOptions,
): Promise<ProgramRun> {
  const snapshot = emptySnapshot();
  const runs: StackRun[] = [];
  for (const stack of stacks) {
    options.onStack?.(stack.name);
    runs.push(await runStack(program, stack, runs, snapshot, options));
  }
  return { snapshot, stacks: runs };
}

async function runStack(
  program: () => unknown,
  stack: ProgramStack,
  earlier: readonly StackRun[],
  snapshot: Snapshot,
  options: ProgramOptions,
): Promise<StackRun> {
  const resources: RegisteredResource[] = [];
  const errors = new ErrorGuard();
  const mocks = new AccountMocks(snapshot, resources, earlier, options, errors);
  await pulumi.runtime.setMocks(mocks, options.project, stack.name, options.preview ?? false, ORGANIZATION);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(stack.config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    [...(stack.secretKeys ?? [])],
  );
  try {
    const outputs = (await errors.orFirstError(async () => {
      const result: unknown = await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
      await pulumi.runtime.disconnect();
      return result;
    })) as Record<string, unknown> | undefined;
    return { name: stack.name, resources, outputs: outputs ?? {} };
  } finally {
    errors.stop();
  }
}

const ORGANIZATION = "organization";

/** Answers for the engine and for AWS. */
class AccountMocks implements pulumi.runtime.Mocks {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly resources: RegisteredResource[],
    private readonly earlier: readonly StackRun[],
    private readonly options: ProgramOptions,
    private readonly errors: ErrorGuard,
  ) {}

  newResource(args: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
    try {
      const inputs = withoutSecrets(args.inputs) as Record<string, unknown>;
      if (args.type === "pulumi:pulumi:StackReference") return this.stackReference(inputs);
      if (args.type === "pulumi:providers:aws") {
        this.resources.push({ type: args.type, name: args.name, accountId: undefined, inputs });
        return { id: providerId(inputs), state: inputs };
      }
      if (args.custom === false || !args.type.startsWith("aws:")) {
        this.resources.push({ type: args.type, name: args.name, accountId: undefined, inputs });
        return { id: args.name, state: inputs };
      }
      return this.awsResource(args, inputs);
    } catch (error) {
      this.errors.report(error);
      throw error;
    }
  }

  call(args: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    const { accountId } = this.providerOf(args.provider, args.token);
    if (args.token === "aws:index/getCallerIdentity:getCallerIdentity") {
      return { accountId, arn: `arn:aws:iam::${accountId}:root`, id: accountId, userId: accountId };
    }
    throw new Error(`the accounts in memory do not answer ${args.token}`);
  }

  private awsResource(
    args: pulumi.runtime.MockResourceArgs,
    inputs: Record<string, unknown>,
  ): pulumi.runtime.MockResourceResult {
    const provider = this.providerOf(args.provider, `${args.type} '${args.name}'`);
    this.resources.push({ type: args.type, name: args.name, accountId: provider.accountId, inputs });
    if (this.options.preview === true) return { id: "", state: inputs };
    const region = typeof inputs.region === "string" ? inputs.region : provider.region;
    const { id, outputs } = applyResource(this.snapshot, {
      type: args.type,
      name: args.name,
      inputs,
      accountId: provider.accountId,
      region,
    });
    return { id, state: { ...inputs, ...outputs } };
  }

  private stackReference(inputs: Record<string, unknown>): pulumi.runtime.MockResourceResult {
    const name = String(inputs.name);
    const stack = this.earlier.find((run) =>
      [run.name, `${this.options.project}/${run.name}`].some(
        (known) => name === known || name.endsWith(`/${known}`),
      ),
    );
    if (stack === undefined) throw new pulumi.RunError(`unknown stack "${name}"`);
    return { id: name, state: { name, outputs: stack.outputs, secretOutputNames: [] } };
  }

  private providerOf(reference: string | undefined, what: string): { accountId: string; region: string } {
    const id = reference?.slice(reference.lastIndexOf("::") + 2) ?? "";
    const [accountId = "", region = ""] = id.split("/");
    if (accountId !== "") return { accountId, region };
    if (this.options.defaultAccountId !== undefined)
      return { accountId: this.options.defaultAccountId, region: "" };
    throw new pulumi.RunError(
      `${what} has no provider with allowedAccountIds, so it is not known which account it belongs to; give it an aws.Provider with one account id`,
    );
  }
}

/** `<account id>/<Region>`, by which a resource's provider tells where it belongs. */
function providerId(inputs: Record<string, unknown>): string {
  const ids =
    typeof inputs.allowedAccountIds === "string" ? (JSON.parse(inputs.allowedAccountIds) as unknown) : [];
  const [accountId = ""] = Array.isArray(ids) ? (ids as string[]) : [];
  return `${accountId}/${String(inputs.region ?? "")}`;
}

/** Marks a secret in what the SDK hands over. */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_SIGNATURE in value) return withoutSecrets((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/**
 * Pulumi's errors may surface only as unhandled rejections, and a program that failed may never come to its end: the
 * first error, wherever it shows, ends the run.
 */
class ErrorGuard {
  private readonly firstError: Promise<never>;
  private rejectFirst: (error: unknown) => void = () => undefined;
  private readonly onRejection = (error: unknown) => this.report(error);

  constructor() {
    this.firstError = new Promise<never>((_resolve, reject) => {
      this.rejectFirst = reject;
    });
    this.firstError.catch(() => undefined);
    process.on("unhandledRejection", this.onRejection);
  }

  report(error: unknown): void {
    this.rejectFirst(error);
  }

  async orFirstError<T>(run: () => Promise<T>): Promise<T> {
    const result = await Promise.race([run(), this.firstError]);
    // Rejections that nobody handles are reported only after the promises of this turn.
    await Promise.race([new Promise((resolve) => setImmediate(resolve)), this.firstError]);
    return result;
  }

  stop(): void {
    // What fails after the first error is a consequence of it.
    setImmediate(() => process.off("unhandledRejection", this.onRejection));
  }
}
