/** Programs that write replication by hand, beside a destination that is a component already. */
import { DESTINATION_ACCOUNT, SOURCE_ACCOUNT } from "./pair";

/** A program of both accounts; what its source is made of, `source` says. */
export function program(source: string): string {
  return `
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/aws/provider");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketReplicationConfig } = require("@pulumi/aws/s3/bucketReplicationConfig");
const { BucketServerSideEncryptionConfiguration } = require("@pulumi/aws/s3/bucketServerSideEncryptionConfiguration");
const { BucketVersioning } = require("@pulumi/aws/s3/bucketVersioning");
const { Key } = require("@pulumi/aws/kms/key");
const { Role } = require("@pulumi/aws/iam/role");
const { RolePolicy } = require("@pulumi/aws/iam/rolePolicy");
const { ReplicationDestination, ReplicationSource } = require("s3-replication");

const archive = new ReplicationDestination(
  "archive",
  {
    accountId: "${DESTINATION_ACCOUNT}",
    region: "eu-west-1",
    bucketName: "acme-archive",
    sources: [{ accountId: "${SOURCE_ACCOUNT}", roleName: "replicator" }],
  },
  { provider: new Provider("receiving", { region: "eu-west-1", allowedAccountIds: ["${DESTINATION_ACCOUNT}"] }) },
);
const provider = new Provider("sending", { region: "us-east-1", allowedAccountIds: ["${SOURCE_ACCOUNT}"] });
const args = {
  accountId: "${SOURCE_ACCOUNT}",
  region: "us-east-1",
  bucketName: "acme-data",
  roleName: "replicator",
  destinations: { archive: { contract: archive.contract } },
  rules: [{ id: "everything" }],
};
${source}
`;
}

/** Bucket, key and role, as tutorials write them. */
export const OWN_RESOURCES = `
const key = new Key("key", { description: "data" }, { provider });
const bucket = new Bucket("bucket", { bucket: "acme-data" }, { provider });
const versioning = new BucketVersioning(
  "versioning",
  { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
  { provider },
);
const encryption = new BucketServerSideEncryptionConfiguration(
  "encryption",
  {
    bucket: bucket.bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn } }],
  },
  { provider },
);
const role = new Role(
  "role",
  {
    name: "replicator",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  },
  { provider },
);
const permissions = new RolePolicy(
  "permissions",
  {
    role: role.name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["s3:*", "kms:*"], Resource: "*" }],
    }),
  },
  { provider },
);
`;

/** The same, and the rules. */
export const HAND_WRITTEN = `${OWN_RESOURCES}
new BucketReplicationConfig(
  "replication",
  {
    bucket: versioning.bucket,
    role: role.arn,
    rules: [
      {
        id: "by-hand",
        status: "Enabled",
        priority: 1,
        filter: { prefix: "" },
        deleteMarkerReplication: { status: "Disabled" },
        destination: { bucket: archive.bucketArn },
      },
    ],
  },
  { provider, dependsOn: [encryption, permissions] },
);
`;
