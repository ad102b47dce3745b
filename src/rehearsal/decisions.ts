/** Decides one request: what allows or denies it, what cannot be told, and what a denial does to the object. */
import { decide, type Decision, type Obstacle, type Policies, type Request } from "../iam";
import {
  type Assumed,
  CONTRADICTIONS,
  type EvidenceLevel,
  type Fact,
  type Observation,
  observationOf,
} from "../replication/evidence";
import {
  type Consequence,
  consequenceOf,
  type Layer,
  type PermissionTarget,
} from "../replication/permissions";
import { decideForAlias } from "./aliasKeys";
import { hangsOn } from "./decidingKeys";
import { isAlias, type ReplicationRequest, requestOf } from "../replication/requests";
import { keysReadBy, type PolicyBook, RESOURCE_POLICIES } from "./policyBook";
import { withoutPlaceholders } from "./placeholders";
import type { LostPart, Missing, RequestReport, Where } from "./report/report";
import type { Finding } from "./preconditions";
import { sessionQuestions } from "./sessionQuestion";
import type { ReplicationSetting } from "../replication/replicationSetting";

/** A decision, and why it is none where documents were read that nobody knows to count, or not read that may. */
export interface RequestDecision extends Decision {
  readonly openQuestion?: { readonly reason: string; readonly missing: readonly Missing[] };
}

/** Decides on requests, each once that is the same for every object of a bucket. */
export class Decider {
  private readonly known = new Map<string, RequestDecision>();
  private readonly observed = new Map<string, Observation>();
  private readonly assumed = new Map<string, Assumed>();

  /** @param level What decides where AWS's pages contradict each other. */
  constructor(
    private readonly book: PolicyBook,
    readonly level: EvidenceLevel,
  ) {}

  /** What was observed or assumed, as far as it decided something. */
  get restsOn(): { readonly observations: Observation[]; readonly assumptions: Assumed[] } {
    return { observations: [...this.observed.values()], assumptions: [...this.assumed.values()] };
  }

  /** A fact that decided something: whatever is not on pages of AWS is listed. */
  note(fact: Fact): void {
    if (fact.grade === "documented") return;
    if (fact.grade === "assumed") this.assumed.set(fact.statement, fact);
    else if (fact.observation !== undefined) {
      const { link, statement } = fact.observation;
      this.observed.set(`${link} ${statement}`, fact.observation);
    }
  }

  /** @param name Of the request, if it has one: requests of one name are decided alike. */
  decide(
    setting: ReplicationSetting,
    { permission, request }: ReplicationRequest,
    name?: string,
  ): RequestDecision {
    const { target } = permission;
    const instead = permission.instead?.(setting.replication);
    const isOfBucket = target === "role" || target === "sourceBucket";
    if (!isOfBucket && name === undefined) return this.decideAnew(setting, target, request, instead);
    const what = isOfBucket ? `${request.action} ${instead} ${setting.roleArn}` : name;
    const id = `${what} ${setting.source.bucketArn}`;
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
    const isOpen = decision.verdict === "denied" && other.verdict === "unproven";
    return other.verdict === "allowed" || isOpen ? other : decision;
  }

  private decideOne(
    { roleArn, source, destination }: ReplicationSetting,
    target: PermissionTarget,
    request: Request,
  ): RequestDecision {
    const { bucketArn } = target.startsWith("destination") ? destination : source;
    const asked = this.book.completed(request);
    const policies = this.book.policiesFor(asked, target, roleArn, bucketArn);
    const isOfAlias = target.endsWith("Key") && isAlias(asked.resource);
    const decided = isOfAlias ? decideForAlias(asked, policies) : decide(asked, policies);
    if (decided === undefined) return unknownAlias(asked);
    const decision = withoutPlaceholders(withConditionKeys(decided, asked, policies));
    this.noteHeader(target, policies);
    const questions = [
      ...this.book.openQuestions(asked, policies, target, roleArn, bucketArn),
      ...sessionQuestions(asked, policies, target),
    ];
    for (const question of questions) {
      const otherwise = decide(question.asked ?? asked, question.policies);
      if (otherwise.verdict === decision.verdict) continue;
      if (question.settledBy !== undefined && this.level === "observed") {
        this.note(question.settledBy);
        continue;
      }
      const blamed = [decision, otherwise].flatMap(({ obstacles, decidedBy }) => [
        ...obstacles.flatMap(({ statements }) => statements),
        ...(question.settledBy === undefined ? [] : decidedBy),
      ]);
      return {
        ...decision,
        verdict: "unproven",
        openQuestion: {
          reason: question.reason,
          missing: [
            {
              action: asked.action,
              ...question.missing,
              statements: blamed.map(({ policy, sid, index, effect }) => ({ policy, sid, index, effect })),
            },
          ],
        },
      };
    }
    return decision;
  }

