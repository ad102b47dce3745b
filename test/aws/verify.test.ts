import { strict as assert } from "node:assert";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteBucketPolicyCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import Ajv from "ajv/dist/2020";
import type { VerificationReport } from "../../src/verification/report";
import { cli } from "../support/cli";
import { emulatorEnvironment, roleToEnter } from "./support/environment";
import { refusal } from "./support/keptDocuments";
import { EmulatedPair } from "./support/pairs";
import { EmulatedAccount } from "./support/plant";
import { anHourLater } from "./support/replicatingProxy";
import { arrives, asRehearsed, type Fate } from "./support/replication";

const SCHEMA = join(__dirname, "..", "..", "schemas", "verification.schema.json");

/** The report that `--json` prints, checked by its published schema. */
function reportIn(stdout: string): VerificationReport {
  const report = JSON.parse(stdout) as VerificationReport;
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);
  assert.ok(validate(report), JSON.stringify(validate.errors));
  return report;
}

describe("s3-replication verify, over HTTP", () => {
  let pair: EmulatedPair;

  /** Delete markers, SSE-KMS, several rules and two destinations. */
  before(async () => (pair = await EmulatedPair.start("fan-out")));
  beforeEach(() => {
    pair.proxy.replication.decide = arrives;
    pair.proxy.options = { snapshot: pair.snapshot };
  });
  after(async () => pair?.stop());

  const sourceClient = () => new EmulatedAccount(pair.proxy.endpoint, "111111111111").s3("eu-west-1");

  it("verifies each rule and leaves nothing", async () => {
    pair.proxy.replication.decide = () => ({ status: "COMPLETED", afterPolls: 1 });
    const { code, stdout } = await pair.run("verify");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /rule everything-to-frankfurt to fan-out-frankfurt {2}✓ verified in [\d.]+ s/);
    assert.match(
      stdout,
      /✓ version id {2}✓ bytes {2}✓ encryption {2}✓ storage class {2}✓ tags {2}✓ owner {2}✓ delete marker/,
    );
    assert.match(stdout, /rule orders-to-oregon to fan-out-oregon {2}✓ verified/);
    assert.match(
      stdout,
      /^ {4}orders\/\.s3-replication-canary\/fan-out-objects\/orders-to-oregon\/[0-9a-f]{8}-1020$/m,
    );
    assert.match(stdout, /Verdict: verified \(2 verified\)/);
    assert.deepEqual(await pair.objects(), []);
  });

  it("prints the same as one JSON document, and nothing else", async () => {
    const { code, stdout } = await pair.run("verify", "--json", "--canary-prefix", "probe/");
    const { verdict, rules } = reportIn(stdout);
    assert.deepEqual([code, verdict], [0, "verified"]);
    assert.match(rules[1]!.canary!.key, /^orders\/probe\/fan-out-objects\/orders-to-oregon\//);
    assert.deepEqual(
      rules.map(({ outcome, checks }) => [outcome, checks.map(({ result }) => result).join()]),
      [
        ["verified", "right,right,right,right,right,right,right"],
        ["verified", "right,right,right,right,right,right"],
      ],
    );
  });

  const wrongReplicas: Record<string, Fate> = {
    "version id": { status: "COMPLETED", replica: { absent: true } },
    bytes: { status: "COMPLETED", replica: { body: "other" } },
    encryption: { status: "COMPLETED", replica: { encryption: { algorithm: "AES256" } } },
    "storage class": { status: "COMPLETED", replica: { storageClass: "GLACIER_IR" } },
    tags: { status: "COMPLETED", replica: { tags: { team: "other" } } },
    owner: { status: "COMPLETED", replica: { owner: "111111111111" } },
  };
  for (const [name, fate] of Object.entries(wrongReplicas)) {
    it(`finds a replica that is wrong: ${name}`, async () => {
      pair.proxy.replication.decide = ({ rule, object }) =>
        rule.ID === "orders-to-oregon" && object.key.startsWith("orders/") ? fate : arrives({} as never);
      const { code, stdout } = await pair.run("verify", "--json");
      const { rules } = reportIn(stdout);
      assert.deepEqual([code, rules.map(({ outcome }) => outcome)], [1, ["verified", "wrong"]]);
      const wrong = rules[1]!.checks.filter(({ result }) => result === "wrong");
      assert.deepEqual(
        wrong.map((check) => check.name),
        [name],
      );
      assert.deepEqual(await pair.objects(), []);
    });
  }

  it("says which rule failed, also where another rule takes the same canary", async () => {
    pair.proxy.replication.decide = ({ rule }) =>
      rule.ID === "everything-to-frankfurt"
        ? { status: "FAILED", failureReason: "DstPutObjectNotPermitted" }
        : { status: "COMPLETED" };
    const { code, stdout } = await pair.run("verify");
    assert.equal(code, 1);
    assert.match(stdout, /everything-to-frankfurt to fan-out-frankfurt {2}✗ FAILED/);
    assert.match(stdout, /orders-to-oregon to fan-out-oregon {2}✓ verified/);
    assert.match(
      stdout,
      /S3 says FAILED: the replica arrived here, but not in each of\n\s+fan-out-frankfurt/,
    );
    assert.deepEqual(await pair.objects(), []);
  });

  it("fails where the accounts, as rehearsed, lack a permission, and has the doctor say which", async () => {
    const broken = structuredClone(pair.snapshot);
    broken.buckets["arn:aws:s3:::fan-out-oregon"]!.policy = null;
    pair.proxy.replication.decide = asRehearsed(broken);
    const s3 = new EmulatedAccount(pair.proxy.endpoint, "333333333333").s3("us-west-2");
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: "fan-out-oregon" }));
    const { code, stdout } = await pair.run("verify");
    assert.equal(code, 1);
    assert.match(stdout, /What the doctor says/);
    assert.match(stdout, /destination bucket policy/);
    assert.match(stdout, /Verdict: failed \(1 verified, 1 failed\)/);
  });

  it("gives up at the deadline, and says that a replica may arrive later", async () => {
    pair.proxy.replication.decide = () => ({ status: "PENDING" });
    const { code, stdout } = await pair.run("verify", "--timeout", "1s");
    assert.equal(code, 3);
    assert.match(stdout, /the canary is PENDING: it had not finished after 1 seconds/);
    assert.match(stdout, /a replica that arrives later is removed by the next run/);
    assert.deepEqual(await pair.objects(), []);
  });

  it("does not take a delete marker for granted", async () => {
    pair.proxy.replication.decide = ({ object }) =>
      object.deleteMarker === true ? { status: "PENDING" } : { status: "COMPLETED" };
    const { code, stdout } = await pair.run("verify", "--timeout", "2s");
    assert.equal(code, 3);
    assert.match(stdout, /its delete marker has not arrived: it had not finished after 2 seconds/);
    assert.deepEqual(await pair.objects(), []);
  });

  it("survives lost answers and throttling, with no second canary left over", async () => {
    const seen = new Set<string>();
    const isFirst = (text: string) => !seen.has(text) && seen.add(text) !== undefined;
    pair.proxy.options = {
      snapshot: pair.snapshot,
      before: ({ method, bucket, query }) =>
        bucket !== "" && isFirst(`before ${method} ${bucket} ${[...query.keys()].join()}`)
          ? refusal("SlowDown", 503)
          : undefined,
      after: ({ method, bucket }) =>
        bucket !== "" && method !== "GET" && isFirst(`after ${method} ${bucket}`) ? "drop" : undefined,
    };
    const { code, stdout } = await pair.run("verify");
    assert.equal(code, 0, stdout);
    assert.ok(seen.has("after PUT fan-out-objects"));
    assert.deepEqual(await pair.objects(), []);
  });

  it("says whose event notifications a canary triggers", async () => {
    const queue = "arn:aws:sqs:eu-west-1:111111111111:orders";
    pair.proxy.options = {
      snapshot: pair.snapshot,
      before: ({ method, bucket, query }) =>
        method === "GET" && bucket === "fan-out-objects" && query.has("notification")
          ? {
              status: 200,
              headers: { "content-type": "application/xml" },
              body: `<NotificationConfiguration><QueueConfiguration><Queue>${queue}</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>`,
            }
          : undefined,
    };
    const { code, stdout } = await pair.run("verify", "--json");
    assert.equal(code, 0);
    assert.deepEqual(reportIn(stdout).notes, [
      `canaries in bucket 'fan-out-objects' trigger its own event notifications: ${queue}`,
    ]);
  });

  it("puts nothing where it may not look into the destination, unless it is told to", async () => {
    pair.proxy.options = {
      snapshot: pair.snapshot,
      before: ({ bucket, method }) =>
        bucket.startsWith("fan-out-") && bucket !== "fan-out-objects" && method !== "HEAD"
          ? refusal()
          : undefined,
    };
    const refused = await pair.run("verify");
    assert.equal(refused.code, 3);
    assert.match(
      refused.stdout,
      /canaries would pile up: replicas in bucket 'fan-out-frankfurt' can neither/,
    );
    assert.deepEqual(await pair.objects(), []);
    const { code, stdout } = await pair.run("verify", "--leave-canaries", "--json");
    const { rules } = reportIn(stdout);
    assert.deepEqual([code, rules.map(({ outcome }) => outcome)], [3, ["unfinished", "unfinished"]]);
    assert.deepEqual(
      rules.flatMap(({ left }) => left.map(({ bucket, key }) => `${bucket}/${key}`)).sort(),
      (await pair.objects()).sort(),
    );
    pair.proxy.options = { snapshot: pair.snapshot, after: anHourLater };
    assert.match((await pair.run("verify")).stdout, /removed what earlier runs had left: 1 versions/);
    assert.deepEqual(await pair.objects(), []);
  });

  for (const [signal, expectedCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`cleans up after ${signal}`, async () => {
      pair.proxy.replication.decide = () => ({ status: "PENDING" });
      let child: ChildProcess | undefined;
      const asked = new Set<string>();
      pair.proxy.options = {
        snapshot: pair.snapshot,
        after: ({ method, key }) => {
          if (method !== "HEAD" || key === "") return undefined;
          // Who asks a second time has heard the first answer.
          if (asked.has(key) && child?.killed === false) child.kill(signal);
          asked.add(key);
          return undefined;
        },
      };
      const { code, stdout, stderr } = await pair.start("verify", [], (started) => (child = started));
      assert.equal(code, expectedCode);
      assert.match(stderr, /stopping, and cleaning up/);
      assert.match(stdout, /the canary is PENDING: it was stopped/);
      assert.deepEqual(await pair.objects(), []);
    });
  }

  it("leaves a run that is at work alone", async () => {
    pair.proxy.replication.decide = () => ({ status: "PENDING" });
    let child: ChildProcess | undefined;
    let second: Promise<{ code: number; stdout: string }> | undefined;
    pair.proxy.options = {
      snapshot: pair.snapshot,
      after: ({ method, key }) => {
        if (method === "HEAD" && key !== "") second ??= pair.run("verify");
        return undefined;
      },
    };
    const first = pair.start("verify", [], (started) => (child = started));
    while (second === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    const { code, stdout } = await second;
    child?.kill("SIGINT");
    assert.equal((await first).code, 130);
    assert.equal(code, 3);
    assert.match(stdout, /Verdict: unfinished \((1 unfinished, 1|2) skipped\)/);
    assert.match(stdout, /another run is verifying this rule/);
    assert.deepEqual(await pair.objects(), []);
  });

  it("leaves the user's own objects alone, also under the canaries' prefix", async () => {
    const s3 = sourceClient();
    pair.proxy.replication.decide = () => ({ status: "PENDING" });
    const keys = ["a", ".s3-replication-canary/fan-out-objects/everything-to-frankfurt/readme.txt"];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: pair.source, Key, Body: "own" }));
    pair.proxy.options = { snapshot: pair.snapshot, after: anHourLater };
    pair.proxy.replication.decide = arrives;
    assert.equal((await pair.run("verify")).code, 0);
    assert.deepEqual(await pair.objects(), keys.map((key) => `${pair.source}/${key}`).reverse());
  });

  it("never prints credentials", async () => {
    const secret = "wJalrXUtnFEMI-recognisable";
    const environment = { ...emulatorEnvironment(pair.proxy.endpoint), AWS_SECRET_ACCESS_KEY: secret };
    pair.proxy.options = {
      snapshot: pair.snapshot,
      before: ({ method }) => (method === "PUT" ? refusal() : undefined),
    };
    const role = ["--source-role-arn", roleToEnter("111111111111"), "--source-external-id", secret];
    for (const more of [[], ["--json"], ["--timeout", "nonsense"]]) {
      const { stdout, stderr } = await cli(["verify", pair.source, ...role, ...more], environment);
      assert.ok(stdout.length + stderr.length > 0);
      assert.ok(!`${stdout}${stderr}`.includes("recognisable"));
    }
  });

  it("takes bad input and missing buckets with one sentence and exit code 2", async () => {
    const environment = emulatorEnvironment(pair.proxy.endpoint);
    const cases: [string[], RegExp][] = [
      [["Not_A_Bucket"], /^<source-bucket>: must be .*got 'Not_A_Bucket'/],
      [[pair.source, "--timeout", "0s"], /^--timeout: must be a time from 1s to 24 hours.*got '0s'/],
      [[pair.source, "--canary-prefix", "no-slash"], /^--canary-prefix: .*got 'no-slash'/],
      [["fan-out-nowhere"], /^there is no bucket 'fan-out-nowhere'; is its name spelt right\?\n/],
      [
        ["fan-out-oregon"],
        /^bucket 'fan-out-oregon' has no replication configuration, so there is nothing to verify\n/,
      ],
    ];
    for (const [[bucket = "", ...options], message] of cases) {
      // Of the account that the bucket belongs to.
      const account = bucket === "fan-out-oregon" ? "333333333333" : "111111111111";
      const args = ["verify", bucket, "--source-role-arn", roleToEnter(account), ...options];
      const { code, stdout, stderr } = await cli(args, environment);
      const text = stderr.replace(/^\(node:\d+\)[^]*?was created\)\n/, "");
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(text, message);
      assert.equal(text.split("\n").length, 2, text);
    }
  });
});

