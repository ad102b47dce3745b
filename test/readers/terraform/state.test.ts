/** What a state of Terraform says: as `terraform show -json` and as `terraform state pull` print it. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import { describe, it } from "mocha";
import { readTerraform } from "../../../src/readers/terraform/fromTerraform";
import { parseTerraform } from "../../../src/readers/terraform/terraformFile";
import {
  constant,
  created,
  DESTINATION,
  pair,
  planOf,
  rehearsed,
  ROLE_ARN,
  snapshotOf,
  SOURCE,
} from "./support";

const REGIONS: Readonly<Record<string, string>> = { aws: "eu-west-1", "aws.replica": "eu-central-1" };

/** The pair as it is after the apply. */
function deployed() {
  return pair().map(({ type, name, provider = "aws", after = {} }) => ({
    type,
    name,
    provider,
    values: {
      ...after,
      id: type === "aws_s3_bucket" ? String(after.bucket) : name,
      ...(type === "aws_s3_bucket" ? { region: REGIONS[provider] } : {}),
      ...(type === "aws_iam_role" ? { id: String(after.name), arn: ROLE_ARN } : {}),
      ...(type === "aws_s3_bucket_replication_configuration" ? { role: ROLE_ARN } : {}),
    },
  }));
}

const shown = (resources = deployed()) => ({
  format_version: "1.0",
  values: {
    root_module: {
      resources: resources.map(({ type, name, values }) => ({
        address: `${type}.${name}`,
        mode: "managed",
        type,
        name,
        provider_name: "registry.terraform.io/hashicorp/aws",
        values,
        sensitive_values: {},
      })),
    },
  },
});

const pulled = (resources = deployed(), more: object = {}) => ({
  version: 4,
  terraform_version: "1.11.4",
  serial: 1,
  lineage: "0",
  resources: resources.map(({ type, name, provider, values }) => {
    const [, alias] = provider.split(".");
    return {
      mode: "managed",
      type,
      name,
      provider: `provider["registry.terraform.io/hashicorp/aws"]${alias === undefined ? "" : `.${alias}`}`,
      instances: [{ attributes: values, sensitive_attributes: [], ...more }],
    };
  }),
});

describe("a pulled state of two accounts", () => {
  it("is proven, each provider in the account that is said of it", () => {
    const accounts = { "aws.replica": DESTINATION };
    strictEqual(rehearsed([pulled()], accounts).verdict, "proven");
    strictEqual(snapshotOf([pulled()], accounts).buckets["arn:aws:s3:::acme-replica"]?.account, DESTINATION);
  });

  it("finds an account in the ARNs of what a provider made", () => {
    throws(() => snapshotOf([pulled()]), /provider 'aws\.replica' does not say its account/);
    const { buckets } = snapshotOf([pulled(deployed().filter(({ provider }) => provider === "aws"))]);
    strictEqual(buckets["arn:aws:s3:::acme-data"]?.account, SOURCE);
  });

  it("leaves out what waits for its deletion, and reads nothing sensitive", () => {
    deepStrictEqual(snapshotOf([pulled(deployed(), { deposed: "abc" })]).buckets, {});
    const sensitive = { sensitive_attributes: [[{ type: "get_attr", value: "policy" }]] };
    strictEqual(rehearsed([pulled(deployed(), sensitive)], { "": SOURCE }).verdict, "unproven");
  });
});

describe("a state as 'terraform show -json' prints it", () => {
  it("is read for one account", () => {
    strictEqual(rehearsed([shown()], { "": SOURCE }).verdict, "proven");
  });

  it("leaves out what waits for its deletion", () => {
    const { values, ...state } = shown();
    const resources = values.root_module.resources.map((one) => ({ ...one, deposed_key: "abc" }));
    deepStrictEqual(
      snapshotOf([{ ...state, values: { root_module: { resources } } }], { "": SOURCE }).buckets,
      {},
    );
  });

  it("is not read where it holds two accounts, which it does not tell apart", () => {
    const key = {
      type: "aws_kms_key",
      name: "replica",
      provider: "aws.replica",
      values: { arn: `arn:aws:kms:eu-central-1:${DESTINATION}:key/1`, key_id: "1", id: "1" },
    };
    throws(
      () => snapshotOf([shown([...deployed(), key])]),
      /holds resources of 111111111111 and 222222222222.*state pull/s,
    );
  });
});

