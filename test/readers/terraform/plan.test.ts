/** What a plan of Terraform says, and what it leaves open. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import { describe, it } from "mocha";
import { BUCKET_NAME } from "../../../src/naming/names";
import { applyReadings } from "../../../src/readers/joinSources";
import { readTerraform } from "../../../src/readers/terraform/fromTerraform";
import { parseTerraform } from "../../../src/readers/terraform/terraformFile";
import { placesOf } from "../../../src/resources/resources";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import {
  BUCKET_POLICY,
  constant,
  created,
  DESTINATION,
  pair,
  planOf,
  type PlannedResource,
  reference,
  rehearsed,
  ROLE_ARN,
  rolePermissions,
  snapshotOf,
  SOURCE,
} from "./support";

const rolePolicy = (more: Partial<PlannedResource>, after: Record<string, unknown> = {}) =>
  created("aws_iam_role_policy", "replication", { role: "replication", name: "replication", ...after }, more);

/** The permissions as a deferred `aws_iam_policy_document`: ARNs of the destination's objects are not known. */
const deferred = (more: Partial<PlannedResource> = {}): PlannedResource => ({
  address: "data.aws_iam_policy_document.replication",
  mode: "data",
  type: "aws_iam_policy_document",
  name: "replication",
  after: {
    statement: rolePermissions().Statement.map(({ Sid, Action, Resource }) => ({
      sid: Sid,
      effect: null,
      actions: Action,
      resources: Sid === "Replicas" ? [null] : [Resource],
      principals: [],
      not_principals: [],
      condition: [],
    })),
    version: null,
  },
  unknown: { json: true, statement: [{}, {}, { resources: [true] }] },
  expressions: {
    statement: [{}, {}, { resources: reference("aws_s3_bucket.replica.arn") }],
  },
  ...more,
});
const ofDeferred = rolePolicy({
  unknown: { policy: true },
  expressions: { policy: reference("data.aws_iam_policy_document.replication.json") },
});

describe("a plan of two accounts", () => {
  it("is proven where everything that decides is known", () => {
    const { verdict, unread } = rehearsed([planOf(pair())]);
    deepStrictEqual({ verdict, unread }, { verdict: "proven", unread: [] });
  });

  it("is broken without the statement that writes replicas", () => {
    const policy = JSON.stringify(rolePermissions("Replicas"));
    strictEqual(rehearsed([planOf(pair(rolePolicy({}, { policy })))]).verdict, "broken");
  });

  it("has each resource in the account and Region of its provider", () => {
    const { buckets } = snapshotOf([planOf(pair())]);
    const [data, replica] = ["acme-data", "acme-replica"].map((name) => buckets[`arn:aws:s3:::${name}`]);
    deepStrictEqual([data?.account, data?.region], [SOURCE, "eu-west-1"]);
    deepStrictEqual([replica?.account, replica?.region], [DESTINATION, "eu-central-1"]);
  });

  it("knows which names and ids are made up, and what makes the things that have them", () => {
    const key = created("aws_kms_key", "copies", {}, { unknown: { arn: true, key_id: true, policy: true } });
    const logs = created("aws_s3_bucket", "logs", { bucket_prefix: "logs-" }, { unknown: { bucket: true } });
    const snapshot = snapshotOf([planOf(pair(key, logs))]);
    const generated = [...Object.keys(snapshot.keys), ...Object.keys(snapshot.buckets)].map(
      (arn) => placesOf(snapshot).generatedIn(arn)?.name,
    );
    deepStrictEqual(
      generated.filter((name) => name !== undefined),
      ["aws_kms_key.copies", "aws_s3_bucket.logs"].map((address) => ({ address, stack: "root0.json" })),
    );
  });

  it("finds the role of a rule by what it refers to", () => {
    const { buckets } = snapshotOf([planOf(pair())]);
    strictEqual(buckets["arn:aws:s3:::acme-data"]?.replication?.Role, ROLE_ARN);
  });

  it("counts no policy that the provider of another account puts on a bucket", () => {
    const policy = JSON.stringify(BUCKET_POLICY);
    const put = created("aws_s3_bucket_policy", "replica", { bucket: "acme-replica", policy });
    const { verdict, unread } = rehearsed([planOf(pair(put))]);
    strictEqual(verdict, "broken");
    match(
      unread.join("\n"),
      /^aws_s3_bucket_policy.replica puts the policy of arn:aws:s3:::acme-replica from/,
    );
  });

  it("leaves open what else the provider of another account sets of a bucket", () => {
    const status = { versioning_configuration: [{ status: "Enabled" }] };
    const put = created("aws_s3_bucket_versioning", "replica", { bucket: "acme-replica", ...status });
    strictEqual(rehearsed([planOf(pair(put))]).verdict, "unproven");
  });

  it("is proven from two roots, a plan each", () => {
    const [source, destination] = [
      pair().filter(({ provider }) => provider === undefined),
      pair().filter(({ provider }) => provider !== undefined),
    ];
    strictEqual(rehearsed([planOf(source), planOf(destination)]).verdict, "proven");
    strictEqual(rehearsed([planOf(source)]).verdict, "unproven");
  });
});

