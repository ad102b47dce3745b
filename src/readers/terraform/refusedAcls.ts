/** ACLs that S3 refuses where they are planned for a bucket without ACLs, and what waits for them. */
import type { Call } from "../../resources/calls";
import { text } from "../../resources/values";
import { at } from "../awsProvider/attributes";
import { RESOURCES } from "../awsProvider/mapping";
import type { Address } from "./address";
import { bucketOf } from "./mirrors";
import type { TerraformFile, TerraformResource } from "./terraformFile";

/** The one ACL that S3 takes all the same. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
const TAKEN = "bucket-owner-full-control";

export interface RefusedAcls {
  /** Without the ACLs of buckets that S3 refuses, and that nothing which has a say waits for. */
  readonly calls: readonly Call[];
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
  const assumptions: string[] = [];
  const doubts: string[] = [];
  for (const { address } of refusedLater(file, calls, nameOf)) {
    const why = `S3 refuses ${address.text} (AccessControlListNotSupported), as new buckets have no ACLs where no aws_s3_bucket_ownership_controls says otherwise`;
    const [waiting] = waitingFor(file, address);
    if (waiting === undefined) assumptions.push(`${why}; ${MADE_ALL_THE_SAME}`);
    else
      doubts.push(
        `${why}, and ${waiting} waits for it, so that the apply stops before it; take the ACL away`,
      );
  }
  const kept = calls.map((call) => {
    if (call.operation !== "s3:CreateBucket" || call.parameters.ACL === undefined) return call;
    const resource = file.resources.find(({ address }) => address.text === call.subject);
    if (resource === undefined || waitingFor(file, resource.address).length > 0) return call;
    const { ACL: acl, ...parameters } = call.parameters;
    if (mayReplicate(parameters.Bucket, calls)) return call;
    assumptions.push(
      `S3 refuses ${call.subject} (InvalidBucketAclWithObjectOwnership), as it is to have the ACL '${text(acl)}', and new buckets have ACLs disabled; ${MADE_ALL_THE_SAME}`,
    );
    return { ...call, parameters };
  });
  return { calls: kept, assumptions, doubts };
}

const MADE_ALL_THE_SAME = "nothing here waits for it, so that the rest is made all the same";

/** Resources of ACLs for buckets that are new, and have none. */
function refusedLater(
  { resources }: TerraformFile,
  calls: readonly Call[],
  nameOf: (resource: TerraformResource) => string,
): TerraformResource[] {
  const planned = resources.filter(
    ({ address, fate, values }) =>
      address.type === "aws_s3_bucket_acl" && fate === "planned" && values.acl !== TAKEN,
  );
  if (planned.length === 0) return [];
  const isNew = new Set<string>();
  const hasAcls = new Set<string>();
  for (const call of calls) {
    if (call.operation === "s3:CreateBucket" && call.known === "planned") isNew.add(bucketOf(call));
    if (call.operation !== "s3:PutBucketOwnershipControls") continue;
    const ownership = at(call.parameters.OwnershipControls.Rules[0], "ObjectOwnership");
    if (ownership !== "BucketOwnerEnforced") hasAcls.add(bucketOf(call));
  }
  return planned.filter((resource) => {
    const bucket = nameOf(resource);
    return isNew.has(bucket) && !hasAcls.has(bucket);
  });
}

/** What has a say and waits for a resource, or for what waits for it; a module counts that tells others of it. */
function waitingFor({ configuration }: TerraformFile, address: Address): string[] {
  const found = new Set<string>();
  const visit = (from: Pick<Address, "module" | "type" | "name">) => {
    for (const waiting of configuration.waitingFor(from)) {
      if (found.has(waiting)) continue;
      found.add(waiting);
      const [type, name] = calledIn(waiting);
      if (type !== undefined && name !== undefined) visit({ module: from.module, type, name });
    }
  };
  visit(address);
  return [...found].filter((waiting) => {
    const [type] = calledIn(waiting);
    return type === undefined || Object.hasOwn(RESOURCES, type);
  });
}

/** Type and name of the resource at an address without keys; nothing of a module. */
function calledIn(address: string): string[] {
  return /(?:^|\.)(aws_\w+)\.([\w-]+)$/.exec(address)?.slice(1) ?? [];
}

/** Whether a bucket could replicate, or be replicated into, here or by what another source says. */
function mayReplicate(bucket: string, calls: readonly Call[]): boolean {
  return calls.some((call) => call.operation === "s3:PutBucketVersioning" && bucketOf(call) === bucket);
}
