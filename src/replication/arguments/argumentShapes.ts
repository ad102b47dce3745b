/** The shape of the plain arguments: which settings there are, and every check of a single value. */
import * as v from "valibot";
import { byName, onlyFields, pathItem } from "../../input/objectShapes";
import { isDeferred } from "../../input/problems";
import {
  ACCOUNT_ID,
  BUCKET_ARN,
  BUCKET_NAME,
  BUCKET_NAMESPACES,
  FAILURE_QUEUE_ARN,
  FAILURE_TOPIC_ARN,
  KEY_ARN,
  LONGEST_TAG_KEY,
  LONGEST_TAG_VALUE,
  OBJECT_OWNERSHIPS,
  ORGANIZATION_ID,
  ORGANIZATION_PATH,
  ORGANIZATION_PATHS,
  REGION,
  ROLE_NAME,
  ROLE_PATH,
  STORAGE_CLASSES,
  TOPIC_ARN,
} from "../../naming/names";
import { flag, list, named, oneOf, wholeNumber } from "../../input/values";

/** An object that takes these settings and no other. */
export const settings = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  onlyFields(entries, "must be an object of settings", "is not a setting");

/** A value that may also be an Output or a promise, which is checked when it arrives. */
const orDeferred = (schema: v.GenericSchema) => v.lazy((value) => (isDeferred(value) ? v.unknown() : schema));

const tags = byName(v.string(), v.string("must be a string"), "must be tags, key to value");

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-managing.html */
const objectTags = v.pipe(
  tags,
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.issues !== undefined) return;
    if (Object.keys(dataset.value).length === 0) {
      addIssue({ message: "must name at least one tag; leave it out for objects with any tags" });
    }
    for (const [key, value] of Object.entries(dataset.value)) {
      if (key.length > LONGEST_TAG_KEY || key === "" || value.length > LONGEST_TAG_VALUE) {
        addIssue({
          message: `must be a tag of S3: a key of 1 to ${LONGEST_TAG_KEY} characters, a value of at most ${LONGEST_TAG_VALUE}`,
          input: value,
          path: [pathItem(dataset.value, key, value)],
        });
      }
    }
  }),
);

const ruleId = v.pipe(
  v.string("must be a text of 1 to 255 characters"),
  v.check((id) => id.length >= 1 && id.length <= 255, "must be a text of 1 to 255 characters"),
);

const RULE = settings({
  id: ruleId,
  destination: v.optional(v.string("must be the name of a destination")),
  enabled: v.optional(flag),
  priority: v.optional(wholeNumber(0, 2147483647)),
  prefix: v.optional(
    v.pipe(
      v.string("must be a text of at most 1,024 bytes"),
      v.maxBytes(1024, "must be a text of at most 1,024 bytes"),
    ),
  ),
  tags: v.optional(objectTags),
  deleteMarkerReplication: v.optional(flag),
  storageClass: v.optional(oneOf(STORAGE_CLASSES)),
  ownerOverride: v.optional(flag),
  sseKmsEncryptedObjects: v.optional(flag),
  replicaKmsKeyArn: v.optional(named(KEY_ARN)),
  replicationTimeControl: v.optional(flag),
  metrics: v.optional(flag),
  replicaModifications: v.optional(flag),
});

const EXISTING_BUCKET_SHAPE = {
  objectOwnership: v.optional(oneOf(OBJECT_OWNERSHIPS)),
  policy: v.optional(v.string("must be the bucket's present policy as JSON, or 'none'")),
};

/** The parts of a notification are @pulumi/aws's own arguments, which may be Outputs and are S3's to check. */
const NOTIFICATION = settings({
  queues: v.optional(list(v.unknown())),
  topics: v.optional(list(v.unknown())),
  lambdaFunctions: v.optional(list(v.unknown())),
  eventbridge: v.optional(flag),
});

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobReport.html */
const keyPrefix = (() => {
  const mustBe = "must be the beginning of object keys, 1 to 512 characters without a slash at either end";
  return v.pipe(v.string(mustBe), v.regex(/^[^/]([^]{0,510}[^/])?$/, mustBe));
})();

