/** Which actions of S3 are about a bucket, and which about the objects in it. A test holds the lists against AWS's. */
import { compilePattern, testPattern } from "../../iam/pattern";
import { PERMISSIONS, type PermissionTarget } from "../permissions";

/** Actions that replication asks for, without their service. */
function ofReplication(...targets: readonly PermissionTarget[]): string[] {
  const actions = PERMISSIONS.filter(({ target }) => targets.includes(target)).map(({ action }) => action);
  return [...new Set(actions)].map((action) => action.replace(/^s3:/, ""));
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const OBJECT_ACTIONS: readonly string[] = [
  ...ofReplication("sourceObject", "destinationObject"),
  "AbortMultipartUpload",
  "BypassGovernanceRetention",
  "DeleteObject",
  "DeleteObjectAnnotation",
  "DeleteObjectTagging",
  "DeleteObjectVersion",
  "DeleteObjectVersionAnnotation",
  "DeleteObjectVersionTagging",
  "GetObject",
  "GetObjectAcl",
  "GetObjectAnnotation",
  "GetObjectAttributes",
  "GetObjectTagging",
  "GetObjectTorrent",
  "GetObjectVersion",
  "GetObjectVersionAnnotation",
  "GetObjectVersionAttributes",
  "GetObjectVersionTorrent",
  "InitiateReplication",
  "ListMultipartUploadParts",
  "ListObjectAnnotations",
  "ListObjectVersionAnnotations",
  "PutObject",
  "PutObjectAcl",
  "PutObjectAnnotation",
  "PutObjectTagging",
  "PutObjectVersionAcl",
  "PutObjectVersionAnnotation",
  "PutObjectVersionTagging",
  "RestoreObject",
  "UpdateObjectEncryption",
];

export const BUCKET_ACTIONS: readonly string[] = [
  ...ofReplication("sourceBucket"),
  "AllowVendedLogDeliveryForResource",
  "CreateBucket",
  "CreateBucketMetadataTableConfiguration",
  "DeleteBucket",
  "DeleteBucketMetadataTableConfiguration",
  "DeleteBucketPolicy",
  "DeleteBucketWebsite",
  "GetAccelerateConfiguration",
  "GetAnalyticsConfiguration",
  "GetBucketAbac",
  "GetBucketAcl",
  "GetBucketCORS",
  "GetBucketLocation",
  "GetBucketLogging",
  "GetBucketMetadataTableConfiguration",
  "GetBucketNotification",
  "GetBucketObjectLockConfiguration",
  "GetBucketOwnershipControls",
  "GetBucketPolicy",
  "GetBucketPolicyStatus",
  "GetBucketPublicAccessBlock",
  "GetBucketRequestPayment",
  "GetBucketTagging",
  "GetBucketVersioning",
  "GetBucketWebsite",
  "GetEncryptionConfiguration",
  "GetIntelligentTieringConfiguration",
  "GetInventoryConfiguration",
  "GetLifecycleConfiguration",
  "GetMetricsConfiguration",
  "ListBucketMultipartUploads",
  "ListBucketVersions",
  "ListTagsForResource",
  "PauseReplication",
  "PutAccelerateConfiguration",
  "PutAnalyticsConfiguration",
  "PutBucketAbac",
  "PutBucketAcl",
  "PutBucketCORS",
  "PutBucketLogging",
  "PutBucketNotification",
  "PutBucketObjectLockConfiguration",
  "PutBucketOwnershipControls",
  "PutBucketPolicy",
  "PutBucketPublicAccessBlock",
  "PutBucketRequestPayment",
  "PutBucketTagging",
  "PutBucketVersioning",
  "PutBucketWebsite",
  "PutEncryptionConfiguration",
  "PutIntelligentTieringConfiguration",
  "PutInventoryConfiguration",
  "PutLifecycleConfiguration",
  "PutMetricsConfiguration",
  "PutReplicationConfiguration",
  "TagResource",
  "UntagResource",
  "UpdateBucketMetadataAnnotationTableConfiguration",
  "UpdateBucketMetadataInventoryTableConfiguration",
  "UpdateBucketMetadataJournalTableConfiguration",
];

/** Actions on neither a bucket nor an object. */
export const OTHER_ACTIONS: readonly string[] = [
  "AssociateAccessGrantsIdentityCenter",
  "CreateAccessGrant",
  "CreateAccessGrantsInstance",
  "CreateAccessGrantsLocation",
  "CreateAccessPoint",
  "CreateAccessPointForObjectLambda",
  "CreateJob",
  "CreateMultiRegionAccessPoint",
  "CreateStorageLensGroup",
  "DeleteAccessGrant",
  "DeleteAccessGrantsInstance",
  "DeleteAccessGrantsInstanceResourcePolicy",
  "DeleteAccessGrantsLocation",
  "DeleteAccessPoint",
  "DeleteAccessPointForObjectLambda",
  "DeleteAccessPointPolicy",
  "DeleteAccessPointPolicyForObjectLambda",
  "DeleteJobTagging",
  "DeleteMultiRegionAccessPoint",
  "DeleteStorageLensConfiguration",
  "DeleteStorageLensConfigurationTagging",
  "DeleteStorageLensGroup",
  "DescribeJob",
  "DescribeMultiRegionAccessPointOperation",
  "DissociateAccessGrantsIdentityCenter",
  "GetAccessGrant",
  "GetAccessGrantsInstance",
  "GetAccessGrantsInstanceForPrefix",
  "GetAccessGrantsInstanceResourcePolicy",
  "GetAccessGrantsLocation",
  "GetAccessPoint",
  "GetAccessPointConfigurationForObjectLambda",
  "GetAccessPointForObjectLambda",
  "GetAccessPointPolicy",
  "GetAccessPointPolicyForObjectLambda",
  "GetAccessPointPolicyStatus",
  "GetAccessPointPolicyStatusForObjectLambda",
  "GetAccountPublicAccessBlock",
  "GetDataAccess",
  "GetJobTagging",
  "GetMultiRegionAccessPoint",
  "GetMultiRegionAccessPointPolicy",
  "GetMultiRegionAccessPointPolicyStatus",
  "GetMultiRegionAccessPointRoutes",
  "GetStorageLensConfiguration",
  "GetStorageLensConfigurationTagging",
  "GetStorageLensDashboard",
  "GetStorageLensGroup",
  "ListAccessGrants",
  "ListAccessGrantsInstances",
  "ListAccessGrantsLocations",
  "ListAccessPoints",
  "ListAccessPointsForObjectLambda",
  "ListAllMyBuckets",
  "ListCallerAccessGrants",
  "ListJobs",
  "ListMultiRegionAccessPoints",
  "ListStorageLensConfigurations",
  "ListStorageLensGroups",
  "PutAccessGrantsInstanceResourcePolicy",
  "PutAccessPointConfigurationForObjectLambda",
  "PutAccessPointPolicy",
  "PutAccessPointPolicyForObjectLambda",
  "PutAccessPointPublicAccessBlock",
  "PutAccountPublicAccessBlock",
  "PutJobTagging",
  "PutMultiRegionAccessPointPolicy",
  "PutStorageLensConfiguration",
  "PutStorageLensConfigurationTagging",
  "SubmitMultiRegionAccessPointRoutes",
  "UpdateAccessGrantsLocation",
  "UpdateJobPriority",
  "UpdateJobStatus",
  "UpdateStorageLensGroup",
];

/** Names that S3 took for actions once, and may still take. */
const FORMER_ACTIONS: readonly string[] = ["HeadBucket", "ListBucketByTags"];

const ACTIONS = [...OBJECT_ACTIONS, ...BUCKET_ACTIONS, ...OTHER_ACTIONS, ...FORMER_ACTIONS];

/** Whether S3 has an action, or one that a pattern may stand for. */
export function isAction(action: string): boolean {
  return /[*?]/.test(action) || isOneOf(action, ACTIONS);
}

/** Whether an action, or one of those that a pattern stands for, is about objects. An unknown one may be. */
export function isOfObjects(action: string): boolean {
  return isOneOf(action, OBJECT_ACTIONS) || !isKnown(action);
}

/** Whether an action, or one of those that a pattern stands for, is about a bucket. An unknown one may be. */
export function isOfBucket(action: string): boolean {
  return isOneOf(action, BUCKET_ACTIONS) || !isKnown(action);
}

function isKnown(action: string): boolean {
  return [OBJECT_ACTIONS, BUCKET_ACTIONS, OTHER_ACTIONS].some((names) => isOneOf(action, names));
}

function isOneOf(action: string, names: readonly string[]): boolean {
  if (action === "*") return true;
  const pattern = compilePattern(action, { version: "2008-10-17", ignoreCase: true });
  return names.some((name) => testPattern(pattern, `s3:${name}`, () => ({ state: "absent" })) === true);
}
