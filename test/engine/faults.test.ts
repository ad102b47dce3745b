/**
 * What becomes of the accounts when something goes wrong at any of the requests of an update. S3_REPLICATION_FAULTS says
 * how many of them are tried: `all`, or a number n for every nth.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { KEY, type Thing } from "./provider/resourceTypes";
import type { AwsRequest } from "./provider/standIn";
import { accountsAsText, awsResources } from "./support/comparison";
import {
  CUT_OFF,
  type FaultKind,
  LOST_ANSWER,
  recover,
  REPORTED_ERROR,
  runWithFault,
  thingsOutside,
} from "./support/faults";
import { bothSides } from "./support/pair";
import { Workspace } from "./support/workspace";

const STACK = "both";
const UP = ["up", "--yes", "--skip-preview", "--stack", STACK];
const DESTROY = ["destroy", "--yes", "--skip-preview", "--stack", STACK];

/** Alarms are many and alike: without them every request is still of another kind. */
const MONITORING = { alarms: false };

const BEFORE = bothSides({ protect: false }, { protect: false, monitoring: MONITORING });
const AFTER = bothSides(
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

const tally = {
  injected: 0,
  survived: 0,
  orphans: [] as string[],
  steps: { "empty attributes of the state removed": 0, "resources imported": 0 },
};

/** A kind of update that is cut off: where it starts, and what it comes to when nothing goes wrong. */
interface Scenario {
  readonly title: string;
  readonly command: readonly string[];
  readonly kinds: readonly FaultKind[];
  readonly start: () => Promise<Workspace>;
}

let emptyStack: Workspace;
let deployed: Workspace;

const SCENARIOS: readonly Scenario[] = [
  {
    title: "a first deployment of both accounts",
    command: UP,
    kinds: [REPORTED_ERROR, ...CUT_OFF],
    start: () => Promise.resolve(emptyStack.copy()),
  },
  {
    title: "an update of rules, grants and tags",
    command: UP,
    kinds: [REPORTED_ERROR, ...CUT_OFF],
    start: () => {
      const workspace = deployed.copy();
      workspace.configure(STACK, AFTER);
      return Promise.resolve(workspace);
    },
  },
  {
    title: "the removal of both accounts' resources",
    command: DESTROY,
    kinds: [REPORTED_ERROR, LOST_ANSWER],
    start: () => Promise.resolve(deployed.copy()),
  },
];

describe("when an update is cut off", () => {
  before(async () => {
    emptyStack = Workspace.ofRepository();
    emptyStack.configure(STACK, BEFORE);
    await emptyStack.initialise(STACK);
    deployed = emptyStack.copy();
    await deployed.succeed(UP);
  });

  after(() => {
    const steps = Object.entries(tally.steps).map(([step, times]) => `${step} ${times} times`);
    console.log(
      `    ${tally.injected} faults were injected, ${tally.survived} survived (${steps.join(", ")}); ${tally.orphans.length} orphans${tally.orphans.map((orphan) => `\n      ${orphan}`).join("")}`,
    );
  });

  for (const scenario of SCENARIOS) {
    describe(`in ${scenario.title}`, () => {
      let requests = 0;
      let reference = "";

      before(async () => {
        const workspace = await scenario.start();
        const run = await workspace.succeed(scenario.command);
        requests = run.provider.requests.length;
        reference = accounted(workspace);
        workspace.remove();
      });

      for (const kind of scenario.kinds) {
        const isReported = kind === REPORTED_ERROR;
        const mended = isReported ? "the same command again" : "the recovery";
        it(`${mended} brings both accounts to where they should be, wherever ${kind.name}`, async function () {
          this.timeout(30 * 60_000);
          for (let at = 1; at <= requests; at += STEP) {
            const workspace = await scenario.start();
            const cut = await runWithFault(workspace, scenario.command, kind, at);
            const where = `${kind.name} at request ${at} of ${requests}`;
            assert.ok(cut.struck && cut.code !== 0, `${where}: no fault\n${cut.text}`);
            tally.injected += 1;
            const asksPreview = tally.injected % PREVIEW_EVERY === 0 && scenario.command === UP;
            const preview = ["preview", "--expect-no-changes", "--stack", STACK];
            if (asksPreview && kind.locks !== true) await workspace.fail(preview);
            if (isReported) await workspace.succeed(scenario.command);
            else for (const step of await recover(workspace, STACK, scenario.command)) tally.steps[step] += 1;
            assert.equal(accounted(workspace), reference, where);
            if (asksPreview) await workspace.succeed(preview);
            tally.survived += 1;
            workspace.remove();
          }
        });
      }
    });
  }

  it("the recovery also gets by with a state whose attributes a killed engine left empty", async () => {
    const workspace = emptyStack.copy();
    const [, , , killed] = CUT_OFF;
    assert.ok(killed !== undefined);
    await runWithFault(workspace, UP, killed, 5);
    writeFileSync(`${workspace.stateFile(STACK)}.attrs`, "");
    const steps = await recover(workspace, STACK, UP);
    assert.ok(steps.includes("empty attributes of the state removed"));
    accounted(workspace);
  });

  it("without the recovery a lost key is made a second time: the first is an orphan, which no bucket uses and whose description names the bucket that it was for", async () => {
    const workspace = emptyStack.copy();
    const isKey = ({ kind, subject }: AwsRequest) =>
      kind === "create" && subject.includes("$aws:kms/key:Key::");
    await runWithFault(workspace, UP, LOST_ANSWER, isKey);
    await workspace.pulumi(UP);
    const orphans = thingsOutside(workspace, [STACK]).filter(({ type }) => type === KEY);
    assert.equal(orphans.length, 1);
    assertHoldNoData(workspace, orphans);
  });
});

/**
 * The accounts after a recovery, as a text. Whatever is in the accounts is in the stack, once; what is not, holds no data
 * and is named.
 */
function accounted(workspace: Workspace): string {
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

function assertHoldNoData(workspace: Workspace, orphans: readonly Thing[]): void {
  const { buckets } = workspace.accounts.snapshot;
  for (const { type, id, inputs, outputs } of orphans) {
    assert.equal(type, KEY, `${type} ${id} belongs to no stack`);
    assert.ok(Object.values(buckets).every(({ encryption }) => encryption?.keyArn !== outputs.arn));
    assert.match(String(inputs.description), /acme-(data|archive)/);
  }
}
