/** Statements that stand in the way, written so that they no longer do, and do all else that they did. */
import type { Snapshot } from "../../snapshot/snapshot";
import { oneOrMany } from "../../replication/policies";
import type { Advice, Missing, StatementPlace } from "../report/report";
import { findStatement, ownerOf, type WrittenStatement } from "./pointers";

type Narrowing = readonly [operator: string, key: string, value: string];
type StatementJson = Readonly<Record<string, unknown>>;

/** What is set at one path: a statement, or a document with several. */
interface Rewriting {
  readonly missing: Missing;
  readonly resource: string;
  readonly written: WrittenStatement;
  /** By place in the document. */
  readonly statements: Map<number, StatementJson>;
  readonly reason: string;
}

/** How a trust policy says for which bucket a service may assume the role, in a form that can be loosened. */
const GUARD = {
  keys: ["aws:sourcearn", "aws:sourceaccount"],
  operator: /^(String|Arn)(Equals|Like)(IfExists)?$/,
};

/** Conditions to change in statements that are there, gathered: one statement can stand in the way of several roles. */
export class StatementsToRewrite {
  private readonly found = new Map<string, Rewriting>();

  constructor(private readonly snapshot: Snapshot) {}

  /**
   * A Deny stays for everybody else, and no longer applies to the role.
   * @param service Service that assumes the role.
   */
  exempt(missing: Missing, roleArn: string, denies: readonly StatementPlace[], service: string): void {
    const { where, action = "" } = missing;
    // Who assumes the role is the service, whatever document denies it.
    const isService = where === "trust policy" || action === "sts:AssumeRole";
    for (const place of denies) {
      const narrowing: Narrowing = !isService
        ? ["ArnNotEquals", "aws:PrincipalArn", roleArn]
        : where === "trust policy" || this.isForServices(missing, roleArn, place)
          ? ["StringNotEquals", "aws:PrincipalServiceName", service]
          : ["BoolIfExists", "aws:PrincipalIsAWSService", "false"];
      const whom = isService ? service : roleArn;
      const reason = `statement ${nameOf(place)} of the ${where} denies ${action}; it must not apply to ${whom}`;
      this.rewrite(missing, roleArn, place, (statement) => narrowed(statement, narrowing), reason);
    }
  }

  /** Whether a statement asks already whether a service calls: one more value would widen it to everybody. */
  private isForServices(missing: Missing, roleArn: string, place: StatementPlace): boolean {
    const resource = ownerOf(this.snapshot, missing, roleArn);
    const statement = findStatement(this.snapshot, missing.where, resource, place)?.statement;
    return comparisons(statement).some(({ key }) => key.toLowerCase() === "aws:principalisawsservice");
  }

  /**
   * A guard of the trust policy against confused deputies stays, for this bucket too, and holds whether or not S3 sends
   * the keys that it asks for: no page of AWS says that it does.
   * @returns Whether it is such guards, and nothing else, that stand in the way.
   */
  widenGuard(missing: Missing, roleArn: string, bucketArn: string): boolean {
    const { where, keys, statements } = missing;
    if (where !== "trust policy" || statements.length === 0) return false;
    const written = statements.map((place) => findStatement(this.snapshot, where, roleArn, place)?.statement);
    if (!written.every((statement) => isGuarded(statement, keys))) return false;
    const values: ReadonlyMap<string, string> = new Map([
      ["aws:sourcearn", bucketArn],
      ["aws:sourceaccount", this.snapshot.buckets[bucketArn]?.account ?? ""],
    ]);
    for (const place of statements) {
      const reason = `statement ${nameOf(place)} of the trust policy asks for ${keys.join(" and ")}, which no page of AWS says that S3 sends: with IfExists it holds either way`;
      this.rewrite(missing, roleArn, place, (statement) => guarded(statement, values), reason);
    }
    return true;
  }

  /**
   * S3 cuts a public policy off as a whole. Its public statements go on to grant what the block left of them, which is
   * what they grant the bucket's own account.
   */
  keepPrivate(missing: Missing, roleArn: string): void {
    const owner = this.snapshot.buckets[ownerOf(this.snapshot, missing, roleArn)]?.account ?? "";
    for (const place of missing.statements) {
      const reason = `statement ${nameOf(place)} makes the policy public, and RestrictPublicBuckets cuts public policies off; it must be for account ${owner}`;
      const narrowing: Narrowing = ["StringEquals", "aws:PrincipalAccount", owner];
      this.rewrite(missing, roleArn, place, (statement) => narrowed(statement, narrowing), reason);
    }
  }

  toAdvice(): Advice[] {
    return [...this.found].map(([path, { missing, resource, written, statements, reason }]) => ({
      where: missing.where,
      resource,
      change: { path, value: written.with(statements) },
      reason,
    }));
  }

  private rewrite(
    missing: Missing,
    roleArn: string,
    place: StatementPlace,
    change: (statement: StatementJson) => StatementJson,
    reason: string,
  ): void {
    const resource = ownerOf(this.snapshot, missing, roleArn);
    const written = findStatement(this.snapshot, missing.where, resource, place);
    if (written === undefined) return;
    const { path, index, statement } = written;
    const entry = this.found.get(path) ?? {
      missing,
      resource,
      written,
      statements: new Map<number, StatementJson>(),
      reason,
    };
    entry.statements.set(index, change(entry.statements.get(index) ?? statement));
    this.found.set(path, entry);
  }
}

function nameOf({ sid, index }: StatementPlace): string {
  return sid === undefined ? String(index) : `'${sid}'`;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function narrowed(statement: StatementJson, [operator, key, value]: Narrowing): StatementJson {
  const condition = (statement.Condition ?? {}) as Conditions;
  const same = condition[operator] ?? {};
  const written = Object.keys(same).find((name) => name.toLowerCase() === key.toLowerCase()) ?? key;
  const before = same[written] === undefined ? [] : [same[written]].flat();
  if (before.includes(value)) return statement;
  return {
    ...statement,
    Condition: { ...condition, [operator]: { ...same, [written]: oneOrMany([...before, value]) } },
  };
}

/** Whether the keys that decide are those of a guard, and only in comparisons that one more value widens. */
function isGuarded(statement: StatementJson | undefined, keys: readonly string[]): boolean {
  const compared = comparisons(statement).filter(({ key }) => isOfGuard(key));
  return keys.every(isOfGuard) && compared.every(({ operator }) => GUARD.operator.test(operator));
}

function isOfGuard(key: string): boolean {
  return GUARD.keys.includes(key.toLowerCase());
}

/** @param values By key, in lower case: what has to be let in beside what is. */
function guarded(statement: StatementJson, values: ReadonlyMap<string, string>): StatementJson {
  const condition: Record<string, Record<string, unknown>> = {};
  for (const { operator, key, allowed } of comparisons(statement)) {
    const value = values.get(key.toLowerCase());
    const name = value === undefined || operator.endsWith("IfExists") ? operator : `${operator}IfExists`;
    (condition[name] ??= {})[key] =
      value === undefined ? allowed : oneOrMany([...new Set([allowed, value].flat())]);
  }
  return { ...statement, Condition: condition };
}

function comparisons(statement: StatementJson | undefined) {
  return Object.entries((statement?.Condition ?? {}) as Conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, allowed]) => ({ operator, key, allowed })),
  );
}
