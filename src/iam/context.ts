/** What is known of the condition keys of a request. */
import { parseArn } from "../naming/arn";
import type { Lookup } from "./pattern";
import type { Context, ContextValue, Request, RequestPrincipal } from "./types";

/** The principal of a request, with what follows from its ARN. */
export type Caller = RoleCaller | ServiceCaller;

export interface RoleCaller {
  readonly kind: "role";
  readonly partition: string;
  readonly accountId: string;
  readonly roleArn: string;
  /** `arn:aws:sts::111111111111:assumed-role/name/session`: the role's path is not part of it. */
  readonly sessionArn: string;
  readonly uniqueId?: string;
  /** Organizations policies do not bind roles that are linked to a service. */
  readonly serviceLinked: boolean;
}

export interface ServiceCaller {
  readonly kind: "service";
  readonly service: string;
}

const ABSENT: ContextValue = { state: "absent" };
const UNKNOWN: ContextValue = { state: "unknown" };

function known(...values: readonly string[]): ContextValue {
  return { state: "known", values };
}

export function callerOf(principal: RequestPrincipal): Caller {
  if (principal.kind === "service") {
    return principal;
  }
  const arn = parseArn(principal.roleArn);
  if (arn?.service !== "iam" || !arn.resource.startsWith("role/")) {
    throw new TypeError(
      `'principal.roleArn' must be the ARN of an IAM role such as arn:aws:iam::111111111111:role/name, got '${principal.roleArn}'`,
    );
  }
  const { partition, accountId, resource } = arn;
  const roleName = resource.slice(resource.lastIndexOf("/") + 1);
  return {
    kind: "role",
    partition,
    accountId,
    roleArn: principal.roleArn,
    sessionArn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${principal.sessionName}`,
    serviceLinked: resource.startsWith("role/aws-service-role/"),
    ...(principal.uniqueId === undefined ? {} : { uniqueId: principal.uniqueId }),
  };
}

/**
 * Keys that a request has by its nature, or cannot have.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function derivedContext(request: Request, caller: Caller): Context {
  const service = request.action.slice(0, Math.max(0, request.action.indexOf(":"))).toLowerCase();
  return {
    "aws:ResourceAccount": known(request.resourceAccount),
    // S3's own name for the same account.
    ...(service === "s3" ? { "s3:ResourceAccount": known(request.resourceAccount) } : {}),
    "aws:username": ABSENT,
    "aws:FederatedProvider": ABSENT,
    ...(caller.kind === "service" ? serviceContext(caller) : roleContext(caller, request, service)),
  };
}

function serviceContext(caller: ServiceCaller): Context {
  return {
    "aws:PrincipalIsAWSService": known("true"),
    "aws:PrincipalServiceName": known(caller.service),
    // A service is no member of an organization, and has no tags.
    "aws:PrincipalOrgID": ABSENT,
    "aws:PrincipalOrgPaths": ABSENT,
    "aws:PrincipalTag/*": ABSENT,
  };
}

function roleContext(caller: RoleCaller, request: Request, service: string): Context {
  const session = request.principal.kind === "role" ? request.principal.sessionName : "";
  return {
    // The ARN of the role, never that of its session.
    "aws:PrincipalArn": known(caller.roleArn),
    "aws:PrincipalAccount": known(caller.accountId),
    "aws:PrincipalType": known("AssumedRole"),
    "aws:userid": caller.uniqueId === undefined ? UNKNOWN : known(`${caller.uniqueId}:${session}`),
    "aws:PrincipalIsAWSService": known("false"),
    "aws:PrincipalServiceName": ABSENT,
    "aws:PrincipalServiceNamesList": ABSENT,
    ...(service === "kms" ? { "kms:CallerAccount": known(caller.accountId) } : {}),
  };
}

/**
 * Looks a key up without regard to case; where several contexts have it, the last one counts. A key in none is what a
 * key that ends with `*` says of all that begin like it, and otherwise unknown.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function lookupIn(...contexts: readonly Context[]): Lookup {
  // Most requests are decided by statements without conditions, which look nothing up.
  let found: readonly KnownKeys[] | undefined;
  return (key) => {
    found ??= contexts.map(knownKeysOf).reverse();
    const name = key.toLowerCase();
    for (const { values } of found) {
      const value = values.get(name);
      if (value !== undefined) return value;
    }
    for (const { families } of found) {
      const family = families.find(([beginning]) => name.startsWith(beginning));
      if (family !== undefined) return family[1];
    }
    return UNKNOWN;
  };
}

interface KnownKeys {
  readonly values: ReadonlyMap<string, ContextValue>;
  readonly families: readonly (readonly [beginning: string, value: ContextValue])[];
}

/** Thousands of requests share a context. */
const keysByContext = new WeakMap<Context, KnownKeys>();

function knownKeysOf(context: Context): KnownKeys {
  const known = keysByContext.get(context);
  if (known !== undefined) return known;
  const values = new Map<string, ContextValue>();
  const families: [beginning: string, value: ContextValue][] = [];
  for (const [key, value] of Object.entries(context)) {
    const name = key.toLowerCase();
    if (name.endsWith("*")) families.push([name.slice(0, -1), value]);
    else values.set(name, value);
  }
  const keys = { values, families };
  keysByContext.set(context, keys);
  return keys;
}
