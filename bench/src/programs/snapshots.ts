/** Snapshots of many pairs, and of one bucket with many rules: what the components make, as often as asked for. */
import { runProgram } from "../../../bin/readers/program/fromProgram";
import type { Snapshot } from "../../../bin/snapshot/snapshot";
import { components } from "./components";

/** N pairs in two accounts. */
export async function pairsSnapshot(count: number): Promise<Snapshot> {
  const one = JSON.stringify(await onePair());
  const copies = Array.from({ length: count }, (_, index) => JSON.parse(numbered(one, index)) as Snapshot);
  return merged(copies);
}

/** The same pair with other names and other keys. */
function numbered(pair: string, index: number): string {
  return pair
    .replaceAll(/(:key\/[0-9a-f-]{24})[0-9a-f]{12}/g, `$1${String(index).padStart(12, "0")}`)
    .replaceAll(/\b(acme-data|acme-archive|s3-replication)-0\b/g, `$1-${index}`);
}

/** A pair whose source bucket has as many rules, each with a prefix of its own. */
export function rulesSnapshot(count: number): Promise<Snapshot> {
  return withPrefixes(count, (index) => `teams/${String(index).padStart(4, "0")}/`);
}

/** The same, each prefix within the one before: every rule takes less, and none takes anything that the first does not. */
export function nestedSnapshot(count: number): Promise<Snapshot> {
  return withPrefixes(count, (index) => "a".repeat(index + 1));
}

async function withPrefixes(count: number, prefixOf: (index: number) => string): Promise<Snapshot> {
  const snapshot = await onePair();
  return {
    ...snapshot,
    buckets: Object.fromEntries(
      Object.entries(snapshot.buckets).map(([arn, bucket]) => {
        const [rule] = bucket.replication?.Rules ?? [];
        if (bucket.replication === null || rule === undefined) return [arn, bucket];
        const Rules = Array.from({ length: count }, (_, index) => ({
          ...rule,
          ID: `rule-${index}`,
          Priority: count - index,
          Filter: { Prefix: prefixOf(index) },
        }));
        return [arn, { ...bucket, replication: { ...bucket.replication, Rules } }];
      }),
    ),
  };
}

/** A pair whose role is denied objects by as many patterns with a star inside: more classes of keys than anybody can count. */
export async function starsSnapshot(count: number): Promise<Snapshot> {
  const snapshot = await onePair();
  const denies = (index: number) => ({
    Effect: "Deny",
    Action: "s3:ReplicateObject",
    Resource: `arn:aws:s3:::*/documents/*-${index}-*.pdf`,
  });
  const policy = {
    Version: "2012-10-17",
    Statement: Array.from({ length: count }, (_, index) => denies(index)),
  };
  return {
    ...snapshot,
    accounts: Object.fromEntries(
      Object.entries(snapshot.accounts).map(([id, account]) => [
        id,
        {
          ...account,
          roles: Object.fromEntries(
            Object.entries(account.roles).map(([arn, role]) => [
              arn,
              { ...role, policyNames: undefined, policies: [...role.policies, policy] },
            ]),
          ),
        },
      ]),
    ),
  };
}

async function onePair(): Promise<Snapshot> {
  const run = await runProgram(() => components(1), [{ name: "bench", config: {} }], { project: "bench" });
  return run.snapshot;
}

function merged(snapshots: readonly Snapshot[]): Snapshot {
  const [first] = snapshots;
  if (first === undefined) throw new RangeError("a snapshot has at least one pair");
  return {
    ...first,
    accounts: Object.fromEntries(
      Object.entries(first.accounts).map(([id, account]) => [
        id,
        {
          ...account,
          roles: Object.assign(
            {},
            ...snapshots.map(({ accounts }) => accounts[id]?.roles),
          ) as typeof account.roles,
        },
      ]),
    ),
    buckets: Object.assign({}, ...snapshots.map(({ buckets }) => buckets)) as Snapshot["buckets"],
    keys: Object.assign({}, ...snapshots.map(({ keys }) => keys)) as Snapshot["keys"],
  };
}
