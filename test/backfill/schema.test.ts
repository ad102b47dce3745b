import { join } from "node:path";
import { BACKFILL_SCHEMA } from "../../src/backfill/resultSchema";
import { assertPublished } from "../support/publishedSchema";

const FILE = join(__dirname, "..", "..", "schemas", "backfill.schema.json");

describe("the schema of what backfill prints", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () =>
    assertPublished(FILE, BACKFILL_SCHEMA));
});
