import { STATUS_SCHEMA } from "../../src/status/reportSchema";
import { assertPublished } from "../support/publishedSchema";
import { STATUS_SCHEMA_FILE } from "./schema";

describe("the schema of the status", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () =>
    assertPublished(STATUS_SCHEMA_FILE, STATUS_SCHEMA));
});
