/** The real Terraform and the real OpenTofu with the real AWS provider, where this machine has them. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTerraform } from "../../../src/readers/terraform/fromTerraform";
import { parseTerraform, type TerraformFile } from "../../../src/readers/terraform/terraformFile";
import { applyReadings } from "../../../src/readers/joinSources";
import type { AccountNames } from "../../../src/readers/providerAccounts";
import { withPlaces } from "../../../src/rehearsal/gate/withPlaces";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import { placesOf } from "../../../src/resources/resources";
import { emptySnapshot } from "../../../src/snapshot/snapshot";

export const TOOLS = { terraform: "Terraform", tofu: "OpenTofu" } as const;
export type Tool = keyof typeof TOOLS;

/** Why a tool cannot plan in a directory; undefined where it can. */
export function whyNotPlanned(directory: string, tool: Tool = "terraform"): string | undefined {
  const plugins = process.env.TF_PLUGIN_DIR;
  const mirror = plugins === undefined ? [] : [`-plugin-dir=${mirrorOf(plugins, tool)}`];
  try {
    execFileSync(tool, ["init", "-input=false", ...mirror], { cwd: directory, stdio: "pipe" });
    return undefined;
  } catch {
    return `there is no ${TOOLS[tool]} here ('${tool}' on the PATH), or no AWS provider (TF_PLUGIN_DIR names a mirror of providers)`;
  }
}

/** OpenTofu looks for the same providers under its own registry, in folders: only those of a platform may be links. */
function mirrorOf(plugins: string, tool: Tool): string {
  if (tool === "terraform" || existsSync(join(plugins, "registry.opentofu.org"))) return plugins;
  const mirror = mkdtempSync(join(tmpdir(), "mirror-"));
  const provider = join("hashicorp", "aws");
  for (const version of readdirSync(join(plugins, "registry.terraform.io", provider))) {
    const platforms = join(plugins, "registry.terraform.io", provider, version);
    const own = join(mirror, "registry.opentofu.org", provider, version);
    mkdirSync(own, { recursive: true });
    for (const platform of readdirSync(platforms))
      symlinkSync(join(platforms, platform), join(own, platform));
  }
  return mirror;
}

export function planned(
  directory: string,
  file = "plan.json",
  tool: Tool = "terraform",
  more: readonly string[] = [],
): TerraformFile {
  const options = { cwd: directory, stdio: "pipe", maxBuffer: 1 << 28 } as const;
  execFileSync(tool, ["plan", "-input=false", "-out=plan.bin", ...more], options);
  const text = execFileSync(tool, ["show", "-json", "plan.bin"], { ...options, encoding: "utf8" });
  // OpenTofu warns of its own configuration before.
  return parseTerraform(JSON.parse(text.slice(text.indexOf('{"'))), `--plan ${file}`, file);
}

export function reportOf(files: readonly TerraformFile[], accounts: AccountNames): Report {
  const snapshot = emptySnapshot();
  applyReadings(snapshot, readTerraform(files, accounts));
  return withPlaces(rehearse(snapshot), placesOf(snapshot));
}
