/** The sources as JavaScript, made once for all engine runs: a run then starts in half the time. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import { REPOSITORY } from "./repository";

let compiled: string | undefined;

/** Directory of the compiled sources. */
export function compiledSources(): string {
  compiled ??= compile();
  return join(compiled, "bin");
}

function compile(): string {
  const root = mkdtempSync(join(tmpdir(), "s3-replication-compiled-"));
  process.once("exit", () => rmSync(root, { recursive: true, force: true }));
  symlinkSync(join(REPOSITORY, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "package.json"), "{}");
  const sources = join(REPOSITORY, "src");
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const { outputText } = ts.transpileModule(readFileSync(join(sources, file), "utf8"), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
      },
    });
    const target = join(root, "bin", file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  return root;
}