describe("what a plan does not know", () => {
  it("leaves a jsonencoded policy unproven, named by its address with what makes it known", () => {
    const opaque = rolePolicy({
      unknown: { policy: true },
      expressions: { policy: reference("aws_s3_bucket.replica.arn", "aws_s3_bucket.data.arn") },
    });
    const { verdict, unread } = rehearsed([planOf(pair(opaque))]);
    strictEqual(verdict, "unproven");
    match(
      unread.join("\n"),
      /aws_iam_role_policy\.replication is known only after the apply; write its ARNs/,
    );
  });

  it("leaves what hangs on a deferred document unproven, and names the data source", () => {
    const { verdict, objects } = rehearsed([planOf(pair(deferred(), ofDeferred))]);
    strictEqual(verdict, "unproven");
    const keys = objects.flatMap(({ missing }) => missing.flatMap((one) => one.keys)).join("\n");
    match(keys, /data\.aws_iam_policy_document\.replication/);
  });

  it("does not keep a deferred document from being broken by what no statement of it can allow", () => {
    const document = deferred();
    const statement = (document.after?.statement as { actions: string[] }[]).map((one) => ({
      ...one,
      actions: one.actions.filter((action) => action !== "s3:ReplicateObject"),
    }));
    const changed = deferred({ after: { ...document.after, statement } });
    strictEqual(rehearsed([planOf(pair(changed, ofDeferred))]).verdict, "broken");
  });

  it("leaves an object open that another action of a deferred document may read", () => {
    const document = deferred();
    const statement = (document.after?.statement as { actions: string[] }[]).map((one, index) => ({
      ...one,
      actions: one.actions.map((action) => action.replace(/VersionForReplication$/, "Version")),
      resources: index === 1 ? [null] : ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-replica/*"],
    }));
    const changed = deferred({
      after: { ...document.after, statement },
      unknown: { json: true, statement: [{}, { resources: [true] }, {}] },
      expressions: { statement: [{}, { resources: reference("aws_s3_bucket.data.arn") }, {}] },
    });
    strictEqual(rehearsed([planOf(pair(changed, ofDeferred))]).verdict, "unproven");
  });

  it("makes up names of buckets which S3 takes, of whatever letters their addresses are", () => {
    const { name, ...unnamed } = created(
      "aws_s3_bucket",
      "Audit_of_the_organization_and_all_its_accounts",
      {},
    );
    const bucket = {
      ...unnamed,
      name,
      address: `aws_s3_bucket.${name}`,
      unknown: { bucket: true, arn: true },
    };
    const [made = ""] = Object.keys(snapshotOf([planOf([bucket])]).buckets);
    const bucketName = made.replace("arn:aws:s3:::", "");
    ok(BUCKET_NAME.test(bucketName), bucketName);
  });

  it("takes a key's policy that nobody writes as the default one, also through a module's variable", () => {
    const key = (name: string, expressions: Record<string, unknown>): PlannedResource =>
      created(
        "aws_kms_key",
        name,
        { is_enabled: true },
        {
          unknown: { arn: true, key_id: true, policy: true, multi_region: true },
          expressions,
        },
      );
    const { keys } = snapshotOf([
      planOf([key("unwritten", {}), key("null", { policy: { references: ["var.policy"] } })], {
        plan: { variables: { policy: { value: null } } },
      }),
    ]);
    deepStrictEqual(
      Object.values(keys).map(({ policy, unread }) => [(policy as { Id: string }).Id, unread]),
      [
        ["key-default-1", undefined],
        ["key-default-1", undefined],
      ],
    );
  });

  it("takes no text for a variable's value that a service put in its place", () => {
    const provider_config = {
      aws: {
        name: "aws",
        expressions: { region: reference("var.region"), allowed_account_ids: constant([SOURCE]) },
      },
    };
    const bucket = created("aws_s3_bucket", "data", { bucket: "acme-data" });
    const regionOf = (value: string) => {
      const written = planOf([bucket], {
        plan: { variables: { region: { value } } },
        configuration: {
          provider_config,
          root_module: { resources: [{ address: bucket.address, provider_config_key: "aws" }] },
        },
      });
      const { buckets, unread = [] } = snapshotOf([written]);
      return [buckets["arn:aws:s3:::acme-data"]?.region, unread.join()] as const;
    };
    deepStrictEqual(regionOf("eu-west-1"), ["eu-west-1", ""]);
    match(regionOf("REDACTED_SENSITIVE")[1], /the Region of the provider 'aws' in .* is not known/);
  });

  it("keeps a key's policy unread that is written of something unknown", () => {
    const key = created(
      "aws_kms_key",
      "data",
      {},
      {
        unknown: { arn: true, key_id: true, policy: true },
        expressions: { policy: reference("aws_iam_role.replication.arn") },
      },
    );
    const { keys } = snapshotOf([planOf(pair(key))]);
    deepStrictEqual(Object.values(keys)[0]?.unread, ["policy"]);
  });

  it("traces a reference to a key that looks like a template", () => {
    const buckets = ["${x}", "y"].map((index) => ({
      ...created("aws_s3_bucket", "data", { bucket: `acme-${index.length}` }, { unknown: { id: true } }),
      address: `aws_s3_bucket.data["${index.replace("$", "$$$$")}"]`,
      index,
    }));
    const versioning = created(
      "aws_s3_bucket_versioning",
      "data",
      { versioning_configuration: [{ status: "Enabled" }] },
      { unknown: { bucket: true }, expressions: { bucket: reference('aws_s3_bucket.data["$${x}"].id') } },
    );
    const states = snapshotOf([planOf([...buckets, versioning])]).buckets;
    deepStrictEqual(
      Object.entries(states).map(([arn, { versioning: status }]) => [arn, status]),
      [
        ["arn:aws:s3:::acme-4", "Enabled"],
        ["arn:aws:s3:::acme-1", null],
      ],
    );
  });

  it("traces a reference through the argument of a module and the output of another", () => {
    const bucket = {
      address: "module.a[0].aws_s3_bucket.this",
      module: "module.a[0]",
      type: "aws_s3_bucket",
      name: "this",
    };
    const policy = {
      address: "module.b.aws_s3_bucket_policy.this",
      module: "module.b",
      type: "aws_s3_bucket_policy",
      name: "this",
    };
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    const plan = planOf(
      [
        { ...bucket, after: { bucket: "acme-data" }, unknown: { id: true, arn: true } },
        { ...policy, after: { policy: document }, unknown: { bucket: true } },
      ],
      {
        configuration: {
          provider_config: {
            aws: { expressions: { region: constant("eu-west-1"), allowed_account_ids: constant([SOURCE]) } },
          },
          root_module: {
            module_calls: {
              a: {
                module: {
                  outputs: { name: { expression: reference("aws_s3_bucket.this.id") } },
                  resources: [
                    {
                      address: "aws_s3_bucket.this",
                      provider_config_key: "aws",
                      expressions: { bucket: constant("acme-data") },
                    },
                  ],
                },
              },
              b: {
                expressions: { bucket: { references: ["module.a[0].name", "module.a[0]", "module.a"] } },
                module: {
                  resources: [
                    {
                      address: "aws_s3_bucket_policy.this",
                      provider_config_key: "aws",
                      expressions: { bucket: reference("var.bucket"), policy: constant(document) },
                    },
                  ],
                },
              },
            },
          },
        },
      },
    );
    deepStrictEqual(snapshotOf([plan]).buckets["arn:aws:s3:::acme-data"]?.policy, JSON.parse(document));
  });

  it("reads nothing that is sensitive, and prints nothing of it", () => {
    const secret = rolePolicy({ sensitive: { policy: true } }, { policy: JSON.stringify(rolePermissions()) });
    const report = rehearsed([planOf(pair(secret))]);
    strictEqual(report.verdict, "unproven");
    ok(!JSON.stringify(report.objects).includes("'Replicas'"));
    match(
      report.objects[0]?.missing[0]?.keys.join() ?? "",
      /is sensitive, so that it is not read|is sensitive/,
    );
  });

  it("says of a bucket's name that it is sensitive, and not that the apply tells it", () => {
    const bucket = created("aws_s3_bucket", "data", { bucket: "hush-name" }, { sensitive: { bucket: true } });
    const { unread = [] } = snapshotOf([planOf([bucket])]);
    match(
      unread.join(),
      /^bucket of aws_s3_bucket\.data is sensitive, so that it is not read, and nobody can tell/,
    );
    ok(!unread.join().includes("hush"));
  });

  it("reads nothing where a service took a sensitive value out of the plan, and left its mark", () => {
    const verdictOf = (after: object, sensitive: unknown, expressions: Record<string, unknown>) => {
      const encryption = created(
        "aws_s3_bucket_server_side_encryption_configuration",
        "data",
        { bucket: "acme-data", ...after },
        { sensitive, expressions },
      );
      return rehearsed([planOf(pair(encryption))]).verdict;
    };
    const byDefault = { sse_algorithm: "AES256", kms_master_key_id: null };
    const rule = [{ apply_server_side_encryption_by_default: [byDefault] }];
    const marks = [{ apply_server_side_encryption_by_default: [{ kms_master_key_id: true }] }];
    const block = { sse_algorithm: constant("AES256") };
    const written = [{ apply_server_side_encryption_by_default: [block] }];
    const withKey = [
      {
        apply_server_side_encryption_by_default: [{ ...block, kms_master_key_id: reference("var.key") }],
      },
    ];
    deepStrictEqual(
      [
        verdictOf({ rule }, { rule: marks }, { rule: withKey }),
        verdictOf({ rule: null }, { rule: marks }, { rule: withKey }),
        verdictOf({ rule }, { rule: marks }, { rule: written }),
      ],
      ["unproven", "unproven", "proven"],
    );
  });

  it("takes a sensitive attribute that nobody writes for one that is not set", () => {
    const values = { bucket: "acme-data", policy: null, replication_configuration: null };
    const sensitive = { policy: true, replication_configuration: [{ role: true }] };
    const bucket = created("aws_s3_bucket", "data", values, { sensitive });
    const { policy, replication } = snapshotOf([planOf([bucket])]).buckets["arn:aws:s3:::acme-data"] ?? {};
    deepStrictEqual({ policy, replication }, { policy: null, replication: null });
  });
});

describe("what a root makes that nobody reads in it", () => {
  const stack = (after: Record<string, unknown>, unknown = {}) =>
    created("aws_cloudformation_stack", "more", { name: "more", ...after }, { unknown });
  const template = (type: string) => stack({ template_body: `Resources: { A: { Type: ${type} } }` });

  it("is named and unproven where it is a template that may have a say", () => {
    const { verdict, unread } = rehearsed([planOf(pair(template("AWS::S3::BucketPolicy")))]);
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /aws_cloudformation_stack.more makes what a template of CloudFormation says/);
    for (const open of [stack({ template_url: "https://x" }), stack({}, { template_body: true })]) {
      strictEqual(rehearsed([planOf(pair(open))]).verdict, "unproven");
    }
    strictEqual(rehearsed([planOf(pair(template("AWS::SNS::Topic")))]).verdict, "proven");
  });

  it("is named and unproven where it is a program that calls S3", () => {
    const verdictOf = (command: unknown) => {
      const plan = planOf(pair(created("terraform_data", "run", {})));
      const { root_module: root } = plan.configuration as {
        root_module: { resources: { address: string; provisioners?: unknown }[] };
      };
      const run = root.resources.find(({ address }) => address === "terraform_data.run");
      run!.provisioners = [{ type: "local-exec", expressions: { command } }];
      return rehearsed([plan]).verdict;
    };
    strictEqual(verdictOf(constant("aws s3api put-bucket-policy --bucket acme-replica")), "unproven");
    strictEqual(verdictOf(reference("aws_s3_bucket.replica.id")), "unproven");
    strictEqual(verdictOf(constant("aws --profile ops --region=eu-west-1 iam put-role-policy")), "unproven");
    strictEqual(verdictOf(constant("aws \\\n  s3api put-object-lock-configuration")), "unproven");
    strictEqual(verdictOf(constant("aws s3 mb s3://more")), "unproven");
    for (const harmless of [
      "make site",
      "aws s3 sync site s3://acme-site",
      "aws s3api wait bucket-exists --bucket acme-data",
      "aws --no-cli-pager s3api put-object --bucket acme-data --key a",
      "aws iam get-role --role-name replication",
    ]) {
      strictEqual(verdictOf(constant(harmless)), "proven", harmless);
    }
  });
});

describe("plans of two roots that call a role alike and give it no name", () => {
  it("are told apart by nothing, which is said", () => {
    const role = created(
      "aws_iam_role",
      "replication",
      { path: "/" },
      { unknown: { name: true, arn: true } },
    );
    const plans = ["a.json", "b.json"].map((file) =>
      parseTerraform(planOf([role]), `--terraform ${file}`, file),
    );
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTerraform(plans, {}));
    match(
      (snapshot.unread ?? []).join("\n"),
      /^aws_iam_role\.replication in a\.json and aws_iam_role\.replication in b\.json are both called the role \S+ of 111111111111 here, as only the deployment names them/m,
    );
  });
});

describe("changes of a plan", () => {
  it("that delete a bucket's policy take it away, though the bucket still mirrors it", () => {
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    const there = { actions: ["no-op"], before: { id: "acme-data" } };
    const bucket = created("aws_s3_bucket", "data", { id: "acme-data", bucket: "acme-data", policy }, there);
    const gone = created(
      "aws_s3_bucket_policy",
      "data",
      {},
      {
        actions: ["delete"],
        before: { bucket: "acme-data", policy },
      },
    );
    strictEqual(snapshotOf([planOf([bucket, gone])]).buckets["arn:aws:s3:::acme-data"]?.policy, null);
    deepStrictEqual(
      snapshotOf([planOf([bucket])]).buckets["arn:aws:s3:::acme-data"]?.policy,
      JSON.parse(policy),
    );
  });

  it("that replace a role count as the new one", () => {
    const role = created(
      "aws_iam_role",
      "replication",
      { name: "new", path: "/", assume_role_policy: "{}" },
      {
        actions: ["delete", "create"],
        before: { name: "old", id: "old", arn: `arn:aws:iam::${SOURCE}:role/old` },
        unknown: { arn: true, id: true },
      },
    );
    deepStrictEqual(Object.keys(snapshotOf([planOf([role])]).accounts[SOURCE]?.roles ?? {}), [
      `arn:aws:iam::${SOURCE}:role/new`,
    ]);
  });
});

describe("a plan that cannot be read as the truth", () => {
  const stops = (plan: unknown, expected: RegExp, accounts = {}) =>
    throws(() => snapshotOf([plan], accounts), expected);

  it("is refused where it stopped with an error", () => {
    stops(planOf(pair(), { plan: { errored: true } }), /stopped with an error/);
  });

  it("is refused in a format that is not known", () => {
    stops(planOf(pair(), { plan: { format_version: "2.0" } }), /'format_version' must be 1\.x.*got '2\.0'/s);
  });

  it("is unproven where it is not complete, or has no configuration", () => {
    const partial = rehearsed([planOf(pair(), { plan: { complete: false } })]);
    strictEqual(partial.verdict, "unproven");
    match(partial.unread.join(), /is not complete/);
    const bare = rehearsed([planOf(pair(), { configuration: null })], { "": SOURCE });
    match(bare.unread.join(), /has no 'configuration'/);
  });

  it("asks for the account of a provider by its address", () => {
    const configuration = {
      provider_config: { "aws.replica": { expressions: { region: constant("eu-west-1") } } },
      root_module: {
        resources: [{ address: "aws_s3_bucket.data", provider_config_key: "aws.replica", expressions: {} }],
      },
    };
    const plan = planOf([created("aws_s3_bucket", "data", { bucket: "acme-data" })], { configuration });
    stops(
      plan,
      /provider 'aws\.replica' does not say its account.*--account aws\.replica=<12-digit account id>/s,
    );
    strictEqual(
      snapshotOf([plan], { "aws.replica": DESTINATION }).buckets["arn:aws:s3:::acme-data"]?.account,
      DESTINATION,
    );
  });

  it("is refused where it is neither a plan nor a state", () => {
    stops({ steps: [] }, /must be what 'terraform show -json' prints/);
    stops([], /must be what 'terraform show -json' prints/);
  });
});
