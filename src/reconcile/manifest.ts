/** Lists of versions by what mends them: what a Batch Replication job replicates, and what no job can. */
import { closeSync, createReadStream, openSync, statSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { TemporaryDirectory } from "../files/temporaryDirectory";
import type { AwsAccount } from "../aws/account";
import { AwsCallFailed, describe, statusOf } from "../aws/failures";
import { bucketRegion } from "../aws/pair";
import { assertWritable, stands } from "../files/writable";
import { InvalidInputError, show } from "../input/problems";
import { BUCKET_NAME } from "../naming/names";
import type { Missed } from "./engine";
import { CAUSES, type Cause, type Remedy } from "./meaning/causes";
import type { Decision } from "./meaning/decision";
import type { ReadBucket } from "./readBuckets";
import type { ManifestReport } from "./result";

/** Where the lists go: files beside each other, or objects under one beginning of a key. */
export type ManifestPlace =
  { readonly file: string } | { readonly bucketName: string; readonly keyStart: string };

/** Bytes of a list at most, which one request uploads. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const LARGEST_FILE = 5_000_000_000;

/** @throws InvalidInputError */
export function readManifestPlace(text: string): ManifestPlace {
  const [, bucketName, key] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(text) ?? [];
  if (bucketName === undefined) {
    const files = CAUSE_NAMES.map((cause) => fileName(text, cause, 1));
    const existing = files.filter(stands);
    if (existing.length > 0) {
      throw new InvalidInputError("--manifest", [
        `must be of new files, got ${show(text)}, beside which ${existing.join(", ")} stands and is left as it is`,
      ]);
    }
    files.forEach((file) => assertWritable("--manifest", file, text));
    return { file: text };
  }
  if (!BUCKET_NAME.test(bucketName) || key === undefined || key === "" || key.includes("#")) {
    throw new InvalidInputError("--manifest", [
      `must be a file, or 's3://<bucket>/<key>' with a key without '#', got ${show(text)}`,
    ]);
  }
  return { bucketName, keyStart: key };
}

const CAUSE_NAMES = Object.keys(CAUSES) as Cause[];

/** @example fileName("missing.csv", "failed", 2); // "missing.failed.2.csv" */
export function fileName(base: string, cause: Cause, part: number): string {
  const start = base.replace(/\.csv$/i, "");
  return `${start}.${cause}${part === 1 ? "" : `.${part}`}.csv`;
}

/** What to do about versions that no job mends. */
const WAYS_OUT: Readonly<Record<Exclude<Remedy, "batch replication" | "wait" | "none">, string>> = {
  copy: "S3 Batch Replication does not bring these back. A copy of each object onto itself is a new version, which replicates: for example an S3 Batch Operations job that copies the objects of this list",
  restore:
    "S3 does not read these before they are restored. Restore them, copy them onto themselves in another storage class, and the new versions replicate",
  "customer key":
    "these are under keys that only their writer has (SSE-C). Whoever has the key copies them, those that are archived once they are restored, or writes them again",
};

/**
 * A line of a manifest of S3 Batch Operations: the key is URL-encoded, so that no character of it can end the field.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-create-job.html#specify-batchjob-manifest
 */
export function manifestLine(bucketName: string, key: string, versionId: string): string {
  const encoded = encodeURIComponent(Buffer.from(key).toString()).replaceAll("%2F", "/");
  // A version id of S3's is of these characters. Another's, from a listing of somebody, must not become a field or a formula.
  const id = /^[\w.-]+$/.test(versionId) ? versionId : encodeURIComponent(versionId);
  return `${bucketName},${encoded},${id}\n`;
}

interface OpenFile {
  readonly cause: Cause;
  readonly files: string[];
  descriptor: number;
  bytes: number;
  versions: number;
  last: string;
}

/** Writes the lists. @throws AwsCallFailed where they cannot be put into the bucket. */
export async function writeManifests(
  place: ManifestPlace,
  source: ReadBucket,
  decisions: readonly Decision[],
  missed: AsyncIterable<Missed>,
): Promise<ManifestReport[]> {
  if ("file" in place) {
    const written = await writeFiles(place.file, source.name, decisions, missed);
    return written.map((list) => reportOf(list, list.files, () => localNext(source.name, list)));
  }
  // Nothing is left of it on this machine.
  const directory = new TemporaryDirectory();
  try {
    const base = join(directory.path, "list.csv");
    const written = await writeFiles(base, source.name, decisions, missed);
    const reports: ManifestReport[] = [];
    for (const list of written) reports.push(await upload(place, source, list));
    return reports;
  } finally {
    directory.remove();
  }
}

async function writeFiles(
  base: string,
  bucketName: string,
  decisions: readonly Decision[],
  missed: AsyncIterable<Missed>,
): Promise<OpenFile[]> {
  const lists = new Map<Cause, OpenFile>();
  for await (const { destination, outcome, key, versionId } of missed) {
    const cause = decisions[destination]?.outcomes[outcome]?.cause;
    if (cause === undefined) continue;
    const list = lists.get(cause) ?? opened(base, cause);
    lists.set(cause, list);
    const line = manifestLine(bucketName, key, versionId);
    // A version that several destinations miss comes once for each, in a row; a job replicates it to all.
    if (line === list.last) continue;
    add(list, base, line);
  }
  for (const { descriptor } of lists.values()) closeSync(descriptor);
  return [...lists.values()].sort(
    (one, other) => CAUSE_NAMES.indexOf(one.cause) - CAUSE_NAMES.indexOf(other.cause),
  );
}

function opened(base: string, cause: Cause): OpenFile {
  const file = fileName(base, cause, 1);
  return { cause, files: [file], descriptor: openSync(file, "wx"), bytes: 0, versions: 0, last: "" };
}

function add(list: OpenFile, base: string, line: string): void {
  const bytes = Buffer.byteLength(line);
  if (list.bytes + bytes > LARGEST_FILE) {
    closeSync(list.descriptor);
    const next = fileName(base, list.cause, list.files.length + 1);
    list.files.push(next);
    list.descriptor = openSync(next, "wx");
    list.bytes = 0;
  }
  writeSync(list.descriptor, line);
  list.bytes += bytes;
  list.versions += 1;
  list.last = line;
}

function reportOf(
  { cause, versions }: OpenFile,
  files: readonly string[],
  backfill: () => string,
): ManifestReport {
  const { remedy } = CAUSES[cause];
  const next =
    remedy === "batch replication"
      ? backfill()
      : WAYS_OUT[remedy as Exclude<Remedy, "batch replication" | "wait" | "none">];
  return { remedy, cause, files, versions, next };
}

function localNext(bucketName: string, { files: [first = ""] }: OpenFile): string {
  return `put it into a bucket ('aws s3 cp ${first} s3://<bucket>/${basename(first)} --sse AES256'), then 's3-replication backfill ${bucketName} --manifest s3://<bucket>/${basename(first)}'`;
}

const listStands = (uri: string) =>
  new AwsCallFailed(`${uri} stands already, and is left as it is; --manifest must name another key`);

/**
 * Looks whether there is room for the lists, before hours are spent. Whoever may only write there learns it in the end.
 * @throws AwsCallFailed where there is no such bucket, or a list of an earlier run stands there.
 */
export async function assertPlace(
  account: AwsAccount,
  place: ManifestPlace,
  signal: AbortSignal,
): Promise<void> {
  if ("file" in place) return;
  const { bucketName, keyStart } = place;
  const s3 = await account.s3(await bucketRegion(account, bucketName));
  await Promise.all(
    CAUSE_NAMES.map(async (cause) => {
      const key = fileName(keyStart, cause, 1);
      const isThere = await s3
        .send(new HeadObjectCommand({ Bucket: bucketName, Key: key }), { abortSignal: signal })
        .then(() => true)
        .catch(() => false);
      if (isThere) throw listStands(`s3://${bucketName}/${key}`);
    }),
  );
  signal.throwIfAborted();
}

/** Under SSE-S3: Batch Operations reads no list of one's own that is under KMS. */
async function upload(
  { bucketName, keyStart }: Extract<ManifestPlace, { bucketName: string }>,
  { account, name }: ReadBucket,
  list: OpenFile,
): Promise<ManifestReport> {
  const s3 = await account.s3(await bucketRegion(account, bucketName));
  const uris: string[] = [];
  const commands: string[] = [];
  for (const [index, file] of list.files.entries()) {
    const key = fileName(keyStart, list.cause, index + 1);
    try {
      const { ETag = "" } = await s3.send(
        new PutObjectCommand({
          Bucket: bucketName,
          Key: key,
          // Who sends it hears of what is wrong with it; nobody does once the request has failed.
          Body: createReadStream(file).on("error", () => undefined),
          ContentLength: statSync(file).size,
          ContentType: "text/csv",
          ServerSideEncryption: "AES256",
          // An earlier list may be a job's that runs.
          IfNoneMatch: "*",
        }),
      );
      uris.push(`s3://${bucketName}/${key}`);
      commands.push(
        `s3-replication backfill ${name} --manifest 's3://${bucketName}/${key}#${ETag.replaceAll('"', "")}'`,
      );
    } catch (error) {
      if (statusOf(error) === 412) throw listStands(`s3://${bucketName}/${key}`);
      throw new AwsCallFailed(
        `cannot put the list s3://${bucketName}/${key}: ${describe(error)}; ${account.callerArn} needs s3:PutObject there`,
      );
    }
  }
  return reportOf(list, uris, () => commands.join("\n    "));
}
