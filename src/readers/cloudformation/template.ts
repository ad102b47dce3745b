/** The sections of a template, checked for their form only: what their functions say is evaluated later. */
import { InvalidInputError, show } from "../../input/problems";
import { parseTemplateText, type Written } from "./templateText";

export type WrittenMap = Readonly<Record<string, Written>>;

type Members = Readonly<Record<string, WrittenMap>>;

export interface TemplateResource {
  readonly logicalId: string;
  /** AWS's name of the type, such as `AWS::S3::Bucket`. */
  readonly type: string;
  readonly properties: WrittenMap;
  /** Name of the condition under which the resource is made. */
  readonly condition?: string;
  /** Logical ids that it is made after. */
  readonly dependsOn: readonly string[];
  /** Line of the logical id in the template, from 1. */
  readonly line?: number;
  /** Path of the construct that wrote it, where CDK noted it. */
  readonly constructPath?: string;
  /** Path of the file that it is made of, from the template's own directory, where a tool noted it. */
  readonly assetPath?: string;
}

/** `'Resources.Bucket' in line 12`, as errors and findings call it. */
export function placeOf({ logicalId, line }: Pick<TemplateResource, "logicalId" | "line">): string {
  return `'Resources.${logicalId}'${line === undefined ? "" : ` in line ${line}`}`;
}

export interface Template {
  /** What was read, for errors: `--cloudformation template.yaml`. */
  readonly subject: string;
  /** Path of the file, as it was given. */
  readonly file: string;
  readonly parameters: Readonly<Record<string, WrittenMap>>;
  readonly mappings: WrittenMap;
  readonly conditions: WrittenMap;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: Readonly<Record<string, WrittenMap>>;
  /** Templates of its nested stacks that lie beside it, by the logical ids of these. */
  readonly nested?: ReadonlyMap<string, Template>;
  /** Whether AWS SAM adds resources to those that are written, such as the role of a function. */
  readonly isServerless: boolean;
  /** Line of a member of a section, from 1. */
  readonly lineOf: (section: string, name: string) => number | undefined;
}

/** Transforms that leave resources of other types than their own as they are written. */
const HARMLESS_TRANSFORMS = [
  /^AWS::Serverless-/,
  /^AWS::LanguageExtensions$/,
  /^AWS::SecretsManager-/,
  /^AWS::CodeDeployBlueGreen$/,
];

/** @throws InvalidInputError where the text is no template, or a macro writes what is deployed. */
export function parseTemplate(text: string, subject: string, file: string): Template {
  const { root, lineOf } = parseTemplateText(text, subject);
  const problems: string[] = [];
  const written = mapOf(root);
  if (written?.Resources === undefined) {
    throw new InvalidInputError(subject, ["it must be a CloudFormation template, a map with 'Resources'"]);
  }
  assertReadable(written.Transform, problems);
  const [parameters, mappings, members, outputs] = ["Parameters", "Mappings", "Resources", "Outputs"].map(
    (name) => membersOf(written[name], name, lineOf, problems),
  ) as [Members, Members, Members, Members];
  const resources = new Map(
    Object.entries(members).flatMap(([logicalId, body]) => {
      const line = lineOf("Resources", logicalId);
      const resource = readResource(logicalId, body, line, problems);
      return resource === undefined ? [] : [[logicalId, resource] as const];
    }),
  );
  const isServerless = transformsOf(written.Transform).some((name) => /^AWS::Serverless-/.test(name));
  if (!isServerless) problems.push(...missingDependencies(resources));
  if (problems.length > 0) throw new InvalidInputError(subject, problems);
  return {
    subject,
    file,
    isServerless,
    parameters,
    mappings,
    conditions: mapOf(written.Conditions) ?? {},
    resources,
    outputs,
    lineOf,
  };
}

