/** A plan of one account against the other as it is on AWS, over HTTP, as a process of its own. */
import { match, ok, strictEqual } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { DESTINATION_ACCOUNT, setUp, SOURCE_ACCOUNT } from "../proof/setUp";
import { cli, type Result } from "../support/cli";
import { type Emulator, startEmulator } from "./support/emulator";
import { roleToEnter } from "./support/environment";
import { LiveAccounts } from "./support/liveAccounts";

/** What one account holds, as somebody plans it. */
function half(snapshot: Snapshot, account: string): Snapshot {
  const of = <T extends { account: string }>(things: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(things).filter(([, thing]) => thing.account === account));
  const { accounts, buckets, keys } = snapshot;
  return { accounts: { [account]: accounts[account]! }, buckets: of(buckets), keys: of(keys) };
}

describe("rehearse --live", () => {
  let emulator: Emulator;
  let live: LiveAccounts;
  const directory = mkdtempSync(join(tmpdir(), "live-"));

  before(async () => (emulator = await startEmulator()));
  beforeEach(async () => {
    live = await LiveAccounts.start(emulator, setUp());
    const profiles = [SOURCE_ACCOUNT, DESTINATION_ACCOUNT].map(
      (id) => `[profile p${id}]\nrole_arn = ${roleToEnter(id)}\ncredential_source = Environment\n`,
    );
    writeFileSync(join(directory, "config"), profiles.join("\n"));
  });
  afterEach(() => live.stop());
  after(async () => {
    rmSync(directory, { recursive: true, force: true });
    await emulator.stop();
  });

  async function rehearsed(planned: Snapshot, ...args: readonly string[]): Promise<Result> {
    const file = join(directory, "planned.json");
    writeFileSync(file, JSON.stringify(planned));
    const env = { ...live.environment, AWS_CONFIG_FILE: join(directory, "config") };
    return cli(["rehearse", "--snapshot", file, ...args, "--json"], env);
  }
  const verdictOf = ({ stdout, stderr }: Result) => {
    ok(stdout.startsWith("{"), stderr);
    return (JSON.parse(stdout) as { verdict: string }).verdict;
  };

  it("proves the plan of the source against the destination as it is", async () => {
    const planned = half(live.snapshot, SOURCE_ACCOUNT);
    strictEqual(verdictOf(await rehearsed(planned)), "unproven");
    const result = await rehearsed(planned, "--live", `${DESTINATION_ACCOUNT}=p${DESTINATION_ACCOUNT}`);
    strictEqual(verdictOf(result), "proven");
  });

  it("finds the source that replicates into a destination which is planned", async () => {
    const planned = half(live.snapshot, DESTINATION_ACCOUNT);
    const access = ["--live", `${SOURCE_ACCOUNT}=p${SOURCE_ACCOUNT}`];
    strictEqual(verdictOf(await rehearsed(planned, ...access)), "proven");
    const without = structuredClone(planned);
    for (const bucket of Object.values(without.buckets)) bucket.policy = null;
    strictEqual(verdictOf(await rehearsed(without, ...access)), "broken");
  });

  it("refuses a profile that leads into another account, and values of another form", async () => {
    const planned = half(live.snapshot, SOURCE_ACCOUNT);
    const wrong = await rehearsed(planned, "--live", `${DESTINATION_ACCOUNT}=p${SOURCE_ACCOUNT}`);
    strictEqual(wrong.code, 2);
    match(wrong.stderr, new RegExp(`leads into account ${SOURCE_ACCOUNT}, not into ${DESTINATION_ACCOUNT}`));
    const form = await rehearsed(planned, "--live", "somewhere");
    strictEqual(form.code, 2);
    match(form.stderr, /must be '<12-digit account id>=<profile>', got 'somewhere'/);
  });
});
