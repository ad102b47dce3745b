/** 's3-replication rehearse': what the command does. */
import { printable } from "../output/printable";
import { describeAccounts } from "../rehearsal/report/accounts";
import { permissionTable } from "../rehearsal/report/permissions";
import type { EvidenceLevel } from "../replication/evidence";
import { rehearse } from "../rehearsal/rehearse";
import { withPlaces } from "../rehearsal/gate/withPlaces";
import { placesOf } from "../resources/resources";
import { endGate, type GateOptions, readRehearsalBaseline, rehearsalPage } from "./gateOptions";
import { renderText } from "../rehearsal/report/text";
import { pathsIn } from "../readers/sources";
import { readSetUp, type SetUpOptions } from "./readSetUp";
import { htmlWriter } from "./writeHtml";

interface RehearseOptions extends SetUpOptions, GateOptions {
  readonly writeSnapshot?: string;
  readonly evidence?: EvidenceLevel;
  readonly accept?: readonly string[];
  readonly html?: string;
}

/** @returns The exit code. */
export async function rehearseCommand(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as RehearseOptions;
  const baseline = await readRehearsalBaseline(options.baseline);
  const snapshotFile = () => import("../snapshot/snapshotFile");
  if (options.writeSnapshot !== undefined)
    (await snapshotFile()).assertNewSnapshotFile(options.writeSnapshot);
  const writeHtml = await htmlWriter(options.html, rehearsalPage);
  const { snapshot, stacks, warnings: ofReading = [], assumptions } = await readSetUp(options);
  const ofStacks = stacks.flatMap(({ warnings = [] }) => warnings);
  for (const warning of [...ofReading, ...ofStacks]) {
    process.stderr.write(`warning: ${printable(warning)}\n`);
  }
  if (options.writeSnapshot !== undefined)
    (await snapshotFile()).writeSnapshotFile(options.writeSnapshot, snapshot);
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
  writeHtml(result);
  const file = pathsIn(options)[0] ?? options.directory;
  return endGate({ result, text: () => renderText(result), baseline, file }, options);
}
