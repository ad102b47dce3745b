/** The command against a server that answers as S3 does: many versions, disturbed calls, interrupted runs. */
import { strict as assert } from "node:assert";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { setTimeout as rest } from "node:timers/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReconcileResult } from "../../../src/reconcile/result";
import { cli, type Result, width } from "../../support/cli";
import { DESTINATION_ACCOUNT, type Fate, planted, SOURCE } from "../support/buckets";
import { S3StandIn } from "../support/s3StandIn";

const COUNT = 20_000;

describe("reconcile with the list engine, over HTTP", () => {
  const { buckets, fates } = planted(COUNT);
  let standIn: S3StandIn;
  let directory: string;

  before(async () => {
    standIn = await S3StandIn.start(buckets);
    directory = mkdtempSync(join(tmpdir(), "reconcile-"));
  });
  beforeEach(() => {
    standIn.disturb = () => undefined;
  });
  after(async () => {
    await standIn.stop();
    rmSync(directory, { recursive: true });
  });

  function run(options: readonly string[], onStart?: Parameters<typeof cli>[2]): Promise<Result> {
    return cli(
      [
        "reconcile",
        SOURCE,
        ...["--destination-role-arn", `arn:aws:iam::${DESTINATION_ACCOUNT}:role/entrance`],
        "--no-explain",
        ...options,
      ],
      standIn.environment,
      onStart,
    );
  }

  /** The result without what the time of the run decides. */
  function comparable({ stdout }: Result) {
    const { destinations, held, verdict, versions, bytes } = JSON.parse(stdout) as ReconcileResult;
    return { destinations: destinations.map(({ counts }) => counts), held, verdict, versions, bytes };
  }

  function causes({ stdout }: Result): Record<string, number> {
    const { destinations } = JSON.parse(stdout) as ReconcileResult;
    const counts = destinations.flatMap(({ counts }) => counts);
    return Object.fromEntries(counts.map(({ cause, versions }) => [cause, versions]));
  }

  const expected = () => {
    const of = (fate: Fate | "MARKER") => fates.get(fate) ?? 0;
    return {
      "in-place": of("PLACE") + of("MARKER"),
      failed: of("FAILED"),
      pending: of("PENDING"),
      "never-tried": of("NONE"),
      gone: of("GONE"),
      "wrong-size": of("SIZE"),
    };
  };

  it("tells each of 20,000 versions, delete markers and keys that need encoding between them", async () => {
    const result = await run(["--json"]);
    assert.equal(result.code, 1, result.stderr);
    assert.deepEqual(causes(result), expected());
    const { held, versions } = comparable(result);
    assert.equal(versions, COUNT);
    assert.deepEqual(
      held.map(({ status, versions }) => [status, versions]),
      [
        ["FAILED", fates.get("FAILED")],
        ["PENDING", fates.get("PENDING")],
      ],
    );
  });

  it("prints it in 80 columns, with no control character of a key", async () => {
    const { stdout } = await run([]);
    assert.ok(width(stdout) <= 80);
    assert.match(stdout, /\nReconciled: incomplete \(/);

    assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f]/);
  });

  it("tells the same where every third call is throttled, fails, or breaks off", async () => {
    const calm = await run(["--json"]);
    const kinds = [
      { status: 503, code: "SlowDown" },
      "drop",
      "half",
      { status: 500, code: "InternalError" },
    ] as const;
    let disturbed = 0;
    standIn.disturb = (number) => (number % 3 === 0 ? kinds[(disturbed += 1) % kinds.length] : undefined);
    const result = await run(["--json"]);
    assert.equal(result.code, 1, result.stderr);
    assert.ok(disturbed > 50);
    assert.deepEqual(comparable(result), comparable(calm));
  });

  it("tells the same after it was killed at any moment and went on, and lists each version once", async function () {
    this.timeout(600_000);
    const calmFile = join(directory, "calm.csv");
    const calm = await run(["--json", "--manifest", calmFile]);
    const state = join(directory, "state");
    const list = join(directory, "killed.csv");
    const options = ["--json", "--resume", state, "--manifest", list];
    const requestsOfRun = standIn.requests;
    let slowed = 0;
    standIn.disturb = async () => {
      await rest(250);
      slowed += 1;
      return undefined;
    };
    let goneOn = 0;
    let result: Result | undefined;
    for (const signal of ["SIGKILL", "SIGINT", "SIGKILL", "SIGTERM", undefined] as const) {
      if (existsSync(state)) goneOn += 1;
      result = await run(options, (child) => {
        if (signal === undefined) standIn.disturb = () => undefined;
        else void whenChanged(state, child).then(() => child.kill(signal));
      });
      // A fast machine may come to the end before the last signals.
      if (signal !== undefined && result.code === 1) break;
    }
    assert.ok(requestsOfRun > 0 && slowed > 0);
    assert.ok(goneOn >= 1, "no run went on where a killed one stopped");
    assert.deepEqual(comparable(result!), comparable(calm));
    assert.ok(!existsSync(state) && !existsSync(`${state}.missed`));
    const sorted = (file: string) => readFileSync(file, "utf8").split("\n").sort();
    for (const cause of ["failed", "never-tried", "gone", "wrong-size"]) {
      assert.deepEqual(
        sorted(join(directory, `killed.${cause}.csv`)),
        sorted(join(directory, `calm.${cause}.csv`)),
      );
    }
  });

  /** Some time after the state was written, so that what came since is lost. */
  async function whenChanged(file: string, child: ChildProcess): Promise<void> {
    const time = () => (existsSync(file) ? statSync(file).mtimeMs : 0);
    const before = time();
    while (time() === before && child.exitCode === null) await rest(20);
    await rest(Math.random() * 1_000);
  }

  it("leaves a file alone that is no state of its own, or of another run", async () => {
    const other = await run(["--resume", join(directory, "calm.failed.csv")]);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /--resume: must be a new file, or one that an interrupted reconcile wrote/);
  });
});
