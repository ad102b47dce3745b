/** The component that watches a bucket which somebody else made and replicates. */
import * as pulumi from "@pulumi/pulumi";
import type { WatchedRule } from "../replication/arguments/arguments";
import { hasFailureEvents, isWatched } from "../replication/arguments/watching";
import { assertNoProblems } from "../replication/arguments/argumentProblems";
import { watchProblems } from "../replication/arguments/monitoringProblems";
import { partitionOfRegion } from "../naming/arn";
import { bucketArnOf, bucketNameOf } from "../naming/names";
import { callerIsIn } from "./callerIdentity";
import type { ExistingNotification } from "./existingBucket";
import type { ReplicationMonitoring } from "./monitoring/arguments";
import { assertMadeOnce } from "./monitoring/madeOnce";
import { monitoring } from "./monitoring/monitoring";
import { readable, warn } from "./userErrors";
import { waitingFor } from "./waiting";

/** Arguments of a ReplicationWatch. */
export interface ReplicationWatchArgs {
  /** AWS account of the bucket, 12 digits as a text; checked against the caller's identity. */
  accountId: string;
  /** Region of the bucket, for example 'eu-west-1'. */
  region: string;
  /** Name of the source bucket. */
  bucketName: string;
  /** The rules of the bucket's replication configuration. */
  rules: WatchedRule[];
  /**
   * What the bucket notifies at present; an object with nothing in it where it notifies nobody. The failure queue is
   * added to it and the whole is put, because S3 keeps one notification configuration a bucket. Leave out what the
   * component added.
   * Default: not known, and left alone: there is no failure queue.
   */
  notification?: ExistingNotification;
  /**
   * How failed and late replication is noticed.
   * Default: alarms, and failures into a queue where 'notification' is given.
   */
  monitoring?: ReplicationMonitoring;
  /**
   * Tags of the alarms and the queue.
   * Default: none.
   */
  tags?: Record<string, string>;
}

/**
 * Watches a bucket that replicates already, whoever made it: alarms on its rules, events of failed objects in a queue
 * or topic, and a dashboard. The bucket, its rules and its role stay as they are.
 */
export class ReplicationWatch extends pulumi.ComponentResource {
  /** ARN of the bucket. */
  public readonly bucketArn: pulumi.Output<string>;
  /** Ids of the rules that are watched: those that are on and have metrics. */
  public readonly ruleIds: pulumi.Output<string[]>;
  /** URL of the SQS queue that holds an event for every object that failed; none where there is no queue. */
  public readonly failureQueueUrl: pulumi.Output<string | undefined>;
  /** Statement, as JSON, that the policy of a given 'failureQueueArn' or 'failureTopicArn' must have; none without them. */
  public readonly requiredFailurePolicyStatement: pulumi.Output<string | undefined>;

  /**
   * @param name Name of the component; its resources are called '<name>-notification' and so on.
   * @param args What to watch.
   * @param opts Give the provider of the bucket's account here.
   * @throws RunError that lists every mistake in plain arguments, before anything is registered.
   */
  constructor(name: string, args: ReplicationWatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("s3-replication:index:ReplicationWatch", name, validated(name, args), opts);
    const subject = `ReplicationWatch '${name}'`;
    const { accountId, region, bucketName } = args;
    const bucketArn = bucketArnOf(partitionOfRegion(region), bucketName);
    const rules = args.rules.filter(isWatched);
    sayNotSeen(subject, args.rules);
    const failures = monitoring(
      name,
      args.monitoring ?? {},
      {
        subject,
        bucketName: pulumi.output(bucketName),
        bucketArn,
        accountId,
        region,
        rules: rules.map(({ id, destinationBucketArn, replicationTimeControl = false }) => ({
          id,
          destination: bucketNameOf(destinationBucketArn),
          replicationTimeControl,
        })),
        hasFailureEvents: hasFailureEvents({ ...args, existingBucket: args }),
        notification: args.notification,
        destinationBuckets: pulumi.output(destinationsOf(rules)),
        tags: args.tags,
      },
      { parent: this, dependsOn: waitingFor(opts?.dependsOn, callerIsIn(accountId, subject, this)) },
    );
    this.bucketArn = pulumi.output(bucketArn);
    this.ruleIds = pulumi.output(rules.map(({ id }) => id));
    this.failureQueueUrl = failures.queueUrl ?? pulumi.output(undefined);
    this.requiredFailurePolicyStatement = pulumi.output(failures.requiredPolicyStatement);
    this.registerOutputs({
      bucketArn: this.bucketArn,
      ruleIds: this.ruleIds,
      failureQueueUrl: this.failureQueueUrl,
      requiredFailurePolicyStatement: this.requiredFailurePolicyStatement,
    });
  }
}

/** The arguments, once nothing is wrong with them. */
const validated = readable((name: string, args: ReplicationWatchArgs): ReplicationWatchArgs => {
  const subject = `ReplicationWatch '${name}'`;
  assertNoProblems(subject, watchProblems(args));
  assertMadeOnce(subject, { ...args, existingBucket: args });
  return args;
});

/** Destinations go by the names of their buckets. */
function destinationsOf(rules: readonly WatchedRule[]): Record<string, string> {
  const names = rules.map(({ destinationBucketArn }) => bucketNameOf(destinationBucketArn));
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** Rules that are on, and that nothing here can see: somebody else keeps them, so an error would help nobody. */
function sayNotSeen(subject: string, rules: readonly WatchedRule[]): void {
  const unseen = rules.filter(({ enabled, metrics }) => enabled !== false && metrics === false);
  if (unseen.length === 0) return;
  const ids = unseen.map(({ id }) => `'${id}'`).join(", ");
  void warn(
    `${subject} cannot see rule ${ids}: S3 sends neither metrics nor events for a rule without replication metrics; turn them on where the rules are kept (Metrics: {Status: Enabled} in the rule's Destination)`,
  );
}
