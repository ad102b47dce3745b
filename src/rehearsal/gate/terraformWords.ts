/** What mends something in a root module of Terraform. */
import type { GeneratedName, Place } from "../../snapshot/places";
import type { GeneratedNames } from "./templateWords";
import type { Statement, Writer } from "./writer";

/** A text as an expression. */
type WriteText = (text: string) => string;

export const hcl = (names: GeneratedNames): Writer => ({
  statement: (statement, { where }, place) => ({
    language: "hcl",
    text: `# ${place.address}: one more statement of the ${where}, in ${documentOf(where, place)}\n${hclStatement(statement, textsIn(place, names))}`,
  }),
  change: (setting, value, place) => ({
    language: "hcl",
    text:
      value === undefined
        ? `# ${place.address}: take out what makes ${setting}`
        : `# ${place.address}: set what makes ${setting} to\n${hclValue(value, "", textsIn(place, names))}`,
  }),
});

/** Types that have no policy of a kind but another resource's, which may not be there. */
const WITH_ANOTHER: readonly { readonly where: RegExp; readonly type: RegExp; readonly another: string }[] = [
  { where: /bucket policy$/, type: /^aws_s3_bucket$/, another: "aws_s3_bucket_policy" },
  {
    where: /^role policy$/,
    type: /^aws_iam_(role|role_policy_attachment|policy_attachment)$/,
    another: "aws_iam_role_policy of the role",
  },
];

function documentOf(where: string, { address }: Place): string {
  const [type = ""] = address.slice(moduleOf(address).length).split(".");
  const row = WITH_ANOTHER.find((one) => one.where.test(where) && one.type.test(type));
  const own = "its aws_iam_policy_document";
  return row === undefined ? own : `${own}; where there is none, in that of a new ${row.another}`;
}

/** ARNs that only the apply knows are called by what makes them, where that stands in the same module. */
function textsIn({ address, file }: Place, names: GeneratedNames): WriteText {
  const isHere = (name: GeneratedName) => name.stack === file && moduleOf(name.address) === moduleOf(address);
  return (text) => {
    const found = names.generatedIn(text);
    if (found === undefined) return quoted(text);
    const { name, rest } = found;
    if (!isHere(name)) return quoted(`<ARN of ${name.address} in ${name.stack}>${rest}`);
    const reference = `${name.address.slice(moduleOf(address).length)}.arn`;
    return rest === "" ? reference : `"\${${reference}}${quoted(rest).slice(1)}`;
  };
}

/** `module.copies[0].` of what stands in that module; empty for the root. */
function moduleOf(address: string): string {
  const [module = ""] = /^(?:module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)*/.exec(address) ?? [];
  return module;
}

/** `\${` and `%{` would begin a template. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/g, (sign) => `${sign}${sign}`);
}

/** A block of `aws_iam_policy_document`. */
function hclStatement(statement: Statement, hclText: WriteText): string {
  const lines: string[] = [];
  const say = (name: string, value: unknown) => {
    if (value !== undefined) lines.push(`  ${name} = ${hclValue(value, "  ", hclText)}`);
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
      `    identifiers = ${hclValue(identifiers, "    ", hclText)}`,
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
        `    values   = ${hclValue([values].flat(), "    ", hclText)}`,
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

function hclValue(value: unknown, indent: string, hclText: WriteText): string {
  if (typeof value === "string") return hclText(value);
  if (Array.isArray(value)) {
    const [only] = value as unknown[];
    if (value.length === 1) return `[${hclValue(only, indent, hclText)}]`;
    return `[\n${(value as unknown[]).map((item) => `${indent}  ${hclValue(item, `${indent}  `, hclText)},\n`).join("")}${indent}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value) as [string, unknown][];
    return `{\n${entries.map(([name, inner]) => `${indent}  ${/^\w+$/.test(name) ? name : hclText(name)} = ${hclValue(inner, `${indent}  `, hclText)}\n`).join("")}${indent}}`;
  }
  return JSON.stringify(value);
}
