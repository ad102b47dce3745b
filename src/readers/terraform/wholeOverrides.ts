/**
 * What OpenTofu's tests take in place of overrides: one for all instances of a resource, of attributes alone that a provider
 * computes and the configuration leaves out. What instances do not have in common is a placeholder, and stays unknown
 * wherever the placeholder comes out. What nobody overrides would be the same text in all resources of a type, so that
 * every computed text gets one of its own.
 */
import { createHash } from "node:crypto";
import { InvalidInputError } from "../../input/problems";
import { grouped } from "../../util/grouping";
import { type Address, withoutKeys } from "./address";
import { type Configuration, isExpression } from "./configuration";
import { holdsTrue } from "./deferredDocument";
import { SUBJECT } from "./offlineTool";
import type { Override } from "./offlineTest";
import type { SchemaOf } from "./providerSchemas";

type Values = Readonly<Record<string, unknown>>;

export class WholeOverrides {
  private readonly placeholders = new Set<string>();
  /** Addresses without keys of resources whose instances are not told apart. */
  readonly notToldApart = new Set<string>();
  /** Attributes, by addresses, that a provider computes where the configuration writes none after all. */
  private readonly perhapsMockedIn = new Map<string, string[]>();
  /** Values of each instance, by its address, of resources with several. */
  private readonly own = new Map<string, Values>();

  constructor(
    private readonly configuration: Configuration,
    private readonly schemaOf: SchemaOf,
  ) {}

  /** @throws InvalidInputError where instances differ in something that no placeholder can stand for. */
  of(overrides: readonly Override[]): Override[] {
    const instances = grouped(overrides, ({ resource }) => withoutKeys(resource.address.text));
    return [...instances].map(([target, several]) => {
      const values = several.map((one) => this.allowed(one));
      const [only, another] = values;
      if (only !== undefined && another === undefined) return { ...several[0]!, target, values: only };
      for (const [index, { resource }] of several.entries()) {
        this.own.set(resource.address.text, values[index] ?? {});
      }
      const names = new Set(values.flatMap((one) => Object.keys(one)));
      const joined = [...names].map((name) => {
        const each = values.map((one) => one[name] ?? null);
        return [name, this.common(each, target, name)] as const;
      });
      return { ...several[0]!, target, values: Object.fromEntries(joined) };
    });
  }

  /** What came out of the test, with what the placeholders stood for, and without what OpenTofu made up. */
  restored(address: string, values: Values): Values {
    const mocked = (this.perhapsMockedIn.get(address) ?? []).filter((name) => isMock(values[name]));
    const open = Object.fromEntries(mocked.map((name) => [name, undefined]));
    return { ...(this.opened(values) as Values), ...open, ...this.own.get(address) };
  }

  /** A value without what a placeholder is part of. */
  opened(value: unknown): unknown {
    if (typeof value === "string") return this.holdsPlaceholder(value) ? undefined : value;
    if (Array.isArray(value)) return value.map((inner) => this.opened(inner));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.opened(inner)]));
  }

  private holdsPlaceholder(text: string): boolean {
    for (const placeholder of this.placeholders) if (text.includes(placeholder)) return true;
    return false;
  }

  /** Values of the attributes that may be overridden: what was told, what is known, and texts for what is not. */
  private allowed({ resource, values }: Override): Values {
    const { address, unknown, fate, values: known } = resource;
    const marks = (unknown ?? {}) as Values;
    const told: Values = fate === "deferred" ? values : { ...known, ...values };
    const perhapsMocked: string[] = [];
    this.perhapsMockedIn.set(address.text, perhapsMocked);
    const allowed = Object.entries(this.schemaOf(address)).flatMap(([name, { type, computed, optional }]) => {
      if (computed !== true) return [];
      const isOpen = fate === "deferred" || holdsTrue(marks[name]);
      if (optional === true && this.isWritten(address, name)) {
        if (isOpen) perhapsMocked.push(name);
        return [];
      }
      const value = told[name] ?? null;
      if (!isOpen || Object.hasOwn(values, name)) return [[name, value] as const];
      const text = madeUp(`${address.text}.${name}`);
      if (type === "string") return [[name, text] as const];
      const isTexts = Array.isArray(type) && /^(list|set)$/.test(String(type[0])) && type[1] === "string";
      return isTexts ? [[name, [text]] as const] : [];
    });
    return Object.fromEntries(allowed);
  }

  /** Whether the configuration gives an attribute a value, as far as the plan tells. */
  private isWritten(address: Address, name: string): boolean {
    const expression = this.configuration.expressions(address)?.[name];
    // An expression without references, such as `jsonencode` of a document as it is, is an empty object.
    if (!isExpression(expression)) return expression !== undefined;
    const targets = this.configuration.targets(expression, address.module);
    return targets.length === 0 || targets.some((target) => target.kind !== "known" || target.value !== null);
  }

  /** The value that all instances have, or a placeholder of its form. */
  private common(values: readonly unknown[], target: string, name: string): unknown {
    const texts = new Set(values.map((value) => JSON.stringify(value)));
    const [first] = values;
    if (texts.size === 1) return first;
    this.notToldApart.add(target);
    const path = `${target}.${name}`;
    const [form, ...others] = new Set(values.filter((value) => value !== null).map(formOf));
    if (form === "text" && others.length === 0) {
      return this.placeholder(values.find((value) => typeof value === "string") ?? "", path);
    }
    if (form === "texts" && others.length === 0) return [this.placeholder("", path)];
    // Whatever takes a part out of nothing is an error of OpenTofu, unlike a number or a condition that is another one.
    if (!values.some((value) => /^(number|boolean)$/.test(typeof value))) return null;
    throw new InvalidInputError(SUBJECT, [
      `OpenTofu overrides a resource as a whole, and instances differ in ${path}, which is no text; give the state after the apply, as 'tofu state pull' prints it`,
    ]);
  }

  /** ARNs stay ARNs: the placeholder stands for what comes last in them. */
  private placeholder(sample: string, path: string): string {
    const placeholder = madeUp(`${path} of each`);
    this.placeholders.add(placeholder);
    return sample.startsWith("arn:") ? sample.replace(/[^:/]*$/, placeholder) : placeholder;
  }
}

function formOf(value: unknown): "text" | "texts" | "other" {
  if (typeof value === "string") return "text";
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? "texts" : "other";
}

/** Whether a value is like the texts that OpenTofu makes up: the same one in all resources of a type. */
function isMock(value: unknown): boolean {
  return typeof value === "string" && /^[A-Za-z0-9]{4,15}$/.test(value) && !MADE_UP.test(value);
}

const MADE_UP = /^x[0-9a-f]{11}$/;

/** A text that nothing else has, and that may be part of a name on AWS. */
function madeUp(path: string): string {
  return `x${createHash("sha256").update(path).digest("hex").slice(0, 11)}`;
}
