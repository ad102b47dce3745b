/** A replication rule of the S3 API in the words of the Pulumi provider. */
import * as pulumi from "@pulumi/pulumi";
import type { s3 } from "@pulumi/aws/types/input";
import { type ReplicationRuleJson, TIME_CONTROL } from "../replication/rules";

type PulumiRule = s3.BucketReplicationConfigRule;

/**
 * A rule of the S3 API in the words of @pulumi/aws.
 * @param replicaKmsKeyId Given where the rule replicates SSE-KMS objects; may be unknown in a preview.
 */
export function toPulumiRule(
  rule: ReplicationRuleJson,
  replicaKmsKeyId: pulumi.Input<string> | undefined,
): PulumiRule {
  const { Filter: filter, Destination: destination, SourceSelectionCriteria: criteria } = rule;
  return {
    id: rule.ID,
    priority: rule.Priority,
    status: rule.Status,
    filter: filter && {
      prefix: filter.Prefix,
      tag: filter.Tag && { key: filter.Tag.Key, value: filter.Tag.Value },
      and: filter.And && {
        prefix: filter.And.Prefix,
        tags: filter.And.Tags && Object.fromEntries(filter.And.Tags.map(({ Key, Value }) => [Key, Value])),
      },
    },
    deleteMarkerReplication: { status: rule.DeleteMarkerReplication?.Status ?? "Disabled" },
    sourceSelectionCriteria: criteria && {
      sseKmsEncryptedObjects: criteria.SseKmsEncryptedObjects && {
        status: criteria.SseKmsEncryptedObjects.Status,
      },
      replicaModifications: criteria.ReplicaModifications && { status: criteria.ReplicaModifications.Status },
    },
    destination: {
      bucket: destination.Bucket,
      account: destination.Account,
      storageClass: destination.StorageClass,
      accessControlTranslation: destination.AccessControlTranslation && {
        owner: destination.AccessControlTranslation.Owner,
      },
      encryptionConfiguration: replicaKmsKeyId === undefined ? undefined : { replicaKmsKeyId },
      replicationTime: destination.ReplicationTime && {
        status: destination.ReplicationTime.Status,
        time: { minutes: (destination.ReplicationTime.Time ?? TIME_CONTROL).Minutes },
      },
      metrics: destination.Metrics && {
        status: destination.Metrics.Status,
        eventThreshold: destination.Metrics.EventThreshold && {
          minutes: destination.Metrics.EventThreshold.Minutes,
        },
      },
    },
  };
}
