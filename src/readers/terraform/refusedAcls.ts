/** ACLs that S3 refuses where they are planned for a bucket without ACLs, and what waits for them. */
import type { Call } from "../../resources/calls";
import { at } from "../awsProvider/attributes";
import { bucketOf } from "./mirrors";
import type { TerraformFile, TerraformResource } from "./terraformFile";

/** The one ACL that S3 takes all the same. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
const TAKEN = "bucket-owner-full-control";

export interface RefusedAcls {
  /** Those that nothing which has a say waits for: the rest is made all the same. */
  readonly assumptions: readonly string[];
  readonly doubts: readonly string[];
}

/** @param nameOf Name of the bucket that a resource is about. */
export function refusedAcls(
  file: TerraformFile,
  calls: readonly Call[],
  nameOf: (resource: TerraformResource) => string,
): RefusedAcls {
  const planned = file.resources.filter(
    ({ address, fate, values }) =>
      address.type === "aws_s3_bucket_acl" && fate === "planned" && values.acl !== TAKEN,
  );
  if (planned.length === 0) return { assumptions: [], doubts: [] };
  const isNew = new Set<string>();
  const hasAcls = new Set<string>();
  for (const call of calls) {
    if (call.operation === "s3:CreateBucket" && call.known === "planned") isNew.add(bucketOf(call));
    if (call.operation !== "s3:PutBucketOwnershipControls") continue;
    const ownership = at(call.parameters.OwnershipControls.Rules[0], "ObjectOwnership");
    if (ownership !== "BucketOwnerEnforced") hasAcls.add(bucketOf(call));
  }
  const assumptions: string[] = [];
  const doubts: string[] = [];
  for (const resource of planned) {
    const { address } = resource;
    const bucket = nameOf(resource);
    if (!isNew.has(bucket) || hasAcls.has(bucket)) continue;
    const why = `S3 refuses ${address.text} (AccessControlListNotSupported), as new buckets have no ACLs where no aws_s3_bucket_ownership_controls says otherwise`;
    const [waiting] = file.configuration.waitingFor(address);
    if (waiting === undefined)
      assumptions.push(`${why}; nothing here waits for it, so that the rest is made all the same`);
    else
      doubts.push(
        `${why}, and ${waiting} waits for it, so that the apply stops before it; take the ACL away`,
      );
  }
  return { assumptions, doubts };
}
