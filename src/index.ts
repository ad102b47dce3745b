export type { EncryptionArgs } from "./components/secureBucket";
export type {
  ExistingBucketArgs,
  ExistingNotificationArgs,
  ExistingSourceBucketArgs,
} from "./components/existingBucket";
export {
  type ReplicationContract,
  type ReplicationContractSource,
  ReplicationDestination,
  type ReplicationDestinationArgs,
} from "./components/replicationDestination";
export type { MonitoringArgs } from "./components/monitoring";
export type { ReplicationDestinationReference } from "./components/destinationContract";
export {
  type DestinationBucket,
  ReplicationSource,
  type ReplicationSourceArgs,
} from "./components/replicationSource";
export type {
  BatchReplicationArgs,
  DefaultRetentionArgs,
  ExistingRoleArgs,
  ReplicationRuleArgs,
  ReplicationSourceGrantArgs,
} from "./replication/arguments";
