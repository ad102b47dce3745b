/** A local AWS emulator, moto_server, in a process of its own on a loopback port. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

export interface Emulator {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Whether the emulator is on PATH: `pip install 'moto[server]'`. */
export function hasEmulator(): boolean {
  return spawnSync("moto_server", ["--help"], { stdio: "ignore" }).error === undefined;
}

/** @throws Error When the emulator ends before it answers. */
export async function startEmulator(): Promise<Emulator> {
  const child = spawn("moto_server", ["--host", "127.0.0.1", "--port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PYTHONUNBUFFERED: "1",
      // By default it lets every account read every bucket, and ExpectedBucketOwner is nothing to it.
      MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS: "false",
    },
  });
  const endpoint = await announced(child);
  return {
    endpoint,
    async stop() {
      const closed = once(child, "close");
      child.kill();
      await closed;
    },
  };
}

function announced(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("error", reject);
    child.once("close", () => reject(new Error(`moto_server ended before it answered:\n${output}`)));
  });
}
