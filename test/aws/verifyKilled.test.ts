import { strict as assert } from "node:assert";
import type { ChildProcess } from "node:child_process";
import { openAccounts, type PairAccounts } from "../../src/aws/pair";
import type { VerificationReport } from "../../src/verification/report";
import { verify } from "../../src/verification/verify";
import { emulatorEnvironment, roleToEnter } from "./support/environment";
import { EmulatedPair } from "./support/pairs";
import { anHourLater } from "./support/replicatingProxy";

describe("s3-replication verify, killed", () => {
  let pair: EmulatedPair;
  let accounts: PairAccounts;

  before(async () => {
    pair = await EmulatedPair.start("delete-markers");
    Object.assign(process.env, emulatorEnvironment(pair.proxy.endpoint));
    const [source, destination] = pair.accountIds.map((id) => ({ roleArn: roleToEnter(id) }));
    accounts = await openAccounts({ source: source!, destinations: [destination!] });
  });

  after(async () => {
    accounts?.close();
    await pair?.stop();
    for (const name of Object.keys(emulatorEnvironment(""))) delete process.env[name];
  });

  const nextRun = (): Promise<VerificationReport> =>
    verify(accounts, pair.source, {
      canaryPrefix: ".s3-replication-canary/",
      timeout: 60_000,
      leaveCanaries: false,
      signal: new AbortController().signal,
      firstPause: 10,
    });

  /** Runs the command, and kills it when the request of this number is on its way, which S3 still does. */
  async function killedAt(number: number): Promise<{ requests: number; code: number }> {
    let requests = 0;
    let child: ChildProcess | undefined;
    pair.proxy.options = {
      snapshot: pair.snapshot,
      before: () => {
        requests += 1;
        if (requests === number) child?.kill("SIGKILL");
        return undefined;
      },
    };
    const { code } = await pair.start("verify", [], (started) => (child = started));
    return { requests, code };
  }

  it("at any request leaves nothing that the next run does not clean", async function () {
    this.timeout(600_000);
    pair.proxy.replication.decide = () => ({ status: "COMPLETED", afterPolls: 1 });
    const whole = await killedAt(Infinity);
    assert.equal(whole.code, 0);
    assert.deepEqual(await pair.objects(), []);
    let killed = 0;
    let leftBehind = 0;
    for (let number = 1; number <= whole.requests; number += 1) {
      const { code } = await killedAt(number);
      if (code !== 0) killed += 1;
      const objects = await pair.objects();
      if (objects.length > 0) leftBehind += 1;
      pair.proxy.options = { snapshot: pair.snapshot, after: anHourLater };
      const { verdict } = await nextRun();
      assert.equal(verdict, "verified", `after a kill at request ${number}`);
      assert.deepEqual(
        await pair.objects(),
        [],
        `after a kill at request ${number}, which left ${objects.join()}`,
      );
    }
    console.log(
      `      killed ${killed} times, ${leftBehind} times with something left, 0 objects after the next run`,
    );
    assert.equal(killed, whole.requests);
    assert.ok(leftBehind > 0);
  });

  it("is found by a run at once, which leaves the young canary alone", async () => {
    pair.proxy.replication.decide = () => ({ status: "PENDING" });
    let child: ChildProcess | undefined;
    pair.proxy.options = {
      snapshot: pair.snapshot,
      after: ({ method }) => {
        if (method === "PUT") child?.kill("SIGKILL");
        return undefined;
      },
    };
    await pair.start("verify", [], (started) => (child = started));
    const left = await pair.objects();
    assert.equal(left.length, 1);
    pair.proxy.options = { snapshot: pair.snapshot };
    const { rules } = await nextRun();
    assert.deepEqual(
      rules.map(({ outcome }) => outcome),
      ["skipped"],
    );
    assert.deepEqual(await pair.objects(), left);
  });
});
