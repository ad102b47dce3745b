/** One rule, verified with one canary. */
import type { ObjectState } from "../accounts/snapshot";
import { encryptionOf } from "../aws/encryption";
import { describe } from "../aws/failures";
import { describeObject } from "../rehearsal/objects";
import { ineligibleUnder } from "../rehearsal/settings";
import { bucketNameOf } from "../replication/names";
import { ruleName } from "../replication/rules";
import type { Bucket, Entry } from "./bucket";
import { canaryKey } from "./canary";
import { checkReplica } from "./checks";
import {
  ANOTHER_RUN,
  concluded,
  type Conclusion,
  FAILED,
  refused,
  STOPPED_BEFORE_MARKER,
} from "./conclusions";
import type { Check, Left, RuleVerification } from "./report";
import type { RuleSetting } from "./setting";
import { isRespected, leftovers, removeOwn } from "./tidying";
import { waitFor, type Waited } from "./waiting";

/** Time to clean up, after which other runs take a canary for one of a killed run, in seconds. */
const TIME_TO_TIDY = 120;

/** The run of one rule: what is found out is gathered on the way, and stays true when the run is cut short. */
export class RuleRun {
  private readonly notes: string[] = [];
  private readonly left: Left[] = [];
  private checks: Check[] = [];
  private canary: RuleVerification["canary"];
  private removedLeftovers = 0;

  constructor(private readonly setting: RuleSetting) {}

  async verify(): Promise<RuleVerification> {
    const { configuration, rule } = this.setting;
    const { outcome, reason } = await this.run();
    return {
      rule: ruleName(configuration, rule),
      destination: rule.Destination.Bucket,
      outcome,
      reason,
      ...(this.canary === undefined ? {} : { canary: this.canary }),
      checks: this.checks,
      notes: this.notes,
      left: this.left,
      removedLeftovers: this.removedLeftovers,
    };
  }

  private async run(): Promise<Conclusion> {
    const { source, place, patience } = this.setting;
    const obstacle = await this.tidyUpAfterOthers();
    if (obstacle !== undefined) return obstacle;
    if (patience.signal.aborted) return { outcome: "unfinished", reason: "it was stopped before it began" };
    const mayTake = (patience.timeout / 1000) * (this.replicatesDeleteMarkers() ? 2 : 1) + TIME_TO_TIDY;
    const key = canaryKey(place, mayTake);
    const own: Partial<Entry>[] = [];
    try {
      return await this.follow(key, own);
    } finally {
      for (const bucket of this.readable()) {
        this.left.push(...(await removeOwn(bucket, key, bucket === source ? own : own.slice(0, 1))));
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
        this.removedLeftovers += old.length - stuck.length;
        this.left.push(...stuck);
      } catch (error) {
        return refused(`canaries in bucket '${bucket.name}' cannot be listed: ${describe(error)}`);
      }
    }
    const reasons = [
      ...retentions,
      ...(this.left.length > 0 ? [`${this.left.length} of earlier runs cannot be removed`] : []),
      ...destinations.flatMap(({ reason }) => reason ?? []),
    ];
    if (reasons.length === 0) return undefined;
    if (!leaveCanaries) {
      return refused(
        `canaries would pile up: ${reasons.join("; ")}. With --leave-canaries one is put all the same`,
      );
    }
    this.notes.push(...reasons);
    return undefined;
  }

  /** @param own The versions that this run makes, as it makes them. */
  private async follow(key: string, own: Partial<Entry>[]): Promise<Conclusion> {
    const { source, place, configuration, rule, patience } = this.setting;
    const body = `Written by 's3-replication verify' to test rule ${ruleName(configuration, rule)}; it is removed again.\n${key}\n`;
    let versionId: string | undefined;
    try {
      versionId = await source.put(key, body, place.tags);
    } catch (error) {
      return refused(`the canary could not be put: ${describe(error)}`);
    }
    own.push({ key, versionId });
    this.canary = { key, versionId, tags: place.tags };
    if (versionId === undefined) return refused(`bucket '${source.name}' is not versioned`);
    try {
      if (await this.isLater(key)) return ANOTHER_RUN;
    } catch (error) {
      return refused(`whether another run is verifying this rule cannot be seen: ${describe(error)}`);
    }

    const waited = await this.waitForStatus(key, versionId);
    if ("why" in waited) {
      const last = this.canary.status;
      return this.unfinished(
        last === undefined ? "S3 gave the canary no status" : `the canary is ${last}`,
        waited.why,
      );
    }
    const { status, object } = waited.found;
    this.canary = {
      ...this.canary,
      encryption: object.encryption,
      ...(status === undefined ? {} : { status, seconds: waited.seconds }),
    };
    this.noteKind(object);
    if (status === undefined) return this.notTaken(object);
    const [{ bucket: destination }] = this.setting.destinations;
    if (destination === undefined) return status === "FAILED" ? FAILED : concluded(this.checks);

    const canary = { key, versionId, body, tags: place.tags, encryption: object.encryption };
    try {
      this.checks = await checkReplica(destination, rule, canary, object.bucket);
    } catch (error) {
      this.checks = [{ name: "version id", result: "unread", reason: describe(error) }];
    }
    if (status === "FAILED" && !this.arrivedHere()) {
      this.checks = [];
      return FAILED;
    }
    const conclusion = concluded(this.checks);
    if (conclusion.outcome !== "verified" || !this.replicatesDeleteMarkers()) return conclusion;
    if (patience.signal.aborted) return STOPPED_BEFORE_MARKER;
    return this.followDeleteMarker(key, destination, own);
  }

