/** The table of policy documents that AWS refuses to store. */
import { numeral } from "../../output/counts";
import { parseArn } from "../../naming/arn";
import { matchesPattern, writtenPolicy } from "../../iam";
import { POLICY_LIMITS } from "../policies";
import { isAction, isOfBucket, isOfObjects } from "./s3Actions";
import { BUCKET_CONDITIONS } from "./bucketPolicyConditions";
import {
  type DocumentPut,
  type DocumentRow,
  kept,
  some,
  type StoredDocument,
  textsOf,
  type WrittenStatement,
} from "./documentRow";
import { POLICY_ELEMENTS } from "./policyElements";

const BUCKET_POLICIES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html";
const ACTIONS_AND_RESOURCES =
  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html";
const IAM_QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";
const RCP_SYNTAX =
  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html";

function tooLarge(kind: StoredDocument, most: number, message: string, source: string): DocumentRow {
  return {
    kinds: [kind],
    message,
    isRefused: ({ size }) => size > most,
    mend: `keep the document below ${numeral(most)} characters: fewer statements, or wider patterns in fewer of them`,
    grade: "documented",
    source,
  };
}

/** The bucket within a resource of a bucket policy, as a pattern. */
function isOfThisBucket(resource: string, bucketArn: string): boolean {
  const [bucket = ""] = resource.split("/");
  // A policy variable within the name stands for what nobody knows here.
  return resource !== "*" && (bucket.includes("${") || matchesPattern(bucket, bucketArn));
}

