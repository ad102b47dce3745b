/** What is asked of a backfill on the command line, checked. */
import { given } from "../util/optional";
import { InvalidInputError, show } from "../input/problems";
import { BUCKET_NAME, ROLE_ARN } from "../naming/names";

/** Replication statuses that a job can choose objects by. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobManifestGeneratorFilter.html */
export const STATUSES = ["NONE", "FAILED", "COMPLETED", "REPLICA"] as const;
export type ObjectStatus = (typeof STATUSES)[number];

/** Objects that were there before the rules, and those that failed. */
const DEFAULT_STATUSES: readonly ObjectStatus[] = ["NONE", "FAILED"];
const DEFAULT_PRIORITY = 10;
const MOST_PRIORITY = 2_147_483_647;

/** Options of the command, as they were typed. */
export interface BackfillOptions {
  readonly manifest?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly status?: readonly string[];
  readonly prefix?: string;
  readonly priority?: string;
  readonly report?: string;
  readonly roleArn?: string;
  readonly token?: string;
  readonly job?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly wait?: boolean;
}

/** Objects that S3 lists itself, by the bucket's rules and by these. */
export interface Choice {
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly statuses: readonly ObjectStatus[];
  readonly prefix?: string;
}

export interface Manifest {
  readonly bucketName: string;
  readonly key: string;
  /** Empty: the one that the manifest has when the job is made. */
  readonly etag: string;
}

/** A job to make or to follow, and how. */
export interface Asked {
  readonly objects: Choice | Manifest;
  readonly report?: { readonly bucketName: string; readonly prefix: string };
  readonly priority: number;
  readonly roleArn?: string;
  readonly token?: string;
  /** Id of a job to follow, instead of all above. */
  readonly job?: string;
  readonly dryRun: boolean;
  /** Nobody is to be asked. */
  readonly yes: boolean;
  readonly wait: boolean;
}

export function isManifest(objects: Choice | Manifest): objects is Manifest {
  return "etag" in objects;
}

/** @throws InvalidInputError with every option that is wrong. */
export function readOptions(options: BackfillOptions): Asked {
  const problems: string[] = [];
  const asked: Asked = {
    objects:
      options.manifest === undefined
        ? readChoice(options, problems)
        : readManifest(options.manifest, options, problems),
    priority: readPriority(options.priority, problems),
    ...given("report", readReport(options.report, problems)),
    ...given("roleArn", readRoleArn(options.roleArn, problems)),
    ...given("token", options.token),
    ...given("job", options.job),
    dryRun: options.dryRun ?? false,
    yes: options.yes ?? false,
    wait: options.wait ?? true,
  };
  if (options.job !== undefined) {
    const others = ["manifest", "createdAfter", "createdBefore", "status", "prefix", "priority"] as const;
    const more = [...others, "report", "roleArn", "token", "dryRun"] as const;
    for (const name of more.filter((name) => options[name] !== undefined)) {
      problems.push(`'${flag(name)}' must be left out with --job, which follows a job as it was made`);
    }
  }
  if (problems.length > 0) throw new InvalidInputError("backfill", problems);
  return asked;
}

const flag = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function readChoice(options: BackfillOptions, problems: string[]): Choice {
  const statuses = options.status ?? DEFAULT_STATUSES;
  for (const status of statuses) {
    if ((STATUSES as readonly string[]).includes(status)) continue;
    problems.push(`'--status' must be one of ${STATUSES.join(", ")}, got ${show(status)}`);
  }
  const createdAfter = readTime("--created-after", options.createdAfter, problems);
  const createdBefore = readTime("--created-before", options.createdBefore, problems);
  if (createdAfter !== undefined && createdBefore !== undefined && createdAfter >= createdBefore) {
    problems.push(
      `'--created-before' must be later than --created-after, got ${show(options.createdBefore)} and ${show(options.createdAfter)}`,
    );
  }
  if (options.prefix === "") problems.push("'--prefix' must not be empty; leave it out for all keys");
  return {
    // In one order, so that the same objects are the same job.
    statuses: STATUSES.filter((status) => statuses.includes(status)),
    ...given("createdAfter", createdAfter),
    ...given("createdBefore", createdBefore),
    ...given("prefix", options.prefix),
  };
}

/** A day, or a time with its offset: a time without one would be another one on each machine. */
function readTime(name: string, text: string | undefined, problems: string[]): Date | undefined {
  if (text === undefined) return undefined;
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;
  const time = new Date(text);
  if (form.test(text) && !Number.isNaN(time.getTime())) return time;
  problems.push(
    `'${name}' must be a day such as 2026-11-21 (from midnight UTC) or a time such as 2026-11-21T08:00:00Z, got ${show(text)}`,
  );
  return undefined;
}

function readManifest(text: string, options: BackfillOptions, problems: string[]): Manifest {
  for (const name of ["createdAfter", "createdBefore", "status", "prefix"] as const) {
    if (options[name] === undefined) continue;
    problems.push(`'${flag(name)}' must be left out with --manifest, which lists the objects itself`);
  }
  const [, bucketName = "", key = "", etag = ""] =
    /^s3:\/\/([^/]+)\/([^#]+)(?:#"?([^"#]+)"?)?$/.exec(text) ?? [];
  if (!BUCKET_NAME.test(bucketName)) {
    problems.push(
      `'--manifest' must be 's3://<bucket>/<key>', or with '#<ETag>' behind it (what 'aws s3api head-object' prints), got ${show(text)}`,
    );
  }
  return { bucketName, key, etag };
}

function readReport(text: string | undefined, problems: string[]): Asked["report"] {
  if (text === undefined) return undefined;
  const [, bucketName = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(text) ?? [];
  if (!BUCKET_NAME.test(bucketName)) {
    problems.push(`'--report' must be 's3://<bucket>/<prefix>', got ${show(text)}`);
  }
  // S3 puts a slash behind the prefix.
  return { bucketName, prefix: prefix.replace(/\/+$/, "") };
}

function readPriority(text: string | undefined, problems: string[]): number {
  if (text === undefined) return DEFAULT_PRIORITY;
  const priority = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(priority <= MOST_PRIORITY)) {
    problems.push(`'--priority' must be a whole number from 0 to ${MOST_PRIORITY}, got ${show(text)}`);
  }
  return priority;
}

function readRoleArn(text: string | undefined, problems: string[]): string | undefined {
  if (text !== undefined && !ROLE_ARN.test(text)) {
    problems.push(`'--role-arn' ${ROLE_ARN.mustBe}, got ${show(text)}`);
  }
  return text;
}
