/** One rule, verified with one canary. */
import { describe } from "../aws/failures";
import { bucketNameOf } from "../naming/names";
import { ruleName } from "../replication/rules";
import type { Bucket, Entry } from "./bucket";
import { canaryKey } from "./canary";
import { ANOTHER_RUN, type Conclusion, refused } from "./conclusions";
import { Findings } from "./findings";
import { FollowedCanary } from "./followedCanary";
import type { RuleVerification } from "./report";
import { replicatesDeleteMarkers, type RuleSetting } from "./ruleSetting";
import { isRespected, leftovers, removeOwn } from "./tidying";

/** Time to clean up, after which other runs take a canary for one of a killed run, in seconds. */
const TIME_TO_TIDY = 120;

/** The run of one rule: tidies up after others, puts a canary, has it followed, and removes it again. */
export class RuleRun {
  private readonly findings = new Findings();

  constructor(private readonly setting: RuleSetting) {}

  async verify(): Promise<RuleVerification> {
    const { configuration, rule } = this.setting;
    const { outcome, reason } = await this.run();
    return {
      rule: ruleName(configuration, rule),
      destination: rule.Destination.Bucket,
      outcome,
      reason,
      ...this.findings.reported(),
    };
  }

  private async run(): Promise<Conclusion> {
    const { source, place, patience } = this.setting;
    const obstacle = await this.tidyUpAfterOthers();
    if (obstacle !== undefined) return obstacle;
    if (patience.signal.aborted) return { outcome: "unfinished", reason: "it was stopped before it began" };
    const mayTake =
      (patience.timeout / 1000) * (replicatesDeleteMarkers(this.setting) ? 2 : 1) + TIME_TO_TIDY;
    const key = canaryKey(place, mayTake);
    const own: Partial<Entry>[] = [];
    try {
      return await this.putAndFollow(key, own);
    } finally {
      for (const bucket of this.readable()) {
        this.findings.left.push(...(await removeOwn(bucket, key, bucket === source ? own : own.slice(0, 1))));
      }
      this.tellOfUnreadable(key);
    }
  }

  /** Removes what killed runs left, and gives the reason why no canary may be put. */
  private async tidyUpAfterOthers(): Promise<Conclusion | undefined> {
    const { source, place, destinations, retentions, leaveCanaries } = this.setting;
    for (const bucket of this.readable()) {
      try {
        const { entries, now } = await bucket.list(place.prefix);
        if (bucket === source && entries.some((entry) => isRespected(place, entry, now))) return ANOTHER_RUN;
        const old = leftovers(place, entries, now);
        const stuck = await bucket.remove(old);
        this.findings.removedLeftovers += old.length - stuck.length;
        this.findings.left.push(...stuck);
      } catch (error) {
        return refused(`canaries in bucket '${bucket.name}' cannot be listed: ${describe(error)}`);
      }
    }
    const reasons = [
      ...retentions,
      ...(this.findings.left.length > 0
        ? [`${this.findings.left.length} of earlier runs cannot be removed`]
        : []),
      ...destinations.flatMap(({ reason }) => reason ?? []),
    ];
    if (reasons.length === 0) return undefined;
    if (!leaveCanaries) {
      return refused(
        `canaries would pile up: ${reasons.join("; ")}. With --leave-canaries one is put all the same`,
      );
    }
    this.findings.notes.push(...reasons);
    return undefined;
  }

  /** @param own The versions that this run makes, as it makes them. */
  private async putAndFollow(key: string, own: Partial<Entry>[]): Promise<Conclusion> {
    const { source, place, configuration, rule } = this.setting;
    const body = `Written by 's3-replication verify' to test rule ${ruleName(configuration, rule)}; it is removed again.\n${key}\n`;
    let versionId: string | undefined;
    try {
      versionId = await source.put(key, body, place.tags);
    } catch (error) {
      return refused(`the canary could not be put: ${describe(error)}`);
    }
    own.push({ key, versionId });
    this.findings.canary = { key, versionId, tags: place.tags };
    if (versionId === undefined) return refused(`bucket '${source.name}' is not versioned`);
    try {
      if (await this.isLater(key)) return ANOTHER_RUN;
    } catch (error) {
      return refused(`whether another run is verifying this rule cannot be seen: ${describe(error)}`);
    }
    return new FollowedCanary(this.setting, this.findings, { key, versionId, body }, own).toItsEnd();
  }

  /** Two runs that begin together each see the other's canary; the later one gives way. */
  private async isLater(key: string): Promise<boolean> {
    const { source, place } = this.setting;
    const { entries, now } = await source.list(place.prefix);
    const own = entries.find((entry) => entry.key === key);
    if (own === undefined) return false;
    const order = (entry: Entry) => `${entry.lastModified.toISOString()} ${entry.key}`;
    return entries.some(
      (entry) => entry.key !== key && isRespected(place, entry, now) && order(entry) < order(own),
    );
  }

  private readable(): Bucket[] {
    const { source, destinations } = this.setting;
    return [source, ...new Set(destinations.flatMap(({ bucket }) => bucket ?? []))];
  }

  private tellOfUnreadable(key: string): void {
    if (this.findings.canary?.versionId === undefined || this.findings.canary.status === "FAILED") return;
    for (const { arn, bucket, reason = "" } of this.setting.destinations) {
      if (bucket === undefined) this.findings.left.push({ bucket: bucketNameOf(arn), key, reason });
    }
  }
}
