import type { ReplicationRule, Status } from "../replication/rules";

/** A rule of BucketReplicationConfig as @pulumi/aws writes it, with every value known. */
export interface PulumiRule {
  readonly id?: string;
  readonly priority?: number;
  readonly status: Status;
  readonly prefix?: string;
  readonly filter?: {
    readonly prefix?: string;
    readonly tag?: { readonly key: string; readonly value: string };
    readonly and?: { readonly prefix?: string; readonly tags?: Readonly<Record<string, string>> };
  };
  readonly deleteMarkerReplication?: { readonly status: Status };
  readonly existingObjectReplication?: { readonly status: Status };
  readonly sourceSelectionCriteria?: {
    readonly sseKmsEncryptedObjects?: { readonly status: Status };
    readonly replicaModifications?: { readonly status: Status };
  };
  readonly destination: {
    readonly bucket: string;
    readonly account?: string;
    readonly storageClass?: string;
    readonly accessControlTranslation?: { readonly owner: "Destination" };
    readonly encryptionConfiguration?: { readonly replicaKmsKeyId: string };
    readonly replicationTime?: { readonly status: Status; readonly time: { readonly minutes: number } };
    readonly metrics?: { readonly status: Status; readonly eventThreshold?: { readonly minutes: number } };
  };
}

/** The same rule in the S3 API's own shape. */
export function fromPulumiRule(rule: PulumiRule): ReplicationRule {
  const { filter, destination, sourceSelectionCriteria: criteria } = rule;
  const enabled = (part: { readonly status: Status } | undefined) => part && { Status: part.status };
  return defined({
    ID: rule.id,
    Priority: rule.priority,
    Status: rule.status,
    Prefix: rule.prefix,
    Filter:
      filter &&
      defined({
        Prefix: filter.prefix,
        Tag: filter.tag && { Key: filter.tag.key, Value: filter.tag.value },
        And:
          filter.and &&
          defined({
            Prefix: filter.and.prefix,
            Tags: filter.and.tags && Object.entries(filter.and.tags).map(([Key, Value]) => ({ Key, Value })),
          }),
      }),
    DeleteMarkerReplication: enabled(rule.deleteMarkerReplication),
    ExistingObjectReplication: enabled(rule.existingObjectReplication),
    SourceSelectionCriteria:
      criteria &&
      defined({
        SseKmsEncryptedObjects: enabled(criteria.sseKmsEncryptedObjects),
        ReplicaModifications: enabled(criteria.replicaModifications),
      }),
    Destination: defined({
      Bucket: destination.bucket,
      Account: destination.account,
      StorageClass: destination.storageClass,
      AccessControlTranslation: destination.accessControlTranslation && {
        Owner: destination.accessControlTranslation.owner,
      },
      EncryptionConfiguration: destination.encryptionConfiguration && {
        ReplicaKmsKeyID: destination.encryptionConfiguration.replicaKmsKeyId,
      },
      ReplicationTime: destination.replicationTime && {
        Status: destination.replicationTime.status,
        Time: { Minutes: destination.replicationTime.time.minutes },
      },
      Metrics:
        destination.metrics &&
        defined({
          Status: destination.metrics.status,
          EventThreshold: destination.metrics.eventThreshold && {
            Minutes: destination.metrics.eventThreshold.minutes,
          },
        }),
    }),
  });
}

/** Without the properties that are undefined, so that a snapshot reads like the API's answer. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
