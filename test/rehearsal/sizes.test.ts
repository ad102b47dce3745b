import { deepStrictEqual, strictEqual } from "node:assert";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { rehearse } from "../../src/rehearsal/rehearse";
import { grouped } from "../../src/util/grouping";
import type { Report } from "../../src/rehearsal/report/report";
import { snapshotOf } from "../support/examples";

/** The plain pair of the examples, as often as asked for, each with names and keys of its own. */
async function pairs(count: number): Promise<Snapshot> {
  const one = JSON.stringify(await snapshotOf("kms-cross-region"));
  const copies = Array.from({ length: count }, (_, index) => JSON.parse(numbered(one, index)) as Snapshot);
  const [first] = copies;
  if (first === undefined) throw new Error("there is no pair");
  const accounts = Object.entries(first.accounts).map(([id, account]) => [
    id,
    { ...account, roles: merged(copies.map((each) => each.accounts[id]?.roles)) },
  ]);
  return {
    ...first,
    accounts: Object.fromEntries(accounts) as Snapshot["accounts"],
    buckets: merged(copies.map(({ buckets }) => buckets)),
    keys: merged(copies.map(({ keys }) => keys)),
  };
}

function merged<T>(parts: readonly (Readonly<Record<string, T>> | undefined)[]): Record<string, T> {
  return Object.assign({}, ...parts) as Record<string, T>;
}

function numbered(pair: string, index: number): string {
  return pair
    .replace(/(:key\/[0-9a-f-]{24})[0-9a-f]{12}/g, `$1${String(index).padStart(12, "0")}`)
    .replace(/(arn:aws:s3:::[a-z0-9.-]+)/g, `$1-${index}`)
    .replace(/(:role\/[\w/-]+)/g, `$1-${index}`);
}

const outcomes = ({ objects }: Report) => objects.map(({ key, outcome, rule }) => [key, outcome, rule]);

describe("a snapshot of a thousand pairs", function () {
  this.timeout(300_000);
  let snapshot: Snapshot;
  let one: Report;
  before(async () => {
    snapshot = await pairs(1000);
    one = rehearse(await pairs(1));
  });

  it("is proven, each pair like one alone", () => {
    strictEqual(one.verdict, "proven");
    const report = rehearse(snapshot);
    strictEqual(report.verdict, "proven");
    deepStrictEqual(outcomes(report), Array.from({ length: 1000 }, () => outcomes(one)).flat());
    strictEqual(report.unusedGrants.length, 1000 * one.unusedGrants.length);
  });

  it("shows the one pair among them that is broken, and what mends it", () => {
    const [arn, bucket] =
      Object.entries(snapshot.buckets).filter(([, { replication }]) => replication === null)[777] ?? [];
    if (arn === undefined || bucket === undefined) throw new Error("there is no such bucket");
    const broken = { ...snapshot, buckets: { ...snapshot.buckets, [arn]: { ...bucket, policy: null } } };
    const { verdict, objects, advice } = rehearse(broken);
    strictEqual(verdict, "broken");
    const failed = objects.filter(({ outcome }) => outcome === "FAILED");
    deepStrictEqual([...new Set(failed.map(({ destination }) => destination))], [arn]);
    deepStrictEqual(
      advice.map(({ where, resource }) => [where, resource]),
      advice.map(() => ["destination bucket policy", arn]),
    );
    strictEqual(advice.length > 0, true);
  });
});

describe("a bucket with a thousand rules", function () {
  this.timeout(300_000);

  const rules = async (count: number): Promise<Snapshot> => {
    const snapshot = await pairs(1);
    const buckets = Object.entries(snapshot.buckets).map(([arn, bucket]) => {
      const [rule] = bucket.replication?.Rules ?? [];
      if (bucket.replication === null || rule === undefined) return [arn, bucket] as const;
      const Rules = Array.from({ length: count }, (_, index) => ({
        ...rule,
        ID: `rule-${index}`,
        Priority: count - index,
        Filter: { Prefix: `teams/${String(index).padStart(4, "0")}/` },
      }));
      return [arn, { ...bucket, replication: { ...bucket.replication, Rules } }] as const;
    });
    return { ...snapshot, buckets: Object.fromEntries(buckets) as Snapshot["buckets"] };
  };

  it("is proven, with the same objects under every rule", async () => {
    const { verdict, objects, refusals } = rehearse(await rules(1000));
    strictEqual(verdict, "proven");
    deepStrictEqual(refusals, []);
    const ofRule = grouped(objects, ({ rule }) => rule);
    const kinds = (id: string) =>
      ofRule.get(id)?.map(({ key, outcome }) => [key.replace(/^teams\/\d{4}\//, ""), outcome]);
    const first = kinds("rule-0");
    strictEqual(first?.length, 6);
    for (let index = 1; index < 1000; index += 1) deepStrictEqual(kinds(`rule-${index}`), first);
  });

  it("is refused with one more", async () => {
    const { verdict, refusals } = rehearse(await rules(1001));
    strictEqual(verdict, "broken");
    deepStrictEqual(
      refusals.map(({ message }) => message),
      ["InvalidRequest: The number of replication rules must not exceed the allowed limit of 1000 rules."],
    );
  });
});
