/** What data sources look up, and resources that keep a role to a list of policies. */
import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import {
  constant,
  created,
  DESTINATION,
  pair,
  planOf,
  type PlannedResource,
  reference,
  rehearsed,
  rolePermissions,
  snapshotOf,
  SOURCE,
} from "./support";

/** A data source that is read only in the apply. */
const deferred = (type: string, name: string, more: Partial<PlannedResource>): PlannedResource => ({
  ...created(type, name, {}),
  address: `data.${type}.${name}`,
  mode: "data",
  ...more,
});

const rule = (bucket: string | undefined) => ({
  id: "all",
  status: "Enabled",
  filter: [{}],
  delete_marker_replication: [{ status: "Enabled" }],
  destination: [{ ...(bucket === undefined ? {} : { bucket }), storage_class: null }],
});

/** The replication, with its destination's ARN known only after the apply. */
function toUnknown(...references: string[]): PlannedResource {
  return created(
    "aws_s3_bucket_replication_configuration",
    "data",
    { bucket: "acme-data", rule: [rule(undefined)] },
    {
      unknown: { role: true, rule: [{ destination: [{ bucket: true }] }] },
      expressions: {
        role: reference("aws_iam_role.replication.arn"),
        rule: [{ destination: [{ bucket: reference(...references) }] }],
      },
    },
  );
}

/** The key of an alias that a data source finds in the apply. */
const ENCRYPTION_BY_ALIAS = created(
  "aws_s3_bucket_server_side_encryption_configuration",
  "data",
  {
    bucket: "acme-data",
    rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms" }] }],
  },
  {
    unknown: { rule: [{ apply_server_side_encryption_by_default: [{ kms_master_key_id: true }] }] },
    expressions: {
      rule: [
        {
          apply_server_side_encryption_by_default: [
            { kms_master_key_id: reference("data.aws_kms_alias.found.target_key_arn") },
          ],
        },
      ],
    },
  },
);

