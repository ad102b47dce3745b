/**
 * Compares the objects that rehearsal chooses with objects that it is given: what stands in the way of any of these must
 * stand in the way of one of those. `npm run compare-classes [count] [seed]` prints what it found.
 */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
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

interface Part {
  readonly count: number;
  readonly firstSeed: number;
}

/** Compares on every processor. */
export async function compareMany(count: number, firstSeed: number): Promise<Score> {
  const share = Math.ceil(count / availableParallelism());
  const parts: Part[] = [];
  for (let done = 0; done < count; done += share) {
    parts.push({ count: Math.min(share, count - done), firstSeed: firstSeed + done });
  }
  const scores = await Promise.all(parts.map(inWorker));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  return {
    failures: scores.flatMap(({ failures }) => failures),
    hindrances: sum(scores.map(({ hindrances }) => hindrances)),
    unclassed: sum(scores.map(({ unclassed }) => unclassed)),
  };
}

async function inWorker(part: Part): Promise<Score> {
  const worker = new Worker(
    `require("ts-node/register/transpile-only"); require(${JSON.stringify(__filename)});`,
    // Most of what a set-up makes is garbage when the next one comes.
    { eval: true, workerData: part, resourceLimits: { maxYoungGenerationSizeMb: 64 } },
  );
  const [score] = (await once(worker, "message")) as [Score];
  return score;
}

function comparePart({ count, firstSeed }: Part): Score {
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

async function main(): Promise<void> {
  const [count = 100_000, seed = Date.now() % 1_000_000_000] = process.argv.slice(2).map(Number);
  const { failures, hindrances: found, unclassed } = await compareMany(count, seed);
  for (const failure of failures.slice(0, 20)) {
    process.stdout.write(`seed ${failure.seed}\n${failure.missed.map((line) => `  ${line}\n`).join("")}`);
  }
  process.stdout.write(
    `${count} set-ups from seed ${seed}: ${found} hindrances compared, ${unclassed} buckets not classed, ${failures.length} set-ups with something missed\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

if (!isMainThread) parentPort?.postMessage(comparePart(workerData as Part));
else if (require.main === module) void main();
