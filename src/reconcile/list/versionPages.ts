/** Versions and delete markers of a bucket as S3 lists them: page by page, in the order of their keys. */
import { setTimeout } from "node:timers/promises";
import { ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { AwsCallFailed, codeOf, describe, isRefused, statusOf } from "../../aws/failures";
import { longer } from "../../util/pauses";
import type { Version } from "../meaning/row";
import { compareKeys } from "./keyOrder";

export interface Entry {
  readonly key: string;
  readonly versionId: string;
  readonly version: Version;
}

/** Where a listing goes on: behind a key, or behind a version of it. */
export interface Marker {
  readonly key: string;
  readonly versionId?: string;
}

export interface Page {
  /** In the order of the keys; the versions of one key are in no order. */
  readonly entries: readonly Entry[];
  /** Left out on the last page. */
  readonly next?: Marker;
}

/** Lists what stands behind a marker; from the beginning without one. */
export type ListPage = (after: Marker | undefined) => Promise<Page>;

export interface ListedBucket {
  readonly s3: S3Client;
  readonly name: string;
  /** ARN of whoever lists. */
  readonly callerArn: string;
}

/** Pages of a bucket under a prefix. @throws AwsCallFailed where S3 does not list it, after patient tries. */
export function pagesOf(
  { s3, name, callerArn }: ListedBucket,
  prefix: string,
  signal: AbortSignal,
): ListPage {
  return async (after) => {
    try {
      const answer = await patiently(signal, () =>
        s3.send(
          new ListObjectVersionsCommand({
            Bucket: name,
            // XML cannot hold every character that a key can have.
            EncodingType: "url",
            ...(prefix === "" ? {} : { Prefix: prefix }),
            ...(after === undefined ? {} : { KeyMarker: after.key }),
            ...(after?.versionId === undefined ? {} : { VersionIdMarker: after.versionId }),
          }),
          { abortSignal: signal },
        ),
      );
      return pageOf(answer);
    } catch (error) {
      signal.throwIfAborted();
      const hint = isRefused(error) ? `; ${callerArn} needs s3:ListBucketVersions on it` : "";
      throw new AwsCallFailed(`cannot list the versions of bucket '${name}': ${describe(error)}${hint}`);
    }
  };
}

/** Times that a call is made again after the SDK gave up on it. */
const MOST_TRIES = 6;
const FIRST_PAUSE = 500;

/** Makes a call again where S3 throttles, fails or does not answer: a listing that runs for hours meets all of it. */
export async function patiently<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  let pause = FIRST_PAUSE;
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (tries === MOST_TRIES || !isPassing(error)) throw error;
      await setTimeout(pause, undefined, { signal });
      pause = longer(pause);
    }
  }
}

const PASSING = ["SlowDown", "RequestTimeout", "TimeoutError", "ThrottlingException", "InternalError"];

function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (PASSING.includes(codeOf(error)) || status === 429) return true;
  // Without a status the connection broke.
  return status === undefined ? !(error instanceof AwsCallFailed) : status >= 500;
}

interface ListAnswer {
  readonly EncodingType?: string;
  readonly IsTruncated?: boolean;
  readonly NextKeyMarker?: string;
  readonly NextVersionIdMarker?: string;
  readonly Versions?: readonly ListedVersion[];
  readonly DeleteMarkers?: readonly ListedVersion[];
}

interface ListedVersion {
  readonly Key?: string;
  readonly VersionId?: string;
  readonly IsLatest?: boolean;
  readonly LastModified?: Date;
  readonly Size?: number;
  readonly StorageClass?: string;
  readonly Owner?: { readonly ID?: string };
}

function pageOf(answer: ListAnswer): Page {
  const decode = answer.EncodingType === "url" ? decodedKey : (key: string) => key;
  const versions = (answer.Versions ?? []).map((listed) => entryOf(listed, decode, objectVersion));
  const markers = (answer.DeleteMarkers ?? []).map((listed) => entryOf(listed, decode, markerVersion));
  const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = answer;
  if (IsTruncated === true && NextKeyMarker === undefined) {
    throw new AwsCallFailed("the answer says that more follows, and not behind which key");
  }
  return {
    entries: markers.length === 0 ? versions : merged(versions, markers),
    ...(IsTruncated === true && NextKeyMarker !== undefined
      ? {
          next: {
            key: decode(NextKeyMarker),
            ...(NextVersionIdMarker === undefined ? {} : { versionId: NextVersionIdMarker }),
          },
        }
      : {}),
  };
}

