/** Evaluates a template as CloudFormation would in one account, Region and stack, and invents nothing that only AWS knows. */
import { InvalidInputError, show } from "../../input/problems";
import { findUnread } from "../../resources/values";
import { Unread } from "../../snapshot/unread";
import {
  asList,
  asText,
  FunctionProblem,
  PLAIN_FUNCTIONS,
  substitute,
  type Value,
  withoutDynamicReferences,
} from "./functions";
import { type Identity, identityOf } from "./identities";
import { askedOutput, type OtherStacks, pseudoParameters, type StackSettings } from "./stackSettings";
import { mapOf, placeOf, type Template, type TemplateResource } from "./template";
import type { Written } from "./templateText";
import { ONLY_WARNED_OF, WITHOUT_A_SAY } from "./withoutSay";

/** What a parameter's value begins with that is an output of another stack of the call: `output:archive.KeyArn`. */
const OUTPUT = "output:";

/** A condition that hangs on what is not known is neither. */
export type Truth = boolean | Unread;

export class StackEvaluation {
  /** Parameters without a value that something which counts needs. */
  readonly missingParameters = new Set<string>();
  /** Stacks that resources of it make, by their logical ids: what they put out is read there. */
  readonly nested = new Map<string, (outputName: string) => Value>();
  /** Whether a name or an id of a resource is made up. */
  hasMadeUpNames = false;
  private readonly identities = new Map<string, Identity>();
  private readonly truths = new Map<string, Truth>();
  /** What is being evaluated, outermost first: a circle comes back to one of them. */
  private readonly open: string[] = [];
  /** Logical ids that the properties of a resource refer to, where they were evaluated. */
  readonly references = new Map<string, Set<string>>();
  private evaluating: string | undefined;

  constructor(
    readonly template: Template,
    readonly settings: StackSettings,
    private readonly others: OtherStacks,
  ) {}

  /** Properties of a resource. @throws InvalidInputError for functions that CloudFormation would not take. */
  propertiesOf(resource: TemplateResource): { readonly [name: string]: Value } {
    this.evaluating = resource.logicalId;
    this.references.set(resource.logicalId, new Set(resource.dependsOn));
    try {
      return this.at(placeOf(resource), () =>
        Object.fromEntries(
          Object.entries(resource.properties).flatMap(([name, written]) => {
            if (WITHOUT_A_SAY.has(name)) return [];
            const value = ONLY_WARNED_OF.has(name) ? this.withoutAsking(written) : this.evaluate(written);
            return value === undefined ? [] : [[name, value] as const];
          }),
        ),
      );
    } finally {
      this.evaluating = undefined;
    }
  }

  /** A value that is not worth asking for a parameter. */
  private withoutAsking(written: Written): Value {
    const asked = new Set(this.missingParameters);
    const value = this.evaluate(written);
    for (const name of this.missingParameters) if (!asked.has(name)) this.missingParameters.delete(name);
    return value;
  }

  /** A value of a resource that has no say: no parameter is asked for. @param place What errors call it. */
  glanceAt(place: string, value: Written): Value {
    return this.at(place, () => this.withoutAsking(value));
  }

  /** Value of an output, as other stacks import it. */
  output(name: string, value: Written): Value {
    return this.valueAt(`the output '${name}'`, value);
  }

  /** A value that no call of its own takes. @param place What errors call it. */
  valueAt(place: string, value: Written): Value {
    return this.at(place, () => this.evaluate(value));
  }

  /** Whether a resource is made. */
  isMade({ condition }: TemplateResource): Truth {
    return condition === undefined || this.condition(condition);
  }

  /** What Ref and GetAtt say of a resource. */
  identity(resource: TemplateResource): Identity {
    const known = this.identities.get(resource.logicalId);
    if (known !== undefined) return known;
    const identity = this.at(placeOf(resource), () =>
      identityOf(
        resource,
        this.settings,
        (name) => this.evaluate(resource.properties[name] ?? null),
        this.others.writtenRoles(this.settings.accountId),
      ),
    );
    this.hasMadeUpNames ||= identity.isGenerated === true;
    this.identities.set(resource.logicalId, identity);
    return identity;
  }

  condition(name: string): Truth {
    const known = this.truths.get(name);
    if (known !== undefined) return known;
    const written = this.template.conditions[name];
    if (written === undefined)
      this.refuse(`names the condition ${show(name)}, which the template does not have`);
    const truth = this.at(`the condition '${name}'`, () => this.truthOf(written));
    this.truths.set(name, truth);
    return truth;
  }

