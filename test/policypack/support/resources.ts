/** Plain data for a resource as the engine hands it to a policy pack. */
export interface ProgramResource {
  type: string;
  name: string;
  urn: string;
  /** Inputs for a resource policy, outputs for a stack policy; tests use one set for both. */
  props: Record<string, unknown>;
  provider?: ProgramProvider;
  /** The URNs of the resources that each property came from. */
  propertyDependencies?: Record<string, string[]>;
}

export interface ProgramProvider {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
}

/** What the engine writes where a value is not known yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The signature under which the engine writes a secret, as @pulumi/pulumi/runtime/rpc has it. */
export function secret(value: unknown): Record<string, unknown> {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::s3-replication::${type}::${name}`;
}

export function resource(
  type: string,
  name: string,
  props: Record<string, unknown>,
  options: Pick<ProgramResource, "provider" | "propertyDependencies"> = {},
): ProgramResource {
  return { type, name, urn: urnOf(type, name), props, ...options };
}

export function provider(name: string, props: Record<string, unknown> = {}): ProgramProvider {
  const type = "pulumi:providers:aws";
  return { type, name, urn: urnOf(type, name), props };
}

/** A copy of a program in which one property of one resource is another one; undefined removes it. */
export function change(
  program: readonly ProgramResource[],
  name: string,
  path: string,
  value: unknown,
): ProgramResource[] {
  const copy = structuredClone(program) as ProgramResource[];
  const found = copy.filter((candidate) => candidate.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${found.length} resources are called '${name}'`);
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  const owner = steps.reduce<object>((at, step) => {
    const next: unknown = Reflect.get(at, step);
    if (typeof next !== "object" || next === null) throw new Error(`'${name}' has no '${step}' in '${path}'`);
    return next;
  }, only.props);
  if (value === undefined) Reflect.deleteProperty(owner, last);
  else Reflect.set(owner, last, value);
  return copy;
}

/** A copy of a program without some resources. */
export function without(program: readonly ProgramResource[], ...names: string[]): ProgramResource[] {
  const missing = names.filter((name) => !program.some((candidate) => candidate.name === name));
  if (missing.length > 0) throw new Error(`no resource is called ${missing.join(", ")}`);
  return program.filter(({ name }) => !names.includes(name));
}
