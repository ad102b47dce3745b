/** The way through the keys of several buckets. */
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { compareKeys } from "../../../src/reconcile/list/keyOrder";
import type { KeyRange } from "../../../src/reconcile/list/keyRanges";
import { ListWalk } from "../../../src/reconcile/list/listWalk";
import type { Entry, ListPage } from "../../../src/reconcile/list/versionPages";

const entryOf = ([key, versionId]: readonly [string, string]): Entry => ({
  key,
  versionId,
  version: { isDeleteMarker: false },
});

/** A bucket that is listed so many versions a page. */
function bucket(versions: readonly (readonly [string, string])[], pageSize: number): ListPage {
  const entries = [...versions].sort(([one], [other]) => compareKeys(one, other)).map(entryOf);
  return async (after) => {
    await Promise.resolve();
    let index = 0;
    if (after !== undefined) {
      index = entries.findIndex(({ key }) => compareKeys(key, after.key) > 0);
      if (index < 0) index = entries.length;
      if (after.versionId !== undefined) {
        index =
          1 + entries.findIndex(({ key, versionId }) => key === after.key && versionId === after.versionId);
      }
    }
    const page = entries.slice(index, index + pageSize);
    const last = page.at(-1);
    const next = last !== undefined && index + pageSize < entries.length ? last : undefined;
    return {
      entries: page,
      ...(next === undefined ? {} : { next: { key: next.key, versionId: next.versionId } }),
    };
  };
}

async function walked(
  sides: readonly ListPage[],
  ranges: readonly KeyRange[] = [{}],
  more: Partial<ConstructorParameters<typeof ListWalk>[1]> = {},
): Promise<string[]> {
  const found: string[] = [];
  const walk = new ListWalk(sides, {
    prefix: "",
    ranges,
    signal: new AbortController().signal,
    onJoined: (key, versionId, joined) =>
      found.push(`${key} ${versionId} ${joined.map((side) => (side === undefined ? "-" : "x")).join("")}`),
    afterKey: () => undefined,
    ...more,
  });
  await walk.run();
  return found.sort();
}

const version = fc.tuple(
  fc.constantFrom("a", "b", "b/c", "b/d", "é", "😀", "z1", "z2", "z3"),
  fc.constantFrom("v1", "v2", "v3", "null"),
);
const versions = fc.uniqueArray(version, { maxLength: 30, selector: ([key, id]) => `${key} ${id}` });

describe("reconcile: the way through the keys", () => {
  it("joins every version with what each side has of it, whatever the pages are", async () => {
    await fc.assert(
      fc.asyncProperty(
        versions,
        versions,
        versions,
        fc.integer({ min: 1, max: 7 }),
        async (a, b, c, size) => {
          const names = [a, b, c].map((side) => new Set(side.map(([key, id]) => `${key} ${id}`)));
          const expected = [...new Set(names.flatMap((set) => [...set]))]
            .map((name) => `${name} ${names.map((set) => (set.has(name) ? "x" : "-")).join("")}`)
            .sort();
          assert.deepEqual(await walked([a, b, c].map((side) => bucket(side, size))), expected);
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(60_000);

  it("shares a large bucket between workers, and leaves nothing out", async () => {
    const many = Array.from(
      { length: 5000 },
      (_, n) => [`data/${String(n).padStart(6, "0")}`, "v1"] as const,
    );
    let listings = 0;
    const list = bucket(many, 100);
    const source: ListPage = (after) => {
      listings += 1;
      return list(after);
    };
    const found = await walked([source, bucket(many.slice(1000), 70)]);
    assert.equal(found.length, 5000);
    assert.equal(found.filter((line) => line.endsWith(" x-")).length, 1000);
    assert.ok(listings > 50 && listings < 200, String(listings));
  });

  it("pauses with ranges that hold all that is left, and no key that is half done", async () => {
    const many = Array.from({ length: 900 }, (_, n) => [`k${n % 300}`, `v${n}`] as const);
    const sides = () => [bucket(many, 13), bucket(many, 17)];
    const seen: string[] = [];
    const stop = new AbortController();
    let left: readonly KeyRange[] = [];
    let seenThen: string[] = [];
    const broken = walked(sides(), [{}], {
      signal: stop.signal,
      onJoined: (key, versionId) => seen.push(`${key} ${versionId} xx`),
      afterKey: () => new Promise((resolve) => setTimeout(resolve, 2)),
      pauseEvery: 30,
      onPause: async (ranges) => {
        await Promise.resolve();
        if (seen.length < 100) return;
        left = ranges;
        seenThen = [...seen];
        stop.abort();
      },
    });
    await assert.rejects(broken);
    const rest = await walked(sides(), left);
    assert.ok(seenThen.length >= 100 && rest.length > 0);
    assert.deepEqual([...seenThen, ...rest].sort(), many.map(([key, id]) => `${key} ${id} xx`).sort());
  });
});
