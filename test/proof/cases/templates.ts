/** Set-ups in the manner of landing zones and templates, within one account, and with a hub. */
import type { ProofCase } from "../expected";
import {
  administration,
  allow,
  allowing,
  bucket,
  denyAll,
  DESTINATION,
  DESTINATION_ACCOUNT,
  DESTINATION_REGION,
  key,
  keyArn,
  objectsOf,
  OTHER_ACCOUNT,
  OVERRIDE,
  policy,
  READ,
  REPLICA_KEY,
  replicaKeyPolicy,
  ROLE,
  rule,
  S3_HERE,
  S3_THERE,
  setUp,
  setUpWithoutKms,
  SOURCE_ACCOUNT,
  throughS3,
  trusting,
  USE_REPLICA_KEY,
  WRITE,
} from "../setUp";

const LANDING_ZONE_ROLE = `arn:aws:iam::${SOURCE_ACCOUNT}:role/AWSAccelerator-LogReplication-eu-central-1`;
const STACK_ROLE = `arn:aws:iam::${SOURCE_ACCOUNT}:role/replication-ReplicationRole-1A2B3C4D5E6F`;
const tlsOnly = (arn: string) =>
  denyAll("s3:*", [arn, objectsOf(arn)], { Bool: { "aws:SecureTransport": "false" } });

export const TEMPLATES: readonly ProofCase[] = [
  {
    file: "landing-zone-style",
    about: "A central log account that lets the organization's own accounts in by aws:PrincipalOrgID",
    snapshot: setUp({
      roleArn: LANDING_ZONE_ROLE,
      bucketPolicy: policy(
        tlsOnly(DESTINATION),
        allowing("*", [...WRITE, OVERRIDE], objectsOf(DESTINATION), {
          StringEquals: { "aws:PrincipalOrgID": "o-acme123456" },
          ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/AWSAccelerator-*" },
        }),
      ),
      replicaKey: {
        policy: replicaKeyPolicy(
          allowing("*", USE_REPLICA_KEY, "*", {
            StringEquals: { "aws:PrincipalOrgID": "o-acme123456", "kms:ViaService": S3_THERE },
          }),
        ),
      },
    }),
    verdict: "unproven",
    outcomes: {
      plain: "UNPROVEN",
      tagged: "UNPROVEN",
      kms: "UNPROVEN",
      "kms-bucket-key": "UNPROVEN",
      deleted: "UNPROVEN",
    },
    cause: {
      action: "s3:ReplicateObject",
      resource: `${DESTINATION}/plain`,
      where: "destination bucket policy",
      keys: ["aws:PrincipalOrgID"],
    },
    unused: "any",
  },
  {
    file: "template-style-role-by-stack-name",
    about:
      "A template that generates the role's name; the other account still names the role of the last stack",
    snapshot: setUpWithoutKms({
      roleArn: STACK_ROLE,
      bucketPolicy: policy(
        allowing(
          `arn:aws:iam::${SOURCE_ACCOUNT}:role/replication-ReplicationRole-9Z8Y7X6W5V4U`,
          [...WRITE, OVERRIDE],
          objectsOf(DESTINATION),
        ),
      ),
    }),
    verdict: "broken",
    outcomes: { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "s3:ReplicateObject",
      resource: `${DESTINATION}/plain`,
      where: "destination bucket policy",
    },
    unused: "any",
  },
  {
    file: "template-style-deleted-role",
    about: "The role was deleted and made again: the policy shows the old one's unique id",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(allowing("AROAEXAMPLEOLDROLEID1", [...WRITE, OVERRIDE], objectsOf(DESTINATION))),
    }),
    verdict: "unproven",
    outcomes: { plain: "UNPROVEN", tagged: "UNPROVEN", deleted: "UNPROVEN" },
    cause: {
      action: "s3:ReplicateObject",
      resource: `${DESTINATION}/plain`,
      where: "destination bucket policy",
      keys: ["aws:userid"],
    },
    unused: "any",
  },
  {
    file: "same-account-no-bucket-policy",
    about: "Both buckets in one account: the role's policy is enough, the keys leave it to IAM",
    snapshot: setUp({
      rules: [rule({}, { Account: undefined, AccessControlTranslation: undefined })],
      destination: { account: SOURCE_ACCOUNT, policy: null },
      replicaKey: { account: DESTINATION_ACCOUNT },
    }),
    verdict: "proven",
    unused: [`${OVERRIDE} on ${objectsOf(DESTINATION)}`],
  },
  {
    file: "same-account-managed-key",
    about: "Both buckets in one account, and replicas under the account's own key aws/s3",
    snapshot: sameAccountUnderManagedKey(),
    verdict: "proven",
    unused: "any",
  },
  {
    file: "govcloud-wrong-partition",
    about: "A policy written for the commercial partition, pasted as it was",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        allowing(ROLE.replace("arn:aws:", "arn:aws-us-gov:"), [...WRITE, OVERRIDE], objectsOf(DESTINATION)),
      ),
    }),
    verdict: "broken",
    outcomes: { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "s3:ReplicateObject",
      resource: `${DESTINATION}/plain`,
      where: "destination bucket policy",
    },
    unused: "any",
  },
  {
    file: "hub-fan-in-one-role-forgotten",
    about: "Two accounts write into one bucket, and the key policy names the role of one",
    snapshot: fanIn(),
    verdict: "broken",
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "FAILED",
      "kms-bucket-key": "FAILED",
      deleted: "COMPLETED",
    },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "kms:Encrypt",
      resource: REPLICA_KEY,
      where: "destination key policy",
    },
  },
];

