/** The command, as a process of its own, on five accounts with 40 buckets, of which 12 replicate. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { CloseAccountCommand, CreateAccountCommand } from "@aws-sdk/client-organizations";
import type { FleetReport } from "../../src/fleet/meaning/report";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { fleetViolations } from "../fleet/schema";
import { CASES } from "../proof/cases";
import { rule, setUp, SOURCE_REGION } from "../proof/setUp";
import { cli, CONTROL, inDirectory, type Result, width } from "../support/cli";
import { addPlainBuckets, FLEET_ACCOUNTS, type FleetPair, fleetSnapshot } from "../support/fleetSnapshot";
import { type Emulator, startEmulator } from "./support/emulator";
import { roleToEnter } from "./support/environment";
import { refusal } from "./support/keptDocuments";
import { LiveAccounts } from "./support/liveAccounts";
import { MANAGEMENT_ACCOUNT } from "./support/organization";
import { EmulatedAccount } from "./support/plant";
import type { Passing } from "./support/replicatingProxy";
import { Watching } from "./support/watching";

const measured = () => setUp({ rules: [rule({}, { Metrics: { Status: "Enabled" } })] });
const ofProof = (file: string): Snapshot => CASES.find((each) => each.file === file)!.snapshot;

interface Story {
  readonly setUp: () => Snapshot;
  readonly isWatched?: boolean;
  readonly hasQueue?: boolean;
  readonly failed?: number;
  /** What the report calls it, and its first cause. */
  readonly harm: string;
  readonly says?: RegExp;
}

const WATCHED = { isWatched: true, hasQueue: true } as const;
const FINE: Story = { setUp: measured, ...WATCHED, harm: "fine" };

