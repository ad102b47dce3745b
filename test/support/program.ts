/** Runs programs in this process, for tests: what they made, what they told the engine, or how they failed. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Provider } from "@pulumi/aws/provider";
import { type ProgramStack, runProgram } from "../../src/readers/program/fromProgram";
import { emptySnapshot } from "../../src/snapshot/snapshot";
import { Recorder, type Registration } from "./recorder";
import type { ProgramRun } from "../../src/readers/programRun";

export interface RunOptions {
  /**
   * Whether nothing is created, and computed outputs stay unknown.
   * @default false
   */
  readonly preview?: boolean;
}

/** A run, whether it succeeded or not. */
export interface Run extends ProgramRun {
  /** Everything that was registered, in order, but for the stacks themselves. */
  readonly registrations: readonly Registration[];
  readonly error: Error | undefined;
}

/** What a test reads of a run that must succeed. */
export class Deployment {
  constructor(readonly run: Run) {}

  get snapshot() {
    return this.run.snapshot;
  }

  get registrations(): readonly Registration[] {
    return this.run.registrations;
  }

  /** The one resource of that name. */
  resource(name: string): Registration {
    const found = this.registrations.filter((registration) => registration.name === name);
    if (found.length !== 1 || found[0] === undefined) {
      const names = this.registrations.map((registration) => registration.name).join(", ");
      throw new Error(`${found.length} resources are called '${name}'; there are ${names}`);
    }
    return found[0];
  }

  inputs(name: string): Readonly<Record<string, unknown>> {
    return this.resource(name).inputs;
  }

  /** A policy document that a resource is given as JSON. */
  document(name: string, property = "policy"): PolicyDocumentJson {
    return JSON.parse(this.inputs(name)[property] as string) as PolicyDocumentJson;
  }

  outputs(stack: string): Readonly<Record<string, unknown>> {
    const run = this.run.stacks.find(({ name }) => name === stack);
    if (run === undefined) throw new Error(`there is no stack '${stack}'`);
    return run.outputs;
  }

  /** Names of everything that must exist before a resource, through others too. */
  namesBefore(name: string): string[] {
    const seen = new Set<string>();
    const visit = (urn: string) => {
      const registration = this.registrations.find((candidate) => candidate.urn === urn);
      for (const dependency of registration?.dependencies ?? []) {
        if (seen.has(dependency)) continue;
        seen.add(dependency);
        visit(dependency);
      }
    };
    visit(this.resource(name).urn);
    return this.registrations.filter(({ urn }) => seen.has(urn)).map((registration) => registration.name);
  }
}

/** Whether a resource takes part in replication itself; what notices its failures has tests of its own. */
export function replicates({ type }: Registration): boolean {
  return /^aws:(s3|kms|iam)/.test(type) && !type.startsWith("aws:s3/bucketNotification:");
}

/** A policy document as a resource is given it. */
export interface PolicyDocumentJson {
  Version: string;
  Statement: StatementJson[];
}

export interface StatementJson {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal?: unknown;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Runs the stacks, which must succeed. */
export async function deployStacks(
  program: () => unknown,
  stacks: readonly ProgramStack[],
  options: RunOptions = {},
): Promise<Deployment> {
  const run = await runStacks(program, stacks, options);
  if (run.error !== undefined) throw run.error;
  return new Deployment(run);
}

/** Runs one program without configuration, which must succeed. */
export function deploy(program: () => unknown, options: RunOptions = {}): Promise<Deployment> {
  return deployStacks(program, [{ name: "stack", config: {} }], options);
}

/** Runs one program without configuration, which must fail. */
export async function fail(program: () => unknown, options: RunOptions = {}): Promise<Failure> {
  return failStacks(program, [{ name: "stack", config: {} }], options);
}

export interface Failure {
  readonly message: string;
  readonly error: Error;
  readonly registrations: readonly Registration[];
  /** Names of what was registered, but for providers. */
  readonly registered: readonly string[];
}

export async function failStacks(
  program: () => unknown,
  stacks: readonly ProgramStack[],
  options: RunOptions = {},
): Promise<Failure> {
  const { error, registrations } = await runStacks(program, stacks, options);
  if (error === undefined) throw new Error("the program was expected to fail, and did not");
  const registered = registrations
    .filter(({ type }) => !type.startsWith("pulumi:providers:"))
    .map(({ name }) => name);
  return { error, message: error.message, registrations, registered };
}

/** Turns of the event loop that a failed program gets for what it has under way. */
const TURNS_TO_SETTLE = 50;

async function runStacks(
  program: () => unknown,
  stacks: readonly ProgramStack[],
  options: RunOptions,
): Promise<Run> {
  const recorder = new Recorder();
  const stackOf: number[] = [];
  // What fails after the first error shows as rejections that nobody handles: here they are expected, and only here.
  const listeners = process.listeners("unhandledRejection");
  const rejections: unknown[] = [];
  const collect = (error: unknown) => rejections.push(error);
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", collect);
  recorder.start();
  // Pulumi writes down a stack for each promise; to look each up in the source maps takes longer than the program.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  let error: unknown;
  let result: ProgramRun = { snapshot: emptySnapshot(), stacks: [] };
  try {
    result = await runProgram(program, stacks, {
      project: "s3-replication",
      preview: options.preview,
      onStack: () => stackOf.push(recorder.registrations.length),
    });
  } catch (thrown) {
    error = thrown;
  }
  for (let turn = 0; turn < (error === undefined ? 2 : TURNS_TO_SETTLE); turn++) await nextTurn();
  Error.stackTraceLimit = stackTraceLimit;
  recorder.stop();
  process.off("unhandledRejection", collect);
  for (const listener of listeners) process.on("unhandledRejection", listener);
  error ??= rejections[0];
  const registrations = recorder.registrations
    .map((registration, index) => ({
      ...registration,
      stack: stacks[stackOf.filter((first) => first <= index).length - 1]?.name ?? "",
    }))
    .filter(({ type }) => type !== "pulumi:pulumi:Stack");
  const asError = error === undefined || error instanceof Error ? error : new Error("something was rejected");
  return { ...result, registrations, error: asError };
}

/** A provider of one account. */
export function accountProvider(accountId: string, region = "eu-west-1", name = accountId): Provider {
  return new Provider(name, {
    region: region as NonNullable<ConstructorParameters<typeof Provider>[1]>["region"],
    allowedAccountIds: [accountId],
  });
}
