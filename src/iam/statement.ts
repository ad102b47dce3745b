/** Whether one statement applies to a request. */
import { compileCondition } from "./conditions";
import type { CompiledCondition } from "./conditions";
import type { Caller } from "./context";
import { compilePattern, testPattern } from "./pattern";
import type { Lookup, Pattern } from "./pattern";
import { isNamed, matchPrincipal } from "./principal";
import type { PrincipalMatch } from "./principal";
import { testResourcePattern } from "./resourcePattern";
import { every, everyOf, not, someOf, unique } from "./truth";
import type { Truth } from "./truth";
import type { PolicyDocument, Statement } from "./types";

/** What a statement is held against: a request in one world. */
export interface Circumstances {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly lookup: Lookup;
  /** Whether the role has a permission boundary. */
  readonly hasBoundary: Truth;
}

/** What the elements of a statement mean by their absence depends on where its document is attached. */
export interface StatementRules {
  /** Whether the Principal element counts; in an identity policy the principal is whom it is attached to. */
  readonly principals: boolean;
  /** Whether a statement without Resource applies, as in trust policies. A key policy's has no effect. */
  readonly appliesWithoutResource: boolean;
}

export interface StatementResult {
  readonly statement: Statement;
  /** How the statement applies, conditions included, by the way it names the caller. */
  readonly applies: PrincipalMatch;
  /** How the statement names the caller, whatever becomes of its conditions. */
  readonly names: PrincipalMatch;
  /** Condition keys that fail, where every other part of the statement matches or may match. */
  readonly failingKeys: readonly string[];
}

interface CompiledStatement {
  readonly statement: Statement;
  readonly actions: readonly Pattern[];
  /** Made when first asked for: most statements are about other actions or other principals. */
  readonly details: () => CompiledDetails;
}

interface CompiledDetails {
  readonly resources: readonly Pattern[] | undefined;
  readonly conditions: readonly CompiledCondition[];
}

const ATTACHED: PrincipalMatch = { session: true, role: true, account: true };

interface CompiledDocument {
  readonly statements: readonly CompiledStatement[];
  /** Statements about an action, by the action: the same few are asked about again and again. */
  readonly byAction: Map<string, readonly CompiledStatement[]>;
}

const compiledDocuments = new WeakMap<PolicyDocument, CompiledDocument>();

/** Every statement of a document whose action, principal and resource match or may match. */
export function applyDocument(
  document: PolicyDocument,
  circumstances: Circumstances,
  rules: StatementRules,
): readonly StatementResult[] {
  const results: StatementResult[] = [];
  for (const compiled of statementsAbout(circumstances.action, document)) {
    const result = applyStatement(compiled, circumstances, rules);
    if (result !== undefined) {
      results.push(result);
    }
  }
  return results;
}

/** The statements whose Action or NotAction takes an action in. */
function statementsAbout(action: string, document: PolicyDocument): readonly CompiledStatement[] {
  const { statements, byAction } = compile(document);
  let found = byAction.get(action);
  if (found === undefined) {
    found = statements.filter(
      ({ statement, actions }) =>
        actions.some((pattern) => testPattern(pattern, action, NOTHING_KNOWN) === true) ===
        (statement.notActions === undefined),
    );
    byAction.set(action, found);
  }
  return found;
}

/** Patterns of actions hold no policy variables, so that nothing is looked up. */
const NOTHING_KNOWN: Lookup = () => ({ state: "unknown" });

function compile(document: PolicyDocument): CompiledDocument {
  let compiled = compiledDocuments.get(document);
  if (compiled === undefined) {
    const statements = document.statements.map((statement) => compileStatement(statement, document.version));
    compiled = { statements, byAction: new Map() };
    compiledDocuments.set(document, compiled);
  }
  return compiled;
}

function compileStatement(statement: Statement, version: PolicyDocument["version"]): CompiledStatement {
  const action = (text: string): Pattern =>
    // Policy variables are for resources and conditions only.
    compilePattern(text, { version: "2008-10-17", ignoreCase: true });
  let details: CompiledDetails | undefined;
  return {
    statement,
    actions: (statement.actions ?? statement.notActions ?? []).map(action),
    details: () => (details ??= compileDetails(statement, version)),
  };
}

function compileDetails(statement: Statement, version: PolicyDocument["version"]): CompiledDetails {
  const resources = statement.resources ?? statement.notResources;
  return {
    resources: resources?.map((text) => compilePattern(text, { version })),
    conditions: statement.conditions.map((condition) => compileCondition(condition, version)),
  };
}

function applyStatement(
  compiled: CompiledStatement,
  circumstances: Circumstances,
  rules: StatementRules,
): StatementResult | undefined {
  const { statement } = compiled;
  const { caller, lookup } = circumstances;
  const principal = rules.principals
    ? matchPrincipal(statement, caller, circumstances.hasBoundary)
    : ATTACHED;
  if (isNamed(principal) === false) {
    return undefined;
  }
  const { resources, conditions: compiledConditions } = compiled.details();
  const resource = testResource(statement, resources, circumstances, rules);
  if (resource === false) {
    return undefined;
  }
  const conditions = everyOf(compiledConditions, (condition) => condition.test(lookup));
  const rest = every([resource, conditions]);
  return {
    statement,
    applies: {
      session: every([principal.session, rest]),
      role: every([principal.role, rest]),
      account: every([principal.account, rest]),
    },
    names: principal,
    failingKeys: conditions === false ? failingKeys(compiledConditions, lookup) : [],
  };
}

/** The first condition that fails settles the statement, but people want to see all that fail. */
function failingKeys(conditions: readonly CompiledCondition[], lookup: Lookup): readonly string[] {
  return unique(conditions.filter((condition) => condition.test(lookup) === false).map(({ key }) => key));
}

function testResource(
  statement: Statement,
  resources: readonly Pattern[] | undefined,
  { resource, lookup }: Circumstances,
  rules: StatementRules,
): Truth {
  if (resources === undefined) {
    return rules.appliesWithoutResource;
  }
  const named = someOf(resources, (pattern) => testResourcePattern(pattern, resource, lookup));
  return statement.notResources === undefined ? named : not(named);
}
