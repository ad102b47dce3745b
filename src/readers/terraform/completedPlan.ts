/** Plans that are completed offline: what the plan does not know is taken from Terraform's own evaluation. */
import { dnsSuffixOfRegion, partitionOfRegion } from "../../naming/arn";
import { accountRootArnOf } from "../../naming/names";
import { InvalidInputError } from "../../input/problems";
import { uniqueId } from "../../naming/uniqueId";
import { listed } from "../../output/counts";
import { grouped } from "../../util/grouping";
import { camelCase } from "../awsProvider/attributes";
import type { AccountNames } from "../providerAccounts";
import { modulePath, nameFrom } from "./address";
import { isRedacted } from "./configuration";
import { hasSay, plannedValues, providerPlaces } from "./fromTerraform";
import { OfflineDirectory } from "./offlineApply";
import { offlineTool, OPENTOFU, SUBJECT } from "./offlineTool";
import { holdsTrue } from "./deferredDocument";
import { lookedUp } from "./lookedUp";
import { dataOverrides, moduleOverride, type Override, testFile } from "./offlineTest";
import type { PlannedValues } from "./plannedValues";
import { providerOf, providersOfEach, regionAt, saidRegion } from "./providers";
import { readProviderSchemas } from "./providerSchemas";
import { resourcesOfValues, type TerraformFile, type TerraformResource } from "./terraformFile";
import { withoutSecrets } from "./sensitive";
import { WholeOverrides } from "./wholeOverrides";

/** Attributes that follow from the name of a thing, its account and its Region; what is not here, Terraform makes up. */
const IDENTITY = ["arn", "id", "key_id", "bucket", "name", "target_key_arn", "region", "bucket_region"];
const NAMES = ["bucket", "name"];

/** Rounds until names that hang on generated values are the same everywhere. */
const MOST_ROUNDS = 2;

/**
 * @param directory Of the root module that the plan is of.
 * @throws InvalidInputError where it cannot be done: no Terraform, no initialised directory, provisioners.
 */
export async function completePlan(
  plan: TerraformFile,
  directory: string,
  accounts: AccountNames,
): Promise<TerraformFile> {
  assertNothingRuns(plan);
  assertNothingIsAsked(plan);
  assertNoInstances(plan);
  assertNothingIsRedacted(plan);
  const copy = new OfflineDirectory(directory);
  try {
    const tool = await offlineTool(directory);
    for (const [module, providers] of moduleProviders(plan)) {
      copy.override(modulePath(module), moduleOverride(providers));
    }
    const schemaOf = tool === OPENTOFU ? await readProviderSchemas(tool, directory) : undefined;
    let file = plan;
    let others: ReadonlyMap<string, Override["values"]> = new Map();
    let targets: readonly string[] = [];
    let leftOut: string | undefined;
    for (let round = 1; ; round += 1) {
      const whole = schemaOf === undefined ? undefined : new WholeOverrides(file.configuration, schemaOf);
      const apply = (only: readonly string[]) =>
        copy.apply(tool, testOf(file, accounts, others, whole, only));
      let state: unknown;
      try {
        state = await apply(targets);
      } catch (error) {
        // A condition or a provider may refuse what was made up, for something that replication does not hang on.
        const withSay = targets.length > 0 ? [] : addressesWithSay(file);
        if (!(error instanceof InvalidInputError) || withSay.length === 0) throw error;
        state = await apply(withSay).catch(() => Promise.reject(error));
        targets = withSay;
        leftOut = `what replication does not hang on was left out of it, as ${error.problems.join("; ")}`;
      }
      const values = (state as { values?: unknown }).values ?? state;
      const made = resourcesOfValues(values, `${tool.command} test`);
      const after = new Map(
        made.map(({ address, values: own }) => [address.text, whole?.restored(address.text, own) ?? own]),
      );
      const told = new Map(
        made.map(({ address: { text }, sensitive }) => [
          text,
          withoutSecrets(after.get(text), sensitive, text) as Override["values"],
        ]),
      );
      const outputs = outputsOf(values);
      const completed = {
        ...withValues(file, told, [...(whole?.notToldApart ?? [])], leftOut),
        outputs: whole === undefined ? outputs : (whole.opened(outputs) as typeof outputs),
      };
      if (round === MOST_ROUNDS || !hasNewNames(file, after)) return completed;
      file = withNames(completed);
      others = after;
    }
  } finally {
    copy.remove();
  }
}

