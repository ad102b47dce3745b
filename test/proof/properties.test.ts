/** What holds of every set-up: advice builds the minimum from nothing, and of the minimum nothing can be left out. */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert";
import * as fc from "fast-check";
import type { BucketState, Snapshot } from "../../src/snapshot/snapshot";
import type { ReplicationRuleJson } from "../../src/replication/rules";
import { rehearse } from "../../src/rehearsal/rehearse";
import { applyAdvice } from "./applyAdvice";
import {
  administration,
  DESTINATION,
  DESTINATION_ACCOUNT,
  plainRule,
  policy,
  REPLICA_KEY,
  rule,
  setUp,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
} from "./setUp";

interface Wanted {
  readonly rules: readonly { prefix: string; kms: boolean; deleteMarkers: boolean; override: boolean }[];
  readonly sameAccount: boolean;
  readonly sourceKms: boolean;
  readonly bucketKey: boolean;
  readonly destinationBucketKey: boolean;
  readonly objectLock: boolean;
  readonly ownership: BucketState["ownership"];
  readonly sourceKeyLeftToIam: boolean;
}

const wanted: fc.Arbitrary<Wanted> = fc.record({
  rules: fc.uniqueArray(
    fc.record({
      prefix: fc.constantFrom("", "a/", "a/b/", "b*/", "c?", "${d}"),
      kms: fc.boolean(),
      deleteMarkers: fc.boolean(),
      override: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3, selector: ({ prefix }) => prefix },
  ),
  sameAccount: fc.boolean(),
  sourceKms: fc.boolean(),
  bucketKey: fc.boolean(),
  destinationBucketKey: fc.boolean(),
  objectLock: fc.boolean(),
  ownership: fc.constantFrom("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
  sourceKeyLeftToIam: fc.boolean(),
});

const nothing = { Version: "2012-10-17", Statement: [] };

/** Rules and buckets, and no permission anywhere. */
function bare(parts: Wanted): Snapshot {
  const { rules, sameAccount, sourceKms, objectLock, ownership, sourceKeyLeftToIam } = parts;
  const account = sameAccount ? SOURCE_ACCOUNT : DESTINATION_ACCOUNT;
  const underKey = (keyArn: string, bucketKeyEnabled: boolean) =>
    ({ algorithm: "aws:kms", keyArn, bucketKeyEnabled }) as const;
  return setUp({
    trust: nothing,
    rolePolicies: [],
    bucketPolicy: null,
    rules: rules.map(({ prefix, kms, deleteMarkers, override }, index): ReplicationRuleJson => {
      const change = {
        ID: `rule-${index}`,
        Priority: index + 1,
        Filter: { Prefix: prefix },
        DeleteMarkerReplication: { Status: deleteMarkers ? "Enabled" : "Disabled" },
      } as const;
      const { Destination: destination, ...rest } = kms && sourceKms ? rule(change) : plainRule(change);
      const { EncryptionConfiguration: encryption } = destination;
      return {
        ...rest,
        Destination: override
          ? { ...destination, Account: account }
          : {
              Bucket: DESTINATION,
              ...(encryption === undefined ? {} : { EncryptionConfiguration: encryption }),
            },
      };
    }),
    source: {
      objectLock,
      encryption: sourceKms ? underKey(SOURCE_KEY, parts.bucketKey) : { algorithm: "AES256" },
    },
    destination: {
      account,
      objectLock,
      ownership,
      encryption: underKey(REPLICA_KEY, parts.destinationBucketKey),
    },
    sourceKey: {
      policy: sourceKeyLeftToIam
        ? policy(administration(SOURCE_ACCOUNT))
        : policy({ ...administration(SOURCE_ACCOUNT), Action: ["kms:Put*", "kms:Get*", "kms:Describe*"] }),
    },
    replicaKey: { policy: policy(administration(DESTINATION_ACCOUNT)) },
  });
}

interface Document {
  Statement: { Sid?: string }[];
}

/** Documents of a snapshot that hold statements, to be changed in place. */
function documentsOf({ accounts, buckets, keys }: Snapshot): Document[] {
  const roles = Object.values(accounts).flatMap((account) => Object.values(account.roles));
  return [
    ...roles.flatMap((role) => [role.trust, ...role.policies]),
    buckets[DESTINATION]?.policy,
    buckets[SOURCE]?.policy,
    ...Object.values(keys).map((key) => key.policy),
  ].filter((document): document is Document => (document ?? null) !== null);
}

describe("advice", () => {
  it("makes a bare set-up proven, and grants nothing that is not needed", () => {
    fc.assert(
      fc.property(wanted, (parts) => {
        const snapshot = bare(parts);
        // A rule that leaves SSE-KMS objects alone is meant so here.
        const options = { accept: ["sse-kms-not-selected"] };
        const before = rehearse(snapshot, options);
        strictEqual(before.verdict, "broken");
        const after = rehearse(applyAdvice(snapshot, before.advice), options);
        strictEqual(
          after.verdict,
          "proven",
          JSON.stringify(after.objects.find(({ outcome }) => outcome !== "COMPLETED")),
        );
        deepStrictEqual(after.unusedGrants, []);
        deepStrictEqual(after.advice, []);
      }),
      { numRuns: 60 },
    );
  });

  it("is the minimum: without any one of its statements something is not allowed", () => {
    fc.assert(
      fc.property(wanted, (parts) => {
        const snapshot = bare(parts);
        const mended = applyAdvice(snapshot, rehearse(snapshot).advice);
        const own = new Set(
          documentsOf(snapshot).flatMap(({ Statement }) => Statement.map((each) => JSON.stringify(each))),
        );
        documentsOf(mended).forEach(({ Statement }, place) => {
          Statement.forEach((statement, index) => {
            if (own.has(JSON.stringify(statement))) return;
            const less = structuredClone(mended);
            documentsOf(less)[place]?.Statement.splice(index, 1);
            notStrictEqual(rehearse(less).verdict, "proven", `${statement.Sid} can be left out`);
          });
        });
      }),
      { numRuns: 15 },
    );
  });
});
