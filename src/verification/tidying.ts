/** What runs leave, and how it goes away. */
import { describe } from "../aws/failures";
import type { Bucket, Entry } from "./bucket";
import { type CanaryPlace, secondsToRespect } from "./canary";
import type { Left } from "./report";

/** Whether a canary may belong to a run that is still at work. */
export function isRespected(place: CanaryPlace, { key, lastModified }: Entry, now: Date): boolean {
  const seconds = secondsToRespect(place, key);
  return seconds !== undefined && now.getTime() < lastModified.getTime() + seconds * 1000;
}

/** Canaries of runs that cannot be at work any more, with their delete markers. */
export function leftovers(place: CanaryPlace, entries: readonly Entry[], now: Date): Entry[] {
  return entries.filter(
    (entry) => secondsToRespect(place, entry.key) !== undefined && !isRespected(place, entry, now),
  );
}

/**
 * Removes every version of a run's own canary, those too that came of a request whose answer was lost.
 * @param known What is removed where the bucket cannot be listed.
 * @returns What is still there.
 */
export async function removeOwn(
  bucket: Bucket,
  key: string,
  known: readonly Partial<Entry>[],
): Promise<Left[]> {
  try {
    const { entries } = await bucket.list(key);
    return await bucket.remove(entries.filter((entry) => entry.key === key));
  } catch (error) {
    const left = await bucket.remove(
      known.flatMap(({ versionId }) => (versionId === undefined ? [] : [{ key, versionId }])),
    );
    return known.length > 0 ? left : [{ bucket: bucket.name, key, reason: describe(error) }];
  }
}
