/** A bucket as verification uses it: canaries are put, looked at and removed there. */
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketNotificationConfigurationCommand,
  type GetBucketNotificationConfigurationCommandOutput,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { AwsAccount } from "../aws/account";
import { describe, isAbsent } from "../aws/failures";
import { inChunks } from "../util/chunks";
import type { Left } from "./report";

/** A version of an object or a delete marker. */
export interface Entry {
  readonly key: string;
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly lastModified: Date;
  /** Canonical id of the account that owns it. */
  readonly ownerId?: string;
}

export interface Listing {
  readonly entries: readonly Entry[];
  /** S3's own clock. */
  readonly now: Date;
}

/** What S3 takes in one call. */
const MOST_DELETIONS = 1000;

export class Bucket {
  constructor(
    readonly name: string,
    readonly account: AwsAccount,
    private readonly s3: S3Client,
  ) {}

  static async open(name: string, region: string, account: AwsAccount): Promise<Bucket> {
    return new Bucket(name, account, await account.s3(region));
  }

  async list(prefix: string): Promise<Listing> {
    const entries: Entry[] = [];
    let clock: string | undefined;
    let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (next !== undefined) {
      const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
        Bucket: this.name,
        Prefix: prefix,
        ...next,
      });
      command.middlewareStack.add(
        (handle) => async (args) => {
          const result = await handle(args);
          clock = (result.response as { headers?: Record<string, string> }).headers?.date;
          return result;
        },
        { step: "deserialize" },
      );
      const { Versions = [], DeleteMarkers = [], ...page } = await this.s3.send(command);
      for (const [each, deleteMarker] of [
        ...Versions.map((version) => [version, false] as const),
        ...DeleteMarkers.map((marker) => [marker, true] as const),
      ]) {
        entries.push({
          key: each.Key ?? "",
          versionId: each.VersionId ?? "null",
          deleteMarker,
          lastModified: each.LastModified ?? new Date(0),
          ownerId: each.Owner?.ID,
        });
      }
      next =
        page.IsTruncated === true
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
    }
    return { entries, now: clock === undefined ? new Date() : new Date(clock) };
  }

  /** @returns The version id. */
  async put(key: string, body: string, tags: Readonly<Record<string, string>>): Promise<string | undefined> {
    const Tagging = Object.entries(tags)
      .map((tag) => tag.map(encodeURIComponent).join("="))
      .join("&");
    const { VersionId } = await this.s3.send(
      new PutObjectCommand({
        Bucket: this.name,
        Key: key,
        Body: body,
        ContentType: "text/plain",
        ...(Tagging === "" ? {} : { Tagging }),
      }),
    );
    return VersionId;
  }

  head(key: string, versionId?: string, abortSignal?: AbortSignal): Promise<HeadObjectCommandOutput> {
    return this.s3.send(new HeadObjectCommand(this.version(key, versionId)), { abortSignal });
  }

  async read(key: string, versionId: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand(this.version(key, versionId)));
    return (await Body?.transformToString()) ?? "";
  }

  async tags(key: string, versionId: string): Promise<Record<string, string>> {
    const { TagSet = [] } = await this.s3.send(new GetObjectTaggingCommand(this.version(key, versionId)));
    return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  }

  /** Puts a delete marker on an object. @returns Its version id. */
  async mark(key: string): Promise<string | undefined> {
    return (await this.s3.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }))).VersionId;
  }

  /** Deletes these versions and markers, and no others. @returns Those that are still there. */
  async remove(entries: readonly Pick<Entry, "key" | "versionId">[]): Promise<Left[]> {
    const left: Left[] = [];
    for (const some of inChunks(entries, MOST_DELETIONS)) {
      const Objects = some.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
      try {
        const { Errors = [] } = await this.s3.send(
          new DeleteObjectsCommand({ Bucket: this.name, Delete: { Objects, Quiet: true } }),
        );
        for (const { Key = "", VersionId, Code = "", Message = "" } of Errors) {
          left.push({ bucket: this.name, key: Key, versionId: VersionId, reason: `${Code}: ${Message}` });
        }
      } catch (error) {
        left.push(...some.map((each) => ({ bucket: this.name, ...pick(each), reason: describe(error) })));
      }
    }
    return left;
  }

  /** Canonical id of the account that owns the bucket. */
  async ownerId(): Promise<string | undefined> {
    return (await this.s3.send(new GetBucketAclCommand({ Bucket: this.name }))).Owner?.ID;
  }

  /** Default retention of Object Lock, for people; undefined: there is none. */
  async defaultRetention(): Promise<string | undefined> {
    try {
      const { ObjectLockConfiguration: lock } = await this.s3.send(
        new GetObjectLockConfigurationCommand({ Bucket: this.name }),
      );
      const { Mode, Days = 0, Years = 0 } = lock?.Rule?.DefaultRetention ?? {};
      if (Mode === undefined) return undefined;
      return `${Mode}, ${Years > 0 ? `${Years} years` : `${Days} days`}`;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  notifications(): Promise<GetBucketNotificationConfigurationCommandOutput> {
    return this.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: this.name }));
  }

  private version(key: string, versionId: string | undefined) {
    return { Bucket: this.name, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
  }
}

const pick = ({ key, versionId }: Pick<Entry, "key" | "versionId">) => ({ key, versionId });