/** Whether one of the resources is of the kind that an action is about. Patterns may be of both. */
function appliesTo(action: string, { Resource }: WrittenStatement): boolean {
  if (Resource === undefined) return true;
  const resources = textsOf(Resource);
  const ofObjects = resources.some((resource) => /[/*?]/.test(resource.replace(/^arn:[^:]*:s3:::/, "")));
  const ofBucket = resources.some((resource) => !resource.includes("/"));
  return (ofObjects && isOfObjects(action)) || (ofBucket && isOfBucket(action));
}

const isOfS3 = (action: string) => action === "*" || (/^s3:/i.test(action) && isAction(action));

const SIZES: readonly DocumentRow[] = [
  tooLarge(
    "bucket",
    POLICY_LIMITS.bucket,
    `MalformedPolicy: Normalized policy document exceeds the maximum allowed size of ${POLICY_LIMITS.bucket} bytes`,
    BUCKET_POLICIES,
  ),
  tooLarge(
    "key",
    POLICY_LIMITS.key,
    `LimitExceededException: the key policy is larger than ${POLICY_LIMITS.key} bytes`,
    "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
  ),
  tooLarge(
    "trust",
    2_048,
    "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048 (by default; a quota that can be raised)",
    IAM_QUOTAS,
  ),
  tooLarge(
    "identity",
    POLICY_LIMITS.role,
    `LimitExceeded: Maximum policy size of ${POLICY_LIMITS.role} bytes exceeded for role`,
    IAM_QUOTAS,
  ),
  ...(["scp", "rcp"] as const).map((kind) =>
    tooLarge(
      kind,
      5_120,
      "ConstraintViolationException: You have exceeded the maximum policy size.",
      "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html",
    ),
  ),
];

const BUCKET_ROWS: readonly DocumentRow[] = [
  {
    kinds: ["bucket"],
    message: "MalformedPolicy: Policy has invalid resource",
    isRefused: some((statement, { owner }) =>
      [...textsOf(statement.Resource), ...textsOf(statement.NotResource)].some(
        (resource) => !isOfThisBucket(resource, owner),
      ),
    ),
    keep: (statement, { owner }) => {
      const fits = (resource: string) => isOfThisBucket(resource, owner);
      const part = kept(statement, "Resource", fits);
      return part && kept(part, "NotResource", fits);
    },
    mend: "name this bucket or its objects alone: a bucket policy is about its own bucket",
    grade: "observed",
    source: "https://github.com/cloud-custodian/cloud-custodian/issues/3523",
  },
  {
    kinds: ["bucket"],
    message: "MalformedPolicy: Policy has invalid action",
    isRefused: some(({ Action }) => textsOf(Action).some((action) => !isOfS3(action))),
    keep: (statement) => kept(statement, "Action", isOfS3),
    mend: "take actions that S3 has not, and those of other services, out of the bucket policy",
    grade: "documented",
    source: ACTIONS_AND_RESOURCES,
  },
  {
    kinds: ["bucket"],
    message: "MalformedPolicy: Action does not apply to any resource(s) in statement",
    isRefused: some((statement) =>
      textsOf(statement.Action).some((action) => isOfS3(action) && !appliesTo(action, statement)),
    ),
    keep: (statement) => kept(statement, "Action", (action) => appliesTo(action, statement)),
    mend: "grant actions on objects for '<bucket ARN>/*', and actions on the bucket for the bucket ARN, in statements of their own",
    grade: "observed",
    source: ACTIONS_AND_RESOURCES,
  },
];

const PRINCIPAL_ELEMENT =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";

const PRINCIPALS: readonly DocumentRow[] = [
  {
    kinds: ["bucket", "key", "trust"],
    message: "MalformedPolicy: Invalid principal in policy",
    isRefused: some((statement, { absent }) =>
      principals(statement, "AWS").some((arn) => parseArn(arn)?.service === "iam" && absent.includes(arn)),
    ),
    mend: "make the role or user first, or name the root of its account and narrow it by aws:PrincipalArn",
    grade: "documented",
    source: PRINCIPAL_ELEMENT,
  },
  {
    kinds: ["bucket", "key", "trust"],
    message: "MalformedPolicy: Invalid principal in policy (a service that is none)",
    isRefused: some((statement) => principals(statement, "Service").some((name) => !/[.*]/.test(name))),
    mend: "name services as AWS does, such as 's3.amazonaws.com'",
    grade: "documented",
    source: PRINCIPAL_ELEMENT,
  },
];

function principals({ Principal: principal }: WrittenStatement, kind: "AWS" | "Service"): string[] {
  if (typeof principal !== "object" || principal === null) return [];
  return textsOf((principal as Record<string, unknown>)[kind]);
}

/** What whoever takes on a role can be allowed. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
const isOfSts = (action: string) =>
  /^sts:(AssumeRole(WithSAML|WithWebIdentity)?|TagSession|SetSourceIdentity|SetContext)$/i.test(action) ||
  /^sts:.*[*?]/i.test(action);

const TRUST_ACTIONS: DocumentRow = {
  kinds: ["trust"],
  message: "MalformedPolicyDocument: AssumeRole policy may only specify STS AssumeRole actions.",
  isRefused: some(({ Action }) => textsOf(Action).some((action) => !isOfSts(action))),
  keep: (statement) => kept(statement, "Action", isOfSts),
  mend: "name sts:AssumeRole alone in the trust policy; what the role may do stands in its own policies",
  grade: "reported",
  source: "https://github.com/getmoto/moto/issues/5750",
};

/** `RCPFullAWSAccess`, which AWS attaches everywhere. */
function allowsEverything({ Action, Resource, Condition }: WrittenStatement): boolean {
  return textsOf(Action).includes("*") && textsOf(Resource).includes("*") && Condition === undefined;
}

const RCP_ROWS: readonly DocumentRow[] = [
  {
    kinds: ["rcp"],
    message: "MalformedPolicyDocumentException: NotAction is no element of a resource control policy",
    isRefused: some(({ NotAction }) => NotAction !== undefined),
    mend: "name the actions that are denied by Action; a resource control policy has no NotAction",
    grade: "documented",
    source: RCP_SYNTAX,
  },
  {
    kinds: ["rcp"],
    message: "MalformedPolicyDocumentException: the effect Allow is only supported in RCPFullAWSAccess",
    isRefused: some((statement) => statement.Effect === "Allow" && !allowsEverything(statement)),
    keep: (statement) =>
      statement.Effect === "Allow" && !allowsEverything(statement) ? undefined : statement,
    mend: "leave the Allow out: RCPFullAWSAccess is attached everywhere, and an RCP of your own can only deny",
    grade: "documented",
    source: RCP_SYNTAX,
  },
  {
    kinds: ["rcp"],
    message: 'MalformedPolicyDocumentException: the Principal of a resource control policy must be "*"',
    isRefused: some(({ Effect, Principal }) => Effect === "Deny" && !isEverybody(Principal)),
    mend: 'deny Principal "*", and say whom by a condition',
    grade: "documented",
    source: RCP_SYNTAX,
  },
];

function isEverybody(principal: unknown): boolean {
  if (typeof principal !== "object" || principal === null) return principal === "*";
  return textsOf((principal as Record<string, unknown>).AWS).join() === "*";
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html */
export const DOCUMENT_REFUSALS: readonly DocumentRow[] = [
  ...SIZES,
  ...BUCKET_ROWS,
  ...BUCKET_CONDITIONS,
  ...PRINCIPALS,
  TRUST_ACTIONS,
  ...RCP_ROWS,
  ...POLICY_ELEMENTS,
];

/** A document as it is put; undefined where there is none. */
export function documentPut(
  kind: StoredDocument,
  owner: string,
  document: unknown,
  absent: readonly string[] = [],
): DocumentPut | undefined {
  const read = writtenPolicy(document);
  if (read === null) return undefined;
  const { Version: version, Statement } = read;
  const statements = [Statement].flat() as WrittenStatement[];
  const size = Buffer.byteLength(JSON.stringify(read));
  return { kind, owner, version, statements, isWhole: true, size, absent };
}

/** Everything in a document for which AWS does not store it. */
export function refusalsOfDocument(put: DocumentPut): DocumentRow[] {
  return DOCUMENT_REFUSALS.filter(({ kinds, isRefused }) => kinds.includes(put.kind) && isRefused(put));
}
