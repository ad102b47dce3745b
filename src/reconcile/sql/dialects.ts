/** The two kinds of SQL: DuckDB's, and Trino's, which Athena speaks. Everything in which they differ is here. */

/** How a listing writes a time. */
export type TimeForm = "timestamp" | "milliseconds" | "text";

export interface Dialect {
  /** Milliseconds since 1970 as a BIGINT. Text is ISO 8601. */
  milliseconds(expression: string, form: TimeForm): string;
  /**
   * A URL-encoded text decoded; as it is where it decodes to no text. S3 Inventory writes a space as a plus.
   * @see https://github.com/cloud-custodian/cloud-custodian/issues/1997
   */
  urlDecoded(expression: string): string;
  /** Value of a key of a map; NULL where the map has no such key. */
  valueOfTag(map: string, key: string): string;
  /** Whether two maps hold the same, whatever their order. */
  isSameMap(one: string, other: string): string;
  /** Two texts as what is ordered by the first, and then by the second. The second is a version id. */
  pair(one: string, other: string): string;
  /** A list of pairs as JSON text, each an array. */
  pairsAsJson(expression: string): string;
  /** A text as a BIGINT; NULL where it is none. */
  integer(expression: string): string;
  /** The bits of a whole number that a mask has too. */
  maskedBy(expression: string, mask: number): string;
  /** A name of a table or column. */
  name(text: string): string;
}

export const DUCKDB: Dialect = {
  milliseconds: (expression, form) => {
    if (form === "milliseconds") return `CAST(${expression} AS BIGINT)`;
    return `epoch_ms(${form === "text" ? `TRY_CAST(${expression} AS TIMESTAMPTZ)` : expression})`;
  },
  urlDecoded: (expression) => `coalesce(TRY(url_decode(replace(${expression}, '+', ' '))), ${expression})`,
  valueOfTag: (map, key) => `${map}[${key}]`,
  isSameMap: (one, other) => `list_sort(map_entries(${one})) = list_sort(map_entries(${other}))`,
  // The smallest of many texts is found in half the time that the smallest of many lists takes. No version id has a NUL.
  pair: (one, other) => `${one} || chr(0) || ${other}`,
  pairsAsJson: (expression) => {
    const parts = "string_split(pair, chr(0))";
    return `CAST(to_json(list_transform(${expression}, lambda pair: [array_to_string(${parts}[:-2], chr(0)), ${parts}[-1]])) AS VARCHAR)`;
  },
  integer: (expression) => `TRY_CAST(${expression} AS BIGINT)`,
  maskedBy: (expression, mask) => `(${expression} & ${mask})`,
  name: (text) => `"${text.replaceAll('"', '""')}"`,
};

export const TRINO: Dialect = {
  milliseconds: (expression, form) => {
    if (form === "milliseconds") return `CAST(${expression} AS BIGINT)`;
    const time =
      form === "text" ? `TRY(from_iso8601_timestamp(${expression}))` : `CAST(${expression} AS timestamp(3))`;
    return form === "text"
      ? `CAST(round(to_unixtime(${time}) * 1000) AS BIGINT)`
      : `CAST(round(to_unixtime(with_timezone(${time}, 'UTC')) * 1000) AS BIGINT)`;
  },
  // Trino writes U+FFFD where bytes are no text: two keys could become one.
  urlDecoded: (expression) => {
    const decoded = `TRY(url_decode(${expression}))`;
    return `CASE WHEN ${decoded} IS NULL OR (strpos(${decoded}, chr(65533)) > 0 AND strpos(upper(${expression}), '%EF%BF%BD') = 0) THEN ${expression} ELSE ${decoded} END`;
  },
  valueOfTag: (map, key) => `element_at(${map}, ${key})`,
  isSameMap: (one, other) => `${one} = ${other}`,
  // Trino 476 fails on the smallest arrays of texts that come out of a join. Rows it can compare.
  pair: (one, other) => `ROW(${one}, ${other})`,
  pairsAsJson: (expression) =>
    `json_format(CAST(transform(${expression}, pair -> ARRAY[pair[1], pair[2]]) AS JSON))`,
  integer: (expression) => `TRY_CAST(${expression} AS BIGINT)`,
  maskedBy: (expression, mask) => `bitwise_and(${expression}, ${mask})`,
  name: (text) => `"${text.replaceAll('"', '""')}"`,
};

/**
 * A text as a literal of either. Both know one escape, the doubled quote. Control characters go in by their number, so
 * that no reader on the way takes one for something else.
 */
export function literal(text: string): string {
  const parts = text.match(/[\0-\x1f\x7f]|[^\0-\x1f\x7f]+/g) ?? [];
  const written = parts.map((part) =>
    /^[\0-\x1f\x7f]$/.test(part) ? `chr(${part.charCodeAt(0)})` : `'${part.replaceAll("'", "''")}'`,
  );
  return written.length === 0
    ? "''"
    : written.length === 1
      ? (written[0] ?? "''")
      : `(${written.join(" || ")})`;
}
