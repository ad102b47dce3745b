import { join } from "node:path";
import { VERIFICATION_SCHEMA } from "../../src/verification/reportSchema";
import { assertPublished } from "../support/publishedSchema";

const FILE = join(__dirname, "..", "..", "schemas", "verification.schema.json");

describe("the schema of a verification", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () =>
    assertPublished(FILE, VERIFICATION_SCHEMA));
});
