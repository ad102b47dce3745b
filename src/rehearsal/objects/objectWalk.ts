/** How an object is judged: what is asked for it, and which policies decide. */
import type { Policies } from "../../iam";
import type { Consequence } from "../../replication/permissions";
import type { ReplicationRequest } from "../../replication/requests";
import type { ReplicationRuleJson } from "../../replication/rules";
import type { ObjectState, Snapshot } from "../../snapshot/snapshot";

/** A request, and what becomes of the object where it is not allowed. */
export interface AskedRequest extends ReplicationRequest {
  /** Another action that does as well. */
  readonly instead: string | undefined;
  readonly ifDenied: readonly Consequence[];
}

/** How objects are judged, so that classes are cut by the very requests and documents that are decided upon. */
export interface Walk {
  readonly snapshot: Snapshot;
  /** What is asked for an object that a rule takes, or would do instead; nothing where the rule leaves it alone. */
  readonly requests: (rule: ReplicationRuleJson, object: ObjectState) => readonly AskedRequest[];
  readonly policies: (rule: ReplicationRuleJson, asked: ReplicationRequest) => Policies;
}
