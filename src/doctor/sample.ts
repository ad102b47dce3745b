/** Objects of the source bucket with their replication status, which only a request for each object tells. */
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
} from "@aws-sdk/client-s3";
import { Questions } from "../aws/questions";
import type { BucketState, ObjectState } from "../snapshot/snapshot";
import { Unread } from "../snapshot/unread";
import type { AwsAccount } from "../aws/account";
import { objectStateOf } from "../readers/liveAccount/object";
import { bucketNameOf } from "../naming/names";
import { filterOf } from "../replication/rules";

/** S3's statuses; `NONE` is an object without one, `UNREAD` one that could not be looked at. */
export const STATUSES = ["COMPLETED", "PENDING", "FAILED", "REPLICA", "NONE", "UNREAD"] as const;
export type SampledStatus = (typeof STATUSES)[number];

export interface SampledObject {
  readonly key: string;
  readonly versionId: string;
  readonly status: SampledStatus;
  /** ISO 8601. */
  readonly lastModified: string;
  readonly state: ObjectState;
}

export interface Sample {
  readonly objects: readonly SampledObject[];
  /** How many versions were listed; the newest of them were looked at. */
  readonly listed: number;
  /** Whether these are all versions that the rules' prefixes have. */
  readonly isWhole: boolean;
}

/** S3 lists by key and not by time, a thousand versions a page. */
const MOST_PAGES_A_PREFIX = 5;

/** @param size How many objects are looked at, at most: the newest of those that were listed. */
export async function sampleObjects(
  questions: Questions,
  account: AwsAccount,
  bucketArn: string,
  bucket: BucketState,
  size: number,
): Promise<Sample> {
  if (size === 0) return { objects: [], listed: 0, isWhole: false };
  const prefixes = prefixesOf(bucket);
  const lists = await Promise.all(
    prefixes.map((prefix) => list(questions, account, bucketArn, bucket, prefix)),
  );
  const listed = lists.flatMap(({ versions }) => versions);
  const newest = listed.sort((left, right) => time(right) - time(left)).slice(0, size);
  const objects = await Promise.all(
    newest.map((version) => lookAt(questions, account, bucketArn, bucket, version)),
  );
  return {
    objects: objects.filter((object) => object !== undefined),
    listed: listed.length,
    isWhole: lists.every(({ isWhole }) => isWhole),
  };
}

/** Prefixes of the enabled rules, without those that another one includes. */
function prefixesOf({ replication }: BucketState): string[] {
  const enabled = replication?.Rules.filter((rule) => rule.Status === "Enabled") ?? [];
  const prefixes = [...new Set(enabled.map((rule) => filterOf(rule).prefix))];
  return prefixes.filter((prefix) => !prefixes.some((other) => other !== prefix && prefix.startsWith(other)));
}

async function list(
  questions: Questions,
  account: AwsAccount,
  bucketArn: string,
  { region }: BucketState,
  Prefix: string,
): Promise<{ versions: ObjectVersion[]; isWhole: boolean }> {
  const s3 = await account.s3(region);
  const versions: ObjectVersion[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (let page = 0; page < MOST_PAGES_A_PREFIX; page += 1) {
    const request = { Bucket: bucketNameOf(bucketArn), Prefix, ...markers };
    const answer = await questions.ask(
      { account, action: "s3:ListBucketVersions", resource: bucketArn },
      (options) => s3.send(new ListObjectVersionsCommand(request), options),
    );
    if (answer instanceof Unread || answer === undefined) return { versions, isWhole: false };
    versions.push(...(answer.Versions ?? []));
    if (answer.IsTruncated !== true) return { versions, isWhole: true };
    markers = { KeyMarker: answer.NextKeyMarker, VersionIdMarker: answer.NextVersionIdMarker };
  }
  return { versions, isWhole: false };
}

async function lookAt(
  questions: Questions,
  account: AwsAccount,
  bucketArn: string,
  { region }: BucketState,
  version: ObjectVersion,
): Promise<SampledObject | undefined> {
  const s3 = await account.s3(region);
  const { Key: key = "", VersionId: versionId = "null" } = version;
  const object = { Bucket: bucketNameOf(bucketArn), Key: key, VersionId: versionId };
  // One refusal is told for all objects.
  const resource = `${bucketArn}/*`;
  const head = await questions.ask({ account, action: "s3:GetObjectVersion", resource }, (options) =>
    s3.send(new HeadObjectCommand(object), options),
  );
  // Deleted since it was listed.
  if (head === undefined) return undefined;
  const base = { key, versionId, lastModified: new Date(time(version)).toISOString() };
  if (head instanceof Unread) {
    const encryption = { algorithm: "AES256" } as const;
    return { ...base, status: "UNREAD", state: { bucket: bucketArn, key, encryption } };
  }
  const status = statusOf(head.ReplicationStatus);
  const isTagged = (head.TagCount ?? 0) > 0 && status !== "COMPLETED";
  const tagging = isTagged
    ? await questions.ask({ account, action: "s3:GetObjectVersionTagging", resource }, (options) =>
        s3.send(new GetObjectTaggingCommand(object), options),
      )
    : undefined;
  const tagSet = tagging instanceof Unread ? [] : (tagging?.TagSet ?? []);
  return {
    ...base,
    status,
    state: {
      ...objectStateOf(bucketArn, key, head, tagSet),
      ...(status === "REPLICA" ? { replica: true } : {}),
    },
  };
}

/** S3 writes COMPLETED as COMPLETE in some answers. */
function statusOf(status: string | undefined): SampledStatus {
  const name = status === "COMPLETE" ? "COMPLETED" : (status ?? "NONE");
  return STATUSES.find((known) => known === name) ?? "NONE";
}

function time({ LastModified }: ObjectVersion): number {
  return LastModified?.getTime() ?? 0;
}
