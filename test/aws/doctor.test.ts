/** The command, as a process of its own, on accounts with planted faults. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { PutBucketNotificationConfigurationCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import Ajv from "ajv/dist/2020";
import { parseSnapshot } from "../../src/snapshot/snapshotFile";
import type { Snapshot } from "../../src/snapshot/snapshot";
import type { Diagnosis } from "../../src/doctor/diagnose";
import { applyAdvice } from "../proof/applyAdvice";
import { CASES } from "../proof/cases";
import { DESTINATION, ROLE, rule, setUp, SOURCE, SOURCE_ACCOUNT, without } from "../proof/setUp";
import { cli, type Result, width } from "../support/cli";
import { type Emulator, startEmulator } from "./support/emulator";
import { LiveAccounts } from "./support/liveAccounts";
import { mend } from "./support/mend";
import type { Decide } from "./support/replication";
import { EmulatedAccount } from "./support/plant";

const BUCKET = "acme-invoices";
const SECRET = "a-secret-that-nobody-may-see";

const ofProof = (file: string): Snapshot => CASES.find((each) => each.file === file)!.snapshot;

/** A rule's replica key that nobody made: the emulator is planted with the other one. */
const NO_KEY = "arn:aws:kms:eu-west-1:444455556666:key/00000000-0000-4000-8000-00000000dead";

interface Fault {
  readonly about: string;
  readonly snapshot: Snapshot;
  /** What the text names. */
  readonly says: RegExp;
  /** False: only a person can choose what to do. @default true */
  readonly mended?: boolean;
}

const FAULTS: readonly Fault[] = [
  {
    about: "the wrong action in the role's policy",
    snapshot: ofProof("role-get-object-version-kms"),
    says: /s3:GetObjectVersionForReplication .* is not allowed \(role policy\)/,
  },
  {
    about: "no statement for the role in the key policy",
    snapshot: ofProof("key-policy-without-role"),
    says: /kms:Encrypt .* is not allowed \(destination key policy\)/,
  },
  {
    about: "the wrong path of the role in the bucket policy",
    snapshot: ofProof("bucket-policy-wrong-role-path"),
    says: /which names arn:aws:iam::111122223333:role\/\S+; the role is arn:aws:iam::111122223333:role/,
  },
  {
    about: "the wrong path of the role in the replication configuration",
    snapshot: atAnotherPath(),
    says: /there is no role \S+role\/acme-replication; the role of that name is \S+role\/service-role\/acme-replication/,
  },
  {
    about: "suspended versioning",
    snapshot: ofProof("destination-suspended"),
    says: /versioning .* is suspended/,
  },
  {
    about: "a disabled key",
    snapshot: ofProof("key-disabled"),
    says: /DstKmsKeyInvalidState: .* is Disabled/,
  },
  {
    about: "a key that is to be deleted",
    snapshot: ofProof("key-pending-deletion"),
    says: /SrcKmsKeyInvalidState: .* is PendingDeletion/,
  },
  {
    about: "the wrong Region in kms:ViaService",
    snapshot: ofProof("key-via-service-of-source-region"),
    says: /kms:Encrypt .* is not allowed \(role policy\)/,
  },
  {
    about: "the wrong encryption context",
    snapshot: ofProof("key-context-of-source-bucket"),
    says: /kms:Encrypt .* is not allowed/,
  },
  {
    about: "a Deny without an exception for the role",
    snapshot: ofProof("deny-outside-role-list"),
    says: /denies s3:ReplicateObject/,
  },
  {
    about: "a permissions boundary",
    snapshot: ofProof("boundary-without-kms"),
    says: /kms:Decrypt .* is not allowed \(permission boundary\)/,
  },
  {
    about: "a service control policy",
    snapshot: ofProof("scp-denies-other-regions"),
    says: /'DenyOtherRegions' of the service control policy denies s3:ReplicateObject/,
  },
  {
    about: "a public bucket policy that the block of public access cuts off",
    snapshot: ofProof("public-policy-cut-off"),
    says: /RestrictPublicBuckets cuts public policies off/,
  },
  {
    about: "the same block in the account as a whole",
    snapshot: blockedInAccount(),
    says: /RestrictPublicBuckets cuts public policies off/,
  },
  {
    about: "no bucket policy",
    snapshot: ofProof("bucket-policy-missing"),
    says: /destination bucket policy/,
  },
  {
    about: "an owner override that the bucket policy does not allow, under ACLs",
    snapshot: ofProof("override-missing-in-bucket-policy"),
    says: /s3:ObjectOwnerOverrideToBucketOwner/,
  },
  {
    about: "a replica key that does not exist",
    snapshot: setUp({ rules: [rule({}, { EncryptionConfiguration: { ReplicaKmsKeyID: NO_KEY } })] }),
    says: new RegExp(`DstKmsKeyNotFound: the replica key ${NO_KEY} does not exist`),
  },
  {
    about: "a destination bucket that does not exist",
    snapshot: setUp({ rules: [rule({}, { Bucket: "arn:aws:s3:::acme-invoices-cpoy" })] }),
    says: /DstBucketNotFound: there is no destination bucket arn:aws:s3:::acme-invoices-cpoy/,
    mended: false,
  },
  {
    about: "no replication configuration",
    snapshot: setUp({ source: { replication: null } }),
    says: /the bucket has no replication configuration, so S3 replicates nothing/,
    mended: false,
  },
];

