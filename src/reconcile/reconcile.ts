/** A reconciliation from its beginning to its end: read, list or query, decide, explain, write the lists. */
import { describe } from "../aws/failures";
import type { PairAccounts } from "../aws/pair";
import { countVersions } from "./countVersions";
import type { Engine, EngineAsk } from "./engine";
import { explain } from "./explain";
import { listEngine } from "./list/listEngine";
import { assertPlace, type ManifestPlace, writeManifests } from "./manifest";
import { MissedList } from "./missedList";
import { readBuckets, type ReadBuckets } from "./readBuckets";
import { type ReconcileResult, resultOf } from "./result";

export interface ReconcileOptions {
  /** Only keys that begin with it; empty for all. */
  readonly prefix: string;
  readonly headLimit: number;
  readonly sampleSize: number;
  readonly resume?: string;
  readonly manifest?: ManifestPlace;
  /** Whether the settings are asked why versions are missing. */
  readonly explains: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: EngineAsk["onProgress"];
}

/** An engine with the sentence that says why it was taken. */
export interface ChosenEngine {
  readonly engine: Engine;
  readonly because: string;
}

/** Makes an engine for buckets that were read. No engine: the list engine, for the same or the usual reason. */
export type ChooseEngine = (
  buckets: ReadBuckets,
  expected: number | undefined,
) => Promise<Partial<ChosenEngine> | undefined>;

/**
 * Changes nothing but what `--manifest` and `--resume` name.
 * @throws AwsCallFailed where a bucket cannot be read or listed. @throws InvalidInputError for options that do not fit.
 */
export async function reconcile(
  accounts: PairAccounts,
  bucketName: string,
  options: ReconcileOptions,
  choose: ChooseEngine = () => Promise.resolve(undefined),
): Promise<ReconcileResult> {
  const { prefix, resume, manifest, signal, onProgress } = options;
  const buckets = await readBuckets(accounts, bucketName, signal);
  // Where the lists are to go must be there before hours are spent.
  if (manifest !== undefined) await assertPlace(accounts.source, manifest, signal);
  const { source } = buckets;
  const expected =
    prefix === "" ? await countVersions(source.account, source.region, bucketName, signal) : undefined;
  const { engine, because } = {
    ...listing(buckets, options, expected),
    ...(await choose(buckets, expected)),
  };
  // A run that is resumed may be given --manifest only then.
  const missed = manifest === undefined && resume === undefined ? undefined : MissedList.open(resume);
  try {
    const result = await engine.run({
      prefix,
      signal,
      onProgress,
      ...(missed === undefined
        ? {}
        : {
            onMissed: (each) => missed.add(each),
            onPause: () => missed.flush(),
            onResumed: (length) => missed.cutTo(length),
          }),
    });
    // What took hours to read is told, whatever comes of the rest.
    const notes: string[] = [];
    const orNote = async <T>(what: string, work: Promise<T[]>): Promise<T[] | undefined> =>
      work.catch((error: unknown) => {
        signal.throwIfAborted();
        notes.push(`${what}: ${describe(error)}`);
        return undefined;
      });
    const explanations = options.explains
      ? await orNote(
          "why versions are missing could not be told",
          explain(accounts, source, result.tally.destinations, signal),
        )
      : [];
    const manifests =
      manifest === undefined || missed === undefined
        ? []
        : await orNote(
            `the lists of --manifest were not written${resume === undefined ? "" : " (the same command writes them, and lists nothing again)"}`,
            writeManifests(manifest, source, result.decisions, missed.all()),
          );
    if (manifests === undefined && resume !== undefined) {
      missed?.close();
    } else {
      missed?.remove();
      engine.forget?.();
    }
    const told = { ...result, notes: [...result.notes, ...notes] };
    return resultOf(buckets, told, {
      explanations: explanations ?? [],
      manifests: manifests ?? [],
      because,
      prefix,
    });
  } catch (error) {
    // The list of a run that can go on belongs to its state.
    if (resume === undefined) missed?.remove();
    else missed?.close();
    throw error;
  }
}

function listing(
  buckets: ReadBuckets,
  { headLimit, sampleSize, resume }: ReconcileOptions,
  expected: number | undefined,
): ChosenEngine {
  const { configuration, source, destinations } = buckets;
  const engine = listEngine({
    configuration,
    source,
    destinations,
    facts: destinations.map(({ facts }) => facts),
    headLimit,
    sampleSize,
    ...(resume === undefined ? {} : { resume }),
    ...(expected === undefined ? {} : { expected }),
  });
  return { engine, because: "all buckets are listed now, and nothing has to be set up for it" };
}
