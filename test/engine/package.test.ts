import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { missingFor, packedTarball, WITH_DOWNLOADS_MS } from "./support/packed";
import { REPOSITORY } from "./support/repository";
import { Workspace } from "./support/workspace";

const SCHEMA = join("schemas", "pulumi-package.json");

describe("the package as it is published", function () {
  this.timeout(WITH_DOWNLOADS_MS);
  let workspace: Workspace;
  let logos: Server;

  before(async () => {
    workspace = Workspace.ofProject();
    await workspace.shell(`tar xf ${packedTarball()}`);
    // The generator for .NET fetches a logo, from the web where the schema names none.
    logos = createServer((_request, response) => response.end()).listen(0, "127.0.0.1");
    await once(logos, "listening");
    const schema = JSON.parse(readFileSync(join(workspace.directory, "package", SCHEMA), "utf8")) as object;
    const logoUrl = `http://127.0.0.1:${(logos.address() as AddressInfo).port}`;
    workspace.write("schema.json", JSON.stringify({ ...schema, logoUrl }));
  });

  after(() => logos.close());

  it("is a component plugin, and not the ready-made program as well: 'pulumi package' refuses what is both", () => {
    const has = (file: string) => existsSync(join(workspace.directory, "package", file));
    assert.ok(has("PulumiPlugin.yaml"));
    assert.ok(!has("Pulumi.yaml"));
  });

  it("has the schema that the repository keeps", async () => {
    const { stdout } = await workspace.shell("pulumi package get-schema ./package");
    const kept = await workspace.shell(`pulumi package get-schema ${join(REPOSITORY, SCHEMA)}`);
    assert.deepEqual(JSON.parse(stdout.slice(stdout.indexOf("{"))), JSON.parse(kept.stdout));
  });

  for (const language of ["nodejs", "python", "go", "dotnet", "java"]) {
    const missing = missingFor(language);
    if (missing !== undefined) {
      it(`${language}: skipped, there is no '${missing}' on PATH`);
      continue;
    }
    it(`gets an SDK for ${language}`, async () => {
      await workspace.shell(`pulumi package gen-sdk schema.json --language ${language} --out sdk`);
      const files = readdirSync(join(workspace.directory, "sdk", language), { recursive: true });
      assert.ok(files.some((file) => /replication_?source\.\w+$/i.test(String(file))));
    });
  }
});
