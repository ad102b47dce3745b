/** What a plan's `configuration` tells: which provider a resource has, and what the values of its attributes refer to. */
import { type Address, callerOf, keyOf, modulePath, withoutKeys } from "./address";

/** An expression: a constant, or what it refers to. Its text is not in a plan. */
export interface Expression {
  readonly constant_value?: unknown;
  readonly references?: readonly string[];
}

/** Whether a service put a text in place of a value that its users marked as sensitive there. */
export function isRedacted(value: unknown): boolean {
  return value === "REDACTED_SENSITIVE";
}

export function isExpression(value: unknown): value is Expression {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return "references" in value || "constant_value" in value;
}

interface WrittenModule {
  readonly resources?: readonly {
    readonly address: string;
    readonly mode?: string;
    readonly provider_config_key?: string;
    readonly expressions?: Readonly<Record<string, unknown>>;
    readonly for_each_expression?: Expression;
    readonly provisioners?: readonly unknown[];
    readonly depends_on?: readonly string[];
  }[];
  readonly module_calls?: Readonly<
    Record<
      string,
      {
        readonly expressions?: Readonly<Record<string, Expression>>;
        readonly for_each_expression?: Expression;
        readonly depends_on?: readonly string[];
        readonly module?: WrittenModule;
      }
    >
  >;
  readonly outputs?: Readonly<Record<string, { readonly expression?: Expression }>>;
  readonly variables?: Readonly<Record<string, { readonly default?: unknown }>>;
}

export interface WrittenConfiguration {
  readonly provider_config?: Readonly<
    Record<string, { readonly name?: string; readonly expressions?: Readonly<Record<string, unknown>> }>
  >;
  readonly root_module?: WrittenModule;
}

/** What a reference comes to. */
export type Target =
  /** A value that a plan knows: a constant, a default, a key. */
  | { readonly kind: "known"; readonly value?: unknown }
  /** A value whose origin is not in the plan, as of a local. */
  | { readonly kind: "lost"; readonly reference: string }
  | {
      readonly kind: "resource";
      /** Module instance; where keys of it are not known, without them. */
      readonly module: string;
      readonly isData: boolean;
      readonly type: string;
      readonly name: string;
      /** Key of the instance, where the reference says it. */
      readonly key: string | number | undefined;
      /** Empty for the whole resource, or for one whose key is computed. */
      readonly attribute: string;
    };

/** Modules call each other no deeper. */
const DEEPEST = 30;

export class Configuration {
  private readonly byModule = new Map<string, Map<string, NonNullable<WrittenModule["resources"]>[number]>>();

  constructor(
    private readonly written: WrittenConfiguration | undefined = undefined,
    private readonly variables: Readonly<Record<string, unknown>> = {},
  ) {}

  get isThere(): boolean {
    return this.written !== undefined;
  }

  /** Key of the provider of a resource: `aws.replica`. */
  provider(address: Address): string | undefined {
    const key = this.resource(address)?.provider_config_key;
    // One that a module makes itself: `module.a:aws.b`.
    return key;
  }

  /** Expressions of a resource's attributes; undefined where the plan does not tell. Dynamic blocks are left out. */
  expressions(address: Address): Readonly<Record<string, unknown>> | undefined {
    const resource = this.resource(address);
    return resource === undefined ? undefined : (resource.expressions ?? {});
  }

  forEach(address: Address): Expression | undefined {
    return this.resource(address)?.for_each_expression;
  }

  /** Resources that run something when they are made: addresses without keys, and what is called, as JSON text. */
  provisioned(): { readonly address: string; readonly calls: string }[] {
    const found: { readonly address: string; readonly calls: string }[] = [];
    this.walk((module, path) => {
      for (const { address, provisioners = [] } of module.resources ?? []) {
        if (provisioners.length === 0) continue;
        found.push({ address: `${path}${address}`, calls: JSON.stringify(provisioners) });
      }
    });
    return found;
  }

  /** Addresses of ephemeral resources, without keys. */
  ephemeral(): string[] {
    const found: string[] = [];
    this.walk((module, path) => {
      for (const { address, mode } of module.resources ?? []) {
        if (mode === "ephemeral") found.push(`${path}${address}`);
      }
    });
    return found;
  }

  /** What each argument that a module instance is called with refers to. */
  argumentsOf(module: string): Target[][] {
    const call = callerOf(module);
    if (call === undefined) return [];
    const written = this.module(call.caller)?.module_calls?.[call.name]?.expressions ?? {};
    return Object.values(written).map((expression) => this.targets(expression, call.caller));
  }

