/** One request: what decides it, what cannot be told, and what a denial does to the object. */
import { conditionKeysOf, decide, type Decision, type Obstacle, type Policies, type Request } from "../iam";
import type { Consequence, PermissionTarget } from "../replication/permissions";
import { type ReplicationRequest, type ReplicationSetting, requestOf } from "../replication/requests";
import { documentsOf, type PolicyBook, RESOURCE_POLICIES } from "./policyBook";
import { withoutPlaceholders } from "./placeholders";
import type { Missing, RequestReport, Where } from "./report/report";
import type { Finding } from "./preconditions";

/** A decision, and why it is none where documents were read that nobody knows to count, or not read that may. */
export interface RequestDecision extends Decision {
  readonly openQuestion?: { readonly reason: string; readonly missing: readonly Missing[] };
}

/** Decides on requests, each once that is the same for every object of a bucket. */
export class Decider {
  private readonly known = new Map<string, RequestDecision>();

  constructor(private readonly book: PolicyBook) {}

  decide(setting: ReplicationSetting, { permission, request }: ReplicationRequest): RequestDecision {
    const { target } = permission;
    const instead = permission.instead?.(setting.replication);
    if (target !== "role" && target !== "sourceBucket")
      return this.decideAnew(setting, target, request, instead);
    const id = `${request.action} ${instead} ${setting.roleArn} ${setting.source.bucketArn}`;
    let decision = this.known.get(id);
    if (decision === undefined) {
      decision = this.decideAnew(setting, target, request, instead);
      this.known.set(id, decision);
    }
    return decision;
  }

  private decideAnew(
    setting: ReplicationSetting,
    target: PermissionTarget,
    request: Request,
    instead: string | undefined,
  ): RequestDecision {
    const decision = this.decideOne(setting, target, request);
    if (decision.verdict === "allowed" || instead === undefined) return decision;
    const other = this.decideOne(setting, target, requestOf(instead, target, setting));
    return other.verdict === "allowed" ? other : decision;
  }

  private decideOne(
    { roleArn, source, destination }: ReplicationSetting,
    target: PermissionTarget,
    request: Request,
  ): RequestDecision {
    const { bucketArn } = target.startsWith("destination") ? destination : source;
    const asked = this.book.completed(request);
    const policies = this.book.policiesFor(asked, target, roleArn, bucketArn);
    const decision = withoutPlaceholders(withConditionKeys(decide(asked, policies), asked, policies));
    const questions = this.book.openQuestions(asked, policies, target, roleArn, bucketArn);
    for (const { policies: others, reason, missing } of questions) {
      const otherwise = decide(asked, others);
      if (otherwise.verdict === decision.verdict) continue;
      const blamed = [...decision.obstacles, ...otherwise.obstacles].flatMap(({ statements }) => statements);
      return {
        ...decision,
        verdict: "unproven",
        openQuestion: {
          reason,
          missing: [
            {
              action: asked.action,
              ...missing,
              statements: blamed.map(({ policy, sid, index, effect }) => ({ policy, sid, index, effect })),
            },
          ],
        },
      };
    }
    return decision;
  }
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
  { permission }: ReplicationRequest,
  decision: RequestDecision,
  setting: ReplicationSetting,
): Consequence {
  if (decision.openQuestion !== undefined) {
    return { outcome: "UNPROVEN", contradiction: decision.openQuestion.reason };
  }
  if (decision.verdict === "unproven") {
    const keys = decision.decidingKeys.join(", ");
    return { outcome: "UNPROVEN", contradiction: `it hangs on ${keys || "what could not be read"}` };
  }
  // Where several documents stand in the way, the surest consequence counts.
  const layer = decision.obstacles.some((obstacle) => obstacle.layer !== "resource")
    ? "identity"
    : "resource";
  return permission.ifDenied(setting.replication, layer);
}

/**
 * A choice that nobody sees has a name for people; in a report it is called by the condition keys that it sets and that
 * a document reads.
 */
function withConditionKeys(
  decision: Decision,
  { alternatives = [] }: ReplicationRequest["request"],
  policies: Policies,
): Decision {
  if (decision.verdict === "allowed") return decision;
  const read = new Set(
    documentsOf(policies)
      .flatMap(conditionKeysOf)
      .map((key) => key.toLowerCase()),
  );
  const keysOfChoice = new Map(
    alternatives.map(({ name, options }) => [name, options.flatMap(({ context }) => Object.keys(context))]),
  );
  const conditionKeys = (named: readonly string[]): string[] => {
    const known = named.filter((key) => !keysOfChoice.has(key));
    const seen = new Set(known.map((key) => key.toLowerCase()));
    const ofChoices = named.flatMap(
      (key) => keysOfChoice.get(key)?.filter((each) => read.has(each.toLowerCase())) ?? [],
    );
    return [...new Set([...known, ...ofChoices.filter((key) => !seen.has(key.toLowerCase()))])];
  };
  const obstacles = decision.obstacles.map((obstacle) => ({
    ...obstacle,
    keys: conditionKeys(obstacle.keys),
  }));
  const deciding = decision.verdict === "unproven" ? obstacles.flatMap(({ keys }) => keys) : [];
  return { ...decision, obstacles, decidingKeys: conditionKeys([...decision.decidingKeys, ...deciding]) };
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

export function missingOf(
  action: string,
  resource: string,
  target: PermissionTarget,
  obstacle: Obstacle,
): Missing {
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

/** @param sources Pages that say that the request is made. */
export function reportRequest(
  { action, resource }: Request,
  { verdict, decidedBy, decidingKeys }: Decision,
  sources: readonly string[],
): RequestReport {
  return {
    action,
    resource,
    decision: verdict,
    statements: decidedBy.map(({ policy, sid, index }) => `${policy}: ${sid ?? `statement ${index}`}`),
    decidingKeys,
    sources,
  };
}
