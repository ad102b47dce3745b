/** The inventories of a run: each bucket's, named by the user or the delivery that fits the others. */
import type { AwsAccount } from "../../aws/account";
import { AwsCallFailed } from "../../aws/failures";
import { InvalidInputError } from "../../input/problems";
import { printable } from "../../output/printable";
import type { EngineAsk } from "../engine";
import { fetchManifest } from "./files";
import type { Listed } from "../sql/countListings";
import type { Listing } from "../sql/listing";
import { given } from "../../util/optional";
import { type InventoryManifest, isWrittenByS3, notListed } from "./manifest";
import {
  findInventory,
  type InventoriedBucket,
  type InventoryPlace,
  isListedWhole,
  matchingDeliveries,
} from "./places";

export interface LocateSetting {
  readonly source: InventoriedBucket;
  /** The destinations of the enabled rules, in the order of `destinationsOf`. */
  readonly destinations: readonly InventoriedBucket[];
  /** Inventories that the user named; those of buckets without one are found. */
  readonly named: { readonly source?: InventoryPlace; readonly destinations: readonly InventoryPlace[] };
  /** Whether the engine reads ORC. */
  readonly readsOrc?: boolean;
}

/** An inventory that was found or named. */
export interface Inventory {
  readonly bucket: InventoriedBucket;
  /** Who reads it. */
  readonly account: AwsAccount;
  readonly place: InventoryPlace;
  readonly manifest: InventoryManifest;
  /** What of it nobody can know, as a sentence. */
  readonly note?: string;
}

/** @returns The source's inventory, and then those of the destinations. */
export async function locateInventories(
  setting: LocateSetting,
  { prefix, signal }: Pick<EngineAsk, "prefix" | "signal">,
): Promise<Inventory[]> {
  const { source, destinations, named, readsOrc = false } = setting;
  const all = [source, ...destinations];
  const read = async (bucket: InventoriedBucket, place: InventoryPlace) => ({
    bucket,
    account: bucket.account,
    place,
    manifest: await fetchManifest(bucket.account, place, signal),
  });
  /** Whose a named inventory is, nobody knows before it is read. @throws What the first is told where none may read it. */
  const readByAny = async (buckets: readonly InventoriedBucket[], place: InventoryPlace) => {
    const refusals: unknown[] = [];
    for (const bucket of buckets) {
      try {
        return await read(bucket, place);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AwsCallFailed)) throw error;
        refusals.push(error);
      }
    }
    throw refusals[0];
  };
  const ofUser = [
    ...(named.source === undefined ? [] : [await readByAny(all, named.source)]),
    ...(await Promise.all(named.destinations.map((place) => readByAny([...destinations, source], place)))),
  ];
  assertOfBuckets(ofUser, all);
  const namedFor = ({ name }: InventoriedBucket) =>
    ofUser.find(({ manifest }) => manifest.sourceBucket === name);
  const found = await Promise.all(
    all.map(async (bucket) =>
      namedFor(bucket) === undefined ? findInventory(bucket, prefix, signal, readsOrc) : undefined,
    ),
  );
  const [foundSource, ...foundDestinations] = found;
  const matched = matchingDeliveries(
    foundSource ?? asFound(namedFor(source)?.manifest.listedAt ?? 0),
    destinations.map(
      (bucket, index) => foundDestinations[index] ?? asFound(namedFor(bucket)?.manifest.listedAt ?? 0),
    ),
  );
  return Promise.all(
    all.map(async (bucket, index) => {
      const known = namedFor(bucket);
      if (known !== undefined) {
        if (await isListedWhole(bucket, known.place, prefix, signal)) return { ...known, bucket };
        const note = `${printable(known.manifest.place)} is taken to list every version of ${bucket.name}${prefix === "" ? "" : ` below ${printable(prefix)}`}`;
        return { ...known, bucket, note };
      }
      const delivery = index === 0 ? matched.source : matched.destinations[index - 1];
      if (delivery === undefined) throw new Error("a bucket has no inventory");
      return read(bucket, delivery);
    }),
  );
}

/** A named inventory beside found ones: its time is what the others are chosen by. */
function asFound(listedAt: number) {
  return { id: "", prefix: "", deliveries: [{ bucketName: "", key: "", listedAt }] };
}

function assertOfBuckets(named: readonly Inventory[], buckets: readonly InventoriedBucket[]): void {
  const names = buckets.map(({ name }) => name);
  const problems = named
    .filter(({ manifest }) => !names.includes(manifest.sourceBucket))
    .map(
      ({ manifest }) =>
        `must be an inventory of ${names.join(" or ")}, got ${printable(manifest.place)}, which is one of ${printable(manifest.sourceBucket)}`,
    );
  for (const name of names) {
    const places = named
      .filter(({ manifest }) => manifest.sourceBucket === name)
      .map(({ manifest }) => manifest.place);
    if (places.length > 1) {
      problems.push(
        `must be one for each bucket, got ${places.map(printable).join(" and ")}, which are both of ${name}; name the one that is to be read`,
      );
    }
  }
  if (problems.length > 0) throw new InvalidInputError("inventory", problems);
}

/** @param index 0 for the source's inventory. */
export function listedOf({ bucket, manifest, note }: Inventory, listing: Listing, index: number): Listed {
  return {
    listing,
    ...given("ownList", isWrittenByS3(manifest) ? undefined : manifest.place),
    listedAt: manifest.listedAt,
    notCompared: notListed(manifest, index === 0 ? "source" : "destination"),
    notes: [
      `${bucket.name} was listed at ${new Date(manifest.listedAt).toISOString()}${note === undefined ? ` (${printable(manifest.place)})` : ""}`,
      ...(note === undefined ? [] : [note]),
    ],
  };
}
