/**
 * Decides a request: allowed only where it is allowed in every world, denied only where it is denied in every world.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
import { callerOf, derivedContext, lookupIn } from "./context";
import { conditionKeysOf } from "./documentKeys";
import { keysOfGrants } from "./grants";
import { distinctReferences } from "./layers";
import { isUndecided, keysBehind, unique } from "./truth";
import type { Decision, Layer, NamedPolicy, Obstacle, Policies, Request, Unread, Verdict } from "./types";
import { decideInWorld } from "./world";
import type { WorldDecision, WorldObstacle } from "./world";
import {
  blurredWorld,
  countWorlds,
  decisiveAlternatives,
  MAX_WORLDS,
  relevantAlternatives,
  worldsOf,
} from "./worlds";

/** How sure an obstacle is. */
const KINDS: readonly Obstacle["kind"][] = ["explicit-deny", "no-allow", "unread", "undecided"];
const LAYERS: readonly Layer[] = ["identity", "resource", "boundary", "session", "scp", "rcp"];

export function decide(request: Request, policies: Policies): Decision {
  const caller = callerOf(request.principal);
  const alternatives = relevantAlternatives(request.alternatives ?? [], keysRead(policies));
  const blurred = countWorlds(alternatives) > MAX_WORLDS;
  const worlds = blurred ? [blurredWorld(alternatives)] : worldsOf(alternatives);
  const derived = derivedContext(request, caller);
  const decisions = worlds.map(({ contexts }) =>
    decideInWorld(
      request,
      policies,
      caller,
      lookupIn(derived, ...(request.shared ?? []), request.context, ...contexts),
    ),
  );
  const usual = decisions.filter((_, index) =>
    alternatives.every(
      ({ firstIsUsual }, place) => firstIsUsual !== true || worlds[index]?.options[place] === 0,
    ),
  );
  const isUsuallyDenied = !blurred && usual.every(({ allowed }) => allowed === false);
  const verdict = isUsuallyDenied ? "denied" : verdictOf(decisions);
  if (verdict === "allowed") {
    return { verdict, obstacles: [], decidedBy: decidedBy(decisions), decidingKeys: [] };
  }
  const decisive = (outcomes: readonly string[]): readonly string[] =>
    blurred ? alternatives.map(({ name }) => name) : decisiveAlternatives(alternatives, worlds, outcomes);
  if (verdict === "denied") {
    const isWhole = usual.length === decisions.length || !isUsuallyDenied;
    return {
      verdict,
      obstacles: isWhole ? mergeObstacles(decisions, decisive) : mergeObstacles(usual, () => []),
      decidedBy: decidedBy(isWhole ? decisions : usual),
      decidingKeys: [],
    };
  }
  const obstacles = mergeObstacles(decisions, decisive);
  const decidingKeys = unique([
    ...decisive(decisions.map(({ allowed }) => (isUndecided(allowed) ? "undecided" : String(allowed)))),
    ...decisions.flatMap(({ allowed }) => keysBehind(allowed)),
  ]);
  return { verdict, obstacles, decidedBy: [], decidingKeys };
}

function verdictOf(decisions: readonly WorldDecision[]): Verdict {
  if (decisions.every(({ allowed }) => allowed === true)) {
    return "allowed";
  }
  return decisions.every(({ allowed }) => allowed === false) ? "denied" : "unproven";
}

function decidedBy(decisions: readonly WorldDecision[]): Decision["decidedBy"] {
  return distinctReferences(decisions.flatMap((decision) => decision.decidedBy));
}

/** One obstacle a layer and side; it is certain only where it stands in the way in every world. */
function mergeObstacles(
  decisions: readonly WorldDecision[],
  decisive: (outcomes: readonly string[]) => readonly string[],
): readonly Obstacle[] {
  const found = decisions.map(({ obstacles }) => {
    const byPlace = new Map<string, WorldObstacle[]>();
    for (const obstacle of obstacles) {
      // A document that nobody could read stands in the way once, although it may both allow and deny.
      const place = `${obstacle.layer} ${obstacle.state === "unread" ? obstacle.state : obstacle.side}`;
      byPlace.set(place, [...(byPlace.get(place) ?? []), obstacle]);
    }
    return byPlace;
  });
  const places = unique(found.flatMap((byPlace) => [...byPlace.keys()]));
  return places
    .map((place) =>
      mergePlace(
        found.map((byPlace) => byPlace.get(place) ?? []),
        decisive,
      ),
    )
    .sort(
      (left, right) =>
        KINDS.indexOf(left.kind) - KINDS.indexOf(right.kind) ||
        LAYERS.indexOf(left.layer) - LAYERS.indexOf(right.layer),
    );
}

function mergePlace(
  worlds: readonly (readonly WorldObstacle[])[],
  decisive: (outcomes: readonly string[]) => readonly string[],
): Obstacle {
  const all = worlds.flat();
  const [{ layer, side }] = all as [WorldObstacle];
  const states = worlds.map((obstacles) => obstacles.map(({ state }) => state).join() || "none");
  const isCertain = states.every((state) => state === "certain");
  const isUnread = all.some(({ state }) => state === "unread");
  const kind = isCertain
    ? side === "deny"
      ? "explicit-deny"
      : "no-allow"
    : isUnread
      ? "unread"
      : "undecided";
  return {
    layer,
    kind,
    statements: distinctReferences(all.flatMap(({ statements }) => statements)),
    keys: unique([...all.flatMap(({ keys }) => keys), ...(isCertain ? [] : decisive(states))]),
  };
}

const keysByPolicies = new WeakMap<Policies, ReadonlySet<string>>();

/** Condition keys that something reads which has a say in the request, in lower case. */
function keysRead(policies: Policies): ReadonlySet<string> {
  let keys = keysByPolicies.get(policies);
  if (keys === undefined) {
    keys = new Set(findKeysRead(policies).map((key) => key.toLowerCase()));
    keysByPolicies.set(policies, keys);
  }
  return keys;
}

function findKeysRead(policies: Policies): readonly string[] {
  const { identity, boundary, session = [], scps = [], rcps = [], resource } = policies;
  const documents: (NamedPolicy | Unread | null | undefined)[] = [
    ...(identity === "unread" ? [] : identity),
    boundary,
    ...session,
    ...(scps === "unread" ? [] : scps.flat()),
    ...(rcps === "unread" ? [] : rcps.flat()),
    resource.policy,
  ];
  return [
    ...documents.flatMap((policy) =>
      policy === null || policy === undefined || policy === "unread" ? [] : conditionKeysOf(policy.document),
    ),
    ...keysOfGrants(resource.grants ?? []),
  ];
}