describe("a bucket whose name is made of something unknown", () => {
  it("is not proven, whatever the policies say of other names", () => {
    const bucket = created(
      "aws_s3_bucket",
      "replica",
      {},
      {
        provider: "aws.replica",
        unknown: { bucket: true, arn: true, id: true },
        expressions: { bucket: { references: ["random_id.suffix.hex", "random_id.suffix"] } },
      },
    );
    const { verdict, unread } = rehearsed([planOf(pair(bucket))]);
    strictEqual(verdict === "proven", false);
    match(
      unread.join("\n"),
      /bucket of aws_s3_bucket\.replica is known only after the apply, and nobody can tell what policies say/,
    );
  });

  it("says that buckets are taken to have the defaults of today, where it does not tell their own", () => {
    const assumptionsOf = (document: unknown) =>
      readTerraform([parseTerraform(document, "--terraform s.json", "s.json")], { "": SOURCE })[0]
        ?.assumptions;
    match(
      assumptionsOf(shown())?.join() ?? "",
      /aws_s3_bucket\.data, aws_s3_bucket\.replica of --terraform s\.json: .* since April 2023/,
    );
    const settings = ["acme-data", "acme-replica"].flatMap((bucket) => [
      {
        type: "aws_s3_bucket_ownership_controls",
        name: bucket,
        provider: "aws",
        values: { bucket, rule: [{ object_ownership: "BucketOwnerEnforced" }] },
      },
      {
        type: "aws_s3_bucket_public_access_block",
        name: bucket,
        provider: "aws",
        values: { bucket, block_public_policy: true },
      },
    ]);
    strictEqual(assumptionsOf(shown([...deployed(), ...settings] as never)), undefined);
    strictEqual(assumptionsOf(planOf(pair())), undefined);
  });
});

