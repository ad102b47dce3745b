/** Statements to add, cut from the policies that our own components would deploy. */
import { accountRootArnOf, bucketArnWithin } from "../../naming/names";
import type { Snapshot } from "../../snapshot/snapshot";
import { parseArn, parsePolicy, type PolicyDocument } from "../../iam";
import type { StatementJson } from "../../replication/policies";
import type { PolicyBook } from "../policyBook";
import type { Advice, Missing, Where } from "../report/report";
import { actionMatcher, resourceMatcher } from "./matching";
import { documentsAt, ownerOf, pointer } from "./pointers";
import type { RecommendedPolicies } from "./recommendedStatements";
import { whyNot } from "./whyNot";

interface Addition {
  readonly where: Where;
  readonly resource: string;
  readonly statement: StatementJson;
  readonly actions: Set<string>;
  /** Why statements that are there do not count. */
  readonly mistakes: Set<string>;
  readonly roleArn: string;
  /** Where a policy of its own is to be appended. */
  readonly path?: string;
}

/** Missing actions are gathered, so that one statement is advised where one is enough. */
export class StatementsToAdd {
  private readonly found = new Map<string, Addition>();

  constructor(
    private readonly snapshot: Snapshot,
    private readonly book: PolicyBook,
  ) {}

  /** @param rulePrefix Prefix of the rule that takes the object. Left out: no rule is about it. */
  add(
    missing: Missing,
    action: string,
    roleArn: string,
    recommended: RecommendedPolicies,
    rulePrefix?: string,
  ): void {
    const { where, resource } = missing;
    const owner = ownerOf(this.snapshot, missing, roleArn);
    for (const statement of candidates(where, resource, action, recommended)) {
      if (this.isThere(where, owner, statement, action)) continue;
      for (const path of this.placesFor(where, owner, action, resource)) {
        const id = JSON.stringify([where, owner, statement, path]);
        const entry = this.found.get(id) ?? {
          where,
          resource: owner,
          statement,
          actions: new Set(),
          mistakes: new Set(),
          path,
          roleArn,
        };
        entry.actions.add(action);
        const documents = documentsAt(this.snapshot, where, owner);
        const mistake = whyNot(this.book, documents, action, resource, rulePrefix);
        if (mistake !== undefined) entry.mistakes.add(mistake);
        this.found.set(id, entry);
      }
    }
  }

  toAdvice(): Advice[] {
    return [...this.found.values()].map(
      ({ where, resource, statement, actions, mistakes, path, roleArn }) => {
        const [only, ...others] = actions;
        const added = {
          ...statement,
          Action: only !== undefined && others.length === 0 ? only : [...actions],
        };
        const namesake = this.namesakeIn(where, resource, roleArn);
        const instead = namesake === undefined ? "" : `, which names ${namesake}; the role is ${roleArn}`;
        const because = [...mistakes].map((mistake) => `; ${mistake}`).join("");
        const reason = `${[...actions].join(", ")} must be allowed in the ${where}${instead}${because}`;
        return path === undefined
          ? { where, resource, statement: added, reason }
          : { where, resource, change: { path, value: policyOfItsOwn(added) }, reason };
      },
    );
  }

  /** Whether a document has the statement already: of a key that source and replica share, one of two may be missing. */
  private isThere(where: Where, owner: string, wanted: StatementJson, action: string): boolean {
    const [condition] = parsePolicy({ Version: "2012-10-17", Statement: [wanted] }, where).statements;
    return documentsAt(this.snapshot, where, owner)
      .filter((document) => (document ?? null) !== null)
      .flatMap((document) => this.book.parse(document, where).statements)
      .some(
        (statement) =>
          statement.effect === "Allow" &&
          statement.actions?.includes(action) === true &&
          JSON.stringify([statement.principal, statement.resources, statement.conditions]) ===
            JSON.stringify([condition?.principal, condition?.resources, condition?.conditions]),
      );
  }

  /** A role of the same name under another path, or in another account, that documents name in its stead. */
  private namesakeIn(where: Where, owner: string, roleArn: string): string | undefined {
    const roleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
    const documents = documentsAt(this.snapshot, where, owner).map((document) =>
      typeof document === "string" ? document : JSON.stringify(document ?? null),
    );
    const named: readonly string[] =
      documents.join().match(/arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+/g) ?? [];
    if (named.includes(roleArn)) return undefined;
    return named.find((arn) => arn.endsWith(`/${roleName}`));
  }

