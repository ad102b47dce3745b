import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig";
import type { ReplicationRuleArgs } from "../replication/arguments";
import {
  assertRoleFits,
  assertSourceArguments,
  type DestinationTerms,
  ofDestination,
  planSource,
  roleGrants,
  type SourcePlan,
  usesKeys,
} from "../replication/plan";
import {
  roleKeyPolicy,
  roleS3Policy,
  sourceBucketPolicy,
  sourceKeyPolicy,
  trustPolicy,
} from "../replication/policies";
import { type ResolvedRule, toReplicationRule } from "../replication/rules";
import { after } from "./after";
import { callerIsIn } from "./callerIdentity";
import { fittingContract, type ReplicationDestinationReference } from "./destinationContract";
import { monitoring, type MonitoringArgs } from "./monitoring";
import { toPulumiRule } from "./replicationRule";
import { type BucketArgs, secureBucket } from "./secureBucket";
import { readable } from "./userErrors";

/** Arguments of a ReplicationSource. */
export interface ReplicationSourceArgs extends BucketArgs {
  /** The destinations by a name of your own, which rules refer to. */
  destinations: Record<string, ReplicationDestinationReference>;
  /** What is replicated where; the first rule that takes an object decides at each destination. */
  rules: ReplicationRuleArgs[];
  /**
   * Name of the replication role, as the destination's 'sources' say it.
   * @default 's3-replication'
   */
  roleName?: string;
  /**
   * Path of the replication role, as the destination's 'sources' say it.
   * @default '/'
   */
  rolePath?: string;
  /**
   * Key ARNs of other KMS keys that objects of the source bucket are encrypted under, in its Region.
   * @default none: objects under other keys fail to replicate
   */
  additionalSourceKeyArns?: pulumi.Input<string>[];
  /**
   * How failed and late replication is noticed.
   * @default failures into a queue, and alarms
   */
  monitoring?: MonitoringArgs;
}

/** Where replicas go. */
export interface DestinationBucket {
  /** Account of the destination bucket. */
  accountId: string;
  /** Region of the destination bucket. */
  region: string;
  /** ARN of the destination bucket. */
  bucketArn: string;
}

/**
 * The sending side of S3 replication: a versioned, encrypted, private bucket, a replication role that may do exactly
 * what the rules need, and the replication configuration.
 */
export class ReplicationSource extends pulumi.ComponentResource {
  /** Name of the source bucket. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the source bucket. */
  public readonly bucketArn: pulumi.Output<string>;
  /** Key ARN that the source bucket encrypts under; undefined with SSE-S3. */
  public readonly keyArn: pulumi.Output<string | undefined>;
  /** ARN of the replication role. */
  public readonly roleArn: pulumi.Output<string>;
  /** Ids of the rules. */
  public readonly ruleIds: pulumi.Output<string[]>;
  /** The bucket of each destination, by the destination's name. */
  public readonly destinationBuckets: pulumi.Output<Record<string, DestinationBucket>>;
  /** URL of the SQS queue that holds an event for every object that failed; undefined where there is none. */
  public readonly failureQueueUrl: pulumi.Output<string | undefined>;

