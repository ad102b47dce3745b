/** What a snapshot file may hold, checked; the types are in snapshot.ts, and `satisfies` keeps the two together. */
import { z } from "zod";
import { parsePolicy, type PolicyKind, PolicySyntaxError } from "../iam";
import { ACCOUNT_ID, STORAGE_CLASSES } from "../replication/names";
import type { ReplicationConfiguration, ReplicationRuleJson } from "../replication/rules";
import type {
  AccountState,
  BucketState,
  EncryptionState,
  KeyState,
  ObjectState,
  PublicAccessBlock,
  RoleState,
  Snapshot,
} from "./snapshot";

/** Fields of a type, each with the check of its values: none is missing, none is too many. */
type Shape<T> = { [K in keyof Required<T>]: z.ZodType<T[K]> };

/** Characters of one document; KMS, which takes the largest, takes 32,768. */
export const LARGEST_POLICY = 65_536;
/** Objects are replicated on paper one by one. */
const MOST_OBJECTS = 2_000;

// ---- values -----------------------------------------------------------------------------------------------------

const text = (mustBe: string) => z.string({ error: mustBe });
const matching = (pattern: RegExp, mustBe: string) =>
  z.string({ error: mustBe }).regex(pattern, { error: mustBe });
const flag = z.boolean({ error: "must be true or false" });
const wholeNumber = z.int({ error: "must be a whole number" });
const list = <Item extends z.ZodType>(item: Item) => z.array(item, { error: "must be a list" });

function oneOf<const Values extends readonly string[]>(...values: Values) {
  return z.enum(values, { error: `must be one of ${values.map((value) => `'${value}'`).join(", ")}` });
}

/** An object with these fields and no other. */
function fields<S extends z.ZodRawShape>(shape: S) {
  const allowed = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `is not a field; allowed here: ${allowed}` : "must be an object",
  });
}

/** An object whose names are data. */
function named<Value extends z.ZodType>(name: RegExp, namesMustBe: string, value: Value) {
  return z.record(z.string().regex(name), value, {
    error: (issue) => (issue.code === "invalid_key" ? `must be ${namesMustBe}` : "must be an object"),
  });
}

const ARN = {
  bucket: /^arn:[\w-]+:s3:::[^:/\s]+$/,
  role: /^arn:[\w-]+:iam::\d{12}:role\/\S+$/,
  key: /^arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)\/\S+$/,
};
const BUCKET_ARN = "the ARN of a bucket such as 'arn:aws:s3:::acme-data'";
const ROLE_ARN = "the ARN of a role such as 'arn:aws:iam::111111111111:role/name'";
const KEY_ARN = "the ARN of a key such as 'arn:aws:kms:eu-west-1:111111111111:key/<key id>'";

const accountId = matching(/^\d{12}$/, ACCOUNT_ID.mustBe);
const region = matching(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, "must be an AWS Region such as 'eu-west-1'");
const strings = list(text("must be a text"));
const tags = z.record(z.string(), text("must be a text"), { error: "must be tags, key to value" });

// ---- policies ---------------------------------------------------------------------------------------------------

const POLICY_FORMS =
  'An IAM policy document: as an object, as JSON text, or as the AWS CLI prints it ({"Policy": "..."})';

/** What null means where a document always exists. The reader puts a document there that is unread. */
const UNREAD = "nobody could read it";

/** A document that AWS would take. @param nullMeans What null says here; left out: null says nothing. */
function policy(kind: PolicyKind, nullMeans?: string) {
  const mustBe = `must be a policy document${nullMeans === undefined ? "" : ` or null (${nullMeans})`}`;
  return z
    .unknown()
    .superRefine((value, context) => {
      if (value === null && nullMeans !== undefined && nullMeans !== UNREAD) return;
      const size = sizeOf(value);
      if (size <= LARGEST_POLICY && (typeof value !== "object" || value === null || Array.isArray(value))) {
        context.addIssue({ code: "custom", message: mustBe });
        return;
      }
      if (size > LARGEST_POLICY) {
        context.addIssue({
          code: "custom",
          message: `must be at most ${LARGEST_POLICY} characters, which is more than AWS takes`,
          params: {
            found: Number.isFinite(size)
              ? size
              : "more lists and objects inside each other than can be counted",
          },
        });
        return;
      }
      try {
        parsePolicy(value, "policy", { kind });
      } catch (error) {
        if (!(error instanceof PolicySyntaxError)) throw error;
        const { place, found, allowed, fix } = error.fault;
        context.addIssue({
          code: "custom",
          path: place === "" ? [] : [place],
          message: `must be ${allowed}${fix === undefined ? "" : ` (${fix})`}`,
          params: { found },
        });
      }
    })
    .meta({
      type: nullMeans === undefined ? ["object", "string"] : ["object", "string", "null"],
      description: nullMeans === undefined ? POLICY_FORMS : `${POLICY_FORMS}. null: ${nullMeans}`,
    });
}

