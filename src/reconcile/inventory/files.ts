/** The files of an inventory in a directory of this run alone, each checked against the manifest. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, symlinkSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import type { AwsAccount } from "../../aws/account";
import { describe, isAbsent, isRefused } from "../../aws/failures";
import { bucketRegion } from "../../aws/pair";
import { InvalidInputError } from "../../input/problems";
import { printable } from "../../output/printable";
import { type InventoryFile, type InventoryManifest, readInventoryManifest } from "./manifest";
import { type InventoryPlace, named } from "./places";

/** Files that are read at once. */
const FILES_AT_ONCE = 4;

/** MD5 takes a whole processor: what is read meanwhile would only wait in memory. */
const oneAfterTheOther = pLimit(1);

/** What is left free of the disk that files are brought to, in bytes. */
const LEFT_FREE = 1_000_000_000;

/** @throws InvalidInputError, AwsCallFailed */
export async function fetchManifest(
  account: AwsAccount,
  place: InventoryPlace,
  signal: AbortSignal,
): Promise<InventoryManifest> {
  if ("directory" in place) {
    const file = join(place.directory, "manifest.json");
    return readInventoryManifest(await readFile(file, "utf8"), file);
  }
  const { bucketName, key } = place;
  const s3 = await account.s3(await bucketRegion(account, bucketName));
  const uri = `s3://${bucketName}/${key}`;
  const text = await named(account, `s3:GetObject on ${uri}`, async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: key }), {
      abortSignal: signal,
    });
    return (await Body?.transformToString()) ?? "";
  });
  return readInventoryManifest(text, uri);
}

export interface Fetching {
  readonly account: AwsAccount;
  readonly place: InventoryPlace;
  readonly manifest: InventoryManifest;
  /** Directory of this run alone. */
  readonly into: string;
  /** Beginning of the names of its files there. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly onFile: () => void;
}

export interface Fetched {
  /** In the order of the manifest. */
  readonly paths: readonly string[];
  /** Whether a file is known to be missing or wrong; `checked` names all. */
  readonly isBroken: boolean;
  /**
   * Reads files that were here already, to the end: they are joined meanwhile.
   * @throws InvalidInputError that lists every file that is missing or not what the manifest says.
   */
  readonly checked: Promise<void>;
}

/** What became of a file: a problem now, or one that shows later. */
interface Arrival {
  readonly problem?: string | undefined;
  readonly later?: Promise<string | undefined>;
}

/** Downloads the files, or links to those that are here already: their names are then the run's own. */
export async function fetchFiles(fetching: Fetching): Promise<Fetched> {
  const { manifest, place, into, name, signal } = fetching;
  await assertRoom(fetching);
  const extension = manifest.format === "Parquet" ? "parquet" : "csv.gz";
  const limit = pLimit(FILES_AT_ONCE);
  const problems: string[] = [];
  const checks: Promise<void>[] = [];
  const take = ({ key }: InventoryFile, problem: string | undefined) => {
    if (problem !== undefined) problems.push(`'${printable(key)}' ${problem}`);
  };
  const assertRight = () => {
    if (problems.length > 0) throw new InvalidInputError(manifest.place, problems.sort());
  };
  const paths = await Promise.all(
    manifest.files.map((file, index) =>
      limit(async () => {
        signal.throwIfAborted();
        const path = join(into, `${name}-${index}.${isPlainCsv(manifest, file) ? "csv" : extension}`);
        const { problem, later }: Arrival =
          "directory" in place
            ? link(place.directory, file, path, signal)
            : { problem: await download(fetching, place.bucketName, file, path) };
        take(file, problem);
        if (later !== undefined) checks.push(heard(later.then((found) => take(file, found))));
        fetching.onFile();
        return path;
      }),
    ),
  );
  const checked = heard(Promise.all(checks).then(assertRight));
  return { paths, isBroken: problems.length > 0, checked };
}

/** Work that may fail before anybody waits for it: whoever does hears of it. */
function heard<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** S3 compresses its CSV files. A list of the user's own may be as it is. */
function isPlainCsv({ format }: InventoryManifest, { key }: InventoryFile): boolean {
  return format === "CSV" && key.toLowerCase().endsWith(".csv");
}

async function assertRoom({ place, manifest, into }: Fetching): Promise<void> {
  if ("directory" in place) return;
  const needed = manifest.files.reduce((sum, { size = 0 }) => sum + size, 0);
  const { bavail, bsize } = await statfs(into);
  if (needed + LEFT_FREE > bavail * bsize) {
    throw new InvalidInputError(manifest.place, [
      `needs ${gigabytes(needed)} of disk, and ${into} has ${gigabytes(bavail * bsize)} left; --spill-directory names another place`,
    ]);
  }
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** A manifest of somebody else's names no file outside of its directory. */
function link(directory: string, file: InventoryFile, path: string, signal: AbortSignal): Arrival {
  const root = resolve(directory);
  const names = [file.key, file.key.slice(file.key.lastIndexOf("/") + 1)];
  const found = names
    .flatMap((name) => [resolve(root, name), resolve(root, "data", name)])
    .find(
      (candidate) =>
        !relative(root, candidate).startsWith("..") && candidate !== root && existsSync(candidate),
    );
  if (found === undefined) return { problem: `must be in ${root}, and is not there` };
  symlinkSync(found, path);
  const { md5 } = file;
  return md5 === undefined ? {} : { later: oneAfterTheOther(() => checksumOf(found, md5, signal)) };
}

async function checksumOf(path: string, expected: string, signal: AbortSignal): Promise<string | undefined> {
  const hash = createHash("md5");
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), sink, { signal });
  return checksumProblem(expected, hash.digest("hex"));
}

async function download(
  { account, manifest, signal }: Fetching,
  bucketName: string,
  file: InventoryFile,
  path: string,
): Promise<string | undefined> {
  const bucket = manifest.filesBucket ?? bucketName;
  const s3 = await account.s3(await bucketRegion(account, bucket));
  const hash = createHash("md5");
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: file.key }), {
      abortSignal: signal,
    });
    await pipeline(Body as NodeJS.ReadableStream, hashing, createWriteStream(path, { mode: 0o600 }), {
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (isAbsent(error)) return `must be in bucket '${bucket}', and is not there`;
    if (isRefused(error))
      return `must be readable: ${account.callerArn} needs s3:GetObject (${describe(error)})`;
    return `must be readable: ${describe(error)}`;
  }
  return file.md5 === undefined ? undefined : checksumProblem(file.md5, hash.digest("hex"));
}

function checksumProblem(expected: string, found: string): string | undefined {
  return expected === found
    ? undefined
    : `must have the MD5 checksum ${expected} of the manifest, got ${found}`;
}
