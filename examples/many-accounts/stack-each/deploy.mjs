import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";

/** Each deployment is an engine and a program of its own. */
const AT_ONCE = 4;

const workDir = fileURLToPath(new URL(".", import.meta.url));
const accounts = JSON.parse(readFileSync(new URL("accounts.json", import.meta.url), "utf8"));
const organization = process.env.PULUMI_ORGANIZATION ?? "organization";

async function deploy(name) {
  const stackName = `${organization}/archive-of-all/${name}`;
  const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir });
  const { summary } = await stack.up();
  console.log(`${name}: ${JSON.stringify(summary.resourceChanges)}`);
}

// What a source asks for must be granted before.
await deploy("archive");
const failed = [];
const waiting = accounts.map(({ name }) => name);
async function deployNext() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    try {
      await deploy(name);
    } catch (error) {
      failed.push(name);
      console.error(`${name}: ${error.message}`);
    }
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, deployNext));
if (failed.length > 0) {
  console.error(`not deployed: ${failed.join(", ")}; what is deployed stays, and another run goes on`);
  process.exitCode = 1;
}