function sizeOf(value: unknown): number {
  try {
    return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).length;
  } catch {
    // Too deep to be written down.
    return Infinity;
  }
}

// ---- replication, in the S3 API's own shape ---------------------------------------------------------------------

const status = fields({ Status: oneOf("Enabled", "Disabled") });
const tag = fields({ Key: text("must be a text"), Value: text("must be a text") });
const prefix = text("must be a text of at most 1,024 bytes").refine(
  (value) => Buffer.byteLength(value) <= 1024,
  { error: "must be a text of at most 1,024 bytes" },
);
const minutes = fields({ Minutes: wholeNumber });

const RULE = fields({
  ID: text("must be a text").optional(),
  Priority: wholeNumber.optional(),
  Status: oneOf("Enabled", "Disabled"),
  Prefix: prefix.optional(),
  Filter: fields({
    Prefix: prefix.optional(),
    Tag: tag.optional(),
    And: fields({ Prefix: prefix.optional(), Tags: list(tag).optional() }).optional(),
  } satisfies Shape<NonNullable<ReplicationRuleJson["Filter"]>>).optional(),
  DeleteMarkerReplication: fields({ Status: oneOf("Enabled", "Disabled").optional() }).optional(),
  SourceSelectionCriteria: fields({
    SseKmsEncryptedObjects: status.optional(),
    ReplicaModifications: status.optional(),
  } satisfies Shape<NonNullable<ReplicationRuleJson["SourceSelectionCriteria"]>>).optional(),
  ExistingObjectReplication: status.optional(),
  Destination: fields({
    Bucket: matching(ARN.bucket, `must be ${BUCKET_ARN}`),
    Account: accountId.optional(),
    StorageClass: oneOf(...STORAGE_CLASSES).optional(),
    AccessControlTranslation: fields({ Owner: oneOf("Destination") }).optional(),
    EncryptionConfiguration: fields({
      ReplicaKmsKeyID: text("must be a key ARN").optional(),
    }).optional(),
    ReplicationTime: fields({ Status: oneOf("Enabled", "Disabled"), Time: minutes }).optional(),
    Metrics: fields({
      Status: oneOf("Enabled", "Disabled"),
      EventThreshold: minutes.optional(),
    }).optional(),
  } satisfies Shape<ReplicationRuleJson["Destination"]>),
} satisfies Shape<ReplicationRuleJson>);

export const REPLICATION = fields({
  Role: matching(ARN.role, `must be ${ROLE_ARN}`),
  Rules: list(RULE),
} satisfies Shape<ReplicationConfiguration>).meta({ id: "ReplicationConfiguration" });

// ---- accounts, buckets, keys, objects ---------------------------------------------------------------------------

const publicAccessBlock = fields({
  blockPublicAcls: flag.optional(),
  blockPublicPolicy: flag.optional(),
  ignorePublicAcls: flag.optional(),
  restrictPublicBuckets: flag.optional(),
} satisfies Shape<PublicAccessBlock>);

export const ENCRYPTION = fields({
  algorithm: oneOf("AES256", "aws:kms", "aws:kms:dsse", "SSE-C", "NONE"),
  keyArn: text(`must be ${KEY_ARN}`).optional(),
  bucketKeyEnabled: flag.optional(),
} satisfies Shape<EncryptionState>);

const unread = strings.optional().meta({
  description: "Names of settings here that nobody could read: what depends on them is unproven",
});

const levels = (kind: PolicyKind) =>
  list(list(policy(kind)))
    .nullable()
    .optional()
    .meta({ description: "One list a level (root, unit, account). Left out: none; null: unread" });

const ROLE = fields({
  trust: policy("trust", UNREAD),
  policies: list(policy("identity")).meta({
    type: ["array", "null"],
    description: `Inline and attached policies. null: ${UNREAD}`,
  }),
  boundary: policy("identity", "no boundary").optional(),
  policyNames: strings.optional(),
  unread,
} satisfies Shape<RoleState>);

