import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../src/readers/program/fromProgram";
import { parseSnapshot, readSnapshotFile, writeSnapshotFile } from "../../src/snapshot/snapshotFile";
import { REPLICATION } from "../../src/snapshot/replicationSchema";
import { SNAPSHOT } from "../../src/snapshot/snapshotSchema";
import { readStackFiles } from "../../src/readers/program/stackConfigurations";
import { isUnreadPolicy, unreadSentences } from "../../src/snapshot/unread";
import program from "../../src/program/program";
import { rehearse } from "../../src/rehearsal/rehearse";
import { assertPublished } from "../support/publishedSchema";
import { file, read, state, VAULT, ORDERS, snapshot, verdictOf } from "../readers/support";

describe("a snapshot file", () => {
  it("reads back as what was written, with the same verdict", async () => {
    const before = read(state("vault"), state("orders"));
    const path = join(file("{}"), "..", "written.json");
    writeSnapshotFile(path, before);
    const after = await readSnapshotFile(path);
    deepStrictEqual(after, JSON.parse(JSON.stringify(before)));
    strictEqual(rehearse(after).verdict, "proven");
  });

  it("keeps tags of any name", () => {
    const { plain } = snapshot();
    const tags = { prototype: "yes", constructor: "acme", team: "data" };
    plain.objects = [{ bucket: ORDERS, key: "a", tags, encryption: { algorithm: "AES256" } }];
    deepStrictEqual(parseSnapshot(plain, "it").objects?.[0]?.tags, tags);
  });

  it("reads back the ready-made program's accounts", async () => {
    const root = join(__dirname, "..", "..");
    const run = await runProgram(program, readStackFiles(root), { project: "s3-replication" });
    const path = join(file("{}"), "..", "written.json");
    writeSnapshotFile(path, run.snapshot);
    deepStrictEqual(await readSnapshotFile(path), JSON.parse(JSON.stringify(run.snapshot)));
  });

  it("may begin with a byte order mark", async () => {
    const { buckets } = await readSnapshotFile(file('\uFEFF{"accounts":{},"buckets":{},"keys":{}}'));
    deepStrictEqual(buckets, {});
  });

  it("is never written over", () => {
    const path = file("mine");
    throws(() => writeSnapshotFile(path, read(state("vault"))), {
      name: "InvalidInputError",
      message: `--write-snapshot: must be a new file, got '${path}', which exists already and is left as it is`,
    });
    strictEqual(readFileSync(path, "utf8"), "mine");
  });

  it("is not written where there is no directory", () => {
    throws(
      () => writeSnapshotFile("/nowhere/at/all.json", read(state("vault"))),
      /must be a file that can be written/,
    );
  });
});

describe("a snapshot file takes what the AWS CLI prints", () => {
  it("get-bucket-replication", () => {
    const { plain, orders } = snapshot();
    orders.replication = { ReplicationConfiguration: orders.replication };
    strictEqual(verdictOf(plain), "proven");
  });

  /** What is printed of a bucket, and what it says. */
  const SETTINGS: Readonly<Record<string, readonly [printed: object, said: object]>> = {
    "get-bucket-versioning": [{ versioning: { Status: "Suspended" } }, { versioning: "Suspended" }],
    "get-bucket-versioning where it never was on": [{ versioning: {} }, { versioning: null }],
    "get-bucket-ownership-controls": [
      { ownership: { OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } } },
      { ownership: "ObjectWriter" },
    ],
    "get-bucket-encryption": [
      {
        encryption: {
          ServerSideEncryptionConfiguration: {
            Rules: [
              {
                ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "arn:key" },
                BucketKeyEnabled: true,
                BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
              },
            ],
          },
        },
      },
      {
        encryption: { algorithm: "aws:kms", keyArn: "arn:key", bucketKeyEnabled: true },
        blockedEncryptionTypes: ["SSE-C"],
      },
    ],
    "get-object-lock-configuration": [
      { objectLock: { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } } },
      { objectLock: true },
    ],
    "get-bucket-request-payment": [{ requesterPays: { Payer: "Requester" } }, { requesterPays: true }],
    "get-public-access-block": [
      {
        publicAccessBlock: {
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            IgnorePublicAcls: true,
            BlockPublicPolicy: false,
            RestrictPublicBuckets: true,
          },
        },
      },
      {
        publicAccessBlock: {
          blockPublicAcls: true,
          ignorePublicAcls: true,
          blockPublicPolicy: false,
          restrictPublicBuckets: true,
        },
      },
    ],
  };
  for (const [command, [printed, said]] of Object.entries(SETTINGS)) {
    it(command, () => {
      const { plain, vault } = snapshot();
      Object.assign(vault, { blockedEncryptionTypes: undefined }, printed);
      const { buckets } = parseSnapshot(plain, "it");
      const read = Object.fromEntries(
        Object.keys(said).map((name) => [name, (buckets[VAULT] as unknown as Record<string, unknown>)[name]]),
      );
      deepStrictEqual(read, said);
    });
  }

  it("and tells what is wrong inside", () => {
    const { plain, vault } = snapshot();
    vault.versioning = { Status: "On" };
    throws(
      () => parseSnapshot(plain, "it"),
      /versioning' must be one of 'Enabled', 'Suspended', null, got 'On'/,
    );
  });

  const FORMS: Readonly<Record<string, (document: unknown) => unknown>> = {
    "a document": (document) => document,
    "JSON text": (document) => JSON.stringify(document),
    "get-bucket-policy, get-key-policy": (document) => ({
      Policy: JSON.stringify(document),
      PolicyName: "default",
    }),
    "get-role-policy": (document) => ({ RoleName: "r", PolicyName: "p", PolicyDocument: document }),
    "get-policy-version": (document) => ({ PolicyVersion: { Document: document, VersionId: "v1" } }),
    "organizations describe-policy": (document) => ({
      Policy: { PolicySummary: {}, Content: JSON.stringify(document) },
    }),
  };
  for (const [form, wrap] of Object.entries(FORMS)) {
    it(`${form}, wherever a policy stands`, () => {
      const { plain, vault, role, key, account } = snapshot();
      const expected = JSON.parse(JSON.stringify(plain)) as unknown;
      const everything = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
      };
      vault.policy = wrap(vault.policy);
      key.policy = wrap(key.policy);
      role.trust = wrap(role.trust);
      role.policies = (role.policies as unknown[]).map(wrap);
      deepStrictEqual(parseSnapshot(plain, "it"), expected);
      account.scps = [[wrap(everything)]];
      role.boundary = wrap(everything);
      strictEqual(verdictOf(plain), "proven");
    });
  }
});

