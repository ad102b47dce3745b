/** The rows as a table in Markdown, for terminals and for docs/benchmarks.md alike. */
import { reasonFor } from "../notes";
import type { Row } from "../row";

export function isMet({ value, goal }: Row): boolean {
  return goal === undefined || value <= goal;
}

export function boundedBy(row: Row): string | undefined {
  return isMet(row) ? undefined : reasonFor(row.id);
}

export function table(rows: readonly Row[]): string {
  const lines = [
    ["measured", "against", "median", "", "goal", ""],
    ...rows.map((row) => [
      row.measured,
      row.against,
      row.figures,
      shown(row, row.value),
      goalOf(row),
      verdictOf(row),
    ]),
  ];
  const [head = "", ...body] = lines.map((line) => `| ${line.join(" | ")} |`);
  return [head, `|${"---|".repeat(lines[0]?.length ?? 0)}`, ...body].join("\n");
}

function goalOf(row: Row): string {
  return row.goal === undefined ? "reported" : `at most ${shown(row, row.goal)}`;
}

function verdictOf(row: Row): string {
  const reason = boundedBy(row);
  if (row.goal === undefined) return "";
  return reason === undefined ? "met" : `missed, bounded by: ${reason}`;
}

function shown({ kind = "ratio" }: Row, value: number): string {
  switch (kind) {
    case "ratio":
      return `${value.toFixed(2)} times`;
    case "exponent":
      return `size^${value.toFixed(2)}`;
    case "megabytes":
      return `${value.toFixed(0)} MB`;
  }
}
