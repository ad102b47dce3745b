/** What mends something, in the words of the tool whose code makes it. */
import type { Place } from "../../snapshot/places";
import { placeWithin } from "../advice/pointers";
import type { Advice } from "../report/report";
import { inComponentWords } from "./componentWords";
import { cdk, type GeneratedNames, template } from "./templateWords";
import type { InToolWords, Statement, Writer } from "./writer";

/**
 * Undefined where the advice is a command alone.
 * @param names Names that only the deployment knows. Default: there are none.
 */
export function inToolWords(
  advice: Advice,
  place: Place,
  names: GeneratedNames = { generatedIn: () => undefined },
): InToolWords | undefined {
  const { statement, change } = advice;
  const write = WRITERS[place.tool](names);
  if (statement !== undefined) return write.statement(statement as unknown as Statement, advice, place);
  if (change === undefined) return undefined;
  const setting = placeWithin(change.path, advice.resource);
  return write.change(setting, change.value, place);
}

const pulumi: Writer = {
  statement: (statement, { where }, { address }) => ({
    language: "typescript",
    text: `// ${address}: one more statement of the ${where}\n${JSON.stringify(statement, undefined, 2)}`,
  }),
  change: (setting, value, place) => ({
    language: "typescript",
    text:
      inComponentWords(setting, value, place) ??
      (value === undefined
        ? `// ${place.address}: take out what makes ${setting}`
        : `// ${place.address}: set what makes ${setting} to\n${JSON.stringify(value, undefined, 2)}`),
  }),
};

const hcl: Writer = {
  statement: (statement, { where }, { address }) => ({
    language: "hcl",
    text: `# ${address}: one more statement of the ${where}, in its aws_iam_policy_document\n${hclStatement(statement)}`,
  }),
  change: (setting, value, { address }) => ({
    language: "hcl",
    text:
      value === undefined
        ? `# ${address}: take out what makes ${setting}`
        : `# ${address}: set what makes ${setting} to\n${hclValue(value, "")}`,
  }),
};

const WRITERS: Readonly<Record<Place["tool"], (names: GeneratedNames) => Writer>> = {
  cloudformation: template,
  cdk,
  pulumi: () => pulumi,
  terraform: () => hcl,
};

/** A block of `aws_iam_policy_document`. */
function hclStatement(statement: Statement): string {
  const lines: string[] = [];
  const say = (name: string, value: unknown) => {
    if (value !== undefined) lines.push(`  ${name} = ${hclValue(value, "  ")}`);
  };
  say("sid", statement.Sid);
  say("effect", statement.Effect);
  for (const name of ["Action", "NotAction", "Resource", "NotResource"]) {
    const list = statement[name];
    const snake = `${name.replace(/(?<=.)([A-Z])/g, "_$1").toLowerCase()}s`;
    if (list !== undefined) say(snake, [list].flat());
  }
  for (const [type, identifiers] of principalsOf(statement.Principal)) {
    lines.push(
      "  principals {",
      `    type        = ${hclText(type)}`,
      `    identifiers = ${hclValue(identifiers, "    ")}`,
      "  }",
    );
  }
  const conditions = (statement.Condition ?? {}) as Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >;
  for (const [test, keys] of Object.entries(conditions)) {
    for (const [variable, values] of Object.entries(keys)) {
      lines.push(
        "  condition {",
        `    test     = ${hclText(test)}`,
        `    variable = ${hclText(variable)}`,
        `    values   = ${hclValue([values].flat(), "    ")}`,
        "  }",
      );
    }
  }
  return ["statement {", ...lines, "}"].join("\n");
}

function principalsOf(principal: unknown): [string, unknown[]][] {
  if (principal === undefined) return [];
  if (typeof principal === "string") return [["*", [principal]]];
  return Object.entries(principal as object).map(([type, ids]: [string, unknown]) => [type, [ids].flat()]);
}

function hclValue(value: unknown, indent: string): string {
  if (typeof value === "string") return hclText(value);
  if (Array.isArray(value)) {
    const [only] = value as unknown[];
    if (value.length === 1) return `[${hclValue(only, indent)}]`;
    return `[\n${(value as unknown[]).map((item) => `${indent}  ${hclValue(item, `${indent}  `)},\n`).join("")}${indent}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value) as [string, unknown][];
    return `{\n${entries.map(([name, inner]) => `${indent}  ${/^\w+$/.test(name) ? name : hclText(name)} = ${hclValue(inner, `${indent}  `)}\n`).join("")}${indent}}`;
  }
  return JSON.stringify(value);
}

/** `\${` and `%{` would begin a template. */
function hclText(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/g, (sign) => `${sign}${sign}`);
}
