/** How a rule is made of what is said about it and how it judges. */
import {
  PolicyComplianceFramework,
  PolicyConfigSchema,
  ReportViolation,
  ResourceRemediation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { assertSettings, Config, SettingError } from "./config";
import { Resource } from "./resources/resource";
import { Stack } from "./resources/stack";
import { Field, Unknown, Unreadable, Value, describe, isUnknownValueError } from "./resources/values";

/** What is said about a rule, apart from how it judges. Every part is required. */
export interface About {
  name: string;
  displayName: string;
  description: string;
  severity: Severity;
  framework: PolicyComplianceFramework;
  tags: string[];
  remediationSteps: string;
  url: string;
  /** Default: "mandatory". */
  enforcementLevel?: "advisory" | "mandatory";
  /** Settings beside `exempt`, which every rule has. Default: {}. */
  settings?: PolicyConfigSchema["properties"];
}

const EXEMPT: PolicyConfigSchema["properties"] = {
  exempt: {
    type: "array",
    items: { type: "string" },
    default: [],
    description: "Names of the resources, as the program names them, that this rule leaves alone.",
  },
};

/**
 * A rule that needs one resource to judge. On `pulumi up` it stops the resource before it is made.
 * `remediate` runs only where an organisation sets this rule's level to "remediate".
 */
export function resourceRule(
  about: About,
  resourceTypes: readonly string[],
  judge: (resource: Resource, findings: Findings, config: Config) => void,
  remediate?: ResourceRemediation,
): ResourceValidationPolicy {
  const judged = new Set(resourceTypes);
  return {
    ...metadata(about),
    validateResource: (args, reportViolation) => {
      if (!judged.has(args.type)) return;
      const config = settingsOf(about, args.getConfig());
      const findings = new Findings(reportViolation, config);
      const resource = new Resource(args);
      findings.guard(resource, () => judge(resource, findings, config));
      findings.close();
    },
    ...(remediate && {
      remediateResource: (args) => {
        const exempt = settingsOf(about, args.getConfig()).strings("exempt").includes(args.name);
        return judged.has(args.type) && !exempt ? remediate(args) : undefined;
      },
    }),
  };
}

/** A rule that needs the whole stack to judge. The engine asks it at the end of a preview and of an update. */
export function stackRule(
  about: About,
  judge: (stack: Stack, findings: Findings, config: Config) => void,
): StackValidationPolicy {
  return {
    ...metadata(about),
    validateStack: (args, reportViolation) => {
      const config = settingsOf(about, args.getConfig());
      const findings = new Findings(reportViolation, config);
      judge(new Stack(args.resources), findings, config);
      findings.close();
    },
  };
}

function settingsOf({ name, settings = {} }: About, values: object): Config {
  assertSettings(name, values, Object.keys({ ...settings, ...EXEMPT }));
  return new Config(values);
}

function metadata({ settings, enforcementLevel, ...about }: About) {
  return {
    ...about,
    enforcementLevel: enforcementLevel ?? ("mandatory" as const),
    configSchema: { properties: { ...settings, ...EXEMPT } },
  };
}

/** What a rule has found so far: violations, said at once, and what it cannot know yet, said at the end. */
export class Findings {
  private readonly exempt: ReadonlySet<string>;
  private readonly unknowns: { where: string; cause: Error }[] = [];

  constructor(
    private readonly report: ReportViolation,
    config: Config,
  ) {
    this.exempt = new Set(config.strings("exempt"));
  }

  violation(resource: Named, message: string): void {
    if (!this.exempt.has(resource.name)) this.report(message, resource.urn);
  }

  /** The resource cannot be judged until the update, because this value, of it or of another, is not known before. */
  notYet(resource: Named, { path, owner, cause }: Unknown): void {
    if (this.exempt.has(resource.name)) return;
    const decides = owner === resource.name ? "" : `, which decides on '${resource.name}'`;
    this.unknowns.push({ where: `'${path}' of '${owner}'${decides}`, cause });
  }

  /** The resource is written in a way that the pack cannot read, which is not the same as compliant. */
  unreadable(resource: Named, path: string, found: string): void {
    this.violation(
      resource,
      `'${path}' of '${resource.name}' cannot be read by this rule: found ${found}. ` +
        `Write it in the documented shape, or put '${resource.name}' into the rule's 'exempt' once it was reviewed.`,
    );
  }

  /** Says what is wrong with one property unless its value is allowed, not known yet, or unreadable. */
  mustBe(resource: Named, field: Field, rule: Requirement): void {
    const { value } = field;
    if (value instanceof Unknown) this.notYet(resource, value);
    else if (value instanceof Unreadable) this.unreadable(resource, value.path, value.found);
    else if (!rule.allowed(value)) {
      const got = rule.got ?? describe;
      this.violation(
        resource,
        `'${field.path}' of '${resource.name}' must be ${rule.must}, got ${got(value)}. Write ${rule.write}.`,
      );
    }
  }

  /** Keeps one resource that cannot be judged from hiding the violations of the others. */
  guard(resource: Named, judge: () => void): void {
    try {
      judge();
    } catch (error) {
      if (error instanceof SettingError) throw error;
      if (isUnknownValueError(error)) this.notYet(resource, new Unknown("a property", resource.name, error));
      // The message of an error may quote the value that it stumbled over, so only its name is repeated.
      else this.unreadable(resource, "properties", `a shape that ends in ${errorName(error)}`);
    }
  }

  guardEach<T extends Named>(resources: readonly T[], judge: (resource: T) => void): void {
    for (const resource of resources) this.guard(resource, () => judge(resource));
  }

  /**
   * Tells the SDK what could not be judged, in the SDK's own way: its error, thrown again after everything else was
   * said, becomes an advisory message and never a violation.
   */
  close(): void {
    const first = this.unknowns[0];
    if (first === undefined) return;
    const places = new Set(this.unknowns.map(({ where }) => where));
    first.cause.message = `not known until the update, so judged then: ${[...places].join(", ")}; everything else was judged now`;
    throw first.cause;
  }
}

export interface Named {
  readonly name: string;
  readonly urn: string;
}

export interface Requirement {
  allowed: (value: Value) => boolean;
  /** What is allowed, as in "must be 'Enabled'". */
  must: string;
  /** The line to write. */
  write: string;
  /** How the value found is shown. Default: describe, which never shows what could be a secret. */
  got?: (value: Value) => string;
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
