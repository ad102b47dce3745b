/** How an object is encrypted, as the rehearsal says it. */
import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import type { EncryptionState } from "../snapshot/snapshot";

/**
 * An object under a customer's own key has another header; one that was written before S3 encrypted everything has none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function encryptionOf(head: HeadObjectCommandOutput): EncryptionState {
  const { SSECustomerAlgorithm, ServerSideEncryption = "NONE", SSEKMSKeyId, BucketKeyEnabled } = head;
  return {
    algorithm: (SSECustomerAlgorithm === undefined
      ? ServerSideEncryption
      : "SSE-C") as EncryptionState["algorithm"],
    ...(SSEKMSKeyId === undefined ? {} : { keyArn: SSEKMSKeyId }),
    ...(BucketKeyEnabled === undefined ? {} : { bucketKeyEnabled: BucketKeyEnabled }),
  };
}