  evaluate(written: Written): Value {
    if (written === null) return undefined;
    if (typeof written === "string") return withoutDynamicReferences(written);
    if (Array.isArray(written)) {
      return (written as readonly Written[])
        .map((item) => this.evaluate(item))
        .filter((item) => item !== undefined);
    }
    const entries = Object.entries(written as Readonly<Record<string, Written>>);
    const [[name, given] = ["", null]] = entries;
    if (entries.length === 1 && (name === "Ref" || name.startsWith("Fn::"))) {
      return withoutDynamicReferences(this.call(name, given));
    }
    return Object.fromEntries(
      entries.flatMap(([key, inner]) => {
        const value = this.evaluate(inner);
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  }

  private call(name: string, given: Written): Value {
    try {
      const own = Object.hasOwn(this.functions, name) ? this.functions[name] : undefined;
      if (own !== undefined) return own(given);
      const plain = Object.hasOwn(PLAIN_FUNCTIONS, name) ? PLAIN_FUNCTIONS[name] : undefined;
      if (plain !== undefined) return plain(this.evaluate(given));
    } catch (error) {
      if (error instanceof FunctionProblem) this.refuse(`says ${name}, which ${error.message}`);
      throw error;
    }
    return this.refuse(`says ${show(name)}, which is no function of CloudFormation`);
  }

  /** Functions that look into the template or out of it. */
  private readonly functions: Readonly<Record<string, (given: Written) => Value>> = {
    Ref: (given) => this.reference(asText(this.evaluate(given), "a name")),
    "Fn::GetAtt": (given) => {
      const parts = typeof given === "string" ? given.split(/\.(.*)/s).slice(0, 2) : (given as Written[]);
      const [logicalId, attribute] = asList(this.evaluate(parts), "a logical id and an attribute", 2);
      return attribute instanceof Unread
        ? attribute
        : this.attribute(asText(logicalId, "a logical id"), asText(attribute, "an attribute"));
    },
    "Fn::Sub": (given) => {
      const [text, names] = Array.isArray(given) ? (given as Written[]) : [given];
      const own = mapOf(names ?? null) ?? {};
      return substitute(asText(text as Value, "a text"), (name) => {
        if (Object.hasOwn(own, name)) return this.evaluate(own[name] ?? null);
        const dot = name.indexOf(".");
        return dot < 0 ? this.reference(name) : this.attribute(name.slice(0, dot), name.slice(dot + 1));
      });
    },
    "Fn::If": (given) => {
      const [condition, whenTrue = null, whenFalse = null] = asList(
        given as Value,
        "a condition and two values",
        3,
      );
      const truth = this.condition(asText(condition, "the name of a condition"));
      if (!(truth instanceof Unread)) return this.evaluate((truth ? whenTrue : whenFalse) as Written);
      const [one, other] = [this.evaluate(whenTrue as Written), this.evaluate(whenFalse as Written)];
      // Where both say the same, it does not matter which one it is.
      return JSON.stringify(one) === JSON.stringify(other) && findUnread(one) === undefined ? one : truth;
    },
    "Fn::FindInMap": (given) => {
      const [map, ...keys] = asList(this.evaluate(given), "a mapping and two keys");
      const unread = findUnread([map, keys.slice(0, 2)]);
      if (unread !== undefined) return unread;
      const names = [map, keys[0], keys[1]].map((name) => asText(name, "texts as its names"));
      const found = names.reduce<Written | undefined>((inner, name) => {
        const members = mapOf(inner ?? null);
        return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
      }, this.template.mappings);
      if (found !== undefined) return this.evaluate(found);
      const otherwise = keys[2];
      if (typeof otherwise === "object" && !(otherwise instanceof Unread) && "DefaultValue" in otherwise) {
        return otherwise.DefaultValue;
      }
      throw new FunctionProblem(`finds nothing at ${show(names.join("."))} in the mappings`);
    },
    "Fn::ImportValue": (given) => {
      const name = this.evaluate(given);
      if (name instanceof Unread) return name;
      const exportName = asText(name, "the name of an export");
      const { accountId, region } = this.settings;
      return (
        this.others.exported(this.settings, exportName) ??
        new Unread(
          `the export '${exportName}' of account ${accountId} in ${region}, which no template here makes (give the one that does as a --cloudformation of its own)`,
        )
      );
    },
    "Fn::GetStackOutput": (given) => {
      const asked = askedOutput(this.evaluate(given), this.settings);
      if (asked instanceof Unread) return asked;
      const { stackName, accountId, region, outputName } = asked;
      return (
        this.others.outputIn(asked, outputName) ??
        new Unread(
          `the output '${outputName}' of the stack '${stackName}' of ${accountId} in ${region}, which no template here makes (give the one that does as a --cloudformation of its own)`,
        )
      );
    },
    "Fn::Transform": (given) => {
      const name = mapOf(given)?.Name;
      return new Unread(`what the macro ${show(name)} writes, which runs only in AWS`);
    },
  };

  private reference(name: string): Value {
    const pseudo = pseudoParameters(this.settings);
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    if (Object.hasOwn(this.template.parameters, name)) {
      const value = this.settings.parameters.get(name);
      if (value === undefined) this.missingParameters.add(name);
      if (typeof value === "string" && value.startsWith(OUTPUT))
        return this.outputOf(value.slice(OUTPUT.length));
      return value ?? new Unread(`the parameter '${name}'`);
    }
    const generated = this.generatedBySam(name);
    return generated ?? this.identity(this.resource(name)).ref;
  }

  /** What SAM makes of its own types: `MyFunctionRole`, `ServerlessRestApi`. */
  private generatedBySam(name: string): Unread | undefined {
    const { isServerless, resources } = this.template;
    if (!isServerless || resources.has(name)) return undefined;
    return new Unread(`'${name}', which the template does not have and AWS SAM may add`);
  }

  /** `<stack>.<output>`: what a stack of the call puts out, as people carry it from one account to another. */
  private outputOf(said: string): Value {
    const dot = said.lastIndexOf(".");
    const [stackName, outputName] = [said.slice(0, dot), said.slice(dot + 1)];
    return (
      this.others.output(stackName, outputName) ??
      new Unread(`the output '${outputName}' of the stack '${stackName}', which no template here makes`)
    );
  }

  private attribute(logicalId: string, attribute: string): Value {
    const generated = this.generatedBySam(logicalId);
    if (generated !== undefined) return generated;
    const resource = this.resource(logicalId);
    const [, output] = /^Outputs\.(.+)$/s.exec(attribute) ?? [];
    const nested = output === undefined ? undefined : this.nested.get(logicalId);
    if (output !== undefined && nested !== undefined) return nested(output);
    if (resource.type === "Custom::CrossRegionExportReader") {
      const carried = this.others.carried(this.settings, attribute);
      if (carried !== undefined) return carried;
    }
    const { attributes } = this.identity(resource);
    return (
      (Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined) ??
      new Unread(`'${attribute}' of ${placeOf(resource)} (${resource.type})`)
    );
  }

  /** A resource that something refers to. */
  private resource(logicalId: string): TemplateResource {
    const resource = this.template.resources.get(logicalId);
    if (resource === undefined) {
      return this.refuse(
        `refers to ${show(logicalId)}, which is neither a parameter nor a resource of the template`,
      );
    }
    if (this.isMade(resource) === false) {
      return this.refuse(
        `refers to '${logicalId}', which is not made, as its condition '${resource.condition}' is false`,
      );
    }
    if (this.evaluating !== undefined) this.references.get(this.evaluating)?.add(logicalId);
    return resource;
  }

  private truthOf(written: Written): Truth {
    const [[name, given] = ["", null]] = Object.entries(mapOf(written) ?? {});
    const each = () => {
      if (!Array.isArray(given))
        return this.refuse(`says ${show(name)}, which must have a list of conditions`);
      return (given as readonly Written[]).map((inner) => this.truthOf(inner));
    };
    switch (name) {
      case "Condition":
        return this.condition(typeof given === "string" ? given : JSON.stringify(given));
      case "Fn::Equals": {
        const values = this.evaluate(given);
        if (!Array.isArray(values) || values.length !== 2)
          return this.refuse("says Fn::Equals, which must have two values");
        return findUnread(values) ?? JSON.stringify(values[0]) === JSON.stringify(values[1]);
      }
      case "Fn::Not": {
        const [truth = false] = each();
        return truth instanceof Unread ? truth : !truth;
      }
      case "Fn::And": {
        const truths = each();
        return truths.includes(false) ? false : (truths.find((truth) => truth instanceof Unread) ?? true);
      }
      case "Fn::Or": {
        const truths = each();
        return truths.includes(true) ? true : (truths.find((truth) => truth instanceof Unread) ?? false);
      }
      default:
        return this.refuse(
          `must be one of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition, got ${show(name === "" ? written : name)}`,
        );
    }
  }

  /** Evaluates at a place, which errors name. */
  private at<T>(place: string, evaluate: () => T): T {
    const from = this.open.indexOf(place);
    // A resource's properties may name the resource itself no more than CloudFormation allows.
    if (from >= 0) this.refuse(`refers to itself: ${[...this.open.slice(from), place].join(" -> ")}`);
    this.open.push(place);
    try {
      return evaluate();
    } finally {
      this.open.pop();
    }
  }

  private refuse(problem: string): never {
    throw new InvalidInputError(this.template.subject, [`${this.open.at(-1) ?? "it"} ${problem}`]);
  }
}
