/** Which versions lifecycle rules of a bucket may have deleted for good by some time. */
import { and, type Condition, equals, holds, laterThan, not, or, startsWith } from "./conditions";

/** A lifecycle rule that deletes versions, so that no later listing has them. */
export interface DeletingRule {
  /** Only keys that begin with it; empty for all. */
  readonly prefix: string;
  /** Days after which noncurrent versions are deleted. Left out: delete markers are that hide nothing any more. */
  readonly noncurrentDays?: number;
}

const DAY = 86_400_000;

/** What rules that were not read may say at most. */
const UNREAD_RULES: readonly DeletingRule[] = [{ prefix: "" }, { prefix: "", noncurrentDays: 1 }];

const IS_CURRENT = holds(equals("source.isLatest", true));

/**
 * Whether a version of the source, or its replica, may be deleted by then. No row says since when a version is noncurrent:
 * at the earliest since it was written, and if it was current when the source was listed, since then.
 * @param rules Left out: they were not read.
 * @param currentAt When it was current, where that counts; as `until` in milliseconds since 1970.
 */
export function mayBeDeleted(
  rules: readonly DeletingRule[] | undefined,
  until: number,
  currentAt = -Infinity,
): Condition {
  const mayBe = ({ noncurrentDays }: DeletingRule): Condition => {
    if (noncurrentDays === undefined) return equals("source.isDeleteMarker", true);
    // S3 takes more days than there were since 1970, and than a time can be told in.
    const latest = Math.max(until - noncurrentDays * DAY, 0);
    const isOld = not(holds(laterThan("source.lastModified", latest)));
    return currentAt > latest ? and(isOld, not(IS_CURRENT)) : isOld;
  };
  return or(
    ...(rules ?? UNREAD_RULES).map((rule) =>
      rule.prefix === "" ? mayBe(rule) : and(startsWith("key", rule.prefix), mayBe(rule)),
    ),
  );
}
