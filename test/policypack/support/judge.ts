import {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { ProgramProvider, ProgramResource } from "./resources";

// The class that makes the engine's unknowns throw is not in the SDK's type definitions.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { unknownCheckingProxy } = require("@pulumi/policy/proxy") as {
  unknownCheckingProxy: (props: object) => Record<string, unknown>;
};

type Rule = ResourceValidationPolicy | StackValidationPolicy;

export interface Judgement {
  /** `<resource name>: <message>` */
  violations: string[];
  /** The messages with which the rule told the SDK that it could not judge something yet. */
  notYet: string[];
}

/** Judges a program with one rule as the SDK does: each resource for a resource rule, all at once for a stack rule. */
export function judge(rule: Rule, program: readonly ProgramResource[], config: object = {}): Judgement {
  const judgement: Judgement = { violations: [], notYet: [] };
  const say = (name: string, message: string): void => void judgement.violations.push(`${name}: ${message}`);
  if ("validateStack" in rule) {
    const resources = stackResources(program);
    const names = new Map(namesByUrn(program));
    run(judgement, () =>
      rule.validateStack(
        { resources, stackTags: new Map(), getConfig: <T>() => config as T, notApplicable },
        (message, urn) => say(names.get(urn ?? "") ?? "stack", message),
      ),
    );
  } else {
    const { validateResource } = rule;
    if (typeof validateResource !== "function") throw new Error(`'${rule.name}' validates nothing`);
    for (const resource of program) {
      run(judgement, () =>
        validateResource(inputs(resource, config), (message) => say(resource.name, message)),
      );
    }
  }
  return judgement;
}

/** The names of the resources that a rule finds in violation, in its own order. */
export function violators(rule: Rule, program: readonly ProgramResource[], config: object = {}): string[] {
  return judge(rule, program, config).violations.map((violation) => violation.replace(/:.*$/s, ""));
}

function run(judgement: Judgement, validate: () => Promise<void> | void): void {
  try {
    if (validate() !== undefined) throw new Error("the rules of this pack are not asynchronous");
  } catch (error) {
    if (!(error instanceof Error && "unknownTypeSentinel" in error)) throw error;
    judgement.notYet.push(error.message);
  }
}

export function inputs(resource: ProgramResource, config: object = {}): ResourceValidationArgs {
  return {
    ...common(resource),
    stackTags: new Map(),
    getConfig: <T>() => config as T,
    notApplicable,
  };
}

function stackResources(program: readonly ProgramResource[]): PolicyResource[] {
  const resources = program.map((resource): PolicyResource => ({
    ...common(resource),
    dependencies: [],
    propertyDependencies: {},
  }));
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  program.forEach(({ propertyDependencies = {} }, index) => {
    for (const [property, urns] of Object.entries(propertyDependencies)) {
      const sources = urns.map((urn) => byUrn.get(urn)).filter((source) => source !== undefined);
      const target = resources[index];
      if (target) target.propertyDependencies[property] = sources;
    }
  });
  return resources;
}

function common({ type, name, urn, props, provider }: ProgramResource) {
  return {
    type,
    name,
    urn,
    props: unknownCheckingProxy(structuredClone(props)),
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    ...(provider && {
      provider: { ...provider, props: unknownCheckingProxy(structuredClone(provider.props)) },
    }),
    isType: () => false,
    asType: () => undefined,
  };
}

function namesByUrn(program: readonly ProgramResource[]): [string, string][] {
  const providers = program
    .map(({ provider }) => provider)
    .filter((one): one is ProgramProvider => one !== undefined);
  return [...program, ...providers].map(({ urn, name }) => [urn, name]);
}

function notApplicable(): never {
  throw new Error("the rules of this pack never call notApplicable");
}
