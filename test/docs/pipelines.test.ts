/** The shell of action.yml and of the pipelines that the page on gates shows, run with the command in place of npx. */
import { match, ok, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "mocha";
import { parse } from "yaml";
import { command } from "../support/cli";
import { page, ROOT } from "./support/markdown";

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly id: string;
      readonly shell: string;
      readonly run: string;
      readonly env: Readonly<Record<string, string>>;
    }[];
  };
}

const ACTION = parse(readFileSync(join(ROOT, "action.yml"), "utf8")) as Action;
const HAS_SHELLS = ["bash", "sh"].every((shell) => spawnSync(shell, ["-c", "true"]).status === 0);

const template = (side: string) =>
  readFileSync(join(ROOT, "examples", "cloudformation", `kms-cross-region.${side}.yaml`), "utf8");

const ARGUMENTS = `--cloudformation archive.yaml --account 222222222222 --region eu-central-1
  --parameter SourceAccountId=111111111111
  --cloudformation data.yaml --account 111111111111 --region eu-west-1
  --parameter DestinationRegion=eu-central-1 --parameter DestinationKeyArn=output:archive.KeyArn
  --parameter "DestinationAccountId=222222222222"`;

describe("the shell of pipelines", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "pipeline-"));
    writeFileSync(join(directory, "archive.yaml"), template("destination"));
    writeFileSync(join(directory, "data.yaml"), template("source"));
    mkdirSync(join(directory, "path"));
    // npx, which would take the package from a registry: what it is to run is noted, and the command here is run.
    const npx = `#!/bin/sh
[ "$1" = --yes ] && shift
echo "$1" >> "${join(directory, "packages")}"
shift
exec "${process.execPath}" "${command()}" "$@"
`;
    writeFileSync(join(directory, "path", "npx"), npx);
    chmodSync(join(directory, "path", "npx"), 0o755);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const shell = (name: string, script: string, env: Readonly<Record<string, string>> = {}) =>
    spawnSync(name, [...(name === "bash" ? ["-e", "-o", "pipefail"] : ["-e"]), "-c", script], {
      cwd: directory,
      encoding: "utf8",
      env: { PATH: `${join(directory, "path")}${delimiter}${process.env.PATH}`, HOME: directory, ...env },
    });

  /** Runs the action with these inputs, as the runner does: inputs are put into the environment. */
  function runAction(given: Readonly<Record<string, string>>) {
    const [step] = ACTION.runs.steps;
    if (step === undefined) throw new Error("the action has no step");
    const inputs = Object.fromEntries(
      Object.entries(ACTION.inputs).map(([name, { default: otherwise = "" }]) => [
        name,
        given[name] ?? otherwise,
      ]),
    );
    const put = (text: string) =>
      text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => inputs[name] ?? "unknown");
    const output = join(directory, "output");
    const summary = join(directory, "summary");
    for (const file of [output, summary]) writeFileSync(file, "");
    const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, put(value)]));
    const { status, stdout, stderr } = shell(step.shell, step.run, {
      ...env,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ACTIONS: "true",
    });
    const read = (file: string) => readFileSync(file, "utf8");
    return { status, stdout, stderr, output: read(output), summary: read(summary) };
  }

  it("of the action writes annotations, the summary and both files, and ends with the command's code", function () {
    if (!HAS_SHELLS) return this.skip();
    const proven = runAction({ arguments: ARGUMENTS });
    strictEqual(proven.status, 0, proven.stderr);
    strictEqual(proven.output, "exit-code=0\n");
    match(proven.summary, /^## ✅ S3 replication: proven/);
    match(readFileSync(join(directory, "s3-replication.md"), "utf8"), /^## ✅ S3 replication: proven/);
    const { version } = JSON.parse(readFileSync(join(directory, "s3-replication.sarif"), "utf8")) as {
      version: string;
    };
    strictEqual(version, "2.1.0");
    strictEqual(readFileSync(join(directory, "packages"), "utf8").split("\n")[0], "s3-replication@latest");
  });

  it("of the action fails the job where something is broken, and passes what was so before", function () {
    if (!HAS_SHELLS) return this.skip();
    const whole = template("destination");
    const archive = whole.replace(/^( +)- Sid: ReplicaEncryption\n(\1 .*\n)+/m, "");
    ok(archive !== whole);
    writeFileSync(join(directory, "archive.yaml"), archive);
    try {
      const { status, stdout, output } = runAction({ arguments: ARGUMENTS });
      strictEqual(status, 1);
      strictEqual(output, "exit-code=1\n");
      match(stdout, /^::error file=archive\.yaml,line=\d+,/m);
      const words = ARGUMENTS.replaceAll(/\s+/g, " ");
      const before = shell("sh", `npx s3-replication rehearse ${words} --format json > baseline.json`);
      strictEqual(before.status, 1, before.stderr);
      strictEqual(runAction({ arguments: ARGUMENTS, baseline: "baseline.json" }).status, 0);
    } finally {
      writeFileSync(join(directory, "archive.yaml"), whole);
    }
  });

  it("of the action takes arguments as words, and runs nothing that stands in them", function () {
    if (!HAS_SHELLS) return this.skip();
    const { status, stderr } = runAction({
      arguments: "--cloudformation '$(touch ran)' --account 222222222222 --region eu-central-1 ; touch ran",
    });
    strictEqual(status, 2);
    match(stderr, /\$\(touch ran\)|unknown|takes options only/);
    ok(!existsSync(join(directory, "ran")));
  });

  it("of the action hands out what it says", () => {
    strictEqual(ACTION.outputs["exit-code"]?.value, "${{ steps.gate.outputs.exit-code }}");
    strictEqual(ACTION.runs.steps[0]?.id, "gate");
  });

  it("of GitLab writes the comment that the page shows, from an assembly of CDK", function () {
    if (!HAS_SHELLS) return this.skip();
    const { blocks } = page("docs/gates.md");
    const at = blocks.findIndex(({ text }) => text.includes("image: node"));
    const job = parse(blocks[at]?.text ?? "") as { replication: { script: string[] } };
    mkdirSync(join(directory, "cdk.out"));
    const stack = (environment: string, parameters: object) => ({
      type: "aws:cloudformation:stack",
      environment,
      properties: { templateFile: `${environment.slice(6, 18)}.yaml`, parameters },
    });
    const artifacts = {
      archive: stack("aws://222222222222/eu-central-1", { SourceAccountId: "111111111111" }),
      data: stack("aws://111111111111/eu-west-1", {
        DestinationRegion: "eu-central-1",
        DestinationKeyArn: "output:archive.KeyArn",
        DestinationAccountId: "222222222222",
      }),
    };
    const files = {
      "manifest.json": JSON.stringify({ version: "55.0.0", artifacts }),
      "222222222222.yaml": template("destination"),
      "111111111111.yaml": template("source"),
    };
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, "cdk.out", file), text);
    const { status, stderr } = shell("sh", job.replication.script.join("\n"));
    strictEqual(status, 0, stderr);
    const comment = blocks[at + 1]?.text ?? "";
    match(comment, /proven/);
    strictEqual(readFileSync(join(directory, "replication.md"), "utf8").slice(0, comment.length), comment);
  });
});
