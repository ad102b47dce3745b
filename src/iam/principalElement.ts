/**
 * Reads Principal and NotPrincipal elements.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import { parseArn } from "../naming/arn";
import { checkNames } from "./reader";
import type { DocumentReader } from "./reader";
import type { PrincipalElement } from "./types";

const KINDS = ["AWS", "Service", "Federated", "CanonicalUser"] as const;

/** `AROA...` of a role, `AIDA...` of a user and their kin. */
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{8,124}$/;

export function parsePrincipal(reader: DocumentReader, value: unknown, place: string): PrincipalElement {
  if (typeof value === "string") {
    if (value !== "*") {
      throw reader.error(place, value, "'*' or an object", {
        fix: `Name the kind of principal: {"AWS": "..."} or {"Service": "..."}`,
      });
    }
    return value;
  }
  const fields = reader.fields(value, place);
  checkNames(reader, fields, place, KINDS);
  if (fields.size === 0) {
    throw reader.error(place, value, `'*' or an object with ${KINDS.join(", ")}`);
  }
  const element: Partial<Record<(typeof KINDS)[number], readonly string[]>> = {};
  for (const kind of KINDS) {
    if (fields.has(kind)) {
      element[kind] = reader
        .texts(fields.get(kind), `${place}.${kind}`, "the name of a principal")
        .map(({ text, place: at }) => (kind === "AWS" ? checkAwsPrincipal(reader, text, at) : text));
    }
  }
  return element;
}

/** Part of a name cannot be a pattern: AWS takes `*` for everybody and nothing between. */
function checkAwsPrincipal(reader: DocumentReader, text: string, place: string): string {
  const allowed = "'*', a 12-digit account id, or the ARN or unique id of a principal";
  if (text === "*" || /^\d{12}$/.test(text) || UNIQUE_ID.test(text)) {
    return text;
  }
  if (/[*?]/.test(text)) {
    throw reader.error(place, text, `${allowed}, without wildcards in it`, {
      fix: "Name the account's root, and narrow it by a condition: ArnLike on aws:PrincipalArn",
    });
  }
  if (parseArn(text) === undefined) {
    throw reader.error(place, text, allowed);
  }
  return text;
}
