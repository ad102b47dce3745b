/** The shape of the plain arguments: which settings there are, and every check of a single value. */
import { z } from "zod";
import { isDeferred } from "../problems";
import {
  ACCOUNT_ID,
  BUCKET_NAME,
  FAILURE_QUEUE_ARN,
  FAILURE_TOPIC_ARN,
  KEY_ARN,
  type NameRule,
  OBJECT_OWNERSHIPS,
  REGION,
  ROLE_NAME,
  ROLE_PATH,
  STORAGE_CLASSES,
  TOPIC_ARN,
} from "./names";

/** A text that AWS takes as a name of this kind. */
export const named = (rule: NameRule) =>
  z.string({ error: rule.mustBe }).refine((text) => rule.test(text), { error: rule.mustBe });

const flag = z.boolean({ error: "must be true or false" });

const oneOf = (values: readonly string[]) => {
  const mustBe = `must be one of ${values.map((value) => `'${value}'`).join(", ")}`;
  return z.string({ error: mustBe }).refine((text) => values.includes(text), { error: mustBe });
};

const wholeNumber = (least: number, most: number) => {
  const mustBe = `must be a whole number from ${least} to ${most}`;
  return z
    .number({ error: mustBe })
    .refine((n) => Number.isInteger(n) && n >= least && n <= most, { error: mustBe });
};

/** An object that takes these settings and no other. */
export function settings<Shape extends z.ZodRawShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `is not a setting; allowed here: ${allowed}`
        : "must be an object of settings",
  });
}

/** A value that may also be an Output or a promise, which is checked when it arrives. */
const orDeferred = (schema: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    if (isDeferred(value)) return;
    const result = schema.safeParse(value);
    if (result.success) return;
    for (const issue of result.error.issues) {
      context.addIssue({ code: "custom", message: issue.message, path: issue.path });
    }
  });

const list = (item: z.ZodType) => z.array(item, { error: "must be a list" });

const stringMap = (mustBe: string) =>
  z.record(z.string(), z.string({ error: "must be a string" }), { error: mustBe });

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-managing.html */
const objectTags = stringMap("must be tags, key to value").superRefine((tags, context) => {
  if (Object.keys(tags).length === 0) {
    context.addIssue({
      code: "custom",
      message: "must name at least one tag; leave it out for objects with any tags",
    });
  }
  for (const [key, value] of Object.entries(tags)) {
    if (key.length > 128 || key === "" || value.length > 256) {
      context.addIssue({
        code: "custom",
        path: [key],
        message: "must be a tag of S3: a key of 1 to 128 characters, a value of at most 256",
      });
    }
  }
});

const RULE = settings({
  id: z
    .string({ error: "must be a text of 1 to 255 characters" })
    .refine((id) => id.length >= 1 && id.length <= 255, { error: "must be a text of 1 to 255 characters" }),
  destination: z.string({ error: "must be the name of a destination" }).optional(),
  enabled: flag.optional(),
  priority: wholeNumber(0, 2147483647).optional(),
  prefix: z
    .string({ error: "must be a text of at most 1,024 bytes" })
    .refine((prefix) => Buffer.byteLength(prefix) <= 1024, { error: "must be a text of at most 1,024 bytes" })
    .optional(),
  tags: objectTags.optional(),
  deleteMarkerReplication: flag.optional(),
  storageClass: oneOf(STORAGE_CLASSES).optional(),
  ownerOverride: flag.optional(),
  sseKmsEncryptedObjects: flag.optional(),
  replicaKmsKeyArn: named(KEY_ARN).optional(),
  replicationTimeControl: flag.optional(),
  metrics: flag.optional(),
  replicaModifications: flag.optional(),
});

const EXISTING_BUCKET_SHAPE = {
  objectOwnership: oneOf(OBJECT_OWNERSHIPS).optional(),
  policy: z.string({ error: "must be the bucket's present policy as JSON, or 'none'" }).optional(),
};

/** The parts of a notification are @pulumi/aws's own arguments, which may be Outputs and are S3's to check. */
const NOTIFICATION = settings({
  queues: list(z.unknown()).optional(),
  topics: list(z.unknown()).optional(),
  lambdaFunctions: list(z.unknown()).optional(),
  eventbridge: flag.optional(),
});

