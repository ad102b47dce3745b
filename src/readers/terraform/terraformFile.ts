/** Files of Terraform and OpenTofu: what `terraform show -json` prints of a plan or a state, and raw states. */
import * as v from "valibot";
import { type JsonLimits, readJsonFile, subjectOf } from "../../files/jsonFile";
import { fields } from "../../input/objectShapes";
import { InvalidInputError, show } from "../../input/problems";
import { quickLook } from "../../input/quickLook";
import { checkedAsIs } from "../../input/schemaProblems";
import { Configuration, type WrittenConfiguration } from "./configuration";
import { doubtsOfPlan } from "./planDoubts";
import { type Address, addressOf, type RelevantAttribute, relevantAttribute } from "./address";

/** Plans of thousands of resources have some tens of megabytes, most of them the configuration of modules. */
const TERRAFORM_LIMITS: JsonLimits = { megabytes: 100, values: 5_000_000 };

/** What is to become of a resource. `gone` is deleted; `deferred` is a data source that is read only by the apply. */
export type Fate = "planned" | "deployed" | "data" | "deferred" | "gone";

export interface TerraformResource {
  readonly address: Address;
  readonly fate: Fate;
  /** `aws`, `aws.replica`; undefined where the file does not say which one of the providers it is. */
  readonly provider: string | undefined;
  /** Values as the file has them, before anything is marked. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What is there before the plan; empty where nothing is. */
  readonly before: Readonly<Record<string, unknown>>;
  /** Mirrors the values: true where something is known only after the apply. */
  readonly unknown: unknown;
  /** Mirrors the values: true where something is sensitive. */
  readonly sensitive: unknown;
  /** Values after an offline apply. Left out: there was none. */
  readonly completed?: Readonly<Record<string, unknown>>;
  /** Whether the offline apply made its name of what is made up. Default: false. */
  readonly isNameMadeUp?: boolean;
}

export interface TerraformFile {
  /** What was read, for errors and reports: `--terraform plan.json`. */
  readonly subject: string;
  readonly file: string;
  readonly kind: "plan" | "state";
  readonly resources: readonly TerraformResource[];
  readonly configuration: Configuration;
  /** Values of the root module's variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Managed resources whose attributes what is planned hangs on, as far as the file tells. */
  readonly relevant?: readonly RelevantAttribute[];
  /** What of it is not the whole truth, a sentence each. */
  readonly doubts: readonly string[];
  /** What was made up to complete it, a sentence each. */
  readonly assumptions?: readonly string[];
  /** Outputs of the root module, where it was completed. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** @param file Path, or `-` for the standard input. @throws InvalidInputError when it is neither a plan nor a state. */
export async function readTerraformFile(file: string, option = "--terraform"): Promise<TerraformFile> {
  const value = await readJsonFile(option, file, TERRAFORM_LIMITS);
  return parseTerraform(value, subjectOf(option, file), file);
}

const object = v.record(v.string(), v.unknown(), "must be an object");
const list = <Item extends v.GenericSchema>(item: Item) =>
  v.optional(v.nullable(v.array(item, "must be a list")));
const name = v.string("must be a text");
const index = v.optional(v.nullable(v.union([v.string(), v.number()], "must be a key or a number")));

const CHANGE = fields(
  {
    address: name,
    module_address: v.optional(name),
    mode: v.optional(name),
    type: name,
    name,
    index,
    provider_name: v.optional(name),
    deposed: v.optional(name),
    change: fields(
      {
        actions: v.array(name, "must be a list of actions"),
        before: v.optional(v.nullable(object)),
        after: v.optional(v.nullable(object)),
        after_unknown: v.optional(v.unknown()),
        after_sensitive: v.optional(v.unknown()),
        before_sensitive: v.optional(v.unknown()),
      },
      "must be a change",
    ),
  },
  "must be a change of a resource",
);

const PLAN = fields(
  {
    format_version: name,
    errored: v.optional(v.boolean("must be true or false")),
    complete: v.optional(v.boolean("must be true or false")),
    resource_changes: list(CHANGE),
    deferred_changes: list(v.unknown()),
    relevant_attributes: list(
      fields({ resource: name, attribute: list(v.unknown()) }, "must name a resource"),
    ),
    prior_state: v.optional(v.nullable(object)),
    variables: v.optional(v.nullable(object)),
    configuration: v.optional(v.nullable(object)),
  },
  "must be a plan, as 'terraform show -json' prints it",
);

const isPlan = quickLook(PLAN);

const STATE_RESOURCE = fields(
  {
    mode: name,
    type: name,
    name,
    index,
    deposed_key: v.optional(name),
    values: v.optional(v.nullable(object)),
    sensitive_values: v.optional(v.unknown()),
  },
  "must be a resource",
);

const STATE_RESOURCES = v.array(STATE_RESOURCE);
const areStateResources = quickLook(STATE_RESOURCES);

const RAW_RESOURCE = fields(
  {
    module: v.optional(name),
    mode: name,
    type: name,
    name,
    provider: v.optional(name),
    instances: v.array(
      fields(
        {
          index_key: index,
          deposed: v.optional(name),
          instance_provider: v.optional(name),
          attributes: v.optional(v.nullable(object)),
          sensitive_attributes: list(v.unknown()),
        },
        "must be an instance",
      ),
      "must be a list of instances",
    ),
  },
  "must be a resource",
);

const RAW_STATE = fields(
  { version: v.number("must be a number"), resources: list(RAW_RESOURCE) },
  "must be a state, as 'terraform state pull' prints it",
);

const isRawState = quickLook(RAW_STATE);

const KINDS =
  "it must be what 'terraform show -json' prints of a plan or a state, or what 'terraform state pull' prints";

/** @param subject What is read, for errors. */
export function parseTerraform(value: unknown, subject: string, file: string): TerraformFile {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidInputError(subject, [KINDS]);
  }
  if ("encrypted_data" in value) {
    throw new InvalidInputError(subject, [
      "it is encrypted by OpenTofu; give what 'tofu show -json' or 'tofu state pull' prints, which is not",
    ]);
  }
  if ("lineage" in value || ("version" in value && "resources" in value)) {
    return parseRawState(value, subject, file);
  }
  if (!("format_version" in value)) throw new InvalidInputError(subject, [KINDS]);
  const { format_version: version } = value;
  if (typeof version !== "string" || !/^(0\.[12]|1\.\d+)$/.test(version)) {
    throw new InvalidInputError(subject, [
      `'format_version' must be 1.x, which Terraform 1.0 and later and OpenTofu write, got ${show(version)}`,
    ]);
  }
  if ("resource_changes" in value || "planned_values" in value || "configuration" in value) {
    return parsePlan(value, subject, file);
  }
  const resources = resourcesOfValues((value as { values?: unknown }).values, subject);
  return { subject, file, kind: "state", resources, ...NOTHING };
}

