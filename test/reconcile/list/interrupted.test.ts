/** Runs of the list engine that end before their end, and what goes on from there. */
import { strict as assert } from "node:assert";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReconcileResult } from "../../../src/reconcile/result";
import { cli, type Result } from "../../support/cli";
import { DESTINATION, DESTINATION_ACCOUNT, planted, SOURCE } from "../support/buckets";
import { S3StandIn } from "../support/s3StandIn";

describe("reconcile with the list engine that does not come to its end", function () {
  this.timeout(120_000);

  const { buckets, fates } = planted(6_000);
  let standIn: S3StandIn;
  let directory: string;
  let state: string;

  before(async () => {
    standIn = await S3StandIn.start({
      ...buckets,
      "acme-desk": { accountId: "111111111111", versions: [] },
    });
  });
  after(() => standIn.stop());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "reconcile-"));
    state = join(directory, "state");
    standIn.log.length = 0;
    standIn.disturb = () => undefined;
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function run(options: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Result> {
    const role = ["--destination-role-arn", `arn:aws:iam::${DESTINATION_ACCOUNT}:role/entrance`];
    const args = ["reconcile", SOURCE, ...role, "--no-explain", "--json", ...options];
    return cli(args, standIn.environment, onStart);
  }

  /** Ends a run by one SIGINT at the first request that is of some kind: a second one would end it at once. */
  function stopAt(isIt: (what: string) => boolean): (child: ChildProcess) => void {
    return (child) => {
      const closed = new Promise((resolve) => child.once("close", resolve));
      let isStopped = false;
      standIn.disturb = async (_, what) => {
        if (!isIt(what)) return undefined;
        if (!isStopped) child.kill("SIGINT");
        isStopped = true;
        await closed;
        return "drop";
      };
    };
  }

  const isLook = (what: string) => /^HEAD acme-(data|copies) ./.test(what) && !what.endsWith(" ");
  const isListing = (what: string) => /^GET \S+ (versions|encoding-type)$/.test(what);
  const resultOf = ({ stdout }: Result) => JSON.parse(stdout) as ReconcileResult;
  const linesOf = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n").sort();

  it("ends with it where one of many listings fails for good", async () => {
    let refused = 0;
    standIn.disturb = (_, what) => {
      const isOne = isListing(what) && what.includes(DESTINATION) && (refused += 1) === 3;
      return isOne ? { status: 403, code: "AccessDenied" } : undefined;
    };
    const { code, stderr } = await run([]);
    assert.ok(refused >= 3, standIn.log.slice(0, 20).join("\n"));
    assert.deepEqual([code, /needs s3:ListBucketVersions on it/.test(stderr)], [2, true], stderr);
  });

  it("lists what is missing as a whole where only the run that goes on is asked for lists", async () => {
    const stopped = await run(["--resume", state, "--head-limit", "10000"], stopAt(isSampled));
    assert.deepEqual([stopped.code, existsSync(state)], [130, true], stopped.stderr);
    standIn.disturb = () => undefined;
    standIn.log.length = 0;
    const list = join(directory, "missing.csv");
    const result = await run(["--resume", state, "--head-limit", "10000", "--manifest", list]);
    assert.equal(result.code, 1, result.stderr);
    // Everything was listed before.
    assert.deepEqual(standIn.log.filter(isListing), []);
    assert.equal(linesOf(join(directory, "missing.failed.csv")).length, fates.get("FAILED"));
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.startsWith("state")),
      [],
    );
  });

  /** The sample is looked at in the end, at the destination too. */
  const isSampled = (what: string) => isLook(what) && what.startsWith(`HEAD ${DESTINATION}`);

  it("keeps its state where the lists could not be written, so that the same command writes them", async () => {
    const options = ["--resume", state, "--manifest", "s3://acme-desk/missing.csv"];
    const refused = await run(options);
    assert.match(
      resultOf(refused).notes.join(),
      /were not written \(the same command writes them, and lists nothing again\): cannot put the list s3:/,
    );
    assert.ok(existsSync(state));
    const list = join(directory, "missing.csv");
    const { manifests } = resultOf(await run(["--resume", state, "--manifest", list]));
    assert.ok(
      manifests.some(({ cause, versions }) => cause === "failed" && versions === fates.get("FAILED")),
    );
    assert.ok(!existsSync(state));
  });

  it("does not go on without the list that belongs to its state, and leaves no list beside what it refuses", async () => {
    await run(["--resume", state], stopAt(isSampled));
    rmSync(`${state}.missed`);
    standIn.disturb = () => undefined;
    const { code, stderr } = await run(["--resume", state]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^--resume: must have its list beside it, got '.*state\.missed', which is shorter than it was; delete both/,
    );
    const other = await run(["--resume", state, "--prefix", "documents/"]);
    assert.match(other.stderr, /must be of the same --prefix as this run/);
    assert.deepEqual(readdirSync(directory), ["state"]);
  });

  it("tells a state of another version of the command from other files, and leaves both as they are", async () => {
    const refusals = [
      [
        '{"format":"s3-replication reconcile --resume, 1"}',
        /which another version wrote; delete it to begin anew$/m,
      ],
      ['{"format":"notes"}', /which is something else and is left as it is$/m],
    ] as const;
    for (const [text, message] of refusals) {
      writeFileSync(state, text);
      const { code, stderr } = await run(["--resume", state]);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.deepEqual([readFileSync(state, "utf8"), readdirSync(directory)], [text, ["state"]]);
    }
  });
});
