/**
 * Compares the objects that rehearsal chooses with objects that it is given: what stands in the way of any of these must
 * stand in the way of one of those. `npm run compare-classes [count] [seed]` prints what it found.
 */
import { withoutObjectKey } from "../../../src/naming/names";
import type { ObjectReport } from "../../../src/rehearsal/report/report";
import { PolicyBook } from "../../../src/rehearsal/policyBook";
import { walk } from "../../../src/rehearsal/walk";
import { trial } from "./randomSetUp";

export interface Comparison {
  /** What the chosen objects miss, a line each. */
  readonly missed: readonly string[];
  readonly hindrances: number;
  /** Buckets of which rehearsal itself says that it could not look at every object. */
  readonly unclassed: number;
}

export function compare(seed: number): Comparison {
  const { snapshot, objects } = trial(seed);
  const book = new PolicyBook(snapshot);
  const chosen = walk(snapshot, "observed", book).objects;
  const given = walk({ ...snapshot, objects: [...objects] }, "observed", book).objects;
  const unclassed = new Set(chosen.filter(({ key }) => key === "*").map(({ bucket }) => bucket));
  const met = new Set(chosen.flatMap(hindrances));
  // What is undecided for one object is met where another one shows that the same request is not allowed.
  const metSomehow = new Set([...met].map(withoutReason));
  const isMet = (hindrance: string) =>
    met.has(hindrance) || (hindrance.endsWith(UNDECIDED) && metSomehow.has(withoutReason(hindrance)));
  const missed: string[] = [];
  let count = 0;
  for (const report of given) {
    // It is unproven already, whatever this object comes to.
    if (unclassed.has(report.bucket)) continue;
    for (const hindrance of hindrances(report)) {
      count += 1;
      if (!isMet(hindrance)) missed.push(`${hindrance}: ${describe(report)}`);
    }
  }
  return { missed, hindrances: count, unclassed: unclassed.size };
}

const UNDECIDED = "undecided";

function withoutReason(hindrance: string): string {
  return hindrance.slice(0, hindrance.lastIndexOf(","));
}

function hindrances({ bucket, rule, missing }: ObjectReport): string[] {
  return missing.map(
    ({ action = "", resource, where, why }) =>
      `${bucket}, ${rule ?? "no rule"}: ${action} on ${withoutObjectKey(resource)}, ${where}, ${why}`,
  );
}

function describe({ key, tags, kind }: ObjectReport): string {
  return `'${key}' ${JSON.stringify(tags ?? {})} (${kind})`;
}

export interface Score {
  readonly failures: readonly { readonly seed: number; readonly missed: readonly string[] }[];
  readonly hindrances: number;
  readonly unclassed: number;
}

export function compareMany(count: number, firstSeed: number): Score {
  const failures: { seed: number; missed: readonly string[] }[] = [];
  let hindranceCount = 0;
  let unclassedCount = 0;
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const { missed, hindrances: found, unclassed } = compare(seed);
    hindranceCount += found;
    unclassedCount += unclassed;
    if (missed.length > 0) failures.push({ seed, missed });
  }
  return { failures, hindrances: hindranceCount, unclassed: unclassedCount };
}

if (require.main === module) {
  const [count = 100_000, seed = Date.now() % 1_000_000_000] = process.argv.slice(2).map(Number);
  const { failures, hindrances: found, unclassed } = compareMany(count, seed);
  for (const failure of failures.slice(0, 20)) {
    process.stdout.write(`seed ${failure.seed}\n${failure.missed.map((line) => `  ${line}\n`).join("")}`);
  }
  process.stdout.write(
    `${count} set-ups from seed ${seed}: ${found} hindrances compared, ${unclassed} buckets not classed, ${failures.length} set-ups with something missed\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}