/** Providers that modules configure by themselves, by the addresses of the modules; what has no arguments is passed. */
function moduleProviders({ configuration }: TerraformFile): Map<string, string[]> {
  const found = configuration.providerKeys().flatMap((key) => {
    const [, module = "", provider = ""] = /^(.+):(aws(?:\.[\w-]+)?)$/.exec(key) ?? [];
    const isConfigured = Object.keys(configuration.providerExpressions(key)).length > 0;
    return provider !== "" && isConfigured ? [{ module, provider }] : [];
  });
  const byModule = grouped(found, ({ module }) => module);
  return new Map([...byModule].map(([module, each]) => [module, each.map(({ provider }) => provider)]));
}

function outputsOf(values: unknown): Record<string, unknown> {
  const { outputs = {} } = values as { outputs?: Readonly<Record<string, { readonly value?: unknown }>> };
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** @throws InvalidInputError where a provider has instances, whose keys no plan tells. */
function assertNoInstances(plan: TerraformFile): void {
  const [provider] = providersOfEach(plan);
  if (provider === undefined) return;
  throw new InvalidInputError(SUBJECT, [
    `the provider '${provider}' has a for_each, and a plan does not tell the keys of its instances, which a test must have; give the state after the apply, as 'tofu state pull' prints it`,
  ]);
}

/** @throws InvalidInputError where the evaluation would take a text for a value that is not in the plan. */
function assertNothingIsRedacted({ variables }: TerraformFile): void {
  const redacted = Object.keys(variables).filter((name) => isRedacted(variables[name]));
  if (redacted.length === 0) return;
  throw new InvalidInputError(SUBJECT, [
    `the plan has no values of ${listed(redacted)}, which were taken out of it as sensitive ('REDACTED_SENSITIVE'), and nothing can be evaluated without them; give a plan that has them, or the state after the apply`,
  ]);
}

/** Ephemeral resources of these providers ask nobody. */
const ASKS_NOBODY = /(^|\.)ephemeral\.(random|tls)_\w+\.[^.]+$/;

/** @throws InvalidInputError where the configuration asks for something whenever it is evaluated. */
function assertNothingIsAsked({ configuration }: TerraformFile): void {
  const asking = configuration.ephemeral().filter((address) => !ASKS_NOBODY.test(address));
  if (asking.length > 0) {
    throw new InvalidInputError(SUBJECT, [
      `the configuration has ephemeral resources (${asking.slice(0, 5).join(", ")}), which no test overrides and which would be asked for here; give the state after the apply`,
    ]);
  }
}

/** @throws InvalidInputError where the configuration runs programs in an apply. */
function assertNothingRuns({ configuration }: TerraformFile): void {
  const running = configuration.provisioned();
  if (running.length > 0) {
    throw new InvalidInputError(SUBJECT, [
      `the configuration runs programs in an apply (provisioners of ${running
        .slice(0, 5)
        .map(({ address }) => address)
        .join(", ")}), and nothing but Terraform is run here; give the state after the apply`,
    ]);
  }
}

function addressesWithSay(file: TerraformFile): string[] {
  return file.resources
    .filter((resource) => !resource.address.isData && resource.fate !== "gone" && hasSay(resource))
    .map(({ address }) => address.text);
}

/** @param targets Addresses of what alone is applied, with what it refers to; empty for everything. */
function testOf(
  file: TerraformFile,
  accounts: AccountNames,
  others: ReadonlyMap<string, Override["values"]>,
  whole: WholeOverrides | undefined,
  targets: readonly string[],
): string {
  const places = providerPlaces(file, accounts);
  const values = plannedValues(file, places);
  const managed = file.resources.filter(({ address, fate }) => !address.isData && fate !== "gone");
  const resources = managed.map((resource): Override => {
    const { address, unknown, values: known } = resource;
    const marks = (unknown ?? {}) as Readonly<Record<string, unknown>>;
    // Names that the round before told count as known, and Terraform asks for them where the configuration says none.
    const isTold = IS_NAMED.test(address.type) && others.has(address.text);
    const isOpen = (name: string) => marks[name] === true || (isTold && NAMES.includes(name));
    const { id: ownId, outputs = {} } = values.mappedOf(resource) ?? {};
    // Names of AWS are made of the ids of other providers, and are short.
    const id = address.type.startsWith("aws_") ? ownId : uniqueId(address.text).slice(0, 8);
    const made: Record<string, unknown> = { id, ...generic(resource, places), ...dropped(outputs) };
    const own = IDENTITY.flatMap((name) => {
      const value = made[camelCase(name)];
      return isOpen(name) && typeof value === "string" && value !== "" ? [[name, value] as const] : [];
    });
    const before = address.type.startsWith("aws_") ? {} : (others.get(address.text) ?? {});
    const repeated = Object.entries(before).filter(([name, value]) => isOpen(name) && value !== null);
    // What a provider fills in while it plans, as the Region of a resource, nobody fills in here.
    const filledIn = Object.entries(known).filter(
      ([name, value]) => !holdsTrue(marks[name]) && isFlat(value),
    );
    return { resource, target: address.text, values: Object.fromEntries([...filledIn, ...repeated, ...own]) };
  });
  // Also those of which nothing is made: a resource whose count is zero starts its provider too.
  const root = [...places.keys(), ...file.configuration.providerKeys()].filter((key) =>
    /^aws(\.[\w-]+)?$/.test(key),
  );
  const regions = new Map(
    root.map((key) => [key, places.get(key)?.region ?? saidRegion(file, key) ?? "us-east-1"]),
  );
  // Modules take the default provider from the root where they are given none, also where the root does not write it.
  if (!regions.has("aws")) regions.set("aws", "us-east-1");
  const data = dataOverrides(file.resources, (resource) => answerOf(resource, values, places));
  const overrides = { resources: whole?.of(resources) ?? resources, data: whole?.of(data) ?? data };
  return testFile(regions, file.variables, overrides, targets);
}

type Places = ReturnType<typeof providerPlaces>;

/** The account and the Region of a resource, which may be another one than its provider's; empty where nobody knows. */
function placeOf(resource: TerraformResource, places: Places): { accountId: string; region: string } {
  const place = places.get(providerOf(resource));
  return { accountId: place?.accountId ?? "", region: regionAt(resource, place) ?? "" };
}

/** What a data source says that Terraform reads only in the apply, as where a module waits for another one. */
function answerOf(data: TerraformResource, values: PlannedValues, places: Places): Override["values"] {
  const { accountId, region } = placeOf(data, places);
  const partition = partitionOfRegion(region);
  switch (data.address.type) {
    case "aws_caller_identity":
      return { account_id: accountId, id: accountId, arn: accountRootArnOf(partition, accountId) };
    case "aws_region": {
      // It may be asked about another Region than its provider's, by its name.
      const name = typeof data.values.name === "string" ? data.values.name : region;
      if (name === "") throw regionAsked(data);
      return { name, id: name, region: name };
    }
    case "aws_partition":
      return { partition, id: partition, dns_suffix: dnsSuffixOfRegion(region) };
    default: {
      if (lookedUp(data.address.type) === undefined) return {};
      const { id, outputs = {} } = values.lookedUpBy(data) ?? {};
      return dropped({
        id,
        arn: outputs.arn ?? generic(data, places).arn,
        region: outputs.region,
        bucket_region: outputs.bucketRegion,
        ...(data.address.type === "aws_kms_alias" ? { target_key_arn: outputs.targetKeyArn ?? "" } : {}),
      });
    }
  }
}

/** Policies name the Region that a data source tells: with one that is made up, what they allow would be. */
function regionAsked(data: TerraformResource): InvalidInputError {
  return new InvalidInputError(SUBJECT, [
    `${data.address.text} tells the Region of the provider '${providerOf(data)}', which neither the configuration nor the plan says; write 'region' into the provider`,
  ]);
}

/** Whether a value is no block: overrides of what the configuration writes itself count for nothing. */
function isFlat(value: unknown): boolean {
  if (value === null) return false;
  return typeof value !== "object" || Object.values(value).every((inner) => typeof inner !== "object");
}

function dropped(outputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).filter(([, value]) => value !== "" && value !== undefined),
  );
}

