/** What the handlers of resources work on: the accounts, what is known of them, and notes that outlive one resource. */
import { parseArn, partitionOfRegion } from "../naming/arn";
import { bucketArnOf } from "../naming/names";
import type { BucketState, KeyState, RoleState, Snapshot } from "../snapshot/snapshot";
import { accountOf } from "../snapshot/snapshot";
import { Unread, unreadPolicy } from "../snapshot/unread";
import { AwsRefusal } from "./refusal";
import { text, textOr, uniqueId } from "./values";

/** A resource on its way into an account. */
export interface ResourceInputs {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly accountId: string;
  /** Region of the resource, or of its provider. */
  readonly region: string;
  /** What AWS gave back when the resource was deployed. Left out: it is being made now. */
  readonly deployed?: DeployedResource;
}

export interface DeployedResource {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The stack only looks at the resource (`Bucket.get`), which others made and configure. */
  readonly external?: boolean;
  /** Made before AWS changed what new buckets get, or nobody knows when. */
  readonly old?: boolean;
}

/** What AWS gives back. */
export interface ResourceOutputs {
  readonly id: string;
  readonly outputs: Record<string, unknown>;
}

/** What is known of the accounts that resources go into. */
export interface World {
  /** Whether AWS's refusals stop the walk: what is deployed already was not refused. */
  readonly refuses: boolean;
  /** Whether the accounts hold nothing but these resources: otherwise what is missing exists elsewhere, unread. */
  readonly complete: boolean;
}

/** New accounts that get these resources and no others. */
export const NEW_ACCOUNTS: World = { refuses: true, complete: true };
/** Accounts that hold more than these resources, which are on their way. */
export const LIVED_IN_ACCOUNTS: World = { refuses: true, complete: false };
/** Accounts that have these resources already. */
export const DEPLOYED_ACCOUNTS: World = { refuses: false, complete: false };

export interface Site {
  readonly snapshot: Snapshot;
  readonly world: World;
  readonly notes: Notes;
}

export type Handler = (site: Site, resource: ResourceInputs) => ResourceOutputs;

/** What the resources of a snapshot say that the snapshot itself has no place for. */
export interface Notes {
  /** Alias ARN to key ARN. */
  readonly aliases: Map<string, string>;
  /** Documents of managed policies, by ARN. */
  readonly managedPolicies: Map<string, unknown>;
  /** Roles that a policy names before they are made, and what AWS says to that. */
  readonly namedTooEarly: Map<string, string>;
  /** Documents that stand in for a managed policy until it comes. */
  readonly awaited: { readonly policyArn: string; readonly replace: (document: unknown) => void }[];
  /** Policies of an organization, by id. */
  readonly organizationPolicies: Map<
    string,
    { readonly kind: "scps" | "rcps" | undefined; readonly document: unknown }
  >;
  readonly organizationTargets: { readonly policyId: string; readonly target: string }[];
  /** Settings of a bucket that is not known: of each bucket of the account they may be. */
  readonly strayKeySettings: { readonly accountId: string; readonly setting: "policy" | "grants" }[];
  /** Accounts, one for each policy of a role that is not known. */
  readonly strayRolePolicies: string[];
  readonly astray: { readonly accountId: string; readonly setting: string }[];
}

const NOTES = new WeakMap<Snapshot, Notes>();

export function siteOf(snapshot: Snapshot, world: World): Site {
  let notes = NOTES.get(snapshot);
  if (notes === undefined) {
    notes = {
      aliases: new Map(),
      managedPolicies: new Map(),
      namedTooEarly: new Map(),
      awaited: [],
      organizationPolicies: new Map(),
      organizationTargets: [],
      strayKeySettings: [],
      strayRolePolicies: [],
      astray: [],
    };
    NOTES.set(snapshot, notes);
  }
  return { snapshot, world, notes };
}

/** What a resource is called in an error. */
export function describe({ type, name }: ResourceInputs): string {
  return `${type} '${name}'`;
}

/** ARN that AWS gave a deployed resource. */
export function deployedArn({ deployed }: ResourceInputs, service: string): string | undefined {
  const arn = deployed?.outputs.arn;
  return typeof arn === "string" && parseArn(arn)?.service === service ? arn : undefined;
}