/** S3 writes a space as a plus. */
function decodedKey(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new AwsCallFailed(`S3 lists the key '${text}', which is not UTF-8`);
  }
}

function entryOf(
  listed: ListedVersion,
  decode: (key: string) => string,
  toVersion: (listed: ListedVersion) => Version,
): Entry {
  return {
    key: decode(listed.Key ?? ""),
    versionId: listed.VersionId ?? "null",
    version: toVersion(listed),
  };
}

/** The listing shows neither encryption nor status, tier or tags: these stay undefined, that is unread. */
function objectVersion({ IsLatest, LastModified, Size, StorageClass, Owner }: ListedVersion): Version {
  return {
    isDeleteMarker: false,
    isLatest: IsLatest,
    size: Size,
    lastModified: LastModified?.getTime(),
    storageClass: StorageClass ?? "STANDARD",
    owner: Owner?.ID ?? null,
    archiveStatus: undefined,
    encryption: undefined,
    replicationStatus: undefined,
    tags: undefined,
  };
}

function markerVersion({ IsLatest, LastModified, Owner }: ListedVersion): Version {
  return {
    isDeleteMarker: true,
    isLatest: IsLatest,
    size: null,
    lastModified: LastModified?.getTime(),
    storageClass: null,
    owner: Owner?.ID ?? null,
    archiveStatus: null,
    encryption: null,
    replicationStatus: undefined,
    tags: null,
  };
}

/** Two lists in the order of their keys as one. */
function merged(one: readonly Entry[], other: readonly Entry[]): Entry[] {
  const entries: Entry[] = [];
  let [first, second] = [0, 0];
  while (first < one.length || second < other.length) {
    const [left, right] = [one[first], other[second]];
    if (right === undefined || (left !== undefined && compareKeys(left.key, right.key) <= 0)) {
      entries.push(left!);
      first += 1;
    } else {
      entries.push(right);
      second += 1;
    }
  }
  return entries;
}

/** The versions of one side in a range of keys: one page at hand and the next one under way. */
export class VersionCursor {
  private entries: readonly Entry[] = [];
  private index = 0;
  private coming: Promise<Page> | undefined;

  /** @param isBeyond Whether a key is behind the range, so that no further page is needed. */
  constructor(
    private readonly list: ListPage,
    after: Marker | undefined,
    private readonly isBeyond: (key: string) => boolean,
    firstPage?: Page,
  ) {
    this.expect(firstPage === undefined ? list(after) : Promise.resolve(firstPage));
  }

  /** The first entry that was not taken. Undefined: there is none, or its page has not come. */
  get head(): Entry | undefined {
    return this.entries[this.index];
  }

  /** Whether the head is known only after `load`. */
  get isWaiting(): boolean {
    return this.index >= this.entries.length && this.coming !== undefined;
  }

  /** Whether another page is on its way. */
  get hasMore(): boolean {
    return this.coming !== undefined;
  }

  /** The last key of the page at hand. */
  get lastKey(): string | undefined {
    return this.entries.at(-1)?.key;
  }

  take(): void {
    this.index += 1;
  }

  /** Brings the next page, and asks for the one behind it. */
  async load(): Promise<void> {
    while (this.isWaiting) {
      const { entries, next } = await this.coming!;
      this.entries = entries;
      this.index = 0;
      this.coming = undefined;
      const last = entries.at(-1);
      if (next !== undefined && !(last !== undefined && this.isBeyond(last.key)))
        this.expect(this.list(next));
    }
  }

  private expect(page: Promise<Page>): void {
    this.coming = page;
    // Whoever loads it learns what went wrong; nobody may.
    this.coming.catch(() => undefined);
  }
}
