// Hooks of Node.js for programs that are ES modules. Node.js runs them in a thread of their own, and they must be
// JavaScript: nothing compiles what that thread loads.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Name of the parameter that tells the runs of a program apart: a module is loaded once for each. */
const RUN = "run";

const compilers = new Map();

/** Extension of a module as its imports write it, and as its source has it. */
const SOURCES = { ".js": ".ts", ".mjs": ".mts" };

export async function resolve(specifier, context, next) {
  const parent = context.parentURL ?? "";
  const run = parent.startsWith("file:") ? new URL(parent).searchParams.get(RUN) : null;
  // What the program does not import, or its packages import themselves, is none of its modules.
  if (run === null) return next(specifier, context);
  const found = await resolveForProgram(specifier, context, next);
  if (!isOwn(found.url)) return found;
  const url = new URL(found.url);
  url.search = new URL(parent).search;
  return { ...found, url: url.href, shortCircuit: true };
}

/** TypeScript's sources stand for the modules that they become; packages may be those of this package. */
async function resolveForProgram(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    if (!/^\.{0,2}\//.test(specifier)) return packageOf(specifier, error);
    const path = fileURLToPath(new URL(specifier, context.parentURL));
    const ending = extname(path);
    const source = path.slice(0, path.length - ending.length) + (SOURCES[ending] ?? "");
    if (SOURCES[ending] === undefined || !existsSync(source)) throw error;
    return { url: pathToFileURL(source).href, format: "module", shortCircuit: true };
  }
}

function packageOf(specifier, error) {
  try {
    const url = pathToFileURL(createRequire(import.meta.url).resolve(specifier)).href;
    return { url, format: "commonjs", shortCircuit: true };
  } catch {
    throw error;
  }
}

const isOwn = (url) => url.startsWith("file:") && !fileURLToPath(url).includes(`${sep}node_modules${sep}`);

export async function load(url, context, next) {
  const compiler = url.startsWith("file:") ? new URL(url).searchParams.get("compiler") : null;
  const path = compiler === null ? "" : fileURLToPath(url);
  if (!/\.m?ts$/.test(path)) return next(url, context);
  if (!compilers.has(compiler)) compilers.set(compiler, createRequire(import.meta.url)(compiler));
  const ts = compilers.get(compiler);
  const { outputText, diagnostics } = ts.transpileModule(readFileSync(path, "utf8"), {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.ESNext },
  });
  const [problem] = diagnostics ?? [];
  if (problem !== undefined)
    throw new SyntaxError(`${path}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
  return { format: "module", source: outputText, shortCircuit: true };
}
