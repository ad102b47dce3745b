import { deepStrictEqual, match, strictEqual } from "node:assert";
import { join } from "node:path";
import { cli, CONTROL, inDirectory, stackFiles } from "../support/cli";

const REFERENCE = "organization/s3-replication/destination";

/** Files of a directory, and what is said of them; `@` stands for the directory. */
const BAD: readonly (readonly [string, Record<string, string | Buffer>, string | RegExp])[] = [
  [
    "one mistake",
    stackFiles({ accountId: "1" }),
    "stack 'destination': 'destination.accountId' must be a 12-digit AWS account id in quotes, got '1'",
  ],
  [
    "an account id without quotes",
    {
      ...stackFiles(),
      "Pulumi.source.yaml": "config:\n  s3-replication:source:\n    accountId: 111111111111\n",
    },
    /'source\.accountId' must be a 12-digit AWS account id in quotes, got 111111111111$/m,
  ],
  [
    "several mistakes",
    stackFiles({ region: "x", sources: [] }),
    [
      "stack 'destination': 2 mistakes",
      "  - 'destination.region' must be an AWS Region such as 'eu-west-1', got 'x'",
      "  - 'destination.sources' must name at least one source: the account and the replication role that may write replicas, got []",
    ].join("\n"),
  ],
  [
    "a setting that is none",
    stackFiles({ bucket: "x" }),
    /^stack 'destination': 'destination\.bucket' is not a setting; allowed here: accountId, /,
  ],
  [
    "rules that S3 would refuse",
    stackFiles({}, { rules: [{ id: "a", deleteMarkerReplication: true, tags: { k: "v" } }] }),
    "stack 'source': 'source.rules[0].deleteMarkerReplication' must be false in a rule with tags (S3 refuses both together), got true; use a prefix, or a rule of its own",
  ],
  [
    "too many prefixes for the role",
    stackFiles(
      {},
      { rules: Array.from({ length: 300 }, (_, i) => ({ id: `r${i}`, prefix: `teams/${i + 1000}/` })) },
    ),
    /whose policies AWS limits to 10,240 characters together: 300 rules with 300 prefixes make \d+,\d{3}; use fewer/,
  ],
  [
    "a rule that needs what the destination does not grant",
    stackFiles({}, { rules: [{ id: "a", deleteMarkerReplication: true }] }),
    `ReplicationSource 'source' does not fit the contract of stack '${REFERENCE}': rule 'a' replicates delete markers, which the destination does not grant to arn:aws:iam::111111111111:role/s3-replication: set 'deleteMarkerReplication: true' for it in 'sources' at the destination (stack '${REFERENCE}') and deploy that first, or set it to false in the rule`,
  ],
  [
    "a bucket name that is taken",
    stackFiles({ bucketName: "same" }, { bucketName: "same", destinations: { a: { stack: REFERENCE } } }),
    /the source and the destination are the same bucket, 'arn:aws:s3:::same'|BucketAlreadyExists: the bucket name 'same' is taken/,
  ],
  [
    "a reference to a stack that is not there",
    stackFiles({}, { destinations: { a: { stack: "organization/s3-replication/elsewhere" } } }),
    /unknown stack "organization\/s3-replication\/elsewhere"/,
  ],
  [
    "a reference to a stack of another project that has the same name",
    stackFiles({}, { destinations: { a: { stack: "organization/another-project/destination" } } }),
    /unknown stack "organization\/another-project\/destination"/,
  ],
  [
    "stacks that refer to each other in a circle",
    {
      "Pulumi.a.yaml": "config: {s3-replication:source: {destinations: {x: {stack: o/s3-replication/b}}}}",
      "Pulumi.b.yaml": "config: {s3-replication:source: {destinations: {x: {stack: o/s3-replication/a}}}}",
    },
    "@: stacks refer to each other in a circle: a -> b -> a; none of them can be deployed first",
  ],
  ["malformed YAML", { "Pulumi.a.yaml": "config: [" }, /^@\/Pulumi\.a\.yaml: must be YAML: .*[^:]$/],
  [
    "an anchor that holds itself",
    { "Pulumi.a.yaml": "config: &a\n  s3-replication:source: *a\n" },
    "@/Pulumi.a.yaml: an alias in it stands within its own anchor, which never ends",
  ],
  [
    "a stack file in UTF-16",
    { "Pulumi.a.yaml": Buffer.from("\ufeffconfig: {}", "utf16le") },
    /^@\/Pulumi\.a\.yaml: it must be UTF-8, and is UTF-16, /,
  ],
  [
    "a stack file that is no text",
    { "Pulumi.a.yaml": Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff]) },
    "@/Pulumi.a.yaml: it must be UTF-8 text, and has bytes that are none",
  ],
  [
    "a stack file that is too large",
    { "Pulumi.a.yaml": `config: {}\n${"#".repeat(5_000_000)}` },
    "@/Pulumi.a.yaml: it must be at most 5 MB, and is larger",
  ],
  [
    "an encrypted value",
    { "Pulumi.a.yaml": "config: {s3-replication:source: {accountId: {secure: v1:x}}}" },
    "@/Pulumi.a.yaml: 's3-replication:source.accountId' is encrypted, and nothing here decrypts it; account ids, names and rules are no secrets and belong there as plain values",
  ],
  [
    "no stack files",
    {},
    "@: must hold files Pulumi.<stack>.yaml, one a stack, with 's3-replication:destination', 's3-replication:source' or 's3-replication:watch' in their 'config', and holds none",
  ],
];

