/** A bucket that exists already: the statements and notifications that a component adds to it. */
import * as pulumi from "@pulumi/pulumi";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import type { s3 } from "@pulumi/aws/types/input";
import { DEFAULTS } from "../replication/arguments/arguments";
import { presentPolicyOf } from "../replication/arguments/existingBuckets";
import type { PolicyJson } from "../replication/policies";
import type { BucketArgs, ReplicationBucket } from "./secureBucket";

/**
 * A bucket that exists already. The component neither makes nor imports it, and leaves its settings as they are. S3 takes
 * a versioned bucket only. What is said here is taken as it is said; a rehearsal leaves open what is not.
 */
export interface ExistingBucket {
  /**
   * Object Ownership of the bucket: 'BucketOwnerEnforced', 'BucketOwnerPreferred' or 'ObjectWriter'.
   * Default: not known.
   */
  objectOwnership?: string;
  /**
   * The bucket's present policy as JSON, or 'none'. A destination adds its statements to it and puts the whole; a source
   * puts no policy, and only rehearses with this one. Leave out the statements that the component added.
   * Default: not known, and left alone: the output 'requiredBucketPolicyStatements' of a destination says what to add.
   */
  policy?: string;
}

/** A source bucket that exists already. */
export interface ExistingSourceBucket extends ExistingBucket {
  /**
   * What the bucket notifies at present; an object with nothing in it where it notifies nobody. The failure queue is
   * added to it and the whole is put, because S3 keeps one notification configuration a bucket. Leave out what the
   * component added.
   * Default: not known, and left alone: there is no failure queue.
   */
  notification?: ExistingNotification;
}

/** The notification configuration that a bucket has at present, in the words of aws.s3.BucketNotification. */
export interface ExistingNotification {
  /**
   * Notifications to SQS queues.
   * Default: none.
   */
  queues?: s3.BucketNotificationQueue[];
  /**
   * Notifications to SNS topics.
   * Default: none.
   */
  topics?: s3.BucketNotificationTopic[];
  /**
   * Notifications to Lambda functions.
   * Default: none.
   */
  lambdaFunctions?: s3.BucketNotificationLambdaFunction[];
  /**
   * Whether all events go to Amazon EventBridge.
   * Default: false.
   */
  eventbridge?: boolean;
}

/**
 * What is added to a bucket that others made.
 * @param policy The whole policy to put; undefined where it is left alone.
 */
export function existingBucket(
  name: string,
  args: BucketArgs & { existingBucket?: ExistingBucket },
  policy: PolicyJson | undefined,
  { parent, dependsOn }: pulumi.CustomResourceOptions,
): ReplicationBucket {
  const { region, bucketName, encryption } = args;
  const guards =
    policy === undefined
      ? []
      : [
          new BucketPolicy(
            `${name}-policy`,
            { region, bucket: bucketName, policy: JSON.stringify(policy) },
            {
              parent,
              dependsOn,
              protect: args.protect ?? DEFAULTS.protect,
              // Others' statements are in it too: they stay when the component goes.
              retainOnDelete: (presentPolicyOf(args)?.Statement ?? []).length > 0,
            },
          ),
        ];
  return {
    bucketName: pulumi.output(bucketName),
    keyArn: encryption?.keyArn === undefined ? undefined : pulumi.output(encryption.keyArn),
    guards,
    guardedName: pulumi.all(guards.map((guard) => guard.bucket)).apply(() => bucketName),
  };
}
