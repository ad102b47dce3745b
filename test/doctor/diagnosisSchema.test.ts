import { join } from "node:path";
import { DIAGNOSIS_SCHEMA } from "../../src/doctor/diagnosisSchema";
import { assertPublished } from "../support/publishedSchema";

const FILE = join(__dirname, "..", "..", "schemas", "doctor.schema.json");

describe("the schema of the doctor's report", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () =>
    assertPublished(FILE, DIAGNOSIS_SCHEMA));
});
