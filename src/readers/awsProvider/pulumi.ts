/** Resources of @pulumi/aws and of this package, under Pulumi's types, as the calls that they come to. */
import { applyCall, NEW_ACCOUNTS, type World } from "../../resources/resources";
import type { Place } from "../../snapshot/places";
import type { Snapshot } from "../../snapshot/snapshot";
import { text } from "./attributes";
import { COMPONENTS } from "./components";
import { mapResource, needsRegion as typeNeedsRegion, RESOURCES } from "./mapping";
import type { DeployedResource, MappedResource } from "./providerResource";

export type { DeployedResource } from "./providerResource";

/** A resource on its way into an account, as Pulumi has it. */
export interface ResourceInputs {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly accountId: string;
  /** Region of the resource, or of its provider. */
  readonly region: string;
  /** What AWS gave back when the resource was deployed. Left out: it is being made now. */
  readonly deployed?: DeployedResource;
  readonly place?: Place;
}

/** What AWS gives back. */
export interface ResourceOutputs {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The calls that a resource comes to. Types that have no say in replication come to none. */
export function callsOf(resource: ResourceInputs): MappedResource {
  const { type, name, inputs, accountId, region, deployed, place } = resource;
  const component = Object.hasOwn(COMPONENTS, type) ? COMPONENTS[type] : undefined;
  const given = {
    type: terraformType(type) ?? type,
    name,
    attributes: inputs,
    accountId,
    region,
    ...(deployed === undefined ? {} : { deployed }),
    subject: `${type} '${name}'`,
    ...(place === undefined ? {} : { place }),
  };
  return (component ?? mapResource)(given);
}

/** Makes a resource in the accounts. @throws AwsRefusal where AWS refuses it. */
export function applyResource(
  snapshot: Snapshot,
  resource: ResourceInputs,
  world: World = NEW_ACCOUNTS,
): ResourceOutputs {
  const { calls, id, outputs } = callsOf(resource);
  for (const call of calls) applyCall(snapshot, call, world);
  return { id, outputs };
}

/** Whether a type has a say in replication. */
export function hasSay(type: string): boolean {
  const known = terraformType(type);
  return Object.hasOwn(COMPONENTS, type) || (known !== undefined && Object.hasOwn(RESOURCES, known));
}

/** Whether a resource stands in a Region. */
export function needsRegion(type: string): boolean {
  const known = terraformType(type);
  return known !== undefined && typeNeedsRegion(known);
}

/** A component of this package, which says itself where it is. */
export function componentOf(
  { type, name }: Pick<ResourceInputs, "type" | "name">,
  inputs: ResourceInputs["inputs"],
): ResourceInputs {
  return { type, name, inputs, accountId: text(inputs.accountId), region: text(inputs.region) };
}

/** Names of resources that Pulumi calls otherwise than the provider. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "aws_s3_bucket_replication_configuration",
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": "aws_s3_account_public_access_block",
};

const KNOWN = new Map<string, string | undefined>();

/** Type of the provider under a type of @pulumi/aws; the V2 of some of them is the provider's own one. */
function terraformType(type: string): string | undefined {
  if (!KNOWN.has(type)) KNOWN.set(type, OTHERWISE[type] ?? readType(type));
  return KNOWN.get(type);
}

/** `aws:s3/bucketVersioning:BucketVersioning` is `aws_s3_bucket_versioning`. */
function readType(type: string): string | undefined {
  const [, service, resource] = /^aws:(\w+)\/(\w+):\w+$/.exec(type) ?? [];
  if (service === undefined || resource === undefined) return undefined;
  const name = resource.replace(/V2$/, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `aws_${service}_${name}`;
}
