import { deepStrictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DIAGNOSIS_SCHEMA } from "../../src/doctor/diagnosisSchema";

const FILE = join(__dirname, "..", "..", "schemas", "doctor.schema.json");

describe("the schema of the doctor's report", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () => {
    const current = z.toJSONSchema(DIAGNOSIS_SCHEMA);
    if (process.env.UPDATE_SCHEMAS === "1") writeFileSync(FILE, `${JSON.stringify(current, undefined, 2)}\n`);
    deepStrictEqual(JSON.parse(readFileSync(FILE, "utf8")), JSON.parse(JSON.stringify(current)));
  });
});
