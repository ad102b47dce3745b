/** What is in bin/ is what the sources say, whatever was done to them since. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const BEGUN = "bin/ was not built from the sources as they are now: building it";

describe("the program that Pulumi runs", () => {
  let clone: string;

  before(() => {
    clone = mkdtempSync(join(tmpdir(), "s3-replication-build-"));
    cpSync(join(ROOT, "scripts"), join(clone, "scripts"), { recursive: true });
    const project = JSON.stringify({
      compilerOptions: { module: "commonjs", target: "es2022", strict: true, types: [], outDir: "bin" },
      include: ["src"],
    });
    const pack = project.replace("src", "*.ts");
    for (const [file, content] of Object.entries({
      "package.json": "{}",
      "tsconfig.json": project,
      "tsconfig.build.json": project.replace("types", 'rootDir":"src","types'),
      "policypack/tsconfig.json": pack,
      "policypack/pack.ts": "export const rules = [];",
      "policypack/index.js": "require('./pack.js');",
      "policypack/PulumiPolicy.yaml": "runtime: nodejs",
      "policypack/package.json": "{}",
      "src/old.ts": "export const old = 1;",
      "src/cli/main.ts":
        "console.log(process.argv.slice(2).join());\ndeclare const process: { argv: string[] };\ndeclare const console: { log(text: string): void };\nexport {};",
    }))
      write(file, content);
    // What the program says is all that it does: Pulumi's errors are the only thing of its SDK that is needed.
    write("node_modules/@pulumi/pulumi/index.js", "exports.RunError = class RunError extends Error {};");
    symlinkSync(join(ROOT, "node_modules", "typescript"), join(clone, "node_modules", "typescript"));
  });

  after(() => rmSync(clone, { recursive: true, force: true }));

  function write(file: string, content: string): void {
    const path = join(clone, file);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
  }

  const program = (text: string) => write("src/program/program.ts", text);

  /** What Pulumi's host does with it, and what is printed. */
  function run(): { said: string; error: string } {
    const script =
      'try { require("./scripts/program.js") } catch (e) { console.error(`${e.name}|${e.constructor.name}|${e.message}`) }';
    // Tests of `rehearse --program` leave a NODE_PATH behind, which would find this repository's packages.
    const env = { ...process.env, NODE_PATH: "" };
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
      cwd: clone,
      encoding: "utf8",
      env,
    });
    return { said: stdout.trim(), error: stderr.trim() };
  }

  it("is built at its first run where nothing built it, and says so", () => {
    program("console.log('one'); export = () => ({});\ndeclare const console: { log(text: string): void };");
    strictEqual(run().said, `${BEGUN}\none`);
    for (const file of ["index.js", "pack.js", "PulumiPolicy.yaml"])
      ok(existsSync(join(clone, "bin/policypack", file)), file);
  });

  it("is not built again where only times of files changed, as 'git checkout' changes them", () => {
    utimesSync(join(clone, "src/program/program.ts"), new Date(), new Date(Date.now() + 60_000));
    strictEqual(run().said, "one");
  });

  it("is what was written since, and holds nothing of a source that is gone", () => {
    program("console.log('two'); export = () => ({});\ndeclare const console: { log(text: string): void };");
    rmSync(join(clone, "src/old.ts"));
    strictEqual(run().said, `${BEGUN}\ntwo`);
    ok(!existsSync(join(clone, "bin/old.js")));
  });

  it("does not run in its earlier form where the new one does not compile: one error names the place", () => {
    program(
      "console.log('three' as number); export = () => ({});\ndeclare const console: { log(text: number): void };",
    );
    const { said, error } = run();
    strictEqual(said, BEGUN);
    match(
      error,
      /^Error\|RunError\|TypeScript refuses what was written: src\/program\/program.ts\(1,13\): error TS2352: /,
    );
    match(readFileSync(join(clone, "bin/program/program.js"), "utf8"), /'two'/);
  });

  it("is run by 'npm start' as well: nothing in its earlier form, exit code 2 and one sentence", () => {
    const start = () =>
      spawnSync(process.execPath, ["scripts/rehearse.js", "--json"], { cwd: clone, encoding: "utf8" });
    const refused = start();
    deepStrictEqual([refused.status, refused.stdout], [2, ""]);
    match(refused.stderr, new RegExp(`^${BEGUN}\nTypeScript refuses what was written: src/program/.*\n$`));
    program("export = () => ({});");
    const built = start();
    deepStrictEqual([built.status, built.stdout, built.stderr], [0, "rehearse,--json\n", `${BEGUN}\n`]);
    strictEqual(start().stderr, "");
  });

  it("is built without a check of its types where packages for development were left out", () => {
    write("package.json", '{ "devDependencies": { "@types/left-out": "*" } }');
    program("export = () => ({});\nconst unchecked: number = 'a text';");
    const { said, error } = run();
    deepStrictEqual([said, error], [BEGUN, ""]);
    write("package.json", "{}");
  });

  it("says what to run where a package is missing", () => {
    program('require("@acme/gone"); export = () => ({});\ndeclare function require(name: string): void;');
    strictEqual(run().error, "Error|RunError|'@acme/gone' is not installed: run 'npm ci'");
  });

  it("says what to run where it must be built and TypeScript is not installed", () => {
    rmSync(join(clone, "node_modules", "typescript"));
    program("export = () => ({});");
    strictEqual(
      run().error,
      "Error|RunError|bin/ must be built, and TypeScript is not installed: run 'npm ci' first",
    );
  });
});
