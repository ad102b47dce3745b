import { deepStrictEqual } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { dependencies, peerDependencies } from "../../package.json";

const ROOT = join(__dirname, "..", "..");
/** A whole import, or a `require`; those of types alone leave nothing in the JavaScript. */
const IMPORTED =
  /^(?!import type )(?:import|export|\} from)\b[^;]*?from "([^".][^"]*)"|^import "([^".][^"]*)"/gm;

function importsOf(directory: string): string[] {
  return readdirSync(join(ROOT, directory), { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return importsOf(path);
      if (!/\.m?ts$/.test(entry.name)) return [];
      const found = readFileSync(join(ROOT, path), "utf8").matchAll(IMPORTED);
      return [...found].map(([, from, alone]) => `${path}: ${packageOf(from ?? alone ?? "")}`);
    });
}

/** `@pulumi/aws` of `@pulumi/aws/s3/bucket`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

describe("what is published", () => {
  for (const directory of ["src", "policypack"]) {
    it(`imports nothing in ${directory}/ that a project does not get with the package`, () => {
      const there = [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...builtinModules];
      const missing = importsOf(directory).filter((line) => {
        const name = line.slice(line.indexOf(": ") + 2);
        return !name.startsWith("node:") && !there.includes(name);
      });
      deepStrictEqual(missing, []);
    });
  }
});
