/** Many pairs in a few accounts, each a set-up of the proof under names of its own. */
import { emptySnapshot, type Snapshot } from "../../src/snapshot/snapshot";
import { bucket, DESTINATION_ACCOUNT, SOURCE_ACCOUNT } from "../proof/setUp";

export interface FleetPair {
  /** Name of the source bucket; its destination is `<name>-copy`. */
  readonly name: string;
  /** Account ids. */
  readonly source: string;
  readonly destination: string;
  /** A set-up of the proof. */
  readonly setUp: Snapshot;
}

export const FLEET_ACCOUNTS = [1, 2, 3, 4, 5].map((digit) => String(digit).repeat(12));

export function fleetSnapshot(pairs: readonly FleetPair[]): Snapshot {
  const fleet = emptySnapshot();
  for (const [index, pair] of pairs.entries()) {
    const { accounts, buckets, keys } = JSON.parse(named(pair, index + 1)) as Snapshot;
    for (const [id, state] of Object.entries(accounts)) {
      const known = fleet.accounts[id];
      fleet.accounts[id] = { ...known, ...state, roles: { ...known?.roles, ...state.roles } };
    }
    Object.assign(fleet.buckets, buckets);
    Object.assign(fleet.keys, keys);
  }
  return fleet;
}

function named({ name, source, destination, setUp }: FleetPair, number: number): string {
  return JSON.stringify(setUp)
    .replaceAll("acme-invoices", name)
    .replaceAll("acme-replication", `${name}-replication`)
    .replaceAll("1a2b3c4d-0000", `1a2b3c4d-${String(number).padStart(4, "0")}`)
    .replaceAll(SOURCE_ACCOUNT, source)
    .replaceAll(DESTINATION_ACCOUNT, destination);
}

/** Buckets that replicate nothing, one account after the other. */
export function addPlainBuckets({ buckets }: Snapshot, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const account = FLEET_ACCOUNTS[index % FLEET_ACCOUNTS.length]!;
    buckets[`arn:aws:s3:::plain-${index}`] = bucket(account, "eu-west-1");
  }
}
