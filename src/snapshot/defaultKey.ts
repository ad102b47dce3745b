/** The key that a bucket's default encryption uses, however it is written. */
import { partitionOfRegion } from "../naming/arn";
import type { BucketState } from "./snapshot";

/**
 * ARN of the key or of the alias under which the bucket's account writes by default; undefined where that is under no
 * key. A key id and the name of an alias are looked up in the account of whoever writes, and without either S3 uses the
 * key that AWS manages for it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
 */
export function defaultKeyOf({ encryption, account, region }: BucketState): string | undefined {
  if (encryption?.algorithm.startsWith("aws:kms") !== true) return encryption?.keyArn;
  const written = encryption.keyArn ?? "alias/aws/s3";
  if (written.startsWith("arn:")) return written;
  const resource = written.startsWith("alias/") ? written : `key/${written}`;
  return `arn:${partitionOfRegion(region)}:kms:${region}:${account}:${resource}`;
}
