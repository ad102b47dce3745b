/** Every bucket of many accounts that replicates: found, proven, and looked at, a bounded number at once. */
import { setMaxListeners } from "node:events";
import pLimit from "p-limit";
import { problem } from "../rehearsal/gate/problems";
import type { FleetAccess } from "./meaning/access";
import type { EarlierReports } from "./meaning/earlierReports";
import { judgePair } from "./meaning/judgePair";
import type { FleetProblem, FleetReport, PairReport } from "./meaning/report";
import { summariseFleet } from "./meaning/summariseFleet";
import { discover, type SourceBucket, vanished } from "./questions/discover";
import { openFleet } from "./questions/openFleet";
import { type ReadingOptions, readPairs } from "./questions/readPairs";

export interface FleetRun extends ReadingOptions {
  readonly access: FleetAccess;
  readonly earlier: EarlierReports;
  readonly onProgress?: (done: number, total: number, label: string) => void;
}

/** Source buckets that are read and rehearsed at once. */
const SOURCES_AT_ONCE = 8;

/**
 * Reads, and changes nothing.
 * @throws InvalidInputError where a profile leads into another account than was said.
 * @throws AwsCallFailed where the caller's own credentials are needed and are none.
 */
export async function inspectFleet({ access, earlier, ...options }: FleetRun): Promise<FleetReport> {
  const { signal, onProgress = () => undefined } = options;
  // Every question that is open listens to it.
  setMaxListeners(0, signal);
  onProgress(0, 1, "accounts");
  const fleet = await openFleet(access, signal);
  try {
    const found = await discover(fleet, {
      regions: access.regions,
      signal,
      onProgress: (done, total) => onProgress(done, total, "buckets looked at"),
    });
    const listed = found.accounts.filter(({ buckets }) => buckets !== undefined);
    const known = { listed: new Set(listed.map(({ accountId }) => accountId)), members: fleet.members };
    const pairs: PairReport[] = [];
    const notRead = [...fleet.notRead, ...found.notRead].map(notReadProblem);
    const notes = [...found.notes];
    const limit = pLimit(SOURCES_AT_ONCE);
    let done = 0;
    const judge = async (source: SourceBucket) => {
      signal.throwIfAborted();
      try {
        const readings = await readPairs(fleet, found.owners, source, options);
        if (readings.length === 0) notes.push(vanished(source.bucketName));
        pairs.push(...readings.map((each) => judgePair(each, known, earlier)));
      } catch (error) {
        signal.throwIfAborted();
        if (!isOfBucket(error)) throw error;
        notRead.push(notReadProblem(`bucket ${source.bucketName}: ${error.message}`));
      }
      onProgress((done += 1), found.sources.length, "source buckets judged");
    };
    await Promise.all(inOrder(found.sources).map((source) => limit(() => judge(source))));
    return summariseFleet({
      accounts: found.accounts,
      pairs,
      notRead,
      notes: [...notes, ...earlier.unused],
    });
  } finally {
    fleet.close();
  }
}

/** Those with a destination in common one after the other, while its answers are kept. */
function inOrder(sources: readonly SourceBucket[]): SourceBucket[] {
  const keyOf = ({ configuration, account, bucketName }: SourceBucket) =>
    [configuration.Rules[0]?.Destination.Bucket ?? "", account.id, bucketName].join("\0");
  return [...sources].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Whether an error is about one bucket, so that the others go on. */
function isOfBucket(error: unknown): error is Error {
  return error instanceof Error && ["AwsCallFailed", "PolicySyntaxError"].includes(error.name);
}

function notReadProblem(sentence: string): FleetProblem {
  const { kind, message, fingerprint } = problem("unread", "unproven", sentence, [sentence]);
  return { kind, level: "unproven", message, fingerprint };
}
