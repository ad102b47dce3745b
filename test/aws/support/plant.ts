/** Makes accounts on the emulator that are as a snapshot says. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type ReplicationConfiguration,
  S3Client,
} from "@aws-sdk/client-s3";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import {
  PutPublicAccessBlockCommand as PutAccountBlockCommand,
  S3ControlClient,
} from "@aws-sdk/client-s3-control";
import { SQSClient } from "@aws-sdk/client-sqs";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { BucketState, KeyState, RoleState, Snapshot } from "../../../src/snapshot/snapshot";
import { roleToEnter } from "./environment";

/** Clients of one account of the emulator. */
export class EmulatedAccount {
  private readonly settings;

  constructor(endpoint: string, accountId: string) {
    const entry = {
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
    this.settings = {
      endpoint,
      credentials: fromTemporaryCredentials({
        masterCredentials: entry.credentials,
        params: { RoleArn: roleToEnter(accountId), RoleSessionName: "planting" },
        clientConfig: entry,
      }),
    };
  }

  s3(region: string): S3Client {
    return new S3Client({ ...this.settings, region, forcePathStyle: true });
  }

  kms(region: string): KMSClient {
    return new KMSClient({ ...this.settings, region });
  }

  iam(): IAMClient {
    return new IAMClient({ ...this.settings, region: "us-east-1" });
  }

  organizations(): OrganizationsClient {
    return new OrganizationsClient({ ...this.settings, region: "us-east-1" });
  }

  cloudWatch(region: string): CloudWatchClient {
    return new CloudWatchClient({ ...this.settings, region });
  }

  sqs(region: string): SQSClient {
    return new SQSClient({ ...this.settings, region });
  }

  s3Control(): S3ControlClient {
    const client = new S3ControlClient({ ...this.settings, region: "us-east-1" });
    // The account id would stand before the host's name, which is an IP address.
    client.config.endpointProvider = () => ({ url: new URL(this.settings.endpoint) });
    return client;
  }
}

/**
 * @returns The snapshot as it is on the emulator, which gives keys ids of its own. Policies are not checked by it: they
 * stand there as they are.
 */
export async function plant(endpoint: string, given: Snapshot): Promise<Snapshot> {
  const account = (id: string) => new EmulatedAccount(endpoint, id);
  let text = JSON.stringify(given);
  for (const [arn, key] of Object.entries(given.keys)) {
    const { KeyMetadata } = await account(key.account)
      .kms(key.region)
      .send(new CreateKeyCommand({ MultiRegion: key.multiRegion }));
    text = text.replaceAll(arn, KeyMetadata!.Arn!);
  }
  const snapshot = JSON.parse(text) as Snapshot;
  for (const [arn, key] of Object.entries(snapshot.keys)) await plantKey(account(key.account), arn, key);
  for (const [id, { roles, publicAccessBlock }] of Object.entries(snapshot.accounts)) {
    if (publicAccessBlock !== undefined) {
      const PublicAccessBlockConfiguration = {
        RestrictPublicBuckets: publicAccessBlock.restrictPublicBuckets === true,
      };
      await account(id)
        .s3Control()
        .send(new PutAccountBlockCommand({ AccountId: id, PublicAccessBlockConfiguration }));
    }
    for (const [arn, role] of Object.entries(roles)) await plantRole(account(id), arn, role);
  }
  // A replication configuration wants its destinations there and versioned.
  for (const [arn, bucket] of Object.entries(snapshot.buckets)) {
    await plantBucket(account(bucket.account).s3(bucket.region), nameOf(arn), bucket);
  }
  for (const [arn, bucket] of Object.entries(snapshot.buckets)) {
    if (bucket.replication === null) continue;
    await account(bucket.account)
      .s3(bucket.region)
      .send(
        new PutBucketReplicationCommand({
          Bucket: nameOf(arn),
          ReplicationConfiguration: bucket.replication as ReplicationConfiguration,
        }),
      );
  }
  return snapshot;
}

export const nameOf = (bucketArn: string) => bucketArn.split(":").at(-1)!;
export const document = (policy: unknown) => (typeof policy === "string" ? policy : JSON.stringify(policy));

async function plantKey(account: EmulatedAccount, arn: string, key: KeyState): Promise<void> {
  const kms = account.kms(key.region);
  await kms.send(
    new PutKeyPolicyCommand({ KeyId: arn, PolicyName: "default", Policy: document(key.policy) }),
  );
  const KeyId = keyIdOf(arn);
  if (key.state === "Enabled") await kms.send(new EnableKeyRotationCommand({ KeyId }));
  if (key.state === "Disabled") await kms.send(new DisableKeyCommand({ KeyId }));
  if (key.state === "PendingDeletion") await kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
}

/** The emulator does not take ARNs everywhere. */
export const keyIdOf = (keyArn: string) => keyArn.slice(keyArn.lastIndexOf("/") + 1);

async function plantRole(account: EmulatedAccount, arn: string, role: RoleState): Promise<void> {
  const iam = account.iam();
  const [, path, RoleName] = /role(\/|\/.*\/)([^/]+)$/.exec(arn) as unknown as [string, string, string];
  await iam.send(
    new CreateRoleCommand({ RoleName, Path: path, AssumeRolePolicyDocument: document(role.trust) }),
  );
  for (const [index, policy] of role.policies.entries()) {
    const PolicyName = role.policyNames?.[index] ?? `policy-${index}`;
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: document(policy) }));
  }
  if (role.boundary === undefined || role.boundary === null) return;
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: `boundary-${RoleName}`, PolicyDocument: document(role.boundary) }),
  );
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: Policy?.Arn }));
}

async function plantBucket(s3: S3Client, Bucket: string, bucket: BucketState): Promise<void> {
  await s3.send(
    new CreateBucketCommand({
      Bucket,
      ObjectLockEnabledForBucket: bucket.objectLock,
      ...(bucket.region === "us-east-1"
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: bucket.region as "eu-west-1" } }),
    }),
  );
  if (bucket.versioning !== null) {
    const VersioningConfiguration = { Status: bucket.versioning };
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: bucket.ownership }] },
    }),
  );
  if (bucket.policy !== null && bucket.policy !== undefined) {
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(bucket.policy) }));
  }
  if (bucket.encryption !== undefined) {
    const { algorithm, keyArn, bucketKeyEnabled } = bucket.encryption;
    const ApplyServerSideEncryptionByDefault = {
      SSEAlgorithm: algorithm as "aws:kms",
      ...(keyArn === undefined ? {} : { KMSMasterKeyID: keyArn }),
    };
    const Rules = [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: bucketKeyEnabled ?? false }];
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  }
  if (bucket.requesterPays === true) {
    const RequestPaymentConfiguration = { Payer: "Requester" as const };
    await s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration }));
  }
  if (bucket.publicAccessBlock !== undefined) {
    const { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets } =
      bucket.publicAccessBlock;
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: blockPublicAcls,
          BlockPublicPolicy: blockPublicPolicy,
          IgnorePublicAcls: ignorePublicAcls,
          RestrictPublicBuckets: restrictPublicBuckets,
        },
      }),
    );
  }
}
