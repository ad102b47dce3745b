/** What calls do to the accounts: one entry an operation. An entry changes the snapshot, or throws what AWS would answer. */
import type { Places } from "../snapshot/places";
import type { Snapshot } from "../snapshot/snapshot";
import type { AnyCall, CallOf, Operation } from "./calls";
import { finishRoles, IAM_CALLS } from "./iam";
import { finishKeys, KMS_CALLS } from "./kms";
import { finishOrganization, ORGANIZATION_CALLS } from "./organizations";
import { finishBuckets, S3_CALLS } from "./s3";
import { type Handler, NEW_ACCOUNTS, siteOf, type World } from "./site";

export { AwsRefusal } from "./refusal";
export { DEPLOYED_ACCOUNTS, LIVED_IN_ACCOUNTS, NEW_ACCOUNTS, resolvedAliasesOf } from "./site";
export type { World } from "./site";

const HANDLERS: { readonly [O in Operation]: Handler<O> } = {
  ...S3_CALLS,
  ...KMS_CALLS,
  ...IAM_CALLS,
  ...ORGANIZATION_CALLS,
};

/**
 * Does to the accounts what a call does.
 * @param world What is known of the accounts. By default they are new, and get these calls only.
 * @throws AwsRefusal where AWS refuses the call.
 */
export function applyCall<O extends Operation>(
  snapshot: Snapshot,
  call: CallOf<O>,
  world: World = NEW_ACCOUNTS,
): void {
  HANDLERS[call.operation](siteOf(snapshot, world), call);
}

/** Settles what only the last call could settle: aliases, attachments, and settings of what nobody could name. */
export function finishCalls(snapshot: Snapshot, world: World = NEW_ACCOUNTS): void {
  const site = siteOf(snapshot, world);
  finishRoles(site);
  finishKeys(site);
  finishBuckets(site);
  finishOrganization(site);
}

/** Where things of a snapshot that calls made stand in the user's code. */
export function placesOf(snapshot: Snapshot): Places {
  return siteOf(snapshot, NEW_ACCOUNTS).notes.places;
}

/** What others refer to comes first: keys and policies, aliases and roles, buckets, and the rest. */
export function rankOf({ operation }: AnyCall): number {
  return RANKS[operation] ?? 3;
}

const RANKS: Readonly<Partial<Record<Operation, number>>> = {
  "kms:CreateKey": 0,
  "kms:ReplicateKey": 0,
  "iam:CreatePolicy": 0,
  "organizations:CreatePolicy": 0,
  "kms:CreateAlias": 1,
  "iam:CreateRole": 1,
  "s3:CreateBucket": 2,
};
