/**
 * What a bucket replicates and notifies at present, asked through a provider. The functions came to @pulumi/aws after
 * 7.0.0, so they are called by their tokens: a program without a watch needs none of them.
 */
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../../input/problems";
import type { WatchedRule } from "../../replication/arguments/arguments";
import { FAILURE_NOTIFICATION_ID } from "../../replication/monitoring/monitoring";
import type { ExistingNotification } from "../existingBucket";
import { readable } from "../userErrors";

interface StatusBlock {
  readonly status?: string;
}

/** As far as it is looked into. @see https://www.pulumi.com/registry/packages/aws/api-docs/s3/getbucketreplicationconfiguration/ */
interface ReplicationAnswer {
  readonly rules: readonly {
    readonly id: string;
    readonly status: string;
    readonly destinations: readonly {
      readonly bucket: string;
      readonly metrics?: readonly StatusBlock[];
      readonly replicationTimes?: readonly StatusBlock[];
    }[];
  }[];
}

/** What the provider says of a bucket that is not there or has no replication configuration. */
const NOT_FOUND = /couldn't find resource|ReplicationConfigurationNotFound/;

/**
 * The rules of a bucket's replication configuration, as a ReplicationWatch takes them.
 * @param region Region of the bucket.
 * @param options Give the provider of the bucket's account here.
 * @returns None where the bucket has no replication configuration.
 * @throws RunError where the configuration cannot be read: who then watches nothing would take alarms away.
 */
export async function readReplicationRules(
  bucketName: string,
  region: string,
  options: pulumi.InvokeOptions,
): Promise<WatchedRule[]> {
  const subject = "replication configuration";
  const answer = await ask(
    "getBucketReplicationConfiguration",
    subject,
    "s3:GetReplicationConfiguration",
    bucketName,
    region,
    options,
  );
  const { rules = [] } = (answer ?? {}) as Partial<ReplicationAnswer>;
  return rules.flatMap(({ id, status, destinations: [destination] }) =>
    destination === undefined
      ? []
      : [
          {
            id,
            destinationBucketArn: destination.bucket,
            enabled: status === "Enabled",
            metrics: isEnabled(destination.metrics),
            replicationTimeControl: isEnabled(destination.replicationTimes),
          },
        ],
  );
}

/**
 * What a bucket notifies at present, as a ReplicationWatch takes it: without the notification that a watch adds itself.
 * @param region Region of the bucket.
 * @param options Give the provider of the bucket's account here.
 * @throws RunError where it cannot be read.
 */
export async function readNotification(
  bucketName: string,
  region: string,
  options: pulumi.InvokeOptions,
): Promise<ExistingNotification> {
  const answer = await ask(
    "getBucketNotification",
    "notification configuration",
    "s3:GetBucketNotification",
    bucketName,
    region,
    options,
  );
  const { queues, topics, lambdaFunctions, eventbridge } = (answer ?? {}) as ExistingNotification;
  return {
    ...others("queues", queues),
    ...others("topics", topics),
    ...others("lambdaFunctions", lambdaFunctions),
    ...(eventbridge === true ? { eventbridge } : {}),
  };
}

/** Others' notifications, as the resource of the provider takes them; nothing where there are none. */
function others<Kind extends "queues" | "topics" | "lambdaFunctions">(
  kind: Kind,
  notifications: ExistingNotification[Kind],
): ExistingNotification {
  const kept = (notifications ?? [])
    .filter(({ id }) => id !== FAILURE_NOTIFICATION_ID)
    // An empty text stands where a filter is not set.
    .map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== "")));
  return kept.length === 0 ? {} : { [kind]: kept };
}

const isEnabled = (blocks: readonly StatusBlock[] = []) => blocks.some(({ status }) => status === "Enabled");

/** @returns Undefined where what is asked for is not there. */
async function ask(
  name: string,
  what: string,
  action: string,
  bucket: string,
  region: string,
  options: pulumi.InvokeOptions,
): Promise<unknown> {
  const refused = readable((error: Error): undefined => {
    if (NOT_FOUND.test(error.message)) return undefined;
    throw new InvalidInputError(`bucket '${bucket}'`, [
      `its ${what} must be readable, and is not: ${error.message.replace(/^.*returned an error: /s, "").trim()}; the provider's credentials need ${action} on it, and the provider must be of a release that has aws.s3.${name}`,
    ]);
  });
  return pulumi.runtime
    .invoke(`aws:s3/${name}:${name}`, { bucket, region }, { async: true, ...options })
    .catch(refused);
}
