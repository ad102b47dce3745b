/** Reads stacks on their way from their CloudFormation templates: the calls to AWS that CloudFormation would make. */
import type { Call } from "../../resources/calls";
import { InvalidInputError, show } from "../../input/problems";
import { ACCOUNT_ID, REGION } from "../../naming/names";
import { grouped } from "../../util/grouping";
import type { Unread } from "../../snapshot/unread";
import type { Place } from "../../snapshot/places";
import type { SourceReading } from "../sourceReading";
import { circleIn } from "./circle";
import { StackEvaluation } from "./evaluation";
import { stackNameOf, type StackPlace, type StackSettings } from "./stackSettings";
import type { Value } from "./functions";
import { opaqueSentences } from "./opaque";
import { parametersOf } from "./parameters";
import { stacksMadeBy } from "./nestedStacks";
import { callsOf, makesCalls } from "./resourceCalls";
import { mapOf, placeOf, type Template, type TemplateResource } from "./template";

/** A template, and where it is deployed. */
export interface TemplateStack {
  readonly template: Template;
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  /** What the user says of parameters. */
  readonly parameters: ReadonlyMap<string, string | Unread>;
  /** Whether findings name constructs of CDK instead of logical ids. */
  readonly cdk?: boolean;
  /** What was made up to place it, a sentence each. */
  readonly assumptions?: readonly string[];
}

/** A stack whose parameters have their values. */
type PlacedStack = Omit<TemplateStack, "parameters">;

/**
 * @param stacks All that are deployed, so that one imports what another exports.
 * @throws InvalidInputError where CloudFormation would not take a template, or a parameter that counts has no value.
 */
export function readTemplates(stacks: readonly TemplateStack[]): SourceReading[] {
  assertPlaces(stacks);
  const exchange = new Exchange();
  const evaluations: { readonly stack: PlacedStack; readonly evaluation: StackEvaluation }[] = [];
  const open = (stack: PlacedStack, settings: StackSettings): StackEvaluation => {
    const evaluation = new StackEvaluation(stack.template, settings, exchange);
    exchange.stacks.push(evaluation);
    evaluations.push({ stack, evaluation });
    for (const { logicalId, template, settings: own } of stacksMadeBy(evaluation)) {
      const { cdk } = stack;
      const child = open({ ...own, template, ...(cdk === undefined ? {} : { cdk }) }, own);
      evaluation.nested.set(logicalId, (name) => outputOf(child, name, logicalId));
    }
    return evaluation;
  };
  for (const stack of stacks) {
    open(stack, { ...stack, parameters: parametersOf(stack.template, stack.parameters) });
  }
  const readings = evaluations.map(({ stack, evaluation }) => readStack(stack, evaluation));
  for (const { stack, evaluation } of evaluations) {
    if (evaluation.missingParameters.size === 0) continue;
    const ofStack = stack.cdk === true ? `${stack.stackName}:` : "";
    const remedy = (name: string) =>
      stacks.some(({ template }) => template === stack.template)
        ? `say '--parameter ${ofStack}${name}=<value>' after ${stack.cdk === true ? "--cdk" : "the template"}`
        : "give it in 'Parameters' of the stack that makes this one";
    throw new InvalidInputError(
      stack.template.subject,
      [...evaluation.missingParameters].map(
        (name) => `the parameter '${name}' has no value, and no default; ${remedy(name)}`,
      ),
    );
  }
  return readings;
}

/** @throws InvalidInputError for an output that the nested stack does not have. */
function outputOf(nested: StackEvaluation, name: string, logicalId: string): Value {
  const output = nested.template.outputs[name];
  if (output !== undefined) return nested.output(name, output.Value ?? null);
  throw new InvalidInputError(nested.template.subject, [
    `it has no output ${show(name)}, which the stack that makes it reads of '${logicalId}'`,
  ]);
}

function readStack(stack: PlacedStack, evaluation: StackEvaluation): SourceReading {
  const { template, accountId, region, stackName } = stack;
  const doubts: string[] = [];
  const made = [...template.resources.values()].filter(
    (resource) => makesCalls(resource.type) && evaluation.isMade(resource) !== false,
  );
  const calls = made.flatMap((resource) => {
    const what = `${placeOf(resource)} of ${template.subject}`;
    const place = placeIn(stack, resource);
    return callsOf(resource, evaluation, (why) => doubts.push(`${what}: ${why}`)).map((call): Call => ({
      ...call,
      account: accountId,
      region,
      known: "planned",
      subject: what,
      place,
      isNameGenerated: evaluation.identity(resource).isGenerated === true,
    }));
  });
  const circle = circleIn(evaluation.references);
  if (circle !== undefined) {
    throw new InvalidInputError(template.subject, [
      `its resources wait for each other, which CloudFormation refuses as a circular dependency: ${[...circle, circle[0]].join(" -> ")}; give one of them a name of its own and write that name where the circle closes`,
    ]);
  }
  const opaque = opaqueSentences(evaluation);
  return {
    subject: template.subject,
    calls,
    stacks: [
      {
        name: stackName,
        resources: [...template.resources.values()]
          .filter((resource) => made.includes(resource) || !makesCalls(resource.type))
          .map(({ type, logicalId }) => ({ type, name: logicalId, accountId })),
      },
    ],
    doubts: [...doubts, ...opaque, ...(opaque.length > 0 ? idleRoles(calls, template) : [])],
    assumptions: [
      ...(stack.assumptions ?? []),
      ...(evaluation.hasMadeUpNames
        ? ["the names and ids that CloudFormation generates are made up, the same in every run"]
        : []),
    ],
  };
}