/** An ARN and the Region of what has no say here: documents that name it stay documents. */
function generic(resource: TerraformResource, places: Places): Record<string, string> {
  const { address } = resource;
  const { accountId, region } = placeOf(resource, places);
  const [provider, service = "", ...kind] = address.type.split("_");
  if (provider !== "aws") return {};
  const name = nameFrom(address);
  const partition = partitionOfRegion(region);
  if (service === "iam") return { arn: `arn:${partition}:iam::${accountId}:${kind.join("-")}/${name}` };
  return { arn: `arn:${partition}:${service}:${region}:${accountId}:${name}`, region };
}

function withValues(
  file: TerraformFile,
  told: ReadonlyMap<string, Override["values"]>,
  notToldApart: readonly string[],
  leftOut: string | undefined,
): TerraformFile {
  return {
    ...file,
    assumptions: [
      ...(notToldApart.length === 0
        ? []
        : [
            `OpenTofu's tests do not tell the instances of ${notToldApart.join(", ")} apart: what is evaluated with their ARNs or ids stays unknown`,
          ]),
      `what ${file.subject} does not know was completed without AWS: ARNs out of names, accounts and Regions, made-up ids of keys, and whatever else AWS or a provider would make up as made-up texts; data sources answer what the plan read`,
      ...(leftOut === undefined ? [] : [leftOut]),
    ],
    resources: file.resources.map((resource) => {
      const completed = told.get(resource.address.text);
      return completed === undefined ? resource : { ...resource, completed };
    }),
  };
}

