import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rehearse } from "../../src/rehearsal/rehearse";
import { BUCKET_REPLICATION, KEY, ROLE } from "./provider/resourceTypes";
import { bucketByHand } from "./support/handMade";
import { HAND_WRITTEN, OWN_RESOURCES, program } from "./support/handWritten";
import { destinationSettings, SOURCE_ACCOUNT, SOURCE_BUCKET, sourceSettings } from "./support/pair";
import { changesOf, previewSteps, type PreviewStep } from "./support/preview";
import { REPOSITORY } from "./support/repository";
import { Workspace } from "./support/workspace";

/** What the guide says, word for word: the tests run it. */
const GUIDE = readFileSync(join(REPOSITORY, "docs", "existing-buckets.md"), "utf8");

/** The block of the guide that begins with this line. */
function block(firstLine: string): string {
  const [, text] = GUIDE.split(`\n${firstLine}\n`);
  assert.ok(text !== undefined, `the guide has no block '${firstLine}'`);
  return `${firstLine}\n${text.slice(0, text.indexOf("```"))}`;
}

/** Types that hold data or its keys, or that replicate: none of them may go, not even to be made again. */
const LASTING = [
  "aws:s3/bucket:Bucket",
  KEY,
  BUCKET_REPLICATION,
  ROLE,
  "aws:s3/bucketVersioning:BucketVersioning",
];

function lost(steps: readonly PreviewStep[]): string[] {
  return steps
    .filter(({ op }) => /delete|replace/.test(op))
    .filter(({ urn }) => LASTING.some((type) => urn.includes(`${type}::`)))
    .map(({ op, urn }) => `${op} ${urn}`);
}

describe("a program with hand-written resources, on its way to the component", () => {
  const workspace = Workspace.ofProgram(program(HAND_WRITTEN));
  const UP = ["up", "--yes", "--stack", "adopted"];

  before(async () => {
    await workspace.initialise("adopted");
    await workspace.succeed(UP);
    workspace.accounts.putObject(SOURCE_BUCKET, "from-before");
  });

  it("gives bucket, key, role and rules to the component with aliases: nothing is replaced or deleted", async () => {
    const adopted = workspace.copy();
    adopted.write("program.js", program(block("// Old names of what the component has from now on.")));
    const steps = await previewSteps(adopted, "adopted");
    assert.deepEqual(lost(steps), []);
    await adopted.succeed(UP);
    const { snapshot } = adopted.accounts;
    assert.deepEqual(
      snapshot.buckets[SOURCE_BUCKET]?.replication?.Rules.map(({ ID }) => ID),
      ["everything"],
    );
    assert.deepEqual(adopted.accounts.objects(SOURCE_BUCKET), ["from-before"]);
    assert.deepEqual(
      adopted.accounts.changes.flatMap(({ kind, type }) => (kind === "delete" ? type : [])),
      ["aws:iam/rolePolicy:RolePolicy"],
    );
    assert.equal(Object.values(snapshot.keys).filter(({ account }) => account === SOURCE_ACCOUNT).length, 1);
    assert.equal(rehearse(snapshot).verdict, "proven");
    await adopted.succeed(["preview", "--expect-no-changes", "--stack", "adopted"]);
  });

  it("would lose the bucket without the aliases, which the preview shows", async () => {
    const careless = workspace.copy();
    careless.write("program.js", program('new ReplicationSource("data", args, { provider });'));
    assert.ok(lost(await previewSteps(careless, "adopted")).some((step) => step.includes("bucket:Bucket")));
  });

  it("keeps the bucket and its settings for itself, and gives away the rules alone", async () => {
    const shared = workspace.copy();
    shared.write(
      "program.js",
      program(`${OWN_RESOURCES}
${block("// Old name of the rules that the component has from now on.")}`),
    );
    const steps = await previewSteps(shared, "adopted");
    assert.deepEqual(lost(steps), []);
    await shared.succeed(UP);
    assert.equal(rehearse(shared.accounts.snapshot).verdict, "proven");
    assert.deepEqual(shared.accounts.objects(SOURCE_BUCKET), ["from-before"]);
    await shared.succeed(["preview", "--expect-no-changes", "--stack", "adopted"]);
  });
});

describe("a bucket that no stack has, on its way into the ready-made program", () => {
  it("is imported with the file that the preview writes, and is the same bucket with the same data", async () => {
    const workspace = Workspace.ofRepository();
    const { keyArn } = bucketByHand(workspace, {
      accountId: SOURCE_ACCOUNT,
      region: "us-east-1",
      bucketName: "acme-data",
    });
    workspace.configure("destination", { destination: destinationSettings() });
    workspace.configure("source", {
      source: sourceSettings({ existingBucket: {}, encryption: { keyArn } }),
    });
    await workspace.initialise("destination", "source");
    await workspace.succeed(["up", "--yes", "--stack", "destination"]);

    await workspace.succeed(["up", "--yes", "--stack", "source"]);

    workspace.configure("source", { source: sourceSettings() });
    await workspace.succeed(["preview", "--import-file", "import.json", "--stack", "source"]);
    const file = JSON.parse(readFileSync(join(workspace.directory, "import.json"), "utf8")) as {
      resources: { type: string; name: string; id: string; component?: boolean }[];
    };
    const ids: Record<string, string> = {
      "source-bucket": "acme-data",
      "source-key": keyArn.slice(keyArn.lastIndexOf("/") + 1),
    };
    const resources = file.resources.flatMap((entry) =>
      entry.component === true
        ? [entry]
        : ids[entry.name] === undefined
          ? []
          : [{ ...entry, id: ids[entry.name] }],
    );
    workspace.write("import.json", JSON.stringify({ ...file, resources }));
    await workspace.succeed([
      ...["import", "--yes", "--file", "import.json", "--generate-code=false", "--stack", "source"],
    ]);

    const steps = await previewSteps(workspace, "source");
    assert.deepEqual(lost(steps), []);
    assert.deepEqual(
      changesOf(steps).filter((change) => /source-(bucket|key)$/.test(change)),
      ["update source-bucket", "update source-key"],
    );
    await workspace.succeed(["up", "--yes", "--stack", "source"]);
    assert.deepEqual(workspace.accounts.objects(SOURCE_BUCKET), ["from-before"]);
    assert.equal(workspace.accounts.snapshot.buckets[SOURCE_BUCKET]?.encryption?.keyArn, keyArn);
    assert.equal(rehearse(workspace.accounts.snapshot).verdict, "proven");
    await workspace.succeed(["preview", "--expect-no-changes", "--stack", "source"]);
  });
});