describe("what a snapshot file says to be unread is unproven", () => {
  it("service control policies that are null", () => {
    const { plain, account } = snapshot();
    account.scps = null;
    strictEqual(verdictOf(plain), "unproven");
  });

  for (const [what, change] of [
    ["a trust policy", ({ role }: ReturnType<typeof snapshot>) => (role.trust = null)],
    ["policies of a role", ({ role }: ReturnType<typeof snapshot>) => (role.policies = null)],
    ["a key policy", ({ key }: ReturnType<typeof snapshot>) => (key.policy = null)],
    [
      "a bucket policy",
      ({ vault }: ReturnType<typeof snapshot>) => Object.assign(vault, { policy: null, unread: ["policy"] }),
    ],
  ] as const) {
    it(`${what} that is null`, () => {
      const parts = snapshot();
      change(parts);
      strictEqual(verdictOf(parts.plain), "unproven");
      strictEqual(unreadSentences(parseSnapshot(parts.plain, "it")).length, 1);
    });
  }

  it("but a bucket policy that is null is none, and breaks the pair", () => {
    const { plain, vault } = snapshot();
    vault.policy = null;
    strictEqual(verdictOf(plain), "broken");
  });

  it("any setting that 'unread' names", () => {
    const { plain, vault } = snapshot();
    vault.unread = ["versioning"];
    deepStrictEqual(unreadSentences(parseSnapshot(plain, "it")), [
      `'versioning' of the bucket ${VAULT} could not be read`,
    ]);
  });

  it("keeps a policy that is there beside 'unread'", () => {
    const { plain, vault } = snapshot();
    vault.unread = ["versioning"];
    strictEqual(isUnreadPolicy(parseSnapshot(plain, "it").buckets[VAULT]?.policy), false);
  });
});