  /** A delete marker has no status: it is there, or it is not. */
  private async followDeleteMarker(
    key: string,
    destination: Bucket,
    own: Partial<Entry>[],
  ): Promise<Conclusion> {
    const { source, patience, onStatus } = this.setting;
    const unread = (reason: string): Conclusion => {
      this.checks.push({ name: "delete marker", result: "unread", reason });
      return concluded(this.checks);
    };
    try {
      own.push({ key, versionId: await source.mark(key) });
    } catch (error) {
      return unread(`none could be put: ${describe(error)}`);
    }
    onStatus("delete marker");
    const waited = await waitFor(patience, async () => {
      const { entries } = await destination.list(key);
      return entries.find(({ deleteMarker }) => deleteMarker);
    });
    if ("why" in waited) return this.unfinished("its delete marker has not arrived", waited.why);
    this.canary = { ...this.canary!, deleteMarkerSeconds: waited.seconds };
    this.checks.push({ name: "delete marker", result: "right" });
    return concluded(this.checks);
  }

  private waitForStatus(
    key: string,
    versionId: string,
  ): Promise<Waited<{ status: string | undefined; object: ObjectState }>> {
    const { source, sourceArn, patience, onStatus, rule, place } = this.setting;
    return waitFor(patience, async () => {
      const head = await source.head(key, versionId, patience.signal);
      const status = head.ReplicationStatus;
      const object = { bucket: sourceArn, key, tags: place.tags, encryption: encryptionOf(head) };
      onStatus(status ?? "no status");
      if (this.canary !== undefined) this.canary = { ...this.canary, encryption: object.encryption, status };
      if (status === "FAILED") return { status, object };
      // The SDK knows both spellings.
      if (status === "COMPLETED" || status === "COMPLETE") return { status: "COMPLETED", object };
      if (status === undefined && ineligibleUnder(rule, object, true) !== undefined)
        return { status, object };
      return undefined;
    });
  }

  private replicatesDeleteMarkers(): boolean {
    const { rule, sourceArn, source, destinations } = this.setting;
    const marker: ObjectState = {
      bucket: sourceArn,
      key: "",
      encryption: { algorithm: "AES256" },
      deleteMarker: true,
    };
    const crosses = destinations[0].bucket?.account.id !== source.account.id;
    return ineligibleUnder(rule, marker, crosses) === undefined;
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

  private notTaken(object: ObjectState): Conclusion {
    const why = ineligibleUnder(this.setting.rule, object, true)?.reason ?? "S3 gave it no status";
    return { outcome: "failed", reason: `S3 does not replicate the canary: ${why}` };
  }

  private unfinished(what: string, why: string): Conclusion {
    this.notes.push("a replica that arrives later is removed by the next run");
    return { outcome: "unfinished", reason: `${what}: ${why}` };
  }

  /** FAILED can be meant for another destination. */
  private arrivedHere(): boolean {
    const { destinations } = this.setting;
    const isHere = this.checks[0]?.result === "right";
    if (isHere && destinations.length > 1) {
      const others = destinations.slice(1).map(({ arn }) => bucketNameOf(arn));
      this.notes.push(`S3 says FAILED: the replica arrived here, but not in each of ${others.join(", ")}`);
    }
    return isHere && destinations.length > 1;
  }

  /** A canary is encrypted as the bucket encrypts by default. */
  private noteKind(object: ObjectState): void {
    const { rule } = this.setting;
    const isKms = object.encryption.algorithm.startsWith("aws:kms");
    if (rule.SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status === "Enabled" && !isKms) {
      this.notes.push(
        `tested with ${describeObject(object)}, the bucket's default encryption; that the rule takes SSE-KMS objects too was not tested`,
      );
    }
  }

  private readable(): Bucket[] {
    const { source, destinations } = this.setting;
    return [source, ...new Set(destinations.flatMap(({ bucket }) => bucket ?? []))];
  }

  private tellOfUnreadable(key: string): void {
    if (this.canary?.versionId === undefined || this.canary.status === "FAILED") return;
    for (const { arn, bucket, reason = "" } of this.setting.destinations) {
      if (bucket === undefined) this.left.push({ bucket: bucketNameOf(arn), key, reason });
    }
  }
}
