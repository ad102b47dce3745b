/** Values of a template's parameters: from the command line, from files, from the template's defaults. */
import { readJsonFile } from "../../files/jsonFile";
import { InvalidInputError, show } from "../../input/problems";
import { Unread } from "../../snapshot/unread";
import type { Template, WrittenMap } from "./template";

export type ParameterValue = string | readonly string[] | Unread;

/** Said of parameters of one template: `K=V`, and files of them. */
export interface SaidParameters {
  readonly parameter: readonly string[];
  readonly parameters: readonly string[];
}

/**
 * Reads what is said of parameters; what stands on the command line counts before what stands in a file.
 * @throws InvalidInputError
 */
export async function readParameters({
  parameter,
  parameters,
}: SaidParameters): Promise<Map<string, string | Unread>> {
  const values = new Map<string, string | Unread>();
  for (const file of parameters) {
    const subject = `--parameters ${file}`;
    const read = await readJsonFile("--parameters", file, {
      megabytes: 5,
      values: 100_000,
      handWritten: true,
    });
    for (const [name, value] of entriesOf(read, subject)) values.set(name, value);
  }
  for (const pair of parameter) {
    const [name, value] = splitPair(pair, "--parameter");
    values.set(name, value);
  }
  return values;
}

/**
 * The forms of the AWS CLI and of CodePipeline: `[{ "ParameterKey", "ParameterValue" }]`, `["K=V"]`,
 * `{ "Parameters": { "K": "V" } }`.
 * @see https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html
 * @see https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
 */
function entriesOf(read: unknown, subject: string): [string, string | Unread][] {
  if (Array.isArray(read)) return read.map((item) => entryOf(item, subject));
  if (typeof read === "object" && read !== null) {
    const inner = (read as { Parameters?: unknown }).Parameters ?? read;
    if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) {
      return Object.entries(inner).map(([name, value]): [string, string] => {
        if (["string", "number", "boolean"].includes(typeof value)) return [name, String(value)];
        throw new InvalidInputError(subject, [`the parameter ${show(name)} must be a text`]);
      });
    }
  }
  throw new InvalidInputError(subject, [
    'it must be parameters as the AWS CLI takes them: [{"ParameterKey": "Name", "ParameterValue": "value"}] or ["Name=value"]',
  ]);
}

function entryOf(item: unknown, subject: string): [string, string | Unread] {
  if (typeof item === "string") return splitPair(item, subject);
  const {
    ParameterKey: name,
    ParameterValue: value,
    UsePreviousValue: previous,
  } = (item ?? {}) as Record<string, unknown>;
  if (typeof name === "string" && typeof value === "string") return [name, value];
  if (typeof name === "string" && previous === true) {
    return [name, new Unread(`the parameter '${name}', which keeps the value that the stack has`)];
  }
  throw new InvalidInputError(subject, [
    'each of its items must be {"ParameterKey": "Name", "ParameterValue": "value"} or "Name=value"',
  ]);
}

function splitPair(pair: string, subject: string): [string, string] {
  const split = pair.indexOf("=");
  if (split > 0) return [pair.slice(0, split), pair.slice(split + 1)];
  throw new InvalidInputError(subject, [`must be '<name>=<value>', got ${show(pair)}`]);
}

/**
 * Values of all parameters of a template. One that nobody gave is left out.
 * @throws InvalidInputError for a parameter that the template does not have, or a value that it does not allow.
 */
export function parametersOf(
  template: Template,
  said: ReadonlyMap<string, string | Unread>,
): Map<string, ParameterValue> {
  const problems: string[] = [];
  for (const name of said.keys()) {
    if (Object.hasOwn(template.parameters, name)) continue;
    const names = Object.keys(template.parameters);
    problems.push(
      `it has no parameter ${show(name)}; its parameters are ${names.length === 0 ? "none" : names.join(", ")}`,
    );
  }
  const values = new Map<string, ParameterValue>();
  for (const [name, body] of Object.entries(template.parameters)) {
    const given = said.get(name) ?? (typeof body.Default === "string" ? body.Default : undefined);
    if (given === undefined) continue;
    if (given instanceof Unread) values.set(name, given);
    else values.set(name, valueOf(name, body, given, problems));
  }
  if (problems.length > 0) throw new InvalidInputError(template.subject, problems);
  return values;
}

function valueOf(name: string, body: WrittenMap, given: string, problems: string[]): ParameterValue {
  const type = typeof body.Type === "string" ? body.Type : "String";
  // What is not to be echoed would be, in names and reasons.
  if (body.NoEcho === "true") return new Unread(`the parameter '${name}', which is not to be shown (NoEcho)`);
  if (type.startsWith("AWS::SSM::Parameter::Value")) {
    return new Unread(`the parameter '${name}', whose value stands in Systems Manager`);
  }
  const allowed = body.AllowedValues;
  const isList = type === "CommaDelimitedList" || type.startsWith("List<");
  const values = isList ? given.split(",").map((item) => item.trim()) : [given];
  if (Array.isArray(allowed)) {
    const none = values.find((value) => !allowed.includes(value));
    if (none !== undefined) {
      problems.push(
        `the parameter '${name}' must be one of ${allowed.map(String).join(", ")}, got ${show(none)}`,
      );
    }
  }
  if (type === "Number" && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given)) {
    problems.push(`the parameter '${name}' must be a number, got ${show(given)}`);
  }
  return isList ? values : given;
}