  /**
   * @param name Name of the component; its resources are called '<name>-bucket' and so on.
   * @param args What to make.
   * @param opts Give the provider of the source's account here.
   * @throws RunError that lists every mistake in plain arguments, before anything is registered.
   */
  constructor(name: string, args: ReplicationSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("s3-replication:index:ReplicationSource", name, validated(name, args), opts);
    const plan = planSource(`ReplicationSource '${name}'`, args);
    const identity = callerIsIn(args.accountId, plan.subject, this);
    const contracts = Object.entries(args.destinations).map(([destination, reference]) =>
      fittingContract(name, plan, destination, reference, this),
    );
    const destinations = pulumi.all(contracts.map((contract) => contract.terms)).apply(
      readable((terms) => {
        assertRoleFits(plan, terms);
        return terms;
      }),
    );
    const replicaKeys = pulumi.all(contracts.map((contract) => contract.keyArn));
    // Every resource waits for the checks, so that a mistake is said once, and nothing is made before it is mended.
    const checked = pulumi.all([identity, destinations]).apply((): pulumi.Resource[] => []);
    const waiting = (...resources: pulumi.Resource[]) => ({
      parent: this,
      dependsOn: after(checked, ...resources),
    });

    const { bucket, keyArn, guards, guardedName } = secureBucket(
      name,
      args,
      { bucket: sourceBucketPolicy(plan.bucketArn), key: sourceKeyPolicy(args.accountId, args.region) },
      waiting(),
    );
    const sourceKeys = pulumi.all([
      ...(keyArn === undefined ? [] : [keyArn]),
      ...(args.additionalSourceKeyArns ?? []),
    ]);

    const role = new Role(
      `${name}-role`,
      {
        name: plan.roleName,
        path: plan.rolePath,
        description: `S3 replicates objects of ${args.bucketName} as this role`,
        assumeRolePolicy: JSON.stringify(trustPolicy()),
        tags: args.tags,
      },
      waiting(),
    );
    // Built from plain arguments, so that previews and policy packs see it before the role exists.
    const roleArn = role.name.apply(() => plan.roleArn);
    // Two policies: that for S3 is known in the first preview, that for KMS only when the keys are.
    const s3Policy = new RolePolicy(
      `${name}-role-s3`,
      {
        name: "s3",
        role: role.name,
        policy: destinations.apply((terms) => JSON.stringify(roleS3Policy(roleGrants(plan, terms, [], [])))),
      },
      waiting(),
    );
    const keyPolicies = usesKeys(plan)
      ? [
          new RolePolicy(
            `${name}-role-kms`,
            {
              name: "kms",
              role: role.name,
              policy: pulumi
                .all([destinations, replicaKeys, sourceKeys])
                .apply(([terms, replicaKeyArns, sourceKeyArns]) =>
                  JSON.stringify(roleKeyPolicy(roleGrants(plan, terms, replicaKeyArns, sourceKeyArns))),
                ),
            },
            waiting(),
          ),
        ]
      : [];

    const destinationOf = (rule: ResolvedRule) =>
      destinations.apply((terms) => ofDestination(plan, terms, rule).bucketArn);
    const failureQueueUrl = monitoring(
      name,
      args.monitoring ?? {},
      { ...plan, bucketName: bucket.bucket, destinationOf, tags: args.tags },
      waiting(),
    );

    new BucketReplicationConfig(
      `${name}-replication`,
      {
        region: args.region,
        bucket: guardedName,
        role: roleArn,
        rules: destinations.apply((terms) =>
          plan.rules.map((rule) =>
            toPulumiRule(
              toReplicationRule(rule, args.accountId, ofDestination(plan, terms, rule)),
              rule.sseKmsEncryptedObjects
                ? (rule.replicaKmsKeyArn ?? replicaKeys.apply((keys) => ofDestination(plan, keys, rule)))
                : undefined,
            ),
          ),
        ),
      },
      // The rules mention none of these: S3 takes them only after versioning, and fails objects before the policies.
      waiting(...guards, s3Policy, ...keyPolicies),
    );

    this.bucketName = bucket.bucket;
    this.bucketArn = guardedName.apply(() => plan.bucketArn);
    this.keyArn = pulumi.output(keyArn);
    this.roleArn = roleArn;
    this.ruleIds = pulumi.output(plan.rules.map((rule) => rule.id));
    this.destinationBuckets = destinations.apply((terms) => destinationBuckets(plan, terms));
    this.failureQueueUrl = pulumi.output(failureQueueUrl);
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      keyArn: this.keyArn,
      roleArn: this.roleArn,
      ruleIds: this.ruleIds,
      destinationBuckets: this.destinationBuckets,
      failureQueueUrl: this.failureQueueUrl,
    });
  }
}

/** The arguments, once nothing is wrong with them that can be known beforehand. */
const validated = readable((name: string, args: ReplicationSourceArgs): ReplicationSourceArgs => {
  assertSourceArguments(`ReplicationSource '${name}'`, args);
  return args;
});

function destinationBuckets(
  plan: SourcePlan,
  terms: readonly DestinationTerms[],
): Record<string, DestinationBucket> {
  return Object.fromEntries(
    plan.destinationNames.flatMap((name, index) => {
      const known = terms[index];
      if (known === undefined) return [];
      const { accountId, region, bucketArn } = known;
      return [[name, { accountId, region, bucketArn }] as const];
    }),
  );
}
