import { ProgramProvider, ProgramResource, unknown } from "./resources";

/** What a recorder of the SDK's own registrations keeps of each resource. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Reference of the provider, `<urn>::<id>`; empty for components. */
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * A recorded program as a policy pack sees it. Which property came from what is not recorded: a property that holds
 * something unknown may have come from anything that its resource depends on, and is taken to.
 */
export function fromRegistrations(registrations: readonly Recorded[]): ProgramResource[] {
  const providers = new Map(
    registrations
      .filter(({ type }) => type.startsWith("pulumi:providers:"))
      .map(({ type, name, urn, inputs }): [string, ProgramProvider] => [
        urn,
        { type, name, urn, props: { ...inputs } },
      ]),
  );
  return registrations.map(({ type, name, urn, provider, dependencies, inputs }) => {
    const made = providers.get(provider.replace(/::[^:]*$/, ""));
    const open = Object.keys(inputs).filter((property) => holdsUnknown(inputs[property]));
    return {
      type,
      name,
      urn,
      props: { ...inputs },
      ...(made && { provider: made }),
      propertyDependencies: Object.fromEntries(open.map((property) => [property, [...dependencies]])),
    };
  });
}

function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === unknown;
  return Object.values(value).some(holdsUnknown);
}