function placeIn(
  { template, cdk, accountId, region, stackName }: PlacedStack,
  { logicalId, line, constructPath }: TemplateResource,
): Place {
  const stack = `${accountId}/${region}/${stackName}`;
  const where = { file: template.file, ...(line === undefined ? {} : { line }), stack };
  return cdk === true && constructPath !== undefined
    ? { tool: "cdk", address: constructPath.replace(/\/Resource$/, ""), ...where }
    : { tool: "cloudformation", address: logicalId, ...where };
}

/** A role that S3 may assume, and that no rule here uses, is the sign of a replication that something else puts. */
function idleRoles(calls: readonly Call[], template: Template): string[] {
  const used = new Set(
    calls.flatMap((call) =>
      call.operation === "s3:PutBucketReplication" ? [call.parameters.ReplicationConfiguration.Role] : [],
    ),
  );
  return calls.flatMap((call) => {
    if (call.operation !== "iam:CreateRole" || used.has(call.parameters.Arn)) return [];
    const trust = JSON.stringify(call.parameters.AssumeRolePolicyDocument);
    return /"s3\.amazonaws\.com"/.test(trust)
      ? [
          `the role ${call.parameters.Arn} (${call.subject}) trusts s3.amazonaws.com, and no rule of ${template.subject} uses it: something that is not read here may put a replication`,
        ]
      : [];
  });
}

/** Two stacks of one name cannot stand in one account and Region. */
function assertPlaces(stacks: readonly TemplateStack[]): void {
  for (const { template, accountId, region } of stacks) {
    const problems = [
      ...(ACCOUNT_ID.test(accountId) ? [] : [`its account ${ACCOUNT_ID.mustBe}, got ${show(accountId)}`]),
      ...(REGION.test(region) ? [] : [`its Region ${REGION.mustBe}, got ${show(region)}`]),
    ];
    if (problems.length > 0) throw new InvalidInputError(template.subject, problems);
  }
  const places = grouped(
    stacks,
    ({ accountId, region, stackName }) => `${stackName} of ${accountId} in ${region}`,
  );
  for (const [place, [first, second]] of places) {
    if (first === undefined || second === undefined) continue;
    throw new InvalidInputError(second.template.subject, [
      `the stack ${place} is that of ${first.template.subject} already; say another --stack-name, --account or --region after one of the templates`,
    ]);
  }
}

/** What stacks export and import. */
class Exchange {
  readonly stacks: StackEvaluation[] = [];
  private roles: readonly { readonly account: string; readonly name: string }[] | undefined;

  exported({ accountId, region }: StackSettings, name: string): Value {
    const found = this.stacks
      .filter(({ settings }) => settings.accountId === accountId && settings.region === region)
      .flatMap((stack) =>
        Object.entries(stack.template.outputs).flatMap(([outputName, output]) => {
          const exportName = mapOf(output.Export ?? null)?.Name;
          if (exportName === undefined || stack.output(outputName, exportName) !== name) return [];
          const { Condition: condition } = output;
          if (typeof condition === "string" && stack.condition(condition) === false) return [];
          return [{ stack, outputName, value: output.Value ?? null }];
        }),
      );
    const [first, second] = found;
    if (second !== undefined) {
      throw new InvalidInputError(second.stack.template.subject, [
        `the export ${show(name)} is one of ${first?.stack.template.subject} already: the names of exports are unique in an account and Region`,
      ]);
    }
    return first?.stack.output(first.outputName, first.value);
  }

  /** What people copy from a deployed stack into the other account's template. */
  writtenRoles(accountId: string): readonly string[] {
    this.roles ??= this.stacks.flatMap(({ template, settings }) =>
      [
        ...JSON.stringify([
          [...template.resources.values()].map(({ properties }) => properties),
          settings.parameters instanceof Map ? [...(settings.parameters as Map<string, unknown>)] : [],
        ]).matchAll(/:iam::(\d{12}):role\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)/g),
      ].map(([, account = "", name = ""]) => ({ account, name })),
    );
    return [...new Set(this.roles.filter(({ account }) => account === accountId).map(({ name }) => name))];
  }

  /**
   * Of stacks of one name in several places, the first one that has the output.
   * @param said The name, or that of the file which the name was made of.
   */
  output(said: string, outputName: string): Value {
    const names = [said, stackNameOf(said)];
    return this.stacks
      .filter(({ settings }) => names.includes(settings.stackName))
      .map(({ settings }) => this.outputIn(settings, outputName))
      .find((value) => value !== undefined);
  }

  outputIn({ stackName, accountId, region }: StackPlace, outputName: string): Value {
    const stack = this.stacks.find(
      ({ settings: own }) =>
        own.stackName === stackName && own.accountId === accountId && own.region === region,
    );
    const { Value: value = null, Condition: condition } = stack?.template.outputs[outputName] ?? {};
    // An output under a condition that is false is not there.
    const isThere = typeof condition !== "string" || stack?.condition(condition) !== false;
    return value === null || !isThere ? undefined : stack?.output(outputName, value);
  }

  /** CDK's custom resources write values of one Region where stacks of another read them. */
  carried({ accountId, region }: StackSettings, name: string): Value {
    for (const stack of this.stacks) {
      if (stack.settings.accountId !== accountId) continue;
      for (const resource of stack.template.resources.values()) {
        if (resource.type !== "Custom::CrossRegionExportWriter") continue;
        const props = mapOf(resource.properties.WriterProps ?? null);
        const exports = mapOf(props?.exports ?? null);
        if (props?.region !== region || exports === undefined || !Object.hasOwn(exports, name)) continue;
        return stack.output(resource.logicalId, exports[name] ?? null);
      }
    }
    return undefined;
  }
}
