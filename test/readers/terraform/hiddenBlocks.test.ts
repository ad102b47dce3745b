/** Blocks that a plan does not know at all: written by a `dynamic`, or left to the provider. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import { readTerraform } from "../../../src/readers/terraform/fromTerraform";
import { parseTerraform } from "../../../src/readers/terraform/terraformFile";
import {
  constant,
  created,
  pair,
  planOf,
  reference,
  type PlannedResource,
  rehearsed,
  SOURCE,
} from "./support";

const OTHER_KEY = reference("aws_kms_key.other.arn");
const versioned = { versioning_configuration: [{ status: "Enabled" }] };

/** A bucket of which the plan knows nothing but the name. */
const bucket = (more: Partial<PlannedResource> = {}) =>
  created(
    "aws_s3_bucket",
    "data",
    { bucket: "acme-data" },
    {
      unknown: {
        arn: true,
        id: true,
        versioning: true,
        server_side_encryption_configuration: true,
        replication_configuration: true,
      },
      ...more,
    },
  );

describe("a block of a legacy bucket that is wholly unknown", () => {
  it("is the provider's where nothing hints at a dynamic block", () => {
    strictEqual(rehearsed([planOf(pair(bucket()))]).verdict, "proven");
  });

  it("counts as written where the plan hangs on a key that no expression shows", () => {
    const plan = { relevant_attributes: [{ resource: "aws_kms_key.hidden", attribute: ["arn"] }] };
    const { verdict, unread } = rehearsed([planOf(pair(bucket()), { plan })]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /'encryption' of the bucket arn:aws:s3:::acme-data could not be read/);
  });

  it("counts as written where another attribute of the key is shown, and not the one that the plan hangs on", () => {
    const plan = { relevant_attributes: [{ resource: "aws_kms_key.other", attribute: ["arn"] }] };
    const verdictWith = (attribute: string) => {
      const alias = created(
        "aws_kms_alias",
        "other",
        { name: "alias/other" },
        {
          unknown: { target_key_id: true },
          expressions: { target_key_id: reference(`aws_kms_key.other.${attribute}`) },
        },
      );
      const more = { provider: "aws.replica", unknown: { arn: true, key_id: true } };
      const key = created("aws_kms_key", "other", {}, more);
      return rehearsed([planOf(pair(bucket(), key, alias), { plan })]).verdict;
    };
    deepStrictEqual([verdictWith("key_id"), verdictWith("arn")], ["unproven", "proven"]);
  });

  it("counts as written where the plan hangs on what any resource tells only in the apply, and no expression shows it", () => {
    const plan = { relevant_attributes: [{ resource: "terraform_data.flag", attribute: ["output"] }] };
    const flag = (unknown: unknown) => created("terraform_data", "flag", {}, { unknown });
    const verdictOf = (unknown: unknown) => rehearsed([planOf(pair(flag(unknown)), { plan })]).verdict;
    // A role's policies, too: a `dynamic "inline_policy"` may deny.
    strictEqual(verdictOf({ output: true }), "unproven");
    strictEqual(verdictOf({ id: true }), "proven");
  });

  it("is the provider's where a dynamic block of a resource without a say shows what it may hang on", () => {
    const group = (name: string, unknown: unknown) =>
      created("aws_security_group", name, { name }, { unknown });
    const verdictOf = (ingress: unknown, resource = "aws_security_group.balancer") => {
      const plan = { relevant_attributes: [{ resource, attribute: ["id"] }] };
      const resources = pair(bucket(), group("balancer", { id: true }), group("app", { ingress }));
      return rehearsed([planOf(resources, { plan })]).verdict;
    };
    const shown = [{ security_groups: true }];
    strictEqual(verdictOf(shown), "proven");
    strictEqual(verdictOf(true), "unproven");
    strictEqual(verdictOf(shown, "aws_kms_key.hidden"), "unproven");
    strictEqual(verdictOf(shown, "aws_sns_topic.hidden"), "unproven");
    strictEqual(verdictOf([{ arn: true }], "aws_sns_topic.hidden"), "proven");
    strictEqual(verdictOf(shown, "terraform_data.hidden"), "unproven");
  });

  /** A key whose ARN is known only after the apply, and what shows it. */
  const shownKey = (provider: string) => [
    created("aws_kms_key", "other", {}, { provider, unknown: { arn: true } }),
    created(
      "aws_sns_topic",
      "news",
      { name: "news" },
      { unknown: { kms_master_key_id: true }, expressions: { kms_master_key_id: OTHER_KEY } },
    ),
  ];
  const hangingOn = (resource: string) => ({
    plan: { relevant_attributes: [{ resource, attribute: ["arn"] }] },
  });
  const onOtherKey = hangingOn("aws_kms_key.other");

  it("counts as written in an encryption where the plan hangs on a key of the bucket's provider, shown or not", () => {
    const verdictOf = (provider: string) =>
      rehearsed([planOf(pair(bucket(), ...shownKey(provider)), onOtherKey)]).verdict;
    deepStrictEqual([verdictOf("aws"), verdictOf("aws.replica")], ["unproven", "proven"]);
    const { unread } = rehearsed([planOf(pair(bucket(), ...shownKey("aws")), onOtherKey)]);
    match(
      unread.join("\n"),
      /a 'dynamic' block, which a plan does not show, may write server_side_encryption_configuration of aws_s3_bucket\.data; set it in a resource of its own \(aws_s3_bucket_server_side_encryption_configuration\)/,
    );
  });

  it("says nothing of an encryption that a resource of its own sets", () => {
    const encryption = created("aws_s3_bucket_server_side_encryption_configuration", "data", {
      bucket: "acme-data",
      rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }],
    });
    const plan = planOf(pair(bucket(), encryption, ...shownKey("aws")), onOtherKey);
    strictEqual(rehearsed([plan]).verdict, "proven");
  });

  it("may name a key of a module that the bucket's own calls, and of no other", () => {
    const [key, topic] = shownKey("aws") as [PlannedResource, PlannedResource];
    const called = { ...key, address: `module.keys.${key.address}`, module: "module.keys" };
    const inCalled = planOf(pair(bucket(), called, topic), hangingOn(called.address));
    const inOther = ofModule(true, {}, hangingOn("aws_kms_key.elsewhere").plan);
    const verdicts = [inCalled, inOther].map((plan) => rehearsed([plan], { "": SOURCE }).verdict);
    deepStrictEqual(verdicts, ["unproven", "proven"]);
  });

  it("is what an apply without AWS made of it", () => {
    const plan = parseTerraform(
      planOf(pair(bucket(), ...shownKey("aws")), onOtherKey),
      "--terraform plan.json",
      "plan.json",
    );
    const encryptionOf = (blocks: unknown) => {
      const resources = plan.resources.map((resource) =>
        resource.address.text === "aws_s3_bucket.data"
          ? { ...resource, completed: { server_side_encryption_configuration: blocks } }
          : resource,
      );
      const [reading] = readTerraform([{ ...plan, resources }], {});
      return (reading?.calls ?? []).filter(({ operation }) => operation === "s3:PutBucketEncryption").length;
    };
    const written = [{ rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms" }] }] }];
    deepStrictEqual([encryptionOf([]), encryptionOf(written)], [0, 1]);
  });

  it("is told as assumed not to be there where it would decide, and the plan hangs on something unknown", () => {
    const role = pair().find(({ type }) => type === "aws_iam_role")!;
    const assumed = (plan: object, ...left: readonly string[]) => {
      const resources = pair(bucket(), ...shownKey("aws.replica")).filter(({ type }) => !left.includes(type));
      const file = parseTerraform(planOf(resources, plan), "--terraform plan.json", "plan.json");
      const [reading] = readTerraform([file], {});
      return (reading?.assumptions ?? []).filter((sentence) => sentence.includes("'dynamic'")).join();
    };
    match(
      assumed(onOtherKey),
      new RegExp(`^inline_policy of ${role.address} in --terraform plan\\.json: a plan`),
    );
    match(
      assumed(onOtherKey, "aws_s3_bucket_versioning"),
      /^versioning of aws_s3_bucket\.data, inline_policy of aws_iam_role\.replication in /,
    );
    strictEqual(assumed({}), "");
  });

  it("is the provider's where every attribute that the plan hangs on is shown", () => {
    const plan = {
      relevant_attributes: [
        { resource: "aws_iam_role.replication", attribute: ["arn"] },
        { resource: "data.aws_iam_policy_document.trust", attribute: ["json"] },
      ],
    };
    strictEqual(rehearsed([planOf(pair(bucket()), { plan })]).verdict, "proven");
  });

  it("counts as written where the bucket is there already: its own settings would be known", () => {
    const there = bucket({ actions: ["update"], before: { id: "acme-data", bucket: "acme-data" } });
    const { verdict, unread } = rehearsed([planOf(pair(there))]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /'encryption' of the bucket arn:aws:s3:::acme-data/);
  });

  it("counts as written in a module that is given something unknown", () => {
    deepStrictEqual(
      [true, false].map((isUnknown) => rehearsed([ofModule(isUnknown)], { "": SOURCE }).verdict),
      ["unproven", "proven"],
    );
  });
});