/** A state has no configuration. */
const NOTHING = { configuration: new Configuration(), variables: {}, doubts: [] };

function parsePlan(value: unknown, subject: string, file: string): TerraformFile {
  const plan = checkedAsIs(PLAN, isPlan, value, subject);
  if (plan.errored === true) {
    throw new InvalidInputError(subject, [
      "the plan stopped with an error ('errored' is true), so that it leaves resources out; mend the error and plan again",
    ]);
  }
  const configuration = new Configuration(
    plan.configuration as WrittenConfiguration | undefined,
    plan.variables ?? {},
  );
  const changes = (plan.resource_changes ?? []).flatMap((change) => {
    const resource = resourceOfChange(change, configuration);
    return resource === undefined ? [] : [resource];
  });
  const deferred = new Set(changes.flatMap(({ address }) => (address.isData ? [address.text] : [])));
  const prior = (plan.prior_state as { values?: unknown } | null | undefined)?.values;
  // A plan that says whether it is complete needs no look at what else is there.
  const there = resourcesOfValues(prior, subject, plan.complete === undefined ? undefined : "data");
  const read = there
    .filter(({ address }) => address.isData && !deferred.has(address.text))
    .map((resource) => ({ ...resource, provider: configuration.provider(resource.address) }));
  const variables = Object.fromEntries(
    Object.entries(plan.variables ?? {}).map(([called, variable]) => [
      called,
      (variable as { value?: unknown } | null)?.value ?? null,
    ]),
  );
  const doubts = doubtsOfPlan(plan, there, subject);
  const relevant = (plan.relevant_attributes ?? []).flatMap(({ resource, attribute }) =>
    relevantAttribute(resource, attribute?.[0]),
  );
  const resources = [...changes, ...read];
  return { subject, file, kind: "plan", resources, configuration, variables, relevant, doubts };
}

