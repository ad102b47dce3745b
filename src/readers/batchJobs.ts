/** The Batch Replication jobs that source components make a role for: no resource of AWS stands for a job. */
import { partitionOfRegion } from "../naming/arn";
import { type BatchSource, planBatch } from "../replication/batch/plan";
import { bucketArnOf } from "../naming/names";
import { findUnread } from "../resources/values";
import type { Snapshot } from "../snapshot/snapshot";
import type { RegisteredResource } from "./programRun";

const SOURCE = "s3-replication:index:ReplicationSource";

/**
 * Notes at each source bucket the job that its component's arguments describe. Of a role that others made nobody knows
 * which jobs it is for, and so what it needs.
 */
export function noteBatchJobs(snapshot: Snapshot, resources: readonly RegisteredResource[]): void {
  for (const { type, inputs } of resources) {
    if (type !== SOURCE) continue;
    const { accountId, region, bucketName, roleName, rolePath, batchReplication } = inputs;
    const said = { accountId, region, bucketName, roleName, rolePath, batchReplication };
    if (findUnread(said) !== undefined) continue;
    const args = said as unknown as BatchSource;
    const bucket = snapshot.buckets[bucketArnOf(partitionOfRegion(args.region), args.bucketName)];
    const plan = planBatch(args);
    if (bucket !== undefined && plan !== undefined) bucket.batchReplication = plan.job;
  }
}
