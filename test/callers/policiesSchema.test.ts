import { join } from "node:path";
import { CALLER_POLICIES_SCHEMA } from "../../src/callers/policiesSchema";
import { assertPublished } from "../support/publishedSchema";

const FILE = join(__dirname, "..", "..", "schemas", "permissions.schema.json");

describe("the schema of what permissions prints", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", async () => {
    await assertPublished(FILE, CALLER_POLICIES_SCHEMA);
  });
});
