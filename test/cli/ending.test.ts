import { deepStrictEqual, match, strictEqual } from "node:assert";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { cli, inDirectory, stackFiles } from "../support/cli";
import { DESTINATION, handMade } from "../support/handMade";

function withoutBucketPolicy(): Snapshot {
  const snapshot = handMade();
  const destination = snapshot.buckets[DESTINATION];
  if (destination === undefined) throw new Error(`there is no bucket '${DESTINATION}'`);
  return { ...snapshot, buckets: { ...snapshot.buckets, [DESTINATION]: { ...destination, policy: null } } };
}

describe("a command whose reader closes the pipe, as head does", () => {
  for (const [what, snapshot, expected] of [
    ["proven", handMade(), 0],
    ["broken", withoutBucketPolicy(), 1],
  ] as const) {
    it(`says nothing of it, and ends with the exit code of its verdict: ${what}`, () =>
      inDirectory({ "accounts.json": JSON.stringify(snapshot) }, async (directory) => {
        const args = ["rehearse", "--snapshot", join(directory, "accounts.json")];
        const { code, stderr } = await cli(args, {}, ({ stdout }) => stdout?.destroy());
        strictEqual(stderr, "");
        strictEqual(code, expected);
      }));
  }

  it("ends in silence where nobody reads its errors either", async () => {
    const { code } = await cli(["rehearse", "--no-such-option"], {}, ({ stderr }) => stderr?.destroy());
    strictEqual(code, 2);
  });
});

describe("a command that ends without a verdict", () => {
  const rehearseProgram = (program: string) =>
    inDirectory({ "Pulumi.yaml": "name: p\nruntime: nodejs\n", "index.js": program }, (directory) =>
      cli(["rehearse", "--program", directory, "--stack", "s", "--account", "111111111111"]),
    );

  for (const [what, program] of [
    ["ends the process as if all were well", "process.exit(0)"],
    ["ends the process as if replication were broken", "process.exit(1)"],
    ["waits for what never comes", "module.exports = () => new Promise(() => {})"],
  ] as const) {
    it(`says so, and exits with 2, where the program ${what}`, async () => {
      const { code, stdout, stderr } = await rehearseProgram(program);
      strictEqual(
        stderr,
        "ended before the work was done: the program ended the process, or waits for what never comes\n",
      );
      deepStrictEqual([code, stdout], [2, ""]);
    });
  }

  it("comes to its verdict and ends, where the program keeps something open", async () => {
    const { code, stdout } = await rehearseProgram("setInterval(() => {}, 1000)");
    match(stdout, /\nVerdict: unproven/);
    strictEqual(code, 3);
  });

  it("says so in one sentence, and exits with 2, where there is no directory for what is temporary", () =>
    inDirectory(stackFiles(), async (directory) => {
      const TMPDIR = join(directory, "none");
      const { code, stdout, stderr } = await cli(["rehearse", "--directory", directory], { TMPDIR });
      match(stderr, /^cannot go on: ENOENT: no such file or directory, .*none'\n$/);
      deepStrictEqual([code, stdout], [2, ""]);
    }));

  const full = existsSync("/dev/full") ? it : it.skip;
  full("says so, and exits with 2, where its output cannot be written", async () => {
    const { code, stderr } = await inDirectory({ "a.json": JSON.stringify(handMade()) }, (directory) =>
      cli(["rehearse", "--snapshot", join(directory, "a.json")], {}, undefined, openSync("/dev/full", "w")),
    );
    strictEqual(stderr, "the output cannot be written: ENOSPC: no space left on device, write\n");
    strictEqual(code, 2);
  });

  full("leaves alone what it would have to read without end to know it for a report", async () => {
    const { code, stderr } = await inDirectory({ "a.json": JSON.stringify(handMade()) }, (directory) =>
      cli(["rehearse", "--snapshot", join(directory, "a.json"), "--html", "/dev/full"]),
    );
    match(
      stderr,
      /^--html: must be a new file or an earlier report, got '\/dev\/full', which is something else/,
    );
    strictEqual(code, 2);
  });
});

describe("a gate whose step has no place for its summary", () => {
  it("says so, and keeps its annotations and its verdict", () =>
    inDirectory({ "a.json": JSON.stringify(withoutBucketPolicy()) }, async (directory) => {
      const args = ["rehearse", "--snapshot", join(directory, "a.json"), "--format", "github"];
      const { code, stdout, stderr } = await cli(args, { GITHUB_STEP_SUMMARY: directory });
      match(stderr, /^warning: the summary of the step \(GITHUB_STEP_SUMMARY\) cannot be written: EISDIR/);
      match(stdout, /^::error /);
      strictEqual(code, 1);
    }));
});

describe("a command without credentials", () => {
  it("says how to give some", async () => {
    const env = {
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    };
    const { code, stderr } = await cli(["status", "acme-data"], env);
    match(stderr, /^no access to the source account .*; set AWS_PROFILE, or name a profile with an option/);
    strictEqual(code, 2);
  });
});

describe("a Region in the environment that is set to nothing", () => {
  it("is none", async () => {
    const env = {
      AWS_REGION: "",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
    const { code, stderr } = await cli(["status", "acme-data"], env);
    match(stderr, /^no access to the source account .*ECONNREFUSED/);
    strictEqual(code, 2);
  });
});
