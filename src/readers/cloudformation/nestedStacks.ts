/** Stacks that a template makes: nested ones, and those of a StackSet whose accounts it names. */
import { InvalidInputError } from "../../input/problems";
import { at, listOf } from "../../resources/values";
import { Unread } from "../../snapshot/unread";
import type { StackEvaluation } from "./evaluation";
import type { Value } from "./functions";
import { identityOf } from "./identities";
import { NESTED_STACK } from "./nestedTemplates";
import type { ParameterValue } from "./parameters";
import type { StackSettings } from "./stackSettings";
import { mapOf, parseTemplate, placeOf, type Template, type TemplateResource } from "./template";
import type { Written } from "./templateText";

export const STACK_SET = "AWS::CloudFormation::StackSet";

/** A stack that another one makes. */
export interface MadeStack {
  readonly logicalId: string;
  readonly template: Template;
  readonly settings: StackSettings;
}

/** Stacks that a stack makes for sure, and whose templates are there. */
export function stacksMadeBy(parent: StackEvaluation): MadeStack[] {
  const made: MadeStack[] = [];
  for (const resource of parent.template.resources.values()) {
    if (resource.type !== NESTED_STACK && resource.type !== STACK_SET) continue;
    if (parent.isMade(resource) !== true) continue;
    const template = parent.template.nested?.get(resource.logicalId);
    if (template !== undefined) made.push(nestedStack(parent, resource, template));
    else if (resource.type === STACK_SET) made.push(...instancesOf(parent, resource));
  }
  return made;
}

function nestedStack(parent: StackEvaluation, resource: TemplateResource, template: Template): MadeStack {
  const { logicalId } = resource;
  const given = mapOf(resource.properties.Parameters ?? null) ?? {};
  const { accountId, region } = parent.settings;
  const stackName = generatedName(parent, logicalId);
  const parameters = passedParameters(parent, resource, template, given);
  return { logicalId, template, settings: { accountId, region, stackName, parameters } };
}

/** Nested stacks have names such as `parent-Nested-1ABCDEF`. */
function generatedName({ settings }: StackEvaluation, logicalId: string): string {
  const asRole = { logicalId, type: "AWS::IAM::Role", properties: {}, dependsOn: [] };
  const { ref } = identityOf(asRole, settings, () => undefined);
  return typeof ref === "string" ? ref : logicalId;
}

/** Stacks of a StackSet: none where it says organizational units, whose accounts a template does not tell. */
function instancesOf(parent: StackEvaluation, resource: TemplateResource): MadeStack[] {
  const { logicalId, properties } = resource;
  const what = placeOf(resource);
  const body = parent.valueAt(what, properties.TemplateBody ?? null);
  const groups = parent.valueAt(what, properties.StackInstancesGroup ?? null);
  if (typeof body !== "string" || groups instanceof Unread) return [];
  const { file, subject } = parent.template;
  const template = parseTemplate(body, `${what} of ${subject}`, file);
  const given = Object.fromEntries(
    (Array.isArray(properties.Parameters) ? (properties.Parameters as readonly Written[]) : []).flatMap(
      (one) => {
        const { ParameterKey: name, ParameterValue: value = null } = mapOf(one) ?? {};
        return typeof name === "string" ? [[name, value] as const] : [];
      },
    ),
  );
  const instances = listOf(groups).map((group) => {
    const targets = at(group, "DeploymentTargets");
    const accounts = (targets as { Accounts?: Value } | undefined)?.Accounts;
    const regions = (group as { Regions?: Value } | undefined)?.Regions;
    const isKnown = [...listOf(accounts), ...listOf(regions)].every((one) => typeof one === "string");
    const isOther = at(group, "ParameterOverrides") !== undefined;
    if (!isKnown || isOther || at(targets, "OrganizationalUnitIds") !== undefined) return undefined;
    return (listOf(accounts) as string[]).flatMap((accountId) =>
      (listOf(regions) as string[]).map((region): MadeStack => {
        const stackName = `StackSet-${logicalId}-${accountId}-${region}`;
        const parameters = passedParameters(parent, resource, template, given);
        return { logicalId, template, settings: { accountId, region, stackName, parameters } };
      }),
    );
  });
  const known = instances.filter((group) => group !== undefined);
  return known.length === instances.length ? known.flat() : [];
}

/** Parameters that the parent passes, each evaluated when it is asked for: it may be what another stack puts out. */
function passedParameters(
  parent: StackEvaluation,
  resource: TemplateResource,
  template: Template,
  given: Readonly<Record<string, Written>>,
): StackSettings["parameters"] {
  const open = new Set<string>();
  return {
    get: (name) => {
      const body = template.parameters[name] ?? {};
      if (!Object.hasOwn(given, name)) return typeof body.Default === "string" ? body.Default : undefined;
      if (open.has(name)) {
        throw new InvalidInputError(parent.template.subject, [
          `the parameter '${name}' of ${placeOf(resource)} hangs on itself`,
        ]);
      }
      open.add(name);
      const value = parent.valueAt(`the parameter '${name}' of ${placeOf(resource)}`, given[name] ?? null);
      open.delete(name);
      return asParameter(value, name, body.Type);
    },
  };
}

function asParameter(value: Value, name: string, type: Written | undefined): ParameterValue | undefined {
  if (value === undefined || value instanceof Unread) return value;
  const isList = typeof type === "string" && (type === "CommaDelimitedList" || type.startsWith("List<"));
  if (typeof value === "string") return isList ? value.split(",").map((item) => item.trim()) : value;
  const items = listOf(value);
  return items.every((item) => typeof item === "string")
    ? items
    : new Unread(`the parameter '${name}', of which a part is not known`);
}