describe("s3-replication verify, where nothing may be deleted", () => {
  let pair: EmulatedPair;
  before(async () => (pair = await EmulatedPair.start("object-lock")));
  after(async () => pair?.stop());

  it("refuses under a default retention, unless it is told to leave canaries", async () => {
    const s3 = new EmulatedAccount(pair.proxy.endpoint, "222222222222").s3("eu-central-1");
    const [replicas = ""] = Object.entries(pair.snapshot.buckets).find(([, each]) => !each.replication) ?? [];
    const Bucket = replicas.split(":").at(-1)!;
    await s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: {
          ObjectLockEnabled: "Enabled",
          Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } },
        },
      }),
    );
    const refused = await pair.run("verify");
    assert.equal(refused.code, 3);
    assert.match(
      refused.stdout.replaceAll(/\s+/g, " "),
      new RegExp(
        `canaries would pile up: bucket '${Bucket}' has a default retention \\(COMPLIANCE, 1 days\\)`,
      ),
    );
    assert.deepEqual(await pair.objects(), []);
    const { code, stdout } = await pair.run("verify", "--leave-canaries", "--json");
    const { rules } = reportIn(stdout);
    assert.equal(code, 0);
    assert.deepEqual(
      rules.flatMap(({ left }) => left.map(({ bucket, key }) => `${bucket}/${key}`)),
      await pair.objects(),
    );
    assert.equal((await pair.objects()).length, 1);
  });
});
