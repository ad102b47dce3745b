/**
 * What `aws_iam_policy_document` (Pulumi: `getPolicyDocument`) makes of its arguments.
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/d/iam_policy_document.html.markdown
 */
import { writtenPolicy } from "../../iam";
import { at, either, listOf, text } from "./attributes";

export interface Statement {
  readonly Sid?: string;
  readonly [element: string]: unknown;
}

/** @param own The statements of the document itself. @param documents Those that it takes in, as JSON or objects. */
export function mergeStatements(
  own: readonly Statement[],
  documents: { readonly source: readonly unknown[]; readonly override: readonly unknown[] },
): Statement[] {
  const statements: Statement[] = documents.source.flatMap(statementsOf);
  for (const statement of [...own, ...documents.override.flatMap(statementsOf)]) {
    const { Sid: sid } = statement;
    const place = statements.findIndex((other) => sid !== undefined && sid !== "" && other.Sid === sid);
    if (place < 0) statements.push(statement);
    else statements[place] = statement;
  }
  return statements;
}

function statementsOf(document: unknown): Statement[] {
  return listOf(writtenPolicy(document)?.Statement) as Statement[];
}

/** The document as an object. */
export function policyDocument(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = listOf(either(inputs, "statement", "statements")).map(statementOf);
  const id = at(inputs, "policy_id");
  return {
    Version: text(inputs.version) || "2012-10-17",
    ...(id === undefined ? {} : { Id: id }),
    Statement: mergeStatements(own, {
      source: listOf(at(inputs, "source_policy_documents")),
      override: listOf(at(inputs, "override_policy_documents")),
    }),
  };
}

export function statementOf(statement: unknown): Statement {
  const given: [string, unknown][] = [
    ["Sid", at(statement, "sid")],
    ["Effect", at(statement, "effect") ?? "Allow"],
    ["Principal", principals(either(statement, "principals"))],
    ["NotPrincipal", principals(either(statement, "not_principals"))],
    ["Action", filledList(at(statement, "actions"))],
    ["NotAction", filledList(at(statement, "not_actions"))],
    ["Resource", variables(filledList(at(statement, "resources")))],
    ["NotResource", variables(filledList(at(statement, "not_resources")))],
    ["Condition", conditions(either(statement, "condition", "conditions"))],
  ];
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function filledList(values: unknown): unknown {
  return listOf(values).length === 0 ? undefined : values;
}

/** Policy variables are written `&{aws:username}`, as `${` begins an expression of Terraform's own. */
function variables(values: unknown): unknown {
  if (typeof values === "string") return values.replaceAll("&{", "${");
  return Array.isArray(values) ? values.map(variables) : values;
}

function principals(given: unknown): unknown {
  const byType: Record<string, unknown[]> = {};
  for (const one of listOf(given)) {
    const type = text(at(one, "type"));
    if (type === "*") return "*";
    (byType[type] ??= []).push(...listOf(variables(at(one, "identifiers"))));
  }
  return Object.keys(byType).length === 0 ? undefined : byType;
}

function conditions(given: unknown): Record<string, Record<string, unknown[]>> | undefined {
  const byTest: Record<string, Record<string, unknown[]>> = {};
  for (const one of listOf(given)) {
    const keys = (byTest[text(at(one, "test"))] ??= {});
    (keys[text(at(one, "variable"))] ??= []).push(...listOf(variables(at(one, "values"))));
  }
  return Object.keys(byTest).length === 0 ? undefined : byTest;
}
