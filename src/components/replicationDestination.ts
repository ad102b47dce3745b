/** The component for the receiving side. */
import * as pulumi from "@pulumi/pulumi";
import { assertNoProblems, destinationProblems } from "../replication/arguments/argumentProblems";
import type { PlainDestinationArgs, ReplicationSourceGrant } from "../replication/arguments/arguments";
import { contractTerms } from "../replication/contract";
import {
  bucketGrantsOf,
  bucketPolicyOf,
  clashingStatementProblems,
} from "../replication/arguments/existingBuckets";
import {
  destinationBucketPolicy,
  destinationBucketStatements,
  destinationKeyPolicy,
  destinationKeyStatements,
} from "../replication/policies";
import { planInventory } from "../replication/inventory";
import { destinationSizeProblems } from "../replication/arguments/sizes";
import { callerIsIn } from "./callerIdentity";
import { existingBucket, type ExistingBucket } from "./existingBucket";
import { inventory, requiredInventoryStatement } from "./inventory";
import { sayGrantsTakenBack } from "./grantsTakenBack";
import { sayLeftToOwners } from "./leftToOwners";
import { type BucketArgs, secureBucket } from "./secureBucket";
import { readable } from "./userErrors";
import { waitingFor } from "./waiting";

/** Arguments of a ReplicationDestination. */
export interface ReplicationDestinationArgs extends BucketArgs {
  /**
   * What the destination bucket is like, where it exists already.
   * Default: the bucket is made.
   */
  existingBucket?: ExistingBucket;
  /** The replication roles that may write replicas, of accounts or of an organization, and what each may do. */
  sources: ReplicationSourceGrant[];
}

/**
 * What a destination promises to its sources, as the output 'contract' carries it between stacks. Every term but a new
 * key's ARN is known in the first preview.
 */
export interface ReplicationContract {
  /** Version of the contract's form. */
  version: pulumi.Input<number>;
  /** Account of the destination bucket. */
  accountId: pulumi.Input<string>;
  /** Region of the destination bucket. */
  region: pulumi.Input<string>;
  /** Partition of that Region, for example 'aws'. */
  partition: pulumi.Input<string>;
  /** ARN of the destination bucket. */
  bucketArn: pulumi.Input<string>;
  /** ARN of the KMS key that replicas of SSE-KMS objects are encrypted under; left out with SSE-S3. */
  keyArn?: pulumi.Input<string>;
  /** Default encryption of the destination bucket: 'aws:kms' or 'AES256'. */
  encryption: pulumi.Input<string>;
  /** Whether the destination bucket uses an S3 Bucket Key; left out where an existing bucket's arguments do not say it. */
  bucketKeyEnabled?: pulumi.Input<boolean>;
  /** Object Ownership of the destination bucket; left out where an existing bucket's arguments do not say it. */
  objectOwnership?: pulumi.Input<string>;
  /** Whether the destination bucket has Object Lock. */
  objectLockEnabled: pulumi.Input<boolean>;
  /** What each replication role is granted. */
  sources: pulumi.Input<ReplicationContractSource[]>;
}

/** What a destination grants to one replication role, or to a role of that name in each account of an organization. */
export interface ReplicationContractSource {
  /** ARN of the replication role, path included; with '*' for the account where an organization is granted. */
  roleArn: string;
  /** Id of the organization that the account must be in; left out where one account is granted. */
  organizationId?: string;
  /** Places in the organization that the account must be at; left out where any will do. */
  paths?: string[];
  /** Whether each account may write only keys that begin with '<account>/'; left out where it may write all. */
  prefixPerAccount?: boolean;
  /** Whether replicas may carry the tags of the source objects. */
  tags: boolean;
  /** Whether delete markers may be replicated. */
  deleteMarkerReplication: boolean;
  /** Whether replicas may be handed to the destination's account. */
  ownerOverride: boolean;
}

/**
 * The receiving side of S3 replication: a versioned, encrypted, private bucket whose bucket policy and key policy let
 * the named replication roles of other accounts write replicas, and nobody else. Or a bucket that exists already, which
 * gets no more than the statements of its policy.
 */
