/** Measures everything side by side and prints the table. Run it by `npm run bench`, which prepares it. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { build, building } from "./measurements/building";
import { deciding } from "./measurements/deciding";
import { explaining } from "./measurements/explaining";
import { inspecting } from "./measurements/inspecting";
import { installing } from "./measurements/installing";
import { judging } from "./measurements/judging";
import { previewing } from "./measurements/previewing";
import { readingPlans } from "./measurements/readingPlans";
import { reconciling } from "./measurements/reconciling";
import { reconcilingInventories } from "./measurements/reconcilingInventories";
import { rehearsing } from "./measurements/rehearsing";
import { starting } from "./measurements/starting";
import { load, machineClass, today } from "./report/machine";
import { plot } from "./report/plot";
import { writePage, writePreviews } from "./report/page";
import { boundedBy, isMet, table } from "./report/table";
import type { Findings, Settings } from "./row";

const USAGE = `Usage: npm run bench -- [--quick] [--previews | --reconcile [--versions N]] [--json FILE] [--plot FILE] [--page]

  --quick      sizes up to 100 and few rounds, for a look
  --previews   previews on the Pulumi engine alone, which must be on the PATH
  --reconcile  the engines of reconcile alone
  --versions N with --reconcile: its inventory engine alone, up to N versions a side
  --json FILE  writes what was measured
  --plot FILE  writes the plot, an SVG
  --page       puts table and plot into docs/benchmarks.md, unless it is of reconcile alone
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      previews: { type: "boolean", default: false },
      reconcile: { type: "boolean", default: false },
      versions: { type: "string" },
      json: { type: "string" },
      plot: { type: "string" },
      page: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const versions = values.versions === undefined ? undefined : Number(values.versions);
  if (versions !== undefined && !(values.reconcile && Number.isSafeInteger(versions) && versions > 0)) {
    throw new Error(`--versions must be a whole number beside --reconcile, got ${values.versions}`);
  }
  const settings: Settings = {
    quick: values.quick,
    ...(versions === undefined ? {} : { versions }),
    say: (what) => process.stderr.write(`${what}\n`),
  };
  const found = values.previews
    ? [await previewing(settings)]
    : values.reconcile
      ? [
          ...(versions === undefined ? [reconciling(settings), explaining(settings)] : []),
          reconcilingInventories(settings),
        ]
      : everythingElse(settings);
  const rows = found.flatMap((each) => each.rows);
  const curves = found.flatMap((each) => each.curves ?? []);
  const when = `${today()}, ${machineClass()}`;
  const svg = plot(curves, when);
  process.stdout.write(`${when}\n\n${table(rows)}\n`);
  if (values.json !== undefined) {
    const results = rows.map((row) => ({ ...row, met: isMet(row), boundedBy: boundedBy(row) }));
    const document = { date: today(), machine: machineClass(), quick: settings.quick, rows: results, curves };
    writeFileSync(resolve(values.json), `${JSON.stringify(document, undefined, 2)}\n`);
  }
  if (values.plot !== undefined) writeFileSync(resolve(values.plot), svg);
  if (values.page && values.previews) writePreviews(table(rows), `${when}, ${load()}`);
  else if (values.page && !values.reconcile) writePage(table(rows), svg, when);
}

function everythingElse(settings: Settings): Findings[] {
  const built = build(settings);
  return [
    building(built),
    starting(settings),
    rehearsing(built, settings),
    readingPlans(settings),
    reconciling(settings),
    explaining(settings),
    reconcilingInventories(settings),
    inspecting(settings),
    deciding(settings),
    judging(settings),
    ...(settings.quick ? [] : [installing(settings)]),
  ];
}

void main();
