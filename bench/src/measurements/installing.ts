/** What installing the package puts on a disk, by part, beyond its peers: packed and installed as anybody would. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Findings, megabytes, type Settings } from "../row";

const ROOT = join(__dirname, "..", "..", "..");
const PEERS = ["@pulumi/pulumi", "@pulumi/aws"];

const PARTS = [
  {
    id: "aws",
    what: "clients of the AWS SDK",
    holds: (name: string) => /^@(aws|aws-sdk|aws-crypto|smithy)\//.test(name) || name === "bowser",
  },
  { id: "rest", what: "the package itself and everything else", holds: () => true, goal: 10 },
] as const;

export function installing({ say }: Settings): Findings {
  say("packing and installing");
  const directory = mkdtempSync(join(tmpdir(), "bench-install-"));
  try {
    const [packed] = JSON.parse(
      npm(["pack", "--json", "--ignore-scripts", "--pack-destination", directory], ROOT),
    ) as readonly { readonly filename: string }[];
    const peers = PEERS.map((name) => `${name}@${installedVersion(name)}`);
    const withPackage = installed(join(directory, "with"), [
      ...peers,
      join(directory, packed?.filename ?? ""),
    ]);
    const without = installed(join(directory, "without"), peers);
    return {
      rows: PARTS.map((part) => {
        const mb = ((withPackage.get(part.id) ?? 0) - (without.get(part.id) ?? 0)) / 1e6;
        return {
          id: `install/${part.id}`,
          measured: `installed size: ${part.what}`,
          against: `beyond ${PEERS.join(" and ")}`,
          figures: megabytes(mb),
          value: mb,
          goal: "goal" in part ? part.goal : undefined,
          kind: "megabytes",
        };
      }),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

function installedVersion(name: string): string {
  const text = readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Bytes that a new project with these packages holds, by part. */
function installed(directory: string, packages: readonly string[]): Map<string, number> {
  mkdirSync(directory);
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", ...packages], directory);
  const lock = JSON.parse(readFileSync(join(directory, "node_modules", ".package-lock.json"), "utf8")) as {
    packages: Record<string, unknown>;
  };
  const sizes = new Map<string, number>();
  for (const path of Object.keys(lock.packages)) {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const part = PARTS.find(({ holds }) => holds(name))?.id ?? "rest";
    sizes.set(part, (sizes.get(part) ?? 0) + sizeOf(join(directory, path)));
  }
  return sizes;
}

/** Packages within a package are counted by themselves. */
function sizeOf(directory: string): number {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .map((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? sizeOf(path) : statSync(path).size;
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}
