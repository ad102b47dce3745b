/** How the pack starts: as Pulumi's host for Node.js does it. */
import { match } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** Pulumi registers a compiler that checks types, and then loads the directory. */
const HOST = `
require.extensions[".ts"] = () => { throw new Error("Pulumi's compiler was asked") };
require("./policypack");
`;

describe("the policy pack as it is written", () => {
  it("starts without the compiler that Pulumi registers, and prints the port where it answers", async () => {
    const pack = spawn(process.execPath, ["-e", HOST], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    pack.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    try {
      const [first] = (await Promise.race([once(pack.stdout, "data"), once(pack, "exit")])) as unknown[];
      match(String(first), /^\d{4,5}\n$/, printed);
    } finally {
      pack.kill();
    }
  });
});
