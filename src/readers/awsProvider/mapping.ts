/** Which calls to AWS each type of resource of the AWS provider comes to: one entry a type. */
import { IAM_RESOURCES } from "./iam";
import { KMS_RESOURCES } from "./kms";
import { type MappedResource, type Mapper, nothing, type ProviderResource } from "./providerResource";
import { S3_RESOURCES } from "./s3";

export const RESOURCES: Readonly<Record<string, Mapper>> = {
  ...S3_RESOURCES,
  ...KMS_RESOURCES,
  ...IAM_RESOURCES,
};

/** Types that have no say in replication come to no calls. */
export function mapResource(resource: ProviderResource): MappedResource {
  const mapper = Object.hasOwn(RESOURCES, resource.type) ? RESOURCES[resource.type] : undefined;
  return (mapper ?? nothing)(resource);
}

/** Whether a resource stands in a Region; what is said of it elsewhere finds it by its name. */
export function needsRegion(type: string): boolean {
  return type === "aws_s3_bucket" || isKey(type);
}

/** Whether a type makes a key of KMS. */
export function isKey(type: string): boolean {
  return type.startsWith("aws_kms_") && type.endsWith("key");
}
