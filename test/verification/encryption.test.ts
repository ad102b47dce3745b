import { deepStrictEqual } from "node:assert";
import { encryptionOf } from "../../src/aws/encryption";

const of = (head: object) => encryptionOf({ $metadata: {}, ...head });

describe("how S3 says that an object is encrypted", () => {
  it("by a key of KMS, and a Bucket Key", () => {
    deepStrictEqual(of({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: "arn:key", BucketKeyEnabled: true }), {
      algorithm: "aws:kms",
      keyArn: "arn:key",
      bucketKeyEnabled: true,
    });
  });

  it("by the customer's key, for which it names the algorithm elsewhere", () => {
    deepStrictEqual(of({ SSECustomerAlgorithm: "AES256" }), { algorithm: "SSE-C" });
  });

  it("not at all, for what was written before S3 encrypted everything", () => {
    deepStrictEqual(of({}), { algorithm: "NONE" });
  });
});
