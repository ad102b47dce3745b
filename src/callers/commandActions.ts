/** What each command asks of AWS, as IAM actions: the rows that policies for whoever is on call, and the docs, are made of. */

/** Commands that talk to AWS. */
export const COMMANDS = ["verify", "doctor", "backfill", "reconcile", "status"] as const;

export type CommandName = (typeof COMMANDS)[number];

/** What an action is allowed on; `everything` where AWS lets no resource be named, or where the command sees all. */
export type CommandTarget =
  | "bucket"
  | "objects"
  | "keys"
  | "replicationRole"
  | "batchRole"
  | "managedPolicies"
  | "failureQueue"
  | "batchJobs"
  | "batchFiles"
  | "elsewhere"
  | "everything";

export interface CommandRow {
  readonly side: "source" | "destination" | "organization";
  readonly on: CommandTarget;
  readonly actions: readonly string[];
  /**
   * What it takes these for, in the docs' words.
   * Left out: it always does.
   */
  readonly when?: string;
  /** Whether only what is asked for on the command line needs them, so that a policy for the command leaves them out. */
  readonly onlyAsked?: true;
  /** Where `elsewhere` is, in the docs' words. */
  readonly place?: string;
}

/** What is read of each bucket to decide on it. */
const BUCKET_SETTINGS = [
  "s3:ListBucket",
  "s3:GetBucketVersioning",
  "s3:GetBucketOwnershipControls",
  "s3:GetBucketPolicy",
  "s3:GetEncryptionConfiguration",
  "s3:GetBucketObjectLockConfiguration",
  "s3:GetBucketRequestPayment",
  "s3:GetBucketPublicAccessBlock",
];
const RESOURCE_TAGS = "a policy has a condition on aws:ResourceTag";
const KEY_SETTINGS = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants"];

/** What is read of failed objects that S3 told of. */
const FAILURE_EVENTS: readonly CommandRow[] = [
  { side: "source", on: "bucket", actions: ["s3:GetBucketNotification"] },
  {
    side: "source",
    on: "failureQueue",
    actions: [
      "sqs:GetQueueUrl",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:ChangeMessageVisibility",
    ],
    when: "there is a failure queue",
  },
];

/** What is read to decide whether an object replicates. */
const PROOF: readonly CommandRow[] = [
  {
    side: "source",
    on: "bucket",
    actions: [
      ...BUCKET_SETTINGS,
      "s3:GetReplicationConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:ListBucketVersions",
    ],
  },
  { side: "source", on: "bucket", actions: ["s3:GetBucketTagging", "s3:GetBucketAbac"], when: RESOURCE_TAGS },
  {
    side: "source",
    on: "objects",
    actions: ["s3:GetObjectVersion", "s3:GetObjectVersionTagging"],
    when: "the sample",
  },
  { side: "source", on: "keys", actions: KEY_SETTINGS },
  { side: "source", on: "keys", actions: ["kms:ListResourceTags"], when: RESOURCE_TAGS },
  {
    side: "source",
    on: "replicationRole",
    actions: ["iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"],
  },
  {
    side: "source",
    on: "managedPolicies",
    actions: ["iam:GetPolicy", "iam:GetPolicyVersion"],
    when: "the role has managed policies, or a boundary",
  },
  {
    side: "source",
    on: "everything",
    actions: ["s3:GetAccountPublicAccessBlock", "organizations:DescribeOrganization"],
  },
  { side: "destination", on: "bucket", actions: BUCKET_SETTINGS },
  {
    side: "destination",
    on: "bucket",
    actions: ["s3:GetBucketTagging", "s3:GetBucketAbac"],
    when: RESOURCE_TAGS,
  },
  { side: "destination", on: "keys", actions: KEY_SETTINGS },
  { side: "destination", on: "keys", actions: ["kms:ListResourceTags"], when: RESOURCE_TAGS },
  {
    side: "destination",
    on: "everything",
    actions: ["s3:GetAccountPublicAccessBlock", "organizations:DescribeOrganization"],
  },
  {
    side: "organization",
    on: "everything",
    actions: [
      "organizations:DescribeOrganization",
      "organizations:ListParents",
      "organizations:ListPoliciesForTarget",
      "organizations:DescribePolicy",
    ],
    when: "the organization has policies that are to be read",
  },
];

const VERIFY: readonly CommandRow[] = [
  {
    side: "source",
    on: "bucket",
    actions: [
      "s3:ListBucket",
      "s3:GetReplicationConfiguration",
      "s3:ListBucketVersions",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketNotification",
    ],
  },
  {
    side: "source",
    on: "objects",
    actions: ["s3:PutObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion"],
  },
  { side: "source", on: "objects", actions: ["s3:PutObjectTagging"], when: "a rule filters by tags" },
  { side: "source", on: "keys", actions: ["kms:GenerateDataKey", "kms:Decrypt"] },
  {
    side: "destination",
    on: "bucket",
    actions: [
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:GetBucketAcl",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketNotification",
    ],
  },
  {
    side: "destination",
    on: "objects",
    actions: ["s3:GetObjectVersion", "s3:GetObjectVersionTagging", "s3:DeleteObjectVersion"],
  },
  { side: "destination", on: "keys", actions: ["kms:Decrypt"] },
];

