import { deepStrictEqual, strictEqual } from "node:assert";
import { BATCH_KIND } from "../../src/rehearsal/batch";
import type { ObjectReport } from "../../src/rehearsal/report/report";
import { type Removal, removeActions, removeStatements } from "../support/removal";

/** Which objects a statement or action matters to, by what a report calls their kind. */
const CLASSES = {
  everything: (kind: string) => kind !== BATCH_KIND,
  objects: (kind: string) => kind !== "delete marker" && kind !== BATCH_KIND,
  job: (kind: string) => kind === BATCH_KIND,
  markers: (kind: string) => kind === "delete marker",
  tagged: (kind: string) => kind.includes("tagged"),
  locked: (kind: string) => kind.includes("locked"),
  kms: (kind: string) => kind.startsWith("SSE-KMS"),
} as const;

/** What becomes of which objects; nothing becomes of any where the list is empty. */
type Consequences = readonly (readonly [keyof typeof CLASSES, string])[];

/** Removed as a whole. */
const STATEMENTS: Readonly<Record<string, Consequences>> = {
  "trust: AllowS3ToReplicate": [["everything", "FAILED AssumeRoleNotPermitted: sts:AssumeRole"]],
  "role policy: ReadSourceBucket": [["everything", "UNPROVEN: s3:GetReplicationConfiguration"]],
  "role policy: ReadSourceObjects": [
    ["objects", "FAILED SrcGetObjectNotPermitted: s3:GetObjectVersionForReplication"],
  ],
  "role policy: ReadSourceTags": [["tagged", "TAGS LOST: s3:GetObjectVersionTagging"]],
  "role policy: ReadSourceObjectLock": [
    ["locked", "FAILED SrcGetRetentionNotPermitted: s3:GetObjectRetention"],
  ],
  "role policy: WriteReplicas": [["objects", "FAILED DstPutObjectNotPermitted: s3:ReplicateObject"]],
  "role policy: WriteDeleteMarkers": [["markers", "FAILED DstDelObjNotPermitted: s3:ReplicateDelete"]],
  "role policy: GiveOwnership": [
    ["objects", "FAILED DstPutObjectNotPermitted: s3:ObjectOwnerOverrideToBucketOwner"],
  ],
  "role policy: ReadSourceKeys": [["kms", "FAILED SrcGetObjectNotPermitted: kms:Decrypt"]],
  "role policy: EncryptReplicas": [["kms", "FAILED DstPutObjectNotPermitted: kms:Encrypt"]],
  "trust: AllowBatchOperations": [["job", "FAILED AssumeRoleNotPermitted: sts:AssumeRole"]],
  "role policy: InitiateReplication": [
    ["job", "FAILED InitiateReplicationNotPermitted: s3:InitiateReplication"],
  ],
  "role policy: GenerateManifest": [["job", "FAILED: s3:GetReplicationConfiguration"]],
  "role policy: WriteReport": [["job", "FAILED: s3:PutObject"]],
  "destination bucket policy: ReplicateFrom*": [
    ["objects", "FAILED DstPutObjectNotPermitted: s3:ReplicateObject"],
    ["markers", "FAILED DstDelObjNotPermitted: s3:ReplicateDelete"],
  ],
  "destination key policy: ReplicateFrom*": [["kms", "FAILED DstPutObjectNotPermitted: kms:Encrypt"]],
  // The key's own root delegates to IAM: without it, the role's own policy counts for nothing at this key.
  "source key policy: AdministerKey": [["kms", "FAILED SrcGetObjectNotPermitted: kms:Decrypt"]],
  // Across accounts nothing hangs on the delegation: the key policy names the source's account itself.
  "destination key policy: AdministerKey": [],
  // S3 puts its lists as itself, and nothing is replicated by it.
  "source bucket policy: S3PutsInventory": [],
  "destination bucket policy: S3PutsInventory": [],
  "source bucket policy: DenyInsecureTransport": [],
  "destination bucket policy: DenyInsecureTransport": [],
};

