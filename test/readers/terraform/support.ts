/** Plans and states of Terraform, written as `terraform show -json` prints them, and what is rehearsed of them. */
import { applyReadings } from "../../../src/readers/joinSources";
import { readTerraform } from "../../../src/readers/terraform/fromTerraform";
import { parseTerraform } from "../../../src/readers/terraform/terraformFile";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import { placesOf } from "../../../src/resources/resources";
import { emptySnapshot, type Snapshot } from "../../../src/snapshot/snapshot";

export const SOURCE = "111111111111";
export const DESTINATION = "222222222222";

export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly mode?: "managed" | "data";
  readonly module?: string;
  readonly index?: string | number;
  readonly actions?: readonly string[];
  readonly provider?: string;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly unknown?: unknown;
  readonly sensitive?: unknown;
  /** As `configuration` has them; constants may be left out. */
  readonly expressions?: Readonly<Record<string, unknown>>;
}

export const reference = (...references: string[]) => ({
  references: references.flatMap((one) => {
    const parts = one.split(".");
    const shorter = parts[0] === "data" ? 3 : 2;
    return parts.length > shorter ? [one, parts.slice(0, shorter).join(".")] : [one];
  }),
});
export const constant = (value: unknown) => ({ constant_value: value });

/** A managed resource of the root module that is to be created. */
export function created(
  type: string,
  name: string,
  after: Readonly<Record<string, unknown>>,
  more: Partial<PlannedResource> = {},
): PlannedResource {
  return { address: `${type}.${name}`, type, name, after, ...more };
}

export interface PlanOptions {
  readonly accounts?: Readonly<Record<string, string>>;
  readonly plan?: Readonly<Record<string, unknown>>;
  readonly configuration?: Readonly<Record<string, unknown>> | null;
}

const PROVIDERS = {
  aws: {
    name: "aws",
    expressions: { region: constant("eu-west-1"), allowed_account_ids: constant([SOURCE]) },
  },
  "aws.replica": {
    name: "aws",
    alias: "replica",
    expressions: { region: constant("eu-central-1"), allowed_account_ids: constant([DESTINATION]) },
  },
};

export function planOf(
  resources: readonly PlannedResource[],
  { plan = {}, configuration }: PlanOptions = {},
) {
  return {
    format_version: "1.2",
    complete: true,
    errored: false,
    resource_changes: resources.map((one) => ({
      address: one.address,
      ...(one.module === undefined ? {} : { module_address: one.module }),
      mode: one.mode ?? "managed",
      type: one.type,
      name: one.name,
      ...(one.index === undefined ? {} : { index: one.index }),
      provider_name: "registry.terraform.io/hashicorp/aws",
      change: {
        actions: one.actions ?? (one.mode === "data" ? ["read"] : ["create"]),
        before: one.before ?? null,
        after: one.after ?? null,
        after_unknown: one.unknown ?? {},
        after_sensitive: one.sensitive ?? {},
      },
    })),
    ...(configuration === null
      ? {}
      : {
          configuration: configuration ?? {
            provider_config: { ...PROVIDERS },
            root_module: {
              resources: resources.map((one) => ({
                address: `${one.mode === "data" ? "data." : ""}${one.type}.${one.name}`,
                provider_config_key: one.provider ?? "aws",
                expressions: {
                  ...Object.fromEntries(
                    Object.entries(one.after ?? {}).map(([key, value]) => [key, constant(value)]),
                  ),
                  ...one.expressions,
                },
              })),
            },
          },
        }),
    ...plan,
  };
}

export function snapshotOf(
  documents: readonly unknown[],
  accounts: Readonly<Record<string, string>> = {},
): Snapshot {
  const files = documents.map((document, index) =>
    parseTerraform(document, `--terraform root${index}.json`, `root${index}.json`),
  );
  const snapshot = emptySnapshot();
  applyReadings(snapshot, readTerraform(files, accounts));
  return snapshot;
}

