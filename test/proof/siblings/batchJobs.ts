/** Batch Replication jobs: their role, manifest and report. */
import type { BatchReplication } from "../../../src/replication/batch/permissions";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import {
  allow,
  bucket,
  objectsOf,
  policy,
  setUp,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  SOURCE_REGION,
  type Statement,
  trusting,
} from "../setUp";
import type { Sibling } from "./sibling";

const JOB_ROLE = `arn:aws:iam::${SOURCE_ACCOUNT}:role/acme-batch`;
const MANIFESTS = "arn:aws:s3:::acme-manifests";
const REPORTS = "arn:aws:s3:::acme-reports";
const STATEMENTS = {
  start: allow("s3:InitiateReplication", objectsOf(SOURCE)),
  manifest: allow(["s3:GetObject", "s3:GetObjectVersion"], objectsOf(MANIFESTS)),
  report: allow("s3:PutObject", objectsOf(REPORTS)),
} as const;

interface Change {
  readonly trust?: unknown;
  readonly statements?: Partial<Record<keyof typeof STATEMENTS, Statement>>;
  readonly more?: readonly Statement[];
  readonly job?: Partial<BatchReplication>;
  readonly manifestsUnderKms?: boolean;
  readonly reportsUnderKms?: boolean;
  readonly roleIs?: "absent" | "unknown";
}

/** A job with a manifest of the user's, and a report. */
function withJob(change: Change = {}): Snapshot {
  const underKms = { encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY } } as const;
  const snapshot = setUp({
    source: {
      batchReplication: {
        role: JOB_ROLE,
        manifestBucket: MANIFESTS,
        manifestGiven: true,
        reportBucket: REPORTS,
        ...change.job,
      },
    },
    buckets: {
      [MANIFESTS]: bucket(SOURCE_ACCOUNT, SOURCE_REGION, change.manifestsUnderKms === true ? underKms : {}),
      [REPORTS]: bucket(SOURCE_ACCOUNT, SOURCE_REGION, change.reportsUnderKms === true ? underKms : {}),
    },
  });
  if (change.roleIs === "unknown") return snapshot;
  if (change.roleIs === "absent") return { ...snapshot, absent: [JOB_ROLE] };
  const source = snapshot.accounts[SOURCE_ACCOUNT];
  if (source !== undefined) {
    source.roles[JOB_ROLE] = {
      trust: change.trust ?? trusting("batchoperations.s3.amazonaws.com"),
      policies: [policy(...Object.values({ ...STATEMENTS, ...change.statements }), ...(change.more ?? []))],
    };
  }
  return snapshot;
}

export const BATCH_JOBS: readonly Sibling[] = [
  { about: "a job with all that it needs", snapshot: withJob(), verdict: "proven" },
  {
    about: "a role that S3 may take on for live replication only",
    snapshot: withJob({ trust: trusting("s3.amazonaws.com") }),
    verdict: "broken",
    says: /sts:AssumeRole .*Batch Replication job/,
  },
  {
    about: "a role that may start replication of the bucket, and not of its objects",
    snapshot: withJob({ statements: { start: allow("s3:InitiateReplication", SOURCE) } }),
    verdict: "broken",
    says: /s3:InitiateReplication/,
  },
  {
    about: "a role that may write the results, and not the report's own manifest",
    snapshot: withJob({ statements: { report: allow("s3:PutObject", `${REPORTS}/*/results/*`) } }),
    verdict: "broken",
    says: /s3:PutObject .*manifest\.json/,
  },
  {
    about: "a role that may write CSV files, and the report has others too",
    snapshot: withJob({ statements: { report: allow("s3:PutObject", `${REPORTS}/*.csv`) } }),
    verdict: "broken",
  },
  {
    about: "a report in a folder that the role may not write to",
    snapshot: withJob({
      job: { reportPrefix: "reports" },
      statements: { report: allow("s3:PutObject", `${REPORTS}/other/*`) },
    }),
    verdict: "broken",
  },
  {
    about: "a report into a bucket under KMS: reports are under SSE-S3",
    snapshot: withJob({ reportsUnderKms: true }),
    verdict: "proven",
  },
  {
    about: "a manifest under KMS, and a role without its key",
    snapshot: withJob({ manifestsUnderKms: true }),
    verdict: "broken",
    says: /kms:Decrypt/,
  },
  {
    about: "a manifest under KMS, and a role that may use its key",
    snapshot: withJob({
      manifestsUnderKms: true,
      more: [allow(["kms:Decrypt", "kms:GenerateDataKey"], SOURCE_KEY)],
    }),
    verdict: "proven",
  },
  {
    about: "a manifest that S3 makes, and a role that may not have it made",
    snapshot: withJob({ job: { manifestGiven: false, manifestBucket: undefined } }),
    verdict: "broken",
    says: /s3:GetReplicationConfiguration|s3:PutInventoryConfiguration/,
  },
  {
    about: "a role that does not exist",
    snapshot: withJob({ roleIs: "absent" }),
    verdict: "broken",
    says: /there is no role/,
  },
  { about: "a role that nobody read", snapshot: withJob({ roleIs: "unknown" }), verdict: "unproven" },
];
