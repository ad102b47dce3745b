/** An object version as S3 says it. */
import type { HeadObjectCommandOutput, Tag } from "@aws-sdk/client-s3";
import { encryptionOf } from "../../aws/encryption";
import type { ObjectState } from "../../snapshot/snapshot";
import { given } from "../../util/optional";

/** @param tagSet Its tags; empty where it has none. */
export function objectStateOf(
  bucketArn: string,
  key: string,
  head: HeadObjectCommandOutput,
  tagSet: readonly Tag[],
): ObjectState {
  const isLocked = head.ObjectLockMode !== undefined || head.ObjectLockLegalHoldStatus === "ON";
  return {
    bucket: bucketArn,
    key,
    ...(tagSet.length === 0
      ? {}
      : { tags: Object.fromEntries(tagSet.map(({ Key = "", Value = "" }) => [Key, Value])) }),
    encryption: encryptionOf(head),
    ...given("storageClass", head.StorageClass),
    ...(isLocked ? { objectLock: true } : {}),
  };
}
