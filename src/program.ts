/** The Pulumi program of this repository: the sides of one stack, as its configuration says. */
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/aws/provider";
import { ReplicationDestination } from "./components/replicationDestination";
import { ReplicationSource, type ReplicationSourceArgs } from "./components/replicationSource";
import { readable } from "./components/userErrors";
import { NAMESPACE, parseStackConfiguration, type ProviderSettings, type StackConfiguration } from "./config";

import { algorithmOf } from "./replication/arguments";

type Outputs = Record<string, pulumi.Input<unknown>>;

/** @returns The stack's outputs: those of its one side, or `destination`, `source` and `contract` where it has both. */
function program(): Outputs {
  const configuration = readConfiguration();
  const destination = configuration.destination && newDestination(configuration.destination);
  const source =
    configuration.source && newSource(configuration.source, configuration, destination?.component);
  if (destination !== undefined && source !== undefined) {
    return { destination: destination.outputs, source, contract: destination.outputs.contract };
  }
  return destination?.outputs ?? source ?? {};
}

/** Destination stack: bucket, key, and the contract that source stacks read. */
function newDestination({ provider, args }: NonNullable<StackConfiguration["destination"]>) {
  const component = new ReplicationDestination("destination", args, {
    provider: accountProvider("destination", args, provider),
  });
  const { accountId, region } = args;
  const { bucketName, bucketArn, keyArn, contract, requiredKeyPolicyStatements } = component;
  const outputs: Outputs = { accountId, region, bucketName, bucketArn, contract };
  if (algorithmOf(args) === "aws:kms") outputs.keyArn = keyArn;
  if (args.encryption?.keyArn !== undefined)
    outputs.requiredKeyPolicyStatements = requiredKeyPolicyStatements;
  return { component, outputs };
}

/** Source stack: what people and the command line need to find the pair again. */
function newSource(
  { provider, args }: NonNullable<StackConfiguration["source"]>,
  { sameStackDestinations }: StackConfiguration,
  destination: ReplicationDestination | undefined,
): Outputs {
  const destinations = { ...args.destinations };
  for (const name of sameStackDestinations) destinations[name] = { contract: destination?.contract };
  const component = new ReplicationSource(
    "source",
    { ...args, destinations },
    { provider: accountProvider("source", args, provider) },
  );
  const { accountId, region } = args;
  const { bucketName, bucketArn, roleArn, ruleIds, destinationBuckets, keyArn, failureQueueUrl } = component;
  const { batchReplicationRoleArn } = component;
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
  if (args.batchReplication !== undefined) outputs.batchReplicationRoleArn = batchReplicationRoleArn;
  return outputs;
}

function hasFailureQueue({ monitoring, rules }: ReplicationSourceArgs): boolean {
  return (
    (monitoring?.failureQueue ?? true) &&
    rules.some((rule) => rule.enabled !== false && rule.metrics !== false)
  );
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
    // Under the engine the program runs in src/, and this is the directory of Pulumi.yaml.
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
