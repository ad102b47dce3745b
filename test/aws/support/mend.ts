/** Does on the emulator what advice did to a snapshot: each document and setting that differs is put. */
import {
  CreatePolicyVersionCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CancelKeyDeletionCommand, EnableKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  ListPoliciesForTargetCommand,
  type OrganizationsClient,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import {
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  type ReplicationConfiguration,
  type S3Client,
} from "@aws-sdk/client-s3";
import type {
  AccountState,
  BucketState,
  KeyState,
  RoleState,
  Snapshot,
} from "../../../src/snapshot/snapshot";
import { bucketNameOf } from "../../../src/naming/names";
import { MANAGEMENT_ACCOUNT, POLICY_TYPES } from "./organization";
import { document, EmulatedAccount, keyIdOf } from "./plant";

const differs = (left: unknown, right: unknown) => JSON.stringify(left) !== JSON.stringify(right);

export async function mend(endpoint: string, before: Snapshot, after: Snapshot): Promise<void> {
  const account = (id: string) => new EmulatedAccount(endpoint, id);
  for (const [arn, key] of Object.entries(after.keys)) {
    await mendKey(account(key.account), arn, before.keys[arn]!, key);
  }
  for (const [id, state] of Object.entries(after.accounts)) {
    for (const [arn, role] of Object.entries(state.roles)) {
      await mendRole(account(id), arn, before.accounts[id]!.roles[arn]!, role);
    }
    for (const kind of ["scps", "rcps"] as const) {
      if (!differs(before.accounts[id]?.[kind], state[kind])) continue;
      await mendAccount(account(MANAGEMENT_ACCOUNT).organizations(), id, kind, before.accounts[id]!, state);
    }
  }
  for (const [arn, bucket] of Object.entries(after.buckets)) {
    await mendBucket(
      account(bucket.account).s3(bucket.region),
      bucketNameOf(arn),
      before.buckets[arn]!,
      bucket,
    );
  }
}

async function mendKey(account: EmulatedAccount, arn: string, before: KeyState, after: KeyState) {
  const KeyId = keyIdOf(arn);
  const kms = account.kms(after.region);
  if (differs(before.policy, after.policy)) {
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy: document(after.policy) }));
  }
  if (before.state === after.state) return;
  if (before.state === "PendingDeletion") await kms.send(new CancelKeyDeletionCommand({ KeyId }));
  await kms.send(new EnableKeyCommand({ KeyId }));
}

async function mendRole(account: EmulatedAccount, arn: string, before: RoleState, after: RoleState) {
  const iam = account.iam();
  const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
  if (differs(before.trust, after.trust)) {
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: document(after.trust) }));
  }
  for (const [index, policy] of after.policies.entries()) {
    if (!differs(before.policies[index], policy)) continue;
    const PolicyName = after.policyNames?.[index] ?? "mended";
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: document(policy) }));
  }
  if (!differs(before.boundary, after.boundary)) return;
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  await iam.send(
    new CreatePolicyVersionCommand({
      PolicyArn: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
      PolicyDocument: document(after.boundary),
      SetAsDefault: true,
    }),
  );
}

/** Of the account's own level, which is the last. */
async function mendAccount(
  organizations: OrganizationsClient,
  TargetId: string,
  kind: keyof typeof POLICY_TYPES,
  before: AccountState,
  after: AccountState,
) {
  const { Type } = POLICY_TYPES[kind];
  const { Policies } = await organizations.send(new ListPoliciesForTargetCommand({ TargetId, Filter: Type }));
  for (const [index, policy] of (after[kind]?.at(-1) ?? []).entries()) {
    if (!differs(before[kind]?.at(-1)?.[index], policy)) continue;
    const Content = document(policy);
    const known = Policies?.[index]?.Id;
    if (known !== undefined) {
      await organizations.send(new UpdatePolicyCommand({ PolicyId: known, Content }));
      continue;
    }
    const { Policy } = await organizations.send(
      new CreatePolicyCommand({ Name: `mended-${index}`, Description: "", Type, Content }),
    );
    await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
  }
}

async function mendBucket(s3: S3Client, Bucket: string, before: BucketState, after: BucketState) {
  const changed = (setting: keyof BucketState) => differs(before[setting], after[setting]);
  if (changed("versioning")) {
    const VersioningConfiguration = { Status: after.versioning as "Enabled" };
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  if (changed("objectLock")) {
    const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" as const };
    await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  }
  if (changed("requesterPays")) {
    const RequestPaymentConfiguration = { Payer: "BucketOwner" as const };
    await s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration }));
  }
  if (changed("policy"))
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(after.policy) }));
  if (changed("replication")) {
    const configuration = after.replication as ReplicationConfiguration;
    await s3.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration: configuration }));
  }
}
