/** Loads a Node.js program the way Pulumi does: a module whose loading makes resources, or one that exports a function. */
import Module from "node:module";
import { delimiter, dirname, resolve, sep } from "node:path";

export interface LoadedProgram {
  /** Runs the program from its beginning, each time. */
  readonly run: () => unknown;
  /** Puts back what running it changed in this process. */
  readonly close: () => void;
}

/** @param directory Where the program runs, and where its own modules are. */
export function loadProgram(entry: string, directory: string): LoadedProgram {
  const before = new Set(Object.keys(require.cache));
  const cwd = process.cwd();
  const stdout = { log: console.log, info: console.info, debug: console.debug };
  // What a program prints is not the report.
  console.log = console.info = console.debug = console.error;
  if (entry.endsWith(".ts")) readTypeScript();
  findPackages();
  return {
    run: () => {
      forget(directory, before);
      process.chdir(directory);
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- which module it is, is known only now
      const loaded: unknown = require(entry);
      if (typeof loaded === "function") return (loaded as () => unknown)();
      const { default: byDefault } = loaded as { default?: unknown };
      return typeof byDefault === "function" ? (byDefault as () => unknown)() : loaded;
    },
    close: () => {
      Object.assign(console, stdout);
      process.chdir(cwd);
      forget(directory, before);
    },
  };
}

/** Modules of the program itself make resources when they are loaded: each stack loads them again. */
function forget(directory: string, before: ReadonlySet<string>): void {
  for (const path of Object.keys(require.cache)) {
    const isOwn = path.startsWith(directory + sep) && !path.includes(`${sep}node_modules${sep}`);
    if (isOwn && !before.has(path)) delete require.cache[path];
  }
}

const TS_NODE = Symbol.for("ts-node.register.instance");

/** With the types left out: a program that does not type-check still says what it makes. */
function readTypeScript(): void {
  if (TS_NODE in process) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where a program needs it
  const { register } = require("ts-node") as typeof import("ts-node");
  register({
    transpileOnly: true,
    project: resolve(__dirname, "..", "..", "..", "tsconfig.json"),
    compilerOptions: { module: "commonjs", esModuleInterop: true },
  });
}

/** Where the program's packages are not installed, those of this package serve: the same classes, in its versions. */
function findPackages(): void {
  const own = resolve(dirname(require.resolve("@pulumi/pulumi/package.json")), "..", "..");
  const paths = process.env.NODE_PATH ?? "";
  if (paths.split(delimiter).includes(own)) return;
  process.env.NODE_PATH = paths === "" ? own : `${paths}${delimiter}${own}`;
  (Module as unknown as { _initPaths: () => void })._initPaths();
}
