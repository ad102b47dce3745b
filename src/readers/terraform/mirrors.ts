/**
 * Attributes of `aws_s3_bucket` that only mirror what other resources set, as a refresh writes them: the resource that
 * sets it counts, and where that one is deleted, its setting goes.
 */
import type { Call } from "../../resources/calls";
import { text } from "../../resources/values";
import type { TerraformResource } from "./terraformFile";

const OPERATIONS: Readonly<Record<string, Call["operation"]>> = {
  aws_s3_bucket_versioning: "s3:PutBucketVersioning",
  aws_s3_bucket_server_side_encryption_configuration: "s3:PutBucketEncryption",
  aws_s3_bucket_policy: "s3:PutBucketPolicy",
  aws_s3_bucket_request_payment_configuration: "s3:PutBucketRequestPayment",
  aws_s3_bucket_lifecycle_configuration: "s3:PutBucketLifecycleConfiguration",
  aws_s3_bucket_replication_configuration: "s3:PutBucketReplication",
};

export function withoutMirrors(calls: readonly Call[], resources: readonly TerraformResource[]): Call[] {
  const bucketAddresses = new Set(
    resources.filter(({ address }) => address.type === "aws_s3_bucket").map(({ address }) => address.text),
  );
  const isMirror = ({ operation, subject }: Call) =>
    operation !== "s3:CreateBucket" && bucketAddresses.has(subject);
  if (!calls.some(isMirror)) return [...calls];
  const set = new Set<string>();
  for (const call of calls) {
    if (!bucketAddresses.has(call.subject) && call.operation.startsWith("s3:"))
      set.add(`${call.operation} ${bucketOf(call)}`);
  }
  for (const { address, fate, values } of resources) {
    const operation = fate === "gone" ? OPERATIONS[address.type] : undefined;
    if (operation !== undefined) set.add(`${operation} ${text(values.bucket)}`);
  }
  return calls.filter((call) => !(isMirror(call) && set.has(`${call.operation} ${bucketOf(call)}`)));
}

/** Name of the bucket that a call is about. */
export function bucketOf({ parameters }: Call): string {
  return text((parameters as { Bucket?: unknown }).Bucket);
}