export class ReplicationDestination extends pulumi.ComponentResource {
  /** Name of the destination bucket. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the destination bucket. */
  public readonly bucketArn: pulumi.Output<string>;
  /** ARN of the KMS key that replicas are encrypted under; none with SSE-S3. */
  public readonly keyArn: pulumi.Output<string | undefined>;
  /** What this destination promises to its sources: give it to a ReplicationSource, or export it as 'contract'. */
  public readonly contract: pulumi.Output<ReplicationContract>;
  /** Statements, as JSON, that the policy of the key in 'encryption' must have; none for a new key, which has them. */
  public readonly requiredKeyPolicyStatements: pulumi.Output<string | undefined>;
  /** Statements, as JSON, to add to the policy of an existing bucket; none where the component puts the policy. */
  public readonly requiredBucketPolicyStatements: pulumi.Output<string | undefined>;
  /**
   * Statement, as JSON, that the policy of the bucket for the inventory must have; none where the component puts it, and
   * without an inventory.
   */
  public readonly requiredInventoryPolicyStatement: pulumi.Output<string | undefined>;

  /**
   * @param name Name of the component; its resources are called '<name>-bucket' and so on.
   * @param args What to make.
   * @param opts Give the provider of the destination's account here.
   * @throws RunError that lists every mistake in plain arguments, before anything is registered.
   */
  constructor(name: string, args: ReplicationDestinationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("s3-replication:index:ReplicationDestination", name, validated(name, args), opts);
    const terms = contractTerms(args);
    const grants = bucketGrantsOf(args);
    const lists = planInventory(args, "destination");
    const identity = callerIsIn(args.accountId, `ReplicationDestination '${name}'`, this);

    const options = { parent: this, dependsOn: waitingFor(opts?.dependsOn, identity) };
    const bucketPolicy = bucketPolicyOf(args);

    const { bucketName, keyArn, guardedName } =
      args.existingBucket === undefined
        ? secureBucket(
            name,
            args,
            { bucket: destinationBucketPolicy(grants), key: destinationKeyPolicy(grants) },
            options,
          )
        : existingBucket(name, args, bucketPolicy, options);

    if (lists !== undefined) inventory(name, args.region, guardedName, lists, options);

    void sayGrantsTakenBack(`ReplicationDestination '${name}'`, terms);
    sayLeftToOwners(`ReplicationDestination '${name}'`, [
      ...(bucketPolicy === undefined
        ? [
            {
              output: "requiredBucketPolicyStatements",
              policy: `the policy of bucket '${args.bucketName}'`,
            },
          ]
        : []),
      ...(args.encryption?.keyArn === undefined
        ? []
        : [{ output: "requiredKeyPolicyStatements", policy: "the policy of its key" }]),
    ]);

    this.bucketName = bucketName;
    this.bucketArn = guardedName.apply(() => terms.bucketArn);
    this.keyArn = keyArn ?? pulumi.output(undefined);
    this.contract = pulumi.output({ ...terms, bucketArn: this.bucketArn, keyArn });
    this.requiredKeyPolicyStatements = pulumi.output(
      keyArn === undefined || args.encryption?.keyArn === undefined
        ? undefined
        : JSON.stringify(destinationKeyStatements(grants)),
    );
    this.requiredBucketPolicyStatements = pulumi.output(
      bucketPolicy === undefined ? JSON.stringify(destinationBucketStatements(grants)) : undefined,
    );
    this.requiredInventoryPolicyStatement = requiredInventoryStatement(
      `ReplicationDestination '${name}'`,
      lists,
      // Where the policy is not known, the statement is among those of 'requiredBucketPolicyStatements'.
      true,
    );
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      keyArn: this.keyArn,
      contract: this.contract,
      requiredKeyPolicyStatements: this.requiredKeyPolicyStatements,
      requiredBucketPolicyStatements: this.requiredBucketPolicyStatements,
      requiredInventoryPolicyStatement: this.requiredInventoryPolicyStatement,
    });
  }
}

/** The arguments, once nothing is wrong with them. */
const validated = readable((name: string, args: ReplicationDestinationArgs): ReplicationDestinationArgs => {
  const subject = `ReplicationDestination '${name}'`;
  assertNoProblems(subject, destinationProblems(args));
  const plain: PlainDestinationArgs = args;
  assertNoProblems(subject, [...clashingStatementProblems(plain), ...destinationSizeProblems(plain)]);
  return args;
});
