import { deepStrictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { STATUS_SCHEMA } from "../../src/status/report";
import { STATUS_SCHEMA_FILE } from "./schema";

describe("the schema of the status", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () => {
    const current = z.toJSONSchema(STATUS_SCHEMA);
    if (process.env.UPDATE_SCHEMAS === "1") {
      writeFileSync(STATUS_SCHEMA_FILE, `${JSON.stringify(current, undefined, 2)}\n`);
    }
    deepStrictEqual(
      JSON.parse(readFileSync(STATUS_SCHEMA_FILE, "utf8")),
      JSON.parse(JSON.stringify(current)),
    );
  });
});
