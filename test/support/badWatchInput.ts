/** Mistakes in the arguments of a watch. */
import { ACCOUNT, type Mistake } from "./badBucketInput";

const BUCKET_ARN = "must be the ARN of a bucket, 'arn:aws:s3:::<name>'";
const rule = (change: object) => ({
  id: "everything",
  destinationBucketArn: "arn:aws:s3:::orders-replicas",
  ...change,
});
const failed = {
  events: ["s3:Replication:OperationFailedReplication"],
  queueArn: "arn:aws:sqs:eu-west-1:111111111111:x",
};

export const WATCH_MISTAKES: readonly Mistake[] = [
  [
    "a setting that is none",
    { bucket: "x" },
    "'@bucket' is not a setting; allowed here: accountId, region, bucketName, rules, notification, monitoring, tags",
  ],
  ["an account id as a number", { accountId: 111111111111 }, `'@accountId' ${ACCOUNT}, got 111111111111`],
  [
    "no rules",
    { rules: [] },
    "'@rules' must name at least one rule, as the bucket's replication configuration has it, got []",
  ],
  [
    "a destination that is no ARN",
    { rules: [rule({ destinationBucketArn: "orders-replicas" })] },
    `'@rules[0].destinationBucketArn' ${BUCKET_ARN}, got 'orders-replicas'`,
  ],
  [
    "objects of a bucket as a destination",
    { rules: [rule({ destinationBucketArn: "arn:aws:s3:::orders-replicas/*" })] },
    `'@rules[0].destinationBucketArn' ${BUCKET_ARN}, got 'arn:aws:s3:::orders-replicas/*'`,
  ],
  [
    "the same rule twice",
    { rules: [rule({}), rule({})] },
    "'@rules[1].id' must be the id of another rule than the ones before it, got 'everything' twice",
  ],
  [
    "a notification of failed objects that goes elsewhere already",
    { notification: { queues: [failed] } },
    "'@notification.queues[0].events' must hold no event of replication, which S3 sends to one place only, got 's3:Replication:OperationFailedReplication'; take it out, or set 'monitoring.failureQueue: false'",
  ],
  [
    "alarms of another Region",
    { monitoring: { alarmTopicArns: ["arn:aws:sns:us-east-1:111111111111:on-call"] } },
    "'@monitoring.alarmTopicArns[0]' must be in the bucket's Region, 'eu-west-1', got 'arn:aws:sns:us-east-1:111111111111:on-call'",
  ],
];

/** A mistake only where nobody reads from the bucket what it notifies. */
export const UNKNOWN_NOTIFICATION: Mistake = [
  "a failure queue on a bucket of which nobody says what it notifies",
  { monitoring: { failureQueue: true } },
  "'@monitoring.failureQueue' must be false or left out where 'notification' does not say what the bucket notifies at present ({} for nothing), got true: S3 keeps one notification configuration a bucket, and a new one replaces it",
];