/** Removed from a statement that keeps its other actions. */
const ACTIONS: Readonly<Record<string, Consequences>> = {
  "role policy: ReadSourceBucket: s3:GetReplicationConfiguration": [
    ["everything", "UNPROVEN: s3:GetReplicationConfiguration"],
  ],
  "role policy: ReadSourceBucket: s3:ListBucket": [["everything", "UNPROVEN: s3:ListBucket"]],
  "role policy: ReadSourceObjects: s3:GetObjectVersionForReplication": [
    ["objects", "FAILED SrcGetObjectNotPermitted: s3:GetObjectVersionForReplication"],
  ],
  "role policy: ReadSourceObjects: s3:GetObjectVersionAcl": [
    ["objects", "FAILED SrcGetAclNotPermitted: s3:GetObjectVersionAcl"],
  ],
  // Nobody is known to write annotations where no policy speaks of them: the report warns that they stay behind.
  "role policy: ReadSourceObjects: s3:GetObjectVersionAnnotationForReplication": [],
  "role policy: ReadSourceObjectLock: s3:GetObjectRetention": [
    ["locked", "FAILED SrcGetRetentionNotPermitted: s3:GetObjectRetention"],
  ],
  "role policy: ReadSourceObjectLock: s3:GetObjectLegalHold": [
    ["locked", "FAILED SrcGetLegalHoldNotPermitted: s3:GetObjectLegalHold"],
  ],
  "role policy: WriteReplicas: s3:ReplicateObject": [
    ["objects", "FAILED DstPutObjectNotPermitted: s3:ReplicateObject"],
  ],
  "role policy: WriteReplicas: s3:ReplicateTags": [["tagged", "UNPROVEN: s3:ReplicateTags"]],
  "role policy: GenerateManifest: s3:GetReplicationConfiguration": [
    ["job", "FAILED: s3:GetReplicationConfiguration"],
  ],
  "role policy: GenerateManifest: s3:PutInventoryConfiguration": [
    ["job", "FAILED: s3:PutInventoryConfiguration"],
  ],
  "role policy: ReadSourceKeys: kms:Decrypt": [["kms", "FAILED SrcGetObjectNotPermitted: kms:Decrypt"]],
  // It was observed that S3 does without these three, and the report lists the observation.
  "role policy: ReadSourceKeys: kms:GenerateDataKey": [],
  "role policy: EncryptReplicas: kms:Encrypt": [["kms", "FAILED DstPutObjectNotPermitted: kms:Encrypt"]],
  "role policy: EncryptReplicas: kms:GenerateDataKey": [["kms", "UNPROVEN: kms:GenerateDataKey"]],
  // At the destination a Bucket Key counts on either side.
  "role policy: EncryptReplicas: kms:Decrypt": [["kms", "UNPROVEN: kms:Decrypt"]],
  "destination bucket policy: ReplicateFrom*: s3:ReplicateObject": [
    ["objects", "FAILED DstPutObjectNotPermitted: s3:ReplicateObject"],
  ],
  "destination bucket policy: ReplicateFrom*: s3:ReplicateTags": [],
  "destination bucket policy: ReplicateFrom*: s3:ReplicateDelete": [
    ["markers", "FAILED DstDelObjNotPermitted: s3:ReplicateDelete"],
  ],
  "destination bucket policy: ReplicateFrom*: s3:ObjectOwnerOverrideToBucketOwner": [],
  "destination key policy: ReplicateFrom*: kms:Encrypt": [
    ["kms", "FAILED DstPutObjectNotPermitted: kms:Encrypt"],
  ],
  "destination key policy: ReplicateFrom*: kms:GenerateDataKey": [["kms", "UNPROVEN: kms:GenerateDataKey"]],
  "destination key policy: ReplicateFrom*: kms:Decrypt": [["kms", "UNPROVEN: kms:Decrypt"]],
};

/** What only pages about S3 Bucket Keys ask for is granted here as well, and changes nothing. */
const WITHOUT_BUCKET_KEYS = "kms-same-region";

const name = ({ bucket, key, destination }: ObjectReport) => `${bucket}/${key} to ${destination}`;

/** Outcome, S3's reason and the first action that is missing. */
function fate({ outcome, failureReason, missing }: ObjectReport): string {
  const action = missing[0]?.action;
  const word = outcome === "COMPLETED" && missing.length > 0 ? "TAGS LOST" : outcome;
  return `${[word, failureReason].filter(Boolean).join(" ")}: ${action}`;
}

/** With replication in both directions the policies of one bucket are those of a source and of a destination. */
function withBothDirections(table: Readonly<Record<string, Consequences>>) {
  const ofDestinations = Object.entries(table).filter(([id]) => /^destination .*: ReplicateFrom/.test(id));
  return {
    ...table,
    ...Object.fromEntries(ofDestinations.map(([id, row]) => [id.replace("destination", "source"), row])),
  };
}

for (const [what, remove, table] of [
  ["statement", removeStatements, withBothDirections(STATEMENTS)],
  ["action", removeActions, withBothDirections(ACTIONS)],
] as const) {
  describe(`every ${what} of every example, removed one at a time`, function () {
    this.timeout(120_000);
    let removals: Removal[] = [];
    before(async () => {
      removals = await remove();
    });

    it("is in the table, and the table has no others", () => {
      deepStrictEqual([...new Set(removals.map(({ id }) => id))].sort(), Object.keys(table).sort());
    });

    for (const [id, consequences] of Object.entries(table)) {
      const expected = consequences.map(([which, fate]) => `${which} ${fate}`).join("; ") || "no object";
      it(`${id} changes ${expected}`, () => {
        const those = removals.filter((removal) => removal.id === id);
        strictEqual(those.length > 0, true, "it is in no example");
        for (const { example, changed, affected } of those) {
          const classes = consequences.map(([which]) => CLASSES[which]);
          const isForBucketKeys = /kms:GenerateDataKey$|(EncryptReplicas|ReplicateFrom\*): kms:Decrypt$/.test(
            id,
          );
          const isIdle = isForBucketKeys && example === WITHOUT_BUCKET_KEYS;
          const concerned = affected.filter(
            ({ kind }) => !isIdle && classes.some((matches) => matches(kind)),
          );
          deepStrictEqual(changed.map(name).sort(), concerned.map(name).sort(), example);
          strictEqual(changed.length > 0, consequences.length > 0 && !isIdle, example);
          for (const object of changed) {
            const [, fated] = consequences.find(([which]) => CLASSES[which](object.kind)) ?? [];
            strictEqual(fate(object), fated, `${example}: ${name(object)}`);
          }
        }
      });
    }

    it("leaves the verdict alone only where nothing changed", () => {
      for (const { id, example, changed, after } of removals) {
        const unproven = changed.every((object) => fate(object).startsWith("UNPROVEN"));
        // KMS stores no policy that nobody may change.
        const isLocked = id.endsWith(" key policy: AdministerKey");
        const expected = isLocked
          ? "broken"
          : changed.length === 0
            ? "proven"
            : unproven
              ? "unproven"
              : "broken";
        strictEqual(after.verdict, expected, `${example}: ${id}`);
      }
    });
  });
}
