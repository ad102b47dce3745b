/** 's3-replication rehearse': what the command does. */
import { printable } from "../output/printable";
import { describeAccounts } from "../rehearsal/report/accounts";
import { permissionTable } from "../rehearsal/report/permissions";
import type { EvidenceLevel } from "../replication/evidence";
import { rehearse } from "../rehearsal/rehearse";
import { withPlaces } from "../rehearsal/gate/withPlaces";
import { placesOf } from "../resources/resources";
import { endGate, type GateOptions } from "./gateOptions";
import { renderText } from "../rehearsal/report/text";
import { pathsIn } from "../readers/sources";
import { readSetUp, type SetUpOptions } from "./readSetUp";

interface RehearseOptions extends SetUpOptions, GateOptions {
  readonly writeSnapshot?: string;
  readonly evidence?: EvidenceLevel;
  readonly accept?: readonly string[];
  readonly html?: string;
}

/** @returns The exit code. */
export async function rehearseCommand(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as RehearseOptions;
  const { snapshot, stacks, warnings: ofReading = [], assumptions } = await readSetUp(options);
  const ofStacks = stacks.flatMap(({ warnings = [] }) => warnings);
  for (const warning of [...ofReading, ...ofStacks]) {
    process.stderr.write(`warning: ${printable(warning)}\n`);
  }
  if (options.writeSnapshot !== undefined) {
    const { writeSnapshotFile } = await import("../snapshot/snapshotFile");
    writeSnapshotFile(options.writeSnapshot, snapshot);
  }
  const places = placesOf(snapshot);
  const explain = (arn: string, setting: string) => places.explain(arn, setting);
  const { accept, evidence } = options;
  const rehearsal = { accept, evidence, explain, assumed: assumptions };
  const report = withPlaces(rehearse(snapshot, rehearsal), places);
  const result = {
    ...report,
    accounts: describeAccounts(snapshot, stacks),
    permissions: permissionTable(report),
  };
  if (options.html !== undefined) {
    const { writeHtml } = await import("./writeHtml");
    const { GENERATOR, renderHtml } = await import("../rehearsal/report/html/page");
    writeHtml(options.html, { generator: GENERATOR, render: () => renderHtml(result) });
  }
  return endGate(result, options, () => renderText(result), pathsIn(options)[0] ?? options.directory);
}
