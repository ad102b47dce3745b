/** The published schema of what reconcile prints. */
import { join } from "node:path";
import { RECONCILE_SCHEMA } from "../../src/reconcile/resultSchema";
import { assertPublished } from "../support/publishedSchema";

describe("the schema of a reconciliation", () => {
  it("is what the code says (write it anew with UPDATE_SCHEMAS=1)", () =>
    assertPublished(join(__dirname, "..", "..", "schemas", "reconcile.schema.json"), RECONCILE_SCHEMA));
});