describe("what OpenTofu prints", () => {
  const registry = (text: unknown) =>
    JSON.parse(JSON.stringify(text).replaceAll("registry.terraform.io", "registry.opentofu.org")) as Record<
      string,
      unknown
    >;

  it("is read like what Terraform prints: with its registry, any minor version, and no version of the tool", () => {
    const accounts = { aws: SOURCE, "aws.replica": DESTINATION };
    const { complete: _, ...plan } = registry(planOf(pair()));
    for (const format_version of ["0.2", "1.0", "1.2", "1.9"]) {
      strictEqual(rehearsed([{ ...plan, format_version }]).verdict, "proven");
      strictEqual(rehearsed([{ ...plan, format_version, terraform_version: "1.10.0" }]).verdict, "proven");
    }
    const { terraform_version: _version, ...state } = registry(pulled());
    strictEqual(rehearsed([state], accounts).verdict, "proven");
  });

  it("tells the instances of a provider with a for_each apart in a pulled state", () => {
    const names: Readonly<Record<string, string>> = { aws: "data", "aws.replica": "copies" };
    const state = pulled() as unknown as { resources: { provider?: string; instances: object[] }[] };
    const resources = state.resources.map(({ provider = "", instances, ...rest }) => {
      const key = names[provider.endsWith(".replica") ? "aws.replica" : "aws"];
      const instance_provider = `provider["registry.opentofu.org/hashicorp/aws"].of["${key}"]`;
      return { ...rest, instances: instances.map((instance) => ({ ...instance, instance_provider })) };
    });
    const accounts = { 'aws.of["data"]': SOURCE, 'aws.of["copies"]': DESTINATION };
    strictEqual(rehearsed([{ ...state, resources }], accounts).verdict, "proven");
    throws(() => rehearsed([{ ...state, resources }], { 'aws.of["data"]': SOURCE }), /'aws\.of\["copies"\]'/);
  });

  it("does not tell the Regions of such instances in a plan, which is unproven then", () => {
    const plan = planOf(pair()) as unknown as { configuration: { provider_config: Record<string, object> } };
    plan.configuration.provider_config.aws = {
      name: "aws",
      expressions: {
        region: { references: ["each.value"] },
        allowed_account_ids: { constant_value: [SOURCE] },
      },
    };
    const { verdict, unread } = rehearsed([plan]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /the Region of the provider 'aws' in .* is not known/);
  });

  it("does not tell their accounts in a plan either, whatever account is given for the provider", () => {
    const plan = (expressions: object) => {
      const whole = planOf(pair()) as unknown as {
        configuration: { provider_config: Record<string, object> };
      };
      whole.configuration.provider_config["aws.replica"] = { name: "aws", expressions };
      return rehearsed([whole], { "aws.replica": DESTINATION });
    };
    const region = constant("eu-central-1");
    const { verdict, unread } = plan({ region, assume_role: [{ role_arn: { references: ["each.value"] } }] });
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /provider 'aws\.replica' in .* has a for_each, .* which account/);
    strictEqual(
      plan({ region, profile: { references: ["local.profiles", "each.key"] } }).verdict,
      "unproven",
    );
    const tags = [{ tags: { references: ["each.key"] } }];
    strictEqual(plan({ region, default_tags: tags }).verdict, "proven");
    const allowed_account_ids = constant([DESTINATION]);
    const profile = { references: ["each.key"] };
    strictEqual(plan({ region, profile, allowed_account_ids }).verdict, "proven");
  });

  it("lists ephemeral resources among the changes, which make nothing", () => {
    const bucket = created("aws_s3_bucket", "x", { bucket: "acme-x" });
    const ephemeral = { ...bucket, address: "ephemeral.aws_s3_bucket.x", mode: "ephemeral" } as never;
    ok(!JSON.stringify(snapshotOf([planOf([...pair(), ephemeral])])).includes("acme-x"));
    ok(JSON.stringify(snapshotOf([planOf([...pair(), bucket])])).includes("acme-x"));
  });

  it("leaves nothing out that is planned under a key which Terraform writes otherwise", () => {
    // As both tools write them: a text in which nothing is a template.
    const written = [
      ["${x}", '"$${x}"'],
      ["100%{y}", '"100%%{y}"'],
      ['a "b"', '"a \\"b\\""'],
      ["$5", '"$5"'],
    ] as const;
    const buckets = written.map(([index, text], place) => ({
      ...created("aws_s3_bucket", "data", { bucket: `acme-${place}` }),
      address: `aws_s3_bucket.data[${text}]`,
      index,
    }));
    const there = buckets.map(({ type, name, index }) => ({
      mode: "managed",
      type,
      name,
      index,
      values: {},
    }));
    const { complete: _, ...plan } = planOf(buckets, {
      plan: { prior_state: { values: { root_module: { resources: there } } } },
    });
    deepStrictEqual(snapshotOf([plan]).unread ?? [], []);
  });

  it("is not complete where a plan leaves out what is there, though it does not say so", () => {
    const { complete: _, ...plan } = planOf(pair());
    const policy = { mode: "managed", type: "aws_s3_bucket_policy", name: "left", values: {} };
    const prior = (name: string) => ({
      prior_state: { values: { root_module: { resources: [{ ...policy, name }] } } },
    });
    const { verdict, unread } = rehearsed([{ ...plan, ...prior("left") }]);
    strictEqual(verdict, "unproven");
    match(unread.join(), /leaves out what is there already \(aws_s3_bucket_policy\.left\), .*'-exclude'/);
    strictEqual(rehearsed([{ ...plan, ...prior("replica") }]).verdict, "proven");
  });

  it("is not read where it is encrypted", () => {
    throws(
      () => rehearsed([{ serial: 1, lineage: "0", meta: {}, encrypted_data: "x", encryption_version: "v0" }]),
      /is encrypted by OpenTofu; give what 'tofu show -json'/,
    );
  });
});
