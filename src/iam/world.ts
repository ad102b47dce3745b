/** A request decided in one world: every alternative is settled, and what nobody knows goes by Kleene's logic. */
import type { Caller, RoleCaller } from "./context";
import { applyGrants } from "./grants";
import { attachedLayer, eitherSide, organizationLayer, refer, resourceLayer, side } from "./layers";
import type { LayerOutcome, ResourceOutcome, Side } from "./layers";
import type { Lookup } from "./pattern";
import { isPublic, isPublicStatement } from "./publicPolicy";
import type { Circumstances } from "./statement";
import { every, keysBehind, not, some, undecided, unique } from "./truth";
import type { Truth } from "./truth";
import type { Layer, Policies, Request, StatementReference } from "./types";

/** What stands in the way in one world. */
export interface WorldObstacle {
  readonly layer: Layer;
  readonly side: "deny" | "allow";
  readonly state: "certain" | "unread" | "undecided";
  readonly statements: readonly StatementReference[];
  readonly keys: readonly string[];
}

export interface WorldDecision {
  readonly allowed: Truth;
  readonly obstacles: readonly WorldObstacle[];
  /** Statements that allow; where one denies, those that deny. */
  readonly decidedBy: readonly StatementReference[];
}

/** Sides that together are enough. */
type Path = readonly Side[];

interface Say {
  readonly denies: readonly Side[];
  /** Sides that are needed whatever else allows. */
  readonly limits: readonly Side[];
  /** Ways to be allowed, of which one is enough; the usual one first. */
  readonly paths: readonly Path[];
}

export function decideInWorld(
  request: Request,
  policies: Policies,
  caller: Caller,
  lookup: Lookup,
): WorldDecision {
  const { action, resource } = request;
  const circumstances: Circumstances = {
    caller,
    action,
    resource,
    lookup,
    hasBoundary: hasBoundary(policies),
  };
  const { denies, limits, paths } = gather(request, policies, circumstances);
  const denied = some(denies.map(({ truth }) => truth));
  const allowing = paths.map((path) => ({ path, truth: every(path.map(({ truth }) => truth)) }));
  const allowedBySome = some(allowing.map(({ truth }) => truth));
  const allowed = every([not(denied), ...limits.map(({ truth }) => truth), allowedBySome]);
  if (allowed === true) {
    const speaking = [...limits, ...allowing.flatMap(({ path, truth }) => (truth === true ? path : []))];
    return { allowed, obstacles: [], decidedBy: certainReferences(speaking) };
  }
  const lacking = allowedBySome === true ? [] : lackingSides(allowing, allowedBySome);
  return {
    allowed,
    obstacles: [
      ...denies.flatMap((deny) => obstacle(deny, "deny")),
      ...[...limits, ...lacking].flatMap((allow) => obstacle(allow, "allow")),
    ],
    decidedBy: denied === true ? certainReferences(denies) : [],
  };
}

function hasBoundary({ boundary }: Policies): Truth {
  return boundary === "unread" ? undecided() : boundary !== undefined && boundary !== null;
}

function gather(request: Request, policies: Policies, circumstances: Circumstances): Say {
  const { caller } = circumstances;
  const resource = resourceLayer(policies.resource.policy, circumstances, {
    principals: true,
    appliesWithoutResource: policies.resource.kind === "trust",
  });
  return caller.kind === "service"
    ? sayForService(policies, resource, circumstances)
    : sayForRole(request, policies, resource, caller, circumstances);
}

