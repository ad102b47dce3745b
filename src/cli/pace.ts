/** How far a long run is, and how fast, as one line of progress. */
import { numeral } from "../output/counts";
import type { Progress } from "./progress";

/** Milliseconds between two looks at the clock, which is asked for less often than versions come. */
const SHOWN_EVERY = 100;
/** Versions between two looks at the clock. */
const COUNTED_EVERY = 1_000;

/** Shows how many versions are done, how many a second, and how long the rest takes where their number is known. */
export function pace(progress: Progress): (done: number, label: string, total?: number) => void {
  let [began, shown, counted, first, shownLabel] = [Date.now(), 0, 0, -1, ""];
  return (done, label, total) => {
    const isNew = label !== shownLabel;
    const step = Math.min(COUNTED_EVERY, (total ?? Infinity) / 100);
    if (!isNew && done - counted < step && done > counted) return;
    counted = done;
    const now = Date.now();
    if (isNew) [began, first, shownLabel] = [now, done, label];
    if (now - shown < SHOWN_EVERY) return;
    shown = now;
    const rate = ((done - first) / Math.max(now - began, 1)) * 1000;
    progress.show(done, paceLine(done, label, rate, total));
  };
}

/**
 * @param label What is counted, of which one has no "s" at the end of its first word. @param rate So many a second.
 * @example paceLine(1, "versions", 20); // "1 version, 20 a second"
 */
export function paceLine(done: number, label: string, rate: number, total?: number): string {
  const of = total === undefined ? "" : ` of about ${numeral(total)}`;
  const what = (total ?? done) === 1 ? label.replace(/^(\p{L}+)s\b/u, "$1") : label;
  const left =
    total === undefined || rate === 0 ? "" : `, about ${duration(Math.max(0, (total - done) / rate))} left`;
  return `${numeral(done)}${of} ${what}, ${numeral(rate)} a second${left}`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)}s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`;
}
