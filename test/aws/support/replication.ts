/** S3's part in replication, which the emulator does not know: what becomes of new objects, and the copies. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { EncryptionState, ObjectState, Snapshot } from "../../../src/snapshot/snapshot";
import { replicaEncryption } from "../../../src/rehearsal/replica";
import { ineligible, ineligibleUnder } from "../../../src/rehearsal/preconditions";
import { walk } from "../../../src/rehearsal/walk";
import { bucketNameOf } from "../../../src/naming/names";
import { decidingRules, type ReplicationRuleJson } from "../../../src/replication/rules";
import type { KeptDocuments } from "./keptDocuments";
import { EmulatedAccount } from "./plant";

/** An object version (or delete marker) on its way to one destination. */
export interface Copying {
  /** As the rehearsal sees it. */
  readonly object: ObjectState;
  readonly versionId: string;
  readonly rule: ReplicationRuleJson;
}

/** What differs in a replica that comes out wrong. */
export interface WrongReplica {
  readonly body?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Account that owns it. */
  readonly owner?: string;
  readonly encryption?: EncryptionState;
  readonly storageClass?: string;
  readonly versionId?: string;
  /** COMPLETED, and nothing is there. */
  readonly absent?: true;
}

export type Outcome =
  | { readonly status: "COMPLETED"; readonly replica?: WrongReplica }
  | { readonly status: "FAILED"; readonly failureReason: string }
  /** Never terminal. */
  | { readonly status: "PENDING" };

/** When, and to what, an object's status changes from PENDING. */
export type Fate = Outcome & {
  /** Reads of the object, or lists at the destination, that still see PENDING. @default 0 */
  readonly afterPolls?: number;
  /** Time that passes as well. @default 0 */
  readonly afterMilliseconds?: number;
};

export type Decide = (copying: Copying) => Fate;

/** Everything that a rule takes arrives. */
export const arrives: Decide = () => ({ status: "COMPLETED" });

/** What the rehearsal of these accounts says happens. What it cannot tell stays PENDING. */
export function asRehearsed(snapshot: Snapshot): Decide {
  return ({ object, rule }) => {
    const { objects } = walk({ ...snapshot, objects: [object] });
    const report = objects.find(({ rule: name }) => name === rule.ID) ?? objects[0];
    if (report?.outcome === "COMPLETED")
      return { status: "COMPLETED", replica: { tags: report.replica?.tags } };
    if (report?.outcome === "FAILED") {
      return { status: "FAILED", failureReason: report.failureReason ?? "DstPutObjectNotPermitted" };
    }
    return { status: "PENDING" };
  };
}

/** One copy that S3 still has to make, or has made. */
interface Job extends Copying {
  readonly fate: Fate;
  pollsLeft: number;
  readonly notBefore: number;
  status: Outcome["status"];
}

/** What S3 does with the objects of one emulator. */
export class Replication {
  private readonly jobs: Job[] = [];
  private readonly clients = new Map<string, S3Client>();
  /** By destination bucket: the emulator's id of a replica to its id at the source, which S3 keeps. */
  readonly replicas = new Map<string, Map<string, { versionId: string; owner?: string }>>();
  /** Objects that failed, as S3's events tell. */
  readonly failures: { bucket: string; key: string; versionId: string; failureReason: string }[] = [];

  constructor(
    private readonly endpoint: string,
    private readonly snapshot: Snapshot,
    private readonly documents: KeptDocuments,
    /** May be changed while it runs. */
    public decide: Decide,
  ) {}

