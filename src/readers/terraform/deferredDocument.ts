/**
 * Policy documents that Terraform renders only in the apply: a plan has their statements, with what is unknown in them
 * missing. The text around a reference is not in a plan, so that an ARN and what lies behind it look alike: a statement
 * with something unknown is one that may be there for all of it.
 */
import { statementOf, type Statement } from "../awsProvider/policyDocument";
import { listOf, text } from "../awsProvider/attributes";
import { type Expression, isExpression, type Target } from "./configuration";
import { blocksOf } from "./writtenBlocks";

/** Finds what an expression of the document refers to. */
export interface References {
  readonly targets: (expression: Expression) => readonly Target[];
  /** ARN of a resource; undefined where nobody knows it. */
  readonly arnOf: (target: Target) => string | undefined;
  /** ARN of a role, where the target is one and nothing else. */
  readonly roleArnOf: (target: Target) => string | undefined;
}

type Written = Readonly<Record<string, unknown>>;

/**
 * @param written A statement block; what is unknown is missing, or null in a list.
 * @param unknown Mirrors it.
 * @param expressions Of the block; undefined where it is dynamic.
 * @param doubt Name of the condition key that nobody knows: it says where the unknown part stands.
 */
export function deferredStatements(
  written: Written,
  unknown: unknown,
  expressions: Written | undefined,
  doubt: string,
  references: References,
): Statement[] {
  const reading = new StatementReading(written, (unknown ?? {}) as Written, expressions, references);
  const statement = reading.read();
  if (!reading.isDoubtful) return [statement];
  const condition = (statement.Condition ?? {}) as Record<string, Record<string, unknown>>;
  const Condition = { ...condition, StringEquals: { ...condition.StringEquals, [doubt]: "true" } };
  const effects = reading.isUnknown("effect") ? ["Allow", "Deny"] : [statement.Effect];
  return effects.map((Effect) => ({ ...statement, Effect, Condition }));
}

class StatementReading {
  isDoubtful = false;

  constructor(
    private readonly written: Written,
    private readonly unknown: Written,
    private readonly expressions: Written | undefined,
    private readonly references: References,
  ) {}

  read(): Statement {
    this.isDoubtful = this.isUnknown("effect");
    const actions = this.strings("actions", () => ["*"]);
    const notActions = this.strings("not_actions", () => []);
    const resources = this.strings("resources", (count) => this.patterns(count));
    const notResources = this.strings("not_resources", () => []);
    const statement = statementOf({
      ...this.written,
      sid: this.written.sid ?? undefined,
      effect: this.written.effect ?? undefined,
      actions,
      not_actions: notActions,
      resources,
      not_resources: notResources,
      principals: this.principals("principals"),
      not_principals: this.principals("not_principals"),
      condition: this.conditions(),
    });
    const whole: Record<string, unknown> = { ...statement };
    // What only an unknown part would say: it may be anything.
    if (whole.Action === undefined && whole.NotAction === undefined) whole.Action = "*";
    if (this.isUnknown("not_resources") && whole.Resource === undefined) whole.Resource = "*";
    if (this.isUnknown("not_resources")) delete whole.NotResource;
    if (this.isUnknown("not_actions")) delete whole.NotAction;
    if (this.isUnknown("not_principals") && whole.NotPrincipal === "*") delete whole.NotPrincipal;
    const isOpen = this.isUnknown("principals") || this.isUnknown("not_principals");
    if (isOpen && whole.NotPrincipal === undefined) whole.Principal ??= "*";
    return whole;
  }

  /** Whether any part of an argument is unknown. */
  isUnknown(name: string): boolean {
    return holdsTrue(this.unknown[name]);
  }

  /** Known items of a list, with what stands for the unknown ones. */
  private strings(name: string, standIns: (count: number) => readonly string[]): string[] {
    const values = listOf(this.written[name]).filter((value): value is string => typeof value === "string");
    if (!this.isUnknown(name)) return values;
    this.isDoubtful = true;
    const marks = this.unknown[name];
    const count = Array.isArray(marks) ? marks.filter((mark) => mark === true).length : 0;
    return [...values, ...standIns(count)];
  }

  /** Patterns that the unknown resources lie in, whatever stands behind their ARNs. */
  private patterns(count: number): string[] {
    const expression = this.expressions?.resources as Expression | undefined;
    const targets = expression === undefined ? [] : this.references.targets(expression);
    const unknown = targets.filter(({ kind }) => kind !== "known");
    const arns = unknown.map((target) =>
      target.kind === "resource" && target.attribute === "arn" ? this.references.arnOf(target) : undefined,
    );
    if (unknown.length === 0 || (count > 0 && unknown.length > count)) return ["*"];
    return arns.every((arn) => arn !== undefined) ? [...new Set(arns.map((arn) => `${arn}*`))] : ["*"];
  }

  private principals(name: string): unknown[] {
    const marks = listOf(this.unknown[name]);
    const written = listOf(this.written[name]);
    // Blocks of a `dynamic` over something unknown.
    if (this.unknown[name] === true) this.isDoubtful = true;
    return written.map((principal, index) => {
      const { type, identifiers } = principal as Written;
      const mark = marks[index] as Written | true | undefined;
      const known = listOf(identifiers).filter((one) => typeof one === "string");
      if (!holdsTrue(mark)) return principal;
      // Several of one type are read together: each of them lets in whom any of them names.
      const blocks = blocksOf(this.expressions?.[name], written.length, principal) as Written[];
      const named = blocks.map(({ identifiers: expression }) => expression).filter(isExpression);
      const roles = (named.length < blocks.length ? [] : named)
        .flatMap((expression) => this.references.targets(expression))
        .filter(({ kind }) => kind !== "known")
        .map((target) => this.references.roleArnOf(target));
      const ofType = written.flatMap((other, place) =>
        (other as Written).type === type
          ? countUnknown((marks[place] as Written | undefined)?.identifiers)
          : [],
      );
      // Of more roles than there are unknown principals, a condition leaves some out.
      const isEachNamed = new Set(roles).size <= ofType.reduce((sum, count) => sum + count, 0);
      if (roles.length > 0 && isEachNamed && roles.every((arn) => arn !== undefined)) {
        return { type, identifiers: [...known, ...roles] };
      }
      this.isDoubtful = true;
      return { type: "*", identifiers: ["*"] };
    });
  }

  /** Conditions that are known; one that is not makes the statement doubtful. */
  private conditions(): unknown[] {
    const marks = listOf(this.unknown.condition);
    if (this.unknown.condition === true) this.isDoubtful = true;
    return listOf(this.written.condition).filter((condition, index) => {
      const isKnown = !holdsTrue(marks[index]) && text((condition as Written).test) !== "";
      if (!isKnown) this.isDoubtful = true;
      return isKnown;
    });
  }
}

/** How many items of a list are unknown; any number where the list itself is. */
function countUnknown(marks: unknown): number {
  if (marks === true) return Infinity;
  return Array.isArray(marks) ? marks.filter((mark) => mark === true).length : 0;
}

/** Whether a mirror of unknown values says that something is unknown. */
export function holdsTrue(mark: unknown): boolean {
  if (typeof mark !== "object" || mark === null) return mark === true;
  for (const name in mark) if (holdsTrue((mark as Readonly<Record<string, unknown>>)[name])) return true;
  return false;
}
