/** What a snapshot file may hold of a replication, checked: the S3 API's own shape, and what sources left open beside. */
import * as v from "valibot";
import { flag, list, oneOf } from "../input/values";
import { STORAGE_CLASSES } from "../naming/names";
import type { ReplicationConfiguration, ReplicationRuleJson } from "../replication/rules";
import type { UnreadRule } from "../replication/unreadRules";
import {
  accountId,
  ARN,
  BUCKET_ARN,
  fields,
  KEY_ARN,
  matching,
  named,
  ROLE_ARN,
  type Shape,
  text,
  wholeNumber,
} from "./schemaValues";

const status = fields({ Status: oneOf(["Enabled", "Disabled"]) });
const tag = fields({ Key: text("must be a text"), Value: text("must be a text") });
const prefix = v.pipe(
  text("must be a text of at most 1,024 bytes"),
  v.maxBytes(1024, "must be a text of at most 1,024 bytes"),
);
const minutes = fields({ Minutes: wholeNumber });

const RULE = fields({
  ID: v.optional(text("must be a text")),
  Priority: v.optional(wholeNumber),
  Status: oneOf(["Enabled", "Disabled"]),
  Prefix: v.optional(prefix),
  Filter: v.optional(
    fields({
      Prefix: v.optional(prefix),
      Tag: v.optional(tag),
      And: v.optional(fields({ Prefix: v.optional(prefix), Tags: v.optional(list(tag)) })),
    } satisfies Shape<NonNullable<ReplicationRuleJson["Filter"]>>),
  ),
  DeleteMarkerReplication: v.optional(fields({ Status: v.optional(oneOf(["Enabled", "Disabled"])) })),
  SourceSelectionCriteria: v.optional(
    fields({
      SseKmsEncryptedObjects: v.optional(status),
      ReplicaModifications: v.optional(status),
    } satisfies Shape<NonNullable<ReplicationRuleJson["SourceSelectionCriteria"]>>),
  ),
  ExistingObjectReplication: v.optional(status),
  Destination: fields({
    // What S3 says to a value that it does not take stands in the table of its refusals.
    Bucket: text(`must be ${BUCKET_ARN}`),
    Account: v.optional(accountId),
    StorageClass: v.optional(text(`must be one of ${STORAGE_CLASSES.join(", ")}`)),
    AccessControlTranslation: v.optional(fields({ Owner: oneOf(["Destination"]) })),
    EncryptionConfiguration: v.optional(
      fields({
        ReplicaKmsKeyID: v.optional(text("must be a key ARN")),
      }),
    ),
    ReplicationTime: v.optional(
      fields({ Status: oneOf(["Enabled", "Disabled"]), Time: v.optional(minutes) }),
    ),
    Metrics: v.optional(
      fields({
        Status: oneOf(["Enabled", "Disabled"]),
        EventThreshold: v.optional(minutes),
      }),
    ),
  } satisfies Shape<ReplicationRuleJson["Destination"]>),
} satisfies Shape<ReplicationRuleJson>);

const UNREAD_RULE = fields({
  place: wholeNumber,
  name: text("must be a text"),
  prefix: text("must be a text"),
  tags: list(tag),
  destination: v.optional(text(`must be ${BUCKET_ARN}`)),
  priority: v.optional(wholeNumber),
  isOfKmsAlone: flag,
} satisfies Shape<UnreadRule>);

export const REPLICATION = fields({
  Role: matching(ARN.role, `must be ${ROLE_ARN}`),
  Rules: list(RULE),
  UnreadRules: v.optional(
    v.pipe(
      list(UNREAD_RULE),
      v.description("Rules of which a source left a part open: what they may decide on is unproven"),
    ),
  ),
  KeyAliases: v.optional(
    v.pipe(
      named(ARN.key, KEY_ARN, list(text("must be the name of an alias such as 'alias/replicas'"))),
      v.description("Aliases by which rules call their replica keys, by the ARN of the key"),
    ),
  ),
} satisfies Shape<ReplicationConfiguration>);
