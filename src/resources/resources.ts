/**
 * What each kind of resource of @pulumi/aws does to an account: one entry a type. An entry changes the snapshot, throws
 * what AWS would answer where AWS refuses, and returns the resource's outputs.
 */
import { COMPONENTS } from "./components";
import { finishRoles, IAM_RESOURCES } from "./iam";
import { finishKeys, KMS_RESOURCES } from "./kms";
import { finishOrganization, ORGANIZATION_RESOURCES } from "./organizations";
import { finishBuckets, S3_RESOURCES } from "./s3";
import {
  type Handler,
  NEW_ACCOUNTS,
  type ResourceInputs,
  type ResourceOutputs,
  siteOf,
  type World,
} from "./handler";
import { text } from "./values";
import type { Snapshot } from "../snapshot/snapshot";

export { AwsRefusal } from "./refusal";
export { refusalsOfBuckets } from "./replicationRefusals";
export { DEPLOYED_ACCOUNTS, LIVED_IN_ACCOUNTS, NEW_ACCOUNTS } from "./handler";
export type { DeployedResource, ResourceInputs, ResourceOutputs, World } from "./handler";

const HANDLERS: Readonly<Record<string, Handler>> = {
  ...S3_RESOURCES,
  ...KMS_RESOURCES,
  ...IAM_RESOURCES,
  ...ORGANIZATION_RESOURCES,
  ...COMPONENTS,
};

/**
 * Creates a resource in the accounts. Types that have no say in replication are accepted as they are.
 * @param world What is known of the accounts. By default they are new, and get these resources only.
 */
export function applyResource(
  snapshot: Snapshot,
  resource: ResourceInputs,
  world: World = NEW_ACCOUNTS,
): ResourceOutputs {
  const handler = Object.hasOwn(HANDLERS, resource.type) ? HANDLERS[resource.type] : undefined;
  return handler === undefined
    ? { id: resource.deployed?.id ?? resource.name, outputs: {} }
    : handler(siteOf(snapshot, world), resource);
}

/** Settles what only the last resource could settle: aliases, attachments, and settings of what nobody could name. */
export function finishResources(snapshot: Snapshot, world: World = NEW_ACCOUNTS): void {
  const site = siteOf(snapshot, world);
  finishRoles(site);
  finishKeys(site);
  finishBuckets(site);
  finishOrganization(site);
}

/** Whether a type has a say in replication. */
export function hasSay(type: string): boolean {
  return Object.hasOwn(HANDLERS, type);
}

/** A component of this package, which says itself where it is. */
export function componentOf(
  { type, name }: Pick<ResourceInputs, "type" | "name">,
  inputs: ResourceInputs["inputs"],
): ResourceInputs {
  return { type, name, inputs, accountId: text(inputs.accountId), region: text(inputs.region) };
}

/** Whether a resource stands in a Region; what is said of it elsewhere finds it by its name. */
export function needsRegion(type: string): boolean {
  return /^aws:s3\/bucket(V2)?:/.test(type) || /^aws:kms\/\w*[kK]ey:/.test(type);
}
