/** What programs import from the package. */
export type { BucketEncryption } from "./components/secureBucket";
export type { ExistingBucket, ExistingNotification, ExistingSourceBucket } from "./components/existingBucket";
export {
  type ReplicationContract,
  type ReplicationContractSource,
  ReplicationDestination,
  type ReplicationDestinationArgs,
} from "./components/replicationDestination";
export type { ReplicationDestinationReference } from "./components/destinationContract";
export {
  type DestinationBucket,
  ReplicationSource,
  type ReplicationSourceArgs,
} from "./components/replicationSource";
export { ReplicationWatch, type ReplicationWatchArgs } from "./components/replicationWatch";
export { readNotification, readReplicationRules } from "./components/monitoring/readBucket";
export type {
  BatchReplicationRole,
  BucketInventory,
  DefaultRetention,
  ExistingRole,
  ReplicationRule,
  ReplicationSourceGrant,
  WatchedRule,
} from "./replication/arguments/arguments";
export type { ReplicationMonitoring } from "./components/monitoring/arguments";