  /** A condition on the encryption header is decided by what was observed of that header. */
  private noteHeader(target: PermissionTarget, policies: Policies): void {
    if (target !== "destinationObject" || this.level === "documented") return;
    if (keysReadBy(policies).has(ENCRYPTION_HEADER)) this.note(CONTRADICTIONS.encryptionHeader);
  }
}

/** Policies decide otherwise for one key than for another, and which of them it is, nobody said. */
function unknownAlias({ action, resource }: Request): RequestDecision {
  return {
    verdict: "unproven",
    obstacles: [],
    decidedBy: [],
    decidingKeys: [],
    openQuestion: {
      reason: `which key ${resource} stands for is not said`,
      missing: [{ action, resource, where: "snapshot", why: "unread", keys: ["keys"], statements: [] }],
    },
  };
}

const ENCRYPTION_HEADER = "s3:x-amz-server-side-encryption";

/** What becomes of an object by one request. */
export interface Consequences {
  /** Left out: nothing stands in the way. */
  readonly finding?: Finding;
  /** How it is known that the request does not matter. */
  readonly restsOn?: Fact;
  /** Whether the request counts among those that S3 makes. */
  readonly isMade: boolean;
}

/** @param level What decides where AWS's pages contradict each other. */
export function consequencesOf(
  request: ReplicationRequest,
  decision: RequestDecision,
  setting: ReplicationSetting,
  level: EvidenceLevel,
): Consequences {
  const { permission } = request;
  if (decision.verdict === "allowed") return { isMade: true };
  const denies = decision.obstacles.some(({ statements }) =>
    statements.some(({ effect }) => effect === "Deny"),
  );
  const isUnread =
    decision.openQuestion !== undefined || decision.obstacles.some(({ kind }) => kind === "unread");
  if (permission.group === undefined && !denies && !isUnread) {
    return { restsOn: permission.ungranted, isMade: false };
  }
  const consequence = consequenceOf(permission, setting.replication, layerOf(decision));
  if (consequence.outcome === "UNPROVEN" && !denies && !isUnread) {
    const observation = observationOf(consequence.contradiction, level);
    // What was seen, was seen where nothing granted the action. A Deny is another matter.
    const isCovered = consequence.contradiction !== "tagsAtDestination" || layerOf(decision) === "resource";
    if (observation !== undefined && isCovered) {
      return { restsOn: CONTRADICTIONS[consequence.contradiction], isMade: false };
    }
  }
  return { finding: findingOf(request, decision, consequence), isMade: true };
}

/** Where several documents stand in the way, the surest consequence counts. */
function layerOf(decision: RequestDecision): Layer {
  return decision.obstacles.some((obstacle) => obstacle.layer !== "resource") ? "identity" : "resource";
}

/** Why nothing is decided, in words that follow the request; undefined where it is denied. */
function openness(decision: RequestDecision): string | undefined {
  if (decision.openQuestion !== undefined) return decision.openQuestion.reason;
  if (decision.verdict !== "unproven") return undefined;
  return `it ${hangsOn(decision.decidingKeys)}`;
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
  const read = keysReadBy(policies);
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
  const open = openness(decision);
  if (open !== undefined) return { outcome: "UNPROVEN", reason: `${what}: ${open}`, missing };
  switch (consequence.outcome) {
    case "FAILED":
      return { outcome: "FAILED", failureReason: consequence.failureReason, reason: what, missing };
    case "TAGS_LOST":
      return lostOf("tags", what, missing);
    case "ANNOTATIONS_LOST":
      return lostOf("annotations", what, missing);
    case "UNPROVEN": {
      const { statement } = CONTRADICTIONS[consequence.contradiction];
      return { outcome: "UNPROVEN", reason: `${what}: ${statement}`, missing };
    }
  }
}

function lostOf(lost: LostPart, what: string, missing: readonly Missing[]): Finding {
  return {
    outcome: "NOT_REPLICATED",
    reason: `replicated without its ${lost}: ${what}`,
    missing,
    lost: [lost],
  };
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
  decision: Decision,
  sources: readonly string[],
): RequestReport {
  const { verdict, decidingKeys } = decision;
  let statements = statementsByDecision.get(decision);
  if (statements === undefined) {
    statements = decision.decidedBy.map(
      ({ policy, sid, index }) => `${policy}: ${sid ?? `statement ${index}`}`,
    );
    statementsByDecision.set(decision, statements);
  }
  return { action, resource, decision: verdict, statements, decidingKeys, sources };
}

/** Thousands of requests share a decision. */
const statementsByDecision = new WeakMap<Decision, readonly string[]>();