/** The role is at another path than the configuration says, and the other documents say so too. */
function atAnotherPath(): Snapshot {
  const there = ROLE.replace(":role/", ":role/service-role/");
  const text = JSON.stringify(setUp()).replaceAll(ROLE, there);
  const snapshot = JSON.parse(text) as Snapshot;
  const source = snapshot.buckets[SOURCE]!;
  source.replication = { ...source.replication!, Role: ROLE };
  return snapshot;
}

function blockedInAccount(): Snapshot {
  const snapshot = structuredClone(ofProof("public-policy-cut-off"));
  const destination = snapshot.buckets[DESTINATION]!;
  destination.publicAccessBlock = { blockPublicAcls: true };
  snapshot.accounts[destination.account]!.publicAccessBlock = { restrictPublicBuckets: true };
  return snapshot;
}

describe("s3-replication doctor, over HTTP", () => {
  let emulator: Emulator;
  let live: LiveAccounts | undefined;
  let directory: string;

  before(async () => {
    emulator = await startEmulator();
    directory = mkdtempSync(join(tmpdir(), "s3-replication-doctor-"));
  });
  afterEach(async () => {
    await live?.stop();
    live = undefined;
  });
  after(async () => {
    await emulator?.stop();
    rmSync(directory, { recursive: true });
  });

  async function start(snapshot: Snapshot, decide?: Decide): Promise<LiveAccounts> {
    return (live = await LiveAccounts.start(emulator, snapshot, decide === undefined ? {} : { decide }));
  }

  async function doctor(accounts: LiveAccounts, ...args: string[]): Promise<Result> {
    const result = await cli(["doctor", BUCKET, ...accounts.optionsFor(BUCKET), ...args], {
      ...accounts.environment,
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_SESSION_TOKEN: SECRET,
    });
    doesNotMatch(result.stdout + result.stderr, new RegExp(SECRET));
    return result;
  }

  let files = 0;
  const newFile = () => join(directory, `${(files += 1)}.json`);

  for (const { about, snapshot: given, says, mended = true } of FAULTS) {
    it(`finds ${about}${mended ? ", and what it advises mends it" : ""}`, async () => {
      const accounts = await start(given);
      const file = newFile();
      const found = await doctor(accounts, "--write-snapshot", file);
      match(found.stdout.replaceAll(/\s+/g, " "), says);
      match(found.stdout, /\nVerdict: broken/);
      strictEqual(found.code, 1, found.stderr);

      const { advice } = diagnosisIn(await doctor(accounts, "--json"));
      if (!mended) return;
      const read = parseSnapshot(JSON.parse(readFileSync(file, "utf8")), file);
      await mend(accounts.proxy.endpoint, read, applyAdvice(read, advice));
      const again = await doctor(accounts);
      match(again.stdout, /\nVerdict: proven/);
      strictEqual(again.code, 0, again.stdout);
    });
  }

  it("finds nothing wrong where nothing is, and shows who asked and the keys as they are", async () => {
    const accounts = await start(setUp());
    const { live: seen, verdict } = diagnosisIn(await doctor(accounts, "--json"));
    strictEqual(verdict, "proven");
    ok(width((await doctor(accounts)).stdout) <= 80);
    deepStrictEqual(seen.unanswered, []);
    deepStrictEqual(
      seen.keys.map(({ state, manager }) => ({ state, manager })),
      [
        { state: "Enabled", manager: "CUSTOMER" },
        { state: "Enabled", manager: "CUSTOMER" },
      ],
    );
    match(seen.callers[0]?.arn ?? "", /111122223333:assumed-role\/entrance/);
  });

  it("is broken where a rule leaves out what the bucket encrypts by default", async () => {
    const blind = without(rule(), "SourceSelectionCriteria");
    const accounts = await start(setUp({ rules: [blind] }));
    const { code, stdout } = await doctor(accounts);
    strictEqual(code, 1);
    const text = stdout.replaceAll(/\s+/g, " ");
    match(text, /objects of acme-invoices are under SSE-KMS by default, and rule '[^']+'/);
    match(text, /sse-kms-not-selected:acme-invoices/);
  });

  it("tells what the caller lacks where the destination cannot be entered, and proves nothing", async () => {
    const accounts = await start(setUp());
    const [, sourceRole = ""] = accounts.optionsFor(BUCKET);
    const result = await cli(["doctor", BUCKET, "--source-role-arn", sourceRole], accounts.environment);
    strictEqual(result.code, 3);
    const text = result.stdout.replaceAll(/\s+/g, " ");
    match(text, /Verdict: unproven/);
    match(text, /assumed-role\/entrance\/s3-replication needs, on arn:aws:s3:::acme-invoices-copy:/);
    match(text, /s3:GetBucketVersioning/);
    match(text, /bucket acme-invoices-copy in eu-west-1: .*not read: versioning/);
  });

  it("leaves policies of an organization unproven that the caller may not read, and says that nothing else is", async () => {
    const accounts = await start(ofProof("scp-denies-other-regions"));
    const options = accounts.optionsFor(BUCKET).slice(0, -2);
    const run = (...more: string[]) => cli(["doctor", BUCKET, ...options, ...more], accounts.environment);
    const unread = await run("--json");
    strictEqual(unread.code, 3);
    const { live: seen } = diagnosisIn(unread);
    match(seen.provenIf ?? "", /^no service or resource control policy/);
    deepStrictEqual(
      [...new Set(seen.unanswered.map(({ action }) => action))],
      ["organizations:ListPoliciesForTarget"],
    );
    const assumed = await run("--assume-organization-allows");
    strictEqual(assumed.code, 0);
    match(assumed.stdout, /no service control policies apply/);
  });

  it("counts objects by their status, and says what would become of those that failed", async () => {
    const accounts = await start(setUp(), ({ object }) =>
      object.key === "lost"
        ? { status: "FAILED", failureReason: "DstPutObjectNotPermitted" }
        : { status: "COMPLETED" },
    );
    const s3 = new EmulatedAccount(accounts.proxy.endpoint, SOURCE_ACCOUNT).s3("eu-central-1");
    for (const Key of ["found", "lost"])
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));
    const result = await doctor(accounts, "--json");
    const { sample } = diagnosisIn(result).live;
    deepStrictEqual([sample.lookedAt, sample.counts.COMPLETED, sample.counts.FAILED], [2, 1, 1]);
    deepStrictEqual(
      sample.objects.map(({ key, status, onPaper }) => ({ key, status, onPaper })),
      [{ key: "lost", status: "FAILED", onPaper: "COMPLETED" }],
    );
    match(
      (await doctor(accounts)).stdout.replaceAll(/\s+/g, " "),
      /'s3-replication backfill acme-invoices' copies objects/,
    );
    strictEqual(diagnosisIn(await doctor(accounts, "--json", "--sample", "0")).live.sample.lookedAt, 0);
  });

  it("finds objects under a key that no policy names", async () => {
    const other = "arn:aws:kms:eu-central-1:111122223333:key/1a2b3c4d-0000-4000-8000-000000000003";
    const given = setUp();
    given.keys[other] = structuredClone(Object.values(given.keys)[0]!);
    const accounts = await start(given);
    const named = JSON.stringify([accounts.snapshot.accounts, accounts.snapshot.buckets]);
    const keyArn = Object.keys(accounts.snapshot.keys).find((arn) => !named.includes(arn));
    const s3 = new EmulatedAccount(emulator.endpoint, SOURCE_ACCOUNT).s3("eu-central-1");
    await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: "stranger",
        Body: "x",
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: keyArn,
      }),
    );
    const { verdict, live: seen, advice } = diagnosisIn(await doctor(accounts, "--json"));
    deepStrictEqual([verdict, seen.sample.objects[0]?.onPaper], ["broken", "FAILED"]);
    ok(JSON.stringify(advice).includes(keyArn ?? "no key"));
  });

  it("looks at the events of failures without taking them, and names the cause of each", async () => {
    const accounts = await start(ofProof("bucket-policy-missing"));
    const { queueUrl, sqs } = await plantQueue("failures");
    for (const key of ["a+b", "c"]) await sqs.send(failure(queueUrl, key, "DstPutObjectNotPermitted"));
    await sqs.send(failure(queueUrl, "d", "DstVersionNotFound"));
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "no JSON" }));
    const { queues } = diagnosisIn(await doctor(accounts, "--json")).live;
    deepStrictEqual(
      queues[0]?.reasons.map(({ failureReason, count, onPaper }) => [
        failureReason,
        count,
        onPaper.length > 0,
      ]),
      [
        ["DstPutObjectNotPermitted", 2, true],
        ["DstVersionNotFound", 1, false],
      ],
    );
    deepStrictEqual(queues[0]?.events.map(({ key }) => key).sort(), ["a b", "c", "d"]);
    match((await doctor(accounts)).stdout, /DstPutObjectNotPermitted, 2 times/);
  });

  it("knows the test event that S3 sends into a new queue, and says that nothing failed", async () => {
    const accounts = await start(setUp());
    await plantQueue("failures");
    const [queue] = diagnosisIn(await doctor(accounts, "--json")).live.queues;
    deepStrictEqual([queue?.waiting, queue?.testEvents, queue?.events], [1, 1, []]);
    match(
      (await doctor(accounts)).stdout.replaceAll(/\s+/g, " "),
      /about 1 message waiting; 0 failure events looked at one test event that S3 sends when notifications are set up; nothing failed/,
    );
  });

  it("does not look into a queue whose messages a look would move away", async () => {
    const accounts = await start(setUp());
    const { queueUrl, sqs } = await plantQueue("failures", {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: "arn:aws:sqs:eu-central-1:111122223333:dead",
        maxReceiveCount: 1,
      }),
    });
    await sqs.send(failure(queueUrl, "a", "DstPutObjectNotPermitted"));
    const [queue] = diagnosisIn(await doctor(accounts, "--json")).live.queues;
    match(queue?.notLookedAt ?? "", /redrive policy/);
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      }),
    );
    strictEqual(Messages?.[0]?.Attributes?.ApproximateReceiveCount, "1");
  });

  it("tells bad input in one line", async () => {
    const accounts = await start(setUp());
    const run = (...args: string[]) => cli(["doctor", ...args], accounts.environment);
    for (const [args, says] of [
      [["Acme_Data"], /^<source-bucket>: must be an S3 bucket name/],
      [[BUCKET, "--sample", "many"], /^--sample: must be a whole number from 0 to 2000, got 'many'/],
      [["acme-nowhere", ...accounts.optionsFor(BUCKET)], /^there is no bucket 'acme-nowhere'/],
    ] as const) {
      const { code, stderr, stdout } = await run(...args);
      match(withoutWarnings(stderr), says);
      deepStrictEqual([code, stdout, withoutWarnings(stderr).trim().split("\n").length], [2, "", 1]);
    }
  });

  async function plantQueue(QueueName: string, Attributes: Record<string, string> = {}) {
    const account = new EmulatedAccount(emulator.endpoint, SOURCE_ACCOUNT);
    const sqs = account.sqs("eu-central-1");
    await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
    const { QueueUrl: queueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    await account.s3("eu-central-1").send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: BUCKET,
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              QueueArn: `arn:aws:sqs:eu-central-1:${SOURCE_ACCOUNT}:${QueueName}`,
              Events: ["s3:Replication:OperationFailedReplication"],
            },
          ],
        },
      }),
    );
    return { queueUrl, sqs };
  }
});

function failure(QueueUrl: string, key: string, failureReason: string): SendMessageCommand {
  const record = {
    eventName: "s3:Replication:OperationFailedReplication",
    eventTime: "2026-11-20T08:00:00.000Z",
    s3: { bucket: { name: BUCKET }, object: { key, versionId: "v1" } },
    replicationEventData: { replicationRuleId: "everything", failureReason },
  };
  return new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ Records: [record] }) });
}

const validate = new Ajv({ allErrors: true }).compile(
  JSON.parse(readFileSync(join(__dirname, "..", "..", "schemas", "doctor.schema.json"), "utf8")) as object,
);

/** What --json printed, which is what the schema says. */
function diagnosisIn({ stdout, stderr }: Result): Diagnosis {
  ok(stdout !== "", stderr);
  const diagnosis = JSON.parse(stdout) as Diagnosis;
  ok(validate(diagnosis), JSON.stringify(validate.errors));
  return diagnosis;
}

/** Node.js's own, about versions of the SDK to come. */
function withoutWarnings(stderr: string): string {
  return stderr.replace(/\(node:\d+\) Warning: NodeVersionSupportWarning[\s\S]*?was created\)\n/g, "");
}
