/**
 * Reads the Condition element.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
import { OPERATOR_NAMES, parseOperator } from "./operators";
import type { DocumentReader } from "./reader";
import type { Condition } from "./types";

export function parseConditions(reader: DocumentReader, value: unknown, place: string): readonly Condition[] {
  const conditions: Condition[] = [];
  for (const [operator, keys] of reader.fields(value, place)) {
    const at = `${place}.${operator.slice(0, 80)}`;
    if (parseOperator(operator) === undefined) {
      throw reader.error(at, operator, "a condition operator", { fix: meantOperator(operator) });
    }
    for (const [key, values] of reader.fields(keys, at)) {
      const atKey = `${at}.${key.slice(0, 80)}`;
      if (!/^[^:\s]+:\S/.test(key)) {
        throw reader.error(atKey, key, "a condition key with a prefix, such as 'aws:SourceAccount'");
      }
      conditions.push({ operator, key, values: parseValues(reader, values, atKey) });
    }
  }
  return conditions;
}

function meantOperator(operator: string): string {
  if (/^null.*ifexists$/i.test(operator)) {
    return "Null tests whether the key exists, and has no IfExists form";
  }
  const bare = operator
    .slice(0, 80)
    .toLowerCase()
    .replace(/^.*:/, "")
    .replace(/ifexists$/, "");
  const meant = OPERATOR_NAMES.find(
    (name) => name.toLowerCase() === bare || name.toLowerCase() === `${bare}s`,
  );
  const known = `AWS knows ${OPERATOR_NAMES.join(", ")}, with ForAllValues: or ForAnyValue: before and IfExists after`;
  return meant === undefined ? known : `Was '${meant}' meant? ${known}`;
}

/** AWS takes numbers and booleans too, and compares them as text. */
function parseValues(reader: DocumentReader, value: unknown, place: string): readonly string[] {
  const read = (item: unknown, at: string): string => {
    if (typeof item === "string") {
      return item;
    }
    if (typeof item === "boolean" || (typeof item === "number" && Number.isFinite(item))) {
      return String(item);
    }
    throw reader.error(at, item, "text, a number or a boolean");
  };
  return Array.isArray(value)
    ? Array.from(value, (item: unknown, index) => read(item, `${place}[${index}]`))
    : [read(value, place)];
}
