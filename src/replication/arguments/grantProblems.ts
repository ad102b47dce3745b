/** Every mistake in what a destination says of its sources, beyond single values: as sentences. */
import { asObject, listOf } from "../../input/anyValue";
import { show } from "../../input/problems";
import { ORGANIZATION_PATHS } from "../../naming/names";
import { DEFAULTS } from "./arguments";

/** @param sources What is given as `sources`, whatever it is. */
export function grantProblems(sources: readonly unknown[], path: string): string[] {
  const seen = new Set<string>();
  return sources.flatMap((item, index) => {
    const grant = asObject(item);
    const field = `${path}sources[${index}]`;
    const problems = [...subjectProblems(grant, field), ...organizationProblems(grant, field)];
    const textOr = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
    const name = `${textOr(grant.rolePath, DEFAULTS.rolePath)}${textOr(grant.roleName, DEFAULTS.roleName)}`;
    const places = grant.paths === undefined ? "" : ` at ${show(grant.paths)}`;
    const role =
      grant.organizationId === undefined
        ? `role '${name}' of account ${show(grant.accountId)}`
        : `role '${name}' of organization ${show(grant.organizationId)}${places}`;
    if (seen.has(role)) {
      problems.push(`'${field}' must name another role than the ones before it, got ${role} twice`);
    }
    seen.add(role);
    return problems;
  });
}

function subjectProblems({ accountId, organizationId }: Record<string, unknown>, field: string): string[] {
  if ((accountId === undefined) !== (organizationId === undefined)) return [];
  return [
    `'${field}' must have either 'accountId' or 'organizationId', got ${accountId === undefined ? "neither" : "both"}`,
  ];
}

/** What only an organization has, and what it has not. */
function organizationProblems(grant: Record<string, unknown>, field: string): string[] {
  const { organizationId, paths, principal } = grant;
  const beginning = typeof organizationId === "string" ? `${organizationId}/` : "";
  if (organizationId === undefined) {
    return ["paths", "prefixPerAccount"]
      .filter((setting) => grant[setting] !== undefined)
      .map(
        (setting) =>
          `'${field}.${setting}' must be left out for a single account, got ${show(grant[setting])}; it is for an 'organizationId'`,
      );
  }
  return [
    ...(principal === "Role"
      ? [
          `'${field}.principal' must be left out for an organization, whose roles are named by a condition, got 'Role'`,
        ]
      : []),
    ...listOf(paths).flatMap((one, index) =>
      typeof one !== "string" || !ORGANIZATION_PATHS.test(one) || one.startsWith(beginning)
        ? []
        : [
            `'${field}.paths[${index}]' must begin with the 'organizationId', ${show(organizationId)}, got ${show(one)}`,
          ],
    ),
  ];
}
