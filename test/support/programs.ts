/** The programs of examples/programs: somebody's projects that use the package. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const PROGRAMS = join(__dirname, "..", "..", "examples", "programs");

export const PROGRAM_NAMES = readdirSync(PROGRAMS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The commands atop a program's Pulumi.yaml. */
export function startOf(program: string): string[] {
  const project = readFileSync(join(PROGRAMS, program, "Pulumi.yaml"), "utf8");
  return [...project.matchAll(/^# {3}(.+)$/gm)].map(([, line = ""]) => line);
}
