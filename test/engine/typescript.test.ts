/** TypeScript programs that install the package: their compiler, their package manager, their Node.js. */
import { ok } from "node:assert";
import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, temporary } from "./support/clone";
import { PROGRAMS } from "../support/programs";
import { packedTarball, WITH_DOWNLOADS_MS } from "./support/packed";

const VERSIONS = ["5.9", "6.0"];

/** What `pulumi new aws-typescript` writes, made strict. */
const STRICT = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  types: ["node"],
};

describe("a TypeScript program that installed the package", function () {
  this.timeout(WITH_DOWNLOADS_MS);

  for (const version of VERSIONS) {
    describe(`with TypeScript ${version}`, () => {
      let directory: string;

      before(() => {
        directory = temporary(`typescript-${version}`);
        cpSync(join(PROGRAMS, "typescript"), directory, { recursive: true });
        run("npm", ["install", packedTarball(), "@pulumi/pulumi", "@pulumi/aws"], directory);
        run("npm", ["install", "--save-dev", `typescript@~${version}.0`, "@types/node@20"], directory);
      });

      for (const skipLibCheck of [true, false])
        it(`compiles strictly, ${skipLibCheck ? "without" : "with"} the declarations of its packages`, () => {
          const compilerOptions = { ...STRICT, skipLibCheck };
          writeFileSync(
            join(directory, "tsconfig.json"),
            JSON.stringify({ compilerOptions, files: ["index.ts"] }),
          );
          run(join(directory, "node_modules", ".bin", "tsc"), [], directory);
        });
    });
  }

  it("is installed by pnpm, which lets a package find only what it names", () => {
    const directory = temporary("pnpm");
    cpSync(join(PROGRAMS, "typescript"), directory, { recursive: true });
    run("npx", ["--yes", "pnpm@9", "add", packedTarball(), "@pulumi/pulumi", "@pulumi/aws"], directory);
    run("node", ["-e", 'require("s3-replication").ReplicationSource.name'], directory);
    run("npx", ["s3-replication", "rehearse", "--example", "plain-objects"], directory);
  });

  it("gets neither a compiler nor a script that npm asks about", () => {
    const directory = temporary("npm");
    writeFileSync(join(directory, "package.json"), "{}");
    const said = run("npm", ["install", "--legacy-peer-deps", packedTarball()], directory);
    ok(!/s3-replication@.*(install|prepare)/.test(said), said);
    const installed = readdirSync(join(directory, "node_modules"));
    ok(!installed.includes("typescript") && !installed.includes("ts-node"), installed.join());
  });
});
