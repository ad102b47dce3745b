/** What a `pulumi preview` takes, from a clean clone and for somebody who installs the package. Needs `pulumi` on PATH. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { version as awsVersion } from "@pulumi/aws/package.json";
import type { Measurement } from "../harness/measurement";
import { alternate } from "../harness/runs";
import { against, type Findings, milliseconds, type Row, type Settings } from "../row";

const ROOT = join(__dirname, "..", "..", "..");
const STAND_IN = join("test", "engine", "provider", "main.ts");
const STACK = "destination";
const EMPTY = 'import * as pulumi from "@pulumi/pulumi";\nexport const stack: string = pulumi.getStack();\n';

/** No rows where there is no engine. */
export async function previewing({ quick, say }: Settings): Promise<Findings> {
  if (spawnSync("pulumi", ["version"]).status !== 0) {
    say("there is no 'pulumi' on PATH: previews are not measured");
    return { rows: [] };
  }
  say("previews: installing a clean clone and three programs");
  const directory = mkdtempSync(join(tmpdir(), "bench-preview-"));
  const provider = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", STAND_IN], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(provider.stdout, "data")) as [Buffer];
    return measure(directory, environment(directory, String(port).trim()), quick ? 2 : 5);
  } finally {
    provider.kill();
    rmSync(directory, { recursive: true });
  }
}

function measure(directory: string, env: NodeJS.ProcessEnv, rounds: number): Findings {
  const clone = join(directory, "s3-replication");
  run("git", ["clone", "--quiet", ROOT, clone], directory, env);
  run("npm", ["ci"], clone, env);
  run("npm", ["pack", "--silent", "--pack-destination", directory], clone, env);
  const [packed = ""] = run("sh", ["-c", "ls *.tgz"], directory, env).split("\n");
  const peers = ["@pulumi/pulumi", "@pulumi/aws"];
  const empty = program(directory, "empty", ["@pulumi/pulumi", "typescript@5.9", "@types/node@20"], env);
  const before = program(directory, "before", peers, env);
  const after = join(directory, "after");
  cpSync(before, after, { recursive: true, verbatimSymlinks: true });
  writeProject(after, "after");
  run("npm", ["install", join(directory, packed)], after, env);
  const yaml = yamlProgram(directory, join(directory, packed), env);
  for (const place of [clone, empty, before, after, yaml])
    run("pulumi", ["stack", "init", STACK], place, env);

  let changes = 0;
  const preview = ([place = "", isChanged]: readonly string[]): Measurement => {
    // Pulumi keeps what it has compiled, so types are checked where the program is another one than before.
    if (isChanged !== undefined) writeFileSync(join(place, "index.ts"), `${EMPTY}// ${(changes += 1)}\n`);
    const began = performance.now();
    run("pulumi", ["preview", "--stack", STACK], place, env);
    const tookMs = performance.now() - began;
    return { totalMs: tookMs, workMs: tookMs, cpuMs: NaN, peakMb: NaN };
  };
  const took = alternate(
    {
      clone: [clone],
      changed: [empty, "changed"],
      empty: [empty],
      before: [before],
      after: [after],
      yaml: [yaml],
    },
    rounds,
    preview,
  );
  const row = (
    id: string,
    measured: string,
    other: string,
    ours: Measurement,
    theirs: Measurement,
    goal?: number,
  ): Row => ({
    id: `preview/${id}`,
    measured,
    against: other,
    figures: against(milliseconds(ours.totalMs), milliseconds(theirs.totalMs)),
    value: ours.totalMs / theirs.totalMs,
    ...(goal === undefined ? {} : { goal }),
  });
  return {
    rows: [
      row(
        "ready-made",
        "pulumi preview of a clean clone",
        "an empty TypeScript program that was changed, so that its types are checked",
        took.clone,
        took.changed,
        0.6,
      ),
      row(
        "unchanged",
        "pulumi preview of a clean clone",
        "an empty TypeScript program that Pulumi has compiled before",
        took.clone,
        took.empty,
      ),
      row(
        "installed",
        "pulumi preview of somebody's TypeScript program",
        "before installing the package",
        took.after,
        took.before,
        1.1,
      ),
      row(
        "yaml",
        "pulumi preview of a pair in YAML",
        "an empty TypeScript program that was changed",
        took.yaml,
        took.changed,
      ),
    ],
  };
}

/** A TypeScript program that makes nothing. */
function program(
  directory: string,
  name: string,
  packages: readonly string[],
  env: NodeJS.ProcessEnv,
): string {
  const place = join(directory, name);
  mkdirSync(place);
  writeProject(place, name);
  writeFileSync(join(place, "package.json"), JSON.stringify({ name, private: true, main: "index.ts" }));
  writeFileSync(join(place, "index.ts"), EMPTY);
  run("npm", ["install", ...packages], place, env);
  return place;
}

/** The example in YAML, which has the package as a plugin. */
function yamlProgram(directory: string, tarball: string, env: NodeJS.ProcessEnv): string {
  const place = join(directory, "yaml");
  cpSync(join(ROOT, "examples", "programs", "yaml"), place, { recursive: true });
  // The package asks for the provider that it was made with; the engine then attaches to the stand-in.
  const plugin = join(env.PULUMI_HOME ?? "", "plugins", `resource-aws-v${awsVersion}`);
  mkdirSync(plugin, { recursive: true });
  writeFileSync(join(plugin, "pulumi-resource-aws"), "", { mode: 0o755 });
  run("sh", ["-c", `tar xf ${tarball} && pulumi package add ./package`], place, env);
  return place;
}

function writeProject(place: string, name: string): void {
  writeFileSync(join(place, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
}

/** Nothing of the user's home, backend, credentials or settings. */
function environment(directory: string, port: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|PULUMI_|NODE_OPTIONS|npm_)/.test(name));
  mkdirSync(join(directory, "state"));
  return {
    ...Object.fromEntries(own),
    PATH: [process.env.PATH, dirname(process.execPath)].join(delimiter),
    PULUMI_HOME: join(directory, "home"),
    PULUMI_BACKEND_URL: `file://${join(directory, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: `aws:${port}`,
  };
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): string {
  return execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
