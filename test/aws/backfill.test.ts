import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteRoleCommand, DeleteRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import Ajv from "ajv/dist/2020";
import { cli, command, type Result, width } from "../support/cli";
import { snapshotOf } from "../support/examples";
import { type Emulator, startEmulator } from "./support/emulator";
import { emulatorEnvironment, roleToEnter } from "./support/environment";
import { JobsServer, type Look, type PlayedJob } from "./support/jobs";
import { EmulatedAccount, plant } from "./support/plant";

const SOURCE = "111111111111";
const BUCKET = "backfill-objects";
const DESK = "backfill-desk";
const REPORTS = "batch-replication/reports";
const FIRST = "00000000-0000-4000-8000-000000000001";
const SECRET = "a-secret-that-nobody-may-see";

const ARGS = ["backfill", BUCKET, "--source-role-arn", roleToEnter(SOURCE)];
const WITH_REPORT = [...ARGS, "--report", `s3://${DESK}/${REPORTS}`];

const RUNNING: Look = { status: "Active", total: 1000, succeeded: 400 };
const DONE: Look = { status: "Complete", total: 1000, succeeded: 1000 };
const FAILED: Look = { status: "Complete", total: 1000, succeeded: 997, failed: 3 };

/** A job that waits: calls of S3 Control that change something. */
const WRITES =
  /^(POST|PUT|DELETE) \/v20180820\/|^(PUT|DELETE) |^POST .* (Put|Create|Delete|Update|Attach)\w+$/;

const validate = new Ajv({ allErrors: true }).compile(
  JSON.parse(readFileSync(join(__dirname, "..", "..", "schemas", "backfill.schema.json"), "utf8")) as object,
);

/** What `--json` prints, once the schema holds. */
function documentOf({ stdout }: Result) {
  const document = JSON.parse(stdout) as {
    outcome: string;
    made: boolean;
    job?: { id: string; status: string };
    failures: { cause: string; count: number }[];
    notes: string[];
    request?: { ClientRequestToken: string };
  };
  deepStrictEqual(validate(document) ? [] : validate.errors, []);
  return document;
}

