/** Which policy documents of a snapshot have a say in a request. */
import type { RoleState, Snapshot } from "../accounts/snapshot";
import {
  type NamedPolicy,
  parseArn,
  parsePolicy,
  type Policies,
  type PolicyDocument,
  type Request,
  type Unread,
} from "../iam";
import type { PermissionTarget } from "../replication/actions";

/** Parses each document of a snapshot once, however many requests it is asked about. */
export class PolicyBook {
  private readonly parsed = new Map<unknown, PolicyDocument>();

  constructor(private readonly snapshot: Snapshot) {}

  /** Everything that has a say in a request of replication. @throws PolicySyntaxError for a malformed document. */
  policiesFor(request: Request, target: PermissionTarget, roleArn: string, bucketArn: string): Policies {
    const role = this.roleOf(roleArn);
    const common = {
      identity: this.identityOf(role),
      boundary:
        role?.boundary === undefined || role.boundary === null
          ? null
          : this.named("permission boundary", role.boundary),
      scps: this.levels(accountIdOf(roleArn), "scps", "service control policy"),
      rcps: this.levels(request.resourceAccount, "rcps", "resource control policy"),
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

  private roleOf(roleArn: string): RoleState | undefined {
    return this.snapshot.accounts[accountIdOf(roleArn)]?.roles[roleArn];
  }

  private identityOf(role: RoleState | undefined): readonly NamedPolicy[] | Unread {
    if (role === undefined) return "unread";
    return role.policies.map((document, index) =>
      this.named(`role policy '${role.policyNames?.[index] ?? index}'`, document),
    );
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

  private levels(
    accountId: string,
    kind: "scps" | "rcps",
    name: string,
  ): (readonly NamedPolicy[])[] | Unread | undefined {
    const levels = this.snapshot.accounts[accountId]?.[kind];
    if (levels === null) return "unread";
    return levels?.map((level, index) =>
      level.map((document) => this.named(`${name} at level ${index}`, document)),
    );
  }

  private named(name: string, document: unknown): NamedPolicy {
    const parsed = this.parsed.get(document) ?? parsePolicy(document, name);
    this.parsed.set(document, parsed);
    return { name, document: parsed };
  }
}

function accountIdOf(arn: string): string {
  return parseArn(arn)?.accountId ?? "";
}
