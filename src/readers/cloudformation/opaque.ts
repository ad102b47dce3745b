/** What a template makes that nobody can read in it: nested stacks, StackSets, modules, types of others, custom resources. */
import type { StackEvaluation } from "./evaluation";
import { makesCalls } from "./resourceCalls";
import { placeOf, type TemplateResource } from "./template";
import type { Written } from "./templateText";

/** Custom resources of CDK and of AWS's samples that set nothing which has a say in replication. */
const HARMLESS = new Set([
  "Custom::S3AutoDeleteObjects",
  "Custom::CDKBucketDeployment",
  "Custom::S3BucketNotifications",
  "Custom::LogRetention",
  "Custom::VpcRestrictDefaultSG",
  "Custom::CrossRegionExportWriter",
  "Custom::CrossRegionExportReader",
  "Custom::CDKECRAutoDeleteImages",
  "Custom::CrossAccountZoneDelegation",
  "Custom::DynamoDBReplica",
  "Custom::S3EnableEventBridge",
]);

/** What may make or change a bucket, a key or a role, by the name that somebody gave the custom resource. */
const ABOUT_REPLICATION = /s3|bucket|repli|kms|key|polic|role|grant/i;

/** The service of a call that CDK writes as JSON text, in a resource that makes any call of AWS. */
const CALL_OF_AWS = /service\\*"\s*:\s*\\*"(@aws-sdk\/client-)?(s3|s3-?control|kms|iam)\\*"/i;

/** Any call of AWS that CDK writes so. */
const CALL = /service\\*"\s*:/i;
const ACTION = /action\\*"\s*:\s*\\*"(\w+)\\*"/gi;

const READS = /^(get|list|head|describe)/i;

/** A sentence for each resource whose doings may have a say; nothing that depends on them is proven. */
export function opaqueSentences(stack: StackEvaluation): string[] {
  const { template } = stack;
  return [...template.resources.values()].flatMap((resource) => {
    if (stack.isMade(resource) === false) return [];
    if (stack.nested.has(resource.logicalId)) return [];
    const what = `${placeOf(resource)} of ${template.subject} (${resource.type})`;
    switch (resource.type) {
      case "AWS::CloudFormation::Stack":
        return [
          `${what} is a nested stack, and what its template makes is not read, as it is not beside this one: give it as a --cloudformation of its own`,
        ];
      case "AWS::CloudFormation::StackSet":
        return [
          `${what} makes stacks in other accounts, and what their template makes is not read: give it as a --cloudformation of its own`,
        ];
      default:
        if (resource.type.endsWith("::MODULE")) {
          return [
            `${what} is a module, and what its resources are is not read: give what CloudFormation makes of the template (aws cloudformation get-template --template-stage Processed)`,
          ];
        }
        return isCustom(resource) && mayMatter(resource, stack)
          ? [
              `${what} runs code of its own, which may make or change buckets, keys, roles or replication: nobody can read it in a template`,
            ]
          : [];
    }
  });
}

/** Resources that are not of AWS: those of custom resources, and of types that others registered. */
function isCustom({ type }: TemplateResource): boolean {
  return (!type.startsWith("AWS::") || type === "AWS::CloudFormation::CustomResource") && !HARMLESS.has(type);
}

function mayMatter(resource: TemplateResource, stack: StackEvaluation): boolean {
  if (onlyReads(resource)) return false;
  if ([resource.type, resource.logicalId].some((name) => ABOUT_REPLICATION.test(name))) return true;
  const said = Object.fromEntries(
    Object.entries(resource.properties).filter(([name]) => name !== "ServiceToken"),
  );
  // What is written tells the calls where a part of them is not known; a name may be made of parts.
  const text = JSON.stringify([said, stack.glanceAt(placeOf(resource), said)]);
  if (CALL_OF_AWS.test(text) || namesIn(stack).some((name) => isNamed(name, text))) return true;
  return referred(said).some((logicalId) => {
    const other = stack.template.resources.get(logicalId);
    return other !== undefined && makesCalls(other.type);
  });
}

/** Whether it makes calls of AWS, as CDK writes them (AwsCustomResource), and each of them only asks. */
function onlyReads({ properties }: TemplateResource): boolean {
  const calls = ["Create", "Update", "Delete"].flatMap((name) =>
    properties[name] === undefined ? [] : [JSON.stringify(properties[name])],
  );
  const actions = calls.map((call) => [...call.matchAll(ACTION)].map(([, action = ""]) => action));
  return (
    calls.length > 0 &&
    calls.every((call) => CALL.test(call)) &&
    actions.every((each) => each.length > 0 && each.every((one) => READS.test(one)))
  );
}

/** Whether a text has a name that is not a part of a longer one: `data` is not named in `database`. */
function isNamed(name: string, json: string): boolean {
  // Letters of an escape are no part of a name; behind a backslash that stands for itself they are.
  const escapes = [/\\+(u[\da-f]{4}|[bfnrt])|%[\da-f]{2}/gi, /\\+/g];
  return escapes.some((escape) => isWordIn(json.replaceAll(escape, " "), name));
}

function isWordIn(text: string, name: string): boolean {
  const isPart = (character: string | undefined) => character !== undefined && /[\w-]/.test(character);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + name.length])) return true;
  }
  return false;
}

/** Names, written in the template, of what it makes and what has a say. */
function namesIn(stack: StackEvaluation): string[] {
  return [...stack.template.resources.values()].flatMap((resource) => {
    if (!makesCalls(resource.type) || stack.isMade(resource) === false) return [];
    const { ref, isGenerated } = stack.identity(resource);
    return typeof ref === "string" && isGenerated === false ? [ref] : [];
  });
}

/** Logical ids that a value refers to, whichever function does it. */
function referred(value: Written): string[] {
  if (typeof value === "string")
    return [...value.matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, name = ""]) => name);
  if (value === null) return [];
  if (Array.isArray(value)) return (value as Written[]).flatMap(referred);
  return Object.entries(value).flatMap(([name, inner]: [string, Written]) => {
    if (name === "Ref" && typeof inner === "string") return [inner];
    if (name === "Fn::GetAtt" && Array.isArray(inner)) return [String(inner[0])];
    return referred(inner);
  });
}
