/**
 * Every permission that S3 replication asks for: the action, on what, when, what happens without it, and who says so.
 * The policies that are deployed grant these actions, and the requests that are rehearsed are made of these rows.
 */

import { type ContradictionName, PAGES } from "./evidence";

export { PAGES } from "./evidence";

/** What is being replicated, as far as permissions depend on it. */
export interface ReplicationCase {
  readonly deleteMarker: boolean;
  readonly tagged: boolean;
  readonly annotated: boolean;
  readonly locked: boolean;
  /** The source object is under SSE-KMS or DSSE-KMS. */
  readonly sourceKms: boolean;
  readonly sourceBucketKey: boolean;
  /** The replica is written under a KMS key. */
  readonly replicaKms: boolean;
  /** Source object or destination bucket use an S3 Bucket Key. */
  readonly replicaBucketKey: boolean;
  /** The source object is not encrypted at all (written before 2023), and takes the destination's default. */
  readonly unencrypted: boolean;
  readonly ownerOverride: boolean;
  readonly destinationOwnerEnforced: boolean;
}

/** What becomes of the object when the permission is not there. */
export type Consequence =
  | { readonly outcome: "FAILED"; readonly failureReason?: string }
  | { readonly outcome: "TAGS_LOST" }
  | { readonly outcome: "ANNOTATIONS_LOST" }
  | { readonly outcome: "UNPROVEN"; readonly contradiction: ContradictionName };

export type PermissionTarget =
  "role" | "sourceBucket" | "sourceObject" | "sourceKey" | "destinationObject" | "destinationKey";

/** Permissions that policies grant together: one statement for each group. */
export type PermissionGroup =
  | "assumeRole"
  | "readSourceBucket"
  | "readSourceObjects"
  | "readSourceTags"
  | "readSourceObjectLock"
  | "useSourceKey"
  | "writeReplicas"
  | "writeDeleteMarkers"
  | "giveOwnership"
  | "useDestinationKey";

export interface Permission {
  readonly action: string;
  readonly target: PermissionTarget;
  /** When S3 asks for it, for people. */
  readonly when: string;
  readonly needed: (replication: ReplicationCase) => boolean;
  /** What happens when the permission is missing from a policy document, the role's (`identity`) or the resource's. */
  readonly ifDenied: (replication: ReplicationCase, layer: "identity" | "resource") => Consequence;
  /** Statement of the deployed policies that grants it. Left out: no page asks anybody to grant it, and only a Deny matters. */
  readonly group?: PermissionGroup;
  /** Another action that does as well. */
  readonly instead?: (replication: ReplicationCase) => string | undefined;
  /** AWS pages, or the observation, that the row rests on. */
  readonly sources: readonly string[];
}

const fails = (failureReason?: string) => (): Consequence => ({ outcome: "FAILED", failureReason });
const unproven = (contradiction: ContradictionName) => (): Consequence => ({
  outcome: "UNPROVEN",
  contradiction,
});
const isObject = (replication: ReplicationCase) => !replication.deleteMarker;

