/** Options of commands whose result decides whether a pipeline goes on, and how they end. */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { count } from "../output/counts";
import { asJson, type Format, FORMATS, printResult } from "../output/printResult";
import { FAIL_ON, type FailOn } from "../rehearsal/gate/gate";
import type { Problem } from "../rehearsal/gate/problems";
import type { Page } from "./writeHtml";
import type { ReportVerdict } from "../rehearsal/report/report";
import type { RehearsalResult } from "../rehearsal/report/text";
import { once } from "./optionValues";

export interface GateOptions {
  readonly format?: Format;
  readonly json?: boolean;
  readonly failOn?: FailOn;
  readonly baseline?: string;
}

/** @param failOn What `--fail-on` can be. */
export function addGateOptions(command: Command, failOn: readonly FailOn[] = FAIL_ON): Command {
  return command
    .option("--json", "print one JSON document instead of text: the same as '--format json'")
    .addOption(new Option("--format <form>", "form of what is printed").choices(FORMATS).conflicts("json"))
    .addOption(
      new Option(
        "--fail-on <level>",
        "the mildest thing that ends with another exit code than 0 (default: unproven)",
      ).choices(failOn),
    )
    .addOption(
      new Option(
        "--baseline <file>",
        "what '--format json' printed earlier: what was so then is told, and only what is new decides",
      ).argParser(once),
    );
}

/** What a gate judges, and its forms as only its command knows them. */
export interface GateResult {
  readonly verdict: ReportVerdict;
  readonly problems: readonly Problem[];
  readonly text: () => string;
  readonly json: () => string;
  readonly html: () => Promise<string>;
  /** @param fresh Problems that were not there before. */
  readonly markdown: (fresh: readonly Problem[], known: readonly Problem[]) => Promise<string>;
  /** Problems of an earlier run; left out: there is none. */
  readonly baseline?: readonly Problem[] | undefined;
  /** What stands for the place of a finding that has none. */
  readonly file: string;
}

/** A rehearsal's result, and what of it only its command knows. */
export interface RehearsalGate extends Pick<GateResult, "text" | "baseline" | "file"> {
  readonly result: RehearsalResult;
}

/** A rehearsal as a page. */
export async function rehearsalPage(): Promise<Page<RehearsalResult>> {
  const { GENERATOR: generator, renderHtml: render } = await import("../rehearsal/report/html/page");
  return { generator, render };
}

/** Prints the result of a rehearsal and decides on the exit code. */
export async function endGate({ result, ...rest }: RehearsalGate, options: GateOptions): Promise<number> {
  const { problemsOf } = await import("../rehearsal/gate/problems");
  const gated: GateResult = {
    verdict: result.verdict,
    problems: problemsOf(result),
    ...rest,
    json: () => asJson(result),
    html: async () => (await rehearsalPage()).render(result),
    markdown: async (fresh, known) => {
      const { renderMarkdown } = await import("../rehearsal/gate/markdown");
      return renderMarkdown(result, fresh, known);
    },
  };
  return endGateOf(gated, options);
}

/** Prints a result and decides on the exit code. */
export async function endGateOf(result: GateResult, options: GateOptions): Promise<number> {
  const { decide } = await import("../rehearsal/gate/gate");
  const { verdict, problems, baseline, file } = result;
  const { exitCode, known, fresh } = decide(verdict, problems, options.failOn ?? "unproven", baseline);
  const markdown = () => result.markdown(fresh, known);
  await printResult(
    {
      text: () => `${result.text()}${baselineLine(options.baseline, known, fresh)}`,
      json: result.json,
      html: result.html,
      markdown,
      sarif: async () => {
        const { renderSarif } = await import("../rehearsal/gate/sarif");
        return renderSarif(problems, { known, file, version: ownVersion() });
      },
      github: async () => {
        const { renderGithub } = await import("../rehearsal/gate/github");
        const summary = process.env.GITHUB_STEP_SUMMARY;
        if (summary !== undefined && summary !== "") summarise(summary, await markdown());
        return renderGithub(verdict, fresh);
      },
    },
    options.format ?? (options.json === true ? "json" : "text"),
  );
  return exitCode;
}

function baselineLine(
  file: string | undefined,
  known: readonly Problem[],
  fresh: readonly Problem[],
): string {
  if (file === undefined) return "";
  return `Against the baseline: ${count(fresh.length, "finding")} new, ${count(known.length, "finding")} as before\n`;
}

/** A summary that cannot be written is no reason to lose the verdict. */
function summarise(file: string, markdown: string): void {
  try {
    appendFileSync(file, markdown);
  } catch (error) {
    process.stderr.write(
      `warning: the summary of the step (GITHUB_STEP_SUMMARY) cannot be written: ${(error as Error).message}\n`,
    );
  }
}

/**
 * @param problemsIn Problems of what '--format json' printed.
 * @throws InvalidInputError where it is anything else.
 */
export async function readBaseline(
  file: string | undefined,
  problemsIn: (value: unknown, subject: string) => Promise<readonly Problem[]>,
): Promise<readonly Problem[] | undefined> {
  if (file === undefined) return undefined;
  const { readJsonFile, subjectOf } = await import("../files/jsonFile");
  const value = await readJsonFile("--baseline", file, { megabytes: 100, values: 5_000_000 });
  return problemsIn(value, subjectOf("--baseline", file));
}

/** Problems of an earlier rehearsal. Read before the work is done: its mistakes are no reason to lose that. */
export function readRehearsalBaseline(file: string | undefined): Promise<readonly Problem[] | undefined> {
  return readBaseline(file, async (value, subject) => {
    const { checked } = await import("../input/schemaProblems");
    const { problemsOf } = await import("../rehearsal/gate/problems");
    const { BASELINE_SCHEMA } = await import("../rehearsal/report/reportSchema");
    return problemsOf(checked(BASELINE_SCHEMA, value, subject));
  });
}

function ownVersion(): string {
  const file = join(__dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
