/** A compliant pair of accounts: each test breaks or adds one thing. */
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import {
  type ReplicationContract,
  ReplicationDestination,
  type ReplicationDestinationArgs,
  type ReplicationRule,
  ReplicationSource,
  type ReplicationSourceArgs,
  ReplicationWatch,
  type ReplicationWatchArgs,
} from "../../src";
import { accountProvider, Deployment, deployStacks, type RunOptions } from "./program";

export const SOURCE_ACCOUNT = "111111111111";
export const DESTINATION_ACCOUNT = "222222222222";
export const THIRD_ACCOUNT = "333333333333";

/** A key ARN as AWS writes it. */
export function keyArn(accountId: string, region: string, partition = "aws"): string {
  return `arn:${partition}:kms:${region}:${accountId}:key/12345678-1234-1234-1234-123456789012`;
}

export const REPLICA_KEY = keyArn(DESTINATION_ACCOUNT, "eu-central-1");

export function destinationArgs(
  change: Partial<ReplicationDestinationArgs> = {},
): ReplicationDestinationArgs {
  return {
    accountId: DESTINATION_ACCOUNT,
    region: "eu-central-1",
    bucketName: "orders-replicas",
    sources: [{ accountId: SOURCE_ACCOUNT }],
    ...change,
  };
}

/** A contract that grants everything, as if it came from another stack. */
export function contract(change: Partial<PlainContract> = {}): PlainContract {
  return {
    version: 1,
    accountId: DESTINATION_ACCOUNT,
    region: "eu-central-1",
    partition: "aws",
    bucketArn: "arn:aws:s3:::orders-replicas",
    keyArn: REPLICA_KEY,
    encryption: "aws:kms",
    bucketKeyEnabled: true,
    objectOwnership: "BucketOwnerEnforced",
    objectLockEnabled: false,
    sources: [grantTo(`arn:aws:iam::${SOURCE_ACCOUNT}:role/s3-replication`)],
    ...change,
  };
}

export interface PlainContract extends ReplicationContract {
  sources: ContractGrant[];
}

export interface ContractGrant {
  roleArn: string;
  tags: boolean;
  deleteMarkerReplication: boolean;
  ownerOverride: boolean;
}

export function grantTo(roleArn: string, change: Partial<ContractGrant> = {}): ContractGrant {
  return { roleArn, tags: true, deleteMarkerReplication: true, ownerOverride: true, ...change };
}

export function sourceArgs(change: Partial<ReplicationSourceArgs> = {}): ReplicationSourceArgs {
  return {
    accountId: SOURCE_ACCOUNT,
    region: "eu-west-1",
    bucketName: "orders",
    destinations: { replicas: { contract: contract() } },
    rules: [{ id: "everything" }],
    ...change,
  };
}

/** A source with one rule. */
export function sourceWithRule(rule: Partial<ReplicationRule>): ReplicationSourceArgs {
  return sourceArgs({ rules: [{ id: "everything", ...rule }] });
}

export function newDestination(
  args: ReplicationDestinationArgs = destinationArgs(),
  name = "archive",
  opts: pulumi.ComponentResourceOptions = {},
): ReplicationDestination {
  const provider = accountProvider(args.accountId, args.region, `${name}-account`);
  return new ReplicationDestination(name, args, { provider, ...opts });
}

export function newSource(
  args: ReplicationSourceArgs = sourceArgs(),
  name = "orders",
  opts: pulumi.ComponentResourceOptions = {},
): ReplicationSource {
  const provider = accountProvider(args.accountId, args.region, `${name}-account`);
  return new ReplicationSource(name, args, { provider, ...opts });
}

export function watchArgs(change: Partial<ReplicationWatchArgs> = {}): ReplicationWatchArgs {
  return {
    accountId: SOURCE_ACCOUNT,
    region: "eu-west-1",
    bucketName: "orders",
    rules: [{ id: "everything", destinationBucketArn: "arn:aws:s3:::orders-replicas" }],
    ...change,
  };
}

/** A watch over a bucket that somebody else made. */
export function newWatch(
  args: ReplicationWatchArgs = watchArgs(),
  name = "orders",
  opts: pulumi.ComponentResourceOptions = {},
): ReplicationWatch {
  const provider = accountProvider(args.accountId, args.region, `${name}-account`);
  return new ReplicationWatch(name, args, { provider, ...opts });
}

/** A destination and its source in one program, the contract handed over directly. */
export function newPair(
  destination: Partial<ReplicationDestinationArgs> = {},
  source: Partial<ReplicationSourceArgs> = {},
): { destination: ReplicationDestination; source: ReplicationSource } {
  const receiving = newDestination(destinationArgs(destination));
  const sending = newSource(
    sourceArgs({ destinations: { replicas: { contract: receiving.contract } }, ...source }),
  );
  return { destination: receiving, source: sending };
}

/** A bucket that somebody else made, ready to receive replicas. */
export interface ForeignBucket {
  readonly accountId: string;
  readonly region: string;
  readonly bucketName: string;
}

const REPLICAS: ForeignBucket = {
  accountId: DESTINATION_ACCOUNT,
  region: "eu-central-1",
  bucketName: "orders-replicas",
};

/** Runs a program of a source alone, in accounts that hold its destination already; that one is not shown. */
export async function deploySource(
  program: () => unknown,
  options: RunOptions & { readonly destinations?: readonly ForeignBucket[] } = {},
): Promise<Deployment> {
  const elsewhere = () => {
    for (const { accountId, region, bucketName } of options.destinations ?? [REPLICAS]) {
      const opts = { provider: accountProvider(accountId, region, `${bucketName}-account`) };
      const bucket = new Bucket(bucketName, { bucket: bucketName }, opts);
      const versioningConfiguration = { status: "Enabled" };
      new BucketVersioning(bucketName, { bucket: bucket.bucket, versioningConfiguration }, opts);
    }
  };
  const { run } = await deployStacks(
    () => (pulumi.getStack() === "elsewhere" ? elsewhere() : program()),
    [
      { name: "elsewhere", config: {} },
      { name: "stack", config: {} },
    ],
    options,
  );
  return new Deployment({
    ...run,
    registrations: run.registrations.filter(({ stack }) => stack === "stack"),
  });
}
