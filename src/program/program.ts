/** The Pulumi program of this repository: the sides of one stack, as its configuration says. */
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/aws/provider";
import { ReplicationDestination } from "../components/replicationDestination";
import { ReplicationSource, type ReplicationSourceArgs } from "../components/replicationSource";
import { stackReference } from "../components/stackReference";
import { ReplicationWatch } from "../components/replicationWatch";
import { readNotification, readReplicationRules } from "../components/monitoring/readBucket";
import { readable } from "../components/userErrors";
import {
  parseStackConfiguration,
  type ProviderSettings,
  type SideConfiguration,
  type StackConfiguration,
  type WatchSettings,
} from "./config";

import type { BucketEncryption } from "../components/secureBucket";
import { algorithmOf, DEFAULTS } from "../replication/arguments/arguments";
import { asksForEvents, hasFailureQueue, hasGivenFailureTarget } from "../replication/arguments/watching";
import { planInventory, statementLeftToOwner } from "../replication/inventory";
import { bucketPolicyOf } from "../replication/arguments/existingBuckets";
import { InvalidInputError, show } from "../input/problems";
import { NAMESPACE } from "../naming/namespace";

type Outputs = Record<string, pulumi.Input<unknown>>;

/**
 * @returns The stack's outputs: those of its one part, or by the name of each part where it has several, with `contract`
 * of the destination beside them.
 */
async function program(): Promise<Outputs> {
  const configuration = readConfiguration();
  // Before anything is registered: the engine writes this stack's state from then on, and a file that is read half written
  // ends the update.
  const receivesOnly = await onlyReceivesYet(configuration);
  const destination = configuration.destination && newDestination(configuration.destination);
  const source =
    configuration.source && !receivesOnly
      ? newSource(configuration.source, configuration, destination?.component)
      : undefined;
  const watch = configuration.watch && (await newWatch(configuration.watch));
  const parts = Object.entries({ destination: destination?.outputs, source, watch }).filter(
    ([, outputs]) => outputs !== undefined,
  );
  const said = [configuration.destination, configuration.source, configuration.watch].filter(Boolean);
  if (said.length === 1) return parts[0]?.[1] ?? {};
  return {
    ...Object.fromEntries(parts),
    ...(destination === undefined ? {} : { contract: destination.outputs.contract }),
  };
}

/** Destination stack: bucket, key, and the contract that source stacks read. */
function newDestination({ provider, args }: NonNullable<StackConfiguration["destination"]>) {
  const component = new ReplicationDestination("destination", args, {
    provider: accountProvider("destination", args, provider),
  });
  const { accountId, region } = args;
  const { bucketName, bucketArn, keyArn, contract } = component;
  const { requiredKeyPolicyStatements, requiredBucketPolicyStatements, requiredInventoryPolicyStatement } =
    component;
  const outputs: Outputs = { accountId, region, bucketName, bucketArn, contract };
  if (algorithmOf(args) === "aws:kms") outputs.keyArn = keyArn;
  if (args.encryption?.keyArn !== undefined)
    outputs.requiredKeyPolicyStatements = requiredKeyPolicyStatements;
  if (bucketPolicyOf(args) === undefined)
    outputs.requiredBucketPolicyStatements = requiredBucketPolicyStatements;
  if (statementLeftToOwner(planInventory(args, "destination"), true) !== undefined)
    outputs.requiredInventoryPolicyStatement = requiredInventoryPolicyStatement;
  return { component, outputs };
}

/** Source stack: what people and the command line need to find the pair again. */
function newSource(
  { provider, args }: NonNullable<StackConfiguration["source"]>,
  { sameStackDestinations, sameBucket }: StackConfiguration,
  destination: ReplicationDestination | undefined,
): Outputs {
  const destinations = { ...args.destinations };
  for (const name of sameStackDestinations) destinations[name] = { contract: destination?.contract };
  const component = new ReplicationSource(
    "source",
    { ...args, destinations, ...(sameBucket ? { encryption: encryptionOf(args, destination) } : {}) },
    {
      provider: accountProvider("source", args, provider),
      dependsOn: sameBucket && destination !== undefined ? [destination] : [],
    },
  );
  const { accountId, region } = args;
  const { bucketName, bucketArn, roleArn, ruleIds, destinationBuckets, keyArn } = component;
  const { failureQueueUrl, requiredFailurePolicyStatement, batchReplicationRoleArn } = component;
  const outputs: Outputs = {
    accountId,
    region,
    bucketName,
    bucketArn,
    roleArn,
    ruleIds,
    destinationBuckets,
  };
  if (algorithmOf(args) === "aws:kms") outputs.keyArn = keyArn;
  if (hasFailureQueue(args)) outputs.failureQueueUrl = failureQueueUrl;
  if (hasGivenFailureTarget(args)) outputs.requiredFailurePolicyStatement = requiredFailurePolicyStatement;
  const { requiredKeyPolicyStatements, requiredRolePolicies } = component;
  if (hasGivenKeys(args)) outputs.requiredKeyPolicyStatements = requiredKeyPolicyStatements;
  if (args.existingRole !== undefined) outputs.requiredRolePolicies = requiredRolePolicies;
  if (args.batchReplication !== undefined) outputs.batchReplicationRoleArn = batchReplicationRoleArn;
  if (statementLeftToOwner(planInventory(args, "source"), args.existingBucket === undefined) !== undefined)
    outputs.requiredInventoryPolicyStatement = component.requiredInventoryPolicyStatement;
  return outputs;
}

