/** Replication roles with everything in a stack that gives them permissions. */
import { Setting } from "./buckets";
import { PlacedReplication, readableRules, replications } from "./replication";
import { Resource, types } from "./resource";
import { Stack, bucketName } from "./stack";
import { Field, Unknown } from "./values";

/** The role of one or more replication configurations, with everything in the stack that gives it permissions. */
export interface ReplicationRole {
  role: Resource;
  replications: PlacedReplication[];
  /** Policies that can be read: inline, separate, and managed policies of this stack. */
  policies: Setting[];
  /** Managed policies that this stack attaches and does not make. */
  foreignPolicies: Setting[];
}

export interface ReplicationRoles {
  roles: ReplicationRole[];
  /** Configurations whose role is not a resource of this stack, or not known yet. */
  unplaced: { replication: PlacedReplication; unknown?: Unknown }[];
  /** A permission whose role is not known yet: it may belong to any of them. */
  unplacedPolicy?: Unknown;
}

/** The roles that the stack's replication configurations name. */
export function replicationRoles(stack: Stack): ReplicationRoles {
  const roles = new RoleIndex(stack.of(types.roles));
  const found = new Map<string, ReplicationRole>();
  const result: ReplicationRoles = { roles: [], unplaced: [] };
  for (const replication of replications(stack)) {
    const match = roles.find(replication.resource, replication.roleProperty, replication.role);
    if (!(match instanceof Resource)) {
      result.unplaced.push({ replication, unknown: match });
      continue;
    }
    const known = found.get(match.urn);
    if (known) known.replications.push(replication);
    else
      found.set(match.urn, { role: match, replications: [replication], policies: [], foreignPolicies: [] });
  }
  result.roles = [...found.values()];
  if (result.roles.length > 0) addPolicies(stack, roles, found, result);
  return result;
}

function addPolicies(
  stack: Stack,
  roles: RoleIndex,
  found: ReadonlyMap<string, ReplicationRole>,
  result: ReplicationRoles,
): void {
  const roleOf = (resource: Resource, property: string, field: Field): ReplicationRole | undefined => {
    const match = roles.find(resource, property, field);
    if (match instanceof Unknown) result.unplacedPolicy ??= match;
    return match instanceof Resource ? found.get(match.urn) : undefined;
  };
  const managed = new ManagedPolicyIndex(stack.of(types.managedPolicies));
  const attach = (
    role: ReplicationRole | undefined,
    resource: Resource,
    property: string,
    arn: Field,
  ): void => {
    if (role === undefined) return;
    const policy = managed.find(resource, property, arn);
    if (policy) role.policies.push({ resource: policy, field: policy.prop("policy") });
    else role.foreignPolicies.push({ resource, field: arn });
  };

  for (const entry of found.values()) {
    for (const inline of entry.role.optional("inlinePolicies").items()) {
      const field = inline.get("policy");
      if (!field.isMissing) entry.policies.push({ resource: entry.role, field });
    }
    for (const arn of entry.role.optional("managedPolicyArns").items()) {
      attach(entry, entry.role, "managedPolicyArns", arn);
    }
  }
  for (const resource of stack.of(types.rolePolicies)) {
    roleOf(resource, "role", resource.prop("role"))?.policies.push({
      resource,
      field: resource.prop("policy"),
    });
  }
  for (const resource of stack.of(types.rolePolicyAttachments)) {
    attach(
      roleOf(resource, "role", resource.prop("role")),
      resource,
      "policyArn",
      resource.prop("policyArn"),
    );
  }
  for (const resource of stack.of(types.policyAttachments)) {
    for (const role of resource.prop("roles").items()) {
      attach(roleOf(resource, "roles", role), resource, "policyArn", resource.prop("policyArn"));
    }
  }
}

/** The buckets and keys that a role's rules are about. */
export interface Scope {
  buckets: Set<string>;
  replicaKeys: Set<string>;
  /** A bucket, or a key, that is not known yet and may be the one that a statement names. */
  unknownBucket?: Unknown;
  unknownKey?: Unknown;
}

export function scopeOf({ replications }: ReplicationRole): Scope {
  const scope: Scope = { buckets: new Set(), replicaKeys: new Set() };
  for (const replication of replications) {
    const { source } = replication;
    const name = "bucket" in source ? source.bucket.prop("bucket") : undefined;
    if (name?.text !== undefined) scope.buckets.add(name.text);
    if ("name" in source) scope.buckets.add(source.name);
    scope.unknownBucket ??= name?.unknown ?? ("unknown" in source ? source.unknown : undefined);
    const rules = readableRules(replication);
    if (rules instanceof Unknown) {
      scope.unknownBucket ??= rules;
      scope.unknownKey ??= rules;
      continue;
    }
    for (const { bucket, replicaKey } of rules) {
      if (bucket.text !== undefined) scope.buckets.add(bucketName(bucket.text));
      if (replicaKey.text !== undefined) scope.replicaKeys.add(replicaKey.text);
      scope.unknownBucket ??= bucket.unknown;
      scope.unknownKey ??= replicaKey.unknown;
    }
  }
  return scope;
}

class RoleIndex {
  private readonly byUrn = new Map<string, Resource>();
  private readonly byName = new Map<string, Resource>();

  constructor(roles: readonly Resource[]) {
    for (const role of roles) {
      this.byUrn.set(role.urn, role);
      for (const property of ["name", "id", "arn"]) {
        const text = role.prop(property).text;
        if (text !== undefined) this.byName.set(lastSegment(text), role);
      }
    }
  }

  /** The role of this stack that a property means; undefined where it means another one. */
  find(resource: Resource, property: string, field: Field): Resource | Unknown | undefined {
    const named = field.text === undefined ? undefined : this.byName.get(lastSegment(field.text));
    if (named) return named;
    const sources = resource
      .dependencies(property)
      .map(({ urn }) => this.byUrn.get(urn))
      .filter((role) => role !== undefined);
    return sources[0] && sources.length === 1 ? sources[0] : field.unknown;
  }
}

class ManagedPolicyIndex {
  private readonly byUrn = new Map<string, Resource>();
  private readonly byArn = new Map<string, Resource>();

  constructor(policies: readonly Resource[]) {
    for (const policy of policies) {
      this.byUrn.set(policy.urn, policy);
      const arn = policy.prop("arn").text;
      if (arn !== undefined) this.byArn.set(arn, policy);
    }
  }

  find(resource: Resource, property: string, arn: Field): Resource | undefined {
    if (arn.text !== undefined) {
      const named = this.byArn.get(arn.text);
      if (named) return named;
    }
    const sources = resource
      .dependencies(property)
      .map(({ urn }) => this.byUrn.get(urn))
      .filter((policy) => policy !== undefined);
    return sources.length === 1 ? sources[0] : undefined;
  }
}

/** A role's name, from its name or from its ARN with whatever path. */
function lastSegment(nameOrArn: string): string {
  return nameOrArn.replace(/^.*\//, "");
}