function resourceOfChange(
  written: v.InferOutput<typeof CHANGE>,
  configuration: Configuration,
): TerraformResource | undefined {
  const { module_address: module = "", mode, type, name: called, index: key, change, deposed } = written;
  // What is left of an earlier replacement goes. OpenTofu lists ephemeral resources too, which make nothing.
  if (deposed !== undefined || mode === "ephemeral") return undefined;
  const address = addressOf(module, mode === "data", type, called, key ?? undefined);
  const { actions, before, after } = change;
  const isMade = actions.includes("create");
  const isGone = actions.length === 1 && actions[0] === "delete";
  const isForgotten = actions.length === 1 && actions[0] === "forget";
  const fate: Fate = address.isData ? "deferred" : isGone ? "gone" : isMade ? "planned" : "deployed";
  return {
    address,
    fate,
    provider: configuration.provider(address),
    values: (isGone || isForgotten ? before : after) ?? {},
    before: (isMade ? undefined : before) ?? {},
    unknown: isGone || isForgotten ? {} : change.after_unknown,
    sensitive: isGone || isForgotten ? change.before_sensitive : change.after_sensitive,
  };
}

interface WrittenModule {
  readonly address?: unknown;
  readonly resources?: unknown;
  readonly child_modules?: unknown;
}

/** Resources of a tree of modules. @param only The mode that they have. Default: any. */
export function resourcesOfValues(values: unknown, subject: string, only?: "data"): TerraformResource[] {
  const found: TerraformResource[] = [];
  const walk = (module: WrittenModule | undefined) => {
    if (typeof module !== "object") return;
    const path = typeof module.address === "string" ? module.address : "";
    for (const written of checkedAsIs(STATE_RESOURCES, areStateResources, module.resources ?? [], subject)) {
      const {
        mode,
        type,
        name: called,
        index: key,
        deposed_key: deposed,
        values: attributes,
        sensitive_values: sensitive,
      } = written;
      if (deposed !== undefined || (only !== undefined && mode !== only)) continue;
      const address = addressOf(path, mode === "data", type, called, key ?? undefined);
      found.push({
        address,
        fate: address.isData ? "data" : "deployed",
        provider: undefined,
        values: attributes ?? {},
        before: {},
        unknown: {},
        sensitive,
      });
    }
    for (const child of Array.isArray(module.child_modules) ? module.child_modules : []) {
      walk(child as WrittenModule);
    }
  };
  walk((values as { root_module?: WrittenModule } | null | undefined)?.root_module);
  return found;
}

function parseRawState(value: unknown, subject: string, file: string): TerraformFile {
  const state = checkedAsIs(RAW_STATE, isRawState, value, subject);
  if (state.version !== 4) {
    throw new InvalidInputError(subject, [
      `'version' must be 4, which Terraform 0.12 and later and OpenTofu write, got ${show(state.version)}`,
    ]);
  }
  const resources = (state.resources ?? []).flatMap((written) => {
    const { module = "", mode, type, name: called, provider, instances } = written;
    return instances
      .filter(({ deposed }) => deposed === undefined)
      .map((instance): TerraformResource => {
        const { index_key: key, attributes, sensitive_attributes: paths } = instance;
        const address = addressOf(module, mode === "data", type, called, key ?? undefined);
        // OpenTofu says it of the instance where a provider has a for_each.
        const own = instance.instance_provider ?? provider;
        return {
          address,
          fate: address.isData ? "data" : "deployed",
          provider: own === undefined ? undefined : providerInState(own),
          values: attributes ?? {},
          before: {},
          unknown: {},
          sensitive: sensitiveOfPaths(paths ?? []),
        };
      });
  });
  return { subject, file, kind: "state", resources, ...NOTHING };
}

/**
 * `provider["registry.terraform.io/hashicorp/aws"].replica`, with modules before it, is `aws.replica`. With a for_each its
 * key stays: `aws.replica["eu-west-1"]`.
 */
function providerInState(provider: string): string {
  const [, source = "", alias, key = ""] =
    /provider\["([^"]+)"\](?:\.([\w-]+)(\["[^"]*"\])?)?$/.exec(provider) ?? [];
  const local = source.slice(source.lastIndexOf("/") + 1);
  return alias === undefined ? local : `${local}.${alias}${key}`;
}

/** Paths of sensitive attributes, as a mirror of the values. Of a path that goes deeper its whole attribute counts. */
function sensitiveOfPaths(paths: readonly unknown[]): Record<string, true> {
  const names = paths.flatMap((path) => {
    const [step] = Array.isArray(path) ? (path as { value?: unknown }[]) : [];
    return typeof step?.value === "string" ? [step.value] : [];
  });
  return Object.fromEntries(names.map((called) => [called, true] as const));
}