/** A watch over a bucket of others. What its configuration leaves out is read from the bucket. */
async function newWatch({ provider: settings, args }: SideConfiguration<WatchSettings>): Promise<Outputs> {
  const { accountId, region, bucketName } = args;
  const provider = accountProvider("watch", args, settings);
  const rules = args.rules ?? (await readReplicationRules(bucketName, region, { provider }));
  if (rules.length === 0) nothingToWatch(bucketName);
  const notification =
    args.notification ??
    (asksForEvents(args.monitoring) ? await readNotification(bucketName, region, { provider }) : undefined);
  const all = { ...args, rules, notification };
  const { bucketArn, ruleIds, failureQueueUrl, requiredFailurePolicyStatement } = new ReplicationWatch(
    "watch",
    all,
    { provider },
  );
  const failures = { ...all, existingBucket: all };
  return {
    accountId,
    region,
    bucketName,
    bucketArn,
    ruleIds,
    ...(hasFailureQueue(failures) ? { failureQueueUrl } : {}),
    ...(hasGivenFailureTarget(failures) ? { requiredFailurePolicyStatement } : {}),
  };
}

const nothingToWatch = readable((bucketName: string): never => {
  throw new InvalidInputError(`stack '${pulumi.getStack()}'`, [
    `'watch.bucketName' must be a bucket with a replication configuration, got ${show(bucketName)}, which has none in the account of the stack's credentials; correct the name, or give its rules as 'watch.rules'`,
  ]);
});

function hasGivenKeys({ encryption, additionalSourceKeyArns, rules }: ReplicationSourceArgs): boolean {
  return (
    encryption?.keyArn !== undefined ||
    (additionalSourceKeyArns ?? []).length > 0 ||
    rules.some((rule) => rule.replicaKmsKeyArn !== undefined)
  );
}

/** The encryption of the bucket that the destination of the same stack receives into, with its key. */
function encryptionOf(
  { encryption }: ReplicationSourceArgs,
  destination: ReplicationDestination | undefined,
): BucketEncryption {
  const algorithm = algorithmOf({ encryption });
  const bucketKeyEnabled = encryption?.bucketKeyEnabled ?? DEFAULTS.bucketKeyEnabled;
  const keyArn = destination?.keyArn.apply((arn) => arn ?? "");
  return algorithm === "aws:kms" ? { algorithm, keyArn, bucketKeyEnabled } : { algorithm };
}

/**
 * Two stacks that replicate into each other need each other's contract. Where the other one has none yet, this one only
 * receives for now, and sends from its next update on. One that sends already never stops unasked.
 */
async function onlyReceivesYet({ source, sameBucket }: StackConfiguration): Promise<boolean> {
  if (source === undefined || !sameBucket) return false;
  const stacks = Object.values(source.args.destinations).flatMap(({ stack }) => stack ?? []);
  const waiting = [];
  for (const stack of stacks) if (!(await hasOutput(stack, "contract"))) waiting.push(`'${stack}'`);
  if (waiting.length === 0) return false;
  if (await hasOutput([pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/"), "source"))
    return false;
  void pulumi.log.warn(
    `there is no contract of stack ${waiting.join(", ")} yet, so this stack only receives: deploy that stack, then run 'pulumi up' here once more, and this one sends too`,
  );
  return true;
}

async function hasOutput(stack: string, name: string): Promise<boolean> {
  const reference = await stackReference(`stack '${pulumi.getStack()}'`, `${name} of ${stack}`, stack);
  const details = await reference.getOutputDetails(name);
  return details.value !== undefined || details.secretValue !== undefined;
}

/** One provider an account, which refuses credentials of any other account. */
function accountProvider(
  name: string,
  { accountId, region }: { accountId: string; region: string },
  { assumeRoleArn, assumeRoleExternalId, profile }: ProviderSettings,
): Provider {
  return new Provider(name, {
    region: region as NonNullable<ConstructorParameters<typeof Provider>[1]>["region"],
    allowedAccountIds: [accountId],
    profile,
    assumeRoles:
      assumeRoleArn === undefined
        ? undefined
        : [
            {
              roleArn: assumeRoleArn,
              externalId: assumeRoleExternalId && pulumi.secret(assumeRoleExternalId),
              sessionName: NAMESPACE,
            },
          ],
  });
}

const readConfiguration = readable((): StackConfiguration => {
  const prefix = `${NAMESPACE}:`;
  const values = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, text]) => [key.slice(prefix.length), parseValue(text)]);
  return parseStackConfiguration(
    Object.fromEntries(values) as Record<string, unknown>,
    `stack '${pulumi.getStack()}'`,
    // Under the engine the program runs in the directory of `main`, and this is the directory of Pulumi.yaml.
    pulumi.getRootDirectory() || process.cwd(),
  );
});

/** Structured configuration arrives as JSON; anything else is a text, which the checks then report. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export = program;
