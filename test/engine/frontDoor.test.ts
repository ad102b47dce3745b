/** The first minute: what README says, in a clean clone, and what people do there next. */
import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rehearse } from "../../src/rehearsal/rehearse";
import { cleanClone, run, temporary } from "./support/clone";
import { Workspace } from "./support/workspace";

/** Of Node.js, as `node` on npm has it. */
const OTHER_VERSIONS = ["22", "24"];

async function deploysBothStacks(workspace: Workspace): Promise<void> {
  await workspace.initialise("destination", "source");
  for (const stack of ["destination", "source"])
    await workspace.succeed(["up", "--yes", "--skip-preview", "--stack", stack]);
  for (const stack of ["destination", "source"])
    await workspace.succeed(["preview", "--expect-no-changes", "--stack", stack]);
  const report = rehearse(workspace.accounts.snapshot);
  assert.deepEqual([report.verdict, report.unusedGrants], ["proven", []]);
}

describe("the front door: a clean clone after 'npm ci'", () => {
  let workspace: Workspace;
  before(() => {
    workspace = Workspace.ofRepository();
  });

  it("deploys both stacks, and a preview of each shows no change", () => deploysBothStacks(workspace));

  it("deploys an example whose files are put in the place of its own", async () => {
    workspace.renew();
    cpSync(join(cleanClone(), "examples", "kms-same-region"), workspace.directory, { recursive: true });
    await deploysBothStacks(workspace);
  });
});

describe("a clone whose bin/ is not of its sources", () => {
  it("builds it in the next run where install scripts were turned off", async () => {
    const workspace = Workspace.ofRepository();
    rmSync(join(workspace.directory, "bin"), { recursive: true });
    await workspace.initialise("destination");
    const { text } = await workspace.succeed(["preview", "--stack", "destination"]);
    assert.match(text, /bin\/ was not built from the sources as they are now: building it/);
    const again = await workspace.succeed(["preview", "--stack", "destination"]);
    assert.doesNotMatch(again.text, /building/);
  });

  it("runs what was written since, or says in one sentence where that does not compile", async () => {
    const workspace = Workspace.ofRepository();
    await workspace.initialise("destination");
    const file = join("src", "program", "program.ts");
    const source = readFileSync(join(workspace.directory, file), "utf8");
    const changed = source.replace(
      "{ accountId, region, bucketName,",
      '{ accountId, written: "since", region, bucketName,',
    );
    assert.notEqual(changed, source);
    workspace.write(file, changed);
    const { text } = await workspace.succeed(["preview", "--stack", "destination"]);
    assert.match(text, /written *: "since"/);
    workspace.write(file, `${changed}\nconst wrong: number = "text";\n`);
    const run = await workspace.fail(["preview", "--stack", "destination"]);
    assert.match(
      run.text,
      /error: TypeScript refuses what was written: src\/program\/program\.ts\(\d+,7\): error TS2322/,
    );
    assert.doesNotMatch(run.text, /\n\s+at /);
  });

  it("is built by 'pulumi install', which leaves out what only tests need", async () => {
    const workspace = Workspace.ofRepository();
    for (const gone of ["bin", "node_modules"]) rmSync(join(workspace.directory, gone), { recursive: true });
    await workspace.shell("pulumi install");
    await workspace.initialise("destination");
    const { text } = await workspace.succeed(["preview", "--stack", "destination"]);
    assert.doesNotMatch(text, /building/);
  });

  it("says what to run where TypeScript is not installed either", async () => {
    const workspace = Workspace.ofRepository();
    for (const gone of ["bin", join("node_modules", "typescript")])
      rmSync(join(workspace.directory, gone), { recursive: true });
    await workspace.initialise("destination");
    const run = await workspace.fail(["preview", "--stack", "destination"]);
    assert.match(run.text, /error: bin\/ must be built, and TypeScript is not installed: run 'npm ci' first/);
    assert.doesNotMatch(run.text, /\n\s+at /);
  });
});

describe("a clean clone on other versions of Node.js", () => {
  let workspace: Workspace;
  before(() => {
    workspace = Workspace.ofRepository();
  });

  for (const version of OTHER_VERSIONS)
    it(`deploys both stacks on Node.js ${version}`, async () => {
      const directory = temporary(`node-${version}`);
      run("npm", ["install", "--prefix", directory, `node@${version}`], directory);
      workspace.renew();
      workspace.node = join(directory, "node_modules", "node", "bin");
      assert.match(
        run(join(workspace.node, "node"), ["--version"], directory),
        new RegExp(`^v${version}\\.`),
      );
      await deploysBothStacks(workspace);
    });
});
