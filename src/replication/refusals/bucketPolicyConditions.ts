/** Refusals of what a bucket policy compares: condition keys that S3 has, and that all actions of a statement have. */
import { matchesPattern, parseCidr } from "../../iam";
import { isConditionKey } from "../conditionKeys";
import { conditionValues, type DocumentRow, some, textsOf, type WrittenStatement } from "./documentRow";
import { isAction } from "./s3Actions";

const WITH_GRANTS = [
  "PutObject",
  "PutObjectAcl",
  "PutObjectVersionAcl",
  "BypassGovernanceRetention",
] as const;
const UPLOADS = ["PutObject", "BypassGovernanceRetention"] as const;
const LISTINGS = ["ListBucket", "ListBucketVersions"] as const;
const NEW_TAGS = [...UPLOADS, "PutObjectTagging", "PutObjectVersionTagging"] as const;
const ACLS = [...WITH_GRANTS, "CreateBucket", "PutBucketAcl"] as const;
const ENCRYPTED = [...UPLOADS, "ReplicateObject"] as const;
const ENCRYPTED_ANEW = [...ENCRYPTED, "UpdateObjectEncryption"] as const;

/**
 * Keys of S3 that a few of its actions have, and these. S3 was seen to refuse each family beside other actions. A key
 * that is not here may be one of every action. A test holds the lists against AWS's.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const ACTIONS_OF_KEYS: Readonly<Record<string, readonly string[]>> = {
  "s3:prefix": LISTINGS,
  "s3:delimiter": LISTINGS,
  "s3:max-keys": LISTINGS,
  "s3:ExistingObjectTag/*": [
    "DeleteObjectAnnotation",
    "DeleteObjectTagging",
    "DeleteObjectVersionAnnotation",
    "DeleteObjectVersionTagging",
    "GetObject",
    "GetObjectAcl",
    "GetObjectAnnotation",
    "GetObjectAttributes",
    "GetObjectTagging",
    "GetObjectVersion",
    "GetObjectVersionAcl",
    "GetObjectVersionAnnotation",
    "GetObjectVersionAttributes",
    "GetObjectVersionTagging",
    "ListObjectAnnotations",
    "ListObjectVersionAnnotations",
    "PutObjectAcl",
    "PutObjectAnnotation",
    "PutObjectTagging",
    "PutObjectVersionAcl",
    "PutObjectVersionAnnotation",
    "PutObjectVersionTagging",
    "UpdateObjectEncryption",
  ],
  "s3:RequestObjectTag/*": NEW_TAGS,
  "s3:RequestObjectTagKeys": NEW_TAGS,
  "s3:x-amz-acl": [...ACLS, "CreateAccessPoint"],
  "s3:x-amz-grant-full-control": ACLS,
  "s3:x-amz-grant-read": ACLS,
  "s3:x-amz-grant-read-acp": ACLS,
  "s3:x-amz-grant-write": ACLS,
  "s3:x-amz-grant-write-acp": ACLS,
  "s3:x-amz-copy-source": UPLOADS,
  "s3:x-amz-metadata-directive": UPLOADS,
  "s3:x-amz-server-side-encryption": ENCRYPTED_ANEW,
  "s3:x-amz-server-side-encryption-aws-kms-key-id": ENCRYPTED_ANEW,
  "s3:x-amz-server-side-encryption-customer-algorithm": ENCRYPTED,
  "s3:x-amz-storage-class": WITH_GRANTS,
};

const BY_KEY = Object.entries(ACTIONS_OF_KEYS).map(([key, names]) => ({
  key: key.toLowerCase(),
  actions: new Set(names.map((name) => `s3:${name}`.toLowerCase())),
}));

/** Whether some action lacks a condition key. S3 asks this of no pattern, and an action that nobody here knows may have it. */
function isLackedBy(key: string, actions: readonly string[]): boolean {
  const having = BY_KEY.find((row) => matchesPattern(row.key, key.toLowerCase()))?.actions;
  if (having === undefined) return false;
  return actions.some(
    (action) => !/[*?]/.test(action) && isAction(action) && !having.has(action.toLowerCase()),
  );
}

const keysOf = (statement: WrittenStatement) => conditionValues(statement).map(({ key }) => key);

const SERVICE_AUTHORIZATION =
  "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html";

export const BUCKET_CONDITIONS: readonly DocumentRow[] = [
  {
    kinds: ["bucket"],
    message: "MalformedPolicy: Conditions do not apply to combination of actions and resources in statement",
    isRefused: some((statement) =>
      keysOf(statement).some((key) => isLackedBy(key, textsOf(statement.Action))),
    ),
    mend: "give actions that do not have a condition key a statement without it: S3 takes a key only where every action of the statement has it",
    grade: "observed",
    source: "https://github.com/humanmade/S3-Uploads/issues/239",
  },
  {
    kinds: ["bucket"],
    // S3 takes whatever begins with aws:, and may have keys of other services.
    message: "MalformedPolicy: Policy has an invalid condition key",
    isRefused: some((statement) =>
      keysOf(statement).some((key) => /^s3:/i.test(key) && !isConditionKey(key)),
    ),
    mend: "write condition keys of S3 as AWS lists them",
    grade: "reported",
    source: SERVICE_AUTHORIZATION,
  },
  {
    kinds: ["bucket"],
    message: "MalformedPolicy: Invalid IP address in Conditions",
    isRefused: some((statement) =>
      conditionValues(statement).some(
        ({ operator, value }) => /(^|:)(Not)?IpAddress/i.test(operator) && parseCidr(value) === undefined,
      ),
    ),
    mend: "write addresses as IPv4 or IPv6 ranges, such as 203.0.113.0/24",
    grade: "reported",
    source:
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress",
  },
];
