/** The list engine: versions of all buckets, listed side by side and decided on as they come. */
import { setMaxListeners } from "node:events";
import type { Engine, EngineAsk, EngineResult } from "../engine";
import { CAUSES } from "../meaning/causes";
import type { KnownFacts } from "../meaning/bucketFacts";
import { type Decision, decisionOf, destinationsOf } from "../meaning/decision";
import { type Decider, deciderOf } from "../meaning/evaluate";
import type { Row, Version } from "../meaning/row";
import { Tallying } from "../meaning/tally";
import { count, numeral } from "../../output/counts";
import { filterOf, type ReplicationConfiguration } from "../../replication/rules";
import { type Checkpoint, CheckpointFile, type RunIdentity } from "./checkpoint";
import type { Joined } from "./joinVersions";
import { ListWalk } from "./listWalk";
import { DELETED, Looker, LOOKS_AT_ONCE } from "./lookAt";
import { RowSample } from "./sampleRows";
import { type ListedBucket, type ListPage, pagesOf } from "./versionPages";

export interface ListSetting {
  readonly configuration: ReplicationConfiguration;
  readonly source: ListedBucket;
  /** The destinations of the enabled rules, in the order of `destinationsOf`. */
  readonly destinations: readonly ListedBucket[];
  /** What is known of each destination, beside the times of the listings. */
  readonly facts: readonly KnownFacts[];
  /** Versions that are asked for their status at most. */
  readonly headLimit: number;
  /** Versions in place whose encryption and tags are compared at most. */
  readonly sampleSize: number;
  /** File of an interrupted run. */
  readonly resume?: string;
  /** Versions of the source, where somebody counted them. */
  readonly expected?: number;
  /** Default: the time now, in milliseconds since 1970. */
  readonly now?: () => number;
}

export function listEngine(setting: ListSetting): Engine {
  const { resume } = setting;
  return {
    name: "list",
    run: (ask) => new ListRun(setting, ask).run(),
    forget: () => {
      if (resume !== undefined) new CheckpointFile(resume).remove();
    },
  };
}

type Listed = Checkpoint | undefined;

/** Outcomes that a look at the version of the source may decide. */
const LOOKED_FOR: readonly string[] = ["status-unread", "tags-unread", "encryption-unread", "maybe-replica"];

const nameOf = ({ key, versionId }: Row) => JSON.stringify([key, versionId]);

/** Milliseconds between two states that are written to the file of --resume. */
const CHECKPOINT_EVERY = 2_000;