const BUCKET_SHAPE = {
  accountId: named(ACCOUNT_ID),
  region: named(REGION),
  bucketName: named(BUCKET_NAME),
  existingBucket: settings(EXISTING_BUCKET_SHAPE).optional(),
  encryption: settings({
    algorithm: oneOf(["aws:kms", "AES256"]).optional(),
    keyArn: orDeferred(named(KEY_ARN)).optional(),
    bucketKeyEnabled: flag.optional(),
  }).optional(),
  objectLockEnabled: flag.optional(),
  defaultRetention: settings({
    mode: oneOf(["GOVERNANCE", "COMPLIANCE"]),
    days: wholeNumber(1, 36500).optional(),
    years: wholeNumber(1, 100).optional(),
  }).optional(),
  noncurrentVersionExpirationDays: wholeNumber(1, 2147483647).optional(),
  tags: stringMap("must be tags, key to value").optional(),
  protect: flag.optional(),
};

const GRANT = settings({
  accountId: named(ACCOUNT_ID),
  roleName: named(ROLE_NAME).optional(),
  rolePath: named(ROLE_PATH).optional(),
  deleteMarkerReplication: flag.optional(),
  ownerOverride: flag.optional(),
  principal: oneOf(["AccountRoot", "Role"]).optional(),
});

export const DESTINATION_SHAPE = {
  ...BUCKET_SHAPE,
  sources: list(GRANT).refine((sources) => sources.length > 0, {
    error: "must name at least one source: the account and the replication role that may write replicas",
  }),
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MOST_ACTIONS_AN_ALARM = 5;

const MONITORING = settings({
  failureQueue: flag.optional(),
  failureQueueArn: named(FAILURE_QUEUE_ARN).optional(),
  failureTopicArn: named(FAILURE_TOPIC_ARN).optional(),
  alarms: flag.optional(),
  alarmTopicArns: list(orDeferred(named(TOPIC_ARN)))
    .refine((topics) => topics.length <= MOST_ACTIONS_AN_ALARM, {
      error: `must name at most ${MOST_ACTIONS_AN_ALARM} topics, the most that CloudWatch takes for an alarm`,
    })
    .optional(),
  failedOperationsThreshold: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  latencyThresholdInSeconds: wholeNumber(0, 604800).optional(),
  pendingBytesThreshold: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  failureQueueDepthThreshold: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  dashboard: flag.optional(),
});

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobReport.html */
const keyPrefix = (() => {
  const mustBe = "must be the beginning of object keys, 1 to 512 characters without a slash at either end";
  return z
    .string({ error: mustBe })
    .refine((text) => /^[^/]([^]{0,510}[^/])?$/.test(text), { error: mustBe });
})();

const BATCH_REPLICATION = settings({
  roleName: named(ROLE_NAME).optional(),
  rolePath: named(ROLE_PATH).optional(),
  reportBucketName: named(BUCKET_NAME).optional(),
  reportPrefix: keyPrefix.optional(),
  manifestBucketName: named(BUCKET_NAME).optional(),
  manifestPrefix: keyPrefix.optional(),
});

export const SOURCE_SHAPE = {
  ...BUCKET_SHAPE,
  existingBucket: settings({ ...EXISTING_BUCKET_SHAPE, notification: NOTIFICATION.optional() }).optional(),
  monitoring: MONITORING.optional(),
  batchReplication: BATCH_REPLICATION.optional(),
  roleName: named(ROLE_NAME).optional(),
  rolePath: named(ROLE_PATH).optional(),
  existingRole: settings({ putPolicies: flag.optional() }).optional(),
  additionalSourceKeyArns: list(orDeferred(named(KEY_ARN))).optional(),
  destinations: z.record(
    z.string(),
    settings({
      stack: z
        .string({ error: "must be the name of a stack" })
        .refine((text) => text !== "", { error: "must be the name of a stack" })
        .optional(),
      contract: z.unknown().optional(),
    }),
    { error: "must be an object: a name for each destination, to where its contract comes from" },
  ),
  rules: list(RULE),
};
