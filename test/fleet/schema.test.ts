import { FLEET_SCHEMA } from "../../src/fleet/meaning/reportSchema";
import { assertPublished } from "../support/publishedSchema";
import { FLEET_SCHEMA_FILE } from "./schema";

describe("the schema of a fleet", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () =>
    assertPublished(FLEET_SCHEMA_FILE, FLEET_SCHEMA));
});
