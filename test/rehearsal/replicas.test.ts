import { deepStrictEqual, strictEqual } from "node:assert";
import type { ObjectState, Snapshot } from "../../src/snapshot/snapshot";
import {
  changeBucket,
  DESTINATION,
  forbid,
  key,
  object,
  only,
  PLAIN,
  rehearseWith,
  REPLICA_KEY,
  rule,
  setRules,
  SOURCE_KEY,
} from "../support/handMade";

type Accounts = Snapshot & { objects: ObjectState[] };

const replicaOf = (change: (snapshot: Accounts) => unknown) => {
  const report = only(rehearseWith(change));
  strictEqual(report.outcome, "COMPLETED", report.reason);
  return report.replica;
};
const withObject = (change: Partial<ObjectState>) => (snapshot: Accounts) => {
  snapshot.objects = [object(change)];
};
const kms = (algorithm: "aws:kms" | "aws:kms:dsse", bucketKeyEnabled?: boolean) => ({
  encryption: { algorithm, keyArn: SOURCE_KEY, bucketKeyEnabled },
});

describe("the encryption of a replica", () => {
  const cases: [string, Partial<ObjectState>, object][] = [
    [
      "SSE-KMS under the rule's key",
      kms("aws:kms", false),
      { algorithm: "aws:kms", keyArn: REPLICA_KEY, bucketKeyEnabled: false },
    ],
    [
      "SSE-KMS with a Bucket Key, as the source object",
      kms("aws:kms", true),
      { algorithm: "aws:kms", keyArn: REPLICA_KEY, bucketKeyEnabled: true },
    ],
    [
      "DSSE-KMS, as the source object",
      kms("aws:kms:dsse"),
      { algorithm: "aws:kms:dsse", keyArn: REPLICA_KEY, bucketKeyEnabled: false },
    ],
    [
      "SSE-S3, as the source object, whatever the destination's default is",
      { encryption: PLAIN },
      { algorithm: "AES256" },
    ],
    [
      "the destination's default where the source object has none",
      { encryption: { algorithm: "NONE" } },
      { algorithm: "aws:kms", keyArn: REPLICA_KEY, bucketKeyEnabled: true },
    ],
  ];
  for (const [what, given, expected] of cases) {
    it(`is ${what}`, () => {
      deepStrictEqual(replicaOf(withObject(given))?.encryption, expected);
    });
  }

  it("is under the key of the rule that decides", () => {
    const other = REPLICA_KEY.replaceAll("2222-", "3333-");
    const replica = replicaOf((s) => {
      s.keys[other] = structuredClone(s.keys[REPLICA_KEY]) ?? key("222222222222", "us-east-1", null);
      setRules(
        s,
        rule(),
        rule({ ID: "b", Priority: 2 }, { EncryptionConfiguration: { ReplicaKmsKeyID: other } }),
      );
    });
    strictEqual(replica?.encryption.keyArn, other);
  });
});

describe("the owner of a replica", () => {
  const override = { Account: "222222222222", AccessControlTranslation: { Owner: "Destination" } };
  const cases: [string, object, string, string][] = [
    ["the destination's account under BucketOwnerEnforced", {}, "BucketOwnerEnforced", "222222222222"],
    ["the source's account with ACLs at the destination", {}, "ObjectWriter", "111111111111"],
    ["the source's account under BucketOwnerPreferred", {}, "BucketOwnerPreferred", "111111111111"],
    ["the destination's account with an owner override", override, "ObjectWriter", "222222222222"],
  ];
  for (const [what, destination, ownership, owner] of cases) {
    it(`is ${what}`, () => {
      const replica = replicaOf((s) => {
        changeBucket(s, DESTINATION, { ownership });
        setRules(s, rule({}, destination));
      });
      strictEqual(replica?.owner, owner);
    });
  }
});

describe("the storage class of a replica", () => {
  const cases: [string, string | undefined, string | undefined, string][] = [
    ["the rule's", "STANDARD_IA", "GLACIER_IR", "GLACIER_IR"],
    ["the object's where the rule says none", "STANDARD_IA", undefined, "STANDARD_IA"],
    ["STANDARD where nobody says any", undefined, undefined, "STANDARD"],
  ];
  for (const [what, ofObject, ofRule, expected] of cases) {
    it(`is ${what}`, () => {
      const replica = replicaOf((s) => {
        s.objects = [object({ storageClass: ofObject })];
        setRules(s, rule({}, { StorageClass: ofRule }));
      });
      strictEqual(replica?.storageClass, expected);
    });
  }
});

describe("the tags of a replica", () => {
  it("are those of the object", () => {
    deepStrictEqual(replicaOf(withObject({ tags: { a: "1", b: "2" } }))?.tags, { a: "1", b: "2" });
  });

  it("are lost where the role may not read them, which breaks the verdict", () => {
    const report = rehearseWith((s) => {
      s.objects = [object({ tags: { a: "1" } })];
      forbid(s, "s3:GetObjectVersionTagging");
    });
    const { outcome, replica, missing } = only(report);
    deepStrictEqual([outcome, replica?.tags, report.verdict], ["COMPLETED", {}, "broken"]);
    deepStrictEqual(
      missing.map(({ action, where, why }) => [action, where, why]),
      [["s3:GetObjectVersionTagging", "role policy", "denied"]],
    );
  });
});

describe("a delete marker", () => {
  it("is replicated as one, without asking for the object", () => {
    const report = only(rehearseWith(withObject({ deleteMarker: true, encryption: PLAIN })));
    strictEqual(report.replica?.deleteMarker, true);
    deepStrictEqual(
      report.requests.map(({ action }) => action),
      ["sts:AssumeRole", "s3:GetReplicationConfiguration", "s3:ListBucket", "s3:ReplicateDelete"],
    );
  });
});

describe("an S3 Bucket Key of the destination bucket", () => {
  it("leaves an object without one unproven where only kms:Encrypt is granted: AWS's pages contradict each other", () => {
    const report = only(
      rehearseWith((s) => {
        const policy = {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: "arn:aws:iam::111111111111:root" },
              Action: "kms:Encrypt",
              Resource: "*",
            },
          ],
        };
        s.keys[REPLICA_KEY] = key("222222222222", "us-east-1", policy);
      }),
    );
    strictEqual(report.outcome, "UNPROVEN", report.reason);
  });
});
