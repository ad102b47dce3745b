/** What source components say that no resource of AWS says: rules that are meant as they are, and organizations. */
import { partitionOfRegion } from "../naming/arn";
import { findingId } from "../replication/findings";
import { bucketArnOf } from "../naming/names";
import { at, listOf, text } from "../resources/values";
import { accountOf, type Snapshot } from "../snapshot/snapshot";
import type { RegisteredResource } from "./programRun";

const SOURCE = "s3-replication:index:ReplicationSource";

/** Accepts the findings of rules that say themselves that they leave SSE-KMS objects alone. */
export function noteIntents(snapshot: Snapshot, resources: readonly RegisteredResource[]): void {
  for (const { type, inputs } of resources) {
    if (type !== SOURCE) continue;
    const bucketArn = bucketArnOf(partitionOfRegion(text(inputs.region)), text(inputs.bucketName));
    const meant = listOf(inputs.rules).flatMap((rule) => {
      const id = at(rule, "id");
      const isSaid = at(rule, "sseKmsEncryptedObjects") === false && typeof id === "string";
      return isSaid ? [findingId("sse-kms-not-selected", bucketArn, id)] : [];
    });
    if (meant.length > 0) snapshot.accepted = [...new Set([...(snapshot.accepted ?? []), ...meant])];
  }
}

/** Puts accounts into the organizations that their sources say they are in, where nobody read it. */
export function noteOrganizations(snapshot: Snapshot, resources: readonly RegisteredResource[]): void {
  for (const { type, inputs } of resources) {
    const { accountId, organizationId, organizationPath } = inputs;
    if (type !== SOURCE || typeof accountId !== "string" || typeof organizationId !== "string") continue;
    const account = accountOf(snapshot, accountId);
    if (account.organizationId !== undefined) continue;
    account.organizationId = organizationId;
    if (typeof organizationPath === "string") account.organizationPath = organizationPath;
    account.stated = ["organizationId"];
  }
}
