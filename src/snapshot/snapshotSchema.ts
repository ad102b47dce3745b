/** What a snapshot file may hold, checked; the types are in snapshot.ts, and `satisfies` keeps the two together. */
import * as v from "valibot";
import { parsePolicy, type PolicyKind, PolicySyntaxError } from "../iam";
import { pathItem } from "../input/objectShapes";
import { OBJECT_OWNERSHIPS } from "../naming/names";
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
import { flag, list, oneOf } from "../input/values";
import { LIFECYCLE_RULE } from "./lifecycle";
import { REPLICATION } from "./replicationSchema";
import {
  ARN,
  BUCKET_ARN,
  ROLE_ARN,
  KEY_ARN,
  accountId,
  region,
  strings,
  tags,
  fields,
  matching,
  named,
  text,
  sizeOf,
  type Shape,
} from "./schemaValues";

/** Characters of one document; KMS, which takes the largest, takes 32,768. */
export const LARGEST_POLICY = 65_536;
/** Objects are replicated on paper one by one. */
const MOST_OBJECTS = 2_000;

// ---- policies ---------------------------------------------------------------------------------------------------

const POLICY_FORMS =
  'An IAM policy document: as an object, as JSON text, or as the AWS CLI prints it ({"Policy": "..."})';

/** What null means where a document always exists. The reader puts a document there that is unread. */
const UNREAD = "nobody could read it";

/** A document that AWS would take. @param nullMeans What null says here; left out: null says nothing. */
function policy(kind: PolicyKind, nullMeans?: string) {
  const mustBe = `must be a policy document${nullMeans === undefined ? "" : ` or null (${nullMeans})`}`;
  return v.pipe(
    v.unknown(),
    v.rawCheck(({ dataset: { value }, addIssue }) => {
      if (value === null && nullMeans !== undefined && nullMeans !== UNREAD) return;
      const size = sizeOf(value);
      if (size <= LARGEST_POLICY && (typeof value !== "object" || value === null || Array.isArray(value))) {
        addIssue({ message: mustBe });
        return;
      }
      if (size > LARGEST_POLICY) {
        addIssue({
          message: `must be at most ${LARGEST_POLICY} characters, which is more than AWS takes`,
          input: Number.isFinite(size)
            ? size
            : "more lists and objects inside each other than can be counted",
        });
        return;
      }
      try {
        parsePolicy(value, "policy", { kind });
      } catch (error) {
        if (!(error instanceof PolicySyntaxError)) throw error;
        const { place, found, allowed, fix } = error.fault;
        addIssue({
          message: `must be ${allowed}${fix === undefined ? "" : ` (${fix})`}`,
          input: found,
          ...(place === "" ? {} : { path: [pathItem(value, place, found)] }),
        });
      }
    }),
    v.metadata({
      type: nullMeans === undefined ? ["object", "string"] : ["object", "string", "null"],
      description: nullMeans === undefined ? POLICY_FORMS : `${POLICY_FORMS}. null: ${nullMeans}`,
    }),
  );
}

// ---- accounts, buckets, keys, objects ---------------------------------------------------------------------------

const publicAccessBlock = fields({
  blockPublicAcls: v.optional(flag),
  blockPublicPolicy: v.optional(flag),
  ignorePublicAcls: v.optional(flag),
  restrictPublicBuckets: v.optional(flag),
} satisfies Shape<PublicAccessBlock>);

export const ENCRYPTION = fields({
  algorithm: oneOf(["AES256", "aws:kms", "aws:kms:dsse", "SSE-C", "NONE"]),
  keyArn: v.optional(text(`must be ${KEY_ARN}`)),
  bucketKeyEnabled: v.optional(flag),
} satisfies Shape<EncryptionState>);

const unread = v.optional(
  v.pipe(
    strings,
    v.description("Names of settings here that nobody could read: what depends on them is unproven"),
  ),
);

const levels = (kind: PolicyKind) =>
  v.optional(
    v.pipe(
      v.nullable(list(list(policy(kind)))),
      v.description("One list a level (root, unit, account). Left out: none; null: unread"),
    ),
  );

const ROLE = fields({
  trust: policy("trust", UNREAD),
  policies: v.pipe(
    list(policy("identity")),
    v.metadata({
      type: ["array", "null"],
      description: `Inline and attached policies. null: ${UNREAD}`,
    }),
  ),
  boundary: v.optional(policy("identity", "no boundary")),
  policyNames: v.optional(strings),
  tags: v.optional(tags),
  unread,
} satisfies Shape<RoleState>);

const stated = v.optional(
  v.pipe(
    strings,
    v.description("Names of settings here that nobody read: the program says them of what it does not make"),
  ),
);

const ACCOUNT = fields({
  organizationId: v.optional(
    v.pipe(
      v.nullable(
        matching(/^o-[a-z0-9]{10,32}$/, "must be the id of an organization such as 'o-a1b2c3d4e5' or null"),
      ),
      v.description("Left out: not known; null: the account is in no organization"),
    ),
  ),
  organizationPath: v.optional(
    matching(
      /^o-[a-z0-9]{10,32}\/r-[a-z0-9]{4,32}\/(ou-[a-z0-9-]+\/)*$/,
      "must be the path of the account's unit such as 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/'",
    ),
  ),
  scps: levels("identity"),
  rcps: levels("resource"),
  publicAccessBlock: v.optional(publicAccessBlock),
  roles: named(ARN.role, ROLE_ARN, ROLE),
  stated,
} satisfies Shape<AccountState>);

