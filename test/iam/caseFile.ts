/**
 * Reads the decision cases of test/iam/cases. A case says only what differs from the defaults of its file:
 *
 * - a policy is a list of statements; a statement without Effect, Action or Resource allows the requested action on
 *   everything; a policy may also be a whole document;
 * - `context` maps condition keys to a value, a list of values, or null for a key that the request does not have;
 *   keys that are not listed are unknown;
 * - `condition` is short for an identity policy with one statement that has this condition;
 * - `alternatives` maps names to options, options to contexts.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { parsePolicy } from "../../src/iam";
import type {
  Alternative,
  Context,
  ContextValue,
  KeyGrant,
  NamedPolicy,
  Policies,
  Request,
  RequestPrincipal,
  ResourcePolicyKind,
} from "../../src/iam";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };
type PolicySource = readonly Fields[] | Fields | "unread";
type ContextSource = Readonly<Record<string, string | readonly string[] | null>>;

export interface CaseSource {
  readonly name?: string;
  readonly page?: string;
  readonly principal?: RequestPrincipal;
  readonly action?: string;
  readonly resource?: string;
  readonly resourceAccount?: string;
  readonly context?: ContextSource;
  readonly alternatives?: Readonly<Record<string, Readonly<Record<string, ContextSource>>>>;
  readonly condition?: Fields;
  readonly identity?: PolicySource;
  readonly boundary?: PolicySource;
  readonly session?: PolicySource;
  readonly scps?: readonly PolicySource[] | "unread";
  readonly rcps?: readonly PolicySource[] | "unread";
  readonly bucket?: PolicySource | null;
  readonly key?: PolicySource | null;
  readonly trust?: PolicySource | null;
  readonly grants?: readonly KeyGrant[];
  readonly restrictPublicBuckets?: boolean;
  readonly expect?: string;
  /** Deciding keys of an unproven verdict. */
  readonly keys?: readonly string[];
  /** `layer kind`, in order. */
  readonly obstacles?: readonly string[];
  /** Condition keys of the first obstacle. */
  readonly obstacleKeys?: readonly string[];
  /** Sids of the statements that decided. */
  readonly decidedBy?: readonly string[];
}

interface CaseFile {
  readonly about: string;
  readonly page: string;
  readonly defaults: CaseSource;
  readonly cases: readonly CaseSource[];
}

export interface DecisionCase {
  readonly file: string;
  readonly name: string;
  readonly page: string;
  readonly source: CaseSource;
  readonly request: Request;
  readonly policies: Policies;
}

const FOLDER = path.join(__dirname, "cases");

export function readCases(): readonly DecisionCase[] {
  return fs
    .readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .flatMap((file) => {
      const { page, defaults, cases } = JSON.parse(
        fs.readFileSync(path.join(FOLDER, file), "utf8"),
      ) as CaseFile;
      return cases.map((source) => build(file, page, { ...defaults, ...source }));
    });
}

function build(file: string, page: string, source: CaseSource): DecisionCase {
  const request: Request = {
    principal: source.principal ?? {
      kind: "role",
      roleArn: "arn:aws:iam::111111111111:role/replication",
      sessionName: "s3-replication",
    },
    action: source.action ?? "s3:GetObject",
    resource: source.resource ?? "arn:aws:s3:::source/key",
    resourceAccount: source.resourceAccount ?? "111111111111",
    context: context(source.context ?? {}),
    alternatives: Object.entries(source.alternatives ?? {}).map(([name, options]): Alternative => ({
      name,
      options: Object.entries(options).map(([label, keys]) => ({ label, context: context(keys) })),
    })),
  };
  return {
    file,
    name: source.name ?? "",
    page: source.page ?? page,
    source,
    request,
    policies: policies(source, request.action),
  };
}

function context(source: ContextSource): Context {
  return Object.fromEntries(
    Object.entries(source).map(([key, value]): [string, ContextValue] => [
      key,
      value === null
        ? { state: "absent" }
        : { state: "known", values: typeof value === "string" ? [value] : value },
    ]),
  );
}

function policies(source: CaseSource, action: string): Policies {
  const named = (name: string, policy: PolicySource): NamedPolicy => ({
    name,
    document: parsePolicy(fill(policy, action, name !== "trust"), name),
  });
  const optional = <Empty>(name: string, policy: PolicySource | null | undefined, empty: Empty) =>
    policy === undefined || policy === null ? empty : policy === "unread" ? policy : named(name, policy);
  const levels = (name: string, list: CaseSource["scps"]): Policies["scps"] =>
    list === undefined || list === "unread"
      ? list
      : list.map((policy, level) => [named(`${name} of level ${level}`, policy)]);
  const kind: ResourcePolicyKind = "key" in source ? "key" : "trust" in source ? "trust" : "bucket";
  const identity =
    source.condition === undefined ? (source.identity ?? []) : [{ Condition: source.condition }];
  const scps = levels("scp", source.scps);
  const rcps = levels("rcp", source.rcps);
  return {
    identity: identity === "unread" ? identity : [named("identity", identity)],
    boundary: optional("boundary", source.boundary, null),
    ...(source.session === undefined ? {} : { session: [named("session", source.session)] }),
    ...(scps === undefined ? {} : { scps }),
    ...(rcps === undefined ? {} : { rcps }),
    resource: {
      kind,
      policy: optional(kind, source[kind], null),
      ...(source.grants === undefined ? {} : { grants: source.grants }),
      ...(source.restrictPublicBuckets === undefined
        ? {}
        : { restrictPublicBuckets: source.restrictPublicBuckets }),
    },
  };
}

function fill(policy: PolicySource, action: string, needsResource: boolean): Json {
  if (policy === "unread" || !Array.isArray(policy)) {
    return policy;
  }
  return {
    Version: "2012-10-17",
    Statement: (policy as readonly Fields[]).map((statement) => ({
      Effect: "Allow",
      ...("Action" in statement || "NotAction" in statement ? {} : { Action: action }),
      ...(!needsResource || "Resource" in statement || "NotResource" in statement ? {} : { Resource: "*" }),
      ...statement,
    })),
  };
}
