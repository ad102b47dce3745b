/** Replication configurations as @pulumi/aws writes them, in the S3 API's own shape. */
import type { ReplicationConfiguration } from "../replication/rules";
import { at, either, findUnread, listOf } from "./values";
import { checked } from "../input/schemaProblems";
import { REPLICATION } from "../snapshot/snapshotSchema";
import { Unread } from "../snapshot/unread";

/** Where rules stand: in BucketReplicationConfig, or in the bucket itself, which says some things in other words. */
export type RuleShape = "separate" | "inline";

/**
 * @param subject What is read, for errors.
 * @returns Unread where any part of it is: policies name the role, the buckets and the keys, so that with another one in
 * its place they would seem to deny what they allow.
 * @throws InvalidInputError where a value is none that S3 takes.
 */
export function readReplication(
  role: unknown,
  rules: unknown,
  shape: RuleShape,
  subject: string,
): ReplicationConfiguration | Unread {
  if (rules instanceof Unread) return rules;
  const configuration = {
    Role: role,
    Rules: listOf(rules).map((rule) => readRule(rule, shape)),
  };
  const unread = findUnread(configuration);
  if (unread !== undefined) return unread;
  return checked(REPLICATION, configuration, subject);
}

function readRule(rule: unknown, shape: RuleShape): unknown {
  const filter = either(rule, "filter", "filters");
  const criteria = either(rule, "sourceSelectionCriteria", "sourceSelectionCriterias");
  const deleteMarkers =
    at(rule, "deleteMarkerReplication", "status") ?? at(rule, "deleteMarkerReplicationStatus");
  // A filter without anything in it takes every object, and makes the rule one of the V2 schema.
  const isV2 = filter !== undefined;
  return defined({
    ID: at(rule, "id"),
    // The provider sends 0 where the program says nothing.
    Priority: isV2 ? (at(rule, "priority") ?? 0) : undefined,
    Status: at(rule, "status"),
    Prefix: isV2 ? undefined : at(rule, "prefix"),
    Filter: isV2 ? readFilter(filter) : undefined,
    // Inline, the provider says Disabled where the program says nothing.
    DeleteMarkerReplication: status(deleteMarkers ?? (isV2 && shape === "inline" ? "Disabled" : undefined)),
    ExistingObjectReplication: status(at(rule, "existingObjectReplication", "status")),
    SourceSelectionCriteria:
      criteria &&
      defined({
        SseKmsEncryptedObjects: status(statusOf(either(criteria, "sseKmsEncryptedObjects"))),
        ReplicaModifications: status(statusOf(at(criteria, "replicaModifications"))),
      }),
    Destination: readDestination(either(rule, "destination", "destinations")),
  });
}

function readFilter(filter: unknown): unknown {
  if (filter instanceof Unread) return filter;
  const and = at(filter, "and");
  const tag = at(filter, "tag");
  const prefix = at(filter, "prefix");
  const tags = at(filter, "tags");
  if (and !== undefined)
    return { And: and instanceof Unread ? and : withTags(at(and, "prefix"), at(and, "tags")) };
  if (tags !== undefined && Object.keys(tags as object).length > 0) return { And: withTags(prefix, tags) };
  return defined({
    Prefix: prefix,
    Tag: tag && { Key: at(tag, "key"), Value: at(tag, "value") },
  });
}

function withTags(prefix: unknown, tags: unknown): unknown {
  return defined({
    Prefix: prefix,
    Tags:
      typeof tags === "object" && tags !== null && !(tags instanceof Unread)
        ? Object.entries(tags).map(([Key, Value]: [string, unknown]) => ({ Key, Value }))
        : tags,
  });
}

function readDestination(destination: unknown): unknown {
  const key =
    at(destination, "encryptionConfiguration", "replicaKmsKeyId") ?? at(destination, "replicaKmsKeyId");
  const time = either(destination, "replicationTime", "replicationTimes");
  const metrics = either(destination, "metrics");
  const owner = at(either(destination, "accessControlTranslation", "accessControlTranslations"), "owner");
  return defined({
    Bucket: at(destination, "bucket"),
    Account: at(destination, "account") ?? at(destination, "accountId"),
    StorageClass: at(destination, "storageClass"),
    AccessControlTranslation: owner === undefined ? undefined : { Owner: owner },
    EncryptionConfiguration: key === undefined ? undefined : { ReplicaKmsKeyID: key },
    ReplicationTime:
      time === undefined
        ? undefined
        : {
            Status: at(time, "status") ?? "Enabled",
            Time: { Minutes: at(time, "time", "minutes") ?? at(time, "minutes") ?? 15 },
          },
    Metrics:
      metrics === undefined
        ? undefined
        : defined({
            Status: at(metrics, "status") ?? "Enabled",
            EventThreshold: minutes(at(metrics, "eventThreshold", "minutes") ?? at(metrics, "minutes")),
          }),
  });
}

/** `enabled: true` of the older shape, `status: "Enabled"` of the newer one. */
function statusOf(part: unknown): unknown {
  const enabled = at(part, "enabled");
  if (typeof enabled === "boolean") return enabled ? "Enabled" : "Disabled";
  return enabled ?? at(part, "status");
}

function status(value: unknown): unknown {
  return value === undefined || value === "" ? undefined : { Status: value };
}

function minutes(value: unknown): unknown {
  return value === undefined ? undefined : { Minutes: value };
}

/** Without the properties that are undefined or an empty text, so that a snapshot reads like the API's answer. */
function defined(value: Record<string, unknown>): unknown {
  return Object.fromEntries(
    Object.entries(value).filter(([key, inner]) => inner !== undefined && (inner !== "" || key === "Prefix")),
  );
}