function sameAccountUnderManagedKey() {
  const managed = keyArn(DESTINATION_REGION, SOURCE_ACCOUNT, "1a2b3c4d-0000-4000-8000-00000000aaaa");
  return setUp({
    rules: [
      rule(
        {},
        {
          Account: undefined,
          AccessControlTranslation: undefined,
          EncryptionConfiguration: { ReplicaKmsKeyID: managed },
        },
      ),
    ],
    destination: {
      account: SOURCE_ACCOUNT,
      policy: null,
      encryption: { algorithm: "aws:kms", keyArn: managed, bucketKeyEnabled: true },
    },
    keys: {
      [managed]: {
        ...key(
          SOURCE_ACCOUNT,
          DESTINATION_REGION,
          policy({
            Sid: "Allow access through S3 for all principals in the account that are authorized to use S3",
            ...allowing("*", ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"], "*", {
              StringEquals: { "kms:CallerAccount": SOURCE_ACCOUNT, "kms:ViaService": S3_THERE },
            }),
          }),
        ),
        manager: "AWS",
      },
    },
  });
}

/** A second account with a role and a bucket of its own, of which the destination knows half. */
function fanIn() {
  const role = `arn:aws:iam::${OTHER_ACCOUNT}:role/acme-replication`;
  const second = "arn:aws:s3:::acme-shop";
  const secondKey = keyArn("eu-central-1", OTHER_ACCOUNT, "1a2b3c4d-0000-4000-8000-00000000bbbb");
  const both = [ROLE, role];
  const snapshot = setUp({
    bucketPolicy: policy(allowing(both, [...WRITE, OVERRIDE], objectsOf(DESTINATION))),
    buckets: {
      [second]: bucket(OTHER_ACCOUNT, "eu-central-1", {
        encryption: { algorithm: "aws:kms", keyArn: secondKey, bucketKeyEnabled: true },
        replication: { Role: role, Rules: [rule()] },
      }),
    },
    keys: { [secondKey]: key(OTHER_ACCOUNT, "eu-central-1", policy(administration(OTHER_ACCOUNT))) },
  });
  return {
    ...snapshot,
    accounts: {
      ...snapshot.accounts,
      [OTHER_ACCOUNT]: {
        roles: {
          [role]: {
            trust: trusting("s3.amazonaws.com"),
            policies: [
              policy(
                allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], second),
                allow(READ, objectsOf(second)),
                allow([...WRITE, OVERRIDE], objectsOf(DESTINATION)),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], secondKey, throughS3(S3_HERE, second)),
                allow(USE_REPLICA_KEY, REPLICA_KEY, throughS3(S3_THERE, DESTINATION)),
              ),
            ],
            boundary: null,
          },
        },
      },
    },
  };
}
