/** Both accounts of a snapshot behind a mocked SDK, for one caller who may read everything. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, ListGrantsCommand } from "@aws-sdk/client-kms";
import { DescribeOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import {
  GetBucketEncryptionCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  GetPublicAccessBlockCommand as GetAccountPublicAccessBlockCommand,
  S3ControlClient,
} from "@aws-sdk/client-s3-control";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { openAccounts } from "../../src/aws/pair";
import { diagnose, type Diagnosis } from "../../src/doctor/diagnose";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { DESTINATION_ACCOUNT, ROLE, setUp, SOURCE, SOURCE_ACCOUNT } from "../proof/setUp";

export const BUCKET = "acme-invoices";
export const ORGANIZATION = "o-acme123456";

/** What AWS answers those whom it refuses. */
export const refused = (name: string) =>
  Object.assign(new Error(`User: arn:aws:sts::${SOURCE_ACCOUNT}:assumed-role/doctor is not authorized`), {
    name,
    $metadata: { httpStatusCode: 403 },
  });
export const failing = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

/** Both accounts of a snapshot, in which one caller may read everything. */
export class MockedAccounts {
  readonly s3 = mockClient(S3Client);
  readonly kms = mockClient(KMSClient);
  readonly iam = mockClient(IAMClient);
  readonly organizations = mockClient(OrganizationsClient);
  readonly s3Control = mockClient(S3ControlClient);
  readonly sts = mockClient(STSClient);

  constructor({ buckets, keys, accounts }: Snapshot) {
    this.sts.on(GetCallerIdentityCommand).resolves({
      Account: SOURCE_ACCOUNT,
      Arn: `arn:aws:sts::${SOURCE_ACCOUNT}:assumed-role/doctor/s3-replication`,
    });
    for (const [arn, state] of Object.entries(buckets)) {
      const Bucket = arn.split(":").at(-1)!;
      this.s3.on(HeadBucketCommand, { Bucket }).resolves({ BucketRegion: state.region });
      this.s3.on(GetBucketVersioningCommand, { Bucket }).resolves({ Status: "Enabled" });
      this.s3.on(GetBucketOwnershipControlsCommand, { Bucket }).resolves({
        OwnershipControls: { Rules: [{ ObjectOwnership: state.ownership }] },
      });
      if (state.policy === null) {
        this.s3.on(GetBucketPolicyCommand, { Bucket }).rejects(failing("NoSuchBucketPolicy", 404));
      } else {
        this.s3.on(GetBucketPolicyCommand, { Bucket }).resolves({ Policy: JSON.stringify(state.policy) });
      }
      this.s3.on(GetBucketEncryptionCommand, { Bucket }).resolves({
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: "aws:kms",
                KMSMasterKeyID: state.encryption?.keyArn,
              },
              BucketKeyEnabled: true,
              BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
            },
          ],
        },
      });
      this.s3
        .on(GetObjectLockConfigurationCommand, { Bucket })
        .rejects(failing("ObjectLockConfigurationNotFoundError", 404));
      this.s3.on(GetBucketRequestPaymentCommand, { Bucket }).resolves({ Payer: "BucketOwner" });
      this.s3
        .on(GetPublicAccessBlockCommand, { Bucket })
        .resolves({ PublicAccessBlockConfiguration: { BlockPublicAcls: true } });
    }
    this.s3.on(GetBucketReplicationCommand).resolves({
      ReplicationConfiguration: buckets[SOURCE]!.replication as never,
    });
    this.s3.on(GetBucketNotificationConfigurationCommand).resolves({});
    this.s3.on(ListObjectVersionsCommand).resolves({});
    for (const [arn, { policy }] of Object.entries(keys)) {
      this.kms.on(DescribeKeyCommand, { KeyId: arn }).resolves({
        KeyMetadata: {
          KeyId: arn,
          Arn: arn,
          KeyState: "Enabled",
          KeyManager: "CUSTOMER",
          MultiRegion: false,
        },
      });
      this.kms.on(GetKeyPolicyCommand, { KeyId: arn }).resolves({ Policy: JSON.stringify(policy) });
    }
    this.kms.on(ListGrantsCommand).resolves({ Grants: [] });
    const role = accounts[SOURCE_ACCOUNT]!.roles[ROLE]!;
    const encoded = (document: unknown) => encodeURIComponent(JSON.stringify(document));
    this.iam.on(GetRoleCommand).resolves({
      Role: {
        Arn: ROLE,
        AssumeRolePolicyDocument: encoded(role.trust),
        PermissionsBoundary: { PermissionsBoundaryArn: "arn:aws:iam::111122223333:policy/boundary" },
      } as never,
    });
    this.iam.on(ListRolePoliciesCommand).resolves({ PolicyNames: ["replication"], IsTruncated: false });
    this.iam.on(GetRolePolicyCommand).resolves({ PolicyDocument: encoded(role.policies[0]) });
    this.iam.on(ListAttachedRolePoliciesCommand).resolves({ AttachedPolicies: [], IsTruncated: false });
    this.iam.on(GetPolicyCommand).resolves({ Policy: { DefaultVersionId: "v3" } });
    this.iam.on(GetPolicyVersionCommand).resolves({
      PolicyVersion: {
        Document: encoded({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        }),
      },
    });
    this.organizations
      .on(DescribeOrganizationCommand)
      .rejects(failing("AWSOrganizationsNotInUseException", 400));
    this.s3Control
      .on(GetAccountPublicAccessBlockCommand)
      .rejects(failing("NoSuchPublicAccessBlockConfiguration", 404));
  }

  restore(): void {
    for (const stub of [this.s3, this.kms, this.iam, this.organizations, this.s3Control, this.sts]) {
      stub.restore();
    }
  }
}

/** A pair within one account, so that one mocked caller sees all of it. */
export function pair(): Snapshot {
  const { accounts, ...rest } = setUp();
  const both = { accounts: { [SOURCE_ACCOUNT]: accounts[SOURCE_ACCOUNT] }, ...rest };
  return JSON.parse(JSON.stringify(both).replaceAll(DESTINATION_ACCOUNT, SOURCE_ACCOUNT)) as Snapshot;
}

/** What `doctor` finds in the mocked accounts. */
export async function read(
  sampleSize = 10,
  signal?: AbortSignal,
): Promise<{ snapshot: Snapshot; diagnosis: Diagnosis }> {
  const accounts = await openAccounts({ source: {}, destinations: [] });
  try {
    return await diagnose(accounts, BUCKET, { sampleSize, signal });
  } finally {
    accounts.close();
  }
}
