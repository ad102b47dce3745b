/** Ways in which an update is cut off, and what is done about it. */
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsRefusal } from "../../../src/resources/resources";
import { ALIAS, BUCKET, KEY, ROLE, type Thing } from "../provider/resourceTypes";
import { type Fault, StandIn } from "../provider/standIn";
import type { Outcome, Running } from "./pulumi";
import type { Workspace } from "./workspace";

export interface FaultKind {
  readonly name: string;
  readonly when: Fault["when"];
  readonly strike: (provider: StandIn, engine: Running) => void;
  /** Whether the stack stays locked. */
  readonly locks?: boolean;
}

/** AWS says no, the provider says so, and the engine knows where it stands. */
export const REPORTED_ERROR: FaultKind = {
  name: "the provider answers with an error",
  when: "before",
  strike: () => {
    throw new AwsRefusal("InternalError: We encountered an internal error. Please try again.");
  },
};

const endProvider = (provider: StandIn) => provider.stop();
const endEngine = (_provider: StandIn, engine: Running) => engine.kill();

/** Nobody answers any more, and the state may not say what there is. */
export const LOST_ANSWER: FaultKind = {
  name: "the provider dies and its answer is lost",
  when: "after",
  strike: endProvider,
};
/** Leaves the stack locked. */
export const KILLED: FaultKind = {
  name: "the engine is killed before it hears the answer",
  when: "after",
  strike: endEngine,
  locks: true,
};
export const CUT_OFF: readonly FaultKind[] = [
  { name: "the provider dies before it asks AWS", when: "before", strike: endProvider },
  LOST_ANSWER,
  { name: "the engine is killed before AWS is asked", when: "before", strike: endEngine, locks: true },
  KILLED,
];

/** A run that goes wrong at one of its requests to AWS. */
export async function runWithFault(
  workspace: Workspace,
  args: readonly string[],
  kind: FaultKind,
  at: Fault["at"],
): Promise<Outcome & { readonly struck: boolean }> {
  const strike = (dying: StandIn) => kind.strike(dying, engine);
  const provider = await StandIn.start(workspace.accounts, { fault: { at, when: kind.when, strike } });
  const engine = workspace.start(args, provider);
  const outcome = await engine.outcome;
  provider.stop();
  return { ...outcome, struck: provider.struck };
}

/**
 * What to do when an update was cut off, as docs/deploying.md says it:
 *
 * 1. where the stack is locked `pulumi cancel`, which takes away the lock of an engine that is no more;
 * 2. `pulumi refresh --clear-pending-creates`;
 * 3. where `pulumi preview --import-file FILE` wants to make a bucket, key, alias or role that is in the account
 *    already: `pulumi import --file FILE` with those four kinds of entries and their ids. Everything else is a setting,
 *    which can be made twice;
 * 4. the update again.
 *
 * With a file backend an engine that is killed can leave an empty `<stack>.json.attrs` beside the state, and every
 * command then says that it cannot load the checkpoint: that file is removed first. The state itself is whole.
 * @returns What had to be done beyond the update.
 */
export async function recover(
  workspace: Workspace,
  stack: string,
  update: readonly string[],
  { locks = false }: FaultKind,
): Promise<RecoveryStep[]> {
  const steps: RecoveryStep[] = locks ? await unlock(workspace, stack) : [];
  await workspace.succeed([
    "refresh",
    "--yes",
    "--skip-preview",
    "--clear-pending-creates",
    "--stack",
    stack,
  ]);
  if (update[0] !== "destroy" && (await adopt(workspace, stack))) steps.push("resources imported");
  await workspace.succeed(update);
  return steps;
}

/** Step 1. */
async function unlock(workspace: Workspace, stack: string): Promise<RecoveryStep[]> {
  const cancel = ["cancel", "--yes", "--stack", stack];
  const cancelled = await workspace.pulumi(cancel);
  if (!cancelled.text.includes("failed to load checkpoint: EOF")) {
    assert.equal(cancelled.code, 0, cancelled.text);
    return [];
  }
  rmSync(`${workspace.stateFile(stack)}.attrs`);
  await workspace.succeed(cancel);
  return ["empty attributes of the state removed"];
}

export type RecoveryStep = "empty attributes of the state removed" | "resources imported";

/** Step 3. */
async function adopt(workspace: Workspace, stack: string): Promise<boolean> {
  const unowned = thingsOutside(workspace, [stack]);
  const adoptable = unowned.filter(({ type }) => UNIQUE_TYPES.includes(type));
  // The preview would show that nothing of these four kinds is to be made.
  if (adoptable.length === 0) return false;
  await workspace.succeed(["preview", "--import-file", IMPORT_FILE, "--stack", stack]);
  const file = JSON.parse(readFileSync(join(workspace.directory, IMPORT_FILE), "utf8")) as ImportFile;
  const found = file.resources.flatMap((entry) => {
    const thing = adoptable.find(
      ({ type, accountId }) => type === entry.type && accountOf(entry) === accountId,
    );
    return thing === undefined ? [] : [{ ...entry, id: thing.id }];
  });
  const parents = file.resources.filter(
    (entry) => entry.component === true && found.some(({ parent }) => parent === entry.name),
  );
  // Written anew each time that it is read.
  writeFileSync(
    join(workspace.directory, IMPORT_FILE),
    JSON.stringify({ ...file, resources: [...parents, ...found] }),
  );
  await workspace.succeed([
    ...["import", "--yes", "--skip-preview", "--file", IMPORT_FILE],
    ...["--generate-code=false", "--stack", stack],
  ]);
  return true;
}

const IMPORT_FILE = "import.json";

/** Of these AWS makes a second one, or refuses to; of everything else there is one a bucket or role. */
const UNIQUE_TYPES = [BUCKET, KEY, ALIAS, ROLE];

interface ImportFile {
  readonly nameTable: Readonly<Record<string, string>>;
  readonly resources: readonly ImportEntry[];
}

interface ImportEntry {
  readonly type: string;
  readonly name: string;
  readonly provider?: string;
  readonly parent?: string;
  readonly component?: boolean;
}

/** The providers of the ready-made program are called after their side. */
function accountOf({ provider }: ImportEntry): string | undefined {
  return provider === undefined
    ? undefined
    : { source: "111111111111", destination: "222222222222" }[provider];
}

/** What is in the accounts and in no stack. Keys that wait for their deletion are on their way out. */
export function thingsOutside(workspace: Workspace, stacks: readonly string[]): Thing[] {
  const owned = new Set<string>();
  for (const stack of stacks) {
    const { resources } = workspace.deployment(stack);
    for (const { type, id } of resources) owned.add(`${type} ${id ?? ""}`);
  }
  const { accounts } = workspace;
  return accounts.things.filter(
    (thing) => !owned.has(`${thing.type} ${thing.id}`) && !accounts.isDeletedKey(thing),
  );
}
