/** 's3-replication status': what the command does. */
import { openAccounts } from "../aws/pair";
import { readLastCanary } from "../status/lastCanary";
import { readStatus, STEPS } from "../status/readStatus";
import { EXIT_CODES } from "../status/report";
import { summarise } from "../status/summarise";
import { renderStatus } from "../status/text";
import { asJson, printResult } from "../output/printResult";
import { accessOf, type AccountOptions } from "./accountOptions";
import { interruptible } from "./interrupt";
import { Progress } from "./progress";

interface StatusOptions extends AccountOptions {
  readonly lastVerify?: string;
  readonly json?: boolean;
}

/** @returns The exit code. */
export async function statusCommand(bucketName: string, given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as StatusOptions;
  const access = accessOf(options);
  const lastCanary =
    options.lastVerify === undefined ? undefined : await readLastCanary(options.lastVerify, bucketName);
  return interruptible(async (signal) => {
    const progress = new Progress(STEPS);
    const accounts = await openAccounts(access);
    try {
      const onStep = (step: string) => progress.step(step);
      const report = summarise(await readStatus(accounts, bucketName, { signal, onStep }), lastCanary);
      progress.stop();
      await printResult(
        { text: () => renderStatus(report), json: () => asJson(report) },
        options.json === true ? "json" : "text",
      );
      return EXIT_CODES[report.verdict];
    } finally {
      progress.stop();
      accounts.close();
    }
  }, "stopping");
}
