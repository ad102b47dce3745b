/** Mistakes in the arguments that only one of the two sides has. */
import { STORAGE_CLASSES } from "../../src/naming/names";
import { ACCOUNT, KEY_ARN, type Mistake } from "./badBucketInput";
import { contract, keyArn } from "./pairs";

const ROLE_NAME = "must be an IAM role name: 1 to 64 letters, digits and characters of '+=,.@_-'";
const ROLE_PATH =
  "must be an IAM path: '/' or '/name/', beginning and ending with a slash, at most 512 characters";
const STORAGE = `must be one of ${STORAGE_CLASSES.map((name) => `'${name}'`).join(", ")}`;
const RULE_ID = "must be a text of 1 to 255 characters";

export const DESTINATION_MISTAKES: readonly Mistake[] = [
  [
    "a setting that is none",
    { bucket: "x" },
    "'@bucket' is not a setting; allowed here: accountId, region, bucketName, …",
  ],
  [
    "no sources",
    { sources: [] },
    "'@sources' must name at least one source: the account and the replication role that may write replicas, got []",
  ],
  ["sources left out", { sources: undefined }, "'@sources' must be a list, got nothing"],
  [
    "a source without an account",
    { sources: [{}] },
    "'@sources[0]' must have either 'accountId' or 'organizationId', got neither",
  ],
  [
    "a source that is an account and an organization",
    { sources: [{ accountId: "111111111111", organizationId: "o-a1b2c3d4e5" }] },
    "'@sources[0]' must have either 'accountId' or 'organizationId', got both",
  ],
  [
    "an account id that is none",
    { sources: [{ accountId: "1" }] },
    `'@sources[0].accountId' ${ACCOUNT}, got '1'`,
  ],
  [
    "an organization that is none",
    { sources: [{ organizationId: "acme" }] },
    "'@sources[0].organizationId' must be the id of an organization such as 'o-a1b2c3d4e5', got 'acme'",
  ],
  [
    "an account with places in an organization",
    { sources: [{ accountId: "111111111111", paths: ["o-a1b2c3d4e5/r-ab12/*"] }] },
    `'@sources[0].paths' must be left out for a single account, got ["o-a1b2c3d4e5/r-ab12/*"]; it is for an 'organizationId'`,
  ],
  [
    "an account with a prefix for each account",
    { sources: [{ accountId: "111111111111", prefixPerAccount: true }] },
    "'@sources[0].prefixPerAccount' must be left out for a single account, got true; it is for an 'organizationId'",
  ],
  [
    "a place that is none",
    { sources: [{ organizationId: "o-a1b2c3d4e5", paths: ["ou-ab12-11111111"] }] },
    "'@sources[0].paths[0]' must be a path of AWS Organizations such as 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*', where '*' takes in the units below, got 'ou-ab12-11111111'",
  ],
  [
    "a place in another organization",
    { sources: [{ organizationId: "o-a1b2c3d4e5", paths: ["o-zzzzzzzzzz/r-ab12/*"] }] },
    "'@sources[0].paths[0]' must begin with the 'organizationId', 'o-a1b2c3d4e5', got 'o-zzzzzzzzzz/r-ab12/*'",
  ],
  [
    "no places in an organization",
    { sources: [{ organizationId: "o-a1b2c3d4e5", paths: [] }] },
    "'@sources[0].paths' must name at least one place, or be left out, got []",
  ],
  [
    "an organization whose roles are named themselves",
    { sources: [{ organizationId: "o-a1b2c3d4e5", principal: "Role" }] },
    "'@sources[0].principal' must be left out for an organization, whose roles are named by a condition, got 'Role'",
  ],
  [
    "the same role of an organization twice",
    { sources: [{ organizationId: "o-a1b2c3d4e5" }, { organizationId: "o-a1b2c3d4e5" }] },
    "'@sources[1]' must name another role than the ones before it, got role '/s3-replication' of organization 'o-a1b2c3d4e5' twice",
  ],
  [
    "a setting of a source that is none",
    { sources: [{ accountId: "111111111111", role: "x" }] },
    "'@sources[0].role' is not a setting; allowed here: accountId, organizationId, paths, prefixPerAccount, roleName, rolePath, deleteMarkerReplication, ownerOverride, principal",
  ],
  [
    "a role name of 65 characters",
    { sources: [{ accountId: "111111111111", roleName: "r".repeat(65) }] },
    `'@sources[0].roleName' ${ROLE_NAME}, got '${"r".repeat(65)}'`,
  ],
  [
    "a role path without slashes",
    { sources: [{ accountId: "111111111111", rolePath: "x" }] },
    `'@sources[0].rolePath' ${ROLE_PATH}, got 'x'`,
  ],
  [
    "a role path with a wildcard",
    { sources: [{ accountId: "111111111111", rolePath: "/*/" }] },
    `'@sources[0].rolePath' ${ROLE_PATH}, got '/*/'`,
  ],
  [
    "another principal",
    { sources: [{ accountId: "111111111111", principal: "*" }] },
    "'@sources[0].principal' must be one of 'AccountRoot', 'Role', got '*'",
  ],
  [
    "the same role twice",
    { sources: [{ accountId: "111111111111" }, { accountId: "111111111111", roleName: "s3-replication" }] },
    "'@sources[1]' must name another role than the ones before it, got role '/s3-replication' of account '111111111111' twice",
  ],
];

