/** The permission table of a report: each action once for each bucket or key, whatever the objects were. */
import { withoutObjectKey } from "../replication/names";
import type { Report, RequestReport, Where } from "./report";

export interface PermissionReport {
  readonly action: string;
  /** ARN of the role, bucket or key; of objects, `<bucket ARN>/*`. */
  readonly resource: string;
  /** The worst decision among the objects. */
  readonly decision: RequestReport["decision"];
  readonly statements: readonly string[];
  /** Documents that do not allow it, or that cannot be told about. */
  readonly missingIn: readonly Where[];
  readonly sources: readonly string[];
}

const WORST_FIRST = ["denied", "unproven", "allowed"] as const;

export function permissionTable({ objects }: Pick<Report, "objects">): PermissionReport[] {
  const rows = new Map<string, PermissionReport>();
  for (const { requests, missing } of objects) {
    for (const request of requests) {
      const { action, sources } = request;
      const resource = withoutObjectKey(request.resource);
      const id = `${action} ${resource}`;
      const before = rows.get(id);
      const missingIn = missing
        .filter((entry) => entry.action === action && entry.resource === request.resource)
        .map(({ where }) => where);
      rows.set(id, {
        action,
        resource,
        decision:
          WORST_FIRST.find((candidate) => candidate === before?.decision || candidate === request.decision) ??
          "unproven",
        statements: [...new Set([...(before?.statements ?? []), ...request.statements])],
        missingIn: [...new Set([...(before?.missingIn ?? []), ...missingIn])],
        sources,
      });
    }
  }
  return [...rows.values()];
}
