/** Which program evaluates a root module, Terraform or OpenTofu, and how it is run without network. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { InvalidInputError, show } from "../../input/problems";

const run = promisify(execFile);

export const SUBJECT = "--terraform-directory";
const MINUTES = 60_000;
/** Nobody listens here. */
const NOWHERE = "http://127.0.0.1:9";

export interface OfflineTool {
  readonly name: "Terraform" | "OpenTofu";
  readonly command: "terraform" | "tofu";
  /** Its tests override resources since then. */
  readonly oldest: readonly [number, number];
}

export const TERRAFORM: OfflineTool = { name: "Terraform", command: "terraform", oldest: [1, 7] };
export const OPENTOFU: OfflineTool = { name: "OpenTofu", command: "tofu", oldest: [1, 8] };

/**
 * The program that a root module is of: the one that initialised it, where it is on the PATH, else the other one.
 * @throws InvalidInputError where there is none, or an old one.
 */
export async function offlineTool(directory: string): Promise<OfflineTool> {
  const [first, second] = isOfOpenTofu(directory) ? [OPENTOFU, TERRAFORM] : [TERRAFORM, OPENTOFU];
  for (const tool of [first, second]) {
    const output = await runOffline(tool, ["version", "-json"], directory);
    if (output === undefined) continue;
    assertVersion(tool, output);
    return tool;
  }
  throw new InvalidInputError(SUBJECT, [
    `needs '${first.command}' or '${second.command}', and there is none on the PATH`,
  ]);
}

/** Files that OpenTofu alone reads, or providers of its registry. */
function isOfOpenTofu(directory: string): boolean {
  if (lockedProviders(directory).some((source) => source.startsWith("registry.opentofu.org/"))) return true;
  return readdirSync(directory).some((file) => /\.tofu(\.json)?$/.test(file));
}

/** File in which the initialisation says which providers it chose. */
export const LOCK_FILE = ".terraform.lock.hcl";

/** Sources of the providers that a root module was initialised with: `registry.opentofu.org/hashicorp/aws`. */
export function lockedProviders(directory: string): string[] {
  const lock = join(directory, LOCK_FILE);
  const text = existsSync(lock) ? readFileSync(lock, "utf8") : "";
  return [...text.matchAll(/^provider "([^"]+)"/gm)].map(([, source = ""]) => source);
}

function assertVersion({ name, oldest }: OfflineTool, output: string): void {
  const [, version = ""] = /"terraform_version":\s*"([^"]*)"/.exec(output) ?? [];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new InvalidInputError(SUBJECT, [
    `needs ${name} ${oldest.join(".")} or later, whose tests override resources, got ${show(version)}`,
  ]);
}

/** @returns Its output, also where it fails: what is wrong stands there. Undefined where it is not on the PATH. */
export async function runOffline(
  { command }: OfflineTool,
  args: readonly string[],
  directory: string,
): Promise<string | undefined> {
  const running = run(command, args, {
    cwd: directory,
    env: environment(),
    timeout: 5 * MINUTES,
    maxBuffer: 1 << 28,
  });
  // It ends with this process, before the directory that it may write to is removed.
  const end = () => running.child.kill();
  process.prependListener("exit", end);
  try {
    return (await running).stdout;
  } catch (error) {
    const { code, stdout } = error as { code?: unknown; stdout?: string };
    return code === "ENOENT" ? undefined : (stdout ?? "");
  } finally {
    process.off("exit", end);
  }
}

/** Without anything that leads to an account, out of this machine, or to programs that hand out keys. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|TF_(CLI_ARGS|LOG|TOKEN|WORKSPACE|DATA_DIR|ENCRYPTION)|.*_proxy$)/i.test(name),
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
