/**
 * What the sources of this package will write, where a first preview does not know it yet. A document that holds the ARN
 * of a new key is one unknown text in a preview, and what a program in another language makes of a contract is unknown
 * as a whole. The component's own arguments are known, and say the same.
 */
import { InvalidInputError } from "../../input/problems";
import type { PlainDestinationArgs, PlainSourceArgs } from "../../replication/arguments/arguments";
import { contractTerms, type ContractTerms, readContractTerms } from "../../replication/contract";
import {
  contractOrigin,
  ofDestination,
  planSource,
  roleGrants,
  type SourcePlan,
} from "../../replication/plan";
import { roleKeyPolicy, roleS3Policy } from "../../replication/policies";
import { type ReplicationRuleJson, toReplicationRule } from "../../replication/rules";
import { Unread } from "../../snapshot/unread";
import type { StackFile, StackResource } from "./writtenResources";

const SOURCE = "s3-replication:index:ReplicationSource";
const DESTINATION = "s3-replication:index:ReplicationDestination";
const KEY = "aws:kms/key:Key";

/** A destination as its source's documents need it. A key that is not made yet goes by its URN. */
interface Contract {
  readonly terms: ContractTerms;
  readonly key: string | undefined;
}

/** The stacks, with what components of this package will write in the place of what is not known yet. */
export function seeThroughComponents(stacks: readonly StackFile[]): StackFile[] {
  const resources = stacks.flatMap((file) => file.resources);
  const written = new Map<string, Readonly<Record<string, unknown>>>();
  for (const source of resources.filter(({ type }) => type === SOURCE)) {
    const children = childrenOf(source, resources);
    if (!children.some(({ inputs }) => Object.values(inputs).some(holdsUnread))) continue;
    for (const [name, inputs] of documentsOf(source, resources, stacks)) {
      const child = children.find((each) => each.name === name);
      if (child !== undefined) written.set(child.urn, inputs);
    }
  }
  const seenThrough = (resource: StackResource): StackResource => {
    const known = written.get(resource.urn);
    if (known === undefined) return resource;
    const entries = Object.entries(resource.inputs).map(
      ([name, value]) => [name, holdsUnread(value) ? (known[name] ?? value) : value] as const,
    );
    return { ...resource, inputs: Object.fromEntries(entries) };
  };
  return stacks.map((file) => ({ ...file, resources: file.resources.map(seenThrough) }));
}

/** By the name of a resource, what the source writes into it. Nothing where a part of it cannot be told. */
function documentsOf(
  source: StackResource,
  resources: readonly StackResource[],
  stacks: readonly StackFile[],
): [name: string, inputs: Readonly<Record<string, unknown>>][] {
  const args = source.inputs as unknown as PlainSourceArgs;
  const sourceKeys = sourceKeysOf(source, resources);
  if (sourceKeys === undefined) return [];
  try {
    const plan = planSource(`ReplicationSource '${source.name}'`, args);
    const contracts = plan.destinationNames.flatMap(
      (name) => contractOf(args.destinations[name], name, resources, stacks) ?? [],
    );
    if (contracts.length < plan.destinationNames.length) return [];
    const terms = contracts.map((contract) => contract.terms);
    const keys = contracts.map((contract) => contract.key);
    const grants = roleGrants(plan, terms, keys, sourceKeys);
    return [
      [`${source.name}-role-s3`, { policy: roleS3Policy(grants) }],
      [`${source.name}-role-kms`, { policy: withKeys(roleKeyPolicy(grants) ?? null) }],
      [`${source.name}-replication`, { rules: rulesOf(plan, terms, keys) }],
    ];
  } catch (error) {
    // Arguments of a release that is not this one: what they come to is not ours to say.
    if (error instanceof InvalidInputError || error instanceof TypeError) return [];
    throw error;
  }
}

/** Keys that objects of the source bucket can be under; undefined where one of them cannot be told. */
function sourceKeysOf(source: StackResource, resources: readonly StackResource[]): string[] | undefined {
  const { encryption, additionalSourceKeyArns, existingBucket } = source.inputs as Record<string, unknown>;
  const { algorithm = "aws:kms", keyArn } = (encryption ?? {}) as Record<string, unknown>;
  const own = childrenOf(source, resources).find(({ type }) => type === KEY)?.urn;
  const ofBucket = keyArn ?? (existingBucket === undefined ? own : undefined);
  const given = algorithm === "aws:kms" && (ofBucket ?? existingBucket) !== undefined ? [ofBucket] : [];
  const keys = [...given, ...((additionalSourceKeyArns ?? []) as unknown[])].map(keyOf);
  return keys.includes(undefined) ? undefined : (keys as string[]);
}

/** A key's ARN, or the URN of the one key that it will come from. */
function keyOf(value: unknown): string | undefined {
  if (!(value instanceof Unread)) return typeof value === "string" ? value : undefined;
  const [only, ...others] = value.sources.filter((urn) => typeOf(urn) === KEY);
  return others.length === 0 ? only : undefined;
}

