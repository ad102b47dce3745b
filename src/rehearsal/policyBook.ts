/** Which policy documents of a snapshot have a say in a request. */
import type { RoleState, Snapshot } from "../snapshot/snapshot";
import {
  conditionKeysOf,
  type NamedPolicy,
  parseArn,
  parsePolicy,
  type Policies,
  type PolicyDocument,
  type Request,
  type Unread,
} from "../iam";
import type { Observed } from "../replication/evidence";
import type { PermissionTarget } from "../replication/permissions";
import { KnownKeys } from "./knownKeys";
import type { Missing, Where } from "./report/report";

/** Parses each document of a snapshot once, however many requests it is asked about. */
export class PolicyBook {
  private readonly parsed = new Map<unknown, PolicyDocument>();
  private readonly gathered = new Map<string, Policies>();

  private readonly knownKeys: KnownKeys;

  constructor(private readonly snapshot: Snapshot) {
    this.knownKeys = new KnownKeys(snapshot);
  }

  /** Everything that has a say in a request of replication. @throws PolicySyntaxError for a malformed document. */
  policiesFor(request: Request, target: PermissionTarget, roleArn: string, bucketArn: string): Policies {
    const { resource, resourceAccount } = request;
    // Which object of a bucket it is makes no difference.
    const place = target.endsWith("Key") ? resource : bucketArn;
    const id = `${target} ${roleArn} ${resourceAccount} ${place}`;
    let policies = this.gathered.get(id);
    if (policies === undefined) {
      policies = this.gather(request, target, roleArn, bucketArn);
      this.gathered.set(id, policies);
    }
    return policies;
  }

  private gather(request: Request, target: PermissionTarget, roleArn: string, bucketArn: string): Policies {
    const role = this.roleOf(roleArn);
    const common = {
      identity: this.identityOf(role),
      boundary:
        role?.boundary === undefined || role.boundary === null
          ? null
          : this.named("permission boundary", role.boundary),
      scps: this.levels(accountIdOf(roleArn), "scps", "service control policy"),
      rcps: this.isManagedKey(request.resource)
        ? undefined
        : this.levels(request.resourceAccount, "rcps", "resource control policy"),
    };
    if (target === "role") {
      return {
        ...common,
        resource: { kind: "trust", policy: this.resourcePolicy("trust policy", role, role?.trust) },
      };
    }
    if (target === "sourceKey" || target === "destinationKey") {
      const key = this.snapshot.keys[request.resource];
      return {
        ...common,
        // https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html
        ...(key?.manager === "AWS" ? { rcps: undefined } : {}),
        resource: {
          kind: "key",
          policy: this.resourcePolicy(
            target === "sourceKey" ? "source key policy" : "destination key policy",
            key,
            key?.policy,
          ),
          grants: key?.grants?.map(({ granteePrincipal, operations, constraints }) => ({
            granteePrincipal,
            operations,
            ...constraints,
          })),
        },
      };
    }
    const bucket = this.snapshot.buckets[bucketArn];
    const side = target === "destinationObject" ? "destination" : "source";
    return {
      ...common,
      resource: {
        kind: "bucket",
        policy: this.resourcePolicy(`${side} bucket policy`, bucket, bucket?.policy),
        restrictPublicBuckets:
          bucket?.publicAccessBlock?.restrictPublicBuckets === true ||
          this.snapshot.accounts[request.resourceAccount]?.publicAccessBlock?.restrictPublicBuckets === true,
      },
    };
  }

  /**
   * Other policies that may be what counts: where they decide otherwise, nothing is decided.
   * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
   */
  openQuestions(
    request: Request,
    policies: Policies,
    target: PermissionTarget,
    roleArn: string,
    bucketArn: string,
  ): OpenQuestion[] {
    const questions: OpenQuestion[] = [];
    const { resourceAccount, resource } = request;
    const destinationScps = this.foreignScps(target, roleArn, resourceAccount);
    if (destinationScps !== undefined && policies.scps !== "unread") {
      questions.push({
        // Those of the role's own account bind in any case.
        policies: { ...policies, scps: [...(policies.scps ?? []), ...destinationScps] },
        reason:
          "the troubleshooting page says that service control policies of the destination's account can stop replication, the rules of such policies that they do not bind principals of other accounts",
        missing: { resource: resourceAccount, where: "service control policy", why: "undecided", keys: [] },
      });
    }
    const unread = (keys: string[]) => ({
      resource,
      where: "snapshot" as const,
      why: "unread" as const,
      keys,
    });
    if (
      policies.resource.kind === "key" &&
      this.snapshot.keys[resource]?.unread?.includes("grants") === true
    ) {
      const operation = request.action.slice(request.action.indexOf(":") + 1);
      questions.push({
        policies: {
          ...policies,
          resource: {
            ...policies.resource,
            grants: [{ granteePrincipal: roleArn, operations: [operation] }],
          },
        },
        reason: "the grants of the key could not be read",
        missing: unread(["grants"]),
      });
    }
    if (
      policies.resource.kind === "bucket" &&
      this.snapshot.buckets[bucketArn]?.unread?.includes("publicAccessBlock") === true
    ) {
      questions.push({
        policies: {
          ...policies,
          resource: {
            ...policies.resource,
            restrictPublicBuckets: policies.resource.restrictPublicBuckets !== true,
          },
        },
        reason: "the public access block of the bucket could not be read",
        missing: { ...unread(["publicAccessBlock"]), resource: bucketArn },
      });
    }
    return questions;
  }

