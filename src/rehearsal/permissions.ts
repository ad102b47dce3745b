/** The permission table of a report: each action once for each bucket or key, whatever the objects were. */
import type { Report, RequestReport } from "./report";

export interface PermissionReport {
  readonly action: string;
  /** ARN of the role, bucket or key; of objects, `<bucket ARN>/*`. */
  readonly resource: string;
  /** The worst decision among the objects. */
  readonly decision: RequestReport["decision"];
  readonly statements: readonly string[];
  readonly sources: readonly string[];
}

const WORST_FIRST = ["denied", "unproven", "allowed"] as const;

export function permissionTable(report: Report): PermissionReport[] {
  const rows = new Map<string, PermissionReport>();
  for (const request of report.objects.flatMap((object) => object.requests)) {
    const resource = request.resource.replace(/^(arn:[^:]+:s3:::[^/]+\/).*$/s, "$1*");
    const id = `${request.action} ${resource}`;
    const before = rows.get(id);
    const statements = [...new Set([...(before?.statements ?? []), ...request.statements])];
    const decision =
      WORST_FIRST.find((candidate) => candidate === before?.decision || candidate === request.decision) ??
      "unproven";
    rows.set(id, { action: request.action, resource, decision, statements, sources: request.sources });
  }
  return [...rows.values()];
}
