/** 's3-replication reconcile': what the command does. */
import { openAccounts } from "../aws/pair";
import { assertWritable } from "../files/writable";
import { InvalidInputError, show } from "../input/problems";
import { asJson, printResult } from "../output/printResult";
import { NotAgreed } from "../reconcile/engine";
import { readManifestPlace } from "../reconcile/manifest";
import { reconcile } from "../reconcile/reconcile";
import { renderReconciliation } from "../reconcile/report/text";
import { EXIT_CODES } from "../reconcile/result";
import { given } from "../util/optional";
import { accessOf, type AccountOptions } from "./accountOptions";
import { type EngineOptions, readEngineOptions } from "./engineOptions";
import { engineChooser } from "./reconcileEngines";
import { interruptible } from "./interrupt";
import { Progress } from "./progress";

interface ReconcileCommandOptions extends AccountOptions, EngineOptions {
  readonly prefix?: string;
  readonly manifest?: string;
  readonly explain: boolean;
  readonly html?: string;
  readonly json?: boolean;
}

/** Missing versions that are asked for their status, unless somebody says otherwise: about $0.004, and half a minute. */
const HEAD_LIMIT = 10_000;
const SAMPLE_SIZE = 100;

/** @returns The exit code. */
export async function reconcileCommand(
  bucketName: string,
  options_: Record<string, unknown>,
): Promise<number> {
  const options = options_ as unknown as ReconcileCommandOptions;
  const headLimit = wholeNumber("--head-limit", options.headLimit, HEAD_LIMIT);
  const sampleSize = wholeNumber("--sample", options.sample, SAMPLE_SIZE);
  const manifest = options.manifest === undefined ? undefined : readManifestPlace(options.manifest);
  const { html, resume } = options;
  if (resume !== undefined) assertWritable("--resume", resume);
  if (html !== undefined) {
    const { GENERATOR } = await import("../reconcile/report/page");
    (await import("./writeHtml")).assertHtmlFile(html, GENERATOR);
  }
  const engine = await readEngineOptions(options);
  const access = accessOf(options);
  return interruptible(
    async (signal) => {
      const progress = new Progress(0, "{label}");
      const accounts = await openAccounts(access);
      try {
        const choose = engineChooser(engine, signal, () => progress.stop());
        const asked = {
          prefix: options.prefix ?? "",
          headLimit,
          sampleSize,
          ...given("resume", resume),
          ...given("manifest", manifest),
          explains: options.explain,
          signal,
          onProgress: pace(progress),
        };
        const result = await reconcile(accounts, bucketName, asked, choose);
        progress.stop();
        await printResult(
          { text: () => renderReconciliation(result), json: () => asJson(result) },
          options.json === true ? "json" : "text",
        );
        if (html !== undefined) {
          const { writeHtml } = await import("./writeHtml");
          const { GENERATOR, renderPage } = await import("../reconcile/report/page");
          writeHtml(html, { generator: GENERATOR, render: () => renderPage(result) });
        }
        return EXIT_CODES[result.verdict];
      } catch (error) {
        if (!(error instanceof NotAgreed)) throw error;
        process.stderr.write(`${error.message}\n`);
        return EXIT_CODES.undecided;
      } finally {
        progress.stop();
        accounts.close();
      }
    },
    stopped(engine.engine, resume),
  );
}

function stopped(engine: string, resume: string | undefined): string | undefined {
  if (resume !== undefined) return "stopping; the same command goes on";
  if (engine !== "list" && engine !== "auto") return undefined;
  return "stopping; with --resume FILE a run can go on where it was stopped";
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new InvalidInputError(name, [`must be a whole number from 0, got ${show(text)}`]);
}

/** Milliseconds between two looks at the clock, which is asked for less often than versions come. */
const SHOWN_EVERY = 100;
/** Versions between two looks at the clock. */
const COUNTED_EVERY = 1_000;

/** Shows how many versions are done, how many a second, and how long the rest takes where their number is known. */
function pace(progress: Progress): (done: number, label: string, total?: number) => void {
  let [began, shown, counted, first, shownLabel] = [Date.now(), 0, 0, -1, ""];
  return (done, label, total) => {
    const isNew = label !== shownLabel;
    const step = Math.min(COUNTED_EVERY, (total ?? Infinity) / 100);
    if (!isNew && done - counted < step && done > counted) return;
    counted = done;
    const now = Date.now();
    if (isNew) [began, first, shownLabel] = [now, done, label];
    if (now - shown < SHOWN_EVERY) return;
    shown = now;
    const rate = ((done - first) / Math.max(now - began, 1)) * 1000;
    const count = (n: number) => Math.round(n).toLocaleString("en");
    const left =
      total === undefined || rate === 0 ? "" : `, about ${duration(Math.max(0, (total - done) / rate))} left`;
    const of = total === undefined ? "" : ` of about ${count(total)}`;
    progress.show(done, `${count(done)}${of} ${label}, ${count(rate)} a second${left}`);
  };
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)}s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`;
}