  /**
   * Addresses, without keys, of resources of S3 that wait for a resource, or refer to it, in the same module; of that
   * module, where its outputs tell of it; and of what waits for that module, or for one that it is called in, as a whole.
   */
  waitingFor({ module, type, name }: Pick<Address, "module" | "type" | "name">): string[] {
    const isMeant = (reference: unknown) =>
      String(reference).split(/[.[]/, 2).join(".") === `${type}.${name}`;
    const refers = (value: unknown): boolean => {
      if (typeof value !== "object" || value === null) return false;
      return Object.entries(value).some(([key, inner]) =>
        key === "references" && Array.isArray(inner) ? inner.some(isMeant) : refers(inner),
      );
    };
    const { resources = [], outputs } = this.module(module) ?? {};
    const waiting = resources
      .filter(({ address, depends_on: waits = [], expressions }) => {
        return isOfS3({ address }) && (waits.some(isMeant) || refers(expressions));
      })
      .map(({ address }) => `${module === "" ? "" : `${module}.`}${address}`);
    return [...waiting, ...(module !== "" && refers(outputs) ? [module] : []), ...this.waitingForAll(module)];
  }

  /** Resources of S3, and modules with such, that `depends_on` names a module for, or one that it is called in. */
  private waitingForAll(module: string): string[] {
    const call = callerOf(module);
    if (call === undefined) return [];
    const { resources = [], module_calls: calls = {} } = this.module(call.caller) ?? {};
    const waits = ({ depends_on: on = [] }: { readonly depends_on?: readonly string[] }) =>
      on.includes(`module.${call.name}`);
    const path = call.caller === "" ? "" : `${call.caller}.`;
    return [
      ...resources.filter((one) => isOfS3(one) && waits(one)).map(({ address }) => `${path}${address}`),
      ...Object.entries(calls)
        .filter(([, one]) => waits(one) && hasBuckets(one.module))
        .map(([name]) => `${path}module.${name}`),
      ...this.waitingForAll(call.caller),
    ];
  }

  /** What any expression refers to, as `<type>.<name>.<attribute>`; as `<type>.<name>` where it takes the whole. */
  shownReferences(): Set<string> {
    const found = new Set<string>();
    const visit = (value: unknown) => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        if (key !== "references" || !Array.isArray(inner)) visit(inner);
        else for (const reference of wholeReferences(inner.map(String))) found.add(attributeIn(reference));
      }
    };
    this.walk(({ resources, module_calls: calls, outputs }) => {
      visit([resources, outputs]);
      for (const { module: _inner, ...call } of Object.values(calls ?? {})) visit(call);
    });
    return found;
  }

  private walk(visit: (module: WrittenModule, path: string) => void): void {
    const into = (module: WrittenModule | undefined, path: string) => {
      if (module === undefined) return;
      visit(module, path);
      for (const [name, call] of Object.entries(module.module_calls ?? {})) {
        into(call.module, `${path}module.${name}.`);
      }
    };
    into(this.written?.root_module, "");
  }

  providerKeys(): string[] {
    return Object.keys(this.written?.provider_config ?? {});
  }

  /** Expressions of a provider's arguments. */
  providerExpressions(key: string): Readonly<Record<string, unknown>> {
    return this.written?.provider_config?.[key]?.expressions ?? {};
  }

  /** Value of an expression in the root module, as far as the plan has it. */
  rootValue(expression: unknown): unknown {
    if (Array.isArray(expression)) return expression.map((one) => this.rootValue(one));
    if (typeof expression !== "object" || expression === null) return undefined;
    const { constant_value: constant, references } = expression as Expression;
    if (constant !== undefined) return constant;
    const own = references === undefined ? [] : wholeReferences(references);
    const [only] = own;
    if (only === undefined) {
      return Object.fromEntries(
        Object.entries(expression).map(([name, inner]) => [name, this.rootValue(inner)]),
      );
    }
    const variable = own.length === 1 ? /^var\.([\w-]+)$/.exec(only)?.[1] : undefined;
    return variable === undefined ? undefined : this.variable(variable);
  }

  private variable(name: string): unknown {
    const { value } = (this.variables[name] ?? {}) as { value?: unknown };
    return isRedacted(value) ? undefined : value;
  }

  /** What an expression refers to, through the arguments and outputs of modules. */
  targets(expression: Expression, module: string, resource?: Address, depth = 0): Target[] {
    if (expression.constant_value !== undefined) return [{ kind: "known", value: expression.constant_value }];
    return wholeReferences(expression.references ?? []).flatMap((reference) =>
      this.follow(reference, module, resource, depth),
    );
  }

  private follow(reference: string, module: string, resource: Address | undefined, depth: number): Target[] {
    const lost: Target = { kind: "lost", reference };
    if (depth > DEEPEST) return [lost];
    const [, first = ""] = /^([\w-]+)/.exec(reference) ?? [];
    switch (first) {
      case "var":
        return this.followVariable(reference.split(/[.[]/)[1] ?? "", module, depth) ?? [lost];
      case "count":
      case "path":
      case "terraform":
        return [{ kind: "known" }];
      case "each": {
        if (reference.startsWith("each.key")) return [{ kind: "known" }];
        const forEach = resource === undefined ? undefined : this.forEach(resource);
        return forEach === undefined ? [lost] : this.targets(forEach, module, undefined, depth + 1);
      }
      case "local":
      case "self":
        return [lost];
      case "module":
        return this.followOutput(reference, module, depth) ?? [lost];
      default:
        return [resourceTarget(reference, module) ?? lost];
    }
  }

  private followVariable(name: string, module: string, depth: number): Target[] | undefined {
    if (module === "") return [{ kind: "known", value: this.variable(name) }];
    const call = callerOf(module);
    if (call === undefined) return undefined;
    const expression = this.module(call.caller)?.module_calls?.[call.name]?.expressions?.[name];
    if (expression === undefined) {
      return [{ kind: "known", value: this.module(module)?.variables?.[name]?.default }];
    }
    return this.targets(expression, call.caller, undefined, depth + 1);
  }

  private followOutput(reference: string, module: string, depth: number): Target[] | undefined {
    const [, name = "", index = "", output] =
      /^module\.([\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?(?:\.([\w-]+))?/.exec(reference) ?? [];
    const child = `${module === "" ? "" : `${module}.`}module.${name}`;
    const outputs = this.module(child)?.outputs;
    if (outputs === undefined) return undefined;
    const names = output === undefined ? Object.keys(outputs) : [output];
    return names.flatMap((each) => {
      const expression = outputs[each]?.expression;
      return expression === undefined ? [] : this.targets(expression, child + index, undefined, depth + 1);
    });
  }

  private resource({ module, own }: Address) {
    let resources = this.byModule.get(module);
    if (resources === undefined) {
      const written = this.module(module)?.resources ?? [];
      resources = new Map(written.map((resource) => [resource.address, resource]));
      this.byModule.set(module, resources);
    }
    return resources.get(own);
  }

  private module(module: string): WrittenModule | undefined {
    let inner = this.written?.root_module;
    for (const name of modulePath(module)) inner = inner?.module_calls?.[name]?.module;
    return inner;
  }
}

function isOfS3({ address }: { readonly address: string }): boolean {
  return /^aws_s3_bucket[_.]/.test(address);
}

function hasBuckets(module: WrittenModule | undefined): boolean {
  if (module === undefined) return false;
  if ((module.resources ?? []).some(isOfS3)) return true;
  return Object.values(module.module_calls ?? {}).some((call) => hasBuckets(call.module));
}

/** References without their shortenings, which a plan writes after each of them. */
export function wholeReferences(references: readonly string[]): string[] {
  const whole: string[] = [];
  let last = "";
  for (const reference of references) {
    const isShortening = last.startsWith(`${reference}.`) || last.startsWith(`${reference}[`);
    if (isShortening) continue;
    whole.push(reference);
    last = reference;
  }
  return whole;
}

/** `aws_kms_key.data[0].arn` is `aws_kms_key.data.arn`. */
function attributeIn(reference: string): string {
  return withoutKeys(reference).split(/[.[]/, 3).join(".");
}

function resourceTarget(reference: string, module: string): Target | undefined {
  const [, data, type, name, index, attribute = ""] =
    /^(data\.)?([a-z]\w*)\.([\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?(?:\.(\w+))?/.exec(reference) ?? [];
  if (type === undefined || name === undefined) return undefined;
  const key = index === undefined ? undefined : keyOf(index);
  return { kind: "resource", module, isData: data !== undefined, type, name, key, attribute };
}
