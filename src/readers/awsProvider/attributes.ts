/**
 * Looks into the attributes of a resource of the AWS provider, under Terraform's names. Pulumi's provider is a bridge
 * over the same one: it writes names in camelCase, and blocks of which there is one at most without their list.
 */
import { Unread } from "../../snapshot/unread";
import { text, textOr } from "../../resources/values";

export { findUnread, listOf, text, textOr } from "../../resources/values";

const CAMEL_CASE = new Map<string, string>();

/** `kms_master_key_id` as Pulumi writes it: `kmsMasterKeyId`. */
export function camelCase(name: string): string {
  let camel = CAMEL_CASE.get(name);
  if (camel === undefined) {
    camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    CAMEL_CASE.set(name, camel);
  }
  return camel;
}

/**
 * A value inside a value. A list stands for its first item: a block is one in a list of one. What lies inside of something
 * unread is unread.
 */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const name of path) {
    if (Array.isArray(inner)) inner = inner[0] as unknown;
    if (inner instanceof Unread) return inner;
    if (typeof inner !== "object" || inner === null) return undefined;
    const attributes = inner as Readonly<Record<string, unknown>>;
    inner = attributes[name] ?? attributes[camelCase(name)];
  }
  return inner ?? undefined;
}

/** The first of several names of one attribute that is there, and no empty list: Pulumi's names differ in their plurals. */
export function either(value: unknown, ...names: readonly string[]): unknown {
  for (const name of names) {
    const inner = at(value, name);
    if (inner !== undefined && !(Array.isArray(inner) && inner.length === 0)) return inner;
  }
  return undefined;
}

/** A text that says something. */
export function filled(value: unknown): unknown {
  return value === "" || value === null ? undefined : value;
}

/** `prefix` of the name that the provider makes where nobody gives one. */
export function prefixOf(attributes: unknown, attribute: string, otherwise: string): string {
  return textOr(at(attributes, `${attribute}_prefix`), otherwise);
}

/** A text attribute; empty where it has none. */
export function textAt(attributes: unknown, attribute: string): string {
  return text(at(attributes, attribute));
}
