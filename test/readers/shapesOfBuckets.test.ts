import { deepStrictEqual, strictEqual } from "node:assert";
import { bucket, read, SECRET, stateOf } from "./support";

const ROLE = "arn:aws:iam::111111111111:role/replicate";
const DOCUMENT = {
  Version: "2012-10-17",
  Statement: [{ Sid: "One", Effect: "Allow", Action: "*", Resource: "*" }],
};
const OTHER = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Two", Effect: "Allow", Action: "*", Resource: "*" }],
};

type Inputs = Record<string, unknown>;

/** The bucket 'a' with these inputs, and these settings of it. */
const withSettings = (inputs: Inputs, ...settings: readonly (readonly [type: string, inputs: Inputs])[]) =>
  bucket(
    read(
      stateOf(
        { type: "aws:s3/bucket:Bucket", id: "a", inputs },
        ...settings.map(([type, more], index) => ({
          type: `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
          name: `setting-${index}`,
          inputs: { bucket: "a", ...more },
        })),
      ),
    ),
    "a",
  );

describe("versioning of a bucket is read", () => {
  for (const type of ["BucketVersioning", "BucketVersioningV2"]) {
    for (const status of ["Enabled", "Suspended"]) {
      it(`from ${type}: ${status}`, () => {
        const { versioning } = withSettings({}, [type, { versioningConfiguration: { status } }]);
        strictEqual(versioning, status);
      });
    }
    it(`from ${type}: Disabled is as if it never was`, () => {
      const { versioning } = withSettings({}, [type, { versioningConfiguration: { status: "Disabled" } }]);
      strictEqual(versioning, null);
    });
    it(`from ${type}: a secret is unread`, () => {
      const { unread } = withSettings({}, [type, { versioningConfiguration: { status: SECRET } }]);
      deepStrictEqual(unread, ["versioning"]);
    });
  }
  it("from the bucket itself", () =>
    strictEqual(withSettings({ versioning: { enabled: true } }).versioning, "Enabled"));
  it("from the bucket itself, as a list", () =>
    strictEqual(withSettings({ versionings: [{ enabled: true }] }).versioning, "Enabled"));
  it("from the bucket itself, where it is off", () =>
    strictEqual(withSettings({ versioning: { enabled: false } }).versioning, null));
  it("as none where nothing says it", () => strictEqual(withSettings({}).versioning, null));
  it("from Object Lock, which needs it", () =>
    strictEqual(withSettings({ objectLockEnabled: true }).versioning, "Enabled"));
});

describe("encryption of a bucket is read", () => {
  const KEY = "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555";
  const rule = (kmsMasterKeyId?: unknown) => ({
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId },
    bucketKeyEnabled: true,
  });
  const expected = { algorithm: "aws:kms", keyArn: KEY, bucketKeyEnabled: true };

  for (const type of [
    "BucketServerSideEncryptionConfiguration",
    "BucketServerSideEncryptionConfigurationV2",
  ]) {
    it(`from ${type}`, () =>
      deepStrictEqual(withSettings({}, [type, { rules: [rule(KEY)] }]).encryption, expected));
  }
  it("from the bucket itself", () =>
    deepStrictEqual(
      withSettings({ serverSideEncryptionConfiguration: { rule: rule(KEY) } }).encryption,
      expected,
    ));
  it("from the bucket itself, as lists", () => {
    const lists = [
      {
        rules: [
          {
            ...rule(),
            applyServerSideEncryptionByDefaults: [rule(KEY).applyServerSideEncryptionByDefault],
            applyServerSideEncryptionByDefault: undefined,
          },
        ],
      },
    ];
    deepStrictEqual(withSettings({ serverSideEncryptionConfigurations: lists }).encryption, expected);
  });
  it("with a key that is called by its id", () => {
    const [type, id] = ["BucketServerSideEncryptionConfiguration", "11111111-2222-3333-4444-555555555555"];
    deepStrictEqual(withSettings({}, [type, { rules: [rule(id)] }]).encryption, expected);
  });
  it("as SSE-S3 where nothing says it", () =>
    deepStrictEqual(withSettings({}).encryption, { algorithm: "AES256" }));
  it("with the types that it blocks", () => {
    const { blockedEncryptionTypes } = withSettings({}, [
      "BucketServerSideEncryptionConfiguration",
      { rules: [{ ...rule(KEY), blockedEncryptionTypes: ["SSE-C"] }] },
    ]);
    deepStrictEqual(blockedEncryptionTypes, ["SSE-C"]);
  });
  for (const key of ["alias/elsewhere", undefined, SECRET]) {
    it(`as unread where the key is ${key === undefined ? "the AWS managed one" : JSON.stringify(key).slice(0, 20)}`, () => {
      const { encryption, unread } = withSettings({}, [
        "BucketServerSideEncryptionConfiguration",
        { rules: [rule(key)] },
      ]);
      deepStrictEqual([encryption?.keyArn, unread], [undefined, ["encryption"]]);
    });
  }

  for (const called of ["alias/photos", "arn:aws:kms:eu-west-1:111111111111:alias/photos"]) {
    it(`with the key of an alias of the same stack, wherever it stands: ${called}`, () => {
      const snapshot = read(
        stateOf(
          {
            type: "aws:s3/bucket:Bucket",
            id: "a",
            inputs: { serverSideEncryptionConfiguration: { rule: rule(called) } },
          },
          { type: "aws:kms/alias:Alias", inputs: { name: "alias/photos", targetKeyId: KEY.split("/")[1] } },
        ),
      );
      deepStrictEqual(bucket(snapshot, "a").encryption, expected);
    });
  }
});

describe("other settings of a bucket are read", () => {
  for (const type of ["BucketObjectLockConfiguration", "BucketObjectLockConfigurationV2"]) {
    it(`Object Lock from ${type}`, () => strictEqual(withSettings({}, [type, {}]).objectLock, true));
  }
  it("Object Lock from the bucket itself", () => {
    const { objectLock } = withSettings({ objectLockConfiguration: { objectLockEnabled: "Enabled" } });
    strictEqual(objectLock, true);
  });
  for (const type of ["BucketRequestPaymentConfiguration", "BucketRequestPaymentConfigurationV2"]) {
    it(`the payer from ${type}`, () => {
      strictEqual(withSettings({}, [type, { payer: "Requester" }]).requesterPays, true);
      strictEqual(withSettings({}, [type, { payer: "BucketOwner" }]).requesterPays, false);
    });
  }
  it("the payer from the bucket itself", () =>
    strictEqual(withSettings({ requestPayer: "Requester" }).requesterPays, true));
  it("ownership", () => {
    const { ownership } = withSettings({}, [
      "BucketOwnershipControls",
      { rule: { objectOwnership: "ObjectWriter" } },
    ]);
    strictEqual(ownership, "ObjectWriter");
  });
  it("the block of public access, of which what is not said is off", () => {
    const { publicAccessBlock } = withSettings({}, [
      "BucketPublicAccessBlock",
      { restrictPublicBuckets: true },
    ]);
    deepStrictEqual(publicAccessBlock, {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: true,
    });
  });
  it("the block of public access of an account", () => {
    const { accounts } = read(
      stateOf({
        type: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        inputs: { restrictPublicBuckets: true },
      }),
    );
    strictEqual(accounts["111111111111"]?.publicAccessBlock?.restrictPublicBuckets, true);
  });
  for (const [form, policy] of [
    ["an object", DOCUMENT],
    ["JSON", JSON.stringify(DOCUMENT)],
  ] as const) {
    it(`a policy as ${form}`, () =>
      deepStrictEqual(withSettings({}, ["BucketPolicy", { policy }]).policy, DOCUMENT));
    it(`a policy of the bucket itself as ${form}`, () =>
      deepStrictEqual(withSettings({ policy }).policy, DOCUMENT));
  }
  it("a policy of BucketPolicy instead of the bucket's own", () => {
    deepStrictEqual(withSettings({ policy: OTHER }, ["BucketPolicy", { policy: DOCUMENT }]).policy, DOCUMENT);
  });
});

describe("a replication configuration is read", () => {
  const DESTINATION = "arn:aws:s3:::b";
  const KEY = "arn:aws:kms:eu-west-3:222222222222:key/11111111-2222-3333-4444-555555555555";
  const replication = (rule: Inputs) =>
    withSettings({ versioning: { enabled: true } }, [
      "BucketReplicationConfig",
      { role: ROLE, rules: [rule] },
    ]).replication?.Rules[0];
  const inline = (rule: Inputs) =>
    withSettings({ versioning: { enabled: true }, replicationConfiguration: { role: ROLE, rules: [rule] } })
      .replication?.Rules[0];

  it("in the older schema", () =>
    deepStrictEqual(replication({ status: "Enabled", prefix: "x/", destination: { bucket: DESTINATION } }), {
      Status: "Enabled",
      Prefix: "x/",
      Destination: { Bucket: DESTINATION },
    }));

  it("with a priority of 0 where a rule with a filter says none", () =>
    deepStrictEqual(replication({ status: "Enabled", filter: {}, destination: { bucket: DESTINATION } }), {
      Priority: 0,
      Status: "Enabled",
      Filter: {},
      Destination: { Bucket: DESTINATION },
    }));

  it("with tags", () => {
    const filter = { and: { prefix: "x/", tags: { team: "a", tier: "b" } } };
    deepStrictEqual(
      replication({ status: "Enabled", filter, destination: { bucket: DESTINATION } })?.Filter,
      {
        And: {
          Prefix: "x/",
          Tags: [
            { Key: "team", Value: "a" },
            { Key: "tier", Value: "b" },
          ],
        },
      },
    );
    const one = { tag: { key: "team", value: "a" } };
    deepStrictEqual(
      replication({ status: "Enabled", filter: one, destination: { bucket: DESTINATION } })?.Filter,
      {
        Tag: { Key: "team", Value: "a" },
      },
    );
  });

  const EXPECTED = {
    ID: "all",
    Priority: 3,
    Status: "Enabled",
    Filter: { And: { Prefix: "x/", Tags: [{ Key: "team", Value: "a" }] } },
    DeleteMarkerReplication: { Status: "Disabled" },
    SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
    Destination: {
      Bucket: DESTINATION,
      Account: "222222222222",
      StorageClass: "STANDARD_IA",
      AccessControlTranslation: { Owner: "Destination" },
      EncryptionConfiguration: { ReplicaKmsKeyID: KEY },
      ReplicationTime: { Status: "Enabled", Time: { Minutes: 15 } },
      Metrics: { Status: "Enabled", EventThreshold: { Minutes: 15 } },
    },
  };

  it("from the bucket itself, in its own words", () =>
    deepStrictEqual(
      inline({
        id: "all",
        priority: 3,
        status: "Enabled",
        filter: { prefix: "x/", tags: { team: "a" } },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { enabled: true } },
        destination: {
          bucket: DESTINATION,
          accountId: "222222222222",
          storageClass: "STANDARD_IA",
          replicaKmsKeyId: KEY,
          accessControlTranslation: { owner: "Destination" },
          replicationTime: { minutes: 15, status: "Enabled" },
          metrics: { minutes: 15, status: "Enabled" },
        },
      }),
      EXPECTED,
    ));

  it("from a BucketV2, as lists", () => {
    const snapshot = read(
      stateOf({
        type: "aws:s3/bucketV2:BucketV2",
        id: "a",
        inputs: {
          versionings: [{ enabled: true }],
          replicationConfigurations: [
            {
              role: ROLE,
              rules: [
                {
                  id: "all",
                  priority: 3,
                  status: "Enabled",
                  filters: [{ prefix: "x/", tags: { team: "a" } }],
                  sourceSelectionCriterias: [{ sseKmsEncryptedObjects: [{ enabled: true }] }],
                  destinations: [
                    {
                      bucket: DESTINATION,
                      accountId: "222222222222",
                      storageClass: "STANDARD_IA",
                      replicaKmsKeyId: KEY,
                      accessControlTranslations: [{ owner: "Destination" }],
                      replicationTimes: [{ minutes: 15, status: "Enabled" }],
                      metrics: [{ minutes: 15, status: "Enabled" }],
                    },
                  ],
                },
              ],
            },
          ],
        },
      }),
    );
    deepStrictEqual(bucket(snapshot, "a").replication, { Role: ROLE, Rules: [EXPECTED] });
  });

  it("with delete markers, in the words of the bucket itself", () => {
    const rule = { status: "Enabled", filter: {}, deleteMarkerReplicationStatus: "Enabled" };
    deepStrictEqual(inline({ ...rule, destination: { bucket: DESTINATION } })?.DeleteMarkerReplication, {
      Status: "Enabled",
    });
  });
});
