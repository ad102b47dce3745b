/** What each failureReason of S3 means, and what to do. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html */

/** What names the missing statement. */
const DOCTOR = "'s3-replication doctor' names the missing statement";

const EXPLANATIONS: Readonly<Record<string, string>> = {
  AssumeRoleNotPermitted: `S3 may not assume the replication role, or the role of the job: look at the trust policies; ${DOCTOR}`,
  DstBucketInvalidRegion: "the destination bucket is in another Region than the job says",
  DstBucketNotFound: "the destination bucket of the rule is gone, or its name is wrong",
  DstBucketObjectLockConfigMissing:
    "the source has Object Lock and the destination bucket has not: turn it on there",
  DstBucketUnversioned: "versioning of the destination bucket is off or suspended: turn it on there",
  DstDelObjNotPermitted: `delete markers may not be written (s3:ReplicateDelete); ${DOCTOR}`,
  DstKmsKeyInvalidState: "the destination's KMS key is disabled or waits to be deleted: enable it",
  DstKmsKeyNotFound: "the KMS key that the rule names for replicas does not exist",
  DstMultipartCompleteNotPermitted: `replicas may not be written (s3:ReplicateObject, or the destination's key); ${DOCTOR}`,
  DstMultipartInitNotPermitted: `replicas may not be written (s3:ReplicateObject, or the destination's key); ${DOCTOR}`,
  DstMultipartUploadNotPermitted: `replicas may not be written (s3:ReplicateObject, or the destination's key); ${DOCTOR}`,
  DstObjectHardDeleted: "somebody deleted the replica by its version: S3 does not write it again",
  DstPutAclNotPermitted: `access control lists of replicas may not be written; ${DOCTOR}`,
  DstPutLegalHoldNotPermitted: `legal holds of replicas may not be written; ${DOCTOR}`,
  DstPutObjectNotPermitted: `replicas may not be written (s3:ReplicateObject, or the destination's key); ${DOCTOR}`,
  DstPutRetentionNotPermitted: `retention of replicas may not be written; ${DOCTOR}`,
  DstPutTaggingNotPermitted: `tags of replicas may not be written (s3:ReplicateTags); ${DOCTOR}`,
  DstVersionNotFound: "the version whose metadata was to be replicated is not in the destination bucket",
  InitiateReplicationNotPermitted: "the role of the job lacks s3:InitiateReplication on these objects",
  SrcBucketInvalidRegion: "the source bucket is in another Region than the job says",
  SrcBucketNotFound: "the source bucket of the job is gone, or its name is wrong",
  SrcBucketReplicationConfigMissing: "the source bucket has no replication configuration any more",
  SrcGetAclNotPermitted: `the replication role may not read access control lists (s3:GetObjectVersionAcl); ${DOCTOR}`,
  SrcGetLegalHoldNotPermitted: `the replication role may not read legal holds (s3:GetObjectLegalHold); ${DOCTOR}`,
  SrcGetObjectNotPermitted: `the replication role may not read the objects, or not use their KMS key; ${DOCTOR}`,
  SrcGetRetentionNotPermitted: `the replication role may not read retention (s3:GetObjectRetention); ${DOCTOR}`,
  SrcGetTaggingNotPermitted: `the replication role may not read tags (s3:GetObjectVersionTagging); ${DOCTOR}`,
  SrcHeadObjectNotPermitted: `the replication role may not read the objects; ${DOCTOR}`,
  SrcKeyNotFound: "the object is gone from the source bucket",
  SrcKmsKeyInvalidState: "the KMS key of the source objects is disabled or waits to be deleted: enable it",
  SrcObjectNotEligible:
    "no enabled rule takes the object, or its storage class or encryption keeps it from replication",
  SrcObjectNotFound: "the object is gone from the source bucket",
  SrcReplicationNotPending: "the object was replicated meanwhile, or is being replicated: nothing to do",
  SrcVersionNotFound: "this version is gone from the source bucket",
};

/** @returns undefined for a cause that AWS's page does not list. */
export function explanationOf(cause: string): string | undefined {
  return Object.hasOwn(EXPLANATIONS, cause) ? EXPLANATIONS[cause] : undefined;
}

/** The first failureReason that a text names. */
export function knownCauseIn(text: string): string | undefined {
  return text.match(/[A-Z][A-Za-z]+/g)?.find((word) => Object.hasOwn(EXPLANATIONS, word));
}
