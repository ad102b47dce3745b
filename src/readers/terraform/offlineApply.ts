/**
 * Completes a plan without AWS: the user's own Terraform evaluates the configuration in a copy of its directory, with
 * every resource and every data source overridden. Nothing of it reaches the network: no provider is asked for anything
 * but rendering documents, it has no credentials, and its proxy and endpoints lead to a closed port of this machine.
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { InvalidInputError, show } from "../../input/problems";
import { printable } from "../../output/printable";

const run = promisify(execFile);

/** Overrides of resources are known since then. */
const OLDEST = [1, 7] as const;
const MINUTES = 60_000;
/** Nobody listens here. */
const NOWHERE = "http://127.0.0.1:9";
const SUBJECT = "--terraform-directory";

/** A directory of a root module, copied so that the user's own stays as it is. */
export class OfflineDirectory {
  private readonly copy: string;

  /** @throws InvalidInputError where it is no initialised root module. */
  constructor(private readonly directory: string) {
    const data = join(directory, ".terraform");
    if (!existsSync(data)) {
      throw new InvalidInputError(SUBJECT, [
        `must be the directory of a root module that is initialised, got ${show(directory)}, which has no .terraform; run 'terraform init' there first`,
      ]);
    }
    this.copy = mkdtempSync(join(tmpdir(), "s3-replication-"));
    const left = new Set([".terraform", ".git", "tests"]);
    cpSync(directory, this.copy, {
      recursive: true,
      filter: (path) => {
        const [first = ""] = relative(directory, path).split(sep);
        return !left.has(first) && !/\.(tftest\.(hcl|json)|tfstate|tfstate\.backup)$/.test(path);
      },
    });
    this.copyData(data);
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
    const manifest = join(copy, "modules", "modules.json");
    const written = JSON.parse(readFileSync(manifest, "utf8")) as { Modules: { Dir: string }[] };
    for (const module of written.Modules) {
      if (module.Dir.startsWith("..")) module.Dir = resolve(this.directory, module.Dir);
    }
    writeFileSync(manifest, JSON.stringify(written));
  }

  remove(): void {
    rmSync(this.copy, { recursive: true, force: true });
  }

  /** @returns What `terraform show -json` would print of the state after the apply. @throws InvalidInputError */
  async apply(testFile: string): Promise<unknown> {
    await this.assertVersion();
    mkdirSync(join(this.copy, "tests"), { recursive: true });
    writeFileSync(join(this.copy, "tests", "offline.tftest.json"), testFile);
    // A test configures only providers that the root module writes; one that only modules use is written here.
    writeFileSync(join(this.copy, "offline_override.tf.json"), JSON.stringify({ provider: { aws: {} } }));
    const { stdout } = await this.terraform(["test", "-json", "-verbose", "-no-color"]);
    const lines = stdout.split("\n").flatMap((line) => parsed(line));
    const state = lines.find(({ test_state: found }) => found !== undefined)?.test_state;
    const errors = lines.flatMap(({ diagnostic }) =>
      diagnostic?.severity === "error" ? [`${diagnostic.summary}: ${diagnostic.detail ?? ""}`] : [],
    );
    if (state !== undefined && errors.length === 0) return state;
    const reason = printable(errors.join("; ").replaceAll(/\s+/g, " ")).slice(0, 400);
    throw new InvalidInputError(SUBJECT, [
      `Terraform could not complete the plan without AWS: ${reason === "" ? "it printed no state" : reason}`,
    ]);
  }

  private async assertVersion(): Promise<void> {
    const { stdout } = await this.terraform(["version", "-json"]);
    const version = (JSON.parse(stdout) as { terraform_version?: string }).terraform_version ?? "";
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      throw new InvalidInputError(SUBJECT, [
        `needs Terraform ${OLDEST.join(".")} or later, whose tests override resources, got ${show(version)}`,
      ]);
    }
  }

  /** Its output, also where it fails: what is wrong stands there. */
  private async terraform(args: readonly string[]): Promise<{ readonly stdout: string }> {
    try {
      return await run("terraform", args, {
        cwd: this.copy,
        env: environment(),
        timeout: 5 * MINUTES,
        maxBuffer: 1 << 28,
      });
    } catch (error) {
      const { code, stdout } = error as { code?: unknown; stdout?: string };
      if (code === "ENOENT") {
        throw new InvalidInputError(SUBJECT, ["needs 'terraform', and there is none on the PATH"]);
      }
      return { stdout: stdout ?? "" };
    }
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

/** Without anything that leads to an account or out of this machine. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|TF_(CLI_ARGS|LOG|TOKEN|WORKSPACE|DATA_DIR)|.*_proxy$)/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    http_proxy: NOWHERE,
    https_proxy: NOWHERE,
    NO_PROXY: "",
    no_proxy: "",
    AWS_ENDPOINT_URL: NOWHERE,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  };
}
