/** Refusals of where a rule writes to, and how the replicas are encrypted, owned and timed. */
import { parseArn } from "../../naming/arn";
import { BUCKET_NAME, bucketArnOf, STORAGE_CLASSES } from "../../naming/names";
import { type ReplicationRuleJson, TIME_CONTROL } from "../rules";
import { eachRule, type Mend, NOT_WELL_FORMED, type Put, type RefusalRow, set, without } from "./refusal";

type Destination = ReplicationRuleJson["Destination"];

const DESTINATION = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html";
const ADD_CONFIG = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html";

function destinationIs(
  find: (destination: Destination, put: Put) => readonly Mend[] | undefined,
  sentence: string | ((destination: Destination) => string),
): RefusalRow["violations"] {
  return eachRule(
    ({ Destination }, _index, put) => find(Destination, put),
    typeof sentence === "string" ? sentence : ({ Destination }) => sentence(Destination),
  );
}

const metrics = (value: unknown) => set(value, "Destination", "Metrics");
const isTimed = ({ ReplicationTime: time }: Destination) => time?.Status === "Enabled";

const TIMING: readonly RefusalRow[] = [
  {
    name: "a threshold without Replication Time Control",
    code: "InvalidArgument",
    violations: destinationIs(
      (destination) =>
        destination.Metrics?.EventThreshold !== undefined && !isTimed(destination)
          ? metrics(without(destination.Metrics, "EventThreshold"))
          : undefined,
      "Metrics cannot contain an event threshold when ReplicationTime is not specified or Disabled",
    ),
    mend: "leave EventThreshold out of the metrics, or turn Replication Time Control on, which costs extra",
    grade: "observed",
    source: "https://github.com/crossplane-contrib/provider-aws/issues/1117",
  },
  {
    name: "Replication Time Control without metrics",
    code: "InvalidRequest",
    violations: destinationIs(
      (destination) =>
        (destination.ReplicationTime !== undefined && destination.Metrics === undefined) ||
        (isTimed(destination) && destination.Metrics?.Status !== "Enabled")
          ? metrics({ Status: "Enabled", ...(isTimed(destination) ? { EventThreshold: TIME_CONTROL } : {}) })
          : undefined,
      "Replication destination must contain both ReplicationTime and Metrics or neither.",
    ),
    mend: "turn the metrics of the rule on",
    grade: "documented",
    source: DESTINATION,
    argument: {
      field: "metrics",
      must: "be true with Replication Time Control, which S3 refuses without metrics",
    },
  },
  {
    name: "Replication Time Control without a time",
    code: "MalformedXML",
    violations: destinationIs(
      ({ ReplicationTime: time }) =>
        time !== undefined && time.Time === undefined
          ? set(TIME_CONTROL, "Destination", "ReplicationTime", "Time")
          : undefined,
      NOT_WELL_FORMED,
    ),
    mend: `say the time of Replication Time Control: ${TIME_CONTROL.Minutes} minutes`,
    grade: "documented",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTime.html",
  },
  {
    name: "another time than 15 minutes",
    code: "InvalidArgument",
    violations: destinationIs(
      ({ ReplicationTime: time }) =>
        time?.Time !== undefined && time.Time.Minutes !== TIME_CONTROL.Minutes
          ? set(TIME_CONTROL, "Destination", "ReplicationTime", "Time")
          : undefined,
      "Invalid time minute value",
    ),
    mend: `set the time of Replication Time Control to ${TIME_CONTROL.Minutes} minutes, the only value that S3 takes`,
    grade: "documented",
    source: ADD_CONFIG,
  },
  {
    name: "Replication Time Control without a threshold",
    code: "InvalidArgument",
    violations: destinationIs(
      (destination) =>
        isTimed(destination) &&
        destination.Metrics?.Status === "Enabled" &&
        destination.Metrics.EventThreshold === undefined
          ? metrics({ ...destination.Metrics, EventThreshold: TIME_CONTROL })
          : undefined,
      "ReplicationMetrics must contain an event threshold",
    ),
    mend: `give the metrics an EventThreshold of ${TIME_CONTROL.Minutes} minutes`,
    grade: "reported",
    source: ADD_CONFIG,
  },
  {
    name: "another threshold than 15 minutes",
    code: "InvalidArgument",
    violations: destinationIs((destination) => {
      const { Metrics: given } = destination;
      const isOther =
        given?.EventThreshold !== undefined && given.EventThreshold.Minutes !== TIME_CONTROL.Minutes;
      return isTimed(destination) && isOther
        ? metrics({ ...given, EventThreshold: TIME_CONTROL })
        : undefined;
    }, "Invalid event threshold minute value"),
    mend: `set the EventThreshold of the metrics to ${TIME_CONTROL.Minutes} minutes, the only value that S3 takes`,
    grade: "documented",
    source: ADD_CONFIG,
  },
];

