/** Values of properties: known, not known yet, or not readable. */
import * as policyProxy from "@pulumi/policy/proxy";

/**
 * Reads the properties of a resource into plain data in which "not known yet" and "not readable" are values of
 * their own. The engine's properties throw when an unknown is touched, which would end a rule at the first unknown
 * and hide what it would have said about everything else.
 */

/** A value that the engine learns only during the update. */
export class Unknown {
  constructor(
    readonly path: string,
    /** The name of the resource whose property it is. */
    readonly owner: string,
    /** What the SDK threw. Throwing it again is how the SDK is told that a policy could not judge something. */
    readonly cause: Error,
  ) {}
}

/** A value in a shape that the pack does not know. It is reported, never taken for compliant. */
export class Unreadable {
  constructor(
    readonly path: string,
    readonly found: string,
  ) {}
}

export type Value =
  | undefined
  | null
  | boolean
  | number
  | string
  | Unknown
  | Unreadable
  | readonly Value[]
  | { readonly [name: string]: Value };

/** Yes, no, or not known until the update. */
export type Answer = boolean | Unknown;

/** One property of a resource, with the path under which the program writes it. */
export class Field {
  constructor(
    readonly value: Value,
    readonly path: string,
  ) {}

  /** Steps into an object; lists of one element, as the V2 classes write single blocks, count as that element. */
  get(name: string): Field {
    const path = `${this.path}.${name}`;
    const { value } = this;
    if (value instanceof Unknown || value instanceof Unreadable) return new Field(value, path);
    if (this.isMissing) return new Field(undefined, path);
    if (isList(value)) {
      if (value.length === 0) return new Field(undefined, path);
      if (value.length === 1) return new Field(value[0], `${this.path}[0]`).get(name);
      return new Field(new Unreadable(this.path, "a list of several"), path);
    }
    if (isObject(value)) return new Field(value[name], path);
    return new Field(new Unreadable(this.path, describe(value)), path);
  }

  /** The elements of a list; a single value counts as a list of one, as IAM documents write them. */
  items(): Field[] {
    if (this.isMissing) return [];
    const { value } = this;
    return isList(value) ? value.map((item, index) => new Field(item, `${this.path}[${index}]`)) : [this];
  }

  /** The properties of an object by name, or undefined where the value is no object. */
  entries(): [string, Field][] | undefined {
    const { value } = this;
    if (!isObject(value)) return undefined;
    return Object.keys(value).map((name) => [name, new Field(value[name], `${this.path}.${name}`)]);
  }

  /** Nothing, or the empty string or list that providers return for what the program left out. */
  get isMissing(): boolean {
    const { value } = this;
    return value === undefined || value === null || value === "" || (isList(value) && value.length === 0);
  }

  get unknown(): Unknown | undefined {
    return this.value instanceof Unknown ? this.value : undefined;
  }

  get text(): string | undefined {
    return typeof this.value === "string" && this.value !== "" ? this.value : undefined;
  }
}

/** Reads one property out of a bag whose properties may throw because they are unknown. */
export function readProperty(bag: object, name: string, owner: string, path = name): Value {
  let raw: unknown;
  try {
    raw = Reflect.get(bag, name);
  } catch (error) {
    if (isUnknownValueError(error)) return new Unknown(path, owner, error);
    throw error;
  }
  return readValue(raw, owner, path);
}

function readValue(raw: unknown, owner: string, path: string): Value {
  switch (typeof raw) {
    case "undefined":
    case "boolean":
    case "number":
    case "string":
      return raw;
    case "object": {
      if (raw === null) return null;
      if (Array.isArray(raw)) {
        return Array.from({ length: raw.length }, (_, index) =>
          readProperty(raw, String(index), owner, `${path}[${index}]`),
        );
      }
      const properties: Record<string, Value> = {};
      for (const name of Object.keys(raw))
        properties[name] = readProperty(raw, name, owner, `${path}.${name}`);
      return properties;
    }
    case "bigint":
    case "function":
    case "symbol":
      return new Unreadable(path, `a ${typeof raw}`);
  }
}

/** The SDK does not export the class of the error that an unknown throws; this is the field that marks it. */
export function isUnknownValueError(error: unknown): error is Error {
  return error instanceof Error && "unknownTypeSentinel" in error;
}

/**
 * What the SDK says of a property that the engine knows nothing of.
 * @throws Error where the SDK does not mark unknown values as it used to.
 */
export function unknownValue(path: string, owner: string): Unknown {
  const { unknownCheckingProxy } = policyProxy as unknown as Proxies;
  const value = readProperty(unknownCheckingProxy({ [path]: UNKNOWN_TEXT }), path, owner);
  if (value instanceof Unknown) return value;
  throw new Error("this release of @pulumi/policy does not mark unknown values in a way that is known here");
}

/** How the engine writes a text that it does not know. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Of the SDK, which keeps it out of its types. */
interface Proxies {
  readonly unknownCheckingProxy: (props: object) => object;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isObject(value: Value): value is { readonly [name: string]: Value } {
  return (
    typeof value === "object" &&
    value !== null &&
    !isList(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Unreadable)
  );
}

/** Words of AWS that cannot be anybody's secret. */
const WORDS = new Set([
  ...["Enabled", "Disabled", "Suspended", "AES256", "aws:kms", "aws:kms:dsse", "SSE-C", "NONE"],
  ...["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter", "Destination", "Allow", "Deny"],
]);

/**
 * A value as a message may show it. Secrets reach a policy unwrapped and unmarked, so only booleans, small numbers
 * and AWS's own words are shown; of anything else only the kind is named.
 */
export function describe(value: Value): string {
  if (value === undefined || value === null || value === "") return "nothing";
  if (value instanceof Unreadable) return value.found;
  if (value instanceof Unknown) return "a value that is not known yet";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return value >= 0 && value <= 2560 ? String(value) : "a number";
  if (typeof value === "string") return WORDS.has(value) ? `'${value}'` : "another string";
  if (isList(value)) return value.length === 0 ? "an empty list" : "a list";
  return "an object";
}