export function rehearsed(
  documents: readonly unknown[],
  accounts: Readonly<Record<string, string>> = {},
): Report {
  const snapshot = snapshotOf(documents, accounts);
  const places = placesOf(snapshot);
  return rehearse(snapshot, { explain: (arn, setting) => places.explain(arn, setting) });
}

export const SERVICE_TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

export const ROLE_ARN = `arn:aws:iam::${SOURCE}:role/replication`;

/** What the role needs with SSE-S3. @param without A statement that is left out. */
export function rolePermissions(without?: string) {
  const statements = [
    {
      Sid: "Source",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: "arn:aws:s3:::acme-data",
    },
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      Resource: "arn:aws:s3:::acme-data/*",
    },
    {
      Sid: "Replicas",
      Effect: "Allow",
      Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
      Resource: "arn:aws:s3:::acme-replica/*",
    },
  ];
  return { Version: "2012-10-17", Statement: statements.filter(({ Sid }) => Sid !== without) };
}

/** The destination's consent. */
export const BUCKET_POLICY = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Objects",
      Effect: "Allow",
      Principal: { AWS: ROLE_ARN },
      Action: [
        "s3:ReplicateObject",
        "s3:ReplicateDelete",
        "s3:ReplicateTags",
        "s3:ObjectOwnerOverrideToBucketOwner",
      ],
      Resource: "arn:aws:s3:::acme-replica/*",
    },
    {
      Sid: "Bucket",
      Effect: "Allow",
      Principal: { AWS: ROLE_ARN },
      Action: ["s3:GetBucketVersioning", "s3:PutBucketVersioning"],
      Resource: "arn:aws:s3:::acme-replica",
    },
  ],
};

const versioned = { versioning_configuration: [{ status: "Enabled" }] };

/** Two accounts in one root, whose documents name everything by its name. What is given replaces a resource. */
export function pair(...replaced: readonly PlannedResource[]): PlannedResource[] {
  const role = { unknown: { role: true }, expressions: { role: reference("aws_iam_role.replication.arn") } };
  const resources = [
    created(
      "aws_s3_bucket",
      "data",
      { bucket: "acme-data" },
      { unknown: { arn: true, id: true, policy: true } },
    ),
    created("aws_s3_bucket_versioning", "data", { bucket: "acme-data", ...versioned }),
    created(
      "aws_iam_role",
      "replication",
      { name: "replication", path: "/", assume_role_policy: SERVICE_TRUST },
      {
        unknown: { arn: true, id: true, inline_policy: true, managed_policy_arns: true },
      },
    ),
    created("aws_iam_role_policy", "replication", {
      role: "replication",
      name: "replication",
      policy: JSON.stringify(rolePermissions()),
    }),
    created(
      "aws_s3_bucket_replication_configuration",
      "data",
      {
        bucket: "acme-data",
        rule: [
          {
            id: "all",
            status: "Enabled",
            filter: [{}],
            delete_marker_replication: [{ status: "Enabled" }],
            destination: [{ bucket: "arn:aws:s3:::acme-replica", storage_class: null }],
          },
        ],
      },
      role,
    ),
    created(
      "aws_s3_bucket",
      "replica",
      { bucket: "acme-replica" },
      {
        provider: "aws.replica",
        unknown: { arn: true, id: true, policy: true },
      },
    ),
    created(
      "aws_s3_bucket_versioning",
      "replica",
      { bucket: "acme-replica", ...versioned },
      {
        provider: "aws.replica",
      },
    ),
    created(
      "aws_s3_bucket_policy",
      "replica",
      {
        bucket: "acme-replica",
        policy: JSON.stringify(BUCKET_POLICY),
      },
      { provider: "aws.replica" },
    ),
  ];
  const others = new Map(replaced.map((one) => [one.address, one]));
  const known = resources.map((one) => others.get(one.address) ?? one);
  return [...known, ...replaced.filter(({ address }) => !resources.some((one) => one.address === address))];
}
