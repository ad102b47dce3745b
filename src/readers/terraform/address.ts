/** Addresses of Terraform's resources, taken apart: `module.replica["eu"].aws_kms_key.this[0]`. */

export interface Address {
  /** As Terraform writes it. */
  readonly text: string;
  /** Within its module, without its key. */
  readonly own: string;
  /** Address of its module instance; empty for the root. */
  readonly module: string;
  readonly isData: boolean;
  readonly type: string;
  readonly name: string;
  /** Key of the instance, of count or for_each. */
  readonly key: string | number | undefined;
}

export function addressOf(
  module: string,
  isData: boolean,
  type: string,
  name: string,
  key: string | number | undefined,
): Address {
  const own = `${isData ? "data." : ""}${type}.${name}`;
  const index = key === undefined ? "" : `[${quoted(key)}]`;
  return { text: `${module === "" ? "" : `${module}.`}${own}${index}`, own, module, isData, type, name, key };
}

const NOT_IN_NAMES = /[^\w.-]+/g;

/** A name of AWS made of an address. */
export function nameFrom({ text }: Address): string {
  return text.replace(NOT_IN_NAMES, "-");
}

/** A key as Terraform writes it: a text in which nothing is a template. */
function quoted(key: string | number): string {
  return JSON.stringify(key).replaceAll(/[$%](?=\{)/g, "$&$&");
}

/** @param index Of an address, with its brackets. */
export function keyOf(index: string): string | number {
  return JSON.parse(index.slice(1, -1).replaceAll(/([$%])\1(?=\{)/g, "$1")) as string | number;
}

/** An address without any key: what the configuration calls it. */
export function withoutKeys(address: string): string {
  return address.includes("[") ? address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, "") : address;
}

/** Names of the module calls that lead to a module instance, from the root. */
export function modulePath(module: string): string[] {
  return [...withoutKeys(module).matchAll(/module\.([^.]+)/g)].map(([, name = ""]) => name);
}

/** A module instance, and the one that calls it with the name and the key of the call. */
export function callerOf(module: string): { readonly caller: string; readonly name: string } | undefined {
  const [, caller = "", name] =
    /^(?:(.*)\.)?module\.([^.[\]]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?$/s.exec(module) ?? [];
  return name === undefined ? undefined : { caller, name };
}

/** What all instances of a resource have in common. */
export function nameKey(module: string, isData: boolean, type: string, name: string): string {
  return `${withoutKeys(module)} ${isData} ${type}.${name}`;
}

/** An attribute of a managed resource that what is planned hangs on. */
export interface RelevantAttribute {
  /** Its module, without keys; empty for the root. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  readonly attribute: string;
}

/** @param resource Its address. @returns Nothing for a data source. */
export function relevantAttribute(resource: string, attribute: unknown): RelevantAttribute[] {
  const [, module = "", type, name] =
    /^((?:module\.[^.]+\.)*)([a-z]\w*)\.([\w-]+)$/.exec(withoutKeys(resource)) ?? [];
  if (type === undefined || name === undefined) return [];
  return [
    { module: module.slice(0, -1), type, name, attribute: typeof attribute === "string" ? attribute : "" },
  ];
}
