/** N pairs with AWS CDK's own Bucket and its `replicationRules`, as its documentation writes them. */
import { App, Stack } from "aws-cdk-lib";
import { PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Alias, Key } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { roleS3Policy } from "./byHand/policies";
import { DESTINATION, type Pair, pairs, SOURCE } from "./pairs";

/** CloudFormation takes 500 resources a stack. */
const PAIRS_PER_STACK = 50;

export function cdk(count: number): void {
  const outdir = mkdtempSync(join(tmpdir(), "bench-cdk-"));
  try {
    const app = new App({ outdir });
    const all = pairs(count);
    for (let start = 0; start < all.length; start += PAIRS_PER_STACK) {
      const receiving = new Stack(app, `destination-${start}`, { env: environment(DESTINATION) });
      const sending = new Stack(app, `source-${start}`, { env: environment(SOURCE) });
      for (const pair of all.slice(start, start + PAIRS_PER_STACK)) {
        source(sending, pair, destination(receiving, pair));
      }
    }
    app.synth();
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const environment = ({ accountId, region }: { accountId: string; region: string }) => ({
  account: accountId,
  region,
});

function destination(stack: Stack, pair: Pair): Bucket {
  return new Bucket(stack, pair.destination, {
    bucketName: pair.destinationBucket,
    encryptionKey: key(stack, pair.destination, pair.destinationBucket),
    ...SECURE,
  });
}

function source(stack: Stack, pair: Pair, replicas: Bucket): void {
  new Bucket(stack, pair.source, {
    bucketName: pair.sourceBucket,
    encryptionKey: key(stack, pair.source, pair.sourceBucket),
    // CDK gives its own role one name in an account, so every bucket after the first needs a role by hand.
    replicationRole: new Role(stack, `${pair.source}-role`, {
      roleName: pair.roleName,
      assumedBy: new ServicePrincipal("s3.amazonaws.com"),
      inlinePolicies: { s3: PolicyDocument.fromJson(roleS3Policy(pair)) },
    }),
    replicationRules: [
      {
        id: "everything",
        destination: replicas,
        kmsKey: replicas.encryptionKey,
        sseKmsEncryptedObjects: true,
        accessControlTransition: true,
      },
    ],
    ...SECURE,
  });
}

const SECURE: BucketProps = {
  versioned: true,
  encryption: BucketEncryption.KMS,
  bucketKeyEnabled: true,
  enforceSSL: true,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
};

function key(stack: Stack, name: string, bucketName: string): Key {
  const made = new Key(stack, `${name}-key`, { enableKeyRotation: true });
  new Alias(stack, `${name}-key-alias`, { aliasName: `alias/s3-replication/${bucketName}`, targetKey: made });
  return made;
}
