/** 's3-replication backfill': what the command does. */
import { numeral } from "../output/counts";
import { AwsAccount } from "../aws/account";
import { backfill } from "../backfill/backfill";
import { type BackfillOptions, readOptions } from "../backfill/options";
import { EXIT_CODES } from "../backfill/result";
import { renderBackfill, renderShown } from "../backfill/text";
import { asJson, printResult } from "../output/printResult";
import { type AccountOptions, accessOf } from "./accountOptions";
import { confirm } from "./confirm";
import { interruptible } from "./interrupt";
import { Progress } from "./progress";

type Options = AccountOptions & BackfillOptions & { readonly json?: boolean };

/** @returns The exit code. */
export async function backfillCommand(bucketName: string, given: Record<string, unknown>): Promise<number> {
  const options = given as Options;
  const asked = readOptions(options);
  const account = await AwsAccount.open("source account", accessOf(options).source);
  return interruptible(async (signal) => {
    const progress = new Progress(0, "{bar} {value}/{total} {label}, {duration_formatted}");
    try {
      const result = await backfill(account, bucketName, asked, {
        signal,
        confirm: (shown, question) => {
          progress.stop();
          if (process.stdin.isTTY) process.stderr.write(renderShown(shown));
          return confirm(question, signal);
        },
        onJob: (jobId) => process.stderr.write(`job ${jobId}\n`),
        onLook: ({ Status = "", ProgressSummary: done }) => {
          const failed = done?.NumberOfTasksFailed ?? 0;
          progress.show(
            (done?.NumberOfTasksSucceeded ?? 0) + failed,
            `${Status}, ${numeral(failed)} failed`,
            done?.TotalNumberOfTasks ?? 0,
          );
        },
      });
      progress.stop();
      await printResult(
        { text: () => renderBackfill(result), json: () => asJson(result) },
        options.json === true ? "json" : "text",
      );
      return EXIT_CODES[result.outcome];
    } finally {
      progress.stop();
      account.close();
    }
  }, "not following any longer; a job that was made goes on");
}
