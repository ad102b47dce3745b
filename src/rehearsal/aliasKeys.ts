/** Requests for a key of which only an alias is known. */
import { decide, type Decision, parseArn, type Policies, type Request } from "../iam";
import { documentsOf } from "./policyBook";

/**
 * Policies name keys, never aliases: an alias in a Resource counts for nothing. So the request is decided for a key that
 * no document names, and for each that one does.
 *
 * @returns The decision, where it is the same whatever key the alias stands for; otherwise undefined.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function decideForAlias(request: Request, policies: Policies): Decision | undefined {
  const decisions = keysOf(request.resource, policies).map((resource) =>
    decide({ ...request, resource }, policies),
  );
  const [first] = decisions;
  return decisions.every(({ verdict }) => verdict === first?.verdict) ? first : undefined;
}

function keysOf(aliasArn: string, policies: Policies): string[] {
  const { partition = "", region = "", accountId = "" } = parseArn(aliasArn) ?? {};
  const beginning = `arn:${partition}:kms:${region}:${accountId}:key/`;
  const named = documentsOf(policies)
    .flatMap(({ statements }) =>
      statements.flatMap(({ resources, notResources }) => resources ?? notResources ?? []),
    )
    .filter((resource) => resource.startsWith(beginning) && !/[*?$]/.test(resource));
  return [`${beginning}00000000-0000-0000-0000-000000000000`, ...new Set(named)];
}