export const OWNERSHIP = oneOf(OBJECT_OWNERSHIPS);

/** A setting that the reader also takes as the AWS CLI prints it, and takes out of that field before it is checked. */
function orPrinted<const Setting extends v.GenericSchema>(
  setting: Setting,
  command: string,
  printedIn: string,
) {
  return v.pipe(
    setting,
    v.metadata({ description: `Also as \`aws s3api ${command}\` prints it`, printedIn }),
  );
}

const BUCKET = fields({
  account: accountId,
  region,
  versioning: orPrinted(
    v.nullable(v.picklist(["Enabled", "Suspended"], "must be one of 'Enabled', 'Suspended', null")),
    "get-bucket-versioning",
    "Status",
  ),
  ownership: orPrinted(OWNERSHIP, "get-bucket-ownership-controls", "OwnershipControls"),
  policy: policy("resource", "no policy"),
  encryption: v.optional(orPrinted(ENCRYPTION, "get-bucket-encryption", "ServerSideEncryptionConfiguration")),
  objectLock: orPrinted(flag, "get-object-lock-configuration", "ObjectLockConfiguration"),
  requesterPays: v.optional(orPrinted(flag, "get-bucket-request-payment", "Payer")),
  publicAccessBlock: v.optional(
    orPrinted(publicAccessBlock, "get-public-access-block", "PublicAccessBlockConfiguration"),
  ),
  blockedEncryptionTypes: v.optional(strings),
  lifecycle: v.optional(orPrinted(list(LIFECYCLE_RULE), "get-bucket-lifecycle-configuration", "Rules")),
  tags: v.optional(tags),
  abac: v.optional(oneOf(["Enabled", "Disabled"])),
  replication: orPrinted(v.nullable(REPLICATION), "get-bucket-replication", "ReplicationConfiguration"),
  batchReplication: v.optional(
    fields({
      role: matching(ARN.role, `must be ${ROLE_ARN}`),
      manifestBucket: v.optional(matching(ARN.bucket, `must be ${BUCKET_ARN}`)),
      manifestPrefix: v.optional(text("must be the beginning of object keys")),
      manifestGiven: v.optional(flag),
      reportBucket: v.optional(matching(ARN.bucket, `must be ${BUCKET_ARN}`)),
      reportPrefix: v.optional(text("must be the beginning of object keys")),
    }),
  ),
  unread,
  stated,
} satisfies Shape<BucketState>);

export const GRANT = fields({
  granteePrincipal: text("must be the ARN of a principal"),
  operations: strings,
  constraints: v.optional(
    fields({
      encryptionContextSubset: v.optional(tags),
      encryptionContextEquals: v.optional(tags),
    }),
  ),
} satisfies Shape<NonNullable<KeyState["grants"]>[number]>);

const KEY = fields({
  account: accountId,
  region,
  manager: oneOf(["CUSTOMER", "AWS"]),
  policy: policy("resource", UNREAD),
  grants: v.optional(list(GRANT)),
  state: oneOf(["Enabled", "Disabled", "PendingDeletion", "PendingImport", "Unavailable"]),
  multiRegion: flag,
  tags: v.optional(tags),
  unread,
} satisfies Shape<KeyState>);

const OBJECT = fields({
  bucket: matching(ARN.bucket, `must be ${BUCKET_ARN}`),
  key: v.pipe(
    text("must be an object key"),
    v.check(
      (key) => key !== "" && Buffer.byteLength(key) <= 1024,
      "must be an object key of 1 to 1,024 bytes",
    ),
  ),
  tags: v.optional(tags),
  encryption: ENCRYPTION,
  storageClass: v.optional(text("must be a storage class")),
  deleteMarker: v.optional(flag),
  annotated: v.optional(flag),
  objectLock: v.optional(flag),
  replica: v.optional(flag),
} satisfies Shape<ObjectState>);

export const SNAPSHOT = fields({
  accounts: named(/^\d{12}$/, "12-digit AWS account ids", ACCOUNT),
  buckets: named(ARN.bucket, BUCKET_ARN, BUCKET),
  keys: named(ARN.key, KEY_ARN, KEY),
  absent: v.optional(
    v.pipe(
      strings,
      v.description("ARNs of buckets, keys and roles that were looked for, and that do not exist"),
    ),
  ),
  accepted: v.optional(
    v.pipe(
      strings,
      v.description("Findings about rules that are meant so, by the ids that reports call them"),
    ),
  ),
  unread: v.optional(
    v.pipe(
      strings,
      v.description("What could not be read besides the settings that are marked: nothing is proven then"),
    ),
  ),
  contradictions: v.optional(
    v.pipe(strings, v.description("What two sources say otherwise of one thing, and which one counts")),
  ),
  objects: v.optional(
    v.pipe(
      list(v.unknown()),
      // Before any of them is looked at.
      v.maxLength(MOST_OBJECTS, `must be at most ${MOST_OBJECTS} objects`),
      list(OBJECT),
      v.metadata({ maxItems: MOST_OBJECTS }),
    ),
  ),
} satisfies Shape<Snapshot>);
