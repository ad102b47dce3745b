/** Makes a snapshot of the resources of stacks, whether they were read from a state or from a preview. */
import { parseArn } from "../../naming/arn";
import { InvalidInputError } from "../../input/problems";
import { noteBatchJobs } from "../batchJobs";
import { noteIntents, noteOrganizations } from "../intents";
import { accountIsMissing, type AccountNames, accountOfProvider, defaultProvider } from "../providerAccounts";
import { applyResource, componentOf, hasSay, needsRegion } from "../awsProvider/pulumi";
import { DEPLOYED_ACCOUNTS, finishCalls } from "../../resources/resources";
import { emptySnapshot } from "../../snapshot/snapshot";
import { nameInUrn, type StackFile, type StackResource } from "./writtenResources";
import { seeThroughComponents } from "./ownComponents";
import { type Known, withReferences } from "./stackReferences";
import type { ProgramRun, RegisteredResource } from "../programRun";

/** Since then S3 gives a new bucket no ACLs and a block of public access, in every Region. */
const NEW_BUCKET_DEFAULTS = Date.parse("2023-05-01");

const PROVIDER = "pulumi:providers:aws";

/**
 * @param accounts Accounts of providers and stacks that do not say theirs.
 * @throws InvalidInputError where an account or a Region is not known.
 */
export function snapshotOfStacks(stacks: readonly StackFile[], accounts: AccountNames = {}): ProgramRun {
  const snapshot = emptySnapshot();
  const known: Known = new Map();
  const problems: string[] = [];
  const placed = seeThroughComponents(stacks).map((file) => ({
    file,
    resources: place(file, accounts, problems),
  }));
  if (problems.length > 0) {
    throw new InvalidInputError(stacks.map(({ subject }) => subject).join(", "), [...new Set(problems)]);
  }
  const inOrder = placed
    .flatMap(({ resources }) => resources)
    .filter(({ resource }) => hasSay(resource.type))
    .sort((left, right) => rank(left.resource) - rank(right.resource));
  for (const { resource, accountId, region } of inOrder) {
    const { type, name, urn, deployed } = resource;
    const { id, outputs } = applyResource(
      snapshot,
      {
        type,
        name,
        inputs: withReferences(resource, known),
        accountId,
        region,
        place: { tool: "pulumi", address: urn },
        ...(deployed === undefined
          ? {}
          : { deployed: { ...deployed, old: !((deployed.created ?? 0) >= NEW_BUCKET_DEFAULTS) } }),
      },
      DEPLOYED_ACCOUNTS,
    );
    known.set(urn, { id, arn: outputs.arn ?? deployed?.outputs.arn });
  }
  finishCalls(snapshot, DEPLOYED_ACCOUNTS);
  const runs = placed.map(({ file, resources }) => ({
    name: file.stack,
    resources: resources.map(({ resource, accountId, region }): RegisteredResource => ({
      type: resource.type,
      name: resource.name,
      accountId,
      region,
      inputs: resource.inputs,
    })),
    outputs: {},
  }));
  const resources = runs.flatMap((run) => run.resources);
  noteBatchJobs(snapshot, resources);
  noteIntents(snapshot, resources);
  noteOrganizations(snapshot, resources);
  return { snapshot, stacks: runs };
}

interface PlacedResource {
  readonly resource: StackResource;
  readonly accountId: string;
  readonly region: string;
}

/** The AWS resources of a stack, each with its account and Region. */
function place(file: StackFile, accounts: AccountNames, problems: string[]): PlacedResource[] {
  const providers = new Map(
    file.resources.filter(({ type }) => type === PROVIDER).map((provider) => [provider.urn, provider.inputs]),
  );
  const aws = file.resources.filter(({ type }) => type.startsWith("aws:"));
  const components = file.resources.filter(({ type }) => hasSay(type) && !type.startsWith("aws:"));
  const accountIds = new Map<string | undefined, string | undefined>();
  const ofAws = aws.flatMap((resource) => {
    const { provider } = resource;
    const settings =
      (provider === undefined ? undefined : providers.get(provider)) ?? defaultProvider(file.config);
    if (!accountIds.has(provider)) {
      const own = aws.filter((other) => other.provider === provider);
      accountIds.set(provider, accountOf(file, provider, settings, own, accounts));
    }
    const accountId = accountIds.get(provider);
    const region = regionOf(resource, settings);
    if (accountId === undefined) {
      const name = provider === undefined ? undefined : nameInUrn(provider);
      if (hasSay(resource.type))
        problems.push(accountIsMissing(isDefault(name) ? undefined : name, file.stack));
      return [];
    }
    if (region === "" && needsRegion(resource.type)) {
      problems.push(
        `${resource.type} '${resource.name}' of stack '${file.stack}' does not say its Region, and neither does its provider; set 'aws:region' in the stack's configuration`,
      );
    }
    return [{ resource, accountId, region }];
  });
  return [
    ...ofAws,
    ...components.flatMap((resource) => {
      const { accountId, region } = componentOf(resource, resource.inputs);
      return accountId === "" || region === "" ? [] : [{ resource, accountId, region }];
    }),
  ];
}

function accountOf(
  file: StackFile,
  provider: string | undefined,
  settings: Readonly<Record<string, unknown>>,
  own: readonly StackResource[],
  accounts: AccountNames,
): string | undefined {
  const name = provider === undefined ? undefined : nameInUrn(provider);
  const said = isDefault(name) ? accounts[file.stack] : name === undefined ? undefined : accounts[name];
  return said ?? accountOfProvider(settings) ?? accountOfArns(own) ?? accounts[""];
}

/** Providers that Pulumi makes itself are called by the version of their plugin. */
function isDefault(name: string | undefined): boolean {
  return name === undefined || /^default(_|$)/.test(name);
}

/** The one account that all ARNs of a provider's resources name. */
function accountOfArns(resources: readonly StackResource[]): string | undefined {
  const ids = new Set(
    resources.flatMap(({ deployed }) => {
      const arn = deployed?.external === true ? undefined : deployed?.outputs.arn;
      const accountId = typeof arn === "string" ? (parseArn(arn)?.accountId ?? "") : "";
      return /^\d{12}$/.test(accountId) ? [accountId] : [];
    }),
  );
  return ids.size === 1 ? [...ids][0] : undefined;
}

function regionOf({ inputs, deployed }: StackResource, provider: Readonly<Record<string, unknown>>): string {
  const arn = deployed?.outputs.arn;
  const candidates = [
    inputs.region,
    deployed?.outputs.region,
    deployed?.outputs.bucketRegion,
    typeof arn === "string" ? parseArn(arn)?.region : undefined,
    provider.region,
  ];
  return candidates.find((region): region is string => typeof region === "string" && region !== "") ?? "";
}

const RANKS = { key: 0, alias: 1, role: 1, bucket: 2, rest: 3, component: 4 };

/** What others refer to comes first, across all stacks. */
function rank({ type }: Pick<StackResource, "type">): number {
  if (/^aws:kms\/\w*[kK]ey:/.test(type) || /^aws:(iam|organizations)\/policy:/.test(type)) return RANKS.key;
  if (type === "aws:kms/alias:Alias") return RANKS.alias;
  if (type === "aws:iam/role:Role") return RANKS.role;
  if (!type.startsWith("aws:")) return RANKS.component;
  return /^aws:s3\/bucket(V2)?:/.test(type) ? RANKS.bucket : RANKS.rest;
}