const ACCOUNT = fields({
  organizationId: matching(
    /^o-[a-z0-9]{10,32}$/,
    "must be the id of an organization such as 'o-a1b2c3d4e5'",
  ).optional(),
  scps: levels("identity"),
  rcps: levels("resource"),
  publicAccessBlock: publicAccessBlock.optional(),
  roles: named(ARN.role, ROLE_ARN, ROLE),
} satisfies Shape<AccountState>);

export const OWNERSHIP = oneOf("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter");

const BUCKET = fields({
  account: accountId,
  region,
  versioning: z
    .enum(["Enabled", "Suspended"], { error: "must be one of 'Enabled', 'Suspended', null" })
    .nullable(),
  ownership: OWNERSHIP,
  policy: policy("resource", "no policy"),
  encryption: ENCRYPTION.optional(),
  objectLock: flag,
  requesterPays: flag.optional(),
  publicAccessBlock: publicAccessBlock.optional(),
  blockedEncryptionTypes: strings.optional(),
  replication: REPLICATION.nullable(),
  batchReplication: fields({
    role: matching(ARN.role, `must be ${ROLE_ARN}`),
    manifestBucket: matching(ARN.bucket, `must be ${BUCKET_ARN}`).optional(),
    manifestPrefix: text("must be the beginning of object keys").optional(),
    manifestGiven: flag.optional(),
    reportBucket: matching(ARN.bucket, `must be ${BUCKET_ARN}`).optional(),
    reportPrefix: text("must be the beginning of object keys").optional(),
  }).optional(),
  unread,
  stated: strings.optional().meta({
    description:
      "Names of settings here that nobody read: the program says them of a bucket that it does not make",
  }),
} satisfies Shape<BucketState>);

export const GRANT = fields({
  granteePrincipal: text("must be the ARN of a principal"),
  operations: strings,
  constraints: fields({
    encryptionContextSubset: tags.optional(),
    encryptionContextEquals: tags.optional(),
  }).optional(),
} satisfies Shape<NonNullable<KeyState["grants"]>[number]>);

const KEY = fields({
  account: accountId,
  region,
  manager: oneOf("CUSTOMER", "AWS"),
  policy: policy("resource", UNREAD),
  grants: list(GRANT).optional(),
  state: oneOf("Enabled", "Disabled", "PendingDeletion", "PendingImport", "Unavailable"),
  multiRegion: flag,
  unread,
} satisfies Shape<KeyState>);

const OBJECT = fields({
  bucket: matching(ARN.bucket, `must be ${BUCKET_ARN}`),
  key: text("must be an object key").refine((key) => key !== "" && Buffer.byteLength(key) <= 1024, {
    error: "must be an object key of 1 to 1,024 bytes",
  }),
  tags: tags.optional(),
  encryption: ENCRYPTION,
  storageClass: text("must be a storage class").optional(),
  deleteMarker: flag.optional(),
  objectLock: flag.optional(),
  replica: flag.optional(),
} satisfies Shape<ObjectState>);

export const SNAPSHOT = fields({
  accounts: named(/^\d{12}$/, "12-digit AWS account ids", ACCOUNT),
  buckets: named(ARN.bucket, BUCKET_ARN, BUCKET),
  keys: named(ARN.key, KEY_ARN, KEY),
  absent: strings.optional().meta({
    description: "ARNs of buckets, keys and roles that were looked for, and that do not exist",
  }),
  objects: list(OBJECT)
    .max(MOST_OBJECTS, { error: `must be at most ${MOST_OBJECTS} objects` })
    .optional(),
} satisfies Shape<Snapshot>);

/** The JSON Schema of a snapshot file, with the forms that the reader takes apart before it checks. */
export function snapshotJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(SNAPSHOT, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== BUCKET.shape.replication) return;
      const [plain] = jsonSchema.anyOf ?? [];
      const wrapped: z.core.JSONSchema.JSONSchema = {
        type: "object",
        properties: { ReplicationConfiguration: plain ?? {} },
        required: ["ReplicationConfiguration"],
      };
      jsonSchema.description = "As `aws s3api get-bucket-replication` prints it. null: none";
      jsonSchema.anyOf = [plain ?? {}, wrapped, { type: "null" }];
    },
  });
}
