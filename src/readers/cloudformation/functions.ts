/**
 * CloudFormation's functions, one entry each: from evaluated arguments to a value. What cannot be known before the
 * deployment is Unread, and so is everything that is made of it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { show } from "../../input/problems";
import { findUnread } from "../../resources/values";
import { Unread } from "../../snapshot/unread";

/** A value of a template after its functions. Undefined is AWS::NoValue, which takes out what it stands in. */
export type Value = string | Unread | undefined | readonly Value[] | { readonly [name: string]: Value };

/** What is wrong in the arguments of a function, as the end of a sentence that begins with its name. */
export class FunctionProblem extends Error {}

/** A function of values alone. */
type PlainFunction = (given: Value) => Value;

/** Functions that need nothing but their arguments. */
export const PLAIN_FUNCTIONS: Readonly<Record<string, PlainFunction>> = {
  "Fn::Join": (given) => {
    const [delimiter, list] = asList(given, "a delimiter and a list", 2);
    const parts = findUnread([delimiter, list]) ?? asList(list, "a list to join");
    if (parts instanceof Unread) return parts;
    return parts
      .map((part) => asText(part, "texts to join"))
      .join(asText(delimiter, "a text as its delimiter"));
  },
  "Fn::Split": (given) => {
    const [delimiter, text] = asList(given, "a delimiter and a text", 2);
    return (
      findUnread([delimiter, text]) ??
      asText(text, "a text to split").split(asText(delimiter, "a text as its delimiter"))
    );
  },
  "Fn::Select": (given) => {
    const [index, list] = asList(given, "an index and a list", 2);
    if (index instanceof Unread) return index;
    if (list instanceof Unread) return list;
    const items = asList(list, "a list to select from");
    const at = Number(asText(index, "a number as its index"));
    if (!Number.isInteger(at) || at < 0 || at >= items.length) {
      throw new FunctionProblem(
        `must select one of ${items.length} items, which count from 0, got ${show(index)}`,
      );
    }
    return items[at];
  },
  "Fn::Base64": (given) =>
    given instanceof Unread ? given : Buffer.from(asText(given, "a text")).toString("base64"),
  "Fn::Length": (given) => (given instanceof Unread ? given : String(asList(given, "a list").length)),
  "Fn::ToJsonString": (given) => findUnread(given) ?? JSON.stringify(given),
  // Networks have no say in replication.
  "Fn::Cidr": () => new Unread("a network's address ranges"),
  "Fn::GetAZs": () => new Unread("the Availability Zones of a Region"),
};

/** @param length Exactly so many; left out: any number. */
export function asList(given: Value, mustBe: string, length?: number): readonly Value[] {
  if (!Array.isArray(given) || (length !== undefined && given.length !== length)) {
    throw new FunctionProblem(`must have ${mustBe}, got ${show(given)}`);
  }
  return given as readonly Value[];
}

export function asText(given: Value, mustBe: string): string {
  if (typeof given !== "string") throw new FunctionProblem(`must have ${mustBe}, got ${show(given)}`);
  return given;
}

/**
 * Puts values into the text of Fn::Sub. `${!Literal}` is the text `${Literal}`.
 * @param valueOf The value of a name between the braces.
 */
export function substitute(text: string, valueOf: (name: string) => Value): string | Unread {
  const unread: Unread[] = [];
  const put = text.replaceAll(/\$\{([^}]*)\}/g, (whole, name: string) => {
    if (name.startsWith("!")) return `\${${name.slice(1)}}`;
    const value = valueOf(name.trim());
    if (value instanceof Unread) {
      unread.push(value);
      return whole;
    }
    // A list parameter is put as it was given.
    return Array.isArray(value) ? value.join(",") : asText(value, `a text for '\${${name}}'`);
  });
  return unread[0] ?? put;
}

/** `{{resolve:ssm:name}}` is looked up in AWS, wherever it came from: a function may put it together. */
export function withoutDynamicReferences(value: Value): Value {
  if (Array.isArray(value)) return (value as readonly Value[]).map(withoutDynamicReferences);
  const [reference] = (typeof value === "string" && /\{\{resolve:[^}]*\}\}/.exec(value)) || [];
  return reference === undefined ? value : new Unread(`the dynamic reference ${reference}`);
}
