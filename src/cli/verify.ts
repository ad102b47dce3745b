/** 's3-replication verify': what the command does. */
import { openAccounts } from "../aws/pair";
import { InvalidInputError, show } from "../input/problems";
import { EXIT_CODES } from "../verification/report";
import { renderVerification } from "../verification/text";
import { verify } from "../verification/verify";
import { asJson, printResult } from "../output/printResult";
import { accessOf, type AccountOptions } from "./accountOptions";
import { interruptible } from "./interrupt";
import { Progress } from "./progress";

interface VerifyOptions extends AccountOptions {
  readonly timeout: string;
  readonly canaryPrefix: string;
  readonly leaveCanaries?: boolean;
  readonly json?: boolean;
}

/** @returns The exit code. */
export async function verifyCommand(bucketName: string, given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as VerifyOptions;
  const timeout = millisecondsOf(options.timeout);
  const canaryPrefix = canaryPrefixOf(options.canaryPrefix);
  const access = accessOf(options);
  return interruptible(async (signal) => {
    const accounts = await openAccounts(access);
    const progress = new RuleProgress();
    try {
      const report = await verify(accounts, bucketName, {
        canaryPrefix,
        timeout,
        leaveCanaries: options.leaveCanaries === true,
        signal,
        diagnose: async (opened, name) => {
          const { diagnose } = await import("../doctor/diagnose");
          return (await diagnose(opened, name, { sampleSize: 0, signal })).diagnosis;
        },
        onStatus: (rule, status) => progress.show(rule, status),
      });
      progress.stop();
      await printResult(
        { text: () => renderVerification(report), json: () => asJson(report) },
        options.json === true ? "json" : "text",
      );
      return EXIT_CODES[report.verdict];
    } finally {
      progress.stop();
      accounts.close();
    }
  });
}

/** Which rules are at work, and how far. */
class RuleProgress {
  private readonly statuses = new Map<string, string>();
  private readonly bar = new Progress(1);

  show(rule: string, status: string): void {
    this.statuses.set(rule, status);
    const waiting = [...this.statuses].filter(([, each]) => each !== "done");
    const [next] = waiting.at(0) ?? [];
    const others = waiting.length > 1 ? ` and ${waiting.length - 1} more` : "";
    const label = next === undefined ? "" : `rule ${next} ${this.statuses.get(next)}${others}`;
    this.bar.show(this.statuses.size - waiting.length, label, this.statuses.size);
  }

  stop(): void {
    this.bar.stop();
  }
}

/** @throws InvalidInputError */
function millisecondsOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})(s|m)$/.exec(text) ?? [];
  const milliseconds = Number(count) * (unit === "m" ? 60_000 : 1000);
  if (milliseconds > 0 && milliseconds <= 86_400_000) return milliseconds;
  throw new InvalidInputError("--timeout", [
    `must be a time from 1s to 24 hours, such as 90s or 15m, got ${show(text)}`,
  ]);
}

/** @throws InvalidInputError */
function canaryPrefixOf(text: string): string {
  if (/^[\w!.*'()/-]{1,200}\/$/.test(text)) return text;
  throw new InvalidInputError("--canary-prefix", [
    `must be at most 200 letters, digits and signs that are safe in keys (!-_.*'()/), with a slash at the end, got ${show(text)}`,
  ]);
}
