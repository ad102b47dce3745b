/** The component for the sending side. */
import * as pulumi from "@pulumi/pulumi";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig";
import type { BatchReplicationRole, ExistingRole, ReplicationRule } from "../replication/arguments/arguments";
import { hasFailureEvents, isWatched } from "../replication/arguments/watching";
import { bucketNameOf } from "../naming/names";
import {
  assertSourceArguments,
  type DestinationTerms,
  ofDestination,
  planSource,
  roleGrants,
  type SourcePlan,
  usesKeys,
} from "../replication/plan";
import { planInventory } from "../replication/inventory";
import { roleKeyPolicy, roleS3Policy, sourceBucketPolicy, sourceKeyPolicy } from "../replication/policies";
import { requiredKeyStatements, requiredRolePolicies } from "../replication/requiredOfOwners";
import { toReplicationRule } from "../replication/rules";
import { batchReplication } from "./batchReplication";
import { callerIsIn } from "./callerIdentity";
import { fittingContracts, type ReplicationDestinationReference } from "./destinationContract";
import { existingBucket, type ExistingSourceBucket } from "./existingBucket";
import { inventory, requiredInventoryStatement } from "./inventory";
import { sayCoveredRules } from "./coveredRules";
import { sayLeftToOwners } from "./leftToOwners";
import { assertMadeOnce } from "./monitoring/madeOnce";
import { monitoring } from "./monitoring/monitoring";
import { replicationRole } from "./replicationRole";
import { toPulumiRule } from "./pulumiRule";
import { type BucketArgs, secureBucket } from "./secureBucket";
import { readable } from "./userErrors";
import { waitingFor } from "./waiting";
import type { ReplicationMonitoring } from "./monitoring/arguments";

/** Arguments of a ReplicationSource. */
export interface ReplicationSourceArgs extends BucketArgs {
  /**
   * What the source bucket is like, where it exists already.
   * Default: the bucket is made.
   */
  existingBucket?: ExistingSourceBucket;
  /** The destinations by a name of your own, which rules refer to. */
  destinations: Record<string, ReplicationDestinationReference>;
  /** What is replicated where; the first rule that takes an object decides at each destination. */
  rules: ReplicationRule[];
  /**
   * Name of the replication role, the same as in the destination's 'sources'.
   * Default: 's3-replication'.
   */
  roleName?: string;
  /**
   * Path of the replication role, the same as in the destination's 'sources'.
   * Default: '/'.
   */
  rolePath?: string;
  /**
   * Says that the replication role exists already, and what the component puts on it.
   * Default: the role is made.
   */
  existingRole?: ExistingRole;
  /**
   * Id of the organization, 'o-...', that the account is in, where a destination lets an organization in. A destination
   * that lets another one in stops the preview.
   * Default: not known; AWS decides, and a rehearsal leaves open what asks for it.
   */
  organizationId?: string;
  /**
   * Place of the account in that organization, for example 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/'.
   * Default: not known.
   */
  organizationPath?: string;
  /**
   * Key ARNs of other KMS keys that objects of the source bucket are encrypted under, in its Region.
   * Default: none: objects under other keys fail to replicate.
   */
  additionalSourceKeyArns?: pulumi.Input<string>[];
  /**
   * How failed and late replication is noticed.
   * Default: failures into a queue, and alarms; on an existing bucket whose notification is not known alarms only.
   */
  monitoring?: ReplicationMonitoring;
  /**
   * A role for S3 Batch Replication jobs, which replicate the objects that were there before the rules.
   * Default: no such role.
   */
  batchReplication?: BatchReplicationRole;
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
 * what the rules need, and the replication configuration. Bucket, keys and role may exist already.
 */
export class ReplicationSource extends pulumi.ComponentResource {
  /** Name of the source bucket. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the source bucket. */
  public readonly bucketArn: pulumi.Output<string>;
  /** ARN of the KMS key that the source bucket encrypts under; none with SSE-S3. */
  public readonly keyArn: pulumi.Output<string | undefined>;
  /** ARN of the replication role. */
  public readonly roleArn: pulumi.Output<string>;
  /** Ids of the rules, in their order. */
  public readonly ruleIds: pulumi.Output<string[]>;
  /** Account, Region and ARN of each destination's bucket, by the name of the destination. */
  public readonly destinationBuckets: pulumi.Output<Record<string, DestinationBucket>>;
  /** URL of the SQS queue that holds an event for every object that failed; none where there is no queue. */
  public readonly failureQueueUrl: pulumi.Output<string | undefined>;
  /** Statement, as JSON, that the policy of a given 'failureQueueArn' or 'failureTopicArn' must have; none without them. */
  public readonly requiredFailurePolicyStatement: pulumi.Output<string | undefined>;
  /**
   * Statements, as JSON, that the key policies of given keys must hold, by key ARN. A source key that leaves itself to
   * the IAM policies of its account holds what it needs already.
   */
  public readonly requiredKeyPolicyStatements: pulumi.Output<Record<string, string>>;
  /** Documents, as JSON, that an existing role must have and the component does not put: 'trust', 's3' and 'kms'. */
  public readonly requiredRolePolicies: pulumi.Output<Record<string, string>>;
  /** ARN of the role of S3 Batch Replication jobs; none where no such role is asked for. */
  public readonly batchReplicationRoleArn: pulumi.Output<string | undefined>;
  /**
   * Statement, as JSON, that the policy of the bucket for the inventory must have; none where the component puts it, and
   * without an inventory.
   */
  public readonly requiredInventoryPolicyStatement: pulumi.Output<string | undefined>;

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
    const { terms: destinations, keyArns: replicaKeys } = fittingContracts(
      name,
      plan,
      args.destinations,
      this,
    );
    const waiting = waitingFor(
      opts?.dependsOn,
      identity.apply(() => destinations),
    );
    const waits = (...resources: pulumi.Resource[]) => ({
      parent: this,
      dependsOn: [...waiting, ...resources],
    });

