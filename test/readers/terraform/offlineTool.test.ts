/** Which of Terraform and OpenTofu evaluates a root module: scripts that tell a version stand for them. */
import { rejects, strictEqual } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, it } from "mocha";
import { offlineTool } from "../../../src/readers/terraform/offlineTool";
import { standIn } from "./standIn";

describe("the program of an offline apply", () => {
  const base = mkdtempSync(join(tmpdir(), "tools-"));
  const path = process.env.PATH;
  let [programs, root] = ["", ""];

  beforeEach(() => {
    [programs, root] = [mkdtempSync(join(base, "bin-")), mkdtempSync(join(base, "root-"))];
    process.env.PATH = programs;
  });
  afterEach(() => {
    process.env.PATH = path;
  });
  after(() => rmSync(base, { recursive: true }));

  const installed = (name: string, version: string) => standIn(programs, name, version);
  const lockedBy = (registry: string) =>
    writeFileSync(join(root, ".terraform.lock.hcl"), `provider "${registry}/hashicorp/aws" {\n}\n`);

  it("is the one that initialised the directory", async () => {
    installed("terraform", "1.11.4");
    installed("tofu", "1.11.0");
    lockedBy("registry.opentofu.org");
    strictEqual((await offlineTool(root)).name, "OpenTofu");
    lockedBy("registry.terraform.io");
    strictEqual((await offlineTool(root)).name, "Terraform");
  });

  it("is OpenTofu where a file is written for it", async () => {
    installed("terraform", "1.11.4");
    installed("tofu", "1.11.0");
    strictEqual((await offlineTool(root)).name, "Terraform");
    for (const file of ["main.tofu", "main.tofu.json"]) {
      writeFileSync(join(root, file), "");
      strictEqual((await offlineTool(root)).name, "OpenTofu");
      rmSync(join(root, file));
    }
  });

  it("is the other one where the first is not on the PATH", async () => {
    installed("tofu", "1.8.0");
    lockedBy("registry.terraform.io");
    strictEqual((await offlineTool(root)).name, "OpenTofu");
  });

  it("must be there, and must override resources in its tests", async () => {
    await rejects(offlineTool(root), /needs 'terraform' or 'tofu', and there is none on the PATH/);
    installed("tofu", "1.7.10");
    await rejects(offlineTool(root), /needs OpenTofu 1\.8 or later, .*got '1\.7\.10'/);
    installed("terraform", "1.6.6");
    await rejects(offlineTool(root), /needs Terraform 1\.7 or later, .*got '1\.6\.6'/);
  });
});