function openName({ address, unknown }: TerraformResource, file: TerraformFile): string | undefined {
  const marks = (unknown ?? {}) as Readonly<Record<string, unknown>>;
  const expressions = file.configuration.expressions(address) ?? {};
  return NAMES.find(
    (name) => marks[name] === true && Object.hasOwn(expressions, name) && IS_NAMED.test(address.type),
  );
}

/** Types whose name is their own. */
const IS_NAMED = /^aws_(s3_bucket|iam_role|iam_policy|kms_alias)$/;

function hasNewNames(
  file: TerraformFile,
  after: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): boolean {
  return file.resources.some((resource) => {
    const name = openName(resource, file);
    return name !== undefined && typeof after.get(resource.address.text)?.[name] === "string";
  });
}

/** Names as they were evaluated count as known from now on. */
function withNames(file: TerraformFile): TerraformFile {
  return {
    ...file,
    resources: file.resources.map((resource) => {
      const name = openName(resource, file);
      const value = name === undefined ? undefined : resource.completed?.[name];
      if (name === undefined || typeof value !== "string") return resource;
      return {
        ...resource,
        values: { ...resource.values, [name]: value },
        unknown: { ...(resource.unknown as object), [name]: false },
        isNameMadeUp: true,
      };
    }),
  };
}