const STORIES: Readonly<Record<string, Story>> = {
  "fine-a": FINE,
  "fine-b": FINE,
  "fine-c": FINE,
  "fine-d": FINE,
  "fine-e": FINE,
  "fine-f": FINE,
  "no-bucket-policy": {
    setUp: () => ofProof("bucket-policy-missing"),
    ...WATCHED,
    harm: "broken",
    says: /s3:ReplicateObject on arn:aws:s3:::no-bucket-policy-copy\/\S* is not allowed \(destination bucket policy/,
  },
  "no-key-statement": {
    setUp: () => ofProof("key-policy-without-role"),
    ...WATCHED,
    harm: "broken",
    says: /kms:Encrypt on \S+ is not allowed \(destination key policy/,
  },
  suspended: {
    setUp: () => ofProof("destination-suspended"),
    ...WATCHED,
    harm: "broken",
    says: /AWS refuses: InvalidRequest: Destination bucket must have versioning enabled/,
  },
  failing: {
    setUp: measured,
    ...WATCHED,
    failed: 3,
    harm: "failing",
    says: /rule everything: 3 operations failed in the last hour/,
  },
  "no-metrics": {
    setUp: () => setUp(),
    harm: "unwatched",
    says: /without metrics, nobody sees a failure: rule everything/,
  },
  "no-queue": {
    setUp: measured,
    isWatched: true,
    harm: "unwatched",
    says: /events of failed objects go nowhere/,
  },
};

const NO_ROLE = {
  status: 403,
  headers: { "content-type": "text/xml" },
  body: "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>",
};

/** What is broken or fails is all in one account, so that a run without that account finds nothing of it. */
const STOPPED = ["broken", "failing"];
const ACCOUNT_OF_STOPPED = FLEET_ACCOUNTS[1]!;

describe("s3-replication fleet, over HTTP", () => {
  let emulator: Emulator;
  let live: LiveAccounts;
  /** Ids of accounts whose role may not be assumed now. */
  const closed = new Set<string>();
  /** Buckets that are listed, and gone when they are asked for; and buckets whose rules the caller may not read. */
  const gone = new Set<string>();
  const secret = new Set<string>();

  const pairs = Object.entries(STORIES).map(([name, story], index): FleetPair => ({
    name,
    source: STOPPED.includes(story.harm) ? ACCOUNT_OF_STOPPED : FLEET_ACCOUNTS[[0, 2, 3][index % 3]!]!,
    destination: FLEET_ACCOUNTS[[1, 3, 0, 2, 4, 1, 3, 0, 2, 4, 1, 4][index]!]!,
    setUp: story.setUp(),
  }));
  const options = FLEET_ACCOUNTS.flatMap((id) => ["--account", `${id}=${roleToEnter(id)}`]);
  const fleet = (...args: string[]): Promise<Result> => cli(["fleet", ...options, ...args], live.environment);

  before(async () => {
    emulator = await startEmulator();
    const given = fleetSnapshot(pairs);
    addPlainBuckets(given, 16);
    live = await LiveAccounts.start(emulator, given, { before: refuseClosed });
    for (const { name, source } of pairs) {
      const { isWatched = false, hasQueue = false, failed = 0 } = STORIES[name]!;
      const watching = new Watching(emulator.endpoint, {
        accountId: source,
        region: SOURCE_REGION,
        source: name,
        destination: `${name}-copy`,
        rule: "everything",
      });
      if (isWatched) await watching.addAlarm(failed > 0);
      if (hasQueue) await watching.addQueue();
      if (failed > 0) await watching.fail(failed);
    }
  });
  afterEach(() => {
    for (const set of [closed, gone, secret]) set.clear();
  });
  after(async () => {
    await live?.stop();
    await emulator?.stop();
  });

  function refuseClosed({ method, bucket, query, body }: Passing) {
    if (method === "HEAD" && gone.has(bucket)) return { status: 404 };
    if (query.has("replication") && secret.has(bucket)) return refusal();
    const role = new URLSearchParams(body.toString()).get("RoleArn") ?? "";
    return [...closed].some((id) => role.includes(id)) ? NO_ROLE : undefined;
  }

  const reportIn = ({ stdout, stderr }: Result): FleetReport => {
    strictEqual(stderr, "");
    const report = JSON.parse(stdout) as FleetReport;
    deepStrictEqual(fleetViolations(report), []);
    return report;
  };
  const harms = ({ pairs: found }: FleetReport) =>
    Object.fromEntries(found.map(({ source, harm }) => [source.bucketName, harm]));

  it("finds the 12 buckets that replicate among 40, says what is wrong with 6, and twice the same", async () => {
    const first = await fleet("--json");
    const report = reportIn(first);
    deepStrictEqual(
      harms(report),
      Object.fromEntries(Object.entries(STORIES).map(([name, { harm }]) => [name, harm])),
    );
    for (const { source, problems } of report.pairs) {
      const { says } = STORIES[source.bucketName]!;
      if (says === undefined) deepStrictEqual(problems, [], source.bucketName);
      else match(problems[0]!.message, says);
    }
    deepStrictEqual(
      report.pairs.map(({ harm }) => harm),
      ["broken", "broken", "broken", "failing", "unwatched", "unwatched", ...Array<string>(6).fill("fine")],
    );
    deepStrictEqual(
      [
        report.accounts.map(({ buckets = 0 }) => buckets).reduce((sum, n) => sum + n),
        report.notRead,
        first.code,
      ],
      [40, [], 1],
    );
    const again = await fleet("--json");
    strictEqual(again.stdout, first.stdout);
  });

  it("is one table of 80 columns, the most harmful first", async () => {
    const { code, stdout, stderr } = await fleet();
    deepStrictEqual([code, stderr, CONTROL.test(stdout)], [1, "", false]);
    ok(width(stdout) <= 80, stdout);
    match(stdout, /✗ failing +failing \(\d{12}\) +3 \/ 3/);
    match(stdout, /^Fleet: broken \(3 broken, 1 failing, 2 unwatched, 6 fine\)$/m);
  });

  it("goes on without an account that it may not enter, says so, and exits with 3", async () => {
    closed.add(ACCOUNT_OF_STOPPED);
    const result = await fleet("--json");
    const report = reportIn(result);
    deepStrictEqual(
      report.pairs.filter(({ harm }) => STOPPED.includes(harm)),
      [],
    );
    deepStrictEqual([result.code, report.verdict, report.notRead.length], [3, "unproven", 1]);
    match(
      report.notRead[0]!.message,
      /no access to the account 222222222222 .*not authorized to perform: sts:AssumeRole/,
    );
    deepStrictEqual(
      report.accounts.map(({ accountId }) => accountId),
      FLEET_ACCOUNTS.filter((id) => id !== ACCOUNT_OF_STOPPED),
    );
    const intoClosed = report.pairs.filter(({ destination }) => destination.accountId === ACCOUNT_OF_STOPPED);
    ok(intoClosed.length > 0);
    for (const { destination, verdict, unread } of intoClosed) {
      deepStrictEqual([destination.place, verdict], ["unlisted", "unproven"]);
      ok(
        unread.some(({ action }) => action === "s3:GetBucketVersioning"),
        JSON.stringify(unread),
      );
    }
    const others = report.pairs.filter((pair) => !intoClosed.includes(pair));
    ok(others.every(({ verdict }) => verdict === "proven"));
  });

  it("passes over a bucket that vanished, and names the action that it lacks on another", async () => {
    const [, , , , last = ""] = FLEET_ACCOUNTS;
    gone.add("plain-4");
    secret.add("plain-9");
    const { code, stdout, stderr } = await cli(
      ["fleet", "--account", `${last}=${roleToEnter(last)}`],
      live.environment,
    );
    deepStrictEqual([code, stderr], [3, ""]);
    const text = stdout.replaceAll(/\s+/g, " ");
    match(text, /bucket plain-4 vanished while the accounts were read, and was passed over/);
    match(text, /needs s3:GetReplicationConfiguration on arn:aws:s3:::plain-9/);
    match(text, /Fleet: unproven \(no replicated bucket found, 1 not looked into\)/);
  });

  it("exits with 3 where no bucket is in a Region that it was asked about, and where nothing replicates", async () => {
    const typo = await fleet("--region", SOURCE_REGION, "--region", "eu-wset-1", "--json");
    match(
      reportIn(typo)
        .notRead.map(({ message }) => message)
        .join(),
      /^--region eu-wset-1: no bucket of these accounts is there; there are some in [^;]*eu-west-1/,
    );
    const nothing = await fleet("--fail-on", "unproven", "--region", "eu-wset-1");
    strictEqual(nothing.code, 3);
    match(nothing.stdout, /Fleet: unproven \(no replicated bucket found, 1 not looked into\)/);
  });

  it("refuses a role that leads into another account than was said", async () => {
    const [first = ""] = FLEET_ACCOUNTS;
    const { code, stdout, stderr } = await cli(["fleet", "--account", first], live.environment);
    deepStrictEqual([code, stdout], [2, ""]);
    match(
      stderr,
      /^--account: the caller's credentials lead into account 123456789012, not into 111111111111$/m,
    );
  });

  it("is SARIF, annotations and Markdown, and against a baseline only what is new decides", async () => {
    const before = await fleet("--json");
    await inDirectory({ "before.json": before.stdout }, async (directory) => {
      const sarif = await fleet("--format", "sarif", "--baseline", `${directory}/before.json`);
      const { runs } = JSON.parse(sarif.stdout) as { runs: { results: { baselineState: string }[] }[] };
      deepStrictEqual(
        [...new Set(runs[0]!.results.map(({ baselineState }) => baselineState))],
        ["unchanged"],
      );
      strictEqual(sarif.code, 0);
    });
    const github = await fleet("--format", "github");
    match(github.stdout, /^::error title=Replication fails now::failing to failing-copy: rule everything/m);
    match(github.stdout, /^::warning title=Nobody would notice a failure::no-queue to no-queue-copy: /m);
    const markdown = await fleet("--format", "markdown");
    match(
      markdown.stdout,
      /^## ❌ S3 replication of 12 pairs: broken\n\n3 broken, 1 failing, 2 unwatched, 6 fine\.$/m,
    );
    match(markdown.stdout, /^### Unwatched$/m);
  });
});

describe("s3-replication fleet of an organization, over HTTP", () => {
  let emulator: Emulator;
  let live: LiveAccounts;
  let suspended = "";

  before(async () => {
    emulator = await startEmulator();
    const [first = "", second = "", third = "", outside = ""] = FLEET_ACCOUNTS;
    const given = fleetSnapshot([
      { name: "within", source: first, destination: second, setUp: measured() },
      {
        name: "denied",
        source: third,
        destination: second,
        setUp: CASES.find(({ file }) => file === "scp-denies-other-regions")!.snapshot,
      },
      { name: "abroad", source: first, destination: outside, setUp: measured() },
    ]);
    // What is no account of the snapshot is none of the organization.
    delete given.accounts[outside];
    live = await LiveAccounts.start(emulator, given);
    const organizations = new EmulatedAccount(emulator.endpoint, MANAGEMENT_ACCOUNT).organizations();
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: "left behind", Email: "left@example.com" }),
    );
    suspended = CreateAccountStatus!.AccountId!;
    await organizations.send(new CloseAccountCommand({ AccountId: suspended }));
  });
  after(async () => {
    await live?.stop();
    await emulator?.stop();
  });

  const fleet = (...args: string[]) =>
    cli(["fleet", "--organization", "--role-name", "entrance", ...args, "--json"], live.environment);
  const lister = ["--organization-role-arn", roleToEnter(MANAGEMENT_ACCOUNT)];

  it("looks into every active account, and knows which destinations are outside", async () => {
    const { code, stdout, stderr } = await fleet(...lister);
    strictEqual(stderr, "");
    const report = JSON.parse(stdout) as FleetReport;
    deepStrictEqual(fleetViolations(report), []);
    const pairs = Object.fromEntries(report.pairs.map((pair) => [pair.source.bucketName, pair]));
    deepStrictEqual(
      Object.values(pairs).map(({ source, verdict, destination }) => [
        source.bucketName,
        verdict,
        destination.place,
      ]),
      [
        ["denied", "broken", "listed"],
        ["within", "proven", "listed"],
        ["abroad", "unproven", "outside"],
      ].sort(([one], [other]) => place(report, one!) - place(report, other!)),
    );
    match(pairs.denied!.problems[0]!.message, /service control policy/);
    ok(
      pairs.abroad!.problems.some(({ message }) =>
        /abroad-copy is in an account outside the organization/.test(message),
      ),
    );
    deepStrictEqual(
      report.notRead.map(({ message }) => message),
      [`account ${suspended} (left behind) is SUSPENDED, and was passed over`],
    );
    strictEqual(code, 1);
  });

  it("says that the organization cannot be listed, and exits with 3", async () => {
    const { code, stdout } = await fleet();
    const report = JSON.parse(stdout) as FleetReport;
    strictEqual(code, 3);
    match(
      report.notRead.map(({ message }) => message).join(),
      /^the organization's accounts cannot be listed: /,
    );
  });
});

const place = ({ pairs }: FleetReport, name: string) =>
  pairs.findIndex(({ source }) => source.bucketName === name);