const BACKFILL: readonly CommandRow[] = [
  { side: "source", on: "bucket", actions: ["s3:ListBucket", "s3:GetReplicationConfiguration"] },
  { side: "source", on: "batchRole", actions: ["iam:GetRole", "iam:PassRole"] },
  { side: "source", on: "everything", actions: ["s3:CreateJob", "s3:ListJobs"] },
  { side: "source", on: "batchJobs", actions: ["s3:DescribeJob"] },
  {
    side: "source",
    on: "batchJobs",
    actions: ["s3:UpdateJobStatus"],
    when: "a job that the console made is confirmed",
    onlyAsked: true,
  },
  {
    side: "source",
    on: "batchFiles",
    actions: ["s3:GetObject"],
    when: "the completion report, and a manifest",
  },
];

const BY_LISTS = "`--engine list`";

const RECONCILE: readonly CommandRow[] = [
  {
    side: "source",
    on: "bucket",
    actions: ["s3:ListBucket", "s3:GetReplicationConfiguration", "s3:GetLifecycleConfiguration"],
  },
  { side: "source", on: "bucket", actions: ["s3:ListBucketVersions"], when: BY_LISTS },
  {
    side: "source",
    on: "objects",
    actions: ["s3:GetObjectVersion"],
    when: `${BY_LISTS}: versions that are not in place, and the sample`,
  },
  {
    side: "source",
    on: "objects",
    actions: ["s3:GetObjectVersionTagging"],
    when: `${BY_LISTS}: rules that filter by tags, and the sample`,
  },
  {
    side: "destination",
    on: "bucket",
    actions: ["s3:ListBucket", "s3:GetLifecycleConfiguration"],
  },
  { side: "destination", on: "bucket", actions: ["s3:ListBucketVersions"], when: BY_LISTS },
  { side: "destination", on: "bucket", actions: ["s3:GetBucketAcl"], when: "a rule overrides the owner" },
  {
    side: "destination",
    on: "objects",
    actions: ["s3:GetObjectVersion", "s3:GetObjectVersionTagging"],
    when: `${BY_LISTS}: the sample`,
  },
  {
    side: "source",
    on: "everything",
    actions: ["cloudwatch:GetMetricStatistics"],
    when: "the time that is left",
  },
];

/** What reconcile needs besides, where it is told to look into inventories or to write. */
const RECONCILE_ASKED: readonly CommandRow[] = (
  [
    ...(["source", "destination"] as const).map(
      (side) =>
        ({
          side,
          on: "bucket",
          actions: ["s3:GetInventoryConfiguration"],
          when: "`--engine inventory` and `athena`; of a named inventory it tells whether it lists all keys, and can be left out",
        }) as const,
    ),
    {
      on: "elsewhere",
      place: "the bucket of the inventories",
      actions: ["s3:ListBucket"],
      when: "`--engine inventory` and `athena`, unless the inventories are named",
    },
    {
      on: "elsewhere",
      place: "the bucket of the inventories",
      actions: ["s3:GetObject", "kms:Decrypt"],
      when: "`--engine inventory`, and of `athena` what `manifest.json` takes; the key where they are under one",
    },
    {
      on: "elsewhere",
      place: "the workgroup",
      actions: [
        "athena:StartQueryExecution",
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:StopQueryExecution",
      ],
      when: "`--engine athena`, with reading and writing where its results go",
    },
    {
      on: "elsewhere",
      place: "the database",
      actions: ["glue:GetDatabase", "glue:GetTable", "glue:CreateTable", "glue:DeleteTable"],
      when: "`--engine athena`",
    },
    {
      on: "elsewhere",
      place: "the object of the list",
      actions: ["s3:PutObject"],
      when: "`--manifest s3://...`",
    },
    {
      on: "elsewhere",
      place: "the object of the list",
      actions: ["s3:GetObject"],
      when: "`--manifest s3://...`, so that a list that stands there is found at the start; can be left out",
    },
  ] as const
).map((row) => ({ side: "source", onlyAsked: true, ...row }) as const);

const STATUS: readonly CommandRow[] = [
  {
    side: "source",
    on: "bucket",
    actions: ["s3:ListBucket", "s3:GetReplicationConfiguration"],
  },
  { side: "source", on: "everything", actions: ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"] },
];

/** Where versions are missing, reconcile asks as doctor does why. */
function ofMissing({ when, ...row }: CommandRow): CommandRow {
  return { ...row, when: `versions are missing${when === undefined ? "" : `, and ${when}`}` };
}

export const COMMAND_ACTIONS: Readonly<Record<CommandName, readonly CommandRow[]>> = {
  verify: VERIFY,
  doctor: [...PROOF, ...FAILURE_EVENTS],
  backfill: BACKFILL,
  reconcile: [...RECONCILE, ...RECONCILE_ASKED, ...PROOF.map(ofMissing)],
  status: [...STATUS, ...FAILURE_EVENTS],
};
