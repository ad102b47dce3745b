/** Runs a Pulumi program in this process, stack after stack, against accounts held in memory. */
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../../input/problems";
import { noteBatchJobs } from "../batchJobs";
import { noteIntents, noteOrganizations } from "../intents";
import { answerCall } from "./programCalls";
import { hasResources, lookUp, withIds, withoutSecrets } from "./programInputs";
import { Warnings } from "./programWarnings";
import { accountIsMissing, type AccountNames, accountOfProvider, defaultProvider } from "../providerAccounts";
import { applyResource, componentOf, hasSay, needsRegion, type ResourceInputs } from "../awsProvider/pulumi";
import { AwsRefusal, finishCalls, NEW_ACCOUNTS, type World } from "../../resources/resources";
import { emptySnapshot, type Snapshot } from "../../snapshot/snapshot";
import type { ProgramRun, RegisteredResource, StackRun } from "../programRun";

/** A stack to run: its name, and its configuration by full key (`s3-replication:source`). */
export interface ProgramStack {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Keys of configuration that is secret. */
  readonly secretKeys?: readonly string[];
}

export interface ProgramOptions {
  /** Name of the Pulumi project. */
  readonly project: string;
  /**
   * Whether nothing is created: computed outputs stay unknown, as in `pulumi preview`.
   * Default: false.
   */
  readonly preview?: boolean;
  /**
   * Account of resources without an explicit provider.
   * Default: none: such a resource stops the run.
   */
  readonly defaultAccountId?: string;
  /**
   * Accounts by the name of a provider without allowedAccountIds, or of a stack whose default provider has none.
   * Default: none.
   */
  readonly accounts?: AccountNames;
  /**
   * What is known of the accounts before the stacks run.
   * Default: they are new, and get the resources of these stacks only.
   */
  readonly world?: World;
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
  const history: History = { runs: new Map(), made: new Map(), stacks: stacks.map(({ name }) => name) };
  for (const stack of stacks) {
    options.onStack?.(stack.name);
    history.runs.set(stack.name, await runStack(program, stack, history, snapshot, options));
  }
  finishCalls(snapshot, options.world);
  const runs = [...history.runs.values()];
  const resources = runs.flatMap((run) => run.resources);
  noteBatchJobs(snapshot, resources);
  noteIntents(snapshot, resources);
  noteOrganizations(snapshot, resources);
  return { snapshot, stacks: runs };
}

/** What happened before: a stack that is deployed once more finds its resources there. */
interface History {
  /** The last run of each stack. */
  readonly runs: Map<string, StackRun>;
  /** Resources with their inputs, by stack, type and name. */
  readonly made: Map<string, MadeResource>;
  /** Names of all stacks, which are made before the first one is deployed. */
  readonly stacks: readonly string[];
}

interface MadeResource {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: string;
  readonly result: pulumi.runtime.MockResourceResult;
}

async function runStack(
  program: () => unknown,
  stack: ProgramStack,
  history: History,
  snapshot: Snapshot,
  options: ProgramOptions,
): Promise<StackRun> {
  const resources: RegisteredResource[] = [];
  const errors = new ErrorGuard();
  const mocks = new AccountMocks(snapshot, stack, resources, history, options, errors);
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
  const warnings = new Warnings();
  try {
    const outputs = (await errors.orFirstError(async () => {
      const result: unknown = await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
      await pulumi.runtime.disconnect();
      return result;
    })) as Record<string, unknown> | undefined;
    return { name: stack.name, resources, outputs: outputs ?? {}, warnings: warnings.collected };
  } finally {
    warnings.stop();
    await errors.stop();
  }
}

const ORGANIZATION = "organization";