export const PERMISSIONS: readonly Permission[] = [
  {
    action: "sts:AssumeRole",
    target: "role",
    group: "assumeRole",
    when: "always",
    needed: () => true,
    ifDenied: fails("AssumeRoleNotPermitted"),
    sources: [PAGES.permissions],
  },
  {
    action: "s3:GetReplicationConfiguration",
    target: "sourceBucket",
    group: "readSourceBucket",
    when: "always",
    needed: () => true,
    // No failure reason of S3 names this action.
    ifDenied: unproven("replicationConfiguration"),
    sources: [PAGES.permissions],
  },
  {
    action: "s3:ListBucket",
    target: "sourceBucket",
    group: "readSourceBucket",
    when: "always",
    needed: () => true,
    ifDenied: unproven("listBucket"),
    sources: [PAGES.permissions],
  },
  {
    action: "s3:GetObjectVersionForReplication",
    target: "sourceObject",
    group: "readSourceObjects",
    when: "objects",
    needed: isObject,
    ifDenied: fails("SrcGetObjectNotPermitted"),
    // s3:GetObjectVersion reads unencrypted and SSE-S3 objects for replication, but none under SSE-KMS.
    instead: (replication) => (replication.sourceKms ? undefined : "s3:GetObjectVersion"),
    sources: [PAGES.permissions, PAGES.kms],
  },
  {
    action: "s3:GetObjectVersionAcl",
    target: "sourceObject",
    group: "readSourceObjects",
    when: "objects",
    needed: isObject,
    ifDenied: fails("SrcGetAclNotPermitted"),
    sources: [PAGES.permissions],
  },
  {
    action: "s3:GetObjectVersionTagging",
    target: "sourceObject",
    group: "readSourceTags",
    when: "objects with tags",
    needed: (replication) => isObject(replication) && replication.tagged,
    ifDenied: () => ({ outcome: "TAGS_LOST" }),
    sources: [PAGES.permissions],
  },
  {
    action: "s3:GetObjectVersionAnnotationForReplication",
    target: "sourceObject",
    group: "readSourceObjects",
    when: "objects with annotations",
    needed: (replication) => isObject(replication) && replication.annotated,
    ifDenied: () => ({ outcome: "ANNOTATIONS_LOST" }),
    sources: [PAGES.whatReplicates, PAGES.permissions],
  },
  {
    action: "s3:GetObjectRetention",
    target: "sourceObject",
    group: "readSourceObjectLock",
    when: "objects under Object Lock",
    needed: (replication) => isObject(replication) && replication.locked,
    ifDenied: fails("SrcGetRetentionNotPermitted"),
    sources: [PAGES.objectLock],
  },
  {
    action: "s3:GetObjectLegalHold",
    target: "sourceObject",
    group: "readSourceObjectLock",
    when: "objects under Object Lock",
    needed: (replication) => isObject(replication) && replication.locked,
    ifDenied: fails("SrcGetLegalHoldNotPermitted"),
    sources: [PAGES.objectLock],
  },
  {
    action: "kms:Decrypt",
    target: "sourceKey",
    group: "useSourceKey",
    when: "SSE-KMS objects",
    needed: (replication) => isObject(replication) && replication.sourceKms,
    ifDenied: fails("SrcGetObjectNotPermitted"),
    sources: [PAGES.kms],
  },
  {
    action: "kms:GenerateDataKey",
    target: "sourceKey",
    group: "useSourceKey",
    when: "SSE-KMS objects",
    needed: (replication) => isObject(replication) && replication.sourceKms,
    ifDenied: unproven("sourceDataKey"),
    sources: [PAGES.troubleshooting, PAGES.kms, PAGES.observedEncrypt],
  },
  {
    action: "s3:ReplicateObject",
    target: "destinationObject",
    group: "writeReplicas",
    when: "objects",
    needed: isObject,
    ifDenied: fails("DstPutObjectNotPermitted"),
    sources: [PAGES.permissions],
  },
  {
    action: "s3:ReplicateTags",
    target: "destinationObject",
    group: "writeReplicas",
    when: "objects with tags",
    needed: (replication) => isObject(replication) && replication.tagged,
    ifDenied: unproven("tagsAtDestination"),
    sources: [PAGES.permissions, PAGES.failureReasons],
  },
  {
    action: "s3:ReplicateObjectAnnotation",
    target: "destinationObject",
    when: "objects with annotations",
    needed: (replication) => isObject(replication) && replication.annotated,
    // s3:ReplicateObject covers annotations, unless this action is denied.
    ifDenied: () => ({ outcome: "ANNOTATIONS_LOST" }),
    sources: [PAGES.whatReplicates, PAGES.permissions],
  },
  ...["s3:PutObjectRetention", "s3:PutObjectLegalHold"].map((action): Permission => ({
    action,
    target: "destinationObject",
    when: "objects under Object Lock",
    needed: (replication) => isObject(replication) && replication.locked,
    ifDenied: unproven("lockAtDestination"),
    sources: [PAGES.failureReasons, PAGES.objectLock],
  })),
  {
    action: "s3:ReplicateDelete",
    target: "destinationObject",
    group: "writeDeleteMarkers",
    when: "delete markers",
    needed: (replication) => replication.deleteMarker,
    ifDenied: fails("DstDelObjNotPermitted"),
    sources: [PAGES.permissions],
  },
  {
    action: "s3:ObjectOwnerOverrideToBucketOwner",
    target: "destinationObject",
    group: "giveOwnership",
    when: "rules with owner override",
    needed: (replication) => isObject(replication) && replication.ownerOverride,
    ifDenied: (replication, layer) =>
      layer === "resource" && replication.destinationOwnerEnforced
        ? unproven("ownerOverrideWithoutAcls")()
        : { outcome: "FAILED", failureReason: "DstPutObjectNotPermitted" },
    sources: [PAGES.ownerOverride, PAGES.troubleshooting],
  },
  {
    action: "kms:Encrypt",
    target: "destinationKey",
    group: "useDestinationKey",
    when: "SSE-KMS objects",
    needed: (replication) => isObject(replication) && replication.replicaKms && !replication.unencrypted,
    ifDenied: fails("DstPutObjectNotPermitted"),
    sources: [PAGES.kms, PAGES.observedEncrypt],
  },
  {
    action: "kms:GenerateDataKey",
    target: "destinationKey",
    group: "useDestinationKey",
    when: "unencrypted and SSE-KMS objects",
    needed: (replication) => isObject(replication) && replication.replicaKms,
    ifDenied: (replication) => {
      if (replication.unencrypted) return { outcome: "FAILED", failureReason: "DstPutObjectNotPermitted" };
      return unproven(replication.replicaBucketKey ? "destinationDataKey" : "encryptAlone")();
    },
    sources: [PAGES.kms, PAGES.troubleshooting, PAGES.failureReasons],
  },
  {
    action: "kms:Decrypt",
    target: "destinationKey",
    group: "useDestinationKey",
    when: "SSE-KMS objects with an S3 Bucket Key",
    needed: (replication) => isObject(replication) && replication.replicaKms && replication.replicaBucketKey,
    ifDenied: unproven("destinationDecrypt"),
    sources: [PAGES.kms, PAGES.bucketKeys],
  },
];

/** Actions that the statement of a group grants, in the table's order. */
export function actionsOf(group: PermissionGroup): string[] {
  return PERMISSIONS.filter((permission) => permission.group === group).map(({ action }) => action);
}
