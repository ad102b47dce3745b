/** Warnings about the lifecycle rules of a source: a sentence each. */
import { ARCHIVED_STORAGE_CLASSES, bucketNameOf } from "../../naming/names";
import { prefixesMeet } from "../../replication/ruleFilter";
import { filterOf } from "../../replication/rules";
import type { BucketState, LifecycleRuleState } from "../../snapshot/snapshot";

/**
 * S3 Lifecycle leaves objects alone as long as their replication is pending, and where it failed. So an expiry that is
 * shorter than replication takes loses nothing, and one that people count on never comes. Objects from before the
 * replication have no such status, so that nothing waits for a Batch Replication job.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
 */
export function ofLifecycle(arn: string, { lifecycle = [], replication, batchReplication }: BucketState) {
  const taken = (replication?.Rules ?? [])
    .filter(({ Status: status }) => status === "Enabled")
    .map((rule) => filterOf(rule).prefix);
  const meeting = lifecycle.filter(
    ({ status, prefix = "" }) => status === "Enabled" && taken.some((other) => prefixesMeet(prefix, other)),
  );
  const acting = meeting.filter(
    ({ expires, transitions = [] }) => expires === true || transitions.length > 0,
  );
  const bucketName = bucketNameOf(arn);
  const first = acting.filter(
    ({ expires, transitions = [] }) => expires === true || transitions.some(isArchive),
  );
  return [
    ...(acting.length === 0
      ? []
      : [
          `objects of ${bucketName} whose replication has failed neither expire nor move by ${named(acting)}: they cost until they are replicated, which 's3-replication backfill' does`,
        ]),
    ...(batchReplication === undefined || first.length === 0
      ? []
      : [
          `${named(first)} of ${bucketName} ${first.length === 1 ? "does" : "do"} not wait for the Batch Replication job: what expires or is moved to an archive before the job takes it is not replicated`,
        ]),
  ];
}

const isArchive = (storageClass: string) => ARCHIVED_STORAGE_CLASSES.includes(storageClass);

function named(rules: readonly LifecycleRuleState[]): string {
  const ids = rules.flatMap(({ id }) => (id === undefined ? [] : [`'${id}'`]));
  const what = rules.length === 1 ? "lifecycle rule" : "lifecycle rules";
  return ids.length === rules.length ? `${what} ${ids.join(", ")}` : `its ${rules.length} ${what}`;
}
