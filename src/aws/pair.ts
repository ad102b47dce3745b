/** A source bucket on AWS and the destinations that its replication configuration names. */
import type { ReplicationConfiguration } from "../replication/rules";
import { AwsAccount, type Access } from "./account";
import { AwsCallFailed, codeOf, describe, isAbsent, isRefused } from "./failures";

export interface PairAccess {
  readonly source: Access;
  /** One for each destination account; which is which, the accounts say themselves. */
  readonly destinations: readonly Access[];
  /** For the policies of the accounts' organization, which only some of its accounts may read. */
  readonly organization?: Access;
}

/** The accounts that a command may look into. */
export interface PairAccounts {
  readonly source: AwsAccount;
  /** Without the source account, unless it was named as a destination's as well. */
  readonly destinations: readonly AwsAccount[];
  /** One that may read the organization's policies, where it was named. */
  readonly organization?: AwsAccount;
  /** The account of an id that can be entered besides; of these none is asked whether a bucket is its own. */
  readonly enter?: (accountId: string) => AwsAccount | undefined;
  /** Account id of the owner of a bucket, where it is known beforehand. */
  readonly ownerOf?: (bucketName: string) => string | undefined;
  close(): void;
}

/** Loaded when it is needed first, and once: it is large, and each import of it copies its names. */
let loaded: Promise<typeof import("@aws-sdk/client-s3")> | undefined;
const sdk = () => (loaded ??= import("@aws-sdk/client-s3"));

/** @throws AwsCallFailed Where credentials are wrong. */
export async function openAccounts(access: PairAccess): Promise<PairAccounts> {
  const [source, organization, ...destinations] = await Promise.all([
    AwsAccount.open("source account", access.source),
    access.organization === undefined ? undefined : AwsAccount.open("organization", access.organization),
    ...access.destinations.map((destination) => AwsAccount.open("destination account", destination)),
  ]);
  return {
    source,
    destinations,
    ...(organization === undefined ? {} : { organization }),
    close: () => [source, ...destinations, organization].forEach((account) => account?.close()),
  };
}

/**
 * The Region of a bucket, which S3 tells even those who may not read the bucket.
 * @throws AwsCallFailed Where there is no such bucket.
 */
export async function bucketRegion(account: AwsAccount, bucketName: string): Promise<string> {
  const region = await regionIfThere(account, bucketName);
  if (region !== undefined) return region;
  throw new AwsCallFailed(`there is no bucket '${bucketName}'; is its name spelt right?`);
}

/**
 * The Region of a bucket, or undefined where there is no such bucket.
 * @throws AwsCallFailed Where S3 does not tell.
 */
export async function regionIfThere(account: AwsAccount, bucketName: string): Promise<string | undefined> {
  const { HeadBucketCommand } = await sdk();
  const s3 = await account.s3();
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: bucketName }));
    if (BucketRegion !== undefined) return BucketRegion;
  } catch (error) {
    const region = regionInAnswer(error);
    if (region !== undefined) return region;
    if (isAbsent(error)) return undefined;
    throw new AwsCallFailed(`cannot find the Region of bucket '${bucketName}': ${describe(error)}`);
  }
  throw new AwsCallFailed(`cannot find the Region of bucket '${bucketName}': S3 does not name it`);
}

function regionInAnswer(error: unknown): string | undefined {
  return (error as { $response?: { headers?: Record<string, string> } }).$response?.headers?.[
    "x-amz-bucket-region"
  ];
}

/**
 * The replication configuration of a bucket, or null where it has none.
 * @throws AwsCallFailed Where it cannot be read.
 */
export async function replicationOf(
  account: AwsAccount,
  bucketName: string,
  region: string,
): Promise<ReplicationConfiguration | null> {
  const { GetBucketReplicationCommand } = await sdk();
  const s3 = await account.s3(region);
  try {
    const answer = await s3.send(new GetBucketReplicationCommand({ Bucket: bucketName }));
    return (answer.ReplicationConfiguration ?? null) as ReplicationConfiguration | null;
  } catch (error) {
    if (codeOf(error) === "ReplicationConfigurationNotFoundError") return null;
    const hint = isRefused(error) ? `; ${account.callerArn} needs s3:GetReplicationConfiguration on it` : "";
    throw new AwsCallFailed(
      `cannot read the replication configuration of bucket '${bucketName}': ${describe(error)}${hint}`,
    );
  }
}

/**
 * The first of some accounts that owns a bucket. S3 does not say whose a bucket is, but it refuses whoever expects another
 * owner.
 * @param onRefusal Told of every request that was refused.
 */
export async function ownerAmong(
  accounts: readonly AwsAccount[],
  bucketName: string,
  region: string,
  signal?: AbortSignal,
  onRefusal: (error: unknown) => void = () => undefined,
): Promise<AwsAccount | undefined> {
  const { GetBucketVersioningCommand, HeadBucketCommand } = await sdk();
  for (const account of accounts) {
    const s3 = await account.s3(region);
    const bucket = { Bucket: bucketName, ExpectedBucketOwner: account.id };
    // Whoever may not list its objects may often read its settings.
    for (const question of [new HeadBucketCommand(bucket), new GetBucketVersioningCommand(bucket)]) {
      try {
        await s3.send(question, { abortSignal: signal });
        return account;
      } catch (error) {
        signal?.throwIfAborted();
        onRefusal(error);
      }
    }
  }
  return undefined;
}