describe("a data source that is read only in the apply", () => {
  it("stands for the bucket of its name, also where its name is another resource's", () => {
    const named = deferred("aws_s3_bucket", "found", {
      after: { bucket: "acme-replica" },
      unknown: { arn: true },
    });
    const referring = deferred("aws_s3_bucket", "found", {
      unknown: { arn: true, bucket: true },
      expressions: { bucket: reference("aws_s3_bucket.replica.id") },
    });
    for (const found of [named, referring]) {
      strictEqual(
        rehearsed([planOf(pair(toUnknown("data.aws_s3_bucket.found.arn"), found))]).verdict,
        "proven",
      );
    }
  });

  it("stands for the role of its name that the plan makes", () => {
    const found = deferred("aws_iam_role", "found", {
      after: { name: "replication" },
      unknown: { arn: true },
    });
    const replication = created(
      "aws_s3_bucket_replication_configuration",
      "data",
      { bucket: "acme-data", rule: [rule("arn:aws:s3:::acme-replica")] },
      { unknown: { role: true }, expressions: { role: reference("data.aws_iam_role.found.arn") } },
    );
    strictEqual(rehearsed([planOf(pair(replication, found))]).verdict, "proven");
  });

  it("stands for a role that another provider of its account makes, and for none of another account", () => {
    const found = deferred("aws_iam_role", "found", {
      after: { name: "replication" },
      unknown: { arn: true },
      provider: "aws.other",
    });
    const replication = created(
      "aws_s3_bucket_replication_configuration",
      "data",
      { bucket: "acme-data", rule: [rule("arn:aws:s3:::acme-replica")] },
      { unknown: { role: true }, expressions: { role: reference("data.aws_iam_role.found.arn") } },
    );
    const verdictIn = (account: string) => {
      const resources = pair(replication, found);
      const { configuration } = planOf(resources);
      const other = {
        name: "aws",
        alias: "other",
        expressions: { region: constant("us-east-1"), allowed_account_ids: constant([account]) },
      };
      const provider_config = { ...(configuration?.provider_config as object), "aws.other": other };
      return rehearsed([planOf(resources, { configuration: { ...configuration, provider_config } })]).verdict;
    };
    strictEqual(verdictIn(SOURCE), "proven");
    strictEqual(verdictIn("333333333333"), "unproven");
  });

  it("stands for no alias of another Region", () => {
    const found = deferred("aws_kms_alias", "found", {
      after: { name: "alias/copies" },
      unknown: { arn: true, target_key_arn: true },
      provider: "aws.other",
    });
    const keys = [
      created(
        "aws_kms_key",
        "copies",
        { is_enabled: true },
        { unknown: { arn: true, key_id: true, policy: true } },
      ),
      created(
        "aws_kms_alias",
        "copies",
        { name: "alias/copies" },
        {
          unknown: { arn: true, target_key_id: true },
          expressions: { target_key_id: reference("aws_kms_key.copies.key_id") },
        },
      ),
    ];
    const keyIn = (region: string) => {
      const resources = pair(...keys, found, ENCRYPTION_BY_ALIAS);
      const { configuration } = planOf(resources);
      const other = {
        name: "aws",
        alias: "other",
        expressions: { region: constant(region), allowed_account_ids: constant([SOURCE]) },
      };
      const provider_config = { ...(configuration?.provider_config as object), "aws.other": other };
      const { buckets } = snapshotOf([
        planOf(resources, { configuration: { ...configuration, provider_config } }),
      ]);
      return buckets["arn:aws:s3:::acme-data"]?.unread?.includes("encryption") === true ? "unread" : "read";
    };
    strictEqual(keyIn("eu-west-1"), "read");
    strictEqual(keyIn("us-east-1"), "unread");
  });

  it("stands for the alias of the Region that it is asked in, where each resource says its own", () => {
    const key = (name: string, region: string) =>
      created(
        "aws_kms_key",
        name,
        { is_enabled: true, region },
        { unknown: { arn: true, key_id: true, policy: true } },
      );
    const alias = (name: string, region: string) =>
      created(
        "aws_kms_alias",
        name,
        { name: "alias/copies", region },
        {
          unknown: { arn: true, target_key_id: true },
          expressions: { target_key_id: reference(`aws_kms_key.${name}.key_id`) },
        },
      );
    for (const region of ["eu-west-1", "eu-central-1"]) {
      const found = deferred("aws_kms_alias", "found", {
        after: { name: "alias/copies", region },
        unknown: { arn: true, target_key_arn: true },
      });
      const keys = ["eu-central-1", "eu-west-1"].flatMap((own) => [key(own, own), alias(own, own)]);
      const { buckets } = snapshotOf([planOf(pair(...keys, found, ENCRYPTION_BY_ALIAS))]);
      match(JSON.stringify(buckets["arn:aws:s3:::acme-data"]?.encryption), new RegExp(`kms:${region}:`));
    }
  });

  it("leaves open what it finds where the plan makes no such role", () => {
    const found = deferred("aws_iam_role", "found", { after: { name: "elsewhere" }, unknown: { arn: true } });
    const replication = created(
      "aws_s3_bucket_replication_configuration",
      "data",
      { bucket: "acme-data", rule: [rule("arn:aws:s3:::acme-replica")] },
      { unknown: { role: true }, expressions: { role: reference("data.aws_iam_role.found.arn") } },
    );
    const { verdict, unread } = rehearsed([planOf(pair(replication, found))]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /'replication' of the bucket arn:aws:s3:::acme-data could not be read/);
  });

  it("is not passed over where the other branch of a condition is known", () => {
    const found = deferred("aws_s3_bucket", "found", { unknown: { arn: true, bucket: true } });
    const replication = toUnknown("data.aws_s3_bucket.found.arn", "aws_s3_bucket.replica.arn");
    strictEqual(rehearsed([planOf(pair(replication, found))]).verdict, "unproven");
  });
});

