/** Problems as SARIF 2.1.0, which code scanning shows beside the lines. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import type { Place } from "../../snapshot/places";
import { type Level, type Problem, PROBLEM_KINDS, type ProblemKind } from "./problems";

const LEVELS: Readonly<Record<Level, "error" | "warning" | "note">> = {
  broken: "error",
  unproven: "warning",
  unwatched: "warning",
  unused: "note",
  note: "note",
};

/** Severities for GitHub's code scanning, from 0 to 10. */
const SEVERITIES: Readonly<Record<Level, string>> = {
  broken: "8.0",
  unproven: "5.0",
  unwatched: "4.0",
  unused: "3.0",
  note: "1.0",
};

/**
 * @param known Fingerprints of problems that were there before.
 * @param file What stands for the place of a problem that has none: code scanning takes no result without a file.
 */
export function renderSarif(
  problems: readonly Problem[],
  {
    known = [],
    file,
    version,
  }: { readonly known?: readonly Problem[]; readonly file: string; readonly version: string },
): string {
  const before = new Set(known.map(({ fingerprint }) => fingerprint));
  const kinds = [...new Set(problems.map(({ kind }) => kind))];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "s3-replication",
            semanticVersion: version,
            informationUri: "https://www.npmjs.com/package/s3-replication",
            rules: kinds.map((kind) => ruleOf(kind, problems)),
          },
        },
        columnKind: "utf16CodeUnits",
        results: problems.map((problem) => ({
          ruleId: problem.kind,
          ruleIndex: kinds.indexOf(problem.kind),
          level: LEVELS[problem.level],
          message: { text: messageOf(problem) },
          locations: [locationOf(problem.place, file)],
          partialFingerprints: { "s3-replication/v1": problem.fingerprint },
          baselineState: before.has(problem.fingerprint) ? "unchanged" : "new",
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf(kind: ProblemKind, problems: readonly Problem[]) {
  const { name, help } = PROBLEM_KINDS[kind];
  const level = problems.find((problem) => problem.kind === kind)?.level ?? "note";
  return {
    id: kind,
    name: kind.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${name}.` },
    fullDescription: { text: help },
    help: { text: help, markdown: help },
    defaultConfiguration: { level: LEVELS[level] },
    properties: { "security-severity": SEVERITIES[level], tags: ["security", "s3", "replication"] },
  };
}

function messageOf({ message, place, mends }: Problem): string {
  const at = place === undefined ? "" : ` At ${place.address}.`;
  const cures = mends.map(({ reason }) => reason);
  return `${message}.${at}${cures.length === 0 ? "" : ` What mends it: ${cures.join("; ")}.`}`;
}

function locationOf(place: Place | undefined, file: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(place?.file ?? file) },
      region: { startLine: place?.line ?? 1 },
    },
    ...(place === undefined
      ? {}
      : { logicalLocations: [{ fullyQualifiedName: place.address, kind: "resource" }] }),
  };
}

/** A path as a relative reference, or one with its scheme. */
function uriOf(file: string): string {
  const path = file.replaceAll("\\", "/");
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}
