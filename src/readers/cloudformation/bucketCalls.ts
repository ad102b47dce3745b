/** Calls that make a bucket as AWS::S3::Bucket says it. */
import { at, findUnread, listOf, textOr } from "../../resources/values";
import { Unread } from "../../snapshot/unread";
import type { Value } from "./functions";
import { lifecycleRules } from "./lifecycle";
import type { CallMaker, Emit } from "./making";

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export const bucketCalls: CallMaker = ({ resource, properties, identity, emit, doubt }) => {
  const Bucket = textOr(identity.ref, resource.logicalId);
  const ownership = at(properties, "OwnershipControls");
  emit("s3:CreateBucket", {
    Bucket,
    ...(ownership === undefined ? { ACL: cannedAcl(at(properties, "AccessControl")) } : {}),
    ObjectLockEnabledForBucket: asBoolean(at(properties, "ObjectLockEnabled")),
  });
  // A bucket is versioned before anything that needs it.
  const versioning = at(properties, "VersioningConfiguration");
  if (versioning !== undefined) {
    emit("s3:PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: at(versioning, "Status") } });
  }
  emitEncryption(Bucket, properties, emit);
  if (ownership !== undefined) {
    const ObjectOwnership = at(ownership, "Rules", "ObjectOwnership");
    emit("s3:PutBucketOwnershipControls", { Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } });
  }
  const block = at(properties, "PublicAccessBlockConfiguration");
  if (block !== undefined) {
    emit("s3:PutPublicAccessBlock", {
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: asBoolean(at(block, "BlockPublicAcls")) ?? false,
        BlockPublicPolicy: asBoolean(at(block, "BlockPublicPolicy")) ?? false,
        IgnorePublicAcls: asBoolean(at(block, "IgnorePublicAcls")) ?? false,
        RestrictPublicBuckets: asBoolean(at(block, "RestrictPublicBuckets")) ?? false,
      },
    });
  }
  const lock = at(properties, "ObjectLockConfiguration");
  if (lock !== undefined) {
    emit("s3:PutObjectLockConfiguration", {
      Bucket,
      ObjectLockConfiguration: { ObjectLockEnabled: at(lock, "ObjectLockEnabled") ?? "Enabled" },
    });
  }
  const lifecycle = at(properties, "LifecycleConfiguration");
  if (lifecycle !== undefined) {
    const Rules = lifecycleRules(at(properties, "LifecycleConfiguration", "Rules"));
    emit("s3:PutBucketLifecycleConfiguration", { Bucket, LifecycleConfiguration: { Rules } });
  }
  const replication = at(properties, "ReplicationConfiguration");
  if (replication === undefined) return;
  const Rules = rulesOf(
    replication instanceof Unread ? replication : at({ replication }, "replication"),
    doubt,
  );
  emit("s3:PutBucketReplication", {
    Bucket,
    ReplicationConfiguration: { Role: at(replication, "Role"), Rules },
  });
};

/** CloudFormation's name of a canned ACL, as S3's API has it: `LogDeliveryWrite` is `log-delivery-write`. */
function cannedAcl(accessControl: unknown): string | undefined {
  if (typeof accessControl !== "string") return undefined;
  return accessControl.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}

function emitEncryption(Bucket: string, properties: unknown, emit: Emit): void {
  const encryption = at(properties, "BucketEncryption");
  if (encryption === undefined) return;
  const rule = at(encryption, "ServerSideEncryptionConfiguration");
  emit("s3:PutBucketEncryption", {
    Bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: at(rule, "ServerSideEncryptionByDefault", "SSEAlgorithm"),
            KMSMasterKeyID: at(rule, "ServerSideEncryptionByDefault", "KMSMasterKeyID"),
          },
          BucketKeyEnabled: asBoolean(at(rule, "BucketKeyEnabled")),
          BlockedEncryptionTypes: at(rule, "BlockedEncryptionTypes", "EncryptionType"),
        },
      ],
    },
  });
}

/** @returns Unread where the whole list is. */
function rulesOf(replication: unknown, doubt: (why: string) => void): unknown {
  if (replication instanceof Unread) return replication;
  const rules = (replication as { Rules?: Value } | undefined)?.Rules;
  if (rules instanceof Unread) return rules;
  return listOf(rules).map((rule, index) => {
    if (rule instanceof Unread) return rule;
    const unknown = Object.keys(rule as object).find((name) => !RULE_PROPERTIES.has(name));
    if (unknown !== undefined)
      doubt(`rule ${index} has the property '${unknown}', which CloudFormation does not have`);
    const written = inApiWords(rule as Value) as Record<string, unknown>;
    if (written.Prefix !== undefined || written.Filter !== undefined) return written;
    doubt(
      `rule ${typeof written.ID === "string" ? `'${written.ID}'` : index} has neither Prefix nor Filter, and no page says what CloudFormation sends to S3 then, which refuses a rule without both; give the rule a Filter`,
    );
    // As if it took every object; the doubt keeps it from being proven.
    return { ...written, Prefix: "" };
  });
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-replicationrule.html */
const RULE_PROPERTIES = new Set([
  "DeleteMarkerReplication",
  "Destination",
  "Filter",
  "Id",
  "Prefix",
  "Priority",
  "SourceSelectionCriteria",
  "Status",
]);

/** Names that S3's API spells in another way. */
const API_NAMES: Readonly<Record<string, string>> = { Id: "ID", TagFilter: "Tag", TagFilters: "Tags" };
const NUMBERS = new Set(["Priority", "Minutes"]);

/** A rule in the words of S3's API. */
function inApiWords(value: Value, name = ""): unknown {
  if (value instanceof Unread) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map((inner) => inApiWords(inner));
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [API_NAMES[key] ?? key, inApiWords(inner, key)]),
    );
  }
  return NUMBERS.has(name) && /^\d+$/.test(value ?? "") ? Number(value) : value;
}

/** CloudFormation takes `"true"` for true. */
export function asBoolean(value: unknown): unknown {
  if (findUnread(value) !== undefined || typeof value !== "string") return value;
  const lower = value.toLowerCase();
  if (["true", "yes", "on"].includes(lower)) return true;
  return ["false", "no", "off"].includes(lower) ? false : value;
}
