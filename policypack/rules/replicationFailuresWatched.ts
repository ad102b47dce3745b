/** The rule 'replication-failures-watched'. */
import { nist, tags } from "../frameworks";
import { Participation } from "../resources/buckets";
import { PlacedReplication, readableRules } from "../resources/replication";
import { bucketKey, bucketName } from "../resources/stack";
import { Unknown } from "../resources/values";
import { EVENTS, METRIC, watchedBuckets } from "../resources/watching";
import { stackRule } from "../rule";

export const replicationFailuresWatched = stackRule(
  {
    name: "replication-failures-watched",
    displayName: "Failed replication is noticed",
    description:
      "Every bucket with replication rules has an alarm with an action, or an event notification, for failed replication.",
    severity: "high",
    framework: nist("SI-4(5)", "System-generated Alerts"),
    tags: tags({ securityHub: ["S3.11", "CloudWatch.15"], nist: ["CA-7", "SI-4", "SI-4(4)", "SI-4(5)"] }),
    remediationSteps:
      "Add an aws.cloudwatch.MetricAlarm on AWS/S3 OperationsFailedReplication with alarmActions for the source bucket, or an aws.s3.BucketNotification for s3:Replication:OperationFailedReplication. S3 never retries a failed object by itself.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html",
  },
  (stack, findings) => {
    const watched = watchedBuckets(stack);
    for (const replication of new Participation(stack).replications) {
      const { resource, source } = replication;
      if (isIdle(replication)) continue;
      const key = bucketKey(source);
      if (key !== undefined && (watched.keys.has(key) || sameName(replication, watched.keys))) continue;
      const rules = readableRules(replication);
      if (resource.isUnknown && rules instanceof Unknown) findings.notYet(resource, rules);
      else if (watched.unknown) findings.notYet(resource, watched.unknown);
      else if ("unknown" in source) findings.notYet(resource, source.unknown);
      else {
        findings.violation(
          resource,
          `the replication of '${resource.name}' must be watched, got no alarm with an action on ${METRIC} of its source bucket ` +
            `and no notification of ${EVENTS[1]}. Write new aws.cloudwatch.MetricAlarm("${resource.name}-failed", { namespace: "AWS/S3", ` +
            `metricName: "${METRIC}", dimensions: { SourceBucket, DestinationBucket, RuleId }, statistic: "Sum", alarmActions: [<topic>.arn], ... }).`,
        );
      }
    }
  },
);

function sameName({ source }: PlacedReplication, keys: ReadonlySet<string>): boolean {
  const name = "bucket" in source ? source.bucket.prop("bucket").text : undefined;
  return name !== undefined && keys.has(bucketName(name));
}

function isIdle(replication: PlacedReplication): boolean {
  const rules = readableRules(replication);
  return !(rules instanceof Unknown) && rules.length > 0 && rules.every(({ enabled }) => enabled === false);
}