class ListRun {
  private decisions: readonly Decision[] = [];
  private deciders: readonly Decider[] = [];
  private tallying!: Tallying;
  private sample!: RowSample;
  private sourceLooker!: Looker;
  private destinationLookers: readonly Looker[] = [];
  private readonly looking = new Set<Promise<void>>();
  private readonly sampled = new Set<string>();
  private looks = 0;
  private unlooked = 0;
  private destinationVersions: number[];
  private startedAt = 0;
  private facts: ListSetting["facts"] = [];
  private readonly readsTags: boolean;
  private failure: { error: unknown } | undefined;
  /** Where one part fails, the others are not wanted any more. */
  private readonly ended = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    private readonly setting: ListSetting,
    private readonly ask: EngineAsk,
  ) {
    this.destinationVersions = setting.destinations.map(() => 0);
    this.readsTags = setting.configuration.Rules.some((rule) => filterOf(rule).tags.length > 0);
    this.signal = AbortSignal.any([ask.signal, this.ended.signal]);
  }

  async run(): Promise<EngineResult> {
    try {
      return await this.runToEnd();
    } finally {
      this.ended.abort();
    }
  }

  private async runToEnd(): Promise<EngineResult> {
    const { setting, ask } = this;
    const file = setting.resume === undefined ? undefined : new CheckpointFile(setting.resume);
    const earlier = file?.read(this.identity());
    this.prepare(earlier);
    const walk = new ListWalk(this.sides(), {
      prefix: ask.prefix,
      ranges: earlier?.ranges ?? [{}],
      signal: this.signal,
      onJoined: (key, versionId, joined) => this.onJoined(key, versionId, joined),
      afterKey: () => this.room(),
      ...(file === undefined
        ? {}
        : {
            pauseEvery: CHECKPOINT_EVERY,
            onPause: async (ranges) => {
              await this.settle();
              file.write({ ...this.state(), ranges });
            },
          }),
    });
    await walk.run();
    await this.settle();
    // Whatever comes after all was listed, the same command goes on from here.
    file?.write({ ...this.state(), ranges: [] });
    await this.compareSample();
    return this.result(earlier !== undefined);
  }

  private identity(): RunIdentity {
    const { configuration, headLimit, sampleSize, source } = this.setting;
    return {
      source: source.name,
      prefix: this.ask.prefix,
      rules: JSON.stringify([configuration, headLimit, sampleSize]),
    };
  }

  private prepare(earlier: Listed): void {
    const { setting, ask } = this;
    this.startedAt = earlier?.startedAt ?? (setting.now ?? Date.now)();
    this.facts = (earlier?.facts as ListSetting["facts"] | undefined) ?? setting.facts;
    this.decisions = destinationsOf(setting.configuration).map((arn, place) =>
      decisionOf(setting.configuration, arn, {
        ...this.facts[place],
        sourceListedAt: this.startedAt,
        destinationListedAt: this.startedAt,
      }),
    );
    this.deciders = this.decisions.map(deciderOf);
    this.tallying = new Tallying(this.decisions);
    this.sample = new RowSample(setting.sampleSize, ({ destination, outcome, row }) =>
      this.tallying.add(destination, outcome, row),
    );
    // Every request under way listens to it.
    setMaxListeners(0, this.signal);
    this.sourceLooker = new Looker(setting.source, this.signal);
    this.destinationLookers = setting.destinations.map((bucket) => new Looker(bucket, this.signal));
    if (earlier === undefined) return;
    this.tallying.restore(earlier.tally);
    this.sample.restore(earlier.sample);
    this.looks = earlier.looks;
    this.destinationVersions = [...earlier.destinationVersions];
    ask.onResumed?.(earlier.listed);
  }

  private sides(): ListPage[] {
    const { setting, ask } = this;
    return [setting.source, ...setting.destinations].map((bucket) =>
      pagesOf(bucket, ask.prefix, this.signal),
    );
  }

  private onJoined(key: string, versionId: string, [source, ...destinations]: Joined): void {
    const rows = destinations.map((destination): Row => ({ key, versionId, source, destination }));
    const outcomes = rows.map((row, place) => this.deciders[place]!(row));
    destinations.forEach((destination, place) => {
      if (destination !== undefined) this.destinationVersions[place]! += 1;
    });
    if (source === undefined || source.isDeleteMarker || !this.isLookedFor(outcomes)) {
      return this.count(rows, outcomes);
    }
    if (this.looks >= this.setting.headLimit) {
      this.unlooked += 1;
      return this.count(rows, outcomes);
    }
    this.looks += 1;
    this.track(this.lookAndCount(rows, source));
  }

  private isLookedFor(outcomes: readonly number[]): boolean {
    return outcomes.some((outcome, place) =>
      LOOKED_FOR.includes(this.decisions[place]?.outcomes[outcome]?.cause ?? ""),
    );
  }

  private async lookAndCount(rows: readonly Row[], listed: Version): Promise<void> {
    const [{ key, versionId } = { key: "", versionId: "" }] = rows;
    const source = await this.sourceLooker.look(key, versionId, listed, this.readsTags);
    // Deleted since it was listed: nothing is missing any more.
    if (source === DELETED) return;
    const known = rows.map((row) => ({ ...row, source }));
    this.count(
      known,
      known.map((row, place) => this.deciders[place]!(row)),
    );
  }

  private count(rows: readonly Row[], outcomes: readonly number[]): void {
    const [first] = rows;
    if (first !== undefined) this.tallying.addSource(first);
    rows.forEach((row, destination) => {
      const outcome = outcomes[destination] ?? 0;
      // Whether there is something at this destination at all: versions of other destinations are none of its rows.
      if (row.source === undefined && row.destination === undefined) return;
      const cause = this.decisions[destination]?.outcomes[outcome]?.cause;
      if (cause === "in-place" && row.source?.isDeleteMarker === false) {
        this.sample.offer(destination, outcome, row);
        return;
      }
      this.tallying.add(destination, outcome, row);
      this.tell(destination, outcome, row);
    });
    this.ask.onProgress(this.tallying.sourceVersions, "versions", this.setting.expected);
  }

  private tell(destination: number, outcome: number, { key, versionId }: Row): void {
    const cause = this.decisions[destination]?.outcomes[outcome]?.cause;
    if (cause === undefined || ["none", "wait"].includes(CAUSES[cause].remedy)) return;
    this.ask.onMissed?.({ destination, outcome, key, versionId });
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.looking.delete(tracked));
    this.looking.add(tracked);
  }

  /** Waits while too many looks are under way, so that what waits for them stays small. */
  private room(): Promise<unknown> | undefined {
    if (this.failure !== undefined) throw this.failure.error;
    return this.looking.size < 2 * LOOKS_AT_ONCE ? undefined : Promise.race(this.looking);
  }

  private async settle(): Promise<void> {
    while (this.looking.size > 0) await Promise.all(this.looking);
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** Looks at versions in place on both sides, for what the listings do not show. */
  private async compareSample(): Promise<void> {
    const others: { readonly name: string; readonly tell: () => void }[] = [];
    for (const sampled of this.sample.all()) {
      const { destination, outcome, row } = sampled;
      this.track(
        (async () => {
          const decided = await this.compare(destination, row);
          this.tallying.add(destination, decided ?? outcome, row);
          if (decided === undefined || decided === outcome) return;
          others.push({ name: nameOf(row), tell: () => this.tell(destination, decided, row) });
        })(),
      );
      await this.room();
    }
    await this.settle();
    // A version that several destinations have is told for each in a row.
    others.sort((one, other) => (one.name < other.name ? -1 : 1)).forEach(({ tell }) => tell());
  }

  private async compare(destination: number, row: Row): Promise<number | undefined> {
    const { key, versionId } = row;
    const looker = this.destinationLookers[destination];
    if (looker === undefined || row.source === undefined || row.destination === undefined) return undefined;
    const [source, there] = await Promise.all([
      this.sourceLooker.look(key, versionId, row.source, true),
      looker.look(key, versionId, row.destination, true),
    ]);
    if (source === DELETED || there === DELETED) return undefined;
    this.holdOnce(row, source);
    return this.deciders[destination]!({ ...row, source, destination: there });
  }

  /** A version that several destinations have may be in the sample of each. */
  private holdOnce(row: Row, looked: Version): void {
    const name = nameOf(row);
    if (row.source?.replicationStatus !== undefined || this.sampled.has(name)) return;
    this.sampled.add(name);
    this.tallying.addHeld(looked);
  }

  private state(): Omit<Checkpoint, "format" | "ranges"> {
    // The sample counts what it drops, so it comes before the counts.
    const sample = this.sample.all();
    return {
      ...this.identity(),
      startedAt: this.startedAt,
      tally: this.tallying.state(),
      sample,
      looks: this.looks,
      destinationVersions: this.destinationVersions,
      listed: this.ask.onPause?.() ?? 0,
      facts: this.facts,
    };
  }

  private result(isResumed: boolean): EngineResult {
    const { headLimit } = this.setting;
    const lookers = [this.sourceLooker, ...this.destinationLookers];
    return {
      engine: "list",
      decisions: this.decisions,
      tally: this.tallying.tally(true),
      sourceListedAt: this.startedAt,
      destinationListedAt: this.decisions.map(() => this.startedAt),
      notCompared: this.notCompared(),
      notes: [
        ...(isResumed ? ["the run went on from where an earlier one stopped"] : []),
        ...(this.unlooked === 0
          ? []
          : [
              `${count(this.unlooked, "version")} ${this.unlooked === 1 ? "was not asked for its" : "were not asked for their"} status: --head-limit is ${numeral(headLimit)}`,
            ]),
        ...lookers.flatMap(({ refusals }) => [...refusals]),
      ],
    };
  }

  private notCompared(): string[] {
    const inPlace = this.tallying
      .tally(true)
      .destinations.flatMap(({ counts }) => counts)
      .filter(({ state }) => state === "in place")
      .reduce((sum, { versions }) => sum + versions, 0);
    const compared = this.sample.all().length;
    if (inPlace <= compared) return [];
    return [
      `encryption, tags and status: listings do not show them; they were looked at for ${numeral(compared)} of ${count(inPlace, "version")} in place (--sample)`,
    ];
  }
}
