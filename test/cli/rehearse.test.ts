import { deepStrictEqual, match, strictEqual } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../src/rehearsal/report/report";
import { cli, CONTROL, inDirectory, type Result, stackFiles, width } from "../support/cli";
import { EXAMPLES } from "../support/examples";

/** What `--json` prints, as far as these tests read it. */
interface Printed extends Report {
  accounts: {
    accountId: string;
    buckets: { arn: string }[];
    resources: { stack: string; type: string; name: string }[];
  }[];
  permissions: { action: string; resource: string; decision: string; statements: string[] }[];
}

describe("s3-replication rehearse --example", () => {
  const results = new Map<string, Result>();
  before(async function () {
    this.timeout(120_000);
    // Two at a time, for as many processors.
    for (let i = 0; i < EXAMPLES.length; i += 2) {
      const pair = EXAMPLES.slice(i, i + 2);
      const done = await Promise.all(pair.map((name) => cli(["rehearse", "--example", name])));
      pair.forEach((name, index) => results.set(name, done[index] as Result));
    }
  });

  for (const example of EXAMPLES) {
    it(`${example} is proven, in 80 columns, without colours in a pipe`, () => {
      const { code, stdout, stderr } = results.get(example) as Result;
      deepStrictEqual([code, stderr], [0, ""]);
      match(stdout, /^Verdict: proven \(/m);
      strictEqual(width(stdout) <= 80, true, `a line has ${width(stdout)} characters`);
      strictEqual(CONTROL.test(stdout), false);
    });
  }
});

describe("s3-replication rehearse", () => {
  it("shows both accounts, the objects with their outcomes, and the permission table", async () => {
    const { stdout } = await inDirectory(stackFiles(), (directory) =>
      cli(["rehearse", "--directory", directory]),
    );
    for (const expected of [
      /^Account 222222222222 gets \d+ resources \(stack destination\)$/m,
      /^Account 111111111111 gets \d+ resources \(stack source\)$/m,
      /^ {2}rule {3}everything: all keys, to cli-replicas, SSE-KMS, owner override$/m,
      /^ {2}plain +SSE-S3 +✓ COMPLETED$/m,
      /^ {2}tagged +SSE-S3, tagged +✓ COMPLETED$/m,
      /^ {2}kms +SSE-KMS, without Bucket Key +✓ COMPLETED$/m,
      /^ {2}kms-bucket-key +SSE-KMS, with Bucket Key +✓ COMPLETED$/m,
      /^ {2}deleted +delete marker +- NOT REPLICATED$/m,
      /^ {2}deleted: the rule does not replicate delete markers$/m,
      /^ {2}✓ s3:ReplicateObject +bucket policy: ReplicateFrom111111111111$/m,
      /^Verdict: proven \(5 replicated, 1 left alone, as the rules say\)$/m,
    ]) {
      match(stdout, expected);
    }
  });

  it("is of the two stacks of this repository where nothing else is named in it", async () => {
    const { code, stdout } = await cli(["rehearse"]);
    strictEqual(code, 0);
    match(stdout, /^ {2}bucket acme-archive in eu-west-1: /m);
    match(stdout, /^Verdict: proven \(/m);
  });

  it("prints one JSON document with --json", async () => {
    const { code, stdout, stderr } = await inDirectory(stackFiles(), (directory) =>
      cli(["rehearse", "--directory", directory, "--json"]),
    );
    deepStrictEqual([code, stderr], [0, ""]);
    const printed = JSON.parse(stdout) as Printed;
    strictEqual(printed.verdict, "proven");
    deepStrictEqual(
      printed.objects.map(({ key, outcome }) => [key, outcome]),
      [
        ["plain", "COMPLETED"],
        ["tagged", "COMPLETED"],
        ["kms", "COMPLETED"],
        ["kms-bucket-key", "COMPLETED"],
        ["annotated", "COMPLETED"],
        ["deleted", "NOT_REPLICATED"],
      ],
    );
    deepStrictEqual(
      printed.accounts.map(({ accountId, buckets }) => [accountId, buckets.map(({ arn }) => arn)]),
      [
        ["222222222222", ["arn:aws:s3:::cli-replicas"]],
        ["111111111111", ["arn:aws:s3:::cli-objects"]],
      ],
    );
    const { resources } = printed.accounts[1] ?? { resources: [] };
    strictEqual(
      resources.some(({ stack, name }) => stack === "source" && name === "source-replication"),
      true,
    );
    const permission = printed.permissions.find(({ action }) => action === "s3:ReplicateObject");
    deepStrictEqual(
      [permission?.resource, permission?.decision, permission?.statements],
      [
        "arn:aws:s3:::cli-replicas/*",
        "allowed",
        ["destination bucket policy: ReplicateFrom111111111111", "role policy 's3': WriteReplicas"],
      ],
    );
  });

  it("writes no colours in a pipe, in a pipeline of CI either", async () => {
    const { stdout } = await inDirectory(stackFiles(), (directory) =>
      cli(["rehearse", "--directory", directory], { CI: "true" }),
    );
    strictEqual(CONTROL.test(stdout), false);
  });

  it("fits 80 columns with the longest names", async () => {
    const roleName = "r".repeat(64);
    const rolePath = `/${"p".repeat(200)}/`;
    const files = stackFiles(
      { bucketName: "d".repeat(63), sources: [{ accountId: "111111111111", roleName, rolePath }] },
      {
        bucketName: "s".repeat(63),
        roleName,
        rolePath,
        rules: [{ id: "i".repeat(255), prefix: "x".repeat(300) }],
      },
    );
    const { stdout, stderr } = await inDirectory(files, (directory) =>
      cli(["rehearse", "--directory", directory]),
    );
    strictEqual(stderr, "");
    strictEqual(width(stdout) <= 80, true, `a line has ${width(stdout)} characters`);
  });

  it("prints no control characters of names as they are", async () => {
    const rules = [{ id: "a\u001b[31mb\u009b", prefix: "p\u001b]0;x\u0007/" }];
    const { code, stdout } = await inDirectory(stackFiles({}, { rules }), (directory) =>
      cli(["rehearse", "--directory", directory]),
    );
    strictEqual(code, 0);
    strictEqual(CONTROL.test(stdout), false);
    match(stdout, /rule a\\u001b\[31mb/);
  });

  it("passes over the file of a stack that was made and not configured, and names it", () =>
    inDirectory({ ...stackFiles(), "Pulumi.pair.yaml": "encryptionsalt: v1:x\n" }, async (directory) => {
      const { code, stdout, stderr } = await cli(["rehearse", "--directory", directory]);
      match(stdout, /^Verdict: proven/m);
      deepStrictEqual(
        [code, stderr],
        [0, "warning: Pulumi.pair.yaml is passed over: it has no key of 's3-replication' in its 'config'\n"],
      );
    }));

  it("says where it has looked for a source, where only a destination is there", () => {
    const { "Pulumi.destination.yaml": destination = "" } = stackFiles();
    return inDirectory({ "Pulumi.destination.yaml": destination }, async (directory) => {
      const { code, stderr } = await cli(["rehearse", "--directory", directory]);
      strictEqual(code, 3);
      match(
        stderr,
        /^warning: nothing is replicated by the stacks of .+ \(destination\): no Pulumi\.<stack>\.yaml/m,
      );
      match(stderr, new RegExp(`${directory} \\(destination\\)`));
    });
  });

  it("explains itself with --help, in 80 columns", async () => {
    const { code, stdout } = await cli(["rehearse", "--help"]);
    strictEqual(code, 0);
    match(stdout, /Exit codes: 0 proven, 1 broken, 2 bad input or usage, 3 unproven/);
    strictEqual(width(stdout) <= 80, true, `a line has ${width(stdout)} characters`);
  });
});

describe("s3-replication rehearse with snapshot files", () => {
  it("writes one, reads it again to the same report, and never overwrites it", () =>
    inDirectory(stackFiles(), async (directory) => {
      const file = join(directory, "accounts.json");
      const first = await cli(["rehearse", "--directory", directory, "--json", "--write-snapshot", file]);
      strictEqual(first.code, 0, first.stderr);
      const written = readFileSync(file, "utf8");
      deepStrictEqual(Object.keys(JSON.parse(written) as object).sort(), ["accounts", "buckets", "keys"]);

      const again = await cli(["rehearse", "--directory", directory, "--write-snapshot", file]);
      deepStrictEqual([again.code, again.stdout], [2, ""]);
      strictEqual(
        again.stderr,
        `--write-snapshot: must be a new file, got '${file}', which exists already and is left as it is\n`,
      );
      strictEqual(readFileSync(file, "utf8"), written);
    }));

  it("reads the accounts from one instead of stack files", () =>
    inDirectory(stackFiles(), async (directory) => {
      const file = join(directory, "accounts.json");
      const first = await cli(["rehearse", "--directory", directory, "--json", "--write-snapshot", file]);
      const second = await cli(["rehearse", "--json", "--snapshot", file]);
      strictEqual(second.code, 0, second.stderr);
      const objects = (text: string) => (JSON.parse(text) as Printed).objects;
      deepStrictEqual(objects(second.stdout), objects(first.stdout));
    }));

  it("says broken with exit code 1 of a snapshot in which a statement is missing", () =>
    inDirectory(stackFiles(), async (directory) => {
      const file = join(directory, "accounts.json");
      await cli(["rehearse", "--directory", directory, "--write-snapshot", file]);
      const broken = readFileSync(file, "utf8").replace('"sts:AssumeRole"', '"sts:TagSession"');
      await inDirectory({ "broken.json": broken }, async (other) => {
        const { code, stdout } = await cli(["rehearse", "--snapshot", join(other, "broken.json")]);
        strictEqual(code, 1);
        match(stdout, /AssumeRoleNotPermitted:\s+sts:AssumeRole\s+on/);
      });
    }));

  it("says where it cannot write one", () =>
    inDirectory(stackFiles(), async (directory) => {
      const file = join(directory, "missing", "accounts.json");
      const { code, stdout, stderr } = await cli([
        "rehearse",
        "--directory",
        directory,
        "--write-snapshot",
        file,
      ]);
      deepStrictEqual([code, stdout], [2, ""]);
      match(
        stderr,
        /^--write-snapshot: must be a file that can be written, in a directory that is there, got '/,
      );
      strictEqual(existsSync(file), false);
    }));
});
