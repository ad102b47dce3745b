import { deepStrictEqual, ok, strictEqual, throws } from "node:assert";
import { parseState } from "../../../src/readers/engine/fromState";
import { hangsOnUnread, isUnreadPolicy, unreadSentences } from "../../../src/snapshot/unread";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { bucket, find, onlyRole, read, readWith, SECRET, state, stateOf, without } from "../support";

describe("states of two deployed stacks", () => {
  it("make one snapshot, in which the pair is proven and nothing is unread", () => {
    const snapshot = read(state("vault"), state("orders"));
    strictEqual(rehearse(snapshot).verdict, "proven");
    deepStrictEqual(unreadSentences(snapshot), []);
  });

  it("may come in any order", () => {
    const snapshot = read(state("orders"), state("vault"));
    strictEqual(rehearse(snapshot).verdict, "proven");
  });

  it("have what AWS said: ARNs, ids and Regions", () => {
    const { accounts, buckets, keys } = read(state("vault"), state("orders"));
    deepStrictEqual(Object.keys(accounts["111111111111"]?.roles ?? {}), [
      "arn:aws:iam::111111111111:role/service/orders-replication",
    ]);
    deepStrictEqual(
      Object.entries(buckets).map(([arn, { account, region }]) => [arn, account, region]),
      [
        ["arn:aws:s3:::northwind-vault", "222222222222", "eu-west-1"],
        ["arn:aws:s3:::northwind-orders", "111111111111", "us-east-1"],
      ],
    );
    deepStrictEqual(
      Object.values(keys).map(({ account, region }) => [account, region]),
      [
        ["222222222222", "eu-west-1"],
        ["111111111111", "us-east-1"],
      ],
    );
  });

  it("are broken where the bucket policy is gone", () => {
    const vault = state("vault");
    without(vault, "BucketPolicy");
    strictEqual(rehearse(read(vault, state("orders"))).verdict, "broken");
  });

  it("are unproven with one of them alone", () => {
    strictEqual(rehearse(read(state("orders"))).verdict, "unproven");
  });

  it("leave out what waits for its deletion", () => {
    const vault = state("vault");
    const old = structuredClone(find(vault, "BucketPolicy"));
    vault.deployment.resources.push({ ...old, delete: true, inputs: { ...old.inputs, policy: "{}" } });
    strictEqual(rehearse(read(vault, state("orders"))).verdict, "proven");
  });
});

describe("a secret in a state", () => {
  it("is unread where it is encrypted, and what depends on it is unproven", () => {
    const vault = state("vault");
    find(vault, "BucketPolicy").inputs.policy = SECRET;
    const snapshot = read(vault, state("orders"));
    ok(isUnreadPolicy(bucket(snapshot, "northwind-vault").policy));
    strictEqual(rehearse(snapshot).verdict, "unproven");
    deepStrictEqual(unreadSentences(snapshot), [
      "'policy' of the bucket arn:aws:s3:::northwind-vault could not be read",
    ]);
  });

  it("is read where it was exported with --show-secrets", () => {
    const vault = state("vault");
    const written = find(vault, "BucketPolicy").inputs;
    written.policy = { ...SECRET, ciphertext: undefined, plaintext: JSON.stringify(written.policy) };
    strictEqual(rehearse(read(vault, state("orders"))).verdict, "proven");
  });

  it("hangs the statement of a policy that it is a part of", () => {
    const vault = state("vault");
    find(vault, "BucketPolicy").inputs.policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: SECRET }, Action: "s3:*", Resource: "*" }],
    };
    const { policy } = bucket(read(vault), "northwind-vault");
    const statements = (policy as { Statement: { Condition?: unknown }[] }).Statement;
    ok(!isUnreadPolicy(policy));
    ok(statements.length === 1 && statements.every(hangsOnUnread));
    strictEqual(rehearse(read(vault, state("orders"))).verdict, "unproven");
  });

  for (const [what, change, unread] of [
    ["rules", (inputs: Record<string, unknown>) => (inputs.rules = SECRET), ["replication"]],
    ["a prefix", (inputs: Record<string, unknown>) => (inputs.rules = [{ filter: SECRET }]), ["replication"]],
  ] as const) {
    it(`leaves the replication configuration unread: ${what}`, () => {
      const source = stateOf(
        { type: "aws:s3/bucket:Bucket", id: "a", inputs: { versioning: { enabled: true } } },
        {
          type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
          inputs: { bucket: "a", role: "arn:aws:iam::111111111111:role/r", rules: [] },
        },
      );
      change(find(source, "BucketReplicationConfig").inputs);
      const snapshot = read(source);
      deepStrictEqual(bucket(snapshot, "a").unread, unread);
      deepStrictEqual(unreadSentences(snapshot), [
        "'replication' of the bucket arn:aws:s3:::a could not be read",
      ]);
    });
  }

  for (const [what, path, setting] of [
    ["the role", ["role"], "replication"],
    // What other objects come to is known without it.
    ["the replica key", ["rules", "0", "destination", "replicaKmsKeyId"], "replication.Rules[0]"],
    ["the destination", ["rules", "0", "destination", "bucket"], "replication"],
  ] as const) {
    it(`proves nothing, and breaks nothing: ${what}`, () => {
      const orders = state("orders");
      let place = find(orders, "Bucket").inputs.replicationConfiguration as Record<string, unknown>;
      for (const part of path.slice(0, -1)) place = place[part] as Record<string, unknown>;
      place[path.at(-1) ?? ""] = SECRET;
      const snapshot = read(state("vault"), orders);
      const { verdict, refusals } = rehearse(snapshot);
      deepStrictEqual([verdict, refusals], ["unproven", []]);
      deepStrictEqual(unreadSentences(snapshot), [
        `'${setting}' of the bucket arn:aws:s3:::northwind-orders could not be read`,
      ]);
    });
  }
});

