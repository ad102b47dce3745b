/** The permission table of a report: each action once for each bucket or key, whatever the objects were. */
import { withoutObjectKey } from "../../naming/names";
import { grouped, unique } from "../../util/grouping";
import type { Report, RequestReport, Where } from "./report";

export interface PermissionReport {
  readonly action: string;
  /** ARN of the role, bucket or key; of objects, `<bucket ARN>/*`. */
  readonly resource: string;
  /** The worst decision among the objects. */
  readonly decision: RequestReport["decision"];
  /** What decided so. */
  readonly statements: readonly string[];
  /** Documents that do not allow it, or that cannot be told about. */
  readonly missingIn: readonly Where[];
  readonly sources: readonly string[];
}

const WORST_FIRST = ["denied", "unproven", "allowed"] as const;

export function permissionTable({ objects }: Pick<Report, "objects">): PermissionReport[] {
  const asked = grouped(
    objects.flatMap(({ requests, missing }) => requests.map((request) => ({ request, missing }))),
    ({ request: { action, resource } }) => `${action} ${withoutObjectKey(resource)}`,
  );
  return [...asked.values()].flatMap((alike) => {
    const request = alike.at(-1)?.request;
    if (request === undefined) return [];
    const { action, sources } = request;
    const decision = WORST_FIRST.find((each) => alike.some(({ request: { decision } }) => decision === each));
    return {
      action,
      resource: withoutObjectKey(request.resource),
      decision: decision ?? "unproven",
      // What allows it for other objects has not decided here.
      statements: unique(
        alike.flatMap(({ request: each }) => (each.decision === decision ? each.statements : [])),
      ),
      missingIn: unique(
        alike.flatMap(({ request: { resource }, missing }) =>
          missing
            .filter((entry) => entry.action === action && entry.resource === resource)
            .map(({ where }) => where),
        ),
      ),
      sources,
    };
  });
}

/** How a document that does not allow a request for sure stands to it: `undecided in` the role policy. */
export function standing({
  decision,
  statements,
}: Pick<PermissionReport, "decision" | "statements">): string {
  if (decision === "unproven") return "undecided in";
  return statements.length === 0 ? "not in" : "denied in";
}