describe("backfill, over HTTP (S3, IAM and STS are the emulator's; the jobs are played)", () => {
  let emulator: Emulator;
  let server: JobsServer;
  let account: EmulatedAccount;

  before(async () => {
    emulator = await startEmulator();
    server = await JobsServer.start(emulator.endpoint);
    await plant(emulator.endpoint, await snapshotOf("backfill"));
    account = new EmulatedAccount(emulator.endpoint, SOURCE);
    await account.s3("us-east-1").send(new CreateBucketCommand({ Bucket: DESK }));
  });
  after(async () => {
    await server?.stop();
    await emulator?.stop();
  });

  async function backfill(args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Result> {
    const env = { ...emulatorEnvironment(server.endpoint), AWS_SECRET_ACCESS_KEY: SECRET };
    const result = await cli(args, env, onStart);
    doesNotMatch(result.stdout + result.stderr, new RegExp(SECRET));
    return result;
  }

  async function putReport(jobId: string, lines: string): Promise<void> {
    const folder = `${REPORTS}/job-${jobId}`;
    const manifest = {
      Format: "Report_CSV_20180820",
      ReportCreationDate: "2026-11-21T08:10:00.000Z",
      Results: [
        { TaskExecutionStatus: "failed", Bucket: DESK, MD5Checksum: "", Key: `${folder}/results/1.csv` },
      ],
      ReportSchema: "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage",
    };
    const s3 = account.s3("us-east-1");
    for (const [Key, Body] of [
      [`${folder}/manifest.json`, JSON.stringify(manifest)],
      [`${folder}/results/1.csv`, lines],
    ] as const) {
      await s3.send(new PutObjectCommand({ Bucket: DESK, Key, Body }));
    }
  }

  describe("makes one job and follows it", () => {
    it("to its end, as text", async () => {
      server.reset({ script: [{ status: "Preparing" }, RUNNING, DONE] });
      const { code, stdout, stderr } = await backfill([...WITH_REPORT, "--yes"]);
      deepStrictEqual([code, server.jobs.length, stderr.includes(`job ${FIRST}`)], [0, 1, true]);
      match(stdout, /^Batch Replication job of backfill-objects \(account 111111111111, us-east-1\)\n/);
      match(stdout, /objects +1,000: 1,000 replicated, 0 failed\n/);
      match(stdout, /\nReplicated: all 1,000 objects\n$/);
      ok(width(stdout) <= 80);
    });

    it("to its failures, which the completion report explains, as text and as JSON", async () => {
      server.reset({ script: [FAILED] });
      await putReport(
        FIRST,
        `${BUCKET},documents/a,v1,failed,DstPutObjectNotPermitted,403,Access denied\n${BUCKET},documents/b,v2,failed,DstPutObjectNotPermitted,403,Access denied\n${BUCKET},documents/c,v3,failed,SrcKeyNotFound,404,\n`,
      );
      const text = await backfill([...WITH_REPORT, "--yes"]);
      strictEqual(text.code, 1);
      match(text.stdout, /\n {2}2 DstPutObjectNotPermitted: replicas may not be written/);
      match(text.stdout, /\n {4}for example documents\/a, version v1: Access denied\n/);
      match(text.stdout, /\nFailed: 3 of 1,000 objects\n$/);
      ok(width(text.stdout) <= 80);
      const json = await backfill([...ARGS, "--job", FIRST, "--json"]);
      const document = documentOf(json);
      deepStrictEqual(
        [
          json.code,
          document.outcome,
          document.made,
          document.failures.map(({ cause, count }) => [cause, count]),
        ],
        [
          1,
          "failed",
          false,
          [
            ["DstPutObjectNotPermitted", 2],
            ["SrcKeyNotFound", 1],
          ],
        ],
      );
      strictEqual(server.jobs.length, 1);
    });

    it("and no further than --no-wait, and finds it again by its id", async () => {
      server.reset({ script: [RUNNING, DONE] });
      const made = await backfill([...ARGS, "--yes", "--no-wait", "--json"]);
      deepStrictEqual([made.code, documentOf(made).outcome], [3, "unfinished"]);
      const followed = await backfill([...ARGS, "--job", FIRST, "--json"]);
      const { outcome, made: again, job } = documentOf(followed);
      deepStrictEqual([followed.code, outcome, again, job?.id], [0, "replicated", false, FIRST]);
      strictEqual(server.jobs.length, 1);
    });

    it("once more as soon as it ended a while ago or failed, and tells how it ended", async () => {
      server.reset({ script: [DONE] });
      for (const expected of [1, 1]) {
        const { code } = await backfill([...ARGS, "--yes"]);
        deepStrictEqual([code, server.jobs.length], [0, expected]);
      }
      server.jobs[0]!.ended = new Date("2026-10-21T08:00:00Z");
      server.options = { script: [FAILED] };
      const later = await backfill([...ARGS, "--yes", "--json"]);
      deepStrictEqual([later.code, server.jobs.length], [1, 2]);
      const { made, notes } = documentOf(later);
      strictEqual(made, true);
      match(
        notes.join(),
        new RegExp(`job ${FIRST} of the same request ended at 2026-10-21T08:00:00.000Z as Complete, 1,000`),
      );
      server.options = { script: [DONE] };
      strictEqual((await backfill([...ARGS, "--yes"])).code, 0);
      strictEqual(server.jobs.length, 3);
    });

    it("once more only with another token", async () => {
      server.reset({ script: [DONE] });
      for (const [token, expected] of [
        ["monday", 1],
        ["monday", 1],
        ["tuesday", 2],
      ] as const) {
        const { code } = await backfill([...ARGS, "--yes", "--token", token]);
        deepStrictEqual([code, server.jobs.length], [0, expected]);
      }
    });

    it("under throttling, and with answers that are lost on their way", async () => {
      server.reset({ script: [DONE] });
      const busy = { status: 503, code: "SlowDown" };
      server.refusals.set("GET /v20180820/jobs", [busy, busy]);
      // The job is made, and its answer lost: the SDK asks again.
      server.refusals.set("POST /v20180820/jobs", [{ ...busy, after: true }, busy, { ...busy, after: true }]);
      server.refusals.set(`GET /v20180820/jobs/${FIRST}`, [busy, { status: 404, code: "NoSuchJob" }]);
      const { code } = await backfill([...ARGS, "--yes"]);
      deepStrictEqual([code, server.jobs.length], [0, 1]);
      strictEqual(server.requests.filter((what) => what === "POST /v20180820/jobs").length, 4);
    });
  });

  describe("makes none", () => {
    it("in a dry run, which sends nothing that writes", async () => {
      server.reset({ script: [DONE] });
      const json = await backfill([...WITH_REPORT, "--dry-run", "--json"]);
      const { outcome, request } = documentOf(json);
      deepStrictEqual([json.code, outcome, request?.ClientRequestToken.length], [0, "planned", 32]);
      const text = await backfill([...WITH_REPORT, "--dry-run"]);
      match(text.stdout, /\nPlanned: nothing was made \(--dry-run\)\n$/);
      deepStrictEqual(
        server.requests.filter((what) => WRITES.test(what)),
        [],
      );
      ok(server.requests.includes("GET /v20180820/jobs"));
    });

    it("where nobody can be asked", async () => {
      server.reset({ script: [DONE] });
      const { code, stdout, stderr } = await backfill(ARGS);
      deepStrictEqual([code, stdout, server.jobs.length], [2, "", 0]);
      match(
        stderr,
        /^--yes: must be given where nobody can be asked \(the standard input is no terminal\)\n/m,
      );
    });

    it("whose report would be replicated itself", async () => {
      server.reset({ script: [DONE] });
      const { code, stderr } = await backfill([...ARGS, "--yes", "--report", `s3://${BUCKET}/documents/r`]);
      deepStrictEqual([code, server.jobs.length], [2, 0]);
      match(stderr, /'--report' must be outside every rule, .* the report would be replicated itself/);
    });

    it("of a manifest that S3 cannot read", async () => {
      server.reset({ script: [DONE] });
      const list = { Bucket: DESK, Key: "list.csv", Body: "a", ServerSideEncryption: "aws:kms" } as const;
      const { ETag } = await account.s3("us-east-1").send(new PutObjectCommand(list));
      const uri = `s3://${DESK}/list.csv#${ETag?.replaceAll('"', "")}`;
      const { code, stderr } = await backfill([...ARGS, "--yes", "--manifest", uri]);
      deepStrictEqual([code, server.jobs.length], [2, 0]);
      match(stderr, /^--manifest: must not be encrypted under KMS, which S3 takes of inventories only/m);
    });

    it("run unasked that may be of another bucket", async () => {
      const look = { status: "Suspended" };
      server.reset({ script: [look] });
      const body =
        "<Description>nightly</Description><Manifest><Location><ObjectArn>arn:aws:s3:::other/list.csv</ObjectArn></Location></Manifest>";
      server.jobs.push({ id: FIRST, token: "x", body, look, looks: 0, created: new Date() });
      const { code, stderr } = await backfill([...ARGS, "--yes", "--job", FIRST]);
      strictEqual(code, 2);
      match(
        stderr,
        /^--yes: must be left out for job .*: nothing says that it is of bucket 'backfill-objects': operation S3ReplicateObject, manifest arn:aws:s3:::other\/list\.csv, description 'nightly'/m,
      );
      ok(!server.requests.some((what) => what.endsWith("/status")));
    });

    it("of a bucket without rules", async () => {
      server.reset({ script: [DONE] });
      const other = ["backfill", "backfill-replicas", "--source-role-arn", roleToEnter("222222222222")];
      const { code, stderr } = await backfill([...other, "--yes"]);
      strictEqual(code, 2);
      match(stderr, /^bucket 'backfill-replicas' has no replication configuration/m);
    });

    it("that S3 refuses, and says what is needed", async () => {
      server.reset({ script: [DONE] });
      const refused = { status: 403, code: "AccessDenied" };
      for (const [what, permission] of [
        ["GET /v20180820/jobs", "s3:ListJobs"],
        ["POST /v20180820/jobs", "iam:PassRole"],
      ] as const) {
        server.refusals.set(what, [refused]);
        const { code, stderr } = await backfill([...ARGS, "--yes"]);
        deepStrictEqual([code, server.jobs.length], [2, 0]);
        ok(stderr.includes(permission), stderr);
        doesNotMatch(stderr, / at .*\.[jt]s:\d/);
      }
    });

    it("without a role, and prints the documents to make one", async () => {
      server.reset({ script: [DONE] });
      const iam = account.iam();
      const RoleName = "s3-replication-batch";
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "batch-replication" }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
      try {
        const { code, stderr } = await backfill([...WITH_REPORT, "--yes"]);
        deepStrictEqual([code, server.jobs.length], [2, 0]);
        match(
          stderr,
          /--role-arn: must be given: there is no role arn:aws:iam::111111111111:role\/s3-replication-batch/,
        );
        match(stderr, /"Service": "batchoperations\.s3\.amazonaws\.com"/);
        match(stderr, /"arn:aws:s3:::backfill-desk\/batch-replication\/reports\/\*"/);
      } finally {
        await plantRoleAgain();
      }
    });

    async function plantRoleAgain(): Promise<void> {
      const { accounts } = await snapshotOf("backfill");
      const [arn, role] = Object.entries(accounts[SOURCE]!.roles).find(([each]) => each.endsWith("-batch"))!;
      await plant(emulator.endpoint, {
        accounts: { [SOURCE]: { roles: { [arn]: role } } },
        buckets: {},
        keys: {},
      });
    }
  });

  describe("asks on a terminal", () => {
    /** Answers the question on a terminal of its own. */
    async function onTerminal(answer: string): Promise<{ code: number; output: string }> {
      const script =
        "import pty, sys, os\n" +
        "answer = sys.argv[1].encode()\n" +
        "asked = b''\n" +
        "def read(fd):\n" +
        "    global asked\n" +
        "    data = os.read(fd, 4096)\n" +
        "    asked += data\n" +
        "    if b'[y/N] ' in asked:\n" +
        "        asked = b''\n" +
        "        os.write(fd, answer)\n" +
        "    return data\n" +
        "sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read)))\n";
      const child = spawn("python3", ["-c", script, answer, process.execPath, command(), ...ARGS], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...emulatorEnvironment(server.endpoint) },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, "close")) as [number];
      return { code, output };
    }

    for (const [answer, expectedCode, jobs] of [
      ["y\n", 0, 1],
      ["n\n", 3, 0],
      ["\n", 3, 0],
      // Ctrl-C.
      ["\u0003", 130, 0],
      // Ctrl-D.
      ["\u0004", 3, 0],
    ] as const) {
      it(`and takes ${JSON.stringify(answer)} for ${jobs === 1 ? "a yes" : "a no"}`, async () => {
        server.reset({ script: [DONE] });
        const { code, output } = await onTerminal(answer);
        deepStrictEqual([code, server.jobs.length], [expectedCode, jobs], output);
        match(output, /costs +AWS charges a job by itself/);
        match(output, /Make this job\? \[y\/N\] /);
      });
    }
  });

  describe("interrupted", () => {
    for (const [signal, expectedCode] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      it(`by ${signal}, leaves the job alone, and says how to follow and how to cancel it`, async () => {
        server.reset({ script: [RUNNING] });
        const { code, stdout, stderr } = await backfill([...ARGS, "--yes"], (child) => {
          server.options = {
            ...server.options,
            onRequest: (_, phase, what) => {
              if (phase === "after" && what === `GET /v20180820/jobs/${FIRST}`) child.kill(signal);
            },
          };
        });
        strictEqual(code, expectedCode);
        match(stderr, /not following any longer; a job that was made goes on/);
        const flat = stdout.replace(/\s+/g, " ");
        match(flat, new RegExp(`s3-replication backfill ${BUCKET} --job ${FIRST}`));
        match(flat, /update-job-status .* --requested-job-status Cancelled/);
        deepStrictEqual(
          server.jobs.map(({ look }) => look.status),
          ["Active"],
        );
        ok(!server.requests.some((what) => what.endsWith("/status")));
      });
    }

    for (const [where, months] of [
      ["where it is the first one", 0],
      ["where one of the same request ended a month ago", 1],
    ] as const) {
      it(`by SIGKILL at any request, leaves nothing that the next run does not find: never two jobs, ${where}`, async () => {
        // New jobs are missing from the first listings: then the token alone keeps a second one away.
        const options = { script: [RUNNING, DONE], listedLate: 1 };
        server.reset(options);
        const older: PlayedJob[] = [];
        for (let month = 0; month <= months; month += 1) {
          server.requests.length = 0;
          strictEqual((await backfill([...ARGS, "--yes"])).code, 0);
          strictEqual(server.jobs.length, month + 1);
          const ended = new Date(`2026-0${month + 1}-21T08:00:00Z`);
          const job = Object.assign(server.jobs[month]!, { created: ended, ended, unlisted: 0 });
          if (month < months) older.push(job);
        }
        const requests = [...server.requests];
        ok(requests.length >= 7, requests.join("\n"));
        for (const [index, request] of requests.entries()) {
          const number = index + 1;
          // What comes before the jobs are listed is the same in both cases.
          if (months > 0 && !request.includes("/jobs")) continue;
          for (const phase of ["before", "after"] as const) {
            server.reset(options);
            server.jobs.push(...older.map((job) => ({ ...job })));
            let killed: string | undefined;
            const first = await backfill([...ARGS, "--yes"], (child) => {
              server.options = {
                ...options,
                onRequest: async (n, when, what) => {
                  if (n !== number || when !== phase) return;
                  const closed = once(child, "exit");
                  child.kill("SIGKILL");
                  await closed;
                  killed = what;
                },
              };
            });
            const moment = `killed ${phase} request ${number}, ${killed}`;
            ok(killed !== undefined && first.code === -1, moment);
            server.options = options;
            const next = await backfill([...ARGS, "--yes", "--json"]);
            deepStrictEqual(
              [next.code, documentOf(next).outcome, server.jobs.length],
              [0, "replicated", months + 1],
              moment,
            );
          }
        }
      }).timeout(240_000);
    }
  });
});
