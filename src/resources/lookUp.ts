/** Finds what a call refers to: by name, id or ARN. What is not there exists elsewhere, unread, or AWS refuses the call. */
import { parseArn, partitionOfRegion } from "../naming/arn";
import { bucketArnOf } from "../naming/names";
import { accountOf, type BucketState, type KeyState, type RoleState } from "../snapshot/snapshot";
import { Unread, unreadPolicy } from "../snapshot/unread";
import type { AnyCall } from "./calls";
import { AwsRefusal } from "./refusal";
import { mayRefuse, type Site } from "./site";
import { text } from "./values";

/** A bucket, key or role with its ARN. */
export interface Found<State> {
  readonly arn: string;
  readonly state: State;
}

/** The bucket that a call configures; undefined where it is not known which one. */
export function bucketOf(site: Site, call: AnyCall, bucket: unknown): Found<BucketState> | undefined {
  if (bucket instanceof Unread) return undefined;
  const { region, account } = call;
  const named = text(bucket);
  const bucketName = parseArn(named)?.service === "s3" ? named.slice(named.lastIndexOf(":") + 1) : named;
  const arn = bucketArnOf(partitionOfRegion(region), bucketName);
  const state = site.snapshot.buckets[arn];
  if (state === undefined) {
    if (site.world.complete) throw new AwsRefusal(`NoSuchBucket: The bucket '${bucketName}' does not exist`);
    return { arn, state: (site.snapshot.buckets[arn] = unreadBucket(account, region)) };
  }
  if (state.account !== account && mayRefuse(site, call)) {
    throw new AwsRefusal(`AccessDenied: account ${account} may not configure the bucket '${bucketName}'`);
  }
  return { arn, state };
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

/** The key of a key id, a key ARN or an alias; undefined where it is not known which one. */
export function keyOf(site: Site, { account, region }: AnyCall, keyId: unknown): Found<KeyState> | undefined {
  const arn = keyArnOf(site, keyId, account, region);
  if (arn === undefined || parseArn(arn)?.resource.startsWith("key/") !== true) return undefined;
  const state = (site.snapshot.keys[arn] ??= {
    account: parseArn(arn)?.accountId ?? account,
    region: parseArn(arn)?.region ?? region,
    manager: "CUSTOMER",
    policy: unreadPolicy("resource", "a key of another program"),
    state: "Enabled",
    multiRegion: false,
    unread: ["policy", "state"],
  });
  return { arn, state };
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
  { account, region }: AnyCall,
  role: unknown,
): Found<RoleState> | undefined {
  if (typeof role !== "string" || role === "") return undefined;
  const roleName = role.slice(role.lastIndexOf("/") + 1);
  const { roles } = accountOf(site.snapshot, account);
  // Names are unique in an account whatever the path is; most roles have none.
  const plain = `arn:${partitionOfRegion(region)}:iam::${account}:role/${roleName}`;
  const found = Object.hasOwn(roles, plain)
    ? plain
    : Object.keys(roles).find((arn) => arn.endsWith(`/${roleName}`));
  const known = found === undefined ? undefined : roles[found];
  if (found !== undefined && known !== undefined) return { arn: found, state: known };
  if (site.world.complete) {
    throw new AwsRefusal(
      `NoSuchEntity: The role with name ${roleName} cannot be found in account ${account}`,
    );
  }
  const arn = parseArn(role)?.service === "iam" ? role : plain;
  return { arn, state: (roles[arn] = unreadRole("a role of another program")) };
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
