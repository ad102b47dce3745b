/** How an object is encrypted, as the rehearsal says it. */
import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import type { EncryptionState } from "../snapshot/snapshot";

/**
 * The encryption of an object, from the headers of its HEAD request. An object under a customer-provided key (SSE-C) has
 * another header. An object that was written before S3 encrypted everything has none.
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