const ELSEWHERE = { key_arn: reference("aws_kms_key.elsewhere.arn") };

/** The pair, whose source bucket is made by a module that is given a key's ARN. @param more What the plan says besides. */
function ofModule(isUnknown: boolean, given: object = ELSEWHERE, more: object = {}) {
  const key = created("aws_kms_key", "elsewhere", {}, { unknown: { arn: isUnknown } });
  const inModule = { ...bucket(), address: "module.data.aws_s3_bucket.data", module: "module.data" };
  const topic = created(
    "aws_sns_topic",
    "shown",
    {},
    { expressions: { kms_master_key_id: ELSEWHERE.key_arn } },
  );
  const others = pair().filter(({ address }) => address !== "aws_s3_bucket.data");
  const resources = [...others, key, topic];
  const plan = planOf([...resources, inModule]);
  const { configuration } = planOf(resources) as unknown as {
    configuration: { root_module: { resources: unknown[] } };
  };
  const root = {
    ...configuration.root_module,
    module_calls: {
      data: {
        expressions: given,
        module: {
          resources: [
            {
              address: "aws_s3_bucket.data",
              provider_config_key: "aws",
              expressions: { bucket: constant("acme-data") },
            },
          ],
        },
      },
    },
  };
  return { ...plan, ...more, configuration: { ...configuration, root_module: root } };
}

