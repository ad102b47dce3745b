/**
 * Policies of callers as the stand-in asks them: a request is refused where one of the actions that the real provider
 * was seen to ask for is not allowed on the resource.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PolicyJson } from "../../../src/replication/policies";
import { actionsOf } from "../../callers/support/actionsOf";
import type { PermittedRequest } from "../provider/standIn";

const ASKED_FOR = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "callers", "providerRequests.json"), "utf8"),
) as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Actions that AWS takes no resource for. */
const ON_EVERYTHING = ["kms:CreateKey", "kms:ListAliases"];

/** Actions by which tags are put, and so asked for only where there are some. */
const OF_TAGS = /:(Tag|Untag)(Role|Queue|Resource)$|:PutBucketTagging$/;

export class Permitted {
  /** Actions that were asked for, by account. */
  readonly asked = new Map<string, Set<string>>();

  constructor(private readonly policies: ReadonlyMap<string, PolicyJson>) {}

  /** @throws Error in the words of AWS. */
  readonly permit = (request: PermittedRequest): void => {
    const { kind, type, accountId, properties } = request;
    const hasTags = Object.keys((properties.tags as object | undefined) ?? {}).length > 0;
    for (const action of (ASKED_FOR[type]?.[kind] ?? []).flatMap(actionsOf)) {
      if (OF_TAGS.test(action) && !hasTags) continue;
      const asked = this.asked.get(accountId) ?? new Set();
      this.asked.set(accountId, asked.add(action));
      const resource = resourceOf(action, request);
      const { Statement } = this.policies.get(accountId) ?? { Statement: [] };
      if (
        !Statement.some(({ Action, Resource = [] }) => has(Action, action) && matches(Resource, resource))
      ) {
        throw new Error(`AccessDenied: not authorized to perform: ${action} on resource: ${resource}`);
      }
    }
  };
}

const has = (actions: string | string[], action: string) => [actions].flat().includes(action);

function matches(patterns: string | string[], resource: string): boolean {
  return [patterns].flat().some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(resource);
  });
}

/** What AWS looks up in a policy. */
function resourceOf(action: string, { type, accountId, region, properties }: PermittedRequest): string {
  const text = (name: string) => {
    const value = properties[name];
    return typeof value === "string" ? value : "";
  };
  if (ON_EVERYTHING.includes(action)) return "*";
  if (action === "iam:PassRole") return text("role");
  if (action === "cloudwatch:DescribeAlarms") return `arn:aws:cloudwatch:${region}:${accountId}:alarm:*`;
  const [, service = ""] = type.split(/[:/]/);
  switch (service) {
    case "s3":
      return `arn:aws:s3:::${text("bucket")}`;
    case "kms":
      return type.endsWith(":Key")
        ? `arn:aws:kms:${region}:${accountId}:key/00000000-0000-4000-8000-000000000000`
        : `arn:aws:kms:${region}:${accountId}:${text("name")}`;
    case "iam":
      return type.endsWith(":Role")
        ? `arn:aws:iam::${accountId}:role${text("path") || "/"}${text("name")}`
        : `arn:aws:iam::${accountId}:role/replication/${text("role")}`;
    case "sqs":
      return `arn:aws:sqs:${region}:${accountId}:${text("name") || text("queueUrl").split("/").at(-1)}`;
    default:
      return type.endsWith(":Dashboard")
        ? `arn:aws:cloudwatch::${accountId}:dashboard/${text("dashboardName")}`
        : `arn:aws:cloudwatch:${region}:${accountId}:alarm:${text("name")}`;
  }
}
