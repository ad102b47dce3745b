/** Loads a Node.js program the way Pulumi does: a module whose loading makes resources, or one that exports a function. */
import Module from "node:module";
import { delimiter, dirname, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidInputError } from "../../input/problems";
import { compilerPathFor, requireTypeScript } from "./typeScript";

export interface LoadedProgram {
  /** Runs the program from its beginning, each time. */
  readonly run: () => unknown;
  /** Puts back what running it changed in this process. */
  readonly close: () => void;
}

/**
 * @param directory Where the program runs, and where its own modules are.
 * @param isEsModule Whether package.json or the file's name says that it is an ES module.
 * @throws InvalidInputError if it is written in TypeScript and there is no compiler, or this Node.js runs no such module.
 */
export function loadProgram(entry: string, directory: string, isEsModule: boolean): LoadedProgram {
  const before = new Set(Object.keys(require.cache));
  const cwd = process.cwd();
  findPackages();
  const compiler = /\.[cm]?ts$/.test(entry) ? compilerPathFor(directory) : undefined;
  const load = isEsModule ? importer(entry, compiler) : () => Promise.resolve(requireProgram(entry));
  const stdout = { log: console.log, info: console.info, debug: console.debug };
  // What a program prints is not the report.
  console.log = console.info = console.debug = console.error;
  const stopCompiling = compiler === undefined ? undefined : requireTypeScript(compiler);
  return {
    run: async () => {
      forget(directory, before);
      process.chdir(directory);
      const loaded = await load();
      return typeof loaded === "function" ? (loaded as () => unknown)() : loaded;
    },
    close: () => {
      Object.assign(console, stdout);
      stopCompiling?.();
      process.chdir(cwd);
      forget(directory, before);
    },
  };
}

function requireProgram(entry: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which module it is, is known only now
  const loaded: unknown = require(entry);
  const { default: byDefault } = (typeof loaded === "object" ? loaded : {}) as { default?: unknown };
  return typeof byDefault === "function" ? byDefault : loaded;
}

/** Modules of the program itself make resources when they are loaded: each stack loads them again. */
function forget(directory: string, before: ReadonlySet<string>): void {
  for (const path of Object.keys(require.cache)) {
    const isOwn = path.startsWith(directory + sep) && !path.includes(`${sep}node_modules${sep}`);
    if (isOwn && !before.has(path)) delete require.cache[path];
  }
}

/** TypeScript makes a `require` of each `import()` that it sees. */
// eslint-disable-next-line @typescript-eslint/no-implied-eval -- the only way to an `import()` from a CommonJS module
const importModule = new Function("url", "return import(url)") as (
  url: string,
) => Promise<Record<string, unknown>>;

let runs = 0;
let hasHooks = false;

/** Nothing forgets an ES module: each run has a URL of its own, which the hooks hand on to what the program imports. */
function importer(entry: string, compiler: string | undefined): () => Promise<unknown> {
  if (typeof Module.register !== "function") {
    throw new InvalidInputError("--program", [
      `the program is an ES module, which runs here from Node.js 20.6 on; this is ${process.version}`,
    ]);
  }
  if (!hasHooks) Module.register(pathToFileURL(join(__dirname, "moduleHooks.mjs")).href);
  hasHooks = true;
  return async () => {
    const url = pathToFileURL(entry);
    url.searchParams.set("run", String((runs += 1)));
    if (compiler !== undefined) url.searchParams.set("compiler", compiler);
    const loaded = await importModule(url.href);
    return "default" in loaded ? loaded.default : loaded;
  };
}

/** Where the program's packages are not installed, those of this package serve: the same classes, in its versions. */
function findPackages(): void {
  const own = resolve(dirname(require.resolve("@pulumi/pulumi/package.json")), "..", "..");
  const paths = process.env.NODE_PATH ?? "";
  if (paths.split(delimiter).includes(own)) return;
  process.env.NODE_PATH = paths === "" ? own : `${paths}${delimiter}${own}`;
  (Module as unknown as { _initPaths: () => void })._initPaths();
}