const ENCRYPTION: readonly RefusalRow[] = [
  {
    name: "a replica key without a selection",
    code: "InvalidRequest",
    violations: eachRule(
      ({ Destination, SourceSelectionCriteria: criteria }) =>
        Destination.EncryptionConfiguration !== undefined && criteria?.SseKmsEncryptedObjects === undefined
          ? set({ ...criteria, SseKmsEncryptedObjects: { Status: "Enabled" } }, "SourceSelectionCriteria")
          : undefined,
      "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.",
    ),
    mend: "select SSE-KMS objects (SourceSelectionCriteria.SseKmsEncryptedObjects), or leave EncryptionConfiguration out",
    grade: "observed",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/26241",
    argument: {
      field: "replicaKmsKeyArn",
      must: "be left out where sseKmsEncryptedObjects is false",
    },
  },
  {
    name: "a selection without a replica key",
    code: "InvalidRequest",
    violations: eachRule(
      ({ Destination: { EncryptionConfiguration: encryption }, SourceSelectionCriteria: criteria }) =>
        criteria?.SseKmsEncryptedObjects !== undefined && (encryption?.ReplicaKmsKeyID ?? "") === ""
          ? [{ nameReplicaKey: true }]
          : undefined,
      "ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.",
    ),
    mend: "name a replica key in the destination's account and Region, or leave SseKmsEncryptedObjects out",
    grade: "documented",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_SourceSelectionCriteria.html",
  },
  {
    name: "an empty selection",
    code: "InvalidRequest",
    violations: eachRule(
      (rule) =>
        rule.SourceSelectionCriteria !== undefined &&
        Object.values(rule.SourceSelectionCriteria).every((part) => part === undefined) &&
        rule.Destination.EncryptionConfiguration === undefined
          ? set(without(rule, "SourceSelectionCriteria"))
          : undefined,
      "SourceSelectionCriteria cannot be empty.",
    ),
    mend: "leave SourceSelectionCriteria out, or select something in it",
    grade: "observed",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/44192",
  },
  {
    name: "a replica key that is no ARN",
    code: "InvalidArgument",
    violations: destinationIs(({ EncryptionConfiguration: encryption }) => {
      const keyId = encryption?.ReplicaKmsKeyID ?? "";
      return keyId === "" || parseArn(keyId)?.service === "kms" ? undefined : [{ nameReplicaKey: true }];
    }, "Invalid ReplicaKmsKeyID ARN."),
    mend: "name the replica key by its ARN",
    grade: "reported",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_EncryptionConfiguration.html",
  },
];

const PLACE: readonly RefusalRow[] = [
  {
    name: "a destination that is no bucket ARN",
    code: "InvalidArgument",
    violations: destinationIs((destination, { bucketArn }) => {
      if (isBucketArn(destination.Bucket)) return undefined;
      return BUCKET_NAME.test(destination.Bucket)
        ? set(bucketArnOf(partitionOf(bucketArn), destination.Bucket), "Destination", "Bucket")
        : [{ byHand: "name the destination bucket by its ARN, such as 'arn:aws:s3:::acme-data'" }];
    }, "Invalid bucket ARN"),
    mend: "name the destination bucket by its ARN",
    grade: "documented",
    source: DESTINATION,
  },
  {
    name: "a destination in another partition",
    code: "InvalidArgument",
    violations: destinationIs(
      ({ Bucket: bucket }, { bucketArn }) =>
        isBucketArn(bucket) && partitionOf(bucket) !== partitionOf(bucketArn)
          ? [
              {
                byHand: `choose a bucket in the partition '${partitionOf(bucketArn)}': S3 replicates within one`,
              },
            ]
          : undefined,
      "Invalid bucket ARN",
    ),
    mend: "name a bucket in the partition of the source bucket",
    grade: "documented",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html",
  },
  {
    name: "a storage class that replicas cannot have",
    code: "MalformedXML",
    violations: eachRule(
      (rule) =>
        rule.Destination.StorageClass !== undefined &&
        !(STORAGE_CLASSES as readonly string[]).includes(rule.Destination.StorageClass)
          ? set({ ...rule, Destination: without(rule.Destination, "StorageClass") })
          : undefined,
      NOT_WELL_FORMED,
    ),
    mend: `name one of ${STORAGE_CLASSES.join(", ")}, or leave StorageClass out: replicas have that of their objects then`,
    grade: "documented",
    source: DESTINATION,
  },
  {
    name: "an owner without an account",
    code: "InvalidRequest",
    violations: eachRule(
      ({ Destination: { AccessControlTranslation: owner, Account, Bucket } }, _index, put) => {
        if (owner === undefined || Account !== undefined) return undefined;
        const account = put.destinationOf(Bucket)?.account;
        return account === undefined
          ? [{ byHand: "name the account of the destination bucket" }]
          : set(account, "Destination", "Account");
      },
      "Account must be specified if the Owner in AccessControlTranslation has a value",
    ),
    mend: "name the account that owns the destination bucket",
    grade: "documented",
    source: DESTINATION,
  },
];

export const DESTINATION_REFUSALS: readonly RefusalRow[] = [...PLACE, ...ENCRYPTION, ...TIMING];

function isBucketArn(text: string): boolean {
  const arn = parseArn(text);
  return arn?.service === "s3" && arn.region === "" && arn.accountId === "" && BUCKET_NAME.test(arn.resource);
}

function partitionOf(arn: string): string {
  return parseArn(arn)?.partition ?? "aws";
}