/** A rule that is right but for what is changed. */
const rules = (...changes: object[]) => ({
  rules: changes.map((change, index) => ({ id: `rule-${index}`, ...change })),
});
const TWO_DESTINATIONS = { a: { contract: contract() }, b: { contract: contract() } };

export const SOURCE_MISTAKES: readonly Mistake[] = [
  [
    "a place in another organization",
    { organizationId: "o-a1b2c3d4e5", organizationPath: "o-zzzzzzzzzz/r-ab12/" },
    "'@organizationPath' must begin with the 'organizationId', 'o-a1b2c3d4e5', got 'o-zzzzzzzzzz/r-ab12/'",
  ],
  [
    "a place in no organization",
    { organizationPath: "o-a1b2c3d4e5/r-ab12/" },
    "'@organizationPath' must begin with the 'organizationId', nothing, got 'o-a1b2c3d4e5/r-ab12/'",
  ],
  [
    "a failure queue that is FIFO",
    { monitoring: { failureQueueArn: "arn:aws:sqs:eu-west-1:111111111111:failed.fifo" } },
    "'@monitoring.failureQueueArn' must be the ARN of a standard SQS queue, 'arn:aws:sqs:<region>:<account>:<name>' (S3 sends no events to FIFO queues), got 'arn:aws:sqs:eu-west-1:111111111111:failed.fifo'",
  ],
  [
    "a failure queue in another Region than the bucket",
    { monitoring: { failureQueueArn: "arn:aws:sqs:eu-west-2:333333333333:failed" } },
    "'@monitoring.failureQueueArn' must be in the bucket's Region, 'eu-west-1', got 'arn:aws:sqs:eu-west-2:333333333333:failed'",
  ],
  [
    "a failure topic that is FIFO",
    { monitoring: { failureTopicArn: "arn:aws:sns:eu-west-1:111111111111:failed.fifo" } },
    "'@monitoring.failureTopicArn' must be the ARN of a standard SNS topic, 'arn:aws:sns:<region>:<account>:<name>' (S3 sends no events to FIFO topics), got 'arn:aws:sns:eu-west-1:111111111111:failed.fifo'",
  ],
  [
    "a failure queue and a failure topic",
    {
      monitoring: {
        failureQueueArn: "arn:aws:sqs:eu-west-1:111111111111:failed",
        failureTopicArn: "arn:aws:sns:eu-west-1:111111111111:failed",
      },
    },
    "'@monitoring.failureTopicArn' must be left out where a failureQueueArn is given (events go to one of them), got both",
  ],
  [
    "a failure queue that is given and turned off",
    {
      monitoring: { failureQueue: false, failureQueueArn: "arn:aws:sqs:eu-west-1:111111111111:failed" },
    },
    "'@monitoring.failureQueue' must not be false where a queue or topic for the events is given, got 'arn:aws:sqs:eu-west-1:111111111111:failed'",
  ],
  [
    "an alarm topic in another Region than the bucket",
    { monitoring: { alarmTopicArns: ["arn:aws:sns:us-east-1:111111111111:on-call"] } },
    "'@monitoring.alarmTopicArns[0]' must be in the bucket's Region, 'eu-west-1', got 'arn:aws:sns:us-east-1:111111111111:on-call'",
  ],
  [
    "six alarm topics",
    {
      monitoring: { alarmTopicArns: Array.from({ length: 6 }, () => "arn:aws:sns:eu-west-1:111111111111:t") },
    },
    `'@monitoring.alarmTopicArns' must name at most 5 topics, the most that CloudWatch takes for an alarm, got ${JSON.stringify(Array.from({ length: 6 }, () => "arn:aws:sns:eu-west-1:111111111111:t")).slice(0, 120)}...`,
  ],
  [
    "a threshold below zero",
    { monitoring: { failureQueueDepthThreshold: -1 } },
    `'@monitoring.failureQueueDepthThreshold' must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got -1`,
  ],
  [
    "a setting that is none",
    { rule: [] },
    "'@rule' is not a setting; allowed here: accountId, region, bucketName, …",
  ],
  [
    "a role name of 65 characters",
    { roleName: "r".repeat(65) },
    `'@roleName' ${ROLE_NAME}, got '${"r".repeat(65)}'`,
  ],
  ["a role name with a slash", { roleName: "a/b" }, `'@roleName' ${ROLE_NAME}, got 'a/b'`],
  ["a role path without its last slash", { rolePath: "/a" }, `'@rolePath' ${ROLE_PATH}, got '/a'`],
  [
    "additional keys that are no list",
    { additionalSourceKeyArns: "x" },
    "'@additionalSourceKeyArns' must be a list, got 'x'",
  ],
  [
    "an alias for an additional key",
    { additionalSourceKeyArns: ["alias/orders"] },
    `'@additionalSourceKeyArns[0]' ${KEY_ARN}, got 'alias/orders'`,
  ],
  [
    "an additional key in another Region",
    { additionalSourceKeyArns: [keyArn("111111111111", "sa-east-1")] },
    `'@additionalSourceKeyArns[0]' must be a key in the bucket's Region, 'eu-west-1', got a key in 'sa-east-1': '${keyArn("111111111111", "sa-east-1")}'`,
  ],
  [
    "no destinations",
    { destinations: {} },
    "'@destinations' must name at least one destination, for example {archive: {stack: 'organization/s3-replication/destination'}}, got none",
  ],
  [
    "a destination without a contract",
    { destinations: { a: {} } },
    "'@destinations.a' must have either 'stack' or 'contract', got neither",
  ],
  [
    "a destination with two contracts",
    { destinations: { a: { stack: "o/p/s", contract: contract() } } },
    "'@destinations.a' must have either 'stack' or 'contract', got both",
  ],
  [
    "a stack without a name",
    { destinations: { a: { stack: "" } } },
    "'@destinations.a.stack' must be the name of a stack, got ''",
  ],
  [
    "no rules",
    { rules: [] },
    "'@rules' must hold at least one rule, got none; S3 refuses an empty configuration",
  ],
  ["rules left out", { rules: undefined }, "'@rules' must be a list, got nothing"],
  [
    "1,001 rules",
    rules(...Array.from({ length: 1001 }, () => ({}))),
    "'@rules' must hold at most 1,000 rules, the most that S3 takes for a bucket, got 1,001",
  ],
  [
    "a setting of a rule that is none",
    rules({ filter: "x" }),
    "'@rules[0].filter' is not a setting; allowed here: id, destination, enabled, priority, prefix, tags, deleteMarkerReplication, storageClass, ownerOverride, sseKmsEncryptedObjects, replicaKmsKeyArn, replicationTimeControl, metrics, replicaModifications",
  ],
  ["a rule without an id", rules({ id: undefined }), `'@rules[0].id' ${RULE_ID}, got nothing`],
  ["a rule with an empty id", rules({ id: "" }), `'@rules[0].id' ${RULE_ID}, got ''`],
  [
    "an id of 256 characters",
    rules({ id: "i".repeat(256) }),
    `'@rules[0].id' ${RULE_ID}, got '${"i".repeat(120)}...'`,
  ],
  [
    "the same id twice",
    rules({ id: "a" }, {}, { id: "a" }),
    "'@rules[2].id' must differ from that of every other rule, got 'a', which 'rules[0]' has already",
  ],
  [
    "the same priority twice",
    rules({ priority: 4 }, { priority: 4 }),
    "'@rules[1].priority' must differ from that of every other rule, got 4, which 'rules[0]' has already",
  ],
  [
    "a priority in some rules only",
    rules({ priority: 4 }, {}),
    "'@rules' must all have a 'priority' or none of them, got 1 of 2 with one",
  ],
  [
    "a priority below zero",
    rules({ priority: -1 }),
    "'@rules[0].priority' must be a whole number from 0 to 2147483647, got -1",
  ],
  [
    "another storage class",
    rules({ storageClass: "COLD" }),
    `'@rules[0].storageClass' ${STORAGE}, got 'COLD'`,
  ],
  [
    "a storage class of Outposts",
    rules({ storageClass: "OUTPOSTS" }),
    `'@rules[0].storageClass' ${STORAGE}, got 'OUTPOSTS'`,
  ],
  [
    "delete markers with tags",
    rules({ deleteMarkerReplication: true, tags: { a: "b" } }),
    "'@rules[0].deleteMarkerReplication' must be false in a rule with tags (S3 refuses both together), got true; use a prefix, or a rule of its own",
  ],
  [
    "Replication Time Control without metrics",
    rules({ replicationTimeControl: true, metrics: false }),
    "'@rules[0].metrics' must be true with Replication Time Control, which S3 refuses without metrics, got false",
  ],
  [
    "failure events asked for, and a rule without metrics",
    { monitoring: { failureQueue: true }, ...rules({ metrics: false }) },
    "'@rules[0].metrics' must be true where 'monitoring' asks for events of failed objects, which S3 sends for rules with metrics only, got false",
  ],
  [
    "an alias for a replica key",
    rules({ replicaKmsKeyArn: "arn:aws:kms:eu-central-1:222222222222:alias/x" }),
    `'@rules[0].replicaKmsKeyArn' ${KEY_ARN}, got 'arn:aws:kms:eu-central-1:222222222222:alias/x'`,
  ],
  [
    "the AWS managed key for a replica key",
    rules({ replicaKmsKeyArn: "arn:aws:kms:eu-central-1:222222222222:alias/aws/s3" }),
    `'@rules[0].replicaKmsKeyArn' ${KEY_ARN}, got 'arn:aws:kms:eu-central-1:222222222222:alias/aws/s3'`,
  ],
  [
    "a replica key without SSE-KMS objects",
    rules({ replicaKmsKeyArn: keyArn("222222222222", "eu-central-1"), sseKmsEncryptedObjects: false }),
    `'@rules[0].replicaKmsKeyArn' must be left out where sseKmsEncryptedObjects is false, got '${keyArn("222222222222", "eu-central-1")}'`,
  ],
  [
    "a prefix of 1,025 bytes",
    rules({ prefix: `${"ß".repeat(512)}x` }),
    `'@rules[0].prefix' must be a text of at most 1,024 bytes, got '${"ß".repeat(120)}...'`,
  ],
  [
    "tags without a tag",
    rules({ tags: {} }),
    "'@rules[0].tags' must name at least one tag; leave it out for objects with any tags, got {}",
  ],
  ["a tag whose value is a number", rules({ tags: { a: 1 } }), "'@rules[0].tags.a' must be a string, got 1"],
  [
    "a tag with a key of 129 characters",
    rules({ tags: { ["k".repeat(129)]: "v" } }),
    `'@rules[0].tags.${"k".repeat(129)}' must be a tag of S3: a key of 1 to 128 characters, a value of at most 256, got 'v'`,
  ],
  [
    "enabled that is a text",
    rules({ enabled: "yes" }),
    "'@rules[0].enabled' must be true or false, got 'yes'",
  ],
  [
    "a destination that is not named",
    { destinations: TWO_DESTINATIONS, ...rules({ destination: "c" }) },
    "'@rules[0].destination' must be one of 'a', 'b', got 'c'",
  ],
  [
    "no destination where there are several",
    { destinations: TWO_DESTINATIONS, ...rules({}) },
    "'@rules[0].destination' must be one of 'a', 'b', got nothing: with several destinations every rule names its own",
  ],
];
