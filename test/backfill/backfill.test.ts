import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { GetBucketReplicationCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import {
  CreateJobCommand,
  DescribeJobCommand,
  type JobDescriptor,
  type JobListDescriptor,
  type JobStatus,
  ListJobsCommand,
  type ListJobsCommandInput,
  type ListJobsCommandOutput,
  UpdateJobStatusCommand,
} from "@aws-sdk/client-s3-control";
import type { BackfillOptions } from "../../src/backfill/options";
import type { BackfillResult } from "../../src/backfill/result";
import { renderShown } from "../../src/backfill/text";
import {
  ACCOUNT,
  awsError,
  BATCH_ROLE,
  configuration,
  denied,
  DOCUMENTS,
  generatorOf,
  job,
  JOB,
  mockAws,
  type MockedAws,
  OFF,
  run,
} from "./support";

const READS = [
  "GetCallerIdentityCommand",
  "HeadBucketCommand",
  "GetBucketReplicationCommand",
  "GetRoleCommand",
  "ListJobsCommand",
  "DescribeJobCommand",
  "GetObjectCommand",
];

describe("a backfill, with the SDK mocked,", () => {
  let aws: MockedAws;
  beforeEach(() => (aws = mockAws()));
  afterEach(() => aws.restore());

  /** What the command fails with. */
  const fails = (message: RegExp | string, name = "AwsCallFailed") => ({ name, message });

  /** The job that a request makes, as it stands in the list. */
  async function listed(more: Partial<JobListDescriptor> = {}, options: BackfillOptions = {}) {
    const { request } = await run({ ...options, dryRun: true });
    return { JobId: JOB, Description: request?.Description, Status: "Active" as JobStatus, ...more };
  }

  const created = () => aws.control.commandCalls(CreateJobCommand).length;

  describe("a backfill", () => {
    it("makes the job, follows it to its end, and says that all was replicated", async () => {
      aws.control
        .on(DescribeJobCommand)
        .resolvesOnce({ Job: job("Preparing", { ProgressSummary: {} }) })
        .resolvesOnce({ Job: job("Active") })
        .resolves({ Job: job("Complete") });
      const seen: (string | undefined)[] = [];
      const result = await run({ yes: true }, { onLook: ({ Status }) => void seen.push(Status) });
      deepStrictEqual([result.outcome, result.made, result.job?.id], ["replicated", true, JOB]);
      deepStrictEqual(seen, ["Preparing", "Active", "Complete"]);
      deepStrictEqual(result.rules, ["documents"]);
      strictEqual(aws.control.commandCalls(CreateJobCommand)[0]?.args[0].input.RoleArn, BATCH_ROLE);
    });

    it("asks before it makes a job, and makes none where the answer is no", async () => {
      const asked: string[] = [];
      const { outcome } = await run(
        {},
        {
          confirm: ({ request }, question) => {
            asked.push(`${request?.RoleArn} ${question}`);
            return Promise.resolve(false);
          },
        },
      );
      deepStrictEqual([outcome, created(), asked], ["declined", 0, [`${BATCH_ROLE} Make this job?`]]);
    });

    it("makes no job where it is stopped while it asks", async () => {
      const controller = new AbortController();
      const confirm = () => {
        controller.abort();
        return Promise.resolve(true);
      };
      const { outcome } = await run({}, { signal: controller.signal, confirm });
      deepStrictEqual([outcome, created()], ["declined", 0]);
    });

    it("writes nothing in a dry run, and says what it would have made", async () => {
      const { outcome, request } = await run({ dryRun: true });
      deepStrictEqual([outcome, request?.RoleArn], ["planned", BATCH_ROLE]);
      deepStrictEqual(
        aws.sent().filter((name) => !READS.includes(name)),
        [],
      );
    });

    it("does not wait where it is told so, and says how to go on", async () => {
      aws.control.on(DescribeJobCommand).resolves({ Job: job("Active") });
      const { outcome, notes } = await run({ yes: true, wait: false });
      strictEqual(outcome, "unfinished");
      ok(
        notes.includes(
          `follow it again with: s3-replication backfill acme-data --job ${JOB} (and the account's options as before)`,
        ),
        notes.join(),
      );
      ok(notes.some((note) => note.includes(`--job-id ${JOB} --requested-job-status Cancelled`)));
      strictEqual(aws.control.commandCalls(DescribeJobCommand).length, 1);
    });

    it("stops following when it is told to, and leaves the job alone", async () => {
      aws.control.on(DescribeJobCommand).resolves({ Job: job("Active") });
      const controller = new AbortController();
      const { outcome, job: seen } = await run(
        { yes: true },
        { signal: controller.signal, onLook: () => controller.abort() },
      );
      deepStrictEqual([outcome, seen?.status], ["unfinished", "Active"]);
      strictEqual(aws.control.commandCalls(UpdateJobStatusCommand).length, 0);
    });
  });

  describe("a job that was made before", () => {
    const ENDED = new Date("2026-11-21T09:00:00Z");
    const after = (minutes: number) => ({ now: () => new Date(ENDED.getTime() + minutes * 60_000) });
    const progress = (NumberOfTasksFailed: number) => ({
      TerminationDate: ENDED,
      ProgressSummary: { NumberOfTasksSucceeded: 10, NumberOfTasksFailed },
    });

    it("is followed where it is under way, and no second one is made", async () => {
      for (const Status of ["New", "Preparing", "Active", "Paused", "Completing", "Cancelling"] as const) {
        const same = await listed({ Status });
        aws.control.on(ListJobsCommand).resolves({ Jobs: [same] });
        const { made, job: seen, notes } = await run({ yes: true }, after(60));
        deepStrictEqual([made, seen?.id, created()], [false, JOB, 0], Status);
        ok(notes.includes(`job ${JOB} of the same request is under way (${Status})`), notes.join());
      }
    });

    it("is followed where it is under way, also when a newer one ended", async () => {
      const [running, ended] = [await listed(), await listed({ JobId: "newer", Status: "Cancelled" })];
      const [CreationTime, later] = [new Date(0), new Date(1)];
      aws.control.on(ListJobsCommand).resolves({
        Jobs: [
          { ...running, CreationTime },
          { ...ended, CreationTime: later },
        ],
      });
      const { job: seen } = await run();
      deepStrictEqual([seen?.id, created()], [JOB, 0]);
    });

    it("counts as this run's where it ended a moment ago and nothing failed: a killed run comes back", async () => {
      const same = await listed({ Status: "Complete", ...progress(0) });
      aws.control.on(ListJobsCommand).resolves({ Jobs: [same] });
      const { outcome, made, notes } = await run({ yes: true }, after(14));
      deepStrictEqual([outcome, made, created()], ["replicated", false, 0]);
      match(
        notes.join(),
        /ended at 2026-11-21T09:00:00\.000Z as Complete, 10 objects replicated and 0 failed, less than 15 minutes ago, .* a --token of your own \(a date, say\) makes a new one/,
      );
    });

    for (const [what, Status, failed, minutes] of [
      ["nothing failed", "Complete", 0, 16],
      ["objects failed, however short ago", "Complete", 3, 1],
      ["the job failed", "Failed", 0, 1],
      ["it was cancelled", "Cancelled", 0, 1],
    ] as const) {
      it(`is told about, and another one is made, once it ended: ${what}`, async () => {
        const same = await listed({ Status, ...progress(failed) });
        aws.control.on(ListJobsCommand).resolves({ Jobs: [same] });
        const { made, notes } = await run({ yes: true }, after(minutes));
        deepStrictEqual([made, created()], [true, 1]);
        ok(
          notes.includes(
            `job ${JOB} of the same request ended at 2026-11-21T09:00:00.000Z as ${Status}, 10 objects replicated and ${failed} failed; '--job ${JOB}' tells the rest`,
          ),
          notes.join(),
        );
      });
    }

    it("is told about before anybody says yes to another one", async () => {
      const same = await listed({ Status: "Complete", ...progress(0) });
      aws.control.on(ListJobsCommand).resolves({ Jobs: [same] });
      const asked: string[] = [];
      const confirm = (shown: BackfillResult, question: string) => {
        asked.push(renderShown(shown).replace(/\s+/g, " "), question);
        return Promise.resolve(false);
      };
      const { outcome } = await run({}, { ...after(60), confirm });
      deepStrictEqual([outcome, created(), asked[1]], ["declined", 0, "Make another job?"]);
      match(asked[0] ?? "", /To know job 1\S+ of the same request ended at 2026-11-21T09:00:00\.000Z/);
    });

    it("has another token than the one after it, which everybody gives alike", async () => {
      const tokenAfter = async (JobId: string | undefined) => {
        const same = await listed({ JobId, Status: "Failed", ...progress(0) });
        aws.control.on(ListJobsCommand).resolves({ Jobs: JobId === undefined ? [] : [same] });
        const { request } = await run({ yes: true }, after(60));
        return request?.ClientRequestToken;
      };
      const tokens = [];
      for (const id of [undefined, "a", "a", "b"]) tokens.push(await tokenAfter(id));
      strictEqual(tokens[1], tokens[2]);
      strictEqual(new Set(tokens).size, 3);
    });

    it("is the only one of its --token, and tells how it ended", async () => {
      const same = await listed({ Status: "Complete", ...progress(3) }, { token: "monday" });
      aws.control.on(ListJobsCommand).resolves({ Jobs: [same] });
      const { made, notes } = await run({ yes: true, token: "monday" }, after(10_000));
      deepStrictEqual([made, created()], [false, 0]);
      match(notes.join(), /a --token stands for one job: another token, or none, makes a new one/);
    });

    it("is found among thousands, on the last page", async () => {
      const same = await listed();
      const others = Array.from({ length: 1000 }, (_, n) => ({ JobId: `${n}`, Description: `other ${n}` }));
      const pages: Record<string, ListJobsCommandOutput> = {
        1: { Jobs: others, NextToken: "2", $metadata: {} },
        2: { Jobs: others, NextToken: "3", $metadata: {} },
        3: { Jobs: [...others, same], $metadata: {} },
      };
      aws.control
        .on(ListJobsCommand)
        .callsFake(({ NextToken = "1" }: ListJobsCommandInput) => pages[NextToken]);
      const result = await run();
      deepStrictEqual([result.job?.id, created()], [JOB, 0]);
    });

    it("is not mistaken for the job of another request, which is made and told about", async () => {
      const same = await listed({ JobId: "other" }, { token: "a" });
      aws.control.on(ListJobsCommand).resolves({ Jobs: [same] });
      const result = await run();
      deepStrictEqual([result.made, created()], [true, 1]);
      ok(result.notes.includes("another backfill of this bucket is under way: job other (Active)"));
    });

    it("is named by a dry run", async () => {
      const same = await listed();
      aws.control.on(ListJobsCommand).resolves({ Jobs: [same] });
      const { notes } = await run({ dryRun: true });
      ok(notes.includes(`job ${JOB} of the same request is under way (Active)`), notes.join());
    });
  });

  describe("every status of a job", () => {
    const ends: Partial<Record<JobStatus, string>> = {
      Complete: "replicated",
      Failed: "failed",
      Cancelled: "failed",
    };
    const statuses: JobStatus[] = [
      ...(["New", "Preparing", "Ready", "Active", "Pausing", "Paused", "Suspended"] as const),
      ...(["Completing", "Complete", "Failing", "Failed", "Cancelling", "Cancelled"] as const),
    ];
    for (const status of statuses) {
      const expected = ends[status] ?? "unfinished";
      it(`${status} is ${expected}`, async () => {
        aws.control.on(DescribeJobCommand).resolves({ Job: job(status) });
        let looks = 0;
        const controller = new AbortController();
        const result = await run(
          { yes: status !== "Suspended", job: JOB },
          {
            signal: controller.signal,
            onLook: () => {
              if (++looks === 20) controller.abort();
            },
          },
        );
        deepStrictEqual([result.outcome, result.job?.status], [expected, status]);
        // What has not ended is looked at until somebody stops it; a job that waits for a yes is not.
        strictEqual(looks, expected === "unfinished" && status !== "Suspended" ? 20 : 1);
      });
    }

    it("tells in S3's words why a whole job failed", async () => {
      const FailureReasons = [{ FailureCode: "AccessDenied", FailureReason: "no manifest" }];
      aws.control.on(DescribeJobCommand).resolves({ Job: job("Failed", { FailureReasons }) });
      const { job: seen } = await run();
      deepStrictEqual(seen?.failureReasons, ["AccessDenied: no manifest"]);
    });
  });

  describe("a job that waits to be confirmed", () => {
    beforeEach(() => {
      aws.control.on(UpdateJobStatusCommand).resolves({});
      aws.control
        .on(DescribeJobCommand)
        .resolvesOnce({ Job: job("Suspended") })
        .resolvesOnce({ Job: job("Suspended") })
        // S3 takes its time.
        .resolvesOnce({ Job: job("Suspended") })
        .resolves({ Job: job("Complete") });
    });
    const confirmations = () =>
      aws.control.commandCalls(UpdateJobStatusCommand).map(({ args }) => args[0].input.RequestedJobStatus);

    it("runs once it is confirmed, which is asked once", async () => {
      const questions: string[] = [];
      const confirm = (_: unknown, question: string) => {
        questions.push(question);
        return Promise.resolve(true);
      };
      const { outcome } = await run({ job: JOB }, { confirm });
      deepStrictEqual(
        [outcome, questions, confirmations()],
        ["replicated", [`Let job ${JOB} run?`], ["Ready"]],
      );
    });

    it("goes on waiting where it is not", async () => {
      const { outcome } = await run({ job: JOB });
      deepStrictEqual([outcome, confirmations()], ["unfinished", []]);
    });

    const MANIFEST: Partial<JobDescriptor> = {
      ManifestGenerator: undefined,
      Description: "nightly",
      Manifest: {
        Spec: { Format: "S3BatchOperations_CSV_20180820" },
        Location: { ObjectArn: "arn:aws:s3:::other-desk/list.csv", ETag: "abc" },
      },
      Report: { Enabled: true, Bucket: "arn:aws:s3:::other-desk", Prefix: "reports" },
    };
    const FOUND =
      "operation S3ReplicateObject, manifest arn:aws:s3:::other-desk/list.csv, report in 'other-desk/reports', description 'nightly'";

    it("is not confirmed without a question where its objects may be another bucket's", async () => {
      aws.control
        .on(DescribeJobCommand)
        .resolvesOnce({ Job: job("Suspended", MANIFEST) })
        .resolvesOnce({ Job: job("Suspended", MANIFEST) })
        .resolves({ Job: job("Complete", MANIFEST) });
      await rejects(
        run({ job: JOB, yes: true }),
        fails(
          `--yes: must be left out for job '${JOB}', which waits to be confirmed: nothing says that it is of bucket 'acme-data': ${FOUND}. Without --yes you are asked`,
          "InvalidInputError",
        ),
      );
      deepStrictEqual(confirmations(), []);
    });

    it("is asked about with what is known of it, and confirmed by a yes", async () => {
      aws.control
        .on(DescribeJobCommand)
        .resolvesOnce({ Job: job("Suspended", MANIFEST) })
        .resolvesOnce({ Job: job("Suspended", MANIFEST) })
        .resolves({ Job: job("Complete", MANIFEST) });
      const questions: string[] = [];
      const confirm = (_: unknown, question: string) => {
        questions.push(question);
        return Promise.resolve(true);
      };
      await run({ job: JOB }, { confirm });
      deepStrictEqual(
        [questions, confirmations()],
        [
          [`Of this job nothing says that it is of bucket 'acme-data': ${FOUND}.\nLet job ${JOB} run?`],
          ["Ready"],
        ],
      );
    });

    it("is followed without a question where it runs already, whatever its manifest", async () => {
      aws.control.on(DescribeJobCommand).resolves({ Job: job("Complete", MANIFEST) });
      strictEqual((await run({ job: JOB, yes: true })).outcome, "replicated");
    });

    for (const [what, more] of [
      ["S3 lists its objects", { Description: "nightly" }],
      ["this command made it", { ...MANIFEST, Description: "s3-replication backfill of acme-data [0123]" }],
    ] as const) {
      it(`is confirmed without a question where it is of the bucket: ${what}`, async () => {
        aws.control
          .on(DescribeJobCommand)
          .resolvesOnce({ Job: job("Suspended", more) })
          .resolvesOnce({ Job: job("Suspended", more) })
          .resolves({ Job: job("Complete", more) });
        const { outcome } = await run({ job: JOB, yes: true });
        deepStrictEqual([outcome, confirmations()], ["replicated", ["Ready"]]);
      });
    }
  });

  describe("what is refused before a job is made", () => {
    const cases: [string, () => unknown, BackfillOptions, RegExp][] = [
      [
        "a bucket without rules",
        () =>
          aws.s3
            .on(GetBucketReplicationCommand)
            .rejects(awsError("ReplicationConfigurationNotFoundError", 404)),
        {},
        /^bucket 'acme-data' has no replication configuration, by which .* deploy the rules first$/,
      ],
      [
        "a bucket whose rules are all off",
        () =>
          aws.s3.on(GetBucketReplicationCommand).resolves({ ReplicationConfiguration: configuration(OFF) }),
        {},
        /^no rule of bucket 'acme-data' is enabled \(everything\), so a job would replicate nothing/,
      ],
      [
        "a report under a rule's prefix",
        () => undefined,
        { report: "s3://acme-data/documents/reports" },
        /'--report' must be outside every rule, got 's3:\/\/acme-data\/documents\/reports', which rule 'documents' takes: the report would be replicated itself/,
      ],
      [
        "a prefix that no rule takes",
        () => undefined,
        { prefix: "pictures/" },
        /'--prefix' must be one that an enabled rule takes objects of \(their prefixes: 'documents\/'\), got 'pictures\/'/,
      ],
      [
        "a report bucket that is not there",
        () => aws.s3.on(HeadBucketCommand, { Bucket: "acme-desk" }).rejects(awsError("NotFound", 404)),
        { report: "s3://acme-desk/x" },
        /^there is no bucket 'acme-desk'/,
      ],
      [
        "a role of another account",
        () => undefined,
        { roleArn: "arn:aws:iam::222222222222:role/x" },
        /^--role-arn: must be a role of account 111111111111, where the job runs/,
      ],
    ];
    for (const [what, arrange, options, message] of cases) {
      it(`${what}`, async () => {
        arrange();
        await rejects(run({ yes: true, ...options }), { message });
        strictEqual(created(), 0);
      });
    }

    it("takes a report beside the data where no enabled rule takes it", async () => {
      const ReplicationConfiguration = configuration(DOCUMENTS, OFF);
      aws.s3.on(GetBucketReplicationCommand).resolves({ ReplicationConfiguration });
      const { outcome } = await run({ yes: true, report: "s3://acme-data/reports" });
      strictEqual(outcome, "replicated");
    });

    it("a missing role, with the documents to make it", async () => {
      aws.iam.on(GetRoleCommand).rejects(awsError("NoSuchEntity", 404));
      await rejects(run({ yes: true, report: "s3://acme-desk/reports" }), ({ name, message }: Error) => {
        strictEqual(name, "InvalidInputError");
        match(
          message,
          /^--role-arn: must be given: there is no role arn:aws:iam::111111111111:role\/s3-replication-batch\. /,
        );
        const [trust, permissions] = message
          .split("the trust policy\n")[1]!
          .split("\nand the permissions\n")
          .map((text) => JSON.parse(text) as { Statement: { Sid: string; Resource: unknown }[] });
        deepStrictEqual(
          trust?.Statement.map(({ Sid }) => Sid),
          ["AllowBatchOperations"],
        );
        deepStrictEqual(
          permissions?.Statement.map(({ Sid, Resource }) => [Sid, Resource]),
          [
            ["InitiateReplication", "arn:aws:s3:::acme-data/documents/*"],
            ["GenerateManifest", "arn:aws:s3:::acme-data"],
            ["WriteReport", "arn:aws:s3:::acme-desk/reports/*"],
          ],
        );
        return true;
      });
      strictEqual(created(), 0);
    });

    it("a role of the right name and another path", async () => {
      const Arn = `arn:aws:iam::${ACCOUNT}:role/other/s3-replication-batch`;
      aws.iam.on(GetRoleCommand).resolves({
        Role: { Arn, Path: "/other/", RoleName: "x", RoleId: "x", CreateDate: new Date(0) },
      });
      await rejects(run(), {
        message: /there is no role arn:aws:iam::111111111111:role\/s3-replication-batch/,
      });
    });

    it("a job of another bucket or another kind, or none", async () => {
      for (const [Job, found] of [
        [job("Active", { Operation: { S3DeleteObjectTagging: {} } }), "operation S3DeleteObjectTagging"],
        [job("Active", { ManifestGenerator: generatorOf("other") }), "objects of bucket 'other'"],
        [
          job("Suspended", {
            ManifestGenerator: undefined,
            Description: "s3-replication backfill of other [0123]",
          }),
          "description 's3-replication backfill of other",
        ],
      ] as const) {
        aws.control.on(DescribeJobCommand).resolves({ Job });
        await rejects(run({ job: JOB, yes: true }), ({ name, message }: Error) => {
          match(
            message,
            /must be a Batch Replication job of bucket 'acme-data', got .*, which is another one: /,
          );
          ok(message.includes(found), message);
          return name === "InvalidInputError";
        });
      }
      aws.control.on(DescribeJobCommand).rejects(awsError("NoSuchJob", 404));
      await rejects(
        run({ job: JOB }),
        fails(/must be a job of account 111111111111 in us-east-1/, "InvalidInputError"),
      );
    });
  });

  describe("a call that AWS refuses", () => {
    const caller = `arn:aws:iam::${ACCOUNT}:user/deploy`;
    const cases: [string, () => unknown, BackfillOptions, RegExp][] = [
      [
        "GetBucketReplication",
        () => aws.s3.on(GetBucketReplicationCommand).rejects(denied()),
        { yes: true },
        /cannot read the replication configuration .* needs s3:GetReplicationConfiguration/,
      ],
      [
        "HeadBucket",
        () => aws.s3.on(HeadBucketCommand).rejects(denied()),
        { yes: true },
        /cannot find the Region of bucket 'acme-data': AccessDenied/,
      ],
      [
        "GetRole",
        () => aws.iam.on(GetRoleCommand).rejects(denied()),
        { yes: true },
        /must be given: whether there is a role .* cannot be told \(AccessDenied: told by a test\)/,
      ],
      [
        "ListJobs",
        () => aws.control.on(ListJobsCommand).rejects(denied()),
        { yes: true },
        new RegExp(
          `^cannot list the jobs of account ${ACCOUNT}: AccessDenied: .*; ${caller} needs s3:ListJobs$`,
        ),
      ],
      [
        "CreateJob",
        () => aws.control.on(CreateJobCommand).rejects(denied()),
        { yes: true },
        /^cannot make the job as .*; .* needs s3:CreateJob, and iam:PassRole on arn:aws:iam::111111111111:role\/s3-replication-batch$/,
      ],
      [
        "DescribeJob of a job that was named",
        () => aws.control.on(DescribeJobCommand).rejects(denied()),
        { job: JOB },
        /^cannot look at job '1.*': AccessDenied: .* needs s3:DescribeJob$/,
      ],
      [
        "UpdateJobStatus",
        () => {
          aws.control.on(DescribeJobCommand).resolves({ Job: job("Suspended") });
          return aws.control.on(UpdateJobStatusCommand).rejects(denied());
        },
        { job: JOB, yes: true },
        /^cannot confirm job .* needs s3:UpdateJobStatus$/,
      ],
    ];
    for (const [call, arrange, options, message] of cases) {
      it(`ends the command with one sentence: ${call}`, async () => {
        arrange();
        await rejects(run(options), { message });
      });
    }

    it("leaves a job that was made unfinished, with its id: DescribeJob", async () => {
      aws.control.on(DescribeJobCommand).rejects(denied());
      const { outcome, job: seen, notes } = await run();
      deepStrictEqual([outcome, seen?.id], ["unfinished", JOB]);
      match(notes.join(), /needs s3:DescribeJob\); it goes on/);
      strictEqual(aws.control.commandCalls(DescribeJobCommand).length, 1);
    });
  });

  describe("an answer that does not come", () => {
    it("is waited for where S3 is busy", async () => {
      aws.control
        .on(DescribeJobCommand)
        .rejectsOnce(awsError("TooManyRequestsException", 429))
        .rejectsOnce(awsError("InternalServiceException", 500))
        .rejectsOnce(awsError("NoSuchJob", 404))
        .resolves({ Job: job("Complete") });
      strictEqual((await run()).outcome, "replicated");
    });

    it("is not waited for without end", async () => {
      aws.control.on(DescribeJobCommand).rejects(awsError("TooManyRequestsException", 429));
      const { outcome, notes } = await run();
      strictEqual(outcome, "unfinished");
      match(notes.join(), /not followed any more \(TooManyRequestsException/);
    });

    it("leaves open whether there is a job, where it was the answer to CreateJob", async () => {
      for (const error of [awsError("InternalServiceException", 500), new Error("socket hang up")]) {
        aws.control.on(CreateJobCommand).rejects(error);
        const { outcome, notes } = await run();
        strictEqual(outcome, "unfinished");
        match(notes.join(), /the same command finds it, or makes it/);
      }
    });

    it("is told where S3 remembers the token of a job that is gone", async () => {
      aws.control.on(CreateJobCommand).rejects(awsError("IdempotencyException"));
      await rejects(run(), fails(/give a --token of your own to make a new job$/));
    });
  });
});
