/** The role of S3 Batch Replication jobs, as Pulumi resources. */
import type * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { type BatchSource, planBatch } from "../replication/batch/plan";
import { batchRolePolicy, batchTrustPolicy } from "../replication/batch/policies";
import { enabledRules, type SourcePlan } from "../replication/plan";

/** @returns ARN of the role of Batch Replication jobs, where one is asked for. */
export function batchReplication(
  name: string,
  args: BatchSource & { readonly tags?: Record<string, string> },
  plan: SourcePlan,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const batch = planBatch(args);
  if (batch === undefined) return undefined;
  const role = new Role(
    `${name}-batch-role`,
    {
      name: batch.roleName,
      path: batch.rolePath,
      description: `S3 Batch Operations replicates existing objects of ${args.bucketName} as this role`,
      assumeRolePolicy: JSON.stringify(batchTrustPolicy()),
      tags: args.tags,
    },
    options,
  );
  const prefixes = enabledRules(plan).map((rule) => rule.prefix);
  const policy = new RolePolicy(
    `${name}-batch-role-s3`,
    {
      name: "batch-replication",
      role: role.name,
      policy: JSON.stringify(batchRolePolicy(batch.job, plan.bucketArn, prefixes)),
    },
    options,
  );
  // Known when the role can do its work, and built from plain arguments.
  return policy.role.apply(() => batch.job.role);
}
