/** What each place that has a say in a request allows and denies. */
import type { PrincipalMatch } from "./principal";
import { applyDocument } from "./statement";
import type { Circumstances, StatementRules } from "./statement";
import { every, some, undecided, unique } from "./truth";
import type { Truth } from "./truth";
import type { Layer, NamedPolicy, Statement, StatementReference, Unread } from "./types";

/** A statement that applies, or may. */
export interface Voice {
  readonly reference: StatementReference;
  readonly truth: Truth;
}

/** An Allow all of whose parts but the conditions match. */
export interface NearMiss {
  readonly reference: StatementReference;
  readonly failingKeys: readonly string[];
}

/** Whether a layer allows, or whether it denies, with the statements that make it so. */
export interface Side {
  readonly layer: Layer;
  readonly truth: Truth;
  readonly unread: boolean;
  readonly voices: readonly Voice[];
  /** None for the side of the Denies. */
  readonly nearMisses: readonly NearMiss[];
}

export interface LayerOutcome {
  readonly deny: Side;
  readonly allow: Side;
}

/** The resource's policy allows in three ways, which weigh differently. */
export interface ResourceOutcome {
  readonly deny: Side;
  readonly allow: Readonly<Record<keyof PrincipalMatch, Side>>;
}

const ATTACHED: StatementRules = { principals: false, appliesWithoutResource: false };
const ON_RESOURCES: StatementRules = { principals: true, appliesWithoutResource: false };

/** Policies of which one Allow is enough: the role's own, its boundary, its session policies. */
export function attachedLayer(
  layer: Layer,
  policies: readonly NamedPolicy[] | Unread,
  circumstances: Circumstances,
): LayerOutcome {
  return policies === "unread" ? unreadLayer(layer) : applied(layer, policies, circumstances, ATTACHED);
}

/**
 * Policies of an organization: a Deny at any level denies, and every level of service control policies has to allow.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
 */
export function organizationLayer(
  layer: "scp" | "rcp",
  levels: readonly (readonly NamedPolicy[])[] | Unread,
  circumstances: Circumstances,
): LayerOutcome {
  if (levels === "unread") {
    return unreadLayer(layer);
  }
  const rules = layer === "rcp" ? ON_RESOURCES : ATTACHED;
  const outcomes = levels.map((policies) => applied(layer, policies, circumstances, rules));
  const lacking = outcomes.filter(({ allow }) => allow.truth !== true);
  return {
    deny: side(layer, some(outcomes.map(({ deny }) => deny.truth)), {
      voices: outcomes.flatMap(({ deny }) => deny.voices),
    }),
    // RCPFullAWSAccess allows at every level, and nobody can detach it: what was listed need not have it.
    allow:
      layer === "rcp"
        ? side(layer, true)
        : side(layer, every(outcomes.map(({ allow }) => allow.truth)), {
            voices: outcomes.flatMap(({ allow }) => allow.voices),
            nearMisses: lacking.flatMap(({ allow }) => allow.nearMisses),
          }),
  };
}

/** The policy of a bucket, of a key, or of the role that is to be assumed. */
export function resourceLayer(
  policy: NamedPolicy | Unread | null,
  circumstances: Circumstances,
  rules: StatementRules,
): ResourceOutcome {
  if (policy === "unread") {
    const { deny, allow } = unreadLayer("resource");
    return { deny, allow: { session: allow, role: allow, account: allow } };
  }
  const results = policy === null ? [] : applyDocument(policy.document, circumstances, rules);
  const denies: Voice[] = [];
  const allows: Record<keyof PrincipalMatch, Allows> = {
    session: noAllows(),
    role: noAllows(),
    account: noAllows(),
  };
  for (const { statement, applies, names, failingKeys } of results) {
    const reference = refer("resource", policy?.name ?? "", statement);
    if (statement.effect === "Deny") {
      hear(denies, reference, anyWay(applies));
      continue;
    }
    for (const way of ["session", "role", "account"] as const) {
      hear(allows[way].voices, reference, applies[way]);
      if (names[way] !== false) {
        miss(allows[way].nearMisses, reference, failingKeys);
      }
    }
  }
  const allowing = ({ voices, nearMisses }: Allows): Side => heard("resource", voices, nearMisses);
  return {
    deny: heard("resource", denies, []),
    allow: {
      session: allowing(allows.session),
      role: allowing(allows.role),
      account: allowing(allows.account),
    },
  };
}

interface Allows {
  readonly voices: Voice[];
  readonly nearMisses: NearMiss[];
}

function noAllows(): Allows {
  return { voices: [], nearMisses: [] };
}

/** One of several sides is enough. */
export function eitherSide(layer: Layer, sides: readonly Side[]): Side {
  return {
    layer,
    truth: some(sides.map(({ truth }) => truth)),
    unread: sides.some(({ unread }) => unread),
    voices: distinct(sides.flatMap(({ voices }) => voices)),
    nearMisses: distinct(sides.flatMap(({ nearMisses }) => nearMisses)),
  };
}

export function side(layer: Layer, truth: Truth, parts: Partial<Omit<Side, "layer" | "truth">> = {}): Side {
  return { layer, truth, unread: false, voices: [], nearMisses: [], ...parts };
}

export function heard(layer: Layer, voices: readonly Voice[], nearMisses: readonly NearMiss[]): Side {
  return side(layer, some(voices.map(({ truth }) => truth)), { voices, nearMisses });
}

export function refer(layer: Layer, policy: string, statement: Statement): StatementReference {
  const { sid, index, effect } = statement;
  return { layer, policy, ...(sid === undefined ? {} : { sid }), index, effect };
}

/** Each statement once, although it may speak for several ways of being named. */
export function distinctReferences(references: readonly StatementReference[]): readonly StatementReference[] {
  const seen = new Map<string, StatementReference>();
  for (const reference of references) {
    const { layer, policy, index, effect } = reference;
    seen.set(`${layer} ${index} ${effect} ${policy}`, reference);
  }
  return [...seen.values()];
}

function applied(
  layer: Layer,
  policies: readonly NamedPolicy[],
  circumstances: Circumstances,
  rules: StatementRules,
): LayerOutcome {
  const denies: Voice[] = [];
  const allows: Voice[] = [];
  const nearMisses: NearMiss[] = [];
  for (const { name, document } of policies) {
    for (const { statement, applies, failingKeys } of applyDocument(document, circumstances, rules)) {
      const reference = refer(layer, name, statement);
      hear(statement.effect === "Deny" ? denies : allows, reference, anyWay(applies));
      if (statement.effect === "Allow") {
        miss(nearMisses, reference, failingKeys);
      }
    }
  }
  return { deny: heard(layer, denies, []), allow: heard(layer, allows, nearMisses) };
}

/** A document that nobody could read may allow, and may deny. */
function unreadLayer(layer: Layer): LayerOutcome {
  const unknown = side(layer, undecided(), { unread: true });
  return { deny: unknown, allow: unknown };
}

function anyWay({ session, role, account }: PrincipalMatch): Truth {
  return some([session, role, account]);
}

function hear(voices: Voice[], reference: StatementReference, truth: Truth): void {
  if (truth !== false) {
    voices.push({ reference, truth });
  }
}

function miss(nearMisses: NearMiss[], reference: StatementReference, failingKeys: readonly string[]): void {
  if (failingKeys.length > 0) {
    nearMisses.push({ reference, failingKeys: unique(failingKeys) });
  }
}

function distinct<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}