describe("the account of a provider in a state", () => {
  it("is the one of its resources' ARNs where the provider does not say it", () => {
    strictEqual(bucket(read(state("vault")), "northwind-vault").account, "222222222222");
  });

  it("is the one of the role that it assumes", () => {
    const written = stateOf({ type: "aws:s3/bucket:Bucket", id: "a", inputs: {} });
    const [provider] = written.deployment.resources;
    ok(provider !== undefined);
    provider.inputs = {
      region: "eu-west-1",
      assumeRoles: '[{"roleArn":"arn:aws:iam::777777777777:role/deploy"}]',
    };
    strictEqual(bucket(read(written), "a").account, "777777777777");
  });

  const nameless = () => {
    const written = stateOf({ type: "aws:s3/bucket:Bucket", id: "a", inputs: {} });
    written.deployment.resources[0]!.inputs = { region: "eu-west-1" };
    return written;
  };

  it("is asked for where nothing says it", () => {
    throws(() => read(nameless()), {
      name: "InvalidInputError",
      message:
        "--state 0.json: provider 'main' of stack 'test' does not say its account; give it allowedAccountIds, or say '--account main=<12-digit account id>'",
    });
  });

  it("is what --account says, by name or for all", () => {
    strictEqual(bucket(readWith({ main: "888888888888" }, nameless()), "a").account, "888888888888");
    strictEqual(bucket(readWith({ "": "999999999999" }, nameless()), "a").account, "999999999999");
  });

  it("is not guessed where ARNs name two accounts", () => {
    const written = nameless();
    const topic = (account: string) => ({
      ...structuredClone(written.deployment.resources[1]!),
      urn: `urn:pulumi:test::test::aws:sns/topic:Topic::${account}`,
      type: "aws:sns/topic:Topic",
      outputs: { arn: `arn:aws:sns:eu-west-1:${account}:topic` },
    });
    written.deployment.resources.push(topic("111111111111"), topic("222222222222"));
    throws(() => read(written), /does not say its account/);
  });

  it("may be unknown where no resource has a say in replication", () => {
    const written = nameless();
    written.deployment.resources[1]!.type = "aws:route53/zone:Zone";
    deepStrictEqual(read(written).buckets, {});
  });
});

describe("the Region of a bucket in a state", () => {
  it("is asked for where neither it nor its provider says it", () => {
    const written = stateOf({ type: "aws:s3/bucket:Bucket", id: "a", inputs: {} });
    written.deployment.resources[0]!.inputs = { allowedAccountIds: '["111111111111"]' };
    throws(() => read(written), /aws:s3\/bucket:Bucket 'it' of stack 'test' does not say its Region/);
  });

  it("is the resource's own before the provider's", () => {
    const written = stateOf({ type: "aws:s3/bucket:Bucket", id: "a", inputs: { region: "sa-east-1" } });
    strictEqual(bucket(read(written), "a").region, "sa-east-1");
  });
});

