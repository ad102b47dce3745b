/** TypeScript for programs that are written in it: the compiler that Pulumi would take for them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import type * as TypeScript from "typescript";
import { InvalidInputError } from "../../input/problems";

/** The one that comes with Pulumi's SDK, for programs that name none. */
const OF_SDK = "@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js";

/**
 * @param directory Of the program.
 * @returns Where the compiler is: the program's own, or Pulumi's.
 * @throws InvalidInputError if there is none that can be used here.
 */
export function compilerPathFor(directory: string): string {
  const requireThere = createRequire(join(directory, "package.json"));
  for (const name of ["typescript", OF_SDK]) {
    try {
      const path = requireThere.resolve(name);
      // Since version 7 the package has no compiler that runs in this process.
      if (typeof (requireThere(path) as Partial<typeof TypeScript>).transpileModule === "function")
        return path;
    } catch {
      // It is not installed.
    }
  }
  throw new InvalidInputError("--program", [
    `the program is written in TypeScript, and no 'typescript' below version 7 is installed for it: run 'npm install --save-dev typescript@6' in ${directory}`,
  ]);
}

/**
 * Lets `require` read TypeScript, with the types left out: a program that does not type-check still says what it makes.
 *
 * @returns A function that puts back what was there.
 */
export function requireTypeScript(compilerPath: string): () => void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which compiler it is, is known only now
  const ts = require(compilerPath) as typeof TypeScript;
  const extensions = require.extensions as Record<string, (module: NodeJS.Module, path: string) => void>;
  const before = extensions[".ts"];
  extensions[".ts"] = (module, path) => {
    if (before !== undefined && path.includes(`${sep}node_modules${sep}`)) return before(module, path);
    (module as unknown as { _compile: (text: string, path: string) => void })._compile(
      asCommonJs(ts, path),
      path,
    );
  };
  return () => {
    if (before === undefined) delete extensions[".ts"];
    else extensions[".ts"] = before;
  };
}

function asCommonJs(ts: typeof TypeScript, path: string): string {
  const { outputText, diagnostics = [] } = ts.transpileModule(readFileSync(path, "utf8"), {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2020,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
    },
  });
  const [problem] = diagnostics;
  if (problem === undefined) return outputText;
  throw new SyntaxError(`${path}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
}
