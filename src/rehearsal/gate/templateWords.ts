/** What mends something in a CloudFormation template, YAML or JSON, or in the CDK app that writes one. */
import { Document, isScalar, Scalar, visit } from "yaml";
import type { GeneratedName, Place, Places } from "../../snapshot/places";
import type { Writer } from "./writer";

/** Finds names that CloudFormation generates: what is here in their place is made up. */
export type GeneratedNames = Pick<Places, "generatedIn">;

/** Properties of AWS::S3::Bucket, AWS::KMS::Key and AWS::IAM::Role by the settings of a snapshot. */
const PROPERTIES: Readonly<Record<string, string>> = {
  versioning: "VersioningConfiguration.Status",
  objectLock: "ObjectLockEnabled",
  blockedEncryptionTypes:
    "BucketEncryption.ServerSideEncryptionConfiguration.0.BlockedEncryptionTypes.EncryptionType",
  replication: "ReplicationConfiguration",
  state: "Enabled",
  trust: "AssumeRolePolicyDocument",
  boundary: "PermissionsBoundary",
};

/** Names that CloudFormation spells in another way than S3's API. */
const TEMPLATE_NAMES: Readonly<Record<string, string>> = { ID: "Id", Tag: "TagFilter", Tags: "TagFilters" };

export const template = (names: GeneratedNames): Writer => ({
  statement: (statement, { where }, place) =>
    inTemplate(
      `${place.address}: one more item of Statement in the document of the ${where}`,
      [statement],
      place,
      names,
    ),
  change: (setting, value, place) => {
    const property = propertyOf(setting);
    const path = property?.replace(/\.(\d+)(?=\.|$)/g, "[$1]") ?? `what makes ${setting}`;
    if (value === undefined) return { language: "yaml", text: `# ${place.address}: take out ${path}` };
    return inTemplate(`${place.address}: set ${path} to`, inTemplateWords(setting, value), place, names);
  },
});

export const cdk = (names: GeneratedNames): Writer => ({
  statement: (statement, { where }, place) => ({
    language: "typescript",
    text: `// ${place.address}: one more statement of the ${where}\niam.PolicyStatement.fromJson(${inCode(statement, place, names)})`,
  }),
  change: (setting, value, place) => {
    const { address } = place;
    const property = propertyOf(setting);
    const code =
      property === undefined
        ? `// ${address}: ${value === undefined ? "take out" : "set"} what makes ${setting}${value === undefined ? "" : ` to\n${inCode(value, place, names)}`}`
        : `// ${address}, here called construct\n(construct.node.defaultChild as cdk.CfnResource).${
            value === undefined
              ? `addPropertyDeletionOverride(${JSON.stringify(property)});`
              : `addPropertyOverride(${JSON.stringify(property)}, ${inCode(inTemplateWords(setting, value), place, names)});`
          }`;
    return { language: "typescript", text: code };
  },
});

/** `replication/Rules/0/Filter` is `ReplicationConfiguration.Rules.0.Filter`; undefined where no one property makes it. */
function propertyOf(setting: string): string | undefined {
  const [first = "", ...rest] = setting.split("/");
  const property = PROPERTIES[first];
  return property === undefined
    ? undefined
    : [property, ...rest.map((name) => TEMPLATE_NAMES[name] ?? name)].join(".");
}

function inTemplateWords(setting: string, value: unknown): unknown {
  if (setting === "state") return value === "Enabled";
  if (!setting.startsWith("replication")) return value;
  if (Array.isArray(value)) return (value as unknown[]).map((item) => inTemplateWords(setting, item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      TEMPLATE_NAMES[name] ?? name,
      inTemplateWords(setting, inner),
    ]),
  );
}

function inTemplate(
  comment: string,
  value: unknown,
  { file = "", stack }: Place,
  names: GeneratedNames,
): ReturnType<Writer["statement"]> {
  if (file.endsWith(".json")) {
    const text = withNames(value, names, (name, rest) => {
      if (name.stack !== stack) return `${inOtherStack(name)}${rest}`;
      return rest === ""
        ? { "Fn::GetAtt": [name.address, "Arn"] }
        : { "Fn::Sub": `\${${name.address}.Arn}${rest}` };
    });
    const [only] = Array.isArray(text) ? (text as unknown[]) : [text];
    return { language: "json", text: `// ${comment}\n${JSON.stringify(only, undefined, 2)}` };
  }
  const document = new Document(value);
  visit(document, {
    Scalar: (_key, node) => {
      const found = typeof node.value === "string" ? names.generatedIn(node.value) : undefined;
      if (found === undefined || !isScalar(node)) return undefined;
      const { name, rest } = found;
      const own = name.stack === stack;
      const scalar = new Scalar(
        own
          ? rest === ""
            ? `${name.address}.Arn`
            : `\${${name.address}.Arn}${rest}`
          : `${inOtherStack(name)}${rest}`,
      );
      if (own) scalar.tag = rest === "" ? "!GetAtt" : "!Sub";
      return scalar;
    },
  });
  return { language: "yaml", text: `# ${comment}\n${document.toString()}`.trimEnd() };
}

/** Nobody knows what the app calls its constructs. */
function inCode(value: unknown, { stack }: Place, names: GeneratedNames): string {
  const named = withNames(value, names, (name, rest) =>
    name.stack === stack ? `<ARN of ${name.address}>${rest}` : `${inOtherStack(name)}${rest}`,
  );
  return JSON.stringify(named, undefined, 2);
}

/** What a stack cannot call by a function. */
function inOtherStack({ address, stack }: GeneratedName): string {
  const [account = "", region = "", name = ""] = stack.split("/");
  return `<ARN of ${address} in the stack ${name} of ${account} in ${region}>`;
}

function withNames(
  value: unknown,
  names: GeneratedNames,
  write: (name: GeneratedName, rest: string) => unknown,
): unknown {
  if (typeof value === "string") {
    const found = names.generatedIn(value);
    return found === undefined ? value : write(found.name, found.rest);
  }
  if (Array.isArray(value)) return (value as unknown[]).map((item) => withNames(item, names, write));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withNames(inner, names, write)]),
  );
}
