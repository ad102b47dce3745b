/** What a reconciliation comes to: what `--json` prints, and what text and page lay out. */
import type { EngineResult } from "./engine";
import type { ReadBuckets } from "./readBuckets";
import { CAUSES, type Cause, type Remedy, type State } from "./meaning/causes";
import { type Count, type Held, type Verdict, verdictOf } from "./meaning/tally";
import { grouped } from "../util/grouping";
import { given } from "../util/optional";

export const EXIT_CODES: Readonly<Record<Verdict, number>> = { complete: 0, incomplete: 1, undecided: 3 };

export interface CountReport {
  readonly state: State;
  readonly cause: Cause;
  /** Name of the rule that takes the versions; left out where none does. */
  readonly rule?: string;
  readonly reason: string;
  readonly remedy: Remedy;
  readonly versions: number;
  readonly bytes: number;
  /** ISO 8601. */
  readonly oldest?: string;
  readonly newest?: string;
  readonly prefixes: Count["prefixes"];
  readonly examples: Count["examples"];
}

export interface DestinationReport {
  readonly bucketName: string;
  readonly accountId?: string;
  readonly region: string;
  /** When it was listed, ISO 8601. */
  readonly listedAt: string;
  readonly counts: readonly CountReport[];
}

/** What the settings say of one version that is missing, for all of its cause. */
export interface Explanation {
  readonly destination: string;
  readonly cause: Cause;
  readonly rule?: string;
  readonly key: string;
  readonly versionId: string;
  /** What would become of it now, on paper. */
  readonly onPaper: "COMPLETED" | "FAILED" | "NOT_REPLICATED" | "UNPROVEN";
  readonly reason: string;
  /** Permissions and settings that are missing, as `<action or setting> in <place>`. */
  readonly missing: readonly string[];
}

/** A list of versions that one remedy mends. */
export interface ManifestReport {
  readonly remedy: Remedy;
  readonly cause: Cause;
  /** Files or S3 URIs. */
  readonly files: readonly string[];
  readonly versions: number;
  /** What to do with it, as a sentence or a command. */
  readonly next: string;
}

export interface ReconcileResult {
  readonly verdict: Verdict;
  readonly source: { readonly bucketName: string; readonly accountId: string; readonly region: string };
  readonly prefix?: string;
  readonly engine: { readonly name: EngineResult["engine"]; readonly because: string };
  /** When the source was listed, ISO 8601. */
  readonly listedAt: string;
  /** Versions and delete markers of the source. */
  readonly versions: number;
  readonly bytes: number;
  /** Whether every version was looked at. */
  readonly isWhole: boolean;
  readonly destinations: readonly DestinationReport[];
  /** Versions that lifecycle neither expires nor moves. */
  readonly held: readonly Held[];
  readonly explanations: readonly Explanation[];
  readonly manifests: readonly ManifestReport[];
  readonly notCompared: readonly string[];
  readonly notes: readonly string[];
}

const iso = (time: number) => new Date(time).toISOString();

export function resultOf(
  buckets: ReadBuckets,
  { tally, engine, sourceListedAt, destinationListedAt, notCompared, notes }: EngineResult,
  more: Pick<ReconcileResult, "explanations" | "manifests"> & {
    readonly because: string;
    readonly prefix: string;
  },
): ReconcileResult {
  const { source, destinations } = buckets;
  return {
    verdict: verdictOf(tally),
    source: { bucketName: source.name, accountId: source.account.id, region: source.region },
    ...given("prefix", more.prefix === "" ? undefined : more.prefix),
    engine: { name: engine, because: more.because },
    listedAt: iso(sourceListedAt),
    versions: tally.versions,
    bytes: tally.bytes,
    isWhole: tally.isWhole,
    destinations: destinations.map(({ name, owner, region }, place) => ({
      bucketName: name,
      ...given("accountId", owner),
      region,
      listedAt: iso(destinationListedAt[place] ?? sourceListedAt),
      counts: (tally.destinations[place]?.counts ?? []).map(countReport),
    })),
    held: tally.held,
    explanations: more.explanations,
    manifests: more.manifests,
    notCompared: [...buckets.notCompared, ...notCompared],
    notes,
  };
}

function countReport({ cause, rule, state, versions, bytes, oldest, newest, prefixes, examples }: Count) {
  const { reason, remedy } = CAUSES[cause];
  return {
    state,
    cause,
    ...given("rule", rule),
    reason,
    remedy,
    versions,
    bytes,
    ...given("oldest", oldest === undefined ? undefined : iso(oldest)),
    ...given("newest", newest === undefined ? undefined : iso(newest)),
    prefixes,
    examples,
  };
}

/** Versions in each state that has some. */
export function byState(counts: readonly CountReport[]): ReadonlyMap<State, number> {
  const sums = new Map<State, number>();
  for (const { state, versions } of counts) sums.set(state, (sums.get(state) ?? 0) + versions);
  return sums;
}

/** Counts by the rule that takes their versions; what no rule takes comes last. */
export function byRule(
  counts: readonly CountReport[],
): readonly (readonly [string | undefined, readonly CountReport[]])[] {
  const groups = [...grouped(counts, ({ rule }) => rule)];
  return [...groups.filter(([rule]) => rule !== undefined), ...groups.filter(([rule]) => rule === undefined)];
}
