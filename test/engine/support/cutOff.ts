/**
 * What becomes of the accounts when something goes wrong at any of the requests of an update. S3_REPLICATION_FAULTS says
 * how many of them are tried: `all`, or a number n for every nth.
 */
import assert from "node:assert/strict";
import { KEY, type Thing } from "../provider/resourceTypes";
import { accountsAsText, awsResources } from "./comparison";
import { type FaultKind, recover, REPORTED_ERROR, runWithFault, thingsOutside } from "./faults";
import { bothSides } from "./pair";
import { Workspace } from "./workspace";

export const STACK = "both";
export const UP = ["up", "--yes", "--skip-preview", "--stack", STACK];
export const DESTROY = ["destroy", "--yes", "--skip-preview", "--stack", STACK];

/** Alarms are many and alike: without them every request is still of another kind. */
const MONITORING = { alarms: false };

export const BEFORE = bothSides({ protect: false }, { protect: false, monitoring: MONITORING });
export const AFTER = bothSides(
  {
    protect: false,
    tags: { team: "storage" },
    sources: [
      { accountId: "111111111111", deleteMarkerReplication: true },
      { accountId: "111111111111", roleName: "second-role" },
    ],
  },
  {
    protect: false,
    monitoring: MONITORING,
    tags: { team: "storage" },
    rules: [{ id: "documents", prefix: "papers/", deleteMarkerReplication: true }, { id: "everything-else" }],
  },
);

/** Every nth request gets a fault. */
const STEP = Number(process.env.S3_REPLICATION_FAULTS?.replace("all", "1") ?? 1);

/**
 * After so many faults a preview is asked too: it must see that something is left to do, and after the recovery that
 * nothing is. Otherwise accounts and state are compared, which takes no time.
 */
const PREVIEW_EVERY = 10;

const noFaults = () => ({
  injected: 0,
  survived: 0,
  orphans: [] as string[],
  steps: { "empty attributes of the state removed": 0, "resources imported": 0 },
});

/** Of the scenario that runs. */
const tally = noFaults();

/** A kind of update that is cut off: where it starts, and what it comes to when nothing goes wrong. */
export interface Scenario {
  readonly title: string;
  readonly command: readonly string[];
  readonly kinds: readonly FaultKind[];
  /** A workspace from which every fault gets a copy. */
  readonly start: () => Promise<Workspace>;
}

/** A workspace whose stack holds nothing yet. */
export async function emptyStack(): Promise<Workspace> {
  const workspace = Workspace.ofRepository();
  workspace.configure(STACK, BEFORE);
  await workspace.initialise(STACK);
  return workspace;
}

/** A workspace whose stack is deployed. */
export async function deployedStack(): Promise<Workspace> {
  const workspace = await emptyStack();
  await workspace.succeed(UP);
  return workspace;
}

export function describeScenario({ title, command, kinds, start }: Scenario): void {
  describe(`when ${title} is cut off`, () => {
    let template: Workspace;
    let requests = 0;
    let reference = "";

    before(async () => {
      template = await start();
      const workspace = template.copy();
      const run = await workspace.succeed(command);
      requests = run.provider.requests.length;
      reference = accounted(workspace);
      workspace.remove();
    });

    after(() => {
      const steps = Object.entries(tally.steps).map(([step, times]) => `${step} ${times} times`);
      console.log(
        `    ${title}: ${tally.injected} faults were injected, ${tally.survived} survived (${steps.join(", ")}); ${tally.orphans.length} orphans${tally.orphans.map((orphan) => `\n      ${orphan}`).join("")}`,
      );
      Object.assign(tally, noFaults());
    });

    for (const kind of kinds) {
      const isReported = kind === REPORTED_ERROR;
      const mended = isReported ? "the same command again" : "the recovery";
      it(`${mended} brings both accounts to where they should be, wherever ${kind.name}`, async function () {
        this.timeout(30 * 60_000);
        for (let at = 1; at <= requests; at += STEP) {
          const workspace = template.copy();
          const cut = await runWithFault(workspace, command, kind, at);
          const where = `${kind.name} at request ${at} of ${requests}`;
          assert.ok(cut.struck && cut.code !== 0, `${where}: no fault\n${cut.text}`);
          tally.injected += 1;
          const asksPreview = tally.injected % PREVIEW_EVERY === 0 && command === UP;
          const preview = ["preview", "--expect-no-changes", "--stack", STACK];
          if (asksPreview && kind.locks !== true) await workspace.fail(preview);
          if (isReported) await workspace.succeed(command);
          else for (const step of await recover(workspace, STACK, command, kind)) tally.steps[step] += 1;
          assert.equal(accounted(workspace), reference, where);
          if (asksPreview) await workspace.succeed(preview);
          tally.survived += 1;
          workspace.remove();
        }
      });
    }
  });
}

/**
 * The accounts after a recovery, as a text. Whatever is in the accounts is in the stack, once; what is not, holds no data
 * and is named.
 */
export function accounted(workspace: Workspace): string {
  const state = workspace.deployment(STACK);
  assert.deepEqual(state.pendingOperations, []);
  const orphans = thingsOutside(workspace, [STACK]);
  assertHoldNoData(workspace, orphans);
  tally.orphans.push(...orphans.map(({ id, inputs }) => `key ${id} '${String(inputs.description)}'`));
  const present = workspace.accounts.things.filter((thing) => !workspace.accounts.isDeletedKey(thing));
  const names = awsResources(state).map(({ type, id }) => `${type} ${id ?? ""}`);
  assert.equal(new Set(names).size, names.length, "a resource is in the state twice");
  assert.equal(
    present.length - orphans.length,
    names.length,
    "the state has something that is in no account",
  );
  return accountsAsText(workspace, state, orphans);
}

export function assertHoldNoData(workspace: Workspace, orphans: readonly Thing[]): void {
  const { buckets } = workspace.accounts.snapshot;
  for (const { type, id, inputs, outputs } of orphans) {
    assert.equal(type, KEY, `${type} ${id} belongs to no stack`);
    assert.ok(Object.values(buckets).every(({ encryption }) => encryption?.keyArn !== outputs.arn));
    assert.match(String(inputs.description), /acme-(data|archive)/);
  }
}
