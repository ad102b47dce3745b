/**
 * Every permission that S3 replication asks for: the action, on what, when, what happens without it, and who says so.
 * The policies that are deployed grant these actions, and the requests that are rehearsed are made of these rows.
 */

import { unique } from "../util/grouping";
import {
  type Assumed,
  CONTRADICTIONS,
  type ContradictionName,
  type Documented,
  documented,
  type Fact,
  type Observed,
  PAGES,
} from "./evidence";

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

/** What becomes of the object when the permission is not there, and how that is known. */
export type Consequence =
  | { readonly outcome: "FAILED"; readonly failureReason: string; readonly known: Settled }
  | { readonly outcome: "TAGS_LOST" | "ANNOTATIONS_LOST"; readonly known: Settled }
  | { readonly outcome: "UNPROVEN"; readonly contradiction: ContradictionName };

/** What nothing contradicts. */
type Settled = Documented | Observed | Assumed;

/** The kind of document that the permission is missing from: the role's, or the resource's. */
export type Layer = "identity" | "resource";

/** A consequence of some cases. */
type ConsequenceOfCase = Consequence & {
  /** Default: in every case that no consequence before it is for. */
  readonly when?: (replication: ReplicationCase, layer: Layer) => boolean;
};

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

/** A row, which nobody can write without saying how each thing in it is known. */
type Row = {
  readonly action: string;
  readonly target: PermissionTarget;
  /** When S3 asks for it, for people. */
  readonly when: string;
  readonly needed: (replication: ReplicationCase) => boolean;
  /** What happens without it: the first that is for the case. The last is for all others. */
  readonly ifDenied: readonly [...ConsequenceOfCase[], Consequence];
  /** Another action that does as well, as the same pages say. */
  readonly instead?: (replication: ReplicationCase) => string | undefined;
} & (
  | {
      /** Statement of the deployed policies that grants it. */
      readonly group: PermissionGroup;
    }
  | {
      readonly group?: never;
      /** How it is known that nobody needs to grant it, so that only a Deny matters. */
      readonly ungranted: Settled;
    }
);

export type Permission = Row & {
  /** AWS pages, or the observation, that the row rests on. */
  readonly sources: readonly string[];
};

const failed = (failureReason: string, ...sources: Documented["sources"]): Consequence => ({
  outcome: "FAILED",
  failureReason,
  known: documented(...sources),
});
const contradicted = (contradiction: ContradictionName): Consequence => ({
  outcome: "UNPROVEN",
  contradiction,
});
const isObject = (replication: ReplicationCase) => !replication.deleteMarker;

/** No page of AWS that lists what to grant has them, and AWS's own role does without them. */
const LOCKS_NEED_NO_GRANT: Assumed = {
  grade: "assumed",
  statement:
    "nothing needs to grant s3:PutObjectRetention and s3:PutObjectLegalHold at the destination: what AWS lists for Object Lock leaves them out, though failure reasons name them",
  sources: [PAGES.objectLock, PAGES.failureReasons],
};

