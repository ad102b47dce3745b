import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rehearse } from "../../src/rehearsal/rehearse";
import { cli } from "../support/cli";
import { snapshotOf } from "../support/examples";

const FILE = join(__dirname, "..", "..", "docs", "disaster-recovery.md");
const PAGE = readFileSync(FILE, "utf8");

/** Lines of the page's shell blocks, with lines that go on put together. */
const LINES = [...PAGE.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, , block = ""]) =>
  block
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== ""),
);

/** Our commands, without what a shell does with their output. */
const OURS = LINES.filter((line) => line.startsWith("s3-replication ")).map((line) =>
  line.replace(/ >.*$/, "").split(" ").slice(1),
);

/** Commands of the command line; the page has no others. */
const COMMANDS = ["rehearse", "doctor", "verify", "backfill", "status"];

describe("the page on disaster recovery", () => {
  it("has commands of ours and of AWS only, and all of ours", () => {
    deepStrictEqual(
      LINES.filter((line) => !/^(s3-replication|aws s3|aws s3api|aws s3control|date) /.test(line)),
      [],
    );
    deepStrictEqual([...new Set(OURS.map(([command = ""]) => command))].sort(), [...COMMANDS].sort());
  });

  for (const command of COMMANDS) {
    it(`gives '${command}' options that it has`, async function () {
      const { stdout } = await cli([command, "--help"]);
      // Until every command is there.
      if (!stdout.startsWith(`Usage: s3-replication ${command} `)) return this.skip();
      const used = OURS.filter(([name]) => name === command).flatMap((args) =>
        args.filter((arg) => arg.startsWith("--")),
      );
      const has = new Set(stdout.match(/--[a-z-]+/g));
      deepStrictEqual(
        used.filter((option) => !has.has(option)),
        [],
      );
    });
  }

  it("rehearses what it says is rehearsed: both directions are proven", async () => {
    const rehearsals = OURS.filter(([command]) => command === "rehearse");
    ok(rehearsals.length > 0);
    for (const args of rehearsals) {
      const { code, stdout } = await cli(args);
      strictEqual(code, 0, stdout);
      match(stdout, /^Verdict: proven/m);
    }
    const { objects } = rehearse(await snapshotOf("two-way"));
    for (const [bucket, replica] of [
      ["two-way-east", "two-way-west"],
      ["two-way-west", "two-way-east"],
    ]) {
      const written = objects.filter((object) => object.bucket === `arn:aws:s3:::${bucket}`);
      const arrived = written.filter(
        ({ outcome, destination }) => outcome === "COMPLETED" && destination === `arn:aws:s3:::${replica}`,
      );
      ok(arrived.length > 0, `nothing goes from ${bucket} to ${replica}`);
      // What is deleted on the replica is to be deleted here too.
      ok(
        arrived.some(({ replica: copy }) => copy?.deleteMarker === true),
        `no delete markers from ${bucket}`,
      );
    }
  });

  it("names the buckets of the example that it is about", async () => {
    const { buckets } = await snapshotOf("two-way");
    for (const arn of Object.keys(buckets)) ok(PAGE.includes(arn.split(":").at(-1)!), arn);
  });

  it("links to files that are there", () => {
    const links = [...PAGE.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) => target);
    deepStrictEqual(
      links.filter((target) => !existsSync(join(dirname(FILE), target))),
      [],
    );
    ok(links.length > 0);
  });
});
