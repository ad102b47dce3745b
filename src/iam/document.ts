/**
 * Reads policy documents, as strictly as AWS does when one is saved.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { parseConditions } from "./conditionElement";
import { parsePrincipal } from "./principalElement";
import { PolicySyntaxError } from "./syntaxError";
import type { PolicyDocument, Statement } from "./types";
import { checkNames, DocumentReader } from "./reader";

export { PolicySyntaxError } from "./syntaxError";
export type { SyntaxFault } from "./syntaxError";

/** Where a policy is attached, which decides on the elements that it must and must not have. */
export type PolicyKind = "identity" | "resource" | "trust";

export interface ParseOptions {
  /**
   * Checks what AWS asks of policies of this kind only: `identity` (a principal's own policies, boundaries, session and
   * service control policies), `resource` (bucket and key policies, resource control policies) or `trust`.
   *
   * Default: no such checks.
   */
  readonly kind?: PolicyKind;
}

const TOP_LEVEL = ["Version", "Id", "Statement"] as const;
const ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
] as const;
const VERSIONS = ["2012-10-17", "2008-10-17"] as const;
const ACTION = /^(\*+|[a-z0-9*?-]+:[a-z0-9*?-]+)$/i;
const RESOURCE = /^(\*+|arn:.+)$/s;

/**
 * Reads a policy document from an object or from JSON text.
 *
 * @param name what errors and decisions call the policy
 * @throws PolicySyntaxError where AWS would refuse the document
 * @example
 * parsePolicy('{"Version":"2012-10-17","Statement":[]}', "role policy").statements; // []
 */
