/** When pairs were last reconciled and verified, as earlier reports of 'reconcile' and 'verify' say. */
import * as v from "valibot";
import { fields } from "../../input/objectShapes";
import { bucketNameOf } from "../../naming/names";
import { MISSING_STATES } from "../../reconcile/meaning/causes";
import { given } from "../../util/optional";
import type { Earlier } from "./report";

const text = v.string("must be a text");

/** Of a report of `reconcile`, as much as is shown. */
export const RECONCILIATION = fields(
  {
    verdict: v.picklist(
      ["complete", "incomplete", "undecided"],
      "must be one of 'complete', 'incomplete', 'undecided'",
    ),
    source: fields({ bucketName: text }, "must be a bucket"),
    prefix: v.optional(text),
    destinations: v.array(
      fields(
        {
          bucketName: text,
          listedAt: text,
          counts: v.array(
            fields({ state: text, versions: v.number("must be a number") }, "must be a count"),
            "must be a list of counts",
          ),
        },
        "must be a destination",
      ),
      "must be a list of destinations",
    ),
  },
  "must be what 'reconcile --json' prints",
);

/** Of a report of `verify`, as much as is shown. */
export const VERIFICATION = fields(
  {
    bucket: text,
    rules: v.array(fields({ destination: text, outcome: text }, "must be a rule"), "must be a list of rules"),
  },
  "must be what 'verify --json' prints",
);

type Of = "reconciled" | "verified";

/** The newest of each pair. */
export class EarlierReports {
  private readonly newest = new Map<string, Earlier>();
  /** Names of source buckets that reports are about, and that no pair has asked for yet. */
  private readonly unasked = new Set<string>();

  addReconciliation({ source, verdict, prefix, destinations }: v.InferOutput<typeof RECONCILIATION>): void {
    // What was found below a prefix says nothing of the rest.
    if (prefix !== undefined && verdict !== "incomplete") verdict = "undecided";
    for (const { bucketName, listedAt, counts } of destinations) {
      const missing = counts
        .filter(({ state }) => (MISSING_STATES as readonly string[]).includes(state))
        .reduce((total, { versions }) => total + versions, 0);
      const own = verdict === "incomplete" && missing === 0 ? "complete" : verdict;
      this.add("reconciled", source.bucketName, bucketName, { at: listedAt, verdict: own, missing });
    }
  }

  /** @param at When the report was written, ISO 8601. */
  addVerification({ bucket, rules }: v.InferOutput<typeof VERIFICATION>, at: string): void {
    for (const destination of new Set(rules.map((rule) => rule.destination))) {
      const outcomes = rules.filter((rule) => rule.destination === destination).map(({ outcome }) => outcome);
      const isFailed = outcomes.some((outcome) => outcome === "failed" || outcome === "wrong");
      const isVerified = outcomes.every((outcome) => outcome === "verified" || outcome === "shadowed");
      const verdict = isFailed ? "failed" : isVerified ? "verified" : "unfinished";
      this.add("verified", bucket, bucketNameOf(destination), { at, verdict });
    }
  }

  reconciled(source: string, destination: string): Earlier | undefined {
    return this.of("reconciled", source, destination);
  }

  verified(source: string, destination: string): Earlier | undefined {
    return this.of("verified", source, destination);
  }

  /** Reports that no pair asked for: a sentence each. */
  get unused(): string[] {
    return [...this.unasked].map(
      (bucketName) => `a report of --reports is about ${bucketName}, which is no source bucket here`,
    );
  }

  private of(what: Of, source: string, destination: string): Earlier | undefined {
    this.unasked.delete(source);
    return this.newest.get(JSON.stringify([what, source, destination]));
  }

  private add(what: Of, source: string, destination: string, { at, verdict, missing }: Earlier): void {
    const key = JSON.stringify([what, source, destination]);
    const known = this.newest.get(key);
    this.unasked.add(source);
    if (known !== undefined && known.at >= at) return;
    this.newest.set(key, { at, verdict, ...given("missing", missing) });
  }
}
