/** Replication configurations as the AWS provider sends them to S3, with what it adds and drops. */
import { at, either, filled, listOf } from "./attributes";
import { Unread } from "../../snapshot/unread";

/** Where rules stand: in a resource of their own, or in the bucket, which says some things in other words. */
export type RuleShape = "separate" | "inline";

/**
 * What S3 receives. Any part of it may be unread.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationConfiguration.html
 */
export function replicationConfiguration(
  role: unknown,
  rules: unknown,
  shape: RuleShape,
): { readonly Role?: unknown; readonly Rules: unknown } {
  return {
    Role: role,
    Rules: rules instanceof Unread ? rules : listOf(rules).map((rule) => ruleOf(rule, shape)),
  };
}

function ruleOf(rule: unknown, shape: RuleShape): unknown {
  if (rule instanceof Unread) return rule;
  const filter = either(rule, "filter", "filters");
  const criteria = either(rule, "source_selection_criteria", "source_selection_criterias");
  const deleteMarkers =
    at(rule, "delete_marker_replication", "status") ?? at(rule, "delete_marker_replication_status");
  // A filter without anything in it takes every object, and makes the rule one of the V2 schema.
  const isV2 = filter !== undefined;
  return defined({
    ID: at(rule, "id"),
    // The provider sends 0 where the program says nothing.
    Priority: isV2 ? (at(rule, "priority") ?? 0) : undefined,
    Status: at(rule, "status"),
    // Where the program gives neither a filter nor a prefix, the provider sends an empty prefix.
    Prefix: isV2 ? undefined : (at(rule, "prefix") ?? ""),
    Filter: isV2 ? filterOf(filter) : undefined,
    // Inline, the provider says Disabled where the program says nothing.
    DeleteMarkerReplication: status(
      filled(deleteMarkers) ?? (isV2 && shape === "inline" ? "Disabled" : undefined),
    ),
    ExistingObjectReplication: status(at(rule, "existing_object_replication", "status")),
    SourceSelectionCriteria:
      criteria &&
      defined({
        SseKmsEncryptedObjects: status(statusOf(either(criteria, "sse_kms_encrypted_objects"))),
        ReplicaModifications: status(statusOf(at(criteria, "replica_modifications"))),
      }),
    Destination: destinationOf(either(rule, "destination", "destinations"), shape),
  });
}

function filterOf(filter: unknown): unknown {
  if (filter instanceof Unread) return filter;
  const and = either(filter, "and");
  const tag = either(filter, "tag");
  const prefix = at(filter, "prefix");
  const tags = at(filter, "tags");
  if (and !== undefined)
    return { And: and instanceof Unread ? and : withTags(at(and, "prefix"), at(and, "tags")) };
  if (tags !== undefined && Object.keys(tags as object).length > 0) return { And: withTags(prefix, tags) };
  const single = tag === undefined ? undefined : { Key: at(tag, "key"), Value: at(tag, "value") ?? "" };
  // The provider puts a prefix and a tag that stand side by side into an And.
  if (single !== undefined && filled(prefix) !== undefined)
    return { And: { Prefix: prefix, Tags: [single] } };
  return defined({ Prefix: single === undefined ? prefix : undefined, Tag: single });
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

function destinationOf(destination: unknown, shape: RuleShape): unknown {
  if (destination instanceof Unread) return destination;
  const key = filled(
    at(destination, "encryption_configuration", "replica_kms_key_id") ??
      at(destination, "replica_kms_key_id"),
  );
  const time = either(destination, "replication_time", "replication_times");
  const metrics = either(destination, "metrics");
  const owner = filled(
    at(either(destination, "access_control_translation", "access_control_translations"), "owner"),
  );
  return defined({
    Bucket: at(destination, "bucket"),
    Account: at(destination, "account") ?? at(destination, "account_id"),
    StorageClass: at(destination, "storage_class"),
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
            EventThreshold: minutes(
              at(metrics, "event_threshold", "minutes") ??
                at(metrics, "minutes") ??
                // Inline, the provider sends 15 minutes where the program says nothing, with time control or without.
                (shape === "inline" ? 15 : undefined),
            ),
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

/** Without what is undefined or an empty text: the provider does not send it. */
function defined(value: Record<string, unknown>): unknown {
  const sent: Record<string, unknown> = {};
  for (const key in value) {
    const inner = value[key];
    if (inner !== undefined && (inner !== "" || key === "Prefix")) sent[key] = inner;
  }
  return sent;
}