describe("a mistake in a snapshot file is told with its place, what is allowed and what was given", () => {
  type Parts = ReturnType<typeof snapshot>;
  const CASES: readonly (readonly [what: string, change: (parts: Parts) => unknown, message: string])[] = [
    [
      "a value of a list",
      ({ vault }) => (vault.versioning = "enabled"),
      `'buckets.${VAULT}.versioning' must be one of 'Enabled', 'Suspended', null, got 'enabled'`,
    ],
    [
      "a field that is missing",
      ({ vault }) => delete vault.ownership,
      `'buckets.${VAULT}.ownership' must be one of 'BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter', got nothing`,
    ],
    [
      "a field that is none",
      ({ key }) => (key.polcy = {}),
      `'keys.${snapshot().keyArn}.polcy' is not a field; allowed here: account, region, manager, policy, grants, state, multiRegion, tags, unread`,
    ],
    [
      "a field of the S3 API that is none",
      ({ orders }) => Object.assign(orders.replication as object, { Rule: [] }),
      `'buckets.${ORDERS}.replication.Rule' is not a field; allowed here: Role, Rules, UnreadRules, KeyAliases`,
    ],
    [
      "a name that is no ARN",
      ({ plain, vault }) => (plain.buckets.vault = vault),
      "names in 'buckets' must be the ARN of a bucket such as 'arn:aws:s3:::acme-data', got 'vault'",
    ],
    [
      "an account id that is none",
      ({ plain }) => (plain.accounts["1111"] = { roles: {} }),
      "names in 'accounts' must be 12-digit AWS account ids, got '1111'",
    ],
    [
      "an account id without quotes",
      ({ vault }) => (vault.account = 222222222222),
      `'buckets.${VAULT}.account' must be a 12-digit AWS account id in quotes, got 222222222222`,
    ],
    [
      "a role by its name",
      ({ orders }) => Object.assign(orders.replication as object, { Role: "orders-replication" }),
      `'buckets.${ORDERS}.replication.Role' must be the ARN of a role such as 'arn:aws:iam::111111111111:role/name', got 'orders-replication'`,
    ],
    [
      "a policy that is no JSON",
      ({ vault }) => (vault.policy = "{"),
      `'buckets.${VAULT}.policy' must be a policy document or null (no policy), got '{'`,
    ],
    [
      "a policy that AWS would refuse",
      ({ vault }) =>
        (vault.policy = {
          Version: "2012-10-17",
          Statement: [{ Effect: "allow", Action: "*", Principal: "*", Resource: "*" }],
        }),
      `'buckets.${VAULT}.policy.Statement[0].Effect' must be 'Allow' or 'Deny' (Effect is case sensitive), got 'allow'`,
    ],
    [
      "a bucket policy for nobody",
      ({ vault }) =>
        (vault.policy = {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        }),
      `'buckets.${VAULT}.policy.Statement[0]' must be a statement with Principal or NotPrincipal (The policy has to say whom the statement is about), got nothing`,
    ],
    [
      "policies at no level",
      ({ account }) => (account.scps = [{ Version: "2012-10-17", Statement: [] }]),
      "'accounts.111111111111.scps[0]' must be a list, got an object with 'Version', 'Statement'",
    ],
    [
      "an object key that is too long",
      ({ plain }) =>
        (plain.objects = [{ bucket: ORDERS, key: "k".repeat(1025), encryption: { algorithm: "AES256" } }]),
      `'objects[0].key' must be an object key of 1 to 1,024 bytes, got '${"k".repeat(80)}...'`,
    ],
  ];
  for (const [what, change, message] of CASES) {
    it(what, () => {
      const parts = snapshot();
      change(parts);
      throws(() => parseSnapshot(parts.plain, "accounts.json"), {
        name: "InvalidInputError",
        message: `accounts.json: ${message}`,
      });
    });
  }

  it("with the others of the file", () => {
    throws(() => parseSnapshot({ accounts: [], buckets: 1, extra: true }, "x"), {
      message:
        "x: 4 mistakes\n  - 'accounts' must be an object, got an empty list\n  - 'buckets' must be an object, got 1\n  - 'keys' must be an object, got nothing\n  - 'extra' is not a field; allowed here: accounts, buckets, keys, absent, accepted, unread, contradictions, objects",
    });
  });

  it("with every other field of the same object that is none", () => {
    throws(() => parseSnapshot({ accounts: {}, buckets: {}, keys: {}, bucket: 1, constructor: 2 }, "x"), {
      message: ["bucket", "constructor"].reduce(
        (text, name) =>
          `${text}\n  - '${name}' is not a field; allowed here: accounts, buckets, keys, absent, accepted, unread, contradictions, objects`,
        "x: 2 mistakes",
      ),
    });
  });

  it("but no object of more than are rehearsed", () => {
    const objects = Array.from({ length: 2001 }, () => 7);
    throws(() => parseSnapshot({ accounts: {}, buckets: {}, keys: {}, objects }, "x"), {
      message: "x: 'objects' must be at most 2000 objects, got a list of 2001",
    });
  });

  it("with as many others as people read, and the number of the rest", () => {
    const objects = Array.from({ length: 50 }, () => 7);
    throws(
      () => parseSnapshot({ accounts: {}, buckets: {}, keys: {}, objects }, "x"),
      (error: Error) => {
        const lines = error.message.split("\n");
        return lines.length === 22 && lines[21] === "  - and 30 more";
      },
    );
  });
});

describe("schemas/snapshot.schema.json", () => {
  const path = join(__dirname, "..", "..", "schemas", "snapshot.schema.json");

  it("is what the reader checks (write it anew with UPDATE_SCHEMAS=1)", () =>
    assertPublished(path, SNAPSHOT, { ReplicationConfiguration: REPLICATION }));
});
