/** Whether a bucket uses S3 Bucket Keys: the part of its encryption that is the most often left unsaid. */
import type { BucketState } from "./snapshot";

/** Under which it is told that of an encryption only this is unread. */
export const BUCKET_KEY_SETTING = "encryption.bucketKeyEnabled";

/** Whether the bucket uses S3 Bucket Keys, or nobody knows. */
export function mayUseBucketKeys({ encryption, unread = [] }: BucketState): boolean {
  return (
    encryption?.bucketKeyEnabled === true ||
    unread.includes("encryption") ||
    unread.includes(BUCKET_KEY_SETTING)
  );
}
