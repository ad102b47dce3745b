/** 's3-replication fleet': what the command does. */
import { checked } from "../input/schemaProblems";
import { type FleetOptions, parseFleetAccess } from "../fleet/meaning/access";
import { GATE_VERDICTS } from "../fleet/meaning/report";
import { BASELINE_SCHEMA } from "../fleet/meaning/reportSchema";
import { problemsOfFleet } from "../fleet/meaning/summariseFleet";
import { inspectFleet } from "../fleet/fleet";
import { readReports } from "../fleet/questions/readReports";
import { renderFleet } from "../fleet/report/text";
import { asJson } from "../output/printResult";
import type { Problem } from "../rehearsal/gate/problems";
import type { EvidenceLevel } from "../replication/evidence";
import { endGateOf, type GateOptions, readBaseline } from "./gateOptions";
import { interruptible } from "./interrupt";
import { Progress } from "./progress";
import { htmlWriter } from "./writeHtml";

interface FleetCommandOptions extends FleetOptions, GateOptions {
  readonly reports?: readonly string[];
  readonly assumeOrganizationAllows?: boolean;
  readonly evidence?: EvidenceLevel;
  readonly accept?: readonly string[];
  readonly html?: string;
}

/** @returns The exit code. */
export async function fleetCommand(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as FleetCommandOptions;
  const access = parseFleetAccess(options);
  const earlier = await readReports(options.reports ?? []);
  // First of all: what is wrong with a file is no reason to lose what took minutes to read.
  const baseline = await readBaseline(options.baseline, (value, subject) =>
    Promise.resolve(asProblems(problemsOfFleet(checked(BASELINE_SCHEMA, value, subject)))),
  );
  const page = () => import("../fleet/report/page");
  const writeHtml = await htmlWriter(options.html, async () => {
    const { GENERATOR: generator, renderFleetPage: render } = await page();
    return { generator, render };
  });
  return interruptible(async (signal) => {
    const progress = new Progress(1);
    try {
      const report = await inspectFleet({
        access,
        earlier,
        rehearsal: { accept: options.accept, evidence: options.evidence },
        assumeOrganizationAllows: options.assumeOrganizationAllows === true,
        signal,
        onProgress: (done, total, label) => progress.show(done, label, total),
      });
      progress.stop();
      const exitCode = await endGateOf(
        {
          verdict: GATE_VERDICTS[report.verdict],
          problems: asProblems(problemsOfFleet(report)),
          text: () => renderFleet(report),
          json: () => asJson(report),
          html: async () => (await page()).renderFleetPage(report),
          markdown: async (fresh, known) => {
            const { renderFleetMarkdown } = await import("../fleet/report/markdown");
            return renderFleetMarkdown(report, fresh, known);
          },
          baseline,
          file: "s3-replication-fleet",
        },
        options,
      );
      writeHtml(report);
      return exitCode;
    } finally {
      progress.stop();
    }
  }, "stopping");
}

/** What mends a pair, 'doctor' says. */
const asProblems = (problems: ReturnType<typeof problemsOfFleet>): Problem[] =>
  problems.map((each) => ({ ...each, mends: [] }));
