/** What a source's arguments say of its Batch Replication jobs, and which rule would replicate what they write. */
import { partitionOfRegion } from "../../naming/arn";
import { type BatchReplicationRole, DEFAULTS } from "../arguments/arguments";
import { prefixesMeet } from "../ruleFilter";
import type { BatchReplication } from "./permissions";
import { bucketArnOf, batchRoleNameOf, roleArnOf } from "../../naming/names";

/** The role of jobs, and the job that it is made for. */
export interface BatchPlan {
  readonly roleName: string;
  readonly rolePath: string;
  readonly job: BatchReplication;
}

/** The arguments of a source that its jobs depend on. */
export interface BatchSource {
  readonly accountId: string;
  readonly region: string;
  readonly bucketName: string;
  readonly roleName?: string;
  readonly rolePath?: string;
  readonly batchReplication?: BatchReplicationRole;
}

/** @returns undefined where no role is asked for. */
export function planBatch(args: BatchSource): BatchPlan | undefined {
  const { accountId, region, batchReplication: batch } = args;
  if (batch === undefined) return undefined;
  const partition = partitionOfRegion(region);
  const roleName = batch.roleName ?? batchRoleNameOf(args.roleName ?? DEFAULTS.roleName);
  const rolePath = batch.rolePath ?? args.rolePath ?? DEFAULTS.rolePath;
  return {
    roleName,
    rolePath,
    job: {
      role: roleArnOf(partition, accountId, rolePath, roleName),
      ...(batch.manifestBucketName === undefined
        ? {}
        : {
            manifestBucket: bucketArnOf(partition, batch.manifestBucketName),
            manifestPrefix: batch.manifestPrefix ?? DEFAULTS.manifestPrefix,
            manifestGiven: true,
          }),
      ...(batch.reportBucketName === undefined
        ? {}
        : {
            reportBucket: bucketArnOf(partition, batch.reportBucketName),
            reportPrefix: batch.reportPrefix ?? DEFAULTS.reportPrefix,
          }),
    },
  };
}

/** A rule, as far as it decides whether it takes what a job writes. */
export interface TakingRule {
  readonly enabled: boolean;
  readonly prefix: string;
  readonly tagged: boolean;
}

/**
 * The rule that would replicate objects of the source bucket whose keys begin so. What a job writes has no tags.
 * @param beginning Ends where the keys begin to differ.
 */
export function ruleThatTakes<Rule extends TakingRule>(
  rules: readonly Rule[],
  beginning: string,
): Rule | undefined {
  return rules.find(({ enabled, prefix, tagged }) => enabled && !tagged && prefixesMeet(beginning, prefix));
}

/** How the keys of a completion report begin. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobReport.html */
export function reportBeginning(prefix: string): string {
  return prefix === "" ? "job-" : `${prefix}/job-`;
}
