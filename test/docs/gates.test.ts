/** What the page on gates says that pipelines print is what they print, with the templates that it says. */
import { match, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cli, inDirectory, type Result } from "../support/cli";
import { page, ROOT } from "./support/markdown";

const { blocks } = page("docs/gates.md");
const TEMPLATES = join(ROOT, "examples", "cloudformation");

function template(side: string): string {
  return readFileSync(join(TEMPLATES, `kms-cross-region.${side}.yaml`), "utf8");
}

/** The block that holds these words. */
function block(words: string): string {
  const found = blocks.filter(({ text }) => text.includes(words));
  strictEqual(found.length, 1, words);
  return found[0]?.text ?? "";
}

/** Arguments of the command in a pipeline's file, as its shell splits them. */
function argumentsIn(words: string, path: readonly (string | number)[]): string[] {
  const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], parse(block(words)));
  return String(found)
    .replace(/^npx s3-replication rehearse /, "")
    .trim()
    .split(/\s+/);
}

const ACTION = ["jobs", "gate", "steps", 1, "with", "arguments"];
const ATLANTIS = ["workflows", "default", "plan", "steps", 2, "run"];

/** Runs it in a directory with the files, whose paths are printed as they are given. */
async function rehearse(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  ...more: string[]
): Promise<Result> {
  return inDirectory(files, async (directory) => {
    const places = args.map((arg) => (Object.hasOwn(files, arg) ? join(directory, arg) : arg));
    const result = await cli(["rehearse", ...places, ...more]);
    return { ...result, stdout: result.stdout.replaceAll(`${directory}/`, "") };
  });
}

describe("the page on gates", () => {
  const both = { "archive.yaml": template("destination"), "data.yaml": template("source") };
  const action = argumentsIn("uses: actions/checkout", ACTION);

  it("shows what the action prints where a statement was taken out of the template", async () => {
    const archive = both["archive.yaml"].replace(/^( +)- Sid: ReplicaEncryption\n(\1 .*\n)+/m, "");
    ok(archive !== both["archive.yaml"]);
    const files = { ...both, "archive.yaml": archive };
    const annotations = await rehearse(files, action, "--format", "github");
    strictEqual(annotations.code, 1);
    ok(annotations.stdout.includes(`\n${block("::error file=archive.yaml")}`), annotations.stdout);
    const { stdout } = await rehearse(files, action, "--format", "markdown");
    const comment = block("replication: broken");
    strictEqual(stdout.slice(0, comment.length), comment);
  });

  it("shows what Atlantis prints with a snapshot of the other account", async () => {
    const snapshot = await inDirectory(both, async (directory) => {
      const file = join(directory, "other.json");
      const [, ...end] = action.join(" ").split(" --cloudformation data.yaml");
      ok(end.length === 1);
      const args = action.slice(0, action.lastIndexOf("--cloudformation"));
      const places = args.map((arg) => (arg === "archive.yaml" ? join(directory, arg) : arg));
      await cli(["rehearse", ...places, "--write-snapshot", file]);
      return readFileSync(file, "utf8");
    });
    const args = argumentsIn("# atlantis.yaml", ATLANTIS);
    const { code, stdout } = await rehearse({ ...both, "other-account.json": snapshot }, args);
    strictEqual(code, 0, stdout);
    const comment = blocks[blocks.findIndex(({ text }) => text.includes("# atlantis.yaml")) + 1]?.text ?? "";
    match(comment, /proven/);
    strictEqual(stdout.slice(0, comment.length), comment);
    match(snapshot, new RegExp(args.find((arg) => arg.startsWith("DestinationKeyArn="))?.slice(18) ?? "-"));
  });
});
