/** The replication role and its policies, as Pulumi resources. */
import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import type { ExistingRole } from "../replication/arguments/arguments";
import { bucketNameOf } from "../naming/names";
import type { SourcePlan } from "../replication/plan";
import { trustPolicy } from "../replication/policies";

/** The role that S3 replicates as. */
export interface ReplicationRole {
  /** Built from plain arguments, so that previews and policy packs see it before the role exists. */
  readonly roleArn: pulumi.Output<string>;
  /** What must be in place before the role is used. */
  readonly policies: readonly pulumi.Resource[];
}

/** What the role may do, as JSON. A preview knows the policy for S3, and the one for KMS only when it knows the keys. */
export interface RolePolicies {
  readonly s3: pulumi.Output<string>;
  /** Undefined where no rule replicates SSE-KMS objects. */
  readonly kms: pulumi.Output<string> | undefined;
}

/** A new role with its policies, or one that exists, which gets policies only where they are asked for. */
export function replicationRole(
  name: string,
  plan: SourcePlan,
  args: { readonly existingRole?: ExistingRole; readonly tags?: Record<string, string> },
  policies: RolePolicies,
  options: pulumi.CustomResourceOptions,
): ReplicationRole {
  const { existingRole } = args;
  if (existingRole === undefined) {
    const role = newRole(name, plan, args.tags, options);
    return {
      roleArn: role.name.apply(() => plan.roleArn),
      policies: rolePolicies(name, role.name, "", policies, options),
    };
  }
  // A policy of the same name would be written over: these names are nobody else's.
  const prefix = `s3-replication-${bucketNameOf(plan.bucketArn)}-`;
  return {
    roleArn: pulumi.output(plan.roleArn),
    policies:
      existingRole.putPolicies === true
        ? rolePolicies(name, pulumi.output(plan.roleName), prefix, policies, options)
        : [],
  };
}

function newRole(
  name: string,
  plan: SourcePlan,
  tags: Record<string, string> | undefined,
  options: pulumi.CustomResourceOptions,
): Role {
  return new Role(
    `${name}-role`,
    {
      name: plan.roleName,
      path: plan.rolePath,
      description: `S3 replicates objects of ${bucketNameOf(plan.bucketArn)} as this role`,
      assumeRolePolicy: JSON.stringify(trustPolicy()),
      tags,
    },
    options,
  );
}

function rolePolicies(
  name: string,
  role: pulumi.Output<string>,
  prefix: string,
  { s3, kms }: RolePolicies,
  options: pulumi.CustomResourceOptions,
): RolePolicy[] {
  const put = (kind: string, policy: pulumi.Output<string>) =>
    new RolePolicy(`${name}-role-${kind}`, { name: `${prefix}${kind}`, role, policy }, options);
  return [put("s3", s3), ...(kms === undefined ? [] : [put("kms", kms)])];
}