const ROWS: readonly Row[] = [
  {
    action: "sts:AssumeRole",
    target: "role",
    group: "assumeRole",
    when: "always",
    needed: () => true,
    ifDenied: [failed("AssumeRoleNotPermitted", PAGES.permissions)],
  },
  {
    action: "s3:GetReplicationConfiguration",
    target: "sourceBucket",
    group: "readSourceBucket",
    when: "always",
    needed: () => true,
    // No failure reason of S3 names this action.
    ifDenied: [contradicted("replicationConfiguration")],
  },
  {
    action: "s3:ListBucket",
    target: "sourceBucket",
    group: "readSourceBucket",
    when: "always",
    needed: () => true,
    ifDenied: [contradicted("listBucket")],
  },
  {
    action: "s3:GetObjectVersionForReplication",
    target: "sourceObject",
    group: "readSourceObjects",
    when: "objects",
    needed: isObject,
    ifDenied: [failed("SrcGetObjectNotPermitted", PAGES.permissions, PAGES.kms)],
    // s3:GetObjectVersion reads unencrypted and SSE-S3 objects for replication, but none under SSE-KMS.
    instead: (replication) => (replication.sourceKms ? undefined : "s3:GetObjectVersion"),
  },
  {
    action: "s3:GetObjectVersionAcl",
    target: "sourceObject",
    group: "readSourceObjects",
    when: "objects",
    needed: isObject,
    ifDenied: [failed("SrcGetAclNotPermitted", PAGES.permissions)],
  },
  {
    action: "s3:GetObjectVersionTagging",
    target: "sourceObject",
    group: "readSourceTags",
    when: "objects with tags",
    needed: (replication) => isObject(replication) && replication.tagged,
    ifDenied: [{ outcome: "TAGS_LOST", known: documented(PAGES.permissions) }],
  },
  {
    action: "s3:GetObjectVersionAnnotationForReplication",
    target: "sourceObject",
    group: "readSourceObjects",
    when: "objects with annotations",
    needed: (replication) => isObject(replication) && replication.annotated,
    ifDenied: [{ outcome: "ANNOTATIONS_LOST", known: documented(PAGES.whatReplicates, PAGES.permissions) }],
  },
  {
    action: "s3:GetObjectRetention",
    target: "sourceObject",
    group: "readSourceObjectLock",
    when: "objects under Object Lock",
    needed: (replication) => isObject(replication) && replication.locked,
    ifDenied: [failed("SrcGetRetentionNotPermitted", PAGES.objectLock)],
  },
  {
    action: "s3:GetObjectLegalHold",
    target: "sourceObject",
    group: "readSourceObjectLock",
    when: "objects under Object Lock",
    needed: (replication) => isObject(replication) && replication.locked,
    ifDenied: [failed("SrcGetLegalHoldNotPermitted", PAGES.objectLock)],
  },
  {
    action: "kms:Decrypt",
    target: "sourceKey",
    group: "useSourceKey",
    when: "SSE-KMS objects",
    needed: (replication) => isObject(replication) && replication.sourceKms,
    ifDenied: [failed("SrcGetObjectNotPermitted", PAGES.kms)],
  },
  {
    action: "kms:GenerateDataKey",
    target: "sourceKey",
    group: "useSourceKey",
    when: "SSE-KMS objects",
    needed: (replication) => isObject(replication) && replication.sourceKms,
    ifDenied: [contradicted("sourceDataKey")],
  },
  {
    action: "s3:ReplicateObject",
    target: "destinationObject",
    group: "writeReplicas",
    when: "objects",
    needed: isObject,
    ifDenied: [failed("DstPutObjectNotPermitted", PAGES.permissions)],
  },
  {
    action: "s3:ReplicateTags",
    target: "destinationObject",
    group: "writeReplicas",
    when: "objects with tags",
    needed: (replication) => isObject(replication) && replication.tagged,
    ifDenied: [contradicted("tagsAtDestination")],
  },
  {
    action: "s3:ReplicateObjectAnnotation",
    target: "destinationObject",
    when: "objects with annotations",
    needed: (replication) => isObject(replication) && replication.annotated,
    // s3:ReplicateObject covers annotations, unless this action is denied.
    ungranted: documented(PAGES.whatReplicates),
    ifDenied: [{ outcome: "ANNOTATIONS_LOST", known: documented(PAGES.whatReplicates, PAGES.permissions) }],
  },
  ...["s3:PutObjectRetention", "s3:PutObjectLegalHold"].map((action): Row => ({
    action,
    target: "destinationObject",
    when: "objects under Object Lock",
    needed: (replication) => isObject(replication) && replication.locked,
    ungranted: LOCKS_NEED_NO_GRANT,
    ifDenied: [contradicted("lockAtDestination")],
  })),
  {
    action: "s3:ReplicateDelete",
    target: "destinationObject",
    group: "writeDeleteMarkers",
    when: "delete markers",
    needed: (replication) => replication.deleteMarker,
    ifDenied: [failed("DstDelObjNotPermitted", PAGES.permissions)],
  },
  {
    action: "s3:ObjectOwnerOverrideToBucketOwner",
    target: "destinationObject",
    group: "giveOwnership",
    when: "rules with owner override",
    needed: (replication) => isObject(replication) && replication.ownerOverride,
    ifDenied: [
      {
        ...contradicted("ownerOverrideWithoutAcls"),
        when: (replication, layer) => layer === "resource" && replication.destinationOwnerEnforced,
      },
      failed("DstPutObjectNotPermitted", PAGES.ownerOverride, PAGES.troubleshooting),
    ],
  },
  {
    action: "kms:Encrypt",
    target: "destinationKey",
    group: "useDestinationKey",
    when: "SSE-KMS objects",
    needed: (replication) => isObject(replication) && replication.replicaKms && !replication.unencrypted,
    ifDenied: [failed("DstPutObjectNotPermitted", PAGES.kms)],
  },
  {
    action: "kms:GenerateDataKey",
    target: "destinationKey",
    group: "useDestinationKey",
    when: "unencrypted and SSE-KMS objects",
    needed: (replication) => isObject(replication) && replication.replicaKms,
    ifDenied: [
      {
        ...failed("DstPutObjectNotPermitted", PAGES.kms, PAGES.troubleshooting, PAGES.failureReasons),
        when: (replication) => replication.unencrypted,
      },
      { ...contradicted("destinationDataKey"), when: (replication) => replication.replicaBucketKey },
      contradicted("encryptAlone"),
    ],
  },
  {
    action: "kms:Decrypt",
    target: "destinationKey",
    group: "useDestinationKey",
    when: "SSE-KMS objects with an S3 Bucket Key",
    needed: (replication) => isObject(replication) && replication.replicaKms && replication.replicaBucketKey,
    ifDenied: [contradicted("destinationDecrypt")],
  },
];

/** Everything that a row says, with its grade: what happens without the permission, and that nobody needs to grant it. */
export function factsOf(row: Row): Fact[] {
  const ofConsequences = row.ifDenied.map((consequence): Fact =>
    consequence.outcome === "UNPROVEN" ? CONTRADICTIONS[consequence.contradiction] : consequence.known,
  );
  return [...ofConsequences, ...(row.group === undefined ? [row.ungranted] : [])];
}

export const PERMISSIONS: readonly Permission[] = ROWS.map((row) => ({
  ...row,
  sources: unique(factsOf(row).flatMap(({ sources }) => sources)),
}));

/** What becomes of an object without the permission. */
export function consequenceOf({ ifDenied }: Row, replication: ReplicationCase, layer: Layer): Consequence {
  const cases: readonly ConsequenceOfCase[] = ifDenied;
  const ofAllOthers = ifDenied[ifDenied.length - 1] as Consequence;
  return cases.find(({ when }) => when === undefined || when(replication, layer)) ?? ofAllOthers;
}

/** Actions that the statement of a group grants, in the table's order. */
export function actionsOf(group: PermissionGroup): string[] {
  return PERMISSIONS.filter((permission) => permission.group === group).map(({ action }) => action);
}
