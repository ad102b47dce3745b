/** Statements that stand in the way, written so that they no longer do, and do all else that they did. */
import type { Snapshot } from "../../accounts/snapshot";
import type { Advice, Missing, StatementPlace } from "../report";
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

/** Conditions to add to statements that are there, gathered: one statement can stand in the way of several roles. */
export class StatementsToNarrow {
  private readonly found = new Map<string, Rewriting>();

  constructor(private readonly snapshot: Snapshot) {}

  /**
   * A Deny stays for everybody else, and no longer applies to the role.
   * @param service Service that assumes the role.
   */
  exempt(missing: Missing, roleArn: string, denies: readonly StatementPlace[], service: string): void {
    const { where, action = "" } = missing;
    const narrowing: Narrowing =
      where === "trust policy"
        ? ["StringNotEquals", "aws:PrincipalServiceName", service]
        : ["ArnNotEquals", "aws:PrincipalArn", roleArn];
    for (const place of denies) {
      const reason = `statement ${nameOf(place)} of the ${where} denies ${action}; it must not apply to ${narrowing[2]}`;
      this.narrow(missing, roleArn, place, narrowing, reason);
    }
  }

  /**
   * S3 cuts a public policy off as a whole. Its public statements go on to grant what the block left of them, which is
   * what they grant the bucket's own account.
   */
  keepPrivate(missing: Missing, roleArn: string): void {
    const owner = this.snapshot.buckets[ownerOf(this.snapshot, missing, roleArn)]?.account ?? "";
    for (const place of missing.statements) {
      const reason = `statement ${nameOf(place)} makes the policy public, and RestrictPublicBuckets cuts public policies off; it must be for account ${owner}`;
      this.narrow(missing, roleArn, place, ["StringEquals", "aws:PrincipalAccount", owner], reason);
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

  private narrow(
    missing: Missing,
    roleArn: string,
    place: StatementPlace,
    narrowing: Narrowing,
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
    entry.statements.set(index, narrowed(entry.statements.get(index) ?? statement, narrowing));
    this.found.set(path, entry);
  }
}

function nameOf({ sid, index }: StatementPlace): string {
  return sid === undefined ? String(index) : `'${sid}'`;
}

function narrowed(statement: StatementJson, [operator, key, value]: Narrowing): StatementJson {
  const condition = (statement.Condition ?? {}) as Record<string, Record<string, unknown>>;
  const same = condition[operator] ?? {};
  const written = Object.keys(same).find((name) => name.toLowerCase() === key.toLowerCase()) ?? key;
  const before = same[written] === undefined ? [] : [same[written]].flat();
  if (before.includes(value)) return statement;
  return {
    ...statement,
    Condition: {
      ...condition,
      [operator]: { ...same, [written]: before.length === 0 ? value : [...before, value] },
    },
  };
}
