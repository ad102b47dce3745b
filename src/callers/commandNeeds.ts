/** What whoever runs a command on a set-up must be allowed: each pair of its buckets, with the rows of the command. */
import { partitionOfRegion } from "../naming/arn";
import { batchRoleArnOf, KEY_ARN } from "../naming/names";
import type { StackRun } from "../readers/programRun";
import type { BucketState, Snapshot } from "../snapshot/snapshot";
import { grouped, unique } from "../util/grouping";
import { COMMAND_ACTIONS, type CommandName, type CommandRow, type CommandTarget } from "./commandActions";
import type { Need } from "./policyDocument";

/** What one caller must be allowed in one account, to run one command. */
export interface CommandNeeds {
  /** Left out: whichever account may read the policies of the organization. */
  readonly accountId?: string;
  readonly needs: readonly Need[];
}

export interface SetUp {
  readonly snapshot: Snapshot;
  readonly stacks: readonly StackRun[];
  /** Whether AWS has made the keys, so that their ARNs are true. */
  readonly deployed: boolean;
}

interface Place {
  readonly arn: string;
  readonly state: BucketState;
  /** The bucket's side, as the command sees it. */
  readonly side: CommandRow["side"];
  /** ARNs of keys that objects here are under. */
  readonly keys: readonly string[];
}

/** @returns An entry for each account that the command has to look into, the source's first. */
export function commandNeeds(command: CommandName, setUp: SetUp): readonly CommandNeeds[] {
  const places = placesOf(setUp.snapshot);
  const needs = places.flatMap((place) =>
    rowsOf(command, place.side).flatMap((row) => needsAt(place, row, setUp)),
  );
  const ofAccounts = [...grouped(needs, ({ accountId }) => accountId)].map(([accountId, own]) => ({
    accountId,
    needs: own.map(({ need }) => need),
  }));
  const ofOrganization = organizationNeeds(command, setUp.snapshot);
  return [...ofAccounts, ...(ofOrganization.length > 0 ? [{ needs: ofOrganization }] : [])];
}

function rowsOf(command: CommandName, of: CommandRow["side"]): readonly CommandRow[] {
  return COMMAND_ACTIONS[command].filter(({ onlyAsked, side }) => onlyAsked !== true && side === of);
}

interface PlacedNeed {
  readonly accountId: string;
  readonly need: Need;
}

function needsAt(place: Place, { actions, on }: CommandRow, setUp: SetUp): readonly PlacedNeed[] {
  return resourcesOf(place, on, setUp).flatMap((resource) =>
    actions.map((action) => ({
      accountId: place.state.account,
      need: { action, resource, ...(throughS3(action) ? { viaS3In: place.state.region } : {}) },
    })),
  );
}

/** S3 uses a key for whoever puts or gets an object; nobody has to use it otherwise. */
const throughS3 = (action: string) => action === "kms:Decrypt" || action === "kms:GenerateDataKey";

function organizationNeeds(command: CommandName, { accounts }: Snapshot): readonly Need[] {
  const isRead = Object.values(accounts).some(({ scps, rcps }) => scps !== undefined || rcps !== undefined);
  if (!isRead) return [];
  return rowsOf(command, "organization").flatMap(({ actions }) =>
    actions.map((action) => ({ action, resource: "*" })),
  );
}

/** Every bucket with rules, and every bucket that they replicate into. */
function placesOf({ buckets, keys }: Snapshot): readonly Place[] {
  const sources = Object.entries(buckets).flatMap(([arn, state]): Place[] => {
    if (state.replication === null) return [];
    const own = Object.entries(keys).filter(
      ([, key]) => key.account === state.account && key.region === state.region,
    );
    return [{ arn, state, side: "source", keys: unique([...keysOf(state), ...own.map(([key]) => key)]) }];
  });
  const destinations = grouped(
    sources.flatMap(({ state }) => state.replication?.Rules ?? []),
    ({ Destination }) => Destination.Bucket,
  );
  return [
    ...sources,
    ...[...destinations].flatMap(([arn, rules]): Place[] => {
      const state = buckets[arn];
      if (state === undefined) return [];
      const ofRules = rules.flatMap(
        ({ Destination }) => Destination.EncryptionConfiguration?.ReplicaKmsKeyID ?? [],
      );
      return [{ arn, state, side: "destination", keys: unique([...keysOf(state), ...ofRules]) }];
    }),
  ];
}

function keysOf({ encryption }: BucketState): readonly string[] {
  return encryption?.keyArn === undefined ? [] : [encryption.keyArn];
}

function resourcesOf(place: Place, target: CommandTarget, setUp: SetUp): readonly string[] {
  const { arn, state, keys } = place;
  const { account, region, replication, batchReplication } = state;
  const partition = partitionOfRegion(region);
  const role = replication?.Role;
  switch (target) {
    case "everything":
      return ["*"];
    case "bucket":
      return [arn];
    case "objects":
      return [`${arn}/*`];
    case "keys": {
      // What is not made yet has no id, and a policy that names an alias grants nothing.
      const isKnown = setUp.deployed && keys.every((key) => KEY_ARN.test(key));
      return isKnown || keys.length === 0 ? keys : [`arn:${partition}:kms:${region}:${account}:key/*`];
    }
    case "replicationRole":
      return role === undefined ? [] : [role];
    case "batchRole":
      return batchReplication !== undefined
        ? [batchReplication.role]
        : role === undefined
          ? []
          : [batchRoleArnOf(role)];
    case "batchFiles":
      return [batchReplication?.reportBucket ?? arn, batchReplication?.manifestBucket ?? arn].map(
        (bucket) => `${bucket}/*`,
      );
    case "batchJobs":
      return [`arn:${partition}:s3:${region}:${account}:job/*`];
    case "managedPolicies":
      return [`arn:${partition}:iam::${account}:policy/*`, `arn:${partition}:iam::aws:policy/*`];
    // Nothing of the set-up says where.
    case "elsewhere":
      return [];
    case "failureQueue":
      return queuesOf(place, setUp.stacks);
  }
}

/** Queues that the bucket's notifications of the stacks name. */
function queuesOf({ arn, state }: Place, stacks: readonly StackRun[]): readonly string[] {
  return stacks
    .flatMap(({ resources }) => resources)
    .filter(
      ({ type, accountId, inputs }) =>
        type === "aws:s3/bucketNotification:BucketNotification" &&
        accountId === state.account &&
        arn.endsWith(`:${String(inputs.bucket)}`),
    )
    .flatMap(({ inputs }) =>
      Array.isArray(inputs.queues) ? (inputs.queues as { queueArn?: unknown }[]) : [],
    )
    .flatMap(({ queueArn }) => (typeof queueArn === "string" ? queueArn : []));
}