    const lists = planInventory(args, "source");
    const { bucketName, keyArn, guards, guardedName } =
      args.existingBucket === undefined
        ? secureBucket(
            name,
            args,
            {
              bucket: sourceBucketPolicy(
                plan.bucketArn,
                lists?.isOwnBucket === true ? lists.statement : undefined,
              ),
              key: sourceKeyPolicy(args.accountId, args.region),
            },
            waits(),
          )
        : existingBucket(name, args, undefined, waits());
    const additionalKeys = args.additionalSourceKeyArns ?? [];
    const sourceKeys = [...(keyArn === undefined ? [] : [keyArn]), ...additionalKeys];
    const givenKeys = [
      ...(args.encryption?.keyArn === undefined ? [] : [args.encryption.keyArn]),
      ...additionalKeys,
    ];
    const grants = pulumi
      .all([destinations, replicaKeys, sourceKeys])
      .apply(([terms, replicaKeyArns, sourceKeyArns]) =>
        roleGrants(plan, terms, replicaKeyArns, sourceKeyArns),
      );

    const { roleArn, policies } = replicationRole(
      name,
      plan,
      args,
      {
        s3: destinations.apply((terms) => JSON.stringify(roleS3Policy(roleGrants(plan, terms, [], [])))),
        kms: usesKeys(plan) ? grants.apply((known) => JSON.stringify(roleKeyPolicy(known))) : undefined,
      },
      waits(),
    );

    if (args.existingRole !== undefined)
      sayLeftToOwners(plan.subject, [{ output: "requiredRolePolicies", policy: `role '${plan.roleArn}'` }]);

    const failures = monitoring(
      name,
      args.monitoring ?? {},
      {
        ...plan,
        rules: plan.rules.filter(isWatched),
        bucketName,
        destinationBuckets: destinations.apply((terms) => bucketNames(plan, terms)),
        hasFailureEvents: hasFailureEvents(args),
        notification: args.existingBucket?.notification,
        tags: args.tags,
      },
      waits(),
    );

    new BucketReplicationConfig(
      `${name}-replication`,
      {
        region: args.region,
        bucket: guardedName,
        role: roleArn,
        rules: destinations.apply((terms) => {
          const rules = plan.rules.map((rule) => ({
            rule,
            written: toReplicationRule(rule, args.accountId, ofDestination(plan, terms, rule)),
          }));
          sayCoveredRules(
            plan.subject,
            rules.map(({ written }) => written),
          );
          return rules.map(({ rule, written }) =>
            toPulumiRule(
              written,
              rule.sseKmsEncryptedObjects
                ? (rule.replicaKmsKeyArn ?? replicaKeys.apply((keys) => ofDestination(plan, keys, rule)))
                : undefined,
            ),
          );
        }),
      },
      // The rules mention none of these: S3 takes them only after versioning, and fails objects before the policies.
      waits(...guards, ...policies),
    );

    if (lists !== undefined) inventory(name, args.region, guardedName, lists, waits());

    this.bucketName = bucketName;
    this.bucketArn = guardedName.apply(() => plan.bucketArn);
    this.keyArn = keyArn ?? pulumi.output(undefined);
    this.roleArn = roleArn;
    this.ruleIds = pulumi.output(plan.rules.map((rule) => rule.id));
    this.destinationBuckets = destinations.apply((terms) => destinationBuckets(plan, terms));
    this.failureQueueUrl = failures.queueUrl ?? pulumi.output(undefined);
    this.requiredFailurePolicyStatement = pulumi.output(failures.requiredPolicyStatement);
    this.requiredKeyPolicyStatements = pulumi
      .all([destinations, givenKeys])
      .apply(([terms, keyArns]) => requiredKeyStatements(plan, terms, keyArns));
    const { existingRole } = args;
    this.requiredRolePolicies =
      existingRole === undefined
        ? pulumi.output<Record<string, string>>({})
        : grants.apply((known) => requiredRolePolicies(known, existingRole));
    this.requiredInventoryPolicyStatement = requiredInventoryStatement(
      plan.subject,
      lists,
      args.existingBucket === undefined,
    );
    this.batchReplicationRoleArn = pulumi.output(batchReplication(name, args, plan, waits()));
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      keyArn: this.keyArn,
      roleArn: this.roleArn,
      ruleIds: this.ruleIds,
      destinationBuckets: this.destinationBuckets,
      failureQueueUrl: this.failureQueueUrl,
      requiredFailurePolicyStatement: this.requiredFailurePolicyStatement,
      requiredKeyPolicyStatements: this.requiredKeyPolicyStatements,
      requiredRolePolicies: this.requiredRolePolicies,
      batchReplicationRoleArn: this.batchReplicationRoleArn,
      requiredInventoryPolicyStatement: this.requiredInventoryPolicyStatement,
    });
  }
}

/** The arguments, once nothing is wrong with them that can be known beforehand. */
const validated = readable((name: string, args: ReplicationSourceArgs): ReplicationSourceArgs => {
  const subject = `ReplicationSource '${name}'`;
  assertSourceArguments(subject, args);
  assertMadeOnce(subject, args);
  return args;
});

/** Names of the destination buckets, by the destinations' names. */
function bucketNames(plan: SourcePlan, terms: readonly DestinationTerms[]): Record<string, string> {
  const buckets = Object.entries(destinationBuckets(plan, terms));
  return Object.fromEntries(buckets.map(([name, { bucketArn }]) => [name, bucketNameOf(bucketArn)]));
}

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
