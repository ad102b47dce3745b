import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseStackConfiguration } from "../../src/program/config";
import { InvalidInputError } from "../../src/input/problems";
import { BATCH_MISTAKES } from "../support/badBatchInput";
import { bucketMistakes, expectedError } from "../support/badBucketInput";
import { DESTINATION_MISTAKES, SOURCE_MISTAKES } from "../support/badInput";
import { WATCH_MISTAKES } from "../support/badWatchInput";
import { MISMATCHES } from "../support/contracts";
import { contract, destinationArgs, sourceArgs, watchArgs } from "../support/pairs";

const parse = (values: Record<string, unknown>, directory = ".") =>
  parseStackConfiguration(values, "stack 'x'", directory);

/** The mistakes that are found, one each. */
function problemsOf(values: Record<string, unknown>, directory?: string): readonly string[] {
  try {
    parse(values, directory);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  return [];
}

const destination = (change: object = {}) => ({ destination: { ...destinationArgs(), ...change } });
const both = (change: object = {}) => ({
  source: { sameBucket: true, destinations: { a: { stack: "o/p/s" } }, rules: [{ id: "x" }], ...change },
});
const source = (change: object = {}) => ({ source: { ...sourceArgs(), ...change } });

describe("the configuration of a stack", () => {
  it("is the arguments of its sides, and what their providers need", () => {
    const provider = { assumeRoleArn: "arn:aws:iam::111111111111:role/deploy", assumeRoleExternalId: "x" };
    const read = parse({ ...destination({ profile: "b" }), ...source(provider) });
    deepStrictEqual(read, {
      destination: { provider: { profile: "b" }, args: destinationArgs() },
      source: { provider, args: sourceArgs() },
      sameStackDestinations: [],
      sameBucket: false,
    });
  });

  it("is a watch, of which the rules and the notification can be left to the bucket", () => {
    const { rules: _, ...args } = watchArgs({ monitoring: { failureQueue: true } });
    deepStrictEqual(parse({ watch: { profile: "b", ...args } }).watch, { provider: { profile: "b" }, args });
  });

  it("has one side where only one is given", () => {
    const read = parse(destination());
    deepStrictEqual([read.source, read.destination?.args], [undefined, destinationArgs()]);
  });

  it("gives the destination's bucket and account to a source that replicates out of it", () => {
    const profile = { profile: "b" };
    const read = parse({ ...destination({ ...profile, objectLockEnabled: true }), ...both() });
    const { accountId, region, bucketName } = destinationArgs();
    strictEqual(read.sameBucket, true);
    deepStrictEqual(read.source, {
      provider: profile,
      args: {
        destinations: { a: { stack: "o/p/s" } },
        rules: [{ id: "x" }],
        accountId,
        region,
        bucketName,
        encryption: undefined,
        objectLockEnabled: true,
        existingBucket: { objectOwnership: "BucketOwnerEnforced", notification: {} },
      },
    });
  });

  it("takes the policy of an existing bucket as it stands in YAML", () => {
    const policy = {
      Statement: { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::orders/*" },
    };
    const encryption = { algorithm: "AES256" };
    const read = parse(source({ encryption, existingBucket: { policy } }));
    strictEqual(read.source?.args.existingBucket?.policy, JSON.stringify(policy));
  });

  it("names the destinations of the same stack", () => {
    const read = parse({
      ...destination({ bucketName: "other" }),
      ...source({ destinations: { replicas: { sameStack: true } } }),
    });
    deepStrictEqual(read.sameStackDestinations, ["replicas"]);
  });
});

describe("a mistake in the configuration of a stack", () => {
  for (const [what, change, expected] of [
    ...bucketMistakes("222222222222", "eu-central-1"),
    ...DESTINATION_MISTAKES,
  ]) {
    it(`is reported: a destination with ${what}`, () => {
      const found = problemsOf(destination(change));
      const error = expected.replace("@", "destination.");
      deepStrictEqual(found, [expectedError(found[0] ?? "", error)]);
    });
  }

  for (const [what, change, expected] of [
    ...bucketMistakes("111111111111", "eu-west-1"),
    ...SOURCE_MISTAKES,
    ...BATCH_MISTAKES,
  ]) {
    it(`is reported: a source with ${what}`, () => {
      // The rule that has an id or priority already is named with the same path.
      const error = expected.replace("@", "source.").replace("which 'rules[", "which 'source.rules[");
      const found = problemsOf(source(change));
      deepStrictEqual(found, [expectedError(found[0] ?? "", error)]);
    });
  }

  for (const [what, change, expected] of WATCH_MISTAKES) {
    it(`is reported: a watch with ${what}`, () => {
      deepStrictEqual(problemsOf({ watch: { ...watchArgs(), ...change } }), [
        expected.replace("@", "watch."),
      ]);
    });
  }

  const others: [string, Record<string, unknown>, string[]][] = [
    [
      "neither side",
      {},
      [
        "'s3-replication:destination' or 's3-replication:source' or 's3-replication:watch' must say what this stack is, got none of them; start from Pulumi.destination.yaml and Pulumi.source.yaml",
      ],
    ],
    [
      "a key that is none",
      { ...destination(), bucket: "x" },
      [
        "'s3-replication:bucket' is not a setting; allowed here: s3-replication:destination, s3-replication:source, s3-replication:watch",
      ],
    ],
    ["a side that is a text", { source: "yes" }, ["'source' must be an object of settings, got 'yes'"]],
    ["a side that is a list", { destination: [] }, ["'destination' must be an object of settings, got []"]],
    [
      "a role to assume that is none",
      destination({ assumeRoleArn: "deploy" }),
      [
        "'destination.assumeRoleArn' must be the ARN of a role, 'arn:aws:iam::<account>:role/<name>', got 'deploy'",
      ],
    ],
    [
      "a profile that is a number",
      source({ profile: 7 }),
      ["'source.profile' must be the name of a profile, got 7"],
    ],
    [
      "a destination of the same stack, where there is none",
      source({ destinations: { a: { sameStack: true } } }),
      [
        "'source.destinations.a.sameStack' must be left out in a stack without 's3-replication:destination', got true; name the stack of the destination instead",
      ],
    ],
    [
      "sameStack that is not true",
      source({ destinations: { a: { sameStack: "yes" } } }),
      ["'source.destinations.a.sameStack' must be true or left out, got 'yes'"],
    ],
    [
      "the same bucket on both sides, in two accounts",
      { ...destination({ bucketName: "orders" }), ...source() },
      [
        "'source.bucketName' must be another bucket than 'destination.bucketName' (names of buckets are unique across all accounts), got 'orders' for both; for replication in both directions say 'source.sameBucket: true' instead of the bucket's settings",
      ],
    ],
    [
      "the same bucket on both sides, in one account",
      { ...destination({ bucketName: "orders", accountId: "111111111111" }), ...source() },
      [
        "'source.bucketName' must be another bucket than 'destination.bucketName' of the same account, got 'orders' for both; for replication in both directions say 'source.sameBucket: true' instead of the bucket's settings",
      ],
    ],
    [
      "both directions without a destination",
      { source: { sameBucket: true, destinations: { a: { stack: "o/p/s" } }, rules: [{ id: "x" }] } },
      [
        "'source.sameBucket' must be left out in a stack without 's3-replication:destination', whose bucket it means, got true; name the bucket with 'bucketName' instead",
      ],
    ],
    [
      "sameBucket that is not true",
      { ...destination(), ...both({ sameBucket: "yes" }) },
      ["'source.sameBucket' must be true or left out, got 'yes'"],
    ],
    [
      "both directions with a bucket of its own",
      { ...destination(), ...both({ bucketName: "orders", encryption: { algorithm: "AES256" } }) },
      [
        "'source.bucketName' must be left out with 'sameBucket: true', got 'orders': the bucket is that of 'destination'",
        "'source.encryption' must be left out with 'sameBucket: true', got {\"algorithm\":\"AES256\"}: the bucket is that of 'destination'",
      ],
    ],
    [
      "a bucket of both directions, whose mistakes are said once",
      { ...destination({ region: "europe", existingBucket: { policy: "{}" } }), ...both() },
      [
        "'destination.region' must be an AWS Region such as 'eu-west-1', got 'europe'",
        "'destination.encryption' must say how the existing bucket encrypts, {algorithm: AES256} or {keyArn: <the key that it encrypts under>}, got nothing; no key is made for a bucket that exists",
        "'destination.existingBucket.policy' must be the bucket's present policy as JSON, as 'aws s3api get-bucket-policy --query Policy --output text' prints it, or 'none': 'Statement' of policy 'existingBucket.policy' must be a statement or a list of statements, got nothing",
      ],
    ],
    [
      "a destination with a stack and the same stack",
      { ...destination(), ...source({ destinations: { a: { sameStack: true, stack: "o/p/s" } } }) },
      ["'source.destinations.a' must have either 'stack' or 'contract', got both"],
    ],
  ];
  for (const [what, values, expected] of others) {
    it(`is reported: ${what}`, () => {
      deepStrictEqual(problemsOf(values), expected);
    });
  }

  it("is reported together with all others, of both sides", () => {
    throws(
      () =>
        parse({
          typo: 1,
          ...destination({ accountId: "1" }),
          ...source({ region: "x", rules: [], profile: 7 }),
        }),
      (error: Error) => {
        const [first, ...lines] = error.message.split("\n");
        strictEqual(first, "stack 'x': 5 mistakes");
        deepStrictEqual(lines.map((line) => /^ {2}- '([^']+)'/.exec(line)?.[1]).sort(), [
          "destination.accountId",
          "s3-replication:typo",
          "source.profile",
          "source.region",
          "source.rules",
        ]);
        return true;
      },
    );
  });
});

describe("a contract in the configuration of a stack", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "contract-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const fromFile = (contractFile: unknown) => source({ destinations: { replicas: { contractFile } } });

  it("can stand there itself", () => {
    const read = parse(source({ destinations: { replicas: { contract: contract() } } }));
    deepStrictEqual(read.source?.args.destinations, { replicas: { contract: contract() } });
  });

  it("can be in a JSON file, from the directory of the stack", () => {
    writeFileSync(join(directory, "contract.json"), JSON.stringify(contract()));
    for (const file of ["contract.json", join(directory, "contract.json")]) {
      const read = parse(fromFile(file), directory);
      deepStrictEqual(read.source?.args.destinations, { replicas: { contract: contract() } });
    }
  });

  it("is refused where its file is missing", () => {
    const [problem] = problemsOf(fromFile("none.json"), directory);
    strictEqual(
      problem?.replace(directory, "@"),
      "'source.destinations.replicas.contractFile' must be the path of a JSON file with a contract, got 'none.json': ENOENT: no such file or directory, open '@/none.json'",
    );
  });

  it("is refused where its file is no JSON", () => {
    writeFileSync(join(directory, "contract.json"), "{");
    const problems = problemsOf(fromFile("contract.json"), directory);
    strictEqual(problems.length, 1);
    strictEqual(
      problems[0]?.startsWith(
        "'source.destinations.replicas.contractFile' must be the path of a JSON file with a contract, got 'contract.json': ",
      ),
      true,
    );
  });

  it("is refused where its file is named by a number", () => {
    deepStrictEqual(problemsOf(fromFile(7)), [
      "'source.destinations.replicas.contractFile' must be the path of a JSON file with a contract, got 7: it is not a text",
    ]);
  });

  it("stands alone: a file and a stack are one too many", () => {
    writeFileSync(join(directory, "contract.json"), JSON.stringify(contract()));
    const both = source({ destinations: { a: { contractFile: "contract.json", stack: "o/p/s" } } });
    deepStrictEqual(problemsOf(both, directory), [
      "'source.destinations.a' must have either 'stack' or 'contract', got both",
    ]);
  });

  for (const [what, terms, args] of MISMATCHES) {
    it(`is not compared here, but by the component: ${what}`, () => {
      deepStrictEqual(
        problemsOf({ source: { ...args, destinations: { replicas: { contract: terms } } } }),
        [],
      );
    });
  }
});
