import { AwsAccount } from "../aws/account";
import { backfill } from "../backfill/backfill";
import { type BackfillOptions, readOptions } from "../backfill/asked";
import { EXIT_CODES } from "../backfill/result";
import { renderBackfill, renderShown } from "../backfill/text";
import { type AccountOptions, accessOf } from "./accountOptions";
import { confirm } from "./confirm";
import { interruptible } from "./interrupt";
import { JobProgress } from "./jobProgress";

type Options = AccountOptions & BackfillOptions & { readonly json?: boolean };

/** @returns The exit code. */
export async function backfillCommand(bucketName: string, given: Record<string, unknown>): Promise<number> {
  const options = given as Options;
  const asked = readOptions(options);
  const account = await AwsAccount.open("source account", accessOf(options).source);
  const progress = new JobProgress();
  try {
    const result = await interruptible(
      (signal) =>
        backfill(account, bucketName, asked, {
          signal,
          confirm: (shown, question) => {
            progress.stop();
            if (process.stdin.isTTY) process.stderr.write(renderShown(shown));
            return confirm(question, signal);
          },
          onJob: (jobId) => process.stderr.write(`job ${jobId}\n`),
          onLook: ({ Status = "", ProgressSummary: done }) =>
            progress.show(
              Status,
              done?.TotalNumberOfTasks ?? 0,
              done?.NumberOfTasksSucceeded ?? 0,
              done?.NumberOfTasksFailed ?? 0,
            ),
        }),
      "not following any longer; a job that was made goes on",
    );
    progress.stop();
    process.stdout.write(
      options.json === true ? `${JSON.stringify(result, undefined, 2)}\n` : renderBackfill(result),
    );
    return EXIT_CODES[result.outcome];
  } finally {
    progress.stop();
    account.close();
  }
}
