export type { EncryptionArgs } from "./components/secureBucket";
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
export type {
  BatchReplicationArgs,
  DefaultRetentionArgs,
  ReplicationRuleArgs,
  ReplicationSourceGrantArgs,
} from "./replication/arguments";
