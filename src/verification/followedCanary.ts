/** A canary that was put, followed to its replica and, where the rule asks for it, to that of its delete marker. */
import type { ObjectState } from "../snapshot/snapshot";
import { encryptionOf } from "../aws/encryption";
import { describe } from "../aws/failures";
import { describeObject } from "../rehearsal/objects/objects";
import { ineligibleUnder } from "../rehearsal/preconditions";
import { bucketNameOf } from "../naming/names";
import type { Bucket, Entry } from "./bucket";
import { checkReplica } from "./checks";
import { concluded, type Conclusion, FAILED, STOPPED_BEFORE_MARKER } from "./conclusions";
import type { Findings } from "./findings";
import { replicatesDeleteMarkers, type RuleSetting } from "./ruleSetting";
import { waitFor, type Waited } from "./waiting";
import { selectsKms } from "../replication/rules";

export class FollowedCanary {
  /** @param own The versions that this run makes, as it makes them. */
  constructor(
    private readonly setting: RuleSetting,
    private readonly findings: Findings,
    private readonly put: { readonly key: string; readonly versionId: string; readonly body: string },
    private readonly own: Partial<Entry>[],
  ) {}

  async toItsEnd(): Promise<Conclusion> {
    const { patience, place, rule } = this.setting;
    const waited = await this.waitForStatus();
    if ("why" in waited) {
      const last = this.findings.canary?.status;
      return this.unfinished(
        last === undefined ? "S3 gave the canary no status" : `the canary is ${last}`,
        waited.why,
      );
    }
    const { status, object } = waited.found;
    if (status !== undefined) this.findings.addToCanary({ status, seconds: waited.seconds });
    this.noteKind(object);
    if (status === undefined) return this.notTaken(object);
    const [{ bucket: destination }] = this.setting.destinations;
    if (destination === undefined) return status === "FAILED" ? FAILED : concluded(this.findings.checks);

    const canary = { ...this.put, tags: place.tags, encryption: object.encryption };
    try {
      this.findings.checks = await checkReplica(destination, rule, canary, object.bucket);
    } catch (error) {
      this.findings.checks = [{ name: "version id", result: "unread", reason: describe(error) }];
    }
    if (status === "FAILED" && !this.arrivedHere()) {
      this.findings.checks = [];
      return FAILED;
    }
    const conclusion = concluded(this.findings.checks);
    if (conclusion.outcome !== "verified" || !replicatesDeleteMarkers(this.setting)) return conclusion;
    if (patience.signal.aborted) return STOPPED_BEFORE_MARKER;
    return this.followDeleteMarker(destination);
  }

  /** A delete marker has no status: it is there, or it is not. */
  private async followDeleteMarker(destination: Bucket): Promise<Conclusion> {
    const { source, patience, onStatus } = this.setting;
    const { key } = this.put;
    const unread = (reason: string): Conclusion => {
      this.findings.checks.push({ name: "delete marker", result: "unread", reason });
      return concluded(this.findings.checks);
    };
    try {
      this.own.push({ key, versionId: await source.mark(key) });
    } catch (error) {
      return unread(`none could be put: ${describe(error)}`);
    }
    onStatus("delete marker");
    const waited = await waitFor(patience, async () => {
      const { entries } = await destination.list(key);
      return entries.find(({ deleteMarker }) => deleteMarker);
    });
    if ("why" in waited) return this.unfinished("its delete marker has not arrived", waited.why);
    this.findings.addToCanary({ deleteMarkerSeconds: waited.seconds });
    this.findings.checks.push({ name: "delete marker", result: "right" });
    return concluded(this.findings.checks);
  }

  private waitForStatus(): Promise<Waited<{ status: string | undefined; object: ObjectState }>> {
    const { source, sourceArn, patience, onStatus, rule, place } = this.setting;
    const { key, versionId } = this.put;
    return waitFor(patience, async () => {
      const head = await source.head(key, versionId, patience.signal);
      const status = head.ReplicationStatus;
      const object = { bucket: sourceArn, key, tags: place.tags, encryption: encryptionOf(head) };
      onStatus(status ?? "no status");
      this.findings.addToCanary({ encryption: object.encryption, status });
      if (status === "FAILED") return { status, object };
      // The SDK knows both spellings.
      if (status === "COMPLETED" || status === "COMPLETE") return { status: "COMPLETED", object };
      if (status === undefined && ineligibleUnder(rule, object, true) !== undefined)
        return { status, object };
      return undefined;
    });
  }

  private notTaken(object: ObjectState): Conclusion {
    const why = ineligibleUnder(this.setting.rule, object, true)?.reason ?? "S3 gave it no status";
    return { outcome: "failed", reason: `S3 does not replicate the canary: ${why}` };
  }

  private unfinished(what: string, why: string): Conclusion {
    this.findings.notes.push("a replica that arrives later is removed by the next run");
    return { outcome: "unfinished", reason: `${what}: ${why}` };
  }

  /** FAILED can be meant for another destination. */
  private arrivedHere(): boolean {
    const { destinations } = this.setting;
    const isHere = this.findings.checks[0]?.result === "right";
    if (isHere && destinations.length > 1) {
      const others = destinations.slice(1).map(({ arn }) => bucketNameOf(arn));
      this.findings.notes.push(
        `S3 says FAILED: the replica arrived here, but not in each of ${others.join(", ")}`,
      );
    }
    return isHere && destinations.length > 1;
  }

  /** A canary is encrypted as the bucket encrypts by default. */
  private noteKind(object: ObjectState): void {
    const { rule } = this.setting;
    const isKms = object.encryption.algorithm.startsWith("aws:kms");
    if (selectsKms(rule) && !isKms) {
      this.findings.notes.push(
        `tested with ${describeObject(object)}, the bucket's default encryption; that the rule takes SSE-KMS objects too was not tested`,
      );
    }
  }
}