/** Answers for the engine and for AWS. */
class AccountMocks implements pulumi.runtime.Mocks {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly stack: ProgramStack,
    private readonly resources: RegisteredResource[],
    private readonly history: History,
    private readonly options: ProgramOptions,
    private readonly errors: ErrorGuard,
  ) {}

  newResource(
    args: pulumi.runtime.MockResourceArgs,
  ): pulumi.runtime.MockResourceResult | Promise<pulumi.runtime.MockResourceResult> {
    const inputs = withoutSecrets(args.inputs) as Record<string, unknown>;
    // Only where there is something to wait for: resources are to come in the order of the program.
    return hasResources(inputs)
      ? withIds(inputs).then((plain) => this.accept(args, plain as Record<string, unknown>))
      : this.accept(args, inputs);
  }

  private accept(
    args: pulumi.runtime.MockResourceArgs,
    inputs: Record<string, unknown>,
  ): pulumi.runtime.MockResourceResult {
    try {
      if (args.type === "pulumi:pulumi:StackReference") return this.stackReference(inputs);
      if (args.type === "pulumi:providers:aws") {
        this.resources.push({ type: args.type, name: args.name, accountId: undefined, inputs });
        return { id: this.providerId(args.name, inputs), state: inputs };
      }
      if (args.custom === false || !args.type.startsWith("aws:")) {
        this.resources.push({ type: args.type, name: args.name, accountId: undefined, inputs });
        if (hasSay(args.type) && this.options.preview !== true) {
          applyResource(this.snapshot, componentOf(args, inputs), this.options.world);
        }
        return { id: args.name, state: inputs };
      }
      return this.awsResource(args, inputs);
    } catch (error) {
      this.errors.report(error);
      throw error;
    }
  }

  call(args: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    const inputs = args.inputs as Readonly<Record<string, unknown>>;
    try {
      const { world = NEW_ACCOUNTS } = this.options;
      const provider = () => this.providerOf(args.provider, args.token);
      return answerCall(args.token, inputs, provider, this.snapshot, world);
    } catch (error) {
      // What AWS refuses, a program may go on without; the SDK passes the details of an error on.
      if (error instanceof AwsRefusal) throw Object.assign(error, { details: error.message });
      this.errors.report(error);
      throw error;
    }
  }

  private awsResource(
    args: pulumi.runtime.MockResourceArgs,
    inputs: Record<string, unknown>,
  ): pulumi.runtime.MockResourceResult {
    const provider = this.providerOf(args.provider, `${args.type} '${args.name}'`);
    const region = typeof inputs.region === "string" ? inputs.region : provider.region;
    const { accountId } = provider;
    this.resources.push({ type: args.type, name: args.name, accountId, region, inputs });
    if (this.options.preview === true) return { id: "", state: inputs };
    const world = this.options.world ?? NEW_ACCOUNTS;
    if (region === "" && !world.complete && needsRegion(args.type)) {
      throw new InvalidInputError(`${args.type} '${args.name}'`, [
        `its Region must be known, got nothing; set 'aws:region' in the configuration of stack '${this.stack.name}', or 'region' of its provider`,
      ]);
    }
    const resource = { type: args.type, name: args.name, inputs, accountId, region };
    const place = [this.stack.name, args.type, args.name].join(" ");
    const before = this.history.made.get(place);
    if (before?.inputs === JSON.stringify(inputs)) return before.result;
    try {
      const { id, outputs } =
        lookUp(this.snapshot, resource, args.id, world) ?? applyResource(this.snapshot, resource, world);
      const result = { id, state: { ...inputs, ...outputs } };
      const { type, name } = args;
      const stack = this.stack.name;
      this.history.made.set(place, { stack, type, name, inputs: JSON.stringify(inputs), result });
      return result;
    } catch (error) {
      throw explained(error, this.stack.name, resource, this.history);
    }
  }

  private stackReference(inputs: Record<string, unknown>): pulumi.runtime.MockResourceResult {
    const name = String(inputs.name);
    // `<organization>/<project>/<stack>`, of which the project's own stacks may be called by the last part alone.
    const [stackName, project = this.options.project] = name.split("/").reverse();
    const { runs, stacks } = this.history;
    if (project !== this.options.project || !stacks.includes(stackName ?? "")) {
      const known = stacks.map((each) => `'${each}'`).join(", ");
      throw new pulumi.RunError(
        `unknown stack "${name}": of project '${this.options.project}' ${known} is read here; read the other one too, as Pulumi.<stack>.yaml or --stack, or correct the name, which is '<organization>/<project>/<stack>' ('organization' in a self-managed backend, your organization's name in Pulumi Cloud); on the engine that stack is deployed first`,
      );
    }
    // One that was made and never deployed has no outputs.
    const outputs = runs.get(stackName ?? "")?.outputs ?? {};
    return { id: name, state: { name, outputs, secretOutputNames: [] } };
  }

  private providerOf(reference: string | undefined, what: string): { accountId: string; region: string } {
    const id = reference?.slice(reference.lastIndexOf("::") + 2) ?? "";
    const [accountId = "", region = ""] = id === "" ? this.defaultProvider().split("/") : id.split("/");
    if (accountId !== "") return { accountId, region };
    if (this.options.defaultAccountId !== undefined)
      return { accountId: this.options.defaultAccountId, region };
    if (this.options.accounts !== undefined) {
      throw new InvalidInputError(what, [accountIsMissing(id.split("/")[2], this.stack.name)]);
    }
    throw new pulumi.RunError(
      `${what} has no provider with allowedAccountIds, so it is not known which account it belongs to; give it an aws.Provider with one account id`,
    );
  }

  /** What the stack's configuration says of AWS. */
  private defaultProvider(): string {
    const { accounts = {} } = this.options;
    const settings = defaultProvider(this.stack.config);
    const accountId = accounts[this.stack.name] ?? accountOfProvider(settings) ?? accounts[""] ?? "";
    return `${accountId}/${typeof settings.region === "string" ? settings.region : ""}`;
  }

  /** `<account id>/<Region>/<name>`, by which a resource's provider tells where it belongs. */
  private providerId(name: string, inputs: Readonly<Record<string, unknown>>): string {
    const { accounts = {} } = this.options;
    const accountId = accounts[name] ?? accountOfProvider(inputs) ?? accounts[""] ?? "";
    const region = inputs.region ?? defaultProvider(this.stack.config).region;
    return `${accountId}/${typeof region === "string" ? region : ""}/${name}`;
  }
}

