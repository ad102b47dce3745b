/** What the tally query found, as every engine hands it over. */
import { CAUSES } from "../meaning/causes";
import type { Decision } from "../meaning/decision";
import {
  type Count,
  type Example,
  firstExamples,
  type Held,
  inOrder,
  largest,
  type PrefixCount,
  type Tally,
} from "../meaning/tally";
import { given } from "../../util/optional";
import type { Query, TALLY_COLUMNS } from "./queries";

export type TallyRow = Readonly<Record<(typeof TALLY_COLUMNS)[number], unknown>>;

/** What was found for one destination. */
export interface TalliedDestination {
  readonly decision: Decision;
  readonly query: Query;
  readonly rows: readonly TallyRow[];
}

/** @param isWhole Whether every version of all buckets was looked at. */
export function readTally(destinations: readonly TalliedDestination[], isWhole: boolean): Tally {
  // The versions of the source are the same for every destination.
  const totals = (destinations[0]?.rows ?? []).filter(isTotal);
  const sum = (column: keyof TallyRow) => totals.reduce((all, row) => all + number(row[column]), 0);
  const held = (status: Held["status"], name: "failed" | "pending"): Held[] => {
    const versions = sum(`${name}_versions`);
    return versions === 0 ? [] : [{ status, versions, bytes: sum(`${name}_bytes`) }];
  };
  return {
    destinations: destinations.map(({ decision, query, rows }) => ({
      destinationArn: decision.destinationArn,
      counts: inOrder(countsOf(decision, query, rows)),
    })),
    held: [...held("FAILED", "failed"), ...held("PENDING", "pending")],
    versions: sum("source_versions"),
    bytes: sum("source_bytes"),
    isWhole,
  };
}

/** Two branches can say the same of the same rule. */
interface Gathered {
  versions: number;
  bytes: number;
  oldest?: number;
  newest?: number;
  examples: Example[];
  readonly prefixes: Map<string, PrefixCount>;
}

function countsOf(decision: Decision, { outcomeOf }: Query, rows: readonly TallyRow[]): Count[] {
  const gathered = new Map<number, Gathered>();
  for (const row of rows) {
    const place = outcomeOf(number(row.branch), number(row.cause));
    const known: Gathered = gathered.get(place) ?? {
      versions: 0,
      bytes: 0,
      examples: [],
      prefixes: new Map(),
    };
    gathered.set(place, known);
    const [versions, bytes] = [number(row.versions), number(row.bytes)];
    if (isTotal(row)) {
      known.versions += versions;
      known.bytes += bytes;
      known.examples.push(...examplesOf(row.examples));
      if (row.oldest !== null) known.oldest = Math.min(known.oldest ?? Infinity, number(row.oldest));
      if (row.newest !== null) known.newest = Math.max(known.newest ?? -Infinity, number(row.newest));
    } else {
      const prefix = String(row.prefix);
      const before = known.prefixes.get(prefix) ?? { prefix, versions: 0, bytes: 0 };
      known.prefixes.set(prefix, {
        prefix,
        versions: before.versions + versions,
        bytes: before.bytes + bytes,
      });
    }
  }
  return [...gathered].flatMap(([place, { versions, bytes, oldest, newest, examples, prefixes }]) => {
    const outcome = decision.outcomes[place];
    if (outcome === undefined) return [];
    return [
      {
        ...outcome,
        state: CAUSES[outcome.cause].state,
        versions,
        bytes,
        ...given("oldest", oldest),
        ...given("newest", newest),
        examples: firstExamples(examples),
        prefixes: largest([...prefixes.values()]),
      },
    ];
  });
}

const isTotal = (row: TallyRow) => number(row.is_total) === 1;

function number(value: unknown): number {
  const read = Number(value ?? 0);
  if (!Number.isFinite(read)) throw new Error(`the query gave no number: ${String(value)}`);
  return read;
}

function examplesOf(json: unknown): Example[] {
  if (typeof json !== "string") return [];
  return (JSON.parse(json) as [string, string][]).map(([key, versionId]) => ({ key, versionId }));
}
