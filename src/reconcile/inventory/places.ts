/** Where an inventory is: named by the user, or found through the bucket's inventory configurations. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import type { AwsAccount } from "../../aws/account";
import { AwsCallFailed, describe, isRefused } from "../../aws/failures";
import { bucketRegion } from "../../aws/pair";
import { allOf } from "../../aws/questions";
import { InvalidInputError, show } from "../../input/problems";
import { bucketNameOf } from "../../naming/names";

/** A manifest.json in a bucket, or a directory with a manifest.json. */
export type InventoryPlace =
  { readonly bucketName: string; readonly key: string } | { readonly directory: string };

/** A bucket whose versions are to be listed by an inventory. */
export interface InventoriedBucket {
  readonly name: string;
  readonly region: string;
  readonly account: AwsAccount;
}

/** @param option Name of the option, for messages. @throws InvalidInputError */
export function readInventoryPlace(option: string, text: string): InventoryPlace {
  const [, bucketName, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(text) ?? [];
  if (bucketName !== undefined && key !== undefined) {
    if (key.endsWith("manifest.json")) return { bucketName, key };
    throw new InvalidInputError(option, [
      `must name the manifest.json of one delivery, as s3://<bucket>/<key>/manifest.json, got ${show(text)}`,
    ]);
  }
  const directory = text.endsWith("manifest.json") ? join(text, "..") : text;
  if (existsSync(join(directory, "manifest.json")) && statSync(directory).isDirectory()) return { directory };
  throw new InvalidInputError(option, [
    `must be s3://<bucket>/<key>/manifest.json or a directory with a manifest.json, got ${show(text)}`,
  ]);
}

/** Deliveries of one inventory configuration, and what it leaves out. */
export interface FoundInventory {
  readonly id: string;
  /** Only keys that begin with it are listed; empty for all. */
  readonly prefix: string;
  /** Newest first. */
  readonly deliveries: readonly Delivery[];
}

export interface Delivery {
  readonly bucketName: string;
  readonly key: string;
  /** When S3 began to list, in milliseconds since 1970, to the minute. */
  readonly listedAt: number;
}

interface Configuration {
  readonly id: string;
  readonly prefix: string;
  readonly format: string;
  readonly filesBucket: string;
  /** Beginning of the keys of deliveries. */
  readonly deliveries: string;
}

/**
 * @param prefix What is asked about: an inventory of it is as good as one of all keys.
 * @throws AwsCallFailed where there is none that lists all versions, and nothing was delivered.
 */
export async function findInventory(
  bucket: InventoriedBucket,
  prefix: string,
  signal: AbortSignal,
  readsOrc = false,
): Promise<FoundInventory> {
  const { name } = bucket;
  const [usable, others] = await configurationsOf(bucket, prefix, signal, readsOrc);
  let newest: FoundInventory | undefined;
  for (const { id, ...configuration } of usable) {
    const deliveries = await deliveriesOf(bucket, configuration, signal);
    if (listedAt(deliveries) > listedAt(newest?.deliveries))
      newest = { id, prefix: configuration.prefix, deliveries };
  }
  if (newest !== undefined) return newest;
  const waiting = usable.map(({ id }) => `'${id}' delivered nothing yet (the first takes up to 48 hours)`);
  const why = [...waiting, ...others];
  throw new AwsCallFailed(
    `bucket '${name}' has no inventory to reconcile with: ${why.length === 0 ? "no inventory is configured" : why.join("; ")}; the argument 'inventory' of the components configures one, and --engine list needs none`,
  );
}

/** When the newest of some deliveries was listed. */
const listedAt = ([newest]: readonly Delivery[] = []) => newest?.listedAt ?? 0;

async function configurationsOf(
  { name, region, account }: InventoriedBucket,
  prefix: string,
  signal: AbortSignal,
  readsOrc: boolean,
): Promise<[Configuration[], string[]]> {
  const { ListBucketInventoryConfigurationsCommand } = await import("@aws-sdk/client-s3");
  const s3 = await account.s3(region);
  const usable: Configuration[] = [];
  const others: string[] = [];
  let token: string | undefined;
  do {
    const answer = await named(account, `s3:GetInventoryConfiguration on bucket '${name}'`, () =>
      s3.send(
        new ListBucketInventoryConfigurationsCommand({
          Bucket: name,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
        { abortSignal: signal },
      ),
    );
    for (const {
      Id,
      IsEnabled,
      IncludedObjectVersions,
      Filter,
      Destination,
    } of answer.InventoryConfigurationList ?? []) {
      const target = Destination?.S3BucketDestination;
      const of = Filter?.Prefix ?? "";
      if (Id === undefined || target?.Bucket === undefined) continue;
      if (IncludedObjectVersions !== "All") others.push(`'${Id}' lists current versions only`);
      else if (target.Format === "ORC" && !readsOrc)
        others.push(`'${Id}' is written as ORC, which DuckDB does not read`);
      else if (IsEnabled !== true) others.push(`'${Id}' is disabled`);
      else if (!prefix.startsWith(of))
        others.push(`'${Id}' lists keys that begin with ${show(of)} only (--prefix)`);
      else {
        const start = target.Prefix === undefined || target.Prefix === "" ? "" : `${target.Prefix}/`;
        usable.push({
          id: Id,
          prefix: of,
          format: target.Format ?? "CSV",
          filesBucket: bucketNameOf(target.Bucket),
          deliveries: `${start}${name}/${Id}/`,
        });
      }
    }
    token = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
  } while (token !== undefined);
  const order = ({ format }: Configuration) => (format === "Parquet" ? 0 : 1);
  return [usable.sort((one, other) => order(one) - order(other)), others];
}

/**
 * Whether the configuration that made a delivery lists all that is asked about. False: nobody knows.
 * @throws InvalidInputError where it leaves out keys that are asked about.
 */
export async function isListedWhole(
  { name, region, account }: InventoriedBucket,
  place: InventoryPlace,
  prefix: string,
  signal: AbortSignal,
): Promise<boolean> {
  const key = "key" in place ? place.key : "";
  const [, bucketName, id] = /(?:^|\/)([^/]+)\/([^/]+)\/[^/]+\/manifest\.json$/.exec(key) ?? [];
  if (bucketName !== name || id === undefined || !DELIVERY.test(key.slice(0, -"manifest.json".length)))
    return false;
  const { GetBucketInventoryConfigurationCommand } = await import("@aws-sdk/client-s3");
  let of: string;
  try {
    const s3 = await account.s3(region);
    const { InventoryConfiguration } = await s3.send(
      new GetBucketInventoryConfigurationCommand({ Bucket: name, Id: id }),
      { abortSignal: signal },
    );
    if (InventoryConfiguration?.IncludedObjectVersions !== "All") return false;
    of = InventoryConfiguration.Filter?.Prefix ?? "";
  } catch {
    signal.throwIfAborted();
    return false;
  }
  if (prefix.startsWith(of)) return true;
  throw new InvalidInputError("inventory", [
    `must list all keys that are asked about, got one of '${id}', which lists keys of ${name} that begin with ${show(of)} only; --prefix asks about these`,
  ]);
}

/** Folders of deliveries carry the time: `2026-11-20T01-00Z/`. */
const DELIVERY = /\/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)Z\/$/;

async function deliveriesOf(
  { account }: InventoriedBucket,
  { filesBucket, deliveries }: Pick<Configuration, "filesBucket" | "deliveries">,
  signal: AbortSignal,
): Promise<Delivery[]> {
  const { paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
  const client = await account.s3(await bucketRegion(account, filesBucket));
  const folders = await named(account, `s3:ListBucket on bucket '${filesBucket}'`, () =>
    allOf(
      paginateListObjectsV2(
        { client },
        { Bucket: filesBucket, Prefix: deliveries, Delimiter: "/" },
        { abortSignal: signal },
      ),
      ({ CommonPrefixes }) => CommonPrefixes,
    ),
  );
  const found = folders.flatMap(({ Prefix = "" }): Delivery[] => {
    const [, day, hour, minute] = DELIVERY.exec(Prefix) ?? [];
    if (day === undefined) return [];
    const listedAt = Date.parse(`${day}T${hour}:${minute}:00Z`);
    return [{ bucketName: filesBucket, key: `${Prefix}manifest.json`, listedAt }];
  });
  const complete: Delivery[] = [];
  // The newest few suffice, and the checksum of a manifest is written last.
  for (const delivery of found.sort((one, other) => other.listedAt - one.listedAt).slice(0, 8)) {
    if (await isThere(client, delivery, signal)) complete.push(delivery);
  }
  return complete;
}

async function isThere(s3: S3Client, { bucketName, key }: Delivery, signal: AbortSignal): Promise<boolean> {
  const { HeadObjectCommand } = await import("@aws-sdk/client-s3");
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }), { abortSignal: signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (isRefused(error))
      throw new AwsCallFailed(`s3:GetObject on s3://${bucketName}/${key}: ${describe(error)}`);
    return false;
  }
}

/** @throws AwsCallFailed that names the permission. */
export async function named<T>(account: AwsAccount, what: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    const who = isRefused(error) ? `${account.callerArn} needs ${what}` : what;
    throw new AwsCallFailed(`${who}: ${describe(error)}`);
  }
}

/**
 * The newest delivery of each side, and of the source one that is not newer than those of the destinations, where there is
 * one: whatever is COMPLETED in it had time to be seen in the other listings.
 */
export function matchingDeliveries(
  source: FoundInventory,
  destinations: readonly FoundInventory[],
): { source: Delivery; destinations: Delivery[] } {
  const newest = destinations.flatMap(({ deliveries }) => deliveries.slice(0, 1));
  const until = Math.min(...newest.map(({ listedAt }) => listedAt));
  const fitting = source.deliveries.find(({ listedAt }) => listedAt <= until) ?? source.deliveries[0];
  if (fitting === undefined) throw new Error("an inventory without a delivery was found");
  return { source: fitting, destinations: newest };
}