  /** A request with all that the snapshot says of who asks and of what it asks for. */
  completed(request: Request): Request {
    return this.knownKeys.complete(request);
  }

  /** Every document that may have a say, whether it counts or not: what object keys are told apart by. */
  everyPolicyFor(request: Request, target: PermissionTarget, roleArn: string, bucketArn: string): Policies {
    const policies = this.policiesFor(request, target, roleArn, bucketArn);
    const foreign = this.foreignScps(target, roleArn, request.resourceAccount);
    if (foreign === undefined || policies.scps === "unread") return policies;
    return { ...policies, scps: [...(policies.scps ?? []), ...foreign] };
  }

  /** Service control policies of the destination's account, where that is another one than the role's. */
  private foreignScps(target: PermissionTarget, roleArn: string, resourceAccount: string) {
    if (!target.startsWith("destination") || resourceAccount === accountIdOf(roleArn)) return undefined;
    const scps = this.levels(resourceAccount, "scps", "service control policy");
    return scps === "unread" ? undefined : scps;
  }

  private roleOf(roleArn: string): RoleState | undefined {
    return this.snapshot.accounts[accountIdOf(roleArn)]?.roles[roleArn];
  }

  private identityOf(role: RoleState | undefined): readonly NamedPolicy[] | Unread {
    if (role === undefined) return "unread";
    return role.policies.map((document, index) => this.named(rolePolicyName(role, index), document));
  }

  /** A document of something that the snapshot holds; of what it does not hold, nobody knows the policy. */
  private resourcePolicy(
    name: string,
    owner: object | undefined,
    document: unknown,
  ): NamedPolicy | Unread | null {
    if (owner === undefined) return "unread";
    return document === null || document === undefined ? null : this.named(name, document);
  }

  /** @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html */
  private isManagedKey(arn: string): boolean {
    return Object.hasOwn(this.snapshot.keys, arn) && this.snapshot.keys[arn]?.manager === "AWS";
  }

  private levels(
    accountId: string,
    kind: "scps" | "rcps",
    name: string,
  ): (readonly NamedPolicy[])[] | Unread | undefined {
    const levels = this.snapshot.accounts[accountId]?.[kind];
    if (levels === null) return "unread";
    return levels?.map((level, index) =>
      level.map((document, place) => this.named(`${name} ${index}.${place}`, document)),
    );
  }

  private named(name: string, document: unknown): NamedPolicy {
    return { name, document: this.parse(document, name) };
  }

  /** @throws PolicySyntaxError for a malformed document. */
  parse(document: unknown, name: string): PolicyDocument {
    let parsed = this.parsed.get(document);
    if (parsed === undefined) {
      parsed = parsePolicy(document, name);
      this.parsed.set(document, parsed);
    }
    return parsed;
  }
}

const keysByPolicies = new WeakMap<Policies, ReadonlySet<string>>();

/** Condition keys that some document among the policies of a request reads, in lower case. */
export function keysReadBy(policies: Policies): ReadonlySet<string> {
  let keys = keysByPolicies.get(policies);
  if (keys === undefined) {
    const written = documentsOf(policies).flatMap(conditionKeysOf);
    keys = new Set(written.map((key) => key.toLowerCase()));
    keysByPolicies.set(policies, keys);
  }
  return keys;
}

/** Every document among the policies of a request. */
export function documentsOf({ identity, boundary, scps, rcps, resource }: Policies): PolicyDocument[] {
  const levels = [scps, rcps].flatMap((each) => (each === undefined || each === "unread" ? [] : each.flat()));
  const alone = [boundary, resource.policy].flatMap((each) =>
    each === undefined || each === null || each === "unread" ? [] : [each],
  );
  return [...(identity === "unread" ? [] : identity), ...levels, ...alone].map(({ document }) => document);
}

/** What reports call the policy of whatever a request is for. */
export const RESOURCE_POLICIES: Readonly<Record<PermissionTarget, Where>> = {
  role: "trust policy",
  sourceBucket: "source bucket policy",
  sourceObject: "source bucket policy",
  sourceKey: "source key policy",
  destinationObject: "destination bucket policy",
  destinationKey: "destination key policy",
};

/** Policies or a request that may be what counts, and why nobody knows. */
export interface OpenQuestion {
  readonly policies: Policies;
  /** Default: the request as it is. */
  readonly asked?: Request;
  /** What somebody saw, unless only pages count. Default: nobody saw anything. */
  readonly settledBy?: Observed;
  readonly reason: string;
  readonly missing: Omit<Missing, "action" | "statements">;
}

/** How reports call a policy of a role. */
export function rolePolicyName(role: RoleState, index: number): string {
  return `role policy '${role.policyNames?.[index] ?? index}'`;
}

function accountIdOf(arn: string): string {
  return parseArn(arn)?.accountId ?? "";
}