describe("a bucket that a data source looked up", () => {
  const found = {
    mode: "data",
    type: "aws_s3_bucket",
    name: "data",
    address: "data.aws_s3_bucket.data",
    provider_name: "registry.terraform.io/hashicorp/aws",
    values: { id: "acme-data", bucket: "acme-data", arn: "arn:aws:s3:::acme-data", region: "eu-west-1" },
  };
  const settings = [
    created("aws_s3_bucket_policy", "data", {
      bucket: "acme-data",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: SOURCE },
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::acme-data/*",
          },
        ],
      }),
    }),
    created("aws_s3_bucket_ownership_controls", "data", {
      bucket: "acme-data",
      rule: [{ object_ownership: "BucketOwnerEnforced" }],
    }),
    created("aws_s3_bucket_public_access_block", "data", {
      bucket: "acme-data",
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    }),
  ];
  const planned = pair(...settings).filter(({ address }) => address !== "aws_s3_bucket.data");
  const plan = planOf(planned, {
    plan: { prior_state: { values: { root_module: { resources: [found] } } } },
  });

  it("is in its own Region, wherever it was looked up from", () => {
    const values = { ...found.values, bucket_region: "eu-west-3" };
    const prior_state = { values: { root_module: { resources: [{ ...found, values }] } } };
    const { buckets } = snapshotOf([planOf(planned, { plan: { prior_state } })]);
    strictEqual(buckets["arn:aws:s3:::acme-data"]?.region, "eu-west-3");
  });

  it("may be encrypted by default, have Object Lock or let others pay, as no lookup tells", () => {
    const { verdict, unread } = rehearsed([plan]);
    strictEqual(verdict, "unproven");
    deepStrictEqual(
      unread.map((sentence) => /^'(\w+)' of the bucket (\S+)/.exec(sentence)?.slice(1).join(" of ")),
      ["encryption", "requesterPays", "objectLock"].map((name) => `${name} of arn:aws:s3:::acme-data`),
    );
  });
});

describe("the Region of a provider that does not say it", () => {
  const regionAfter = (told: Readonly<Record<string, unknown>>, isAsked: boolean) => {
    const resources = pair(deferred("aws_region", "found", { after: told }));
    const plan = planOf(resources) as unknown as { configuration: { root_module: { resources: Asked[] } } };
    const { resources: written } = plan.configuration.root_module;
    const root_module = {
      resources: written.map((one) =>
        one.address === "data.aws_region.found" && !isAsked ? { ...one, expressions: {} } : one,
      ),
    };
    const provider = { name: "aws", expressions: { allowed_account_ids: constant([SOURCE]) } };
    const replica = {
      name: "aws",
      alias: "replica",
      expressions: { region: constant("eu-central-1"), allowed_account_ids: constant([DESTINATION]) },
    };
    const configuration = { provider_config: { aws: provider, "aws.replica": replica }, root_module };
    return snapshotOf([{ ...plan, configuration }]).buckets["arn:aws:s3:::acme-data"]?.region;
  };

  it("is that of a data source, unless that was asked about a Region", () => {
    for (const told of [{ name: "eu-west-3" }, { region: "eu-west-3" }]) {
      strictEqual(regionAfter(told, false), "eu-west-3");
      notStrictEqual(regionAfter(told, true), "eu-west-3");
    }
  });
});

interface Asked {
  readonly address: string;
  readonly expressions: unknown;
}

describe("a key that a data source looked up", () => {
  const keyArn = `arn:aws:kms:eu-central-1:${DESTINATION}:key/1234`;
  const state = (values: object) => ({
    format_version: "1.0",
    terraform_version: "1.11.4",
    values: {
      root_module: {
        resources: [
          { mode: "data", type: "aws_kms_key", name: "found", address: "data.aws_kms_key.found", values },
        ],
      },
    },
  });
  const looked = { key_id: "alias/copies", arn: keyArn, key_manager: "CUSTOMER", multi_region: false };

  it("is in the account and Region of its ARN, enabled or not, with a policy that nobody read", () => {
    for (const enabled of [true, false]) {
      const { keys } = snapshotOf([state({ ...looked, enabled })], { "": SOURCE });
      const { account, region, state: condition, unread } = keys[keyArn]!;
      deepStrictEqual(
        { account, region, condition, unread },
        {
          account: DESTINATION,
          region: "eu-central-1",
          condition: enabled ? "Enabled" : "Disabled",
          unread: ["policy"],
        },
      );
    }
  });

  it("is AWS's where it says so, or where its alias is one of AWS's", () => {
    const managed = snapshotOf([state({ ...looked, key_manager: "AWS", enabled: true })], { "": SOURCE });
    strictEqual(managed.keys[keyArn]?.manager, "AWS");
    const alias = {
      mode: "data",
      type: "aws_kms_alias",
      name: "s3",
      address: "data.aws_kms_alias.s3",
      values: {
        name: "alias/aws/s3",
        arn: `arn:aws:kms:eu-west-1:${SOURCE}:alias/aws/s3`,
        target_key_id: "5678",
        target_key_arn: `arn:aws:kms:eu-west-1:${SOURCE}:key/5678`,
      },
    };
    const bucket = {
      mode: "managed",
      type: "aws_s3_bucket",
      name: "data",
      address: "aws_s3_bucket.data",
      values: { id: "acme-data", bucket: "acme-data", region: "eu-west-1" },
    };
    const document = { format_version: "1.0", values: { root_module: { resources: [alias, bucket] } } };
    const { keys } = snapshotOf([document], { "": SOURCE });
    strictEqual(keys[`arn:aws:kms:eu-west-1:${SOURCE}:key/5678`]?.manager, "AWS");
  });
});

describe("a resource that keeps a role to a list", () => {
  const exclusive = (policy_names: readonly string[]) =>
    created("aws_iam_role_policies_exclusive", "replication", { role_name: "replication", policy_names });

  it("changes nothing for the inline policies of its list", () => {
    strictEqual(rehearsed([planOf(pair(exclusive(["replication"])))]).verdict, "proven");
  });

  it("leaves open whether another inline policy stays", () => {
    const { verdict, objects } = rehearsed([planOf(pair(exclusive(["other"])))]);
    strictEqual(verdict, "unproven");
    match(
      JSON.stringify(objects),
      /whether the policy 'replication' stays on the role, as aws_iam_role_policies_exclusive.replication takes away/,
    );
  });

  it("attaches the managed policies of its list, once, and leaves open whether others stay", () => {
    const arn = `arn:aws:iam::${SOURCE}:policy/permissions`;
    const managed = [
      created("aws_iam_policy", "permissions", {
        name: "permissions",
        path: "/",
        policy: JSON.stringify(rolePermissions()),
      }),
      created("aws_iam_role_policy_attachment", "permissions", { role: "replication", policy_arn: arn }),
      created("aws_iam_role_policy", "replication", {
        role: "replication",
        name: "replication",
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "ec2:DescribeRegions", Resource: "*" }],
        }),
      }),
    ];
    const listed = (...policy_arns: string[]) =>
      created("aws_iam_role_policy_attachments_exclusive", "all", { role_name: "replication", policy_arns });
    strictEqual(rehearsed([planOf(pair(...managed, listed(arn)))]).verdict, "proven");
    strictEqual(rehearsed([planOf(pair(...managed, listed()))]).verdict, "unproven");
    const { accounts } = snapshotOf([planOf(pair(...managed, listed(arn)))]);
    const roles = Object.values(accounts[SOURCE]?.roles ?? {});
    deepStrictEqual(roles[0]?.policyNames, ["replication", "permissions"]);
  });
});

describe("two resources that set the same of one bucket", () => {
  const policy = (name: string, Sid: string, more: Partial<PlannedResource> = {}) =>
    created(
      "aws_s3_bucket_policy",
      name,
      {
        bucket: "acme-data",
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid,
              Effect: "Allow",
              Principal: { AWS: SOURCE },
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::acme-data/*",
            },
          ],
        }),
      },
      more,
    );

  it("are unproven where both are planned, and named", () => {
    const { verdict, unread } = rehearsed([planOf(pair(policy("one", "A"), policy("two", "B")))]);
    strictEqual(verdict, "unproven");
    match(
      unread.join("\n"),
      /aws_s3_bucket_policy.one and aws_s3_bucket_policy.two both say PutBucketPolicy of arn:aws:s3:::acme-data, and not the same: which of them counts is not known; leave one of them/,
    );
  });

  it("are settled where one is planned and the other one is there, in any order", () => {
    const there = { actions: ["no-op"], before: { id: "acme-data" } };
    for (const [first, second] of [
      [policy("one", "A"), policy("two", "B", there)],
      [policy("two", "B", there), policy("one", "A")],
    ] as const) {
      const { verdict, warnings = [] } = rehearsed([planOf(pair(first, second))]);
      strictEqual(verdict, "proven");
      match(warnings.join("\n"), /the one that is planned counts$/m);
    }
  });
});

describe("an ARN that a condition on another resource may choose", () => {
  const KEY = created("aws_kms_key", "other", {}, { unknown: { arn: true, id: true } });

  /** @param references Of the role of the replication. */
  const verdictOf = (...references: string[]) =>
    rehearsed([
      planOf(
        pair(
          KEY,
          created(
            "aws_s3_bucket_replication_configuration",
            "data",
            { bucket: "acme-data", rule: [rule("arn:aws:s3:::acme-replica")] },
            { unknown: { role: true }, expressions: { role: reference(...references) } },
          ),
        ),
      ),
    ]).verdict;

  it("is not taken for that of the one resource that has such an ARN", () => {
    strictEqual(verdictOf("aws_iam_role.replication.arn"), "proven");
    strictEqual(verdictOf("aws_kms_key.other.arn", "aws_iam_role.replication.arn"), "unproven");
  });
});