describe("a block that no provider fills in", () => {
  it("counts as written where it is wholly unknown: the rules of a replication", () => {
    const replication = pair().find(({ type }) => type === "aws_s3_bucket_replication_configuration")!;
    const { rule: _rule, ...after } = replication.after as Record<string, unknown>;
    const hidden = {
      ...replication,
      after,
      unknown: { ...(replication.unknown as object), rule: true },
    };
    const { verdict, unread } = rehearsed([planOf(pair(hidden))]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /rule of aws_s3_bucket_replication_configuration\.data is known only after/);
  });

  it("counts as written where it is wholly unknown: the status of versioning", () => {
    const versioning = created(
      "aws_s3_bucket_versioning",
      "data",
      { bucket: "acme-data" },
      { unknown: { versioning_configuration: true } },
    );
    strictEqual(rehearsed([planOf(pair(versioning))]).verdict, "unproven");
    strictEqual(
      rehearsed([planOf(pair({ ...versioning, after: { bucket: "acme-data", ...versioned }, unknown: {} }))])
        .verdict,
      "proven",
    );
  });
});

describe("a block within another one that is wholly unknown, as Terraform shows a 'dynamic' over something unknown", () => {
  const replication = pair().find(({ type }) => type === "aws_s3_bucket_replication_configuration")!;
  const [rule] = (replication.after as { rule: Record<string, unknown>[] }).rule;

  /** @param hidden Blocks of the rule, and of its destination. */
  function verdictWith(hidden: readonly string[], ofDestination: readonly string[] = []): string {
    const without = (value: object, names: readonly string[]) =>
      Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
    const marks = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, true]));
    const written = without(rule!, hidden);
    const { destination, ...others } = written;
    const constants = Object.entries(others).map(([name, value]) => [name, constant(value)] as const);
    const changed: PlannedResource = {
      ...replication,
      after: { ...replication.after, rule: [written] },
      unknown: {
        ...(replication.unknown as object),
        rule: [{ ...marks(hidden), destination: [marks(ofDestination)] }],
      },
      expressions: {
        ...replication.expressions,
        rule: [
          {
            ...Object.fromEntries(constants),
            destination: (destination as object[]).map(() => ({
              bucket: constant("arn:aws:s3:::acme-replica"),
            })),
          },
        ],
      },
    };
    return rehearsed([planOf(pair(changed))]).verdict;
  }

  it("counts as written in a rule, and in its destination", () => {
    deepStrictEqual(
      ["source_selection_criteria", "filter", "delete_marker_replication"].map((name) => verdictWith([name])),
      ["unproven", "unproven", "unproven"],
    );
    deepStrictEqual(
      ["access_control_translation", "encryption_configuration"].map((name) => verdictWith([], [name])),
      ["unproven", "unproven"],
    );
    strictEqual(verdictWith([]), "proven");
  });

  it("counts as written in the encryption of a bucket", () => {
    const encryption = created(
      "aws_s3_bucket_server_side_encryption_configuration",
      "data",
      { bucket: "acme-data", rule: [{ bucket_key_enabled: true }] },
      {
        unknown: { rule: [{ apply_server_side_encryption_by_default: true }] },
        expressions: { rule: [{ bucket_key_enabled: constant(true) }] },
      },
    );
    const { verdict, unread } = rehearsed([planOf(pair(encryption))]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /'encryption' of the bucket arn:aws:s3:::acme-data/);
  });

  it("is not what the provider says of a block that is written", () => {
    const versioning = created(
      "aws_s3_bucket_versioning",
      "data",
      { bucket: "acme-data", ...versioned },
      {
        unknown: { versioning_configuration: [{ mfa_delete: true }] },
        expressions: { versioning_configuration: [{ status: constant("Enabled") }] },
      },
    );
    strictEqual(rehearsed([planOf(pair(versioning))]).verdict, "proven");
  });
});
