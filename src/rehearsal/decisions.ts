/** One request: what decides it, what cannot be told, and what a denial does to the object. */
import { decide, type Decision, type Obstacle } from "../iam";
import type { Consequence, PermissionTarget } from "../replication/actions";
import { type ReplicationRequest, type ReplicationSetting, requestOf } from "../replication/requests";
import type { PolicyBook } from "./policies";
import type { Missing, RequestReport, Where } from "./report";
import type { Finding } from "./settings";

/** A decision, and why it is none where documents were read that nobody knows to count, or not read that may. */
export interface RequestDecision extends Decision {
  readonly openQuestion?: { readonly reason: string; readonly missing: readonly Missing[] };
}

export function decideRequest(
  book: PolicyBook,
  setting: ReplicationSetting,
  { permission, request }: ReplicationRequest,
): RequestDecision {
  const { target } = permission;
  const bucketArn = target.startsWith("destination")
    ? setting.destination.bucketArn
    : setting.source.bucketArn;
  const decideAs = (action: string): RequestDecision => {
    const asked = action === request.action ? request : requestOf(action, target, setting);
    const decision = decide(asked, book.policiesFor(asked, target, setting.roleArn, bucketArn));
    for (const { policies, reason, missing } of book.openQuestions(
      asked,
      target,
      setting.roleArn,
      bucketArn,
    )) {
      const otherwise = decide(asked, policies);
      if (otherwise.verdict === decision.verdict) continue;
      const blamed = [...decision.obstacles, ...otherwise.obstacles].flatMap(({ statements }) => statements);
      return {
        ...decision,
        verdict: "unproven",
        openQuestion: {
          reason,
          missing: [
            {
              action,
              ...missing,
              statements: blamed.map(({ policy, sid, index, effect }) => ({ policy, sid, index, effect })),
            },
          ],
        },
      };
    }
    return decision;
  };
  const decision = decideAs(request.action);
  const instead = permission.instead?.(setting.replication);
  if (decision.verdict === "allowed" || instead === undefined) return decision;
  const other = decideAs(instead);
  return other.verdict === "allowed" ? other : decision;
}

/** What a request that is not allowed does to the object: nothing, or one finding. */
export function findingsOf(
  request: ReplicationRequest,
  decision: RequestDecision,
  setting: ReplicationSetting,
): (Finding & { readonly tagsLost: boolean })[] {
  if (decision.verdict === "allowed") return [];
  const consequence = consequenceOf(request, decision, setting);
  return [{ ...findingOf(request, decision, consequence), tagsLost: consequence.outcome === "TAGS_LOST" }];
}

function consequenceOf(
  { permission, request }: ReplicationRequest,
  decision: RequestDecision,
  setting: ReplicationSetting,
): Consequence {
  if (decision.openQuestion !== undefined) {
    return { outcome: "UNPROVEN", contradiction: decision.openQuestion.reason };
  }
  if (decision.verdict === "unproven") {
    const keys = decidingKeysOf(request, decision);
    return {
      outcome: "UNPROVEN",
      contradiction: `it hangs on ${keys.join(", ") || "what could not be read"}`,
    };
  }
  // Where several documents stand in the way, the surest consequence counts.
  const layer = decision.obstacles.some((obstacle) => obstacle.layer !== "resource")
    ? "identity"
    : "resource";
  return permission.ifDenied(setting.replication, layer);
}

/** Condition keys on which a verdict hangs; a choice that nobody sees is named by the keys that it sets. */
function decidingKeysOf(request: ReplicationRequest["request"], decision: Decision): string[] {
  const choices = new Set((request.alternatives ?? []).map(({ name }) => name));
  const named = [...decision.decidingKeys, ...decision.obstacles.flatMap(({ keys }) => keys)];
  const keys = [...new Set(named.filter((key) => !choices.has(key)))];
  return keys.length > 0 ? keys : [...decision.decidingKeys];
}

function findingOf(
  { permission, request }: ReplicationRequest,
  decision: RequestDecision,
  consequence: Consequence,
): Finding {
  const missing =
    decision.openQuestion?.missing ??
    decision.obstacles.map((obstacle) =>
      missingOf(request.action, request.resource, permission.target, obstacle),
    );
  const where = [...new Set(missing.map((entry) => entry.where))].join(" and ");
  const not = decision.verdict === "denied" ? "is not allowed" : "cannot be decided";
  const what = `${request.action} on ${request.resource} ${not}${where === "" ? "" : ` (${where})`}`;
  switch (consequence.outcome) {
    case "FAILED":
      return { outcome: "FAILED", failureReason: consequence.failureReason, reason: what, missing };
    case "TAGS_LOST":
      return { outcome: "NOT_REPLICATED", reason: `replicated without its tags: ${what}`, missing };
    case "UNPROVEN":
      return { outcome: "UNPROVEN", reason: `${what}: ${consequence.contradiction}`, missing };
  }
}

function missingOf(action: string, resource: string, target: PermissionTarget, obstacle: Obstacle): Missing {
  const why = {
    "no-allow": "not allowed",
    "explicit-deny": "denied",
    unread: "unread",
    undecided: "undecided",
  } as const;
  return {
    action,
    resource,
    where: whereOf(obstacle.layer, target),
    why: why[obstacle.kind],
    keys: obstacle.keys,
    statements: obstacle.statements.map(({ policy, sid, index, effect }) => ({ policy, sid, index, effect })),
  };
}

function whereOf(layer: Obstacle["layer"], target: PermissionTarget): Where {
  switch (layer) {
    case "identity":
      return "role policy";
    case "boundary":
      return "permission boundary";
    case "session":
      return "session policy";
    case "scp":
      return "service control policy";
    case "rcp":
      return "resource control policy";
    case "resource":
      return RESOURCE_POLICIES[target];
  }
}

const RESOURCE_POLICIES: Readonly<Record<PermissionTarget, Where>> = {
  role: "trust policy",
  sourceBucket: "source bucket policy",
  sourceObject: "source bucket policy",
  sourceKey: "source key policy",
  destinationObject: "destination bucket policy",
  destinationKey: "destination key policy",
};

export function reportRequest(
  { permission, request }: ReplicationRequest,
  decision: Decision,
): RequestReport {
  return {
    action: request.action,
    resource: request.resource,
    decision: decision.verdict,
    statements: decision.decidedBy.map(
      ({ policy, sid, index }) => `${policy}: ${sid ?? `statement ${index}`}`,
    ),
    decidingKeys: decision.verdict === "unproven" ? decidingKeysOf(request, decision) : [],
    sources: permission.sources,
  };
}
