/** 's3-replication reconcile': what the command does. */
import { openAccounts } from "../aws/pair";
import { assertWritable } from "../files/writable";
import { InvalidInputError, show } from "../input/problems";
import { asJson, printResult } from "../output/printResult";
import { NotAgreed } from "../reconcile/engine";
import { filesOfRun } from "../reconcile/list/checkpoint";
import { readManifestPlace } from "../reconcile/manifest";
import { reconcile } from "../reconcile/reconcile";
import { renderReconciliation } from "../reconcile/report/text";
import { EXIT_CODES } from "../reconcile/result";
import { given } from "../util/optional";
import { accessOf, type AccountOptions } from "./accountOptions";
import { type EngineOptions, readEngineOptions } from "./engineOptions";
import { engineChooser } from "./reconcileEngines";
import { interruptible } from "./interrupt";
import { pace } from "./pace";
import { Progress } from "./progress";
import { htmlWriter } from "./writeHtml";

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
  const { resume } = options;
  if (resume !== undefined) filesOfRun(resume).forEach((file) => assertWritable("--resume", file, resume));
  const writeHtml = await htmlWriter(options.html, async () => {
    const { GENERATOR: generator, renderPage: render } = await import("../reconcile/report/page");
    return { generator, render };
  });
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
        writeHtml(result);
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