  /** Whether the document grants it to the role beside the statements that are in the way. */
  isGrantedBeside({ where, resource, statements }: Missing, action: string, roleArn: string): boolean {
    const account = parseArn(roleArn)?.accountId ?? "";
    const names = [roleArn, account, accountRootArnOf(parseArn(roleArn)?.partition ?? "aws", account)];
    return documentsAt(this.snapshot, where, bucketArnWithin(resource) ?? resource)
      .filter((document) => (document ?? null) !== null)
      .some((document) => {
        const beside = this.book
          .parse(document, where)
          .statements.filter(
            ({ index, principal }) =>
              statements.every((place) => place.index !== index) &&
              typeof principal === "object" &&
              principal.AWS?.some((name) => names.includes(name)) === true,
          );
        return allowsPlainly({ statements: beside }, action, resource);
      });
  }

  /** Every level of an organization's policies must allow, and some do already; undefined stands for the document. */
  private placesFor(where: Where, owner: string, action: string, resource: string): (string | undefined)[] {
    if (where !== "service control policy") return [undefined];
    const levels = this.snapshot.accounts[owner]?.scps ?? [];
    return levels.flatMap((level, index) =>
      level.some((document) => allowsPlainly(this.book.parse(document, "scps"), action, resource))
        ? []
        : [pointer("accounts", owner, "scps", index, "-")],
    );
  }
}

function allowsPlainly(
  { statements }: Pick<PolicyDocument, "statements">,
  action: string,
  resource: string,
): boolean {
  return statements.some(
    ({ effect, actions = [], resources = [], conditions }) =>
      effect === "Allow" &&
      conditions.length === 0 &&
      actions.some((pattern) => actionMatcher(pattern)(action)) &&
      resources.some((pattern) => covers(pattern, resource)),
  );
}

/** What is missing in the policies of an account may be said of the account as a whole. */
function covers(pattern: string, resource: string): boolean {
  return /^\d{12}$/.test(resource) || resourceMatcher(pattern)(resource);
}

/** An organization's policies are attached as they are, and each is a document. */
function policyOfItsOwn({ Sid, Effect, Action, Resource }: StatementJson): unknown {
  return { Version: "2012-10-17", Statement: [{ Sid, Effect, Action, Resource }] };
}

/** Statements of the policies that our own components would deploy, which grant this action on this resource. */
function candidates(
  where: Where,
  resource: string,
  action: string,
  recommended: RecommendedPolicies,
): readonly StatementJson[] {
  const grants = (statement: StatementJson) =>
    [statement.Action].flat().includes(action) &&
    [statement.Resource ?? "*"].flat().some((pattern) => covers(pattern, resource));
  const bucketArn = bucketArnWithin(resource) ?? "";
  switch (where) {
    case "role policy":
    case "permission boundary":
    case "session policy":
    case "service control policy":
      return recommended.role.filter(grants);
    case "trust policy":
      return recommended.trust;
    case "destination bucket policy":
      return recommended.destinationBuckets.get(bucketArn)?.filter(grants) ?? [];
    case "destination key policy":
      return recommended.destinationKeys.get(resource)?.filter(grants) ?? [];
    case "source key policy":
      return recommended.sourceKey.filter(grants);
    case "source bucket policy":
      return sourceBucketStatements(recommended, resource, action);
    case "bucket setting":
    case "key state":
    case "rule":
    case "snapshot":
    // RCPFullAWSAccess is attached everywhere and allows everything: only a Deny can stand in the way.
    case "resource control policy":
      return [];
  }
}

/** A role of another account than the source bucket's: the bucket policy must allow what the role's policy allows. */
function sourceBucketStatements(
  recommended: RecommendedPolicies,
  resource: string,
  action: string,
): StatementJson[] {
  const [granted] = candidates("role policy", resource, action, recommended);
  const [key] = recommended.sourceKey;
  if (granted === undefined || key === undefined) return [];
  return [{ ...granted, Principal: key.Principal, Condition: { ArnEquals: key.Condition?.ArnEquals ?? {} } }];
}