function readResource(
  logicalId: string,
  body: WrittenMap,
  line: number | undefined,
  problems: string[],
): TemplateResource | undefined {
  const place = `'Resources.${logicalId}'${line === undefined ? "" : ` in line ${line}`}`;
  if (logicalId.startsWith("Fn::ForEach")) {
    problems.push(`${place} repeats resources, which only CloudFormation does; ${PROCESSED}`);
    return undefined;
  }
  const { Type: type, Properties: properties, Condition: condition } = body;
  if (typeof type !== "string") {
    problems.push(`${place} must have a 'Type' such as 'AWS::S3::Bucket', got ${show(type)}`);
    return undefined;
  }
  if (properties !== undefined && properties !== null && mapOf(properties) === undefined) {
    problems.push(`'Properties' of ${place} must be a map, got ${show(properties)}`);
    return undefined;
  }
  const written = writtenInAws(properties ?? null);
  if (written !== undefined) {
    problems.push(`${place} has properties by '${written}', which runs only in AWS; ${PROCESSED}`);
    return undefined;
  }
  const { "aws:cdk:path": constructPath, "aws:asset:path": assetPath } = mapOf(body.Metadata) ?? {};
  return {
    logicalId,
    type,
    properties: mapOf(properties) ?? {},
    dependsOn: [body.DependsOn ?? []].flat().map(String),
    ...(typeof condition === "string" ? { condition } : {}),
    ...(line === undefined ? {} : { line }),
    ...(typeof constructPath === "string" ? { constructPath } : {}),
    ...(typeof assetPath === "string" ? { assetPath } : {}),
  };
}

/** A loop, or a macro beside other members, anywhere in a value: either may write members that do not stand there. */
function writtenInAws(value: Written): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    return (value as readonly Written[]).map(writtenInAws).find((name) => name !== undefined);
  }
  const entries = Object.entries(value as WrittenMap);
  const own = entries.find(
    ([name]) => name.startsWith("Fn::ForEach") || (name === "Fn::Transform" && entries.length > 1),
  );
  return own?.[0] ?? entries.map(([, inner]) => writtenInAws(inner)).find((name) => name !== undefined);
}

const PROCESSED =
  "give what CloudFormation makes of the template: aws cloudformation get-template --template-stage Processed";

/** A macro may write anything, and runs only in AWS. */
function assertReadable(transform: Written | undefined, problems: string[]): void {
  for (const name of transformsOf(transform)) {
    if (HARMLESS_TRANSFORMS.some((harmless) => harmless.test(name))) continue;
    problems.push(
      `it is transformed by '${name}', which runs only in AWS and may write anything; ${PROCESSED}`,
    );
  }
}

function transformsOf(transform: Written | undefined): string[] {
  return [transform ?? []].flat().map((each) => (typeof each === "string" ? each : show(each)));
}

/** CloudFormation refuses a template with a resource that waits for one which it does not have. */
function missingDependencies(resources: ReadonlyMap<string, TemplateResource>): string[] {
  return [...resources.values()].flatMap(({ logicalId, line, dependsOn }) =>
    dependsOn
      .filter((other) => !resources.has(other))
      .map(
        (other) =>
          `'DependsOn' of 'Resources.${logicalId}'${line === undefined ? "" : ` in line ${line}`} names ${show(other)}, which the template does not have`,
      ),
  );
}

function membersOf(
  value: Written | undefined,
  name: string,
  lineOf: Template["lineOf"],
  problems: string[],
): Members {
  if (value === undefined || value === null) return {};
  const map = mapOf(value);
  if (map === undefined) {
    problems.push(`'${name}' must be a map, got ${show(value)}`);
    return {};
  }
  return Object.fromEntries(
    Object.entries(map).flatMap(([member, body]) => {
      const inner = mapOf(body);
      // A loop stands as a list; it is told where resources are read.
      if (inner !== undefined || member.startsWith("Fn::")) return [[member, inner ?? {}]];
      const line = lineOf(name, member);
      const place = `'${name}.${member}'${line === undefined ? "" : ` in line ${line}`}`;
      problems.push(`${place} must be a map, got ${show(body)}`);
      return [];
    }),
  );
}

export function mapOf(value: Written | undefined): WrittenMap | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as WrittenMap)
    : undefined;
}
