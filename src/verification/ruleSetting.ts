/** What the run of one rule is given. */
import type { ObjectState } from "../snapshot/snapshot";
import { ineligibleUnder } from "../rehearsal/preconditions";
import type { ReplicationConfiguration, ReplicationRuleJson } from "../replication/rules";
import type { Bucket } from "./bucket";
import type { CanaryPlace } from "./canary";
import type { Patience } from "./waiting";

/** Where a canary is copied to, by rule. */
export interface Destination {
  readonly arn: string;
  /** Left out: none of the given accounts may list it. */
  readonly bucket?: Bucket;
  /** Why not. */
  readonly reason?: string;
}

export interface RuleSetting {
  readonly configuration: ReplicationConfiguration;
  readonly rule: ReplicationRuleJson;
  readonly source: Bucket;
  readonly sourceArn: string;
  readonly place: CanaryPlace;
  /** That of the rule first, then those of other rules that take the canary. */
  readonly destinations: readonly [Destination, ...Destination[]];
  /** Why a canary could not be removed again: sentences. */
  readonly retentions: readonly string[];
  /** Put a canary even where it, or its replica, will stay. */
  readonly leaveCanaries: boolean;
  readonly patience: Patience;
  /** Called with what S3 says of the canary now. */
  readonly onStatus: (status: string) => void;
}

/** Whether the rule replicates the delete marker of a canary, too. */
export function replicatesDeleteMarkers({ rule, sourceArn, source, destinations }: RuleSetting): boolean {
  const encryption = { algorithm: "AES256" } as const;
  const marker: ObjectState = { bucket: sourceArn, key: "", encryption, deleteMarker: true };
  const crosses = destinations[0].bucket?.account.id !== source.account.id;
  return ineligibleUnder(rule, marker, crosses) === undefined;
}
