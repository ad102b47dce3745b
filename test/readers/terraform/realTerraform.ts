/** The real Terraform with the real AWS provider, where this machine has them. */
import { execFileSync } from "node:child_process";
import { readTerraform } from "../../../src/readers/terraform/fromTerraform";
import { parseTerraform, type TerraformFile } from "../../../src/readers/terraform/terraformFile";
import { applyReadings } from "../../../src/readers/joinSources";
import type { AccountNames } from "../../../src/readers/providerAccounts";
import { withPlaces } from "../../../src/rehearsal/gate/withPlaces";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import { placesOf } from "../../../src/resources/resources";
import { emptySnapshot } from "../../../src/snapshot/snapshot";

/** Why Terraform cannot plan in a directory; undefined where it can. */
export function whyNotPlanned(directory: string): string | undefined {
  const plugins = process.env.TF_PLUGIN_DIR;
  const mirror = plugins === undefined ? [] : [`-plugin-dir=${plugins}`];
  try {
    execFileSync("terraform", ["init", "-input=false", ...mirror], { cwd: directory, stdio: "pipe" });
    return undefined;
  } catch {
    return "there is no Terraform here, or no AWS provider (TF_PLUGIN_DIR names a mirror of providers)";
  }
}

export function planned(directory: string, file = "plan.json"): TerraformFile {
  const options = { cwd: directory, stdio: "pipe", maxBuffer: 1 << 28 } as const;
  execFileSync("terraform", ["plan", "-input=false", "-out=plan.bin"], options);
  const text = execFileSync("terraform", ["show", "-json", "plan.bin"], { ...options, encoding: "utf8" });
  return parseTerraform(JSON.parse(text), `--plan ${file}`, file);
}

export function reportOf(files: readonly TerraformFile[], accounts: AccountNames): Report {
  const snapshot = emptySnapshot();
  applyReadings(snapshot, readTerraform(files, accounts));
  return withPlaces(rehearse(snapshot), placesOf(snapshot));
}
