import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { rehearse } from "../../src/rehearsal/rehearse";
import {
  changeBucket,
  DESTINATION,
  forbid,
  handMade,
  rehearseWith,
  rule,
  setRules,
  SOURCE,
} from "../support/handMade";

/** All kinds of objects, in a bucket that is encrypted in another way. */
function inBucket(encryption: object | undefined, change: (snapshot: Snapshot) => unknown = () => undefined) {
  const snapshot: Snapshot = { ...handMade(), objects: undefined };
  changeBucket(snapshot, SOURCE, { encryption });
  change(snapshot);
  const report = rehearse(snapshot);
  return {
    verdict: report.verdict,
    outcomes: Object.fromEntries(report.objects.map(({ key, outcome }) => [key, outcome])),
  };
}

describe("objects under keys that nobody names", () => {
  it("are under the key that AWS manages where a bucket has SSE-KMS and no key: unproven while that key is not read", () => {
    const { verdict, outcomes } = inBucket({ algorithm: "aws:kms" });
    deepStrictEqual([verdict, outcomes.plain, outcomes.kms], ["unproven", "COMPLETED", "UNPROVEN"]);
  });

  it("are expected by a rule that selects SSE-KMS objects, and fail where the replica key is not granted", () => {
    const withoutKms = (snapshot: Snapshot) => {
      for (const role of Object.values(snapshot.accounts["111111111111"]?.roles ?? {})) {
        role.policies = [
          { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] },
        ];
      }
    };
    deepStrictEqual(inBucket({ algorithm: "AES256" }).outcomes.kms, "UNPROVEN");
    const { verdict, outcomes } = inBucket({ algorithm: "AES256" }, withoutKms);
    deepStrictEqual([verdict, outcomes.kms], ["broken", "FAILED"]);
  });

  it("are not looked for where no rule selects them", () => {
    const { verdict, outcomes } = inBucket({ algorithm: "AES256" }, (snapshot) => {
      const { Destination: destination, ...rest } = rule({ SourceSelectionCriteria: undefined });
      setRules(snapshot, { ...rest, Destination: { ...destination, EncryptionConfiguration: undefined } });
    });
    deepStrictEqual([verdict, outcomes.kms], ["proven", undefined]);
  });
});

describe("S3 Bucket Keys", () => {
  it("that a destination may use are asked for both ways: a policy that tells them apart is undecided", () => {
    const withPolicy = (value: string) => (snapshot: Snapshot) => {
      const { encryption } = snapshot.buckets[DESTINATION] ?? {};
      changeBucket(snapshot, DESTINATION, {
        encryption: { ...encryption, bucketKeyEnabled: undefined },
        unread: ["encryption.bucketKeyEnabled"],
      });
      const Condition = { StringLike: { "kms:EncryptionContext:aws:s3:arn": value } };
      forbid(snapshot, "kms:Encrypt", { Condition });
    };
    const reasons = (value: string) =>
      rehearseWith(withPolicy(value)).objects.map(({ outcome, reason = "" }) => [
        outcome,
        /hangs on kms:EncryptionContext:aws:s3:arn/.test(reason),
      ]);
    deepStrictEqual(reasons(DESTINATION), [["UNPROVEN", true]]);
    deepStrictEqual(reasons("arn:aws:s3:::another"), [["COMPLETED", false]]);
  });

  const { encryption } = handMade().buckets[SOURCE] ?? {};

  it("make two kinds of objects where the bucket uses them: those from before have none", () => {
    const { outcomes } = inBucket(encryption);
    deepStrictEqual([outcomes.kms, outcomes["kms-bucket-key"]], ["COMPLETED", "COMPLETED"]);
  });

  it("are assumed not to be asked for by writers where the bucket does not use them, and the report says so", () => {
    const snapshot: Snapshot = { ...handMade(), objects: undefined };
    changeBucket(snapshot, SOURCE, { encryption: { ...encryption, bucketKeyEnabled: false } });
    const { objects, assumptions } = rehearse(snapshot);
    deepStrictEqual(
      objects.filter(({ kind }) => kind.includes("SSE-KMS")).map(({ key }) => key),
      ["kms"],
    );
    match(assumptions.join("\n"), /have none \(their writers do not ask for one\)/);
  });
});

describe("a rule of the V1 schema", () => {
  it("replicates delete markers within an account, and across accounts nobody knows", () => {
    const v1 = rule({
      Filter: undefined,
      Prefix: "",
      Priority: undefined,
      DeleteMarkerReplication: undefined,
    });
    strictEqual(inBucket({ algorithm: "AES256" }, (s) => setRules(s, v1)).outcomes.deleted, "UNPROVEN");
    const within = inBucket({ algorithm: "AES256" }, (snapshot) => {
      setRules(snapshot, v1);
      changeBucket(snapshot, DESTINATION, { account: "111111111111" });
    });
    strictEqual(within.outcomes.deleted, "COMPLETED");
  });
});

describe("a Deny by the version of TLS", () => {
  const below = (version: string) => (snapshot: Snapshot) => {
    const policy = snapshot.buckets[DESTINATION]?.policy as { Statement: unknown[] };
    policy.Statement.push({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: `${DESTINATION}/*`,
      Condition: { NumericLessThan: { "s3:TlsVersion": version } },
    });
  };
  const { encryption } = handMade().buckets[SOURCE] ?? {};

  it("is harmless below 1.2, which no endpoint takes any more", () => {
    strictEqual(inBucket(encryption, below("1.2")).verdict, "proven");
  });

  it("is unproven below 1.3", () => {
    strictEqual(inBucket(encryption, below("1.3")).verdict, "unproven");
  });
});

describe("a Deny for everybody outside an organization", () => {
  const outside = (organizationId?: string) => (snapshot: Snapshot) => {
    const policy = snapshot.buckets[DESTINATION]?.policy as { Statement: unknown[] };
    policy.Statement.push({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: `${DESTINATION}/*`,
      Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
    });
    Object.assign(snapshot.accounts["111111111111"] ?? {}, { organizationId });
  };
  const { encryption } = handMade().buckets[SOURCE] ?? {};

  it("is unproven where nobody says which organization the role's account is in", () => {
    strictEqual(inBucket(encryption, outside()).verdict, "unproven");
  });

  it("is decided where the snapshot says it", () => {
    strictEqual(inBucket(encryption, outside("o-a1b2c3d4e5")).verdict, "proven");
    strictEqual(inBucket(encryption, outside("o-zzzzzzzzzz")).verdict, "broken");
  });
});
