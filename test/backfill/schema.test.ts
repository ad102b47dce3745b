import { deepStrictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { BACKFILL_SCHEMA } from "../../src/backfill/resultSchema";

const FILE = join(__dirname, "..", "..", "schemas", "backfill.schema.json");

describe("the schema of what backfill prints", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () => {
    const current = z.toJSONSchema(BACKFILL_SCHEMA);
    if (process.env.UPDATE_SCHEMAS === "1") writeFileSync(FILE, `${JSON.stringify(current, undefined, 2)}\n`);
    deepStrictEqual(JSON.parse(readFileSync(FILE, "utf8")), JSON.parse(JSON.stringify(current)));
  });
});
