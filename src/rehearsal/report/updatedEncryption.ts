/** Warnings about who may put objects of a source under another key: a sentence each. */
import { matchesPattern, parseArn, type PolicyDocument } from "../../iam";
import { bucketNameOf } from "../../naming/names";
import type { Snapshot } from "../../snapshot/snapshot";
import { isUnreadPolicy } from "../../snapshot/unread";
import { actionMatcher } from "../advice/matching";
import { type PolicyBook, rolePolicyName } from "../policyBook";

const ACTION = "s3:UpdateObjectEncryption";

/** Condition key that says under which key. */
const KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id";

/** What gives it to administrators with everything else, as in every account. */
const EVERYTHING = ["*", "s3:*"];

/**
 * UpdateObjectEncryption puts an object under another key where it lies. One that is replicated afterwards (an earlier
 * object, one that failed) stays behind where the replication role cannot decrypt with that key. Who may do so by its
 * name, and with any key, is told; who may do everything is not.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html
 */
export function updatedEncryptionOf(snapshot: Snapshot, book: PolicyBook): string[] {
  const ofBuckets = bucketPolicies(snapshot, book);
  const grants = [...ofBuckets, ...rolePolicies(snapshot, book)].flatMap(({ name, bucket, document }) => {
    const resources = resourcesUnderAnyKey(document);
    return resources.length === 0 ? [] : [{ name, bucket, resources }];
  });
  return sourcesOf(snapshot).flatMap((arn) => {
    const granting = grants.filter(
      ({ bucket, resources }) =>
        (bucket === undefined || bucket === arn) && resources.some((pattern) => isOfObjects(pattern, arn)),
    );
    if (granting.length === 0 || deniesAll(ofBuckets.find(({ bucket }) => bucket === arn)?.document))
      return [];
    const named = granting.map(({ name }) => name).join(", ");
    return [
      `${named} ${granting.length === 1 ? "lets" : "let"} objects of ${bucketNameOf(arn)} be put under any key (${ACTION}): those that replicate afterwards stay behind under a key that the replication role may not decrypt with; a condition on ${KEY_ID} says which keys there are`,
    ];
  });
}

interface NamedDocument {
  readonly name: string;
  /** ARN of the bucket whose policy it is. Left out: it is a role's. */
  readonly bucket?: string;
  readonly document: PolicyDocument;
}

function sourcesOf({ buckets }: Snapshot): string[] {
  return Object.entries(buckets).flatMap(([arn, { replication }]) =>
    replication?.Rules.some(({ Status: status }) => status === "Enabled") === true ? [arn] : [],
  );
}

function bucketPolicies(snapshot: Snapshot, book: PolicyBook): NamedDocument[] {
  return sourcesOf(snapshot).flatMap((arn) => {
    const policy = snapshot.buckets[arn]?.policy;
    if (policy === null || policy === undefined || isUnreadPolicy(policy)) return [];
    const name = "source bucket policy";
    return [{ name: `the policy of ${bucketNameOf(arn)}`, bucket: arn, document: book.parse(policy, name) }];
  });
}

function rolePolicies({ accounts }: Snapshot, book: PolicyBook): NamedDocument[] {
  return Object.values(accounts).flatMap(({ roles }) =>
    Object.entries(roles).flatMap(([arn, role]) =>
      role.policies.flatMap((policy, index) => {
        if (isUnreadPolicy(policy)) return [];
        const name = rolePolicyName(role, index);
        return [{ name: `${name} of ${parseArn(arn)?.resource ?? arn}`, document: book.parse(policy, name) }];
      }),
    ),
  );
}

/** Patterns of the objects that a document lets be put under any key. */
function resourcesUnderAnyKey({ statements }: PolicyDocument): string[] {
  return statements.flatMap(({ effect, actions = [], resources = [], conditions }) => {
    const isGrant =
      effect === "Allow" &&
      actions.some((pattern) => !EVERYTHING.includes(pattern.toLowerCase()) && matchesAction(pattern)) &&
      !conditions.some(({ key }) => key.toLowerCase() === KEY_ID);
    return isGrant ? resources : [];
  });
}

/** A Deny for everybody, without a condition. */
function deniesAll(document: PolicyDocument | undefined): boolean {
  return (
    document?.statements.some(
      ({ effect, actions = [], principal, conditions }) =>
        effect === "Deny" && actions.some(matchesAction) && isEverybody(principal) && conditions.length === 0,
    ) === true
  );
}

function isEverybody(principal: PolicyDocument["statements"][number]["principal"]): boolean {
  return principal === "*" || (typeof principal === "object" && principal.AWS?.includes("*") === true);
}

const matchesAction = (pattern: string) => actionMatcher(pattern)(ACTION);

const isOfObjects = (pattern: string, bucketArn: string) =>
  pattern.startsWith(`${bucketArn}/`) || matchesPattern(pattern, `${bucketArn}/any`);
