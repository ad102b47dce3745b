/** Canned ACLs with which S3 makes no bucket that has ACLs disabled, as new ones have. */

/** Each gives somebody else than the bucket's owner access. The two of object owners S3 ignores for a bucket. */
const GIVE_ACCESS: ReadonlySet<string> = new Set([
  "public-read",
  "public-read-write",
  "authenticated-read",
  "log-delivery-write",
  "aws-exec-read",
]);

/**
 * @param acl As S3's API calls it: `log-delivery-write`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
 */
export function isRefusedOfNewBuckets(acl: unknown): acl is string {
  return typeof acl === "string" && GIVE_ACCESS.has(acl);
}
