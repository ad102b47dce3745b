/**
 * Completes a plan without AWS: the user's own Terraform or OpenTofu evaluates the configuration in a copy of its
 * directory, with every resource and every data source overridden. Nothing of it reaches the network: no provider is asked
 * for anything but rendering documents, it has no credentials, and its proxy and endpoints lead to a closed port of this
 * machine.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { TemporaryDirectory } from "../../files/temporaryDirectory";
import { InvalidInputError, show } from "../../input/problems";
import { printable } from "../../output/printable";
import { type OfflineTool, runOffline, SUBJECT } from "./offlineTool";

const OVERRIDE_FILE = "offline_override.tf.json";

/** The file in which the initialisation says where the modules are, by the names of the calls that lead to them. */
interface Manifest {
  readonly Modules: { readonly Key: string; Dir: string }[];
}

/** A directory of a root module, copied so that the user's own stays as it is. */
export class OfflineDirectory {
  private readonly temporary: TemporaryDirectory;
  /** What the copy says of where its modules are. */
  private manifest: Manifest = { Modules: [] };

  /** @throws InvalidInputError where it is no initialised root module. */
  constructor(private readonly directory: string) {
    const data = join(directory, ".terraform");
    if (!existsSync(data)) {
      throw new InvalidInputError(SUBJECT, [
        `must be the directory of a root module that is initialised, got ${show(directory)}, which has no .terraform; run 'terraform init' or 'tofu init' there first`,
      ]);
    }
    this.temporary = new TemporaryDirectory();
    const left = new Set([".terraform", ".git", "tests"]);
    cpSync(directory, this.copy, {
      recursive: true,
      filter: (path) => {
        const [first = ""] = relative(directory, path).split(sep);
        return !left.has(first) && !/\.((tf|tofu)test\.(hcl|json)|tfstate|tfstate\.backup)$/.test(path);
      },
    });
    this.copyData(data);
  }

  private get copy(): string {
    return this.temporary.path;
  }

  /** Providers stay where they are; modules outside of the directory are named by where they are. */
  private copyData(data: string): void {
    const copy = join(this.copy, ".terraform");
    mkdirSync(copy);
    if (existsSync(join(data, "providers"))) {
      symlinkSync(resolve(data, "providers"), join(copy, "providers"));
    }
    const modules = join(data, "modules");
    if (!existsSync(modules)) return;
    cpSync(modules, join(copy, "modules"), { recursive: true });
    this.manifest = JSON.parse(readFileSync(this.manifestFile, "utf8")) as Manifest;
    for (const module of this.manifest.Modules) {
      if (module.Dir.startsWith("..")) module.Dir = resolve(this.directory, module.Dir);
    }
    this.writeManifest();
  }

  private get manifestFile(): string {
    return join(this.copy, ".terraform", "modules", "modules.json");
  }

  private writeManifest(): void {
    writeFileSync(this.manifestFile, JSON.stringify(this.manifest));
  }

  /** Puts a file that overrides something into a module; one outside of the directory is copied for it. */
  override(calls: readonly string[], text: string): void {
    const key = calls.join(".");
    const module = this.manifest.Modules.find(({ Key }) => Key === key);
    if (module === undefined) return;
    const real = realpathSync(resolve(this.copy, module.Dir));
    // A link of the user's leads out of the copy.
    if (!real.startsWith(realpathSync(this.copy) + sep)) {
      module.Dir = join(".terraform", "modules", `outside-${key}`);
      cpSync(real, join(this.copy, module.Dir), { recursive: true });
      this.writeManifest();
    }
    writeFileSync(join(this.copy, module.Dir, OVERRIDE_FILE), text);
  }

  remove(): void {
    this.temporary.remove();
  }

  /** @returns What `terraform show -json` would print of the state after the apply. @throws InvalidInputError */
  async apply(tool: OfflineTool, testFile: string): Promise<unknown> {
    mkdirSync(join(this.copy, "tests"), { recursive: true });
    writeFileSync(join(this.copy, "tests", "offline.tftest.json"), testFile);
    // A test configures only providers that the root module writes; one that only modules use is written here.
    writeFileSync(join(this.copy, OVERRIDE_FILE), JSON.stringify({ provider: { aws: {} } }));
    const stdout = (await runOffline(tool, ["test", "-json", "-verbose", "-no-color"], this.copy)) ?? "";
    const lines = stdout.split("\n").flatMap((line) => parsed(line));
    const state = lines.find(({ test_state: found }) => found !== undefined)?.test_state;
    const errors = lines.flatMap(({ diagnostic }) =>
      diagnostic?.severity === "error"
        ? [[diagnostic.summary, diagnostic.detail ?? ""].filter((part) => part !== "").join(": ")]
        : [],
    );
    if (state !== undefined && errors.length === 0) return state;
    const reason = printable([...new Set(errors)].join("; ").replaceAll(/\s+/g, " ")).slice(0, 400);
    throw new InvalidInputError(SUBJECT, [
      `${tool.name} could not complete the plan without AWS: ${reason === "" ? "it printed no state" : reason}`,
    ]);
  }
}

interface Line {
  readonly test_state?: unknown;
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail?: string };
}

function parsed(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return [];
  }
}