  /** A new version is there: S3 decides which rules take it. Also S3's part in a Batch Replication job. */
  async replicate(bucket: string, key: string, versionId: string, deleteMarker = false): Promise<void> {
    const configuration = await this.documents.replicationOf(bucket);
    if (configuration === undefined) return;
    const object = await this.read(bucket, key, versionId, deleteMarker);
    if (object === undefined || ineligible(object) !== undefined) return;
    for (const rule of decidingRules(configuration, key, object.tags ?? {})) {
      const accountOf = (arn: string) => this.snapshot.buckets[arn]?.account;
      const crosses = accountOf(object.bucket) !== accountOf(rule.Destination.Bucket);
      if (ineligibleUnder(rule, object, crosses) !== undefined) continue;
      const fate = this.decide({ object, versionId, rule });
      const { afterPolls = 0, afterMilliseconds = 0 } = fate;
      this.jobs.push({
        object,
        versionId,
        rule,
        fate,
        pollsLeft: afterPolls,
        notBefore: Date.now() + afterMilliseconds,
        status: "PENDING",
      });
    }
  }

  /** S3's part in a job that names a version: what became of it before is forgotten. */
  async replicateAgain(bucket: string, key: string, versionId: string): Promise<void> {
    const isEarlier = ({ object, versionId: id }: Job) =>
      bucketNameOf(object.bucket) === bucket && object.key === key && id === versionId;
    for (const job of this.jobs.filter(isEarlier)) this.jobs.splice(this.jobs.indexOf(job), 1);
    await this.replicate(bucket, key, versionId);
  }

  /** Somebody looks at an object or at what a destination holds: what is due happens before they see it. */
  async poll(bucket: string, isAbout: (key: string) => boolean): Promise<void> {
    for (const job of this.jobs) {
      const places = [job.object.bucket, job.rule.Destination.Bucket].map(bucketNameOf);
      if (job.status !== "PENDING" || !places.includes(bucket) || !isAbout(job.object.key)) continue;
      job.pollsLeft -= 1;
      if (job.pollsLeft < 0 && Date.now() >= job.notBefore) await this.finish(job);
    }
  }

  /** Everything that is due happens, whether or not somebody looks. */
  async finishAll(): Promise<void> {
    for (const job of this.jobs) if (job.status === "PENDING") await this.finish(job);
  }

  /** The status of an object of a source bucket: with several destinations COMPLETED means all, FAILED any. */
  statusOf(bucket: string, key: string, versionId: string | undefined): string | undefined {
    const jobs = this.jobs.filter(
      ({ object, versionId: id }) =>
        bucketNameOf(object.bucket) === bucket && object.key === key && (versionId ?? id) === id,
    );
    return ["FAILED", "PENDING", "COMPLETED"].find((status) => jobs.some((job) => job.status === status));
  }

  close(): void {
    for (const client of this.clients.values()) client.destroy();
  }

  private async finish(job: Job): Promise<void> {
    const { fate, object, versionId } = job;
    if (fate.status === "PENDING") return;
    job.status = fate.status;
    const bucket = bucketNameOf(object.bucket);
    // The version may be gone by now: then S3 has nothing to copy.
    const isThere =
      (await this.read(bucket, object.key, versionId, object.deleteMarker === true)) !== undefined;
    if (fate.status === "FAILED" || !isThere) {
      const failureReason = fate.status === "FAILED" ? fate.failureReason : "SrcObjectNotFound";
      job.status = "FAILED";
      this.failures.push({ bucket, key: object.key, versionId, failureReason });
      return;
    }
    if (fate.replica?.absent !== true) await this.copy(job, fate.replica ?? {});
  }

  private async copy({ object, rule, versionId }: Job, wrong: WrongReplica): Promise<void> {
    const Bucket = bucketNameOf(rule.Destination.Bucket);
    const Key = object.key;
    const destination = this.snapshot.buckets[rule.Destination.Bucket];
    const s3 = this.client(Bucket);
    const made =
      object.deleteMarker === true
        ? await s3.send(new DeleteObjectCommand({ Bucket, Key }))
        : await this.put(s3, Bucket, Key, object, versionId, rule, wrong);
    const isOverridden =
      rule.Destination.AccessControlTranslation !== undefined ||
      destination?.ownership === "BucketOwnerEnforced";
    const owner =
      wrong.owner ?? (isOverridden ? destination?.account : this.snapshot.buckets[object.bucket]?.account);
    const replicas = this.replicas.get(Bucket) ?? new Map<string, { versionId: string; owner?: string }>();
    replicas.set(made.VersionId!, { versionId: wrong.versionId ?? versionId, owner });
    this.replicas.set(Bucket, replicas);
  }