/**
 * A service has no policies of its own, and service control policies do not bind it. Resource control policies do.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
function sayForService(policies: Policies, resource: ResourceOutcome, circumstances: Circumstances): Say {
  const rcp = organization("rcp", policies.rcps, circumstances);
  return {
    denies: [resource.deny, ...rcp.map(({ deny }) => deny)],
    limits: rcp.map(({ allow }) => allow),
    paths: [[resource.allow.session]],
  };
}

function sayForRole(
  request: Request,
  policies: Policies,
  resource: ResourceOutcome,
  caller: RoleCaller,
  circumstances: Circumstances,
): Say {
  const identity = attachedLayer("identity", policies.identity, circumstances);
  const { boundary, session = [] } = policies;
  const cuts: LayerOutcome[] = [];
  if (boundary !== undefined && boundary !== null) {
    cuts.push(attachedLayer("boundary", boundary === "unread" ? boundary : [boundary], circumstances));
  }
  if (session.length > 0) {
    cuts.push(attachedLayer("session", session, circumstances));
  }
  const organizations = caller.serviceLinked
    ? []
    : [
        ...organization("scp", policies.scps, circumstances),
        ...organization("rcp", policies.rcps, circumstances),
      ];
  const own = [identity, ...cuts];
  const allows = resourceAllows(request, policies, resource, caller, circumstances.lookup);
  return {
    denies: [resource, ...own, ...organizations].map(({ deny }) => deny),
    limits: organizations.map(({ allow }) => allow),
    paths: pathsOf(
      policies.resource.kind,
      caller.accountId === request.resourceAccount,
      allows,
      identity.allow,
      cuts.map(({ allow }) => allow),
    ),
  };
}

function organization(
  layer: "scp" | "rcp",
  levels: Policies["scps"],
  circumstances: Circumstances,
): readonly LayerOutcome[] {
  return levels === undefined ? [] : [organizationLayer(layer, levels, circumstances)];
}

/** The Allows of the resource: those of its policy, cut by public access settings, and grants of a key. */
function resourceAllows(
  request: Request,
  policies: Policies,
  { allow }: ResourceOutcome,
  caller: RoleCaller,
  lookup: Lookup,
): ResourceOutcome["allow"] {
  const { kind, policy, grants = [], restrictPublicBuckets = false } = policies.resource;
  if (kind === "key" && grants.length > 0) {
    const granted = applyGrants(grants, caller, request.action, lookup);
    return {
      session: allow.session,
      role: eitherSide("resource", [allow.role, granted.role]),
      account: eitherSide("resource", [allow.account, granted.account]),
    };
  }
  if (
    kind === "bucket" &&
    restrictPublicBuckets &&
    caller.accountId !== request.resourceAccount &&
    policy !== null &&
    policy !== "unread" &&
    isPublic(policy.document)
  ) {
    // A public policy is cut as a whole: what it allows particular accounts goes with it.
    const cut = side("resource", false, {
      nearMisses: policy.document.statements.filter(isPublicStatement).map((statement) => ({
        reference: refer("resource", policy.name, statement),
        failingKeys: ["RestrictPublicBuckets"],
      })),
    });
    return { session: cut, role: cut, account: cut };
  }
  return allow;
}

/**
 * Who has to allow. Within one account a bucket's policy or the role's own policy is enough, while keys and roles are
 * reached through their own policy only; naming the account lets the role's own policies decide. Across accounts both
 * sides have to allow.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function pathsOf(
  kind: Policies["resource"]["kind"],
  sameAccount: boolean,
  { session, role, account }: ResourceOutcome["allow"],
  identity: Side,
  cuts: readonly Side[],
): readonly Path[] {
  if (!sameAccount) {
    return [[eitherSide("resource", [session, role, account]), identity, ...cuts]];
  }
  const own: Path = kind === "bucket" ? [identity, ...cuts] : [account, identity, ...cuts];
  return [own, [role, ...cuts], [session]];
}

/** Where nothing is decided yet, every undecided way counts; where all fail, the one that lacks least. */
function lackingSides(
  allowing: readonly { readonly path: Path; readonly truth: Truth }[],
  allowedBySome: Truth,
): readonly Side[] {
  if (allowedBySome !== false) {
    const open = allowing.filter(({ truth }) => truth !== false).flatMap(({ path }) => path);
    return [...new Set(open)];
  }
  const [best = []] = allowing
    .map(({ path }) => path)
    .sort((left, right) => deficiency(left) - deficiency(right));
  return best;
}

/**
 * How far a path is from allowing. A resource that lets nobody in weighs most, less where an Allow comes close, which
 * is probably the one that was meant; then the role's own policy, then what only cuts.
 */
function deficiency(path: Path): number {
  const missing = path.filter(({ truth }) => truth === false);
  const resource = missing.find(({ layer }) => layer === "resource");
  const lacksIdentity = missing.some(({ layer }) => layer === "identity");
  const cuts = missing.filter(({ layer }) => layer === "boundary" || layer === "session").length;
  if (resource === undefined) {
    return cuts + (lacksIdentity ? 5 : 0);
  }
  return cuts + (resource.nearMisses.length === 0 ? 10 : lacksIdentity ? 6 : 5);
}

function obstacle(found: Side, kind: WorldObstacle["side"]): readonly WorldObstacle[] {
  const { layer, truth, unread, voices, nearMisses } = found;
  const harmless = kind === "allow";
  if (truth === harmless) {
    return [];
  }
  if (truth === !harmless) {
    const statements =
      kind === "deny" ? certainReferences([found]) : nearMisses.map(({ reference }) => reference);
    const keys = unique(nearMisses.flatMap(({ failingKeys }) => failingKeys));
    return [{ layer, side: kind, state: "certain", statements, keys }];
  }
  return [
    {
      layer,
      side: kind,
      state: unread ? "unread" : "undecided",
      statements: voices.filter(({ truth: said }) => said !== true).map(({ reference }) => reference),
      keys: keysBehind(truth),
    },
  ];
}

function certainReferences(sides: readonly Side[]): readonly StatementReference[] {
  return sides.flatMap(({ voices }) =>
    voices.filter(({ truth }) => truth === true).map(({ reference }) => reference),
  );
}
