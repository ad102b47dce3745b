/** The file of an interrupted run: what is counted so far, and the ranges of keys that are left. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { InvalidInputError, show } from "../../input/problems";
import type { TallyState } from "../meaning/tally";
import type { KeyRange } from "./keyRanges";
import type { SampledRow } from "./sampleRows";

/** What a run is of. A file of another run is refused: its counts would be of other things. */
export interface RunIdentity {
  readonly source: string;
  readonly prefix: string;
  /** The replication configuration and the options that decide, as JSON. */
  readonly rules: string;
}

export interface Checkpoint extends RunIdentity {
  readonly format: typeof FORMAT;
  /** When the first run began, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly ranges: readonly KeyRange[];
  readonly tally: TallyState;
  readonly sample: readonly SampledRow[];
  readonly looks: number;
  readonly destinationVersions: readonly number[];
  /** Bytes of the list of versions to mend that belong to this state. */
  readonly listed: number;
  /** Facts that the decisions rest on: they are those of the first run. */
  readonly facts: unknown;
}

const FORMAT = "s3-replication reconcile --resume, 2";

/** The format of any version. */
const ANY_FORMAT = v.looseObject({
  format: v.pipe(v.string(), v.regex(/^s3-replication reconcile --resume, \d+$/)),
});

/** Where the next state is written, which then takes the place of the earlier one. */
const freshFile = (file: string) => `${file}.new`;

/** List of missed versions that belongs to the state. */
export const missedFile = (file: string) => `${file}.missed`;

/** Every file that a run with --resume writes. */
export function filesOfRun(file: string): string[] {
  return [file, freshFile(file), missedFile(file)];
}

/** Only what tells such a file from others is checked: it is our own, and nobody else's input. */
const SCHEMA = v.looseObject({
  format: v.literal(FORMAT),
  source: v.string(),
  prefix: v.string(),
  rules: v.string(),
  startedAt: v.number(),
  ranges: v.array(v.object({ after: v.optional(v.string()), upTo: v.optional(v.string()) })),
  tally: v.looseObject({ counters: v.array(v.array(v.looseObject({ versions: v.number() }))) }),
  sample: v.array(v.looseObject({})),
  looks: v.number(),
  destinationVersions: v.array(v.number()),
  listed: v.number(),
  facts: v.unknown(),
});

export class CheckpointFile {
  constructor(readonly file: string) {}

  /** @throws InvalidInputError for a file that is something else, of another version, or of another run. */
  read(run: RunIdentity): Checkpoint | undefined {
    const subject = "--resume";
    if (!existsSync(this.file)) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(this.file, "utf8"));
    } catch (error) {
      value = error;
    }
    if (v.is(ANY_FORMAT, value) && value.format !== FORMAT) {
      throw new InvalidInputError(subject, [
        `must be of this version of the command, got ${show(this.file)}, which another version wrote; delete it to begin anew`,
      ]);
    }
    if (!v.is(SCHEMA, value)) {
      throw new InvalidInputError(subject, [
        `must be a new file, or one that an interrupted reconcile wrote, got ${show(this.file)}, which is something else and is left as it is`,
      ]);
    }
    const checkpoint = value as unknown as Checkpoint;
    const names = { source: "bucket", prefix: "--prefix", rules: "rules or options" } as const;
    for (const [name, what] of Object.entries(names) as [keyof RunIdentity, string][]) {
      if (checkpoint[name] === run[name]) continue;
      throw new InvalidInputError(subject, [
        `must be of the same ${what} as this run, got ${show(this.file)}, which is of others; delete it to begin anew`,
      ]);
    }
    return checkpoint;
  }

  /** All or nothing: a run that is killed while it writes leaves the earlier state. */
  write(checkpoint: Omit<Checkpoint, "format">): void {
    const fresh = freshFile(this.file);
    try {
      writeFileSync(fresh, JSON.stringify({ format: FORMAT, ...checkpoint }));
      renameSync(fresh, this.file);
    } catch (error) {
      throw new InvalidInputError("--resume", [
        `must be a file that can be written, got ${show(this.file)}: ${(error as Error).message}`,
      ]);
    }
  }

  /** The run ended: there is nothing to go on with. */
  remove(): void {
    rmSync(this.file, { force: true });
  }
}