  private async put(
    s3: S3Client,
    Bucket: string,
    Key: string,
    object: ObjectState,
    VersionId: string,
    rule: ReplicationRuleJson,
    wrong: WrongReplica,
  ): Promise<{ VersionId?: string }> {
    const source = { Bucket: bucketNameOf(object.bucket), Key, VersionId };
    const { Body, ContentType, Metadata } = await this.client(source.Bucket).send(
      new GetObjectCommand(source),
    );
    const bytes = await Body!.transformToByteArray();
    const destination = this.snapshot.buckets[rule.Destination.Bucket];
    const { algorithm, keyArn, bucketKeyEnabled } =
      wrong.encryption ?? replicaEncryption(rule, object, destination);
    return s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: wrong.body ?? bytes,
        ContentType,
        Metadata,
        Tagging: new URLSearchParams(wrong.tags ?? object.tags ?? {}).toString(),
        StorageClass: (wrong.storageClass ??
          rule.Destination.StorageClass ??
          object.storageClass) as "STANDARD",
        ServerSideEncryption: algorithm as "aws:kms",
        ...(keyArn === undefined ? {} : { SSEKMSKeyId: keyArn, BucketKeyEnabled: bucketKeyEnabled === true }),
      }),
    );
  }

  /** An object version as the rehearsal sees it, or nothing where it is gone. */
  private async read(
    bucket: string,
    key: string,
    versionId: string,
    deleteMarker: boolean,
  ): Promise<ObjectState | undefined> {
    const arn = this.arnOf(bucket);
    const s3 = this.client(bucket);
    const place = { Bucket: bucket, Key: key, VersionId: versionId };
    if (deleteMarker) {
      const { DeleteMarkers = [] } = await s3.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }),
      );
      const isThere = DeleteMarkers.some((each) => each.VersionId === versionId);
      return isThere
        ? { bucket: arn, key, encryption: { algorithm: "AES256" }, deleteMarker: true }
        : undefined;
    }
    try {
      const head = await s3.send(new GetObjectCommand(place));
      head.Body?.transformToByteArray().catch(() => undefined);
      const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(place));
      return {
        bucket: arn,
        key,
        encryption: {
          algorithm: (head.ServerSideEncryption ?? "AES256") as "AES256",
          ...(head.SSEKMSKeyId === undefined ? {} : { keyArn: head.SSEKMSKeyId }),
          ...(head.BucketKeyEnabled === undefined ? {} : { bucketKeyEnabled: head.BucketKeyEnabled }),
        },
        tags: Object.fromEntries(TagSet.map(({ Key, Value }) => [Key!, Value!])),
        ...(head.StorageClass === undefined ? {} : { storageClass: head.StorageClass }),
      };
    } catch {
      return undefined;
    }
  }

  private arnOf(bucket: string): string {
    const known = Object.keys(this.snapshot.buckets).find((arn) => bucketNameOf(arn) === bucket);
    return known ?? `arn:aws:s3:::${bucket}`;
  }

  /** The client of the account that owns a bucket, past the proxy. */
  private client(bucket: string): S3Client {
    const { account = "123456789012", region = "us-east-1" } =
      this.snapshot.buckets[this.arnOf(bucket)] ?? {};
    const name = `${account} ${region}`;
    const client = this.clients.get(name) ?? new EmulatedAccount(this.endpoint, account).s3(region);
    this.clients.set(name, client);
    return client;
  }
}