/** AWS does not say which resource of which stack it refuses, nor who has a name that is taken. */
function explained(
  refusal: unknown,
  stack: string,
  { type, name, inputs }: ResourceInputs,
  { made }: History,
) {
  if (!(refusal instanceof AwsRefusal) || refusal.isOfEarlierCall) return refusal;
  const isTaken = /Already(Exists|OwnedByYou)/.test(refusal.message);
  const id = inputs.name ?? inputs.bucket;
  const owner = isTaken
    ? [...made.values()].find((other) => other.type === type && other.result.id === id)
    : undefined;
  const advice =
    owner === undefined
      ? ""
      : `; stack '${owner.stack}' has it as '${owner.name}': give one of them another name`;
  return new AwsRefusal(`stack '${stack}', ${type} '${name}': ${refusal.message}${advice}`);
}

/**
 * Pulumi's errors may surface only as unhandled rejections, and a program that failed may never come to its end: the
 * first error, wherever it shows, ends the run.
 */
class ErrorGuard {
  private readonly firstError: Promise<never>;
  private failed = false;
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
    this.failed = true;
    this.rejectFirst(error);
  }

  async orFirstError<T>(run: () => Promise<T>): Promise<T> {
    const result = await Promise.race([run(), this.firstError]);
    // Rejections that nobody handles are reported only after the promises of this turn.
    await Promise.race([new Promise((resolve) => setImmediate(resolve)), this.firstError]);
    return result;
  }

  /** What fails after the first error is a consequence of it, and must not reach whatever runs next. */
  async stop(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.failed ? AFTERMATH : 0));
    process.off("unhandledRejection", this.onRejection);
  }
}

/** Time in which the promises of a failed program come to their ends, in milliseconds. */
const AFTERMATH = 50;
