/** Which statements have a say in a request, by the rules of decisions: the others need not cut any classes. */
import {
  matchesPattern,
  parsePattern,
  type Policies,
  type PolicyDocument,
  type Request,
  type Statement,
} from "../../iam";
import { callerOf } from "../../iam/context";
import { parseOperator } from "../../iam/operators";
import { isNamed, matchPrincipal } from "../../iam/principal";
import { undecided } from "../../iam/truth";
import type { PermissionTarget } from "../../replication/permissions";
import { RESOURCE_POLICIES } from "../policyBook";
import type { StatementPlace, Where } from "../report/report";

/** A statement, and where a person finds it. */
export interface PlacedStatement {
  readonly document: PolicyDocument;
  readonly statement: Statement;
  readonly where: Where;
  readonly place: StatementPlace;
}

/** Every statement whose action and principal match or may match a request. */
export function statementsFor(
  request: Request,
  target: PermissionTarget,
  policies: Policies,
  names: ActionNames,
): PlacedStatement[] {
  const { identity, boundary, session, scps, rcps, resource } = policies;
  const caller = callerOf(request.principal);
  const hasBoundary = boundary === "unread" ? undecided() : boundary !== undefined && boundary !== null;
  const layers = [
    { where: "role policy", policies: identity, byPrincipal: false },
    { where: "permission boundary", policies: [boundary], byPrincipal: false },
    { where: "session policy", policies: session, byPrincipal: false },
    { where: "service control policy", policies: scps, byPrincipal: false },
    { where: "resource control policy", policies: rcps, byPrincipal: true },
    { where: RESOURCE_POLICIES[target], policies: [resource.policy], byPrincipal: true },
  ] as const;
  return layers.flatMap(({ where, policies: given, byPrincipal }) =>
    (given === undefined || given === "unread" ? [] : given.flat()).flatMap((policy) => {
      // What nobody could read leaves every key undecided alike.
      if (policy === undefined || policy === null || policy === "unread") return [];
      const { name, document } = policy;
      return document.statements
        .filter((statement) => names.matches(statement, request.action))
        .filter(
          (statement) => !byPrincipal || isNamed(matchPrincipal(statement, caller, hasBoundary)) !== false,
        )
        .map((statement) => {
          const { sid, index, effect } = statement;
          return { document, statement, where, place: { policy: name, sid, index, effect } };
        });
    }),
  );
}

/** Compares actions, each pair once: the same few patterns stand in the policies of many buckets. */
export class ActionNames {
  /** By action, then by pattern. */
  private readonly known = new Map<string, Map<string, boolean>>();

  matches({ actions, notActions }: Statement, action: string): boolean {
    let known = this.known.get(action);
    if (known === undefined) this.known.set(action, (known = new Map<string, boolean>()));
    for (const pattern of actions ?? notActions ?? []) {
      let matches = known.get(pattern);
      if (matches === undefined) {
        matches = matchesPattern(pattern.toLowerCase(), action.toLowerCase());
        known.set(pattern, matches);
      }
      if (matches) return notActions === undefined;
    }
    return notActions !== undefined;
  }
}

const keysByStatement = new WeakMap<Statement, readonly string[]>();

/** Condition keys that a statement reads, in conditions and in policy variables, in lower case. */
export function keysRead(source: PlacedStatement): readonly string[] {
  const { statement } = source;
  let keys = keysByStatement.get(statement);
  if (keys === undefined) {
    keys = [...statement.conditions, ...variablesOf(source)].map(({ key }) => key.toLowerCase());
    keysByStatement.set(statement, keys);
  }
  return keys;
}

export interface FoundVariable {
  readonly key: string;
  /** The pattern that it stands in. */
  readonly text: string;
  readonly conditionKey?: string;
}

const variablesByStatement = new WeakMap<Statement, readonly FoundVariable[]>();

export function variablesOf(source: PlacedStatement): readonly FoundVariable[] {
  const { statement } = source;
  let found = variablesByStatement.get(statement);
  if (found === undefined) {
    found = findVariables(source);
    variablesByStatement.set(statement, found);
  }
  return found;
}

function findVariables({ document: { version }, statement }: PlacedStatement): FoundVariable[] {
  const texts: { text: string; conditionKey?: string }[] = [
    ...(statement.resources ?? statement.notResources ?? []).map((text) => ({ text })),
    ...statement.conditions.flatMap(({ key, operator, values }) => {
      const base = parseOperator(operator)?.base;
      const hasVariables = base?.kind === "comparison" && base.syntax.variables;
      return hasVariables ? values.map((text) => ({ text, conditionKey: key })) : [];
    }),
  ];
  return texts
    .filter(({ text }) => text.includes("${"))
    .flatMap((found) =>
      parsePattern(found.text, { version }).flatMap((part) =>
        part.kind === "variable" ? [{ ...found, key: part.key }] : [],
      ),
    );
}

/** Grants compare the encryption context with texts, not with patterns. */
export function grantConstraints({ resource }: Policies): { readonly key: string; readonly value: string }[] {
  return (resource.grants ?? []).flatMap(({ encryptionContextSubset, encryptionContextEquals }) =>
    [encryptionContextSubset, encryptionContextEquals].flatMap((context) =>
      Object.entries(context ?? {}).map(([name, value]) => ({
        key: `kms:encryptioncontext:${name.toLowerCase()}`,
        value,
      })),
    ),
  );
}