const BUCKET_SHAPE = {
  accountId: named(ACCOUNT_ID),
  region: named(REGION),
  bucketName: named(BUCKET_NAME),
  bucketNamespace: v.optional(oneOf(BUCKET_NAMESPACES)),
  existingBucket: v.optional(settings(EXISTING_BUCKET_SHAPE)),
  encryption: v.optional(
    settings({
      algorithm: v.optional(oneOf(["aws:kms", "AES256"])),
      keyArn: v.optional(orDeferred(named(KEY_ARN))),
      bucketKeyEnabled: v.optional(flag),
    }),
  ),
  objectLockEnabled: v.optional(flag),
  defaultRetention: v.optional(
    settings({
      mode: oneOf(["GOVERNANCE", "COMPLIANCE"]),
      days: v.optional(wholeNumber(1, 36500)),
      years: v.optional(wholeNumber(1, 100)),
    }),
  ),
  noncurrentVersionExpirationDays: v.optional(wholeNumber(1, 2147483647)),
  inventory: v.optional(
    settings({
      bucketName: named(BUCKET_NAME),
      accountId: v.optional(named(ACCOUNT_ID)),
      prefix: v.optional(keyPrefix),
      schedule: oneOf(["Daily", "Weekly"]),
    }),
  ),
  tags: v.optional(tags),
  protect: v.optional(flag),
};

const GRANT = settings({
  accountId: v.optional(named(ACCOUNT_ID)),
  organizationId: v.optional(named(ORGANIZATION_ID)),
  paths: v.optional(
    v.pipe(list(named(ORGANIZATION_PATHS)), v.nonEmpty("must name at least one place, or be left out")),
  ),
  prefixPerAccount: v.optional(flag),
  roleName: v.optional(named(ROLE_NAME)),
  rolePath: v.optional(named(ROLE_PATH)),
  deleteMarkerReplication: v.optional(flag),
  ownerOverride: v.optional(flag),
  principal: v.optional(oneOf(["AccountRoot", "Role"])),
});

export const DESTINATION_SHAPE = {
  ...BUCKET_SHAPE,
  sources: v.pipe(
    list(GRANT),
    v.nonEmpty("must name at least one source: the account and the replication role that may write replicas"),
  ),
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MOST_ACTIONS_AN_ALARM = 5;

const MONITORING = settings({
  failureQueue: v.optional(flag),
  failureQueueArn: v.optional(named(FAILURE_QUEUE_ARN)),
  failureTopicArn: v.optional(named(FAILURE_TOPIC_ARN)),
  alarms: v.optional(flag),
  alarmTopicArns: v.optional(
    v.pipe(
      list(orDeferred(named(TOPIC_ARN))),
      v.maxLength(
        MOST_ACTIONS_AN_ALARM,
        `must name at most ${MOST_ACTIONS_AN_ALARM} topics, the most that CloudWatch takes for an alarm`,
      ),
    ),
  ),
  failedOperationsThreshold: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
  latencyThresholdInSeconds: v.optional(wholeNumber(0, 604800)),
  pendingBytesThreshold: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
  failureQueueDepthThreshold: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
  dashboard: v.optional(flag),
});

const WATCHED_RULE = settings({
  id: ruleId,
  destinationBucketArn: named(BUCKET_ARN),
  enabled: v.optional(flag),
  metrics: v.optional(flag),
  replicationTimeControl: v.optional(flag),
});

export const WATCH_SHAPE = {
  accountId: named(ACCOUNT_ID),
  region: named(REGION),
  bucketName: named(BUCKET_NAME),
  rules: v.pipe(
    list(WATCHED_RULE),
    v.nonEmpty("must name at least one rule, as the bucket's replication configuration has it"),
  ),
  notification: v.optional(NOTIFICATION),
  monitoring: v.optional(MONITORING),
  tags: v.optional(tags),
};

const BATCH_REPLICATION = settings({
  roleName: v.optional(named(ROLE_NAME)),
  rolePath: v.optional(named(ROLE_PATH)),
  reportBucketName: v.optional(named(BUCKET_NAME)),
  reportPrefix: v.optional(keyPrefix),
  manifestBucketName: v.optional(named(BUCKET_NAME)),
  manifestPrefix: v.optional(keyPrefix),
});

export const SOURCE_SHAPE = {
  ...BUCKET_SHAPE,
  existingBucket: v.optional(settings({ ...EXISTING_BUCKET_SHAPE, notification: v.optional(NOTIFICATION) })),
  monitoring: v.optional(MONITORING),
  batchReplication: v.optional(BATCH_REPLICATION),
  roleName: v.optional(named(ROLE_NAME)),
  rolePath: v.optional(named(ROLE_PATH)),
  organizationId: v.optional(named(ORGANIZATION_ID)),
  organizationPath: v.optional(named(ORGANIZATION_PATH)),
  existingRole: v.optional(settings({ putPolicies: v.optional(flag) })),
  additionalSourceKeyArns: v.optional(list(orDeferred(named(KEY_ARN)))),
  destinations: byName(
    v.string(),
    settings({
      stack: v.optional(
        v.pipe(v.string("must be the name of a stack"), v.nonEmpty("must be the name of a stack")),
      ),
      contract: v.optional(v.unknown()),
    }),
    "must be an object: a name for each destination, to where its contract comes from",
  ),
  rules: list(RULE),
};
