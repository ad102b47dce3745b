/** What the AWS provider's functions answer about a bucket's replication configuration, in the provider's words. */
import type { ReplicationConfiguration, ReplicationRuleJson } from "../../replication/rules";

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/s3/getbucketreplicationconfiguration/ */
export function replicationAnswer(
  bucket: string,
  region: string,
  configuration: ReplicationConfiguration,
): Record<string, unknown> {
  return {
    id: bucket,
    bucket,
    region,
    role: configuration.Role,
    rules: (configuration.Rules ?? []).map(ruleAnswer),
  };
}

function ruleAnswer(rule: ReplicationRuleJson): object {
  const { Destination: destination, Filter: filter, SourceSelectionCriteria: criteria } = rule;
  const { ReplicationTime: time, Metrics: metrics, AccessControlTranslation: translation } = destination;
  const tag = ({ Key: key, Value: value }: { Key: string; Value: string }) => ({ key, value });
  return {
    id: rule.ID ?? "",
    priority: rule.Priority ?? 0,
    prefix: rule.Prefix ?? "",
    status: rule.Status,
    filters: block(filter, ({ Prefix: prefix = "", Tag, And: and }) => ({
      prefix,
      tags: block(Tag, tag),
      ands: block(and, ({ Prefix = "", Tags = [] }) => ({ prefix: Prefix, tags: Tags.map(tag) })),
    })),
    deleteMarkerReplications: block(rule.DeleteMarkerReplication, status),
    existingObjectReplications: block(rule.ExistingObjectReplication, status),
    sourceSelectionCriterias: block(criteria, ({ SseKmsEncryptedObjects, ReplicaModifications }) => ({
      sseKmsEncryptedObjects: block(SseKmsEncryptedObjects, status),
      replicaModifications: block(ReplicaModifications, status),
    })),
    destinations: [
      {
        bucket: destination.Bucket,
        account: destination.Account ?? "",
        storageClass: destination.StorageClass ?? "",
        accessControlTranslations: block(translation, ({ Owner: owner }) => ({ owner })),
        encryptionConfigurations: block(destination.EncryptionConfiguration, (encryption) => ({
          replicaKmsKeyId: encryption.ReplicaKmsKeyID ?? "",
        })),
        replicationTimes: block(time, (each) => ({ ...status(each), times: block(each.Time, minutes) })),
        metrics: block(metrics, (each) => ({
          ...status(each),
          eventThresholds: block(each.EventThreshold, minutes),
        })),
      },
    ],
  };
}

/** The provider shows a part that can be left out as a list of one or none. */
function block<Part>(part: Part | undefined, show: (part: Part) => object): object[] {
  return part === undefined ? [] : [show(part)];
}

const status = ({ Status }: { readonly Status?: string }) => ({ status: Status ?? "" });
const minutes = ({ Minutes }: { readonly Minutes: number }) => ({ minutes: Minutes });
