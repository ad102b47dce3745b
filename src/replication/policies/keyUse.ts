/** What key policies and the role's KMS policy have in common. */
import { partitionOfRegion } from "../../naming/arn";
import { accountRootArnOf } from "../../naming/names";
import { objectArns, type StatementJson, viaS3 } from "./document";

/**
 * A key is used through S3 only, and for these objects only. The encryption context is the object's ARN, with an S3
 * Bucket Key the bucket's; objects of both kinds stand side by side, so both forms are named.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export function keyUse(
  region: string,
  objects: readonly (readonly [bucketArn: string, prefix: string])[],
): Record<string, Record<string, string | string[]>> {
  const bucketArns = [...new Set(objects.map(([bucketArn]) => bucketArn))];
  return {
    StringEquals: { "kms:ViaService": viaS3(region) },
    StringLike: { "kms:EncryptionContext:aws:s3:arn": [...bucketArns, ...objectArns(objects)] },
  };
}

/** The account that has the key administers it through IAM. Without this statement the key would lock itself out. */
export function administerKey(accountId: string, region: string): StatementJson {
  return {
    Sid: "AdministerKey",
    Effect: "Allow",
    Principal: { AWS: accountRootArnOf(partitionOfRegion(region), accountId) },
    Action: "kms:*",
    Resource: "*",
  };
}