function contractOf(
  reference: unknown,
  name: string,
  resources: readonly StackResource[],
  stacks: readonly StackFile[],
): Contract | undefined {
  const { contract, stack } = (reference ?? {}) as { contract?: unknown; stack?: unknown };
  if (typeof stack === "string") return contractOfStack(stack, name, resources, stacks);
  if (contract instanceof Unread) {
    const owners = new Set(contract.sources.flatMap((urn) => destinationOf(urn, resources) ?? []));
    const [only, ...others] = owners;
    return only === undefined || others.length > 0 ? undefined : promised(only, resources);
  }
  return given(contract, contractOrigin(name));
}

/** What the stack exports, as this one has read it; or what it will export, where it is among those that are read. */
function contractOfStack(
  stack: string,
  name: string,
  resources: readonly StackResource[],
  stacks: readonly StackFile[],
): Contract | undefined {
  const read = resources.find(
    ({ type, inputs }) => type === "pulumi:pulumi:StackReference" && inputs.name === stack,
  );
  const { outputs } = { ...read?.inputs, ...read?.deployed?.outputs } as { outputs?: { contract?: unknown } };
  if (outputs?.contract !== undefined && !(outputs.contract instanceof Unread)) {
    return given(outputs.contract, contractOrigin(name, stack));
  }
  const file = stacks.find((each) => each.stack === stack.slice(stack.lastIndexOf("/") + 1));
  const [only, ...others] = file?.resources.filter(({ type }) => type === DESTINATION) ?? [];
  return only === undefined || others.length > 0 ? undefined : promised(only, resources);
}

/** A contract that is known, but for the ARN of a new key. */
function given(contract: unknown, from: string): Contract | undefined {
  if (typeof contract !== "object" || contract === null) return undefined;
  const { keyArn, ...rest } = contract as { keyArn?: unknown };
  if (holdsUnread(rest)) return undefined;
  const key = keyOf(keyArn);
  if (keyArn !== undefined && key === undefined) return undefined;
  return { terms: readContractTerms(rest, from), key };
}

/** The contract that a destination on its way will export. */
function promised(destination: StackResource, resources: readonly StackResource[]): Contract | undefined {
  const args = destination.inputs as unknown as PlainDestinationArgs;
  const terms = contractTerms(args);
  if (terms.encryption !== "aws:kms") return { terms, key: undefined };
  const own = childrenOf(destination, resources).find(({ type }) => type === KEY);
  const key = keyOf(args.encryption?.keyArn) ?? own?.urn;
  return key === undefined ? undefined : { terms, key };
}

/** The destination that a resource is, or belongs to. */
function destinationOf(urn: string, resources: readonly StackResource[]): StackResource | undefined {
  const resource = resources.find((each) => each.urn === urn);
  if (resource === undefined || resource.type === DESTINATION) return resource;
  return resource.parent === undefined ? undefined : destinationOf(resource.parent, resources);
}

/** The rules in the words of @pulumi/aws. */
function rulesOf(
  plan: SourcePlan,
  terms: readonly ContractTerms[],
  keys: readonly (string | undefined)[],
): unknown[] {
  return plan.rules.map((rule) => {
    const key = rule.replicaKmsKeyArn ?? keys[plan.destinationNames.indexOf(rule.destination)];
    const json: ReplicationRuleJson = toReplicationRule(
      rule,
      plan.accountId,
      ofDestination(plan, terms, rule),
    );
    const { Destination: destination } = json;
    const encryption = rule.sseKmsEncryptedObjects
      ? { EncryptionConfiguration: { ReplicaKmsKeyID: key } }
      : {};
    return inPulumisWords({ ...json, Destination: { ...destination, ...encryption } });
  });
}

function inPulumisWords(value: unknown): unknown {
  if (typeof value === "string") return keyLater(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      const tags = name === "Tags" ? (inner as { Key: string; Value: string }[]) : undefined;
      if (tags !== undefined) return ["tags", Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))];
      const camel = name.replace("ID", "Id").replace(/^[A-Z]/, (first) => first.toLowerCase());
      return [camel, inPulumisWords(inner)];
    }),
  );
}

/** A document in which keys that are not made yet stand as what they come from. */
function withKeys(document: unknown): unknown {
  if (typeof document === "string") return keyLater(document);
  if (Array.isArray(document)) return document.map(withKeys);
  if (typeof document !== "object" || document === null) return document;
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, withKeys(value)]));
}

function keyLater(text: string): unknown {
  return text.startsWith("urn:pulumi:") ? new Unread("the ARN of a key that is not made yet", [text]) : text;
}

function childrenOf({ urn }: StackResource, resources: readonly StackResource[]): StackResource[] {
  return resources.filter(({ parent }) => parent === urn);
}

function holdsUnread(value: unknown): boolean {
  if (value instanceof Unread) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnread);
}

function typeOf(urn: string): string {
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}
