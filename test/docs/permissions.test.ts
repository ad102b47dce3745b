/** The tables of permissions are written from the rows that policies and rehearsals are made of. */
import { COMMAND_ACTIONS, type CommandRow, COMMANDS } from "../../src/callers/commandActions";
import { DEPLOYER_ACTIONS, type DeployerRow } from "../../src/callers/deployerActions";
import { factsOf, PERMISSIONS } from "../../src/replication/permissions";
import { unique } from "../../src/util/grouping";
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
    const rows = PERMISSIONS.map((row) => [
      `\`${row.action}\``,
      ON[row.target],
      plain(row.when),
      unique(factsOf(row).map(({ grade }) => grade)).join(", "),
      row.sources.map((source, index) => `[${index + 1}](${source})`).join(" "),
    ]);
    assertGenerated(
      "docs/permissions.md",
      "permissions",
      table(["action", "on", "when", "grade", "source"], rows),
    );
  });

  it("has what the provider asks for as whoever deploys (write them anew with UPDATE_SCHEMAS=1)", () => {
    const rows = Object.entries(DEPLOYER_ACTIONS).map(([type, own]) => {
      const ofPhase = (phase: "create" | "read" | "update" | "remove") =>
        codes(unique(own.flatMap((row: DeployerRow) => row[phase] ?? [])));
      return [
        type.split(":").at(-1) ?? "",
        ofPhase("read"),
        ofPhase("create"),
        ofPhase("update"),
        ofPhase("remove"),
      ];
    });
    const columns = ["resource", "to read it", "to make it, too", "to change it", "to take it away"];
    assertGenerated("docs/permissions.md", "deployer", table(columns, rows));
  });
});

const codes = (actions: readonly string[]) => actions.map((action) => `\`${action}\``).join(", ");

const SIDES = { source: "source", destination: "destination", organization: "organization" } as const;

const PLACES = {
  bucket: "bucket",
  objects: "objects",
  keys: "keys",
  replicationRole: "replication role",
  batchRole: "role of the job",
  managedPolicies: "managed policies of the role",
  failureQueue: "failure queue",
  batchJobs: "jobs",
  batchFiles: "report and manifest",
  everything: "account",
} as const;

function placeOf({ side, on, place }: CommandRow): string {
  return on === "elsewhere" ? (place ?? "") : `${SIDES[side]}: ${PLACES[on]}`;
}

describe("the page of a command", () => {
  for (const command of COMMANDS) {
    it(`has the permissions that ${command} takes (write them anew with UPDATE_SCHEMAS=1)`, () => {
      const rows = COMMAND_ACTIONS[command].map((row) => [
        placeOf(row),
        codes(row.actions),
        row.when ?? "always",
      ]);
      assertGenerated(
        `docs/commands/${command}.md`,
        "permissions",
        table(["where", "what it takes", "when"], rows),
      );
    });
  }
});
