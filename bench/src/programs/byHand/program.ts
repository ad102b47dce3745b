/** N pairs, registered with the classes of @pulumi/aws alone: the same resources that the components make. */
import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Provider } from "@pulumi/aws/provider";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig";
import { DESTINATION, type Pair, pairs, SOURCE } from "../pairs";
import { type BucketByHand, bucketByHand } from "./bucket";
import { monitoringByHand } from "./monitoring";
import {
  destinationBucketPolicy,
  destinationKeyPolicy,
  roleKeyPolicy,
  roleS3Policy,
  sourceBucketPolicy,
  sourceKeyPolicy,
  trustPolicy,
} from "./policies";

export function byHand(count: number): void {
  const receiving = new Provider("receiving", {
    region: DESTINATION.region,
    allowedAccountIds: [DESTINATION.accountId],
  });
  const sending = new Provider("sending", {
    region: SOURCE.region,
    allowedAccountIds: [SOURCE.accountId],
  });
  for (const pair of pairs(count)) {
    const destination = bucketByHand(
      pair.destination,
      DESTINATION.region,
      pair.destinationBucket,
      { key: destinationKeyPolicy(pair), bucket: destinationBucketPolicy(pair) },
      { provider: receiving, protect: true },
    );
    sourceByHand(pair, destination, sending);
  }
}

function sourceByHand(pair: Pair, destination: BucketByHand, provider: Provider): void {
  const options = { provider };
  const source = bucketByHand(
    pair.source,
    SOURCE.region,
    pair.sourceBucket,
    { key: sourceKeyPolicy(), bucket: sourceBucketPolicy(pair) },
    { provider, protect: true },
  );
  const role = new Role(
    `${pair.source}-role`,
    {
      name: pair.roleName,
      path: "/",
      description: `S3 replicates objects of ${pair.sourceBucket} as this role`,
      assumeRolePolicy: JSON.stringify(trustPolicy()),
    },
    options,
  );
  const s3Policy = new RolePolicy(
    `${pair.source}-role-s3`,
    { name: "s3", role: role.name, policy: JSON.stringify(roleS3Policy(pair)) },
    options,
  );
  const keyPolicy = new RolePolicy(
    `${pair.source}-role-kms`,
    {
      name: "kms",
      role: role.name,
      policy: pulumi
        .all([source.key.arn, destination.key.arn])
        .apply(([sourceKeyArn, replicaKeyArn]) =>
          JSON.stringify(roleKeyPolicy(pair, sourceKeyArn, replicaKeyArn)),
        ),
    },
    options,
  );
  monitoringByHand(pair, source.bucket, options);
  new BucketReplicationConfig(
    `${pair.source}-replication`,
    {
      region: SOURCE.region,
      bucket: source.bucket.bucket,
      role: role.arn,
      rules: [
        {
          id: "everything",
          priority: 1,
          status: "Enabled",
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: destination.bucket.arn,
            account: DESTINATION.accountId,
            accessControlTranslation: { owner: "Destination" },
            encryptionConfiguration: { replicaKmsKeyId: destination.key.arn },
            metrics: { status: "Enabled" },
          },
        },
      ],
    },
    { ...options, dependsOn: [...source.guards, ...destination.guards, s3Policy, keyPolicy] },
  );
}
