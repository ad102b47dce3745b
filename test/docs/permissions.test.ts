/** The table of what S3 asks for is written from the rows that policies and rehearsals are made of. */
import { PERMISSIONS } from "../../src/replication/permissions";
import { assertGenerated, plain, table } from "./support/markdown";

const ON = {
  role: "the role",
  sourceBucket: "the source bucket",
  sourceObject: "objects of the source bucket",
  sourceKey: "keys of the source",
  destinationObject: "objects of the destination bucket",
  destinationKey: "the destination's key",
} as const;

describe("the page of permissions", () => {
  it("has every permission that S3 asks for (write them anew with UPDATE_SCHEMAS=1)", () => {
    const rows = PERMISSIONS.map(({ action, target, when, sources }) => [
      `\`${action}\``,
      ON[target],
      plain(when),
      sources.map((source, index) => `[${index + 1}](${source})`).join(" "),
    ]);
    assertGenerated("docs/permissions.md", "permissions", table(["action", "on", "when", "source"], rows));
  });
});
