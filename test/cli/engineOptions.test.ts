/** Options of 'reconcile' that an engine does not read. */
import { strict as assert } from "node:assert";
import { type EngineOptions, readEngineOptions } from "../../src/cli/engineOptions";

describe("an option that the engine does not read", () => {
  const inventory = "s3://acme-lists/acme-data/all/2026-11-20T01-00Z/manifest.json";
  const cases: [Partial<EngineOptions>, RegExp][] = [
    [
      { engine: "list", sourceInventory: inventory },
      /^--source-inventory: must be left out with --engine list, got 's3:\/\/acme-lists\/.*'; only --engine inventory and athena read it$/,
    ],
    [
      { engine: "list", destinationInventory: [inventory] },
      /^--destination-inventory: must be left out with --engine list/,
    ],
    [{ engine: "list", memoryLimit: "8GB" }, /^--memory-limit: .*; only --engine inventory reads it$/],
    [
      { engine: "inventory", headLimit: "5" },
      /^--head-limit: must be left out with --engine inventory, got '5'; only --engine list reads it$/,
    ],
    [
      { engine: "athena", workgroup: "audits", resume: "state" },
      /^--resume: must be left out with --engine athena/,
    ],
    [{ engine: "auto", sourceInventory: inventory, sample: "0" }, /^--sample: .* with --engine inventory/],
    [
      { engine: "auto", destinationTable: ["a.c"] },
      /^--source-table: must be given where --destination-table is, got nothing$/,
    ],
    [
      { engine: "auto", sourceTable: "a.b" },
      /^--destination-table: must be given where --source-table is, got nothing$/,
    ],
    [{ engine: "auto", database: "audits" }, /^--database: must be left out with --engine auto/],
    [
      {
        engine: "auto",
        sourceTable: "a.b",
        destinationTable: ["a.c"],
        workgroup: "w",
        sourceInventory: inventory,
      },
      /^--source-table: must be left out where an inventory is named, got 'a\.b' and 's3:/,
    ],
  ];
  for (const [options, message] of cases) {
    it(`is named: ${JSON.stringify(options)}`, () =>
      assert.rejects(readEngineOptions({ engine: "auto", ...options }), {
        name: "InvalidInputError",
        message,
      }));
  }

  it("is none where the size of the buckets decides", async () => {
    const options = { engine: "auto", memoryLimit: "8GB", headLimit: "5", resume: "state" } as const;
    assert.equal((await readEngineOptions(options)).engine, "auto");
  });
});