describe("a bucket in a state", () => {
  it("has what S3 gives new ones where it was made since 2023", () => {
    const { ownership, unread, versioning } = bucket(
      read(stateOf({ type: "aws:s3/bucket:Bucket", id: "a", inputs: {} })),
      "a",
    );
    deepStrictEqual([ownership, versioning, unread], ["BucketOwnerEnforced", null, undefined]);
  });

  for (const created of ["2021-01-01T00:00:00Z", undefined]) {
    it(`has unread ownership where it was made ${created ?? "nobody knows when"}`, () => {
      const written = stateOf({ type: "aws:s3/bucket:Bucket", id: "a", inputs: {}, created });
      deepStrictEqual(bucket(read(written), "a").unread, ["ownership", "publicAccessBlock"]);
    });
  }

  it("that the stack only looks at has what the provider read, and the rest is unread", () => {
    const snapshot = read(
      stateOf({
        type: "aws:s3/bucket:Bucket",
        id: "theirs",
        inputs: {},
        external: true,
        outputs: { arn: "arn:aws:s3:::theirs", region: "eu-west-3", versioning: { enabled: true } },
      }),
    );
    const { versioning, region, policy, unread } = bucket(snapshot, "theirs");
    deepStrictEqual([versioning, region], ["Enabled", "eu-west-3"]);
    ok(isUnreadPolicy(policy));
    deepStrictEqual([...(unread ?? [])].sort(), [
      "encryption",
      "objectLock",
      "ownership",
      "policy",
      "publicAccessBlock",
      "requesterPays",
    ]);
  });

  it("that the stack only looks at has the encryption, the lock and the payer that the provider read", () => {
    const snapshot = read(
      stateOf({
        type: "aws:s3/bucket:Bucket",
        id: "theirs",
        inputs: {},
        external: true,
        outputs: {
          arn: "arn:aws:s3:::theirs",
          objectLockEnabled: false,
          requestPayer: "BucketOwner",
          serverSideEncryptionConfiguration: {
            rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
          },
        },
      }),
    );
    const { encryption, objectLock, requesterPays, unread } = bucket(snapshot, "theirs");
    deepStrictEqual([encryption?.algorithm, objectLock, requesterPays], ["AES256", false, false]);
    deepStrictEqual(
      (unread ?? []).filter((name) => /^(encryption|objectLock|requesterPays)$/.test(name)),
      [],
    );
  });

  it("that only another stack has is unread but for what is set here", () => {
    const snapshot = read(
      stateOf({
        type: "aws:s3/bucketVersioning:BucketVersioning",
        inputs: { bucket: "elsewhere", versioningConfiguration: { status: "Enabled" } },
      }),
    );
    deepStrictEqual(bucket(snapshot, "elsewhere").unread, [
      "ownership",
      "policy",
      "encryption",
      "objectLock",
      "replication",
    ]);
  });
});

describe("a role in a state", () => {
  it("that only another stack has is unread but for the policy that is added here", () => {
    const snapshot = read(
      stateOf({
        type: "aws:iam/rolePolicy:RolePolicy",
        id: "theirs:mine",
        inputs: { role: "theirs", policy: '{"Version":"2012-10-17","Statement":[]}' },
      }),
    );
    const { policyNames, unread } = onlyRole(snapshot);
    deepStrictEqual(policyNames, ["unread", "mine"]);
    deepStrictEqual(unread, ["trust", "policies", "boundary"]);
  });
});

describe("a state that is none is refused", () => {
  for (const [what, value, message] of [
    [
      "a list",
      [],
      "--state x: it must be an object with 'version' and 'deployment', as 'pulumi stack export' prints it, got an empty list",
    ],
    ["a preview", { steps: [] }, /'version' must be 3 or 4, which Pulumi writes since 2019/],
    ["an old version", { version: 1, deployment: {} }, /'version' must be 3 or 4.*, got 1$/],
    [
      "resources of a wrong type",
      { version: 3, deployment: { resources: 7 } },
      "--state x: 'deployment.resources' must be a list of resources, got 7",
    ],
    [
      "resources without URNs",
      { version: 3, deployment: { resources: [{ type: "a" }, { urn: "b", type: 7 }] } },
      "--state x: 3 mistakes\n  - 'deployment.resources[0].urn' must be the URN of a resource, got nothing\n  - 'deployment.resources[1].urn' must be the URN of a resource, got 'b'\n  - 'deployment.resources[1].type' must be the type of a resource, got 7",
    ],
  ] as const) {
    it(what, () => throws(() => parseState(value, "--state x"), { name: "InvalidInputError", message }));
  }

  it("where a value is none that S3 takes", () => {
    const orders = state("orders");
    const { rules } = find(orders, "Bucket").inputs.replicationConfiguration as { rules: unknown[] };
    Object.assign(rules[0] as object, { status: "on", priority: "first" });
    throws(() => read(orders), {
      name: "InvalidInputError",
      message:
        "aws:s3/bucket:Bucket 'orders': 2 mistakes\n  - 'Rules[0].Priority' must be a whole number, got 'first'\n  - 'Rules[0].Status' must be one of 'Enabled', 'Disabled', got 'on'",
    });
  });

  it("but not one of a stack without resources", () => {
    deepStrictEqual(read({ version: 3, deployment: {} }).buckets, {});
  });
});

describe("a component of this package in a state", () => {
  const component = (existingBucket: object) => ({
    type: "s3-replication:index:ReplicationSource",
    inputs: {
      accountId: "111111111111",
      region: "eu-west-1",
      bucketName: "orders",
      encryption: { algorithm: "AES256" },
      objectLockEnabled: false,
      existingBucket,
    },
  });
  const rules = {
    type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    inputs: { bucket: "orders", role: "arn:aws:iam::111111111111:role/r", rules: [] },
  };

  it("says what an existing bucket is like that the stack only configures", () => {
    const { stated, unread } = bucket(read(stateOf(rules, component({ policy: "none" }))), "orders");
    deepStrictEqual(stated, ["versioning", "policy", "encryption", "objectLock"]);
    deepStrictEqual(unread, ["ownership"]);
  });

  it("has no say about a bucket that a stack makes", () => {
    const made = { type: "aws:s3/bucket:Bucket", id: "orders", inputs: { bucket: "orders" } };
    const state = read(stateOf(made, rules, component({ policy: "none" })));
    strictEqual(bucket(state, "orders").stated, undefined);
  });
});