export function parsePolicy(value: unknown, name: string, options: ParseOptions = {}): PolicyDocument {
  const reader = new DocumentReader(name);
  const fields = reader.fields(typeof value === "string" ? parseJson(value, name) : value, "");
  checkNames(reader, fields, "", TOP_LEVEL);
  const version = parseVersion(reader, fields.get("Version"));
  const id = reader.optionalText(fields.get("Id"), "Id");
  const statements = parseStatements(reader, fields.get("Statement"), options.kind);
  if (options.kind === "identity" || options.kind === "trust") {
    checkUniqueSids(reader, statements);
  }
  return { version, ...(id === undefined ? {} : { id }), statements };
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new PolicySyntaxError(name, {
      place: "",
      found: text.trim(),
      allowed: "a JSON object",
      fix: `The text is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

/** Without a version AWS assumes the older one, which has no policy variables. */
function parseVersion(reader: DocumentReader, value: unknown): PolicyDocument["version"] {
  if (value === undefined) {
    return "2008-10-17";
  }
  const version = VERSIONS.find((known) => known === value);
  if (version === undefined) {
    const meant = typeof value === "string" ? value.replace(/[^0-9]+/g, "-") : "";
    const isLookalike = VERSIONS.some((known) => known === meant);
    throw reader.error("Version", value, "'2012-10-17' or '2008-10-17'", {
      fix: isLookalike
        ? `Type '${meant}' with plain hyphens: these dashes were probably copied from a web page`
        : "This is the version of the policy language, not the date of the policy: use '2012-10-17'",
    });
  }
  return version;
}

function parseStatements(
  reader: DocumentReader,
  value: unknown,
  kind: PolicyKind | undefined,
): readonly Statement[] {
  if (value === undefined) {
    throw reader.error("Statement", value, "a statement or a list of statements");
  }
  const items: readonly unknown[] = Array.isArray(value) ? Array.from(value) : [value];
  return items.map((item, index) =>
    parseStatement(reader, item, Array.isArray(value) ? `Statement[${index}]` : "Statement", index, kind),
  );
}

function parseStatement(
  reader: DocumentReader,
  value: unknown,
  place: string,
  index: number,
  kind: PolicyKind | undefined,
): Statement {
  const fields = reader.fields(value, place);
  checkNames(reader, fields, place, ELEMENTS);
  const effect = fields.get("Effect");
  if (effect !== "Allow" && effect !== "Deny") {
    throw reader.error(`${place}.Effect`, effect, "'Allow' or 'Deny'", {
      fix:
        typeof effect === "string" && /^(allow|deny)$/i.test(effect) ? "Effect is case sensitive" : undefined,
    });
  }
  checkPairs(reader, fields, place, kind);
  const sid = parseSid(reader, fields.get("Sid"), `${place}.Sid`, kind);
  const patterns = (element: string, shape: RegExp, allowed: string): readonly string[] | undefined =>
    fields.has(element)
      ? parsePatterns(reader, fields.get(element), `${place}.${element}`, shape, allowed)
      : undefined;
  const principals = (element: string) =>
    fields.has(element) ? parsePrincipal(reader, fields.get(element), `${place}.${element}`) : undefined;
  const action = "'*' or 'service:action', such as 's3:ReplicateObject'";
  const resource = "'*' or an ARN, such as 'arn:aws:s3:::amzn-s3-demo-bucket/*'";
  return withoutUndefined({
    sid,
    index,
    effect,
    principal: principals("Principal"),
    notPrincipal: principals("NotPrincipal"),
    actions: patterns("Action", ACTION, action),
    notActions: patterns("NotAction", ACTION, action),
    resources: patterns("Resource", RESOURCE, resource),
    notResources: patterns("NotResource", RESOURCE, resource),
    conditions: fields.has("Condition")
      ? parseConditions(reader, fields.get("Condition"), `${place}.Condition`)
      : [],
  });
}

function withoutUndefined(statement: Statement): Statement {
  return Object.fromEntries(
    Object.entries(statement).filter(([, value]) => value !== undefined),
  ) as unknown as Statement;
}

function checkPairs(
  reader: DocumentReader,
  fields: ReadonlyMap<string, unknown>,
  place: string,
  kind: PolicyKind | undefined,
): void {
  const check = (positive: string, rule: "required" | "optional" | "forbidden", reason?: string): void => {
    const negative = `Not${positive}`;
    const present = [positive, negative].filter((element) => fields.has(element));
    if (present.length === 2) {
      throw reader.error(
        place,
        `${positive} and ${negative}`,
        `a statement with ${positive} or ${negative}`,
        {
          fix: `AWS takes one of them, not both`,
        },
      );
    }
    if (rule === "required" && present.length === 0) {
      throw reader.error(place, undefined, `a statement with ${positive} or ${negative}`, { fix: reason });
    }
    if (rule === "forbidden" && present[0] !== undefined) {
      throw reader.error(`${place}.${present[0]}`, fields.get(present[0]), "left out", { fix: reason });
    }
  };
  check("Action", "required");
  check(
    "Resource",
    kind === "trust" ? "forbidden" : kind === "identity" ? "required" : "optional",
    kind === "trust" ? "The resource of a trust policy is the role itself" : undefined,
  );
  check(
    "Principal",
    kind === "identity" ? "forbidden" : kind === undefined ? "optional" : "required",
    kind === "identity"
      ? "The principal is whoever the policy is attached to"
      : "The policy has to say whom the statement is about",
  );
  if (kind === "trust" && fields.has("NotPrincipal")) {
    throw reader.error(`${place}.NotPrincipal`, fields.get("NotPrincipal"), "left out", {
      fix: "Trust policies take Principal only",
    });
  }
}

/**
 * Only IAM restricts the characters; the default key policy of KMS has spaces in its Sid.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
 */
function parseSid(
  reader: DocumentReader,
  value: unknown,
  place: string,
  kind: PolicyKind | undefined,
): string | undefined {
  const sid = reader.optionalText(value, place);
  if (sid !== undefined && kind === "identity" && !/^[a-z0-9]*$/i.test(sid)) {
    throw reader.error(place, sid, "letters and digits", {
      fix: `IAM refuses other characters: '${sid.slice(0, 80).replace(/[^a-z0-9]/gi, "")}'`,
    });
  }
  return sid;
}

/** S3 and KMS do not ask this of their policies. */
function checkUniqueSids(reader: DocumentReader, statements: readonly Statement[]): void {
  const seen = new Set<string>();
  for (const { sid, index } of statements) {
    if (sid !== undefined && sid !== "") {
      if (seen.has(sid)) {
        throw reader.error(`Statement[${index}].Sid`, sid, "unique within an IAM policy", {
          fix: "Rename it: another statement has the same Sid",
        });
      }
      seen.add(sid);
    }
  }
}

function parsePatterns(
  reader: DocumentReader,
  value: unknown,
  place: string,
  shape: RegExp,
  allowed: string,
): readonly string[] {
  return reader.texts(value, place, allowed).map(({ text, place: at }) => {
    if (!shape.test(text)) {
      throw reader.error(at, text, allowed);
    }
    return text;
  });
}
