/** What a program's resources hand over, without what only the SDK understands. */
import * as pulumi from "@pulumi/pulumi";
import { parseArn, partitionOfRegion } from "../../naming/arn";
import { bucketArnOf, roleArnOf } from "../../naming/names";
import type { World } from "../../resources/resources";
import type { ResourceInputs, ResourceOutputs } from "../awsProvider/pulumi";
import type { Snapshot } from "../../snapshot/snapshot";

/** Marks a secret in what the SDK hands over. */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Inputs without secrets' wrappings. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isResource(value)) return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (SECRET_SIGNATURE in value) return withoutSecrets((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** Whether a program gives a resource where its id is meant. */
export function hasResources(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isResource(value) || Object.values(value).some(hasResources);
}

/** Inputs with the ids of resources in place of the resources. */
export async function withIds(value: unknown): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (isResource(value)) return idOf(value);
  if (Array.isArray(value)) return Promise.all(value.map(withIds));
  const entries = Object.entries(value).map(async ([key, inner]) => [key, await withIds(inner)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function isResource(value: object): value is pulumi.CustomResource {
  return pulumi.CustomResource.isInstance(value);
}

/** `bucket: myBucket` says the same as `bucket: myBucket.id`. */
function idOf(resource: pulumi.CustomResource): Promise<string> {
  return new Promise((resolve) => {
    resource.id.apply(resolve);
  });
}

/**
 * What a program finds that looks a resource up by its id (`Bucket.get`): it exists, and others made it.
 * @returns undefined where the resource is made by the program.
 */
export function lookUp(
  snapshot: Snapshot,
  { type, inputs, accountId, region }: ResourceInputs,
  id: string | undefined,
  world: World,
): ResourceOutputs | undefined {
  const isNamedOnly = Object.keys(inputs).every((name) => name === "region");
  if (world.complete || id === undefined || id === "" || !isNamedOnly) return undefined;
  const partition = partitionOfRegion(region);
  switch (type) {
    case "aws:s3/bucket:Bucket":
    case "aws:s3/bucketV2:BucketV2":
      return { id, outputs: { arn: bucketArnOf(partition, id), bucket: id } };
    case "aws:iam/role:Role": {
      const known = Object.keys(snapshot.accounts[accountId]?.roles ?? {});
      const arn = known.find((other) => other.endsWith(`/${id}`)) ?? roleArnOf(partition, accountId, "/", id);
      return { id, outputs: { arn, name: id } };
    }
    case "aws:kms/key:Key": {
      const keyId = parseArn(id)?.resource.replace("key/", "") ?? id;
      return {
        id: keyId,
        outputs: { arn: `arn:${partition}:kms:${region}:${accountId}:key/${keyId}`, keyId },
      };
    }
    default:
      return { id, outputs: {} };
  }
}