describe("s3-replication rehearse on a directory with", () => {
  for (const [what, files, expected] of BAD) {
    it(`${what} says so on stderr alone, without a stack trace, and exits with 2`, () =>
      inDirectory(files, async (directory) => {
        const { code, stdout, stderr } = await cli(["rehearse", "--directory", directory]);
        const message = stderr.replaceAll(directory, "@").trimEnd();
        if (typeof expected === "string") strictEqual(message, expected);
        else match(message, expected);
        strictEqual(/^ +at /m.test(stderr), false, stderr);
        deepStrictEqual([code, stdout], [2, ""]);
      }));
  }

  it("a baseline that is none says in words what each part of it must be", () =>
    inDirectory(
      { ...stackFiles(), "b.json": `{"objects": [{"outcome": 7}], "refusals": "none", "findings": [3]}` },
      async (directory) => {
        const baseline = join(directory, "b.json");
        const { code, stderr } = await cli(["rehearse", "--directory", directory, "--baseline", baseline]);
        strictEqual(code, 2);
        match(stderr, /'refusals' must be a list, got 'none'\n/);
        match(stderr, /'findings\[0\]' must be an object, got 3\n/);
        match(stderr, /'objects\[0\]\.outcome' must be one of 'COMPLETED', 'FAILED', .*, got 7\n/);
      },
    ));

  it("control characters in a bad value says so without them", () =>
    inDirectory(
      stackFiles(
        {},
        { rules: [{ id: "a\u001b[31m", storageClass: "x\u001b]0;y\u0007" }, { id: "a\u001b[31m" }] },
      ),
      async (directory) => {
        const { code, stderr } = await cli(["rehearse", "--directory", directory]);
        strictEqual(code, 2);
        match(stderr, /'source\.rules\[0\]\.storageClass' must be one of/);
        strictEqual(CONTROL.test(stderr), false, JSON.stringify(stderr));
      },
    ));

  it("control characters in a rule that does not fit the contract says so without them", () =>
    inDirectory(
      stackFiles({}, { rules: [{ id: "a\u001b[31m", deleteMarkerReplication: true }] }),
      async (directory) => {
        const { code, stderr } = await cli(["rehearse", "--directory", directory]);
        strictEqual(code, 2);
        match(stderr, /replicates delete markers, which the destination does not grant/);
        strictEqual(CONTROL.test(stderr), false, JSON.stringify(stderr));
      },
    ));
});

/** What is typed, and what is said. */
const USAGE: readonly (readonly [string, string[], RegExp])[] = [
  ["an unknown option", ["rehearse", "--jsn"], /^error: unknown option '--jsn'/],
  ["an unknown command", ["rehears"], /^error: unknown command 'rehears'/],
  [
    "an option twice that can count once",
    ["rehearse", "--example", "two-way", "--example", "fan-in"],
    /^error: option '--example <name>' argument 'fan-in' is invalid. It is given once only, and is 'two-way' already/,
  ],
  [
    "an example and a directory",
    ["rehearse", "--example", "backfill", "--directory", "."],
    /^error: option '--example <name>' cannot be used with option '--directory <dir>'/,
  ],
  [
    "a directory without a name",
    ["rehearse", "--directory", ""],
    /^--directory '': must be a directory with files/,
  ],
  [
    "an option without its value",
    ["rehearse", "--example"],
    /^error: option '--example <name>' argument missing/,
  ],
  [
    "an unknown example",
    ["rehearse", "--example", "none"],
    /^--example: must be one of backfill, delete-markers, (?!.*programs).*, got 'none'$/m,
  ],
  [
    "a way out of the examples",
    ["rehearse", "--example", ".."],
    /^--example: must be one of .*, got '\.\.'$/m,
  ],
  [
    "a missing directory",
    ["rehearse", "--directory", "/none/such"],
    /^\/none\/such: must be a directory with files Pulumi\.<stack>\.yaml, and does not exist$/m,
  ],
  [
    "a file for a directory",
    ["rehearse", "--directory", __filename],
    /badInput\.test\.ts: must be a directory/,
  ],
  ["a missing snapshot", ["rehearse", "--snapshot", "/none/such.json"], /\/none\/such\.json/],
];

describe("s3-replication with", () => {
  for (const [what, args, expected] of USAGE) {
    it(`${what} says so on stderr alone, and exits with 2`, async () => {
      const { code, stdout, stderr } = await cli(args);
      match(stderr, expected);
      strictEqual(/^ +at /m.test(stderr), false, stderr);
      deepStrictEqual([code, stdout], [2, ""]);
    });
  }
});
