/** A bucket as S3 says it, setting by setting: what S3 refuses to say is marked as unread. */
import {
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { GetPublicAccessBlockCommand as GetAccountPublicAccessBlockCommand } from "@aws-sdk/client-s3-control";
import type { AwsAccount } from "../../aws/account";
import { bucketNameOf } from "../../naming/names";
import { blocksOf } from "../../resources/bucketSettings";
import type { ReplicationConfiguration } from "../../replication/rules";
import type { BucketState, EncryptionState, PublicAccessBlock } from "../../snapshot/snapshot";
import { markUnread, Unread, unreadPolicy } from "../../snapshot/unread";
import type { Questions } from "../../aws/questions";

/** A bucket, and the account and Region that it is known to be in. */
export interface PlacedBucket {
  readonly arn: string;
  /** Account id of the owner. */
  readonly owner: string;
  readonly region: string;
}

/** @param account Whoever is asked to read it. */
export async function readBucket(
  questions: Questions,
  account: AwsAccount,
  { arn, owner, region }: PlacedBucket,
): Promise<BucketState> {
  const s3 = await account.s3(region);
  const bucket = { Bucket: bucketNameOf(arn), ExpectedBucketOwner: owner };
  const about = (action: string) => ({ account, action, resource: arn });
  const [versioning, ownership, policy, encryption, lock, payment, block] = await Promise.all([
    questions.ask(about("s3:GetBucketVersioning"), (options) =>
      s3.send(new GetBucketVersioningCommand(bucket), options),
    ),
    questions.ask(about("s3:GetBucketOwnershipControls"), (options) =>
      s3.send(new GetBucketOwnershipControlsCommand(bucket), options),
    ),
    questions.ask(about("s3:GetBucketPolicy"), (options) =>
      s3.send(new GetBucketPolicyCommand(bucket), options),
    ),
    questions.ask(about("s3:GetEncryptionConfiguration"), (options) =>
      s3.send(new GetBucketEncryptionCommand(bucket), options),
    ),
    questions.ask(about("s3:GetBucketObjectLockConfiguration"), (options) =>
      s3.send(new GetObjectLockConfigurationCommand(bucket), options),
    ),
    questions.ask(about("s3:GetBucketRequestPayment"), (options) =>
      s3.send(new GetBucketRequestPaymentCommand(bucket), options),
    ),
    questions.ask(about("s3:GetBucketPublicAccessBlock"), (options) =>
      s3.send(new GetPublicAccessBlockCommand(bucket), options),
    ),
  ]);
  // Whatever a setting is that nobody could read, what stands here breaks nothing, and is marked.
  const state: BucketState = {
    account: owner,
    region,
    versioning: "Enabled",
    ownership: "BucketOwnerEnforced",
    policy: unreadPolicy("resource", "a bucket policy that was not read"),
    objectLock: false,
    replication: null,
  };
  const settle = <T>(setting: string, answer: T | Unread, change: (value: T) => void) => {
    if (answer instanceof Unread) markUnread(state, setting);
    else change(answer);
  };
  settle("versioning", versioning, (answer) => (state.versioning = answer?.Status ?? null));
  settle("ownership", ownership, (answer) => {
    // Without controls a bucket is as all were before April 2023.
    state.ownership = answer?.OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? "ObjectWriter";
  });
  settle("policy", policy, (answer) => (state.policy = parsed(answer?.Policy)));
  settle("encryption", encryption, (answer) => {
    const [rule] = answer?.ServerSideEncryptionConfiguration?.Rules ?? [];
    state.encryption = encryptionOf(rule);
    const blocked = rule?.BlockedEncryptionTypes?.EncryptionType;
    if (blocked !== undefined) state.blockedEncryptionTypes = [...blocked];
  });
  settle("objectLock", lock, (answer) => {
    state.objectLock = answer?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled";
  });
  settle("requesterPays", payment, (answer) => (state.requesterPays = answer?.Payer === "Requester"));
  settle("publicAccessBlock", block, (answer) => {
    state.publicAccessBlock = blocksOf(answer?.PublicAccessBlockConfiguration ?? {});
  });
  return state;
}

function encryptionOf(rule: ServerSideEncryptionRule | undefined): EncryptionState {
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  return {
    algorithm: (byDefault?.SSEAlgorithm ?? "AES256") as EncryptionState["algorithm"],
    ...(byDefault?.KMSMasterKeyID === undefined ? {} : { keyArn: byDefault.KMSMasterKeyID }),
    ...(rule?.BucketKeyEnabled === undefined ? {} : { bucketKeyEnabled: rule.BucketKeyEnabled }),
  };
}

function parsed(policy: string | undefined): unknown {
  return policy === undefined ? null : JSON.parse(policy);
}

/** The replication configuration of a bucket; null where it has none. */
export async function readReplication(
  questions: Questions,
  account: AwsAccount,
  { arn, region }: Pick<PlacedBucket, "arn" | "region">,
): Promise<ReplicationConfiguration | null | Unread> {
  const s3 = await account.s3(region);
  const answer = await questions.ask(
    { account, action: "s3:GetReplicationConfiguration", resource: arn },
    (options) => s3.send(new GetBucketReplicationCommand({ Bucket: bucketNameOf(arn) }), options),
  );
  if (answer instanceof Unread) return answer;
  return (answer?.ReplicationConfiguration ?? null) as ReplicationConfiguration | null;
}

/** What the account as a whole blocks, for all its buckets. */
export async function readAccountBlock(
  questions: Questions,
  account: AwsAccount,
  region: string,
): Promise<PublicAccessBlock | Unread> {
  const s3Control = await account.s3Control(region);
  const answer = await questions.ask(
    { account, action: "s3:GetAccountPublicAccessBlock", resource: account.id },
    (options) => s3Control.send(new GetAccountPublicAccessBlockCommand({ AccountId: account.id }), options),
  );
  return answer instanceof Unread ? answer : blocksOf(answer?.PublicAccessBlockConfiguration ?? {});
}
