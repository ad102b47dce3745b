/** Condition keys that the snapshot decides: organizations and tags of who asks, of what is asked for, and for whom. */
import type { AccountState, KeyState, Snapshot } from "../snapshot/snapshot";
import { type Alternative, type Context, type ContextValue, parseArn, type Request } from "../iam";
import { tagContext } from "../replication/objectTags";
import { bucketArnWithin } from "../naming/names";

const ABSENT: ContextValue = { state: "absent" };

/** What a snapshot says to all requests of one principal for one bucket, key or role. */
interface Known {
  readonly context: Context;
  /** Tags that differ in the case of their keys only. */
  readonly alternatives: readonly Alternative[];
}

/** Adds to requests what a snapshot says of its roles, buckets, keys and accounts. What it does not say stays open. */
export class KnownKeys {
  private readonly known = new Map<string, Known>();

  constructor(private readonly snapshot: Snapshot) {}

  complete(request: Request): Request {
    const { principal, shared = [], alternatives = [] } = request;
    const known = this.knownOf(request);
    const own =
      principal.kind === "role"
        ? alternatives
        : alternatives.map((alternative) => withSource(this.snapshot, alternative));
    return {
      ...request,
      shared: [...shared, known.context],
      alternatives: known.alternatives.length === 0 ? own : [...own, ...known.alternatives],
    };
  }

  private knownOf(request: Request): Known {
    const { principal, action, resource, resourceAccount } = request;
    const who = principal.kind === "role" ? principal.roleArn : principal.service;
    const service = action.slice(0, action.indexOf(":"));
    const id = `${who} ${service} ${bucketArnWithin(resource) ?? resource} ${resourceAccount}`;
    let known = this.known.get(id);
    if (known === undefined) {
      known = knownTo(this.snapshot, request);
      this.known.set(id, known);
    }
    return known;
  }
}

function knownTo(snapshot: Snapshot, request: Request): Known {
  const { principal, resource, resourceAccount } = request;
  const roleArn = principal.kind === "role" ? principal.roleArn : undefined;
  const tags = [
    tagsOf("aws:PrincipalTag/", roleArn === undefined ? undefined : roleTags(snapshot, roleArn)),
    tagsOf("aws:ResourceTag/", resourceTags(snapshot, request)),
  ];
  return {
    context: {
      ...keyKeys(own(snapshot.keys, resource)),
      ...organizationKeys("Resource", accountOf(snapshot, resourceAccount)),
      ...(roleArn === undefined
        ? {}
        : organizationKeys("Principal", accountOf(snapshot, parseArn(roleArn)?.accountId ?? ""))),
      ...Object.fromEntries(tags.flatMap(({ context }) => Object.entries(context))),
    },
    alternatives: tags.flatMap((each) => each.alternatives),
  };
}

/** A service that says for which account it calls says for which organization, too. */
function withSource(snapshot: Snapshot, alternative: Alternative): Alternative {
  return {
    ...alternative,
    options: alternative.options.map((option) => {
      const source = option.context["aws:SourceAccount"];
      if (source === undefined) return option;
      const keys =
        source.state === "known"
          ? organizationKeys("Source", accountOf(snapshot, source.values[0] ?? ""))
          : { "aws:SourceOrgID": ABSENT, "aws:SourceOrgPaths": ABSENT };
      return { ...option, context: { ...option.context, ...keys } };
    }),
  };
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function organizationKeys(
  whose: "Principal" | "Resource" | "Source",
  account: AccountState | undefined,
): Context {
  const { organizationId, organizationPath } = account ?? {};
  const id = `aws:${whose}OrgID`;
  const paths = `aws:${whose}OrgPaths`;
  if (organizationId === null) return { [id]: ABSENT, [paths]: ABSENT };
  return {
    ...(organizationId === undefined ? {} : { [id]: known(organizationId) }),
    ...(organizationPath === undefined ? {} : { [paths]: known(organizationPath) }),
  };
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-multi-region */
function keyKeys(key: KeyState | undefined): Context {
  if (key === undefined || key.unread?.includes("multiRegion") === true) return {};
  return {
    "kms:MultiRegion": known(String(key.multiRegion)),
    ...(key.multiRegion ? {} : { "kms:MultiRegionKeyType": ABSENT }),
  };
}

function known(value: string): ContextValue {
  return { state: "known", values: [value] };
}

function tagsOf(family: string, tags: Readonly<Record<string, string>> | undefined) {
  return tags === undefined ? { context: {}, alternatives: [] } : tagContext(family, tags);
}

/**
 * Tags of the role, the key or the bucket. Those of a bucket count only where attribute-based access control is on.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
 */
function resourceTags(
  snapshot: Snapshot,
  { action, resource }: Request,
): Readonly<Record<string, string>> | undefined {
  const service = action.slice(0, action.indexOf(":")).toLowerCase();
  if (service === "sts") return roleTags(snapshot, resource);
  if (service === "kms") return own(snapshot.keys, resource)?.tags;
  const bucket = own(snapshot.buckets, bucketArnWithin(resource) ?? resource);
  if (bucket?.abac === "Disabled") return {};
  // Without tags it makes no difference whether they count.
  const hasNone = bucket?.tags !== undefined && Object.keys(bucket.tags).length === 0;
  return bucket?.abac === "Enabled" || hasNone ? bucket.tags : undefined;
}

function roleTags(snapshot: Snapshot, roleArn: string): Readonly<Record<string, string>> | undefined {
  const roles = accountOf(snapshot, parseArn(roleArn)?.accountId ?? "")?.roles;
  return roles === undefined ? undefined : own(roles, roleArn)?.tags;
}

function accountOf(snapshot: Snapshot, accountId: string): AccountState | undefined {
  return own(snapshot.accounts, accountId);
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
