/** How the values of options are read. */
import { InvalidArgumentError, Option } from "commander";
import { FINDING_KINDS, namesFinding } from "../replication/findings";
import { EVIDENCE_LEVELS } from "../replication/evidence";

/** For options that are given once for each of several things. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

/** What decides where AWS's pages contradict each other. */
export function evidenceOption(): Option {
  return new Option(
    "--evidence <level>",
    "what decides where AWS's pages contradict each other: what was observed in the field, or these pages alone",
  )
    .choices(EVIDENCE_LEVELS)
    .default("observed");
}

/** For findings that are meant so. */
export function collectFindings(value: string, earlier: readonly string[] | undefined): string[] {
  if (!namesFinding(value)) {
    throw new InvalidArgumentError(
      `It must be a finding as a report calls it, '<kind>:<bucket name>/<rule>', or a kind alone: ${FINDING_KINDS.join(", ")}.`,
    );
  }
  return collect(value, earlier);
}

/** For an option that is given once: of two values, one would be ignored. */
export function once(value: string, previous: string | undefined): string {
  if (previous !== undefined)
    throw new InvalidArgumentError(`It is given once only, and is '${previous}' already.`);
  return value;
}