/** A name that the program gives, or that the provider makes of the resource's name. */
export function nameOf(resource: ResourceInputs, property: string): string {
  const { inputs, name, accountId, deployed } = resource;
  if (deployed !== undefined && deployed.id !== "") return deployed.id;
  const prefix = textOr(inputs[`${property}Prefix`], `${name}-`);
  return textOr(inputs[property], `${prefix}${uniqueId(accountId, name).slice(0, 7)}`);
}

/** The bucket that a resource configures; undefined where it is not known which one. */
export function bucketOf(site: Site, resource: ResourceInputs): BucketState | undefined {
  const { inputs, region, accountId } = resource;
  if (inputs.bucket instanceof Unread) return undefined;
  const named = text(inputs.bucket);
  const bucketName = parseArn(named)?.service === "s3" ? named.slice(named.lastIndexOf(":") + 1) : named;
  const arn = bucketArnOf(partitionOfRegion(region), bucketName);
  const bucket = site.snapshot.buckets[arn];
  if (bucket === undefined) {
    if (site.world.complete) throw new AwsRefusal(`NoSuchBucket: The bucket '${bucketName}' does not exist`);
    return (site.snapshot.buckets[arn] = unreadBucket(accountId, region));
  }
  if (bucket.account !== accountId && site.world.refuses) {
    throw new AwsRefusal(`AccessDenied: account ${accountId} may not configure the bucket '${bucketName}'`);
  }
  return bucket;
}

/** A bucket that is there, and of which nothing was read. */
function unreadBucket(account: string, region: string): BucketState {
  return {
    account,
    region,
    versioning: "Enabled",
    ownership: "BucketOwnerEnforced",
    policy: unreadPolicy("resource", "a bucket of another program"),
    objectLock: false,
    replication: null,
    unread: ["versioning", "ownership", "policy", "encryption", "objectLock", "replication"],
  };
}

/** The key of a key id or key ARN; undefined where it is not known which one. */
export function keyOf(site: Site, resource: ResourceInputs): KeyState | undefined {
  const { inputs, region, accountId } = resource;
  const arn = keyArnOf(site, inputs.keyId, accountId, region);
  if (arn === undefined || parseArn(arn)?.resource.startsWith("key/") !== true) return undefined;
  return (site.snapshot.keys[arn] ??= {
    account: parseArn(arn)?.accountId ?? accountId,
    region: parseArn(arn)?.region ?? region,
    manager: "CUSTOMER",
    policy: unreadPolicy("resource", "a key of another program"),
    state: "Enabled",
    multiRegion: false,
    unread: ["policy", "state"],
  });
}

/**
 * ARN of a key that is called by its id, its ARN or an alias. An alias that is not known is given as its ARN.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
 */
export function keyArnOf(site: Site, key: unknown, account: string, region: string): string | undefined {
  if (typeof key !== "string" || key === "") return undefined;
  const arn = key.startsWith("arn:")
    ? key
    : `arn:${partitionOfRegion(region)}:kms:${region}:${account}:${key.startsWith("alias/") ? key : `key/${key}`}`;
  return site.notes.aliases.get(arn) ?? arn;
}

/** The role of a name or an ARN; undefined where it is not known which one. */
export function roleOf(
  site: Site,
  { accountId, region }: ResourceInputs,
  role: unknown,
): RoleState | undefined {
  if (typeof role !== "string" || role === "") return undefined;
  const roleName = role.slice(role.lastIndexOf("/") + 1);
  const { roles } = accountOf(site.snapshot, accountId);
  const found = Object.entries(roles).find(([arn]) => arn.endsWith(`/${roleName}`));
  if (found !== undefined) return found[1];
  if (site.world.complete) {
    throw new AwsRefusal(
      `NoSuchEntity: The role with name ${roleName} cannot be found in account ${accountId}`,
    );
  }
  const arn =
    parseArn(role)?.service === "iam"
      ? role
      : `arn:${partitionOfRegion(region)}:iam::${accountId}:role/${roleName}`;
  return (roles[arn] = unreadRole("a role of another program"));
}

/** A role that is there, and of which nothing was read. */
export function unreadRole(why: string): RoleState {
  return {
    trust: unreadPolicy("trust", why),
    policies: [unreadPolicy("identity", why)],
    policyNames: ["unread"],
    boundary: unreadPolicy("identity", why),
    unread: ["trust", "policies", "boundary"],
  };
}
