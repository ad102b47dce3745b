/** Plans that are completed by Terraform's own evaluation, without AWS. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "mocha";
import { applyReadings } from "../../../src/readers/joinSources";
import { completePlan } from "../../../src/readers/terraform/completedPlan";
import { OfflineDirectory } from "../../../src/readers/terraform/offlineApply";
import { dataOverrides, testFile } from "../../../src/readers/terraform/offlineTest";
import { readTerraform } from "../../../src/readers/terraform/fromTerraform";
import { parseTerraform } from "../../../src/readers/terraform/terraformFile";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { inDirectory } from "../../support/cli";
import { planned, reportOf, type Tool, TOOLS, whyNotPlanned } from "./realTerraform";
import { standIn } from "./standIn";
import { awsProvider, replication, ROLE, rolePolicy, rootOf } from "./realRoots";
import { created, DESTINATION, pair, planOf, SOURCE } from "./support";

const parse = (plan: unknown) => parseTerraform(plan, "--plan plan.json", "plan.json");

describe("the test file of an offline apply", () => {
  it("gives the providers no credentials and no question to ask at the start", () => {
    const { provider } = JSON.parse(
      testFile(
        new Map([
          ["aws", "eu-west-1"],
          ["aws.replica", "eu-central-1"],
        ]),
        {},
        { resources: [], data: [] },
      ),
    ) as { provider: { aws: Record<string, unknown>[] } };
    strictEqual(provider.aws.length, 2);
    strictEqual(provider.aws[1]?.alias, "replica");
    for (const one of provider.aws) {
      strictEqual(one.skip_credentials_validation, true);
      strictEqual(one.access_key, "none");
    }
  });

  it("keeps texts that look like templates as they are", () => {
    const file = testFile(new Map(), { name: "${aws:username} %{if}" }, { resources: [], data: [] });
    const { variables } = JSON.parse(file) as { variables: { name: string } };
    strictEqual(variables.name, "$${aws:username} %%{if}");
  });

  it("overrides every data source but the documents that are rendered in the apply", () => {
    const data = (type: string, name: string) =>
      ({ ...created(type, name, {}), address: `data.${type}.${name}`, mode: "data" }) as const;
    const { resources } = parse(
      planOf([data("aws_iam_policy_document", "replication"), data("external", "program"), ...pair()]),
    );
    strictEqual(
      dataOverrides(resources)
        .map(({ target }) => target)
        .join(),
      "data.external.program",
    );
  });
});

describe("an offline apply", () => {
  it("is refused where the configuration runs programs", async () => {
    const configuration = {
      provider_config: {},
      root_module: {
        resources: [{ address: "terraform_data.script", provisioners: [{ type: "local-exec" }] }],
      },
    };
    await rejects(
      completePlan(parse(planOf([], { configuration })), "nowhere", {}),
      /runs programs in an apply \(provisioners of terraform_data\.script\)/,
    );
  });

  it("fills in what the provider filled in while it planned", () =>
    inDirectory({}, async (directory) => {
      const at = (name: string) => join(directory, name);
      for (const name of ["root", "root/.terraform", "programs"]) mkdirSync(at(name));
      standIn(at("programs"), "terraform", "1.11.4", `cp tests/* '${at("test.json")}'`);
      const path = process.env.PATH;
      process.env.PATH = `${at("programs")}${delimiter}${path}`;
      const after = {
        bucket: "acme-data",
        region: "eu-central-1",
        tags: { made: null },
        tags_all: { team: "storage" },
        policy: null,
        versioning: [{ enabled: true }],
      };
      try {
        const unknown = { arn: true, tags: { made: true } };
        const plan = parse(planOf([created("aws_s3_bucket", "data", after, { unknown })]));
        await rejects(completePlan(plan, at("root"), {}), /it printed no state/);
      } finally {
        process.env.PATH = path;
      }
      const { override_resource: overridden } = JSON.parse(readFileSync(at("test.json"), "utf8")) as {
        override_resource: { values: Record<string, unknown> }[];
      };
      const { bucket, region, tags_all } = after;
      const { arn, ...values } = overridden[0]?.values ?? {};
      strictEqual(arn, "arn:aws:s3:::acme-data");
      deepStrictEqual(values, { bucket, region, tags_all });
    }));

  it("writes nothing into a module that a link leads to", () =>
    inDirectory({}, (directory) => {
      const at = (name: string) => join(directory, name);
      for (const name of ["root", "root/.terraform", "root/.terraform/modules", "shared", "shared/copies"])
        mkdirSync(at(name));
      symlinkSync(at("shared"), at("root/modules"));
      const Modules = [{ Key: "copies", Source: "./modules/copies", Dir: "modules/copies" }];
      writeFileSync(at("root/.terraform/modules/modules.json"), JSON.stringify({ Modules }));
      const copy = new OfflineDirectory(at("root"));
      copy.override(["copies"], "{}");
      copy.remove();
      deepStrictEqual(readdirSync(at("shared/copies")), []);
      return Promise.resolve();
    }));

  it("is refused where the configuration asks for ephemeral resources, but for those that ask nobody", async () => {
    const plan = (...types: string[]) =>
      parse(
        planOf([], {
          configuration: {
            provider_config: {},
            root_module: {
              resources: types.map((type) => ({ address: `ephemeral.${type}.x`, mode: "ephemeral" })),
            },
          },
        }),
      );
    await rejects(
      completePlan(plan("random_password", "aws_ssm_parameter"), "nowhere", {}),
      /has ephemeral resources \(ephemeral\.aws_ssm_parameter\.x\)/,
    );
    await rejects(completePlan(plan("random_password"), "nowhere", {}), /has no \.terraform/);
  });

  it("is refused where a provider has a for_each", async () => {
    const provider_config = {
      "aws.of": { name: "aws", expressions: { region: { references: ["each.value"] } } },
    };
    await rejects(
      completePlan(parse(planOf([], { configuration: { provider_config } })), "nowhere", {}),
      /the provider 'aws\.of' has a for_each/,
    );
  });

  it("is refused where the value of a variable was taken out of the plan", async () => {
    const variables = { password: { value: "REDACTED_SENSITIVE" }, region: { value: "eu-west-1" } };
    await rejects(
      completePlan(parse(planOf([], { plan: { variables } })), "nowhere", {}),
      /the plan has no values of password, which were taken out of it as sensitive/,
    );
  });

  it("is refused in a directory that is not initialised", async () => {
    const directory = mkdtempSync(join(tmpdir(), "root-"));
    try {
      await rejects(
        completePlan(parse(planOf([])), directory, {}),
        /has no \.terraform; run 'terraform init'/,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

const EXAMPLE = join(__dirname, "..", "..", "..", "examples", "terraform", "two-accounts");
const ACCOUNTS = { aws: SOURCE, "aws.replica": DESTINATION };

describe("the Terraform example of two accounts, planned by the real Terraform with the real AWS provider", function () {
  this.timeout(600_000);
  const directory = mkdtempSync(join(tmpdir(), "root-"));
  let reason: string | undefined;

  before(() => {
    cpSync(EXAMPLE, directory, { recursive: true });
    reason = existsSync(EXAMPLE) ? whyNotPlanned(directory) : "the example is missing";
    if (reason !== undefined) process.stderr.write(`    skipped: ${reason}\n`);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("is unproven from the plan alone, and proven before any apply once it is completed offline", async function () {
    if (reason !== undefined) return this.skip();
    const plan = planned(directory);
    strictEqual(reportOf([plan], ACCOUNTS).verdict, "unproven");
    const completed = await completePlan(plan, directory, ACCOUNTS);
    match(completed.assumptions?.join() ?? "", /was completed without AWS/);
    strictEqual(reportOf([completed], ACCOUNTS).verdict, "proven");
  });

  it("is broken without the statement of the destination's key, at the key's address", async function () {
    if (reason !== undefined) return this.skip();
    const file = join(directory, "destination.tf");
    const text = readFileSync(file, "utf8");
    const without = text.replace(/\n\s*\{ # replicas.*?\n\s*\},/s, "");
    ok(without !== text);
    writeFileSync(file, without);
    const completed = await completePlan(planned(directory), directory, ACCOUNTS);
    const { verdict, objects } = reportOf([completed], ACCOUNTS);
    strictEqual(verdict, "broken");
    ok(objects.some(({ missing }) => missing.some(({ where }) => where === "destination key policy")));
  });
});

/** A module that waits for the rest of the root reads its data sources only in the apply, whatever they name. */
const WAITING = {
  "main.tf": `${awsProvider()}
resource "aws_s3_bucket" "data" {
  for_each = toset(["acme-data", "acme-copies"])
  bucket   = each.key
}
resource "aws_s3_bucket_versioning" "data" {
  for_each = aws_s3_bucket.data
  bucket   = each.value.id
  versioning_configuration { status = "Enabled" }
}
module "replication" {
  source     = "./replication"
  from       = "acme-data"
  to         = "acme-copies"
  depends_on = [aws_s3_bucket_versioning.data]
}
`,
  "replication/main.tf": `
variable "from" {}
variable "to" {}
data "aws_caller_identity" "here" {}
data "aws_s3_bucket" "from" { bucket = var.from }
data "aws_s3_bucket" "to" { bucket = var.to }
data "aws_iam_policy_document" "permissions" {
  statement {
    actions   = ["s3:Get*", "s3:ListBucket"]
    resources = [data.aws_s3_bucket.from.arn, "\${data.aws_s3_bucket.from.arn}/*"]
  }
  statement {
    actions   = ["s3:Replicate*"]
    resources = ["\${data.aws_s3_bucket.to.arn}/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}${ROLE}
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.permissions.json
}${replication("data.aws_s3_bucket.from.id", "data.aws_s3_bucket.to.arn")}
`,
};

for (const tool of Object.keys(TOOLS) as Tool[])
  describe(`a module that waits for the rest of its root, planned by the real ${TOOLS[tool]}`, function () {
    this.timeout(600_000);
    const { directory, skipUnplanned } = rootOf(WAITING, tool);

    it("is proven once it is completed offline, as its data sources find what the plan makes", async function () {
      skipUnplanned(this);
      const accounts = { aws: SOURCE };
      const plan = planned(directory, undefined, tool);
      ok(plan.resources.some(({ address, fate }) => address.type === "aws_s3_bucket" && fate === "deferred"));
      strictEqual(reportOf([plan], accounts).verdict, "unproven");
      const completed = await completePlan(plan, directory, accounts);
      const { verdict, unread } = reportOf([completed], accounts);
      strictEqual(verdict, "proven", unread.join());
    });
  });

const SENSITIVE = {
  "main.tf": `${awsProvider()}
variable "secret" {
  default   = "s3kr1t"
  sensitive = true
}
resource "aws_kms_key" "data" {}
resource "aws_s3_bucket" "data" { bucket = "acme-data" }
resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.bucket
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny", Principal = "*", Action = "s3:*", Resource = "\${aws_s3_bucket.data.arn}/*"
    Condition = { StringNotEquals = { "aws:userid" = [aws_kms_key.data.arn, var.secret] } }
  }] })
}
`,
};

describe("a policy with a sensitive part, completed by the real Terraform", function () {
  this.timeout(600_000);
  const { directory, skipUnplanned } = rootOf(SENSITIVE);

  it("is not read, and nothing of it is kept", async function () {
    skipUnplanned(this);
    const completed = await completePlan(planned(directory), directory, { aws: SOURCE });
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTerraform([completed], { aws: SOURCE }));
    const text = JSON.stringify(snapshot.buckets);
    match(text, /aws_s3_bucket_policy\.data%20is%20sensitive/);
    ok(!text.includes("s3kr1t"));
  });
});

/** Buckets whose names a module may be given, and is not: the provider makes them up of a prefix. */
const PREFIXED = {
  "main.tf": `${awsProvider()}
variable "name" { default = null }
resource "aws_s3_bucket" "data" {
  for_each      = toset(["data", "copies"])
  bucket        = var.name
  bucket_prefix = var.name == null ? each.key : null
}
resource "aws_s3_bucket_versioning" "data" {
  for_each = aws_s3_bucket.data
  bucket   = each.value.bucket
  versioning_configuration { status = "Enabled" }
}${ROLE}${rolePolicy('aws_s3_bucket.data["data"].arn', 'aws_s3_bucket.data["copies"].arn')}${replication('aws_s3_bucket.data["data"].id', 'aws_s3_bucket.data["copies"].arn')}
`,
};

describe("buckets that are called by a name which the provider makes up, planned by the real Terraform", function () {
  this.timeout(600_000);
  const { directory, skipUnplanned } = rootOf(PREFIXED);

  it("have one name wherever they are called by it", async function () {
    skipUnplanned(this);
    const accounts = { aws: SOURCE };
    const completed = await completePlan(planned(directory), directory, accounts);
    const report = reportOf([completed], accounts);
    strictEqual(report.verdict, "proven", JSON.stringify([report.unread, report.refusals]));
  });
});

/** Names of AWS that are made of an id which another provider makes up. */
const OF_IDS = {
  "main.tf": `${awsProvider()}
resource "terraform_data" "some_id" {}
locals { buckets = { for name in ["data", "copies"] : name => "acme-\${name}-\${terraform_data.some_id.id}" } }
resource "aws_s3_bucket" "data" {
  for_each = local.buckets
  bucket   = each.value
}
resource "aws_s3_bucket_versioning" "data" {
  for_each = aws_s3_bucket.data
  bucket   = each.value.bucket
  versioning_configuration { status = "Enabled" }
}${ROLE}${rolePolicy('aws_s3_bucket.data["data"].arn', 'aws_s3_bucket.data["copies"].arn')}${replication('aws_s3_bucket.data["data"].id', 'aws_s3_bucket.data["copies"].arn')}
`,
};

describe("buckets whose names hang on the id of another provider, planned by the real Terraform", function () {
  this.timeout(600_000);
  const { directory, skipUnplanned } = rootOf(OF_IDS);

  it("have names that S3 takes, in the plan and once it is completed offline", async function () {
    skipUnplanned(this);
    const accounts = { aws: SOURCE };
    const plan = planned(directory);
    strictEqual(reportOf([plan], accounts).verdict, "unproven");
    const report = reportOf([await completePlan(plan, directory, accounts)], accounts);
    strictEqual(report.verdict, "proven", JSON.stringify([report.unread, report.refusals]));
  });
});

/** A module that configures its providers by itself, and a provider of which nothing is made. */
const OWN_PROVIDERS = {
  "main.tf": `${awsProvider()}${awsProvider("eu-west-2", "none")}
resource "aws_s3_bucket" "none" {
  count    = 0
  provider = aws.none
}
module "copies" { source = "./copies" }
`,
  "copies/main.tf": `${awsProvider()}${awsProvider("eu-central-1", "there")}
resource "aws_s3_bucket" "data" { bucket = "acme-data" }
resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.bucket
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket" "copies" {
  provider = aws.there
  bucket   = "acme-copies"
}
resource "aws_s3_bucket_versioning" "copies" {
  provider = aws.there
  bucket   = aws_s3_bucket.copies.bucket
  versioning_configuration { status = "Enabled" }
}${ROLE}${rolePolicy("aws_s3_bucket.data.arn", "aws_s3_bucket.copies.arn")}${replication("aws_s3_bucket.data.id", "aws_s3_bucket.copies.arn")}
`,
};

describe("a module that configures its providers by itself, planned by the real Terraform", function () {
  this.timeout(600_000);
  const { directory, skipUnplanned } = rootOf(OWN_PROVIDERS);

  it("is completed offline without the credentials of any of them", async function () {
    skipUnplanned(this);
    const accounts = { "": SOURCE };
    const plan = planned(directory);
    for (const file of Object.keys(OWN_PROVIDERS).map((name) => join(directory, name))) {
      const without = readFileSync(file, "utf8").replaceAll(/^ +(access|secret|skip)_.*\n/gm, "");
      writeFileSync(file, without.replaceAll(/^ +region +=/gm, '  profile = "acme"\n$&'));
    }
    const report = reportOf([await completePlan(plan, directory, accounts)], accounts);
    strictEqual(report.verdict, "proven", JSON.stringify([report.unread, report.refusals]));
  });
});

/** A module reads its Region, and nobody says it. */
const UNSAID = {
  "main.tf": `${awsProvider()}
resource "terraform_data" "first" {}
module "copies" {
  source     = "./copies"
  depends_on = [terraform_data.first]
}
`,
  "copies/main.tf": `
data "aws_region" "here" {}
resource "aws_s3_bucket" "data" { bucket = "acme-\${coalesce(data.aws_region.here.name)}" }
`,
};

describe("a Region that a policy may name and nobody says, planned by the real Terraform", function () {
  this.timeout(600_000);
  const unsaid = UNSAID["main.tf"].replace(/^ +region.*\n/m, "");
  const { directory, skipUnplanned } = rootOf({ ...UNSAID, "main.tf": unsaid });

  it("is asked for by the name of its provider", async function () {
    process.env.AWS_REGION = "eu-west-1";
    after(() => delete process.env.AWS_REGION);
    skipUnplanned(this);
    const plan = planned(directory);
    // Provider 6 tells the Region of every resource while it plans.
    if (plan.resources.some(({ values }) => typeof values.region === "string")) this.skip();
    await rejects(
      completePlan(plan, directory, { aws: SOURCE }),
      /module\.copies\.data\.aws_region\.here tells the Region of the provider 'aws', .*write 'region' into the provider/,
    );
  });
});

/** Something beside the replication that does not take what is made up for it. */
const refusing = (bucket: string) => ({
  "main.tf": `${PREFIXED["main.tf"]}
resource "aws_sqs_queue" "jobs" { name = "jobs" }
resource "terraform_data" "jobs" {
  input = ${bucket}
  lifecycle {
    precondition {
      condition     = startswith(aws_sqs_queue.jobs.url, "https://")
      error_message = "The queue has no address."
    }
  }
}
`,
});

describe("a root with a condition that nothing made up meets, planned by the real Terraform", function () {
  this.timeout(600_000);
  const { directory, skipUnplanned } = rootOf(refusing("aws_sqs_queue.jobs.url"));
  const needed = rootOf({
    "main.tf": refusing('"acme"')["main.tf"].replaceAll("s3:Replicate*", "s3:${terraform_data.jobs.output}*"),
  });
  const accounts = { aws: SOURCE };

  it("is completed without it, and says so, where the replication does not hang on it", async function () {
    skipUnplanned(this);
    const completed = await completePlan(planned(directory), directory, accounts);
    match(
      completed.assumptions?.join("\n") ?? "",
      /what replication does not hang on was left out of it, as .*The queue has no address\.$/m,
    );
    strictEqual(reportOf([completed], accounts).verdict, "proven");
  });

  it("is refused with the condition where a policy hangs on it", async function () {
    needed.skipUnplanned(this);
    await rejects(
      completePlan(planned(needed.directory), needed.directory, accounts),
      /could not complete the plan without AWS: .*The queue has no address/,
    );
  });
});

/** What the role may do with each of `local.keys`. */
const OF_KEYS = `[
      for use in local.keys : {
        Effect    = "Allow", Action = use.action, Resource = use.key
        Condition = { StringEquals = { "kms:ViaService" = "s3.\${use.region}.amazonaws.com" } }
      }
    ]`;

const UNDER_KEYS = {
  rule: `source_selection_criteria {
      sse_kms_encrypted_objects { status = "Enabled" }
    }`,
  destination: "encryption_configuration { replica_kms_key_id = aws_kms_key.copies.arn }",
};

/** The role may use each key only through the Region of its bucket, which the bucket tells in the apply. */
const THROUGH_REGIONS = {
  "main.tf": `${awsProvider()}${awsProvider("eu-central-1", "copies")}
resource "aws_kms_key" "data" {}
resource "aws_kms_key" "copies" { provider = aws.copies }
resource "aws_s3_bucket" "data" { bucket = "acme-data" }
resource "aws_s3_bucket" "copies" {
  provider = aws.copies
  bucket   = "acme-copies"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}
resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_versioning" "copies" {
  provider = aws.copies
  bucket   = aws_s3_bucket.copies.id
  versioning_configuration { status = "Enabled" }
}${ROLE}
locals {
  keys = [
    { action = "kms:Decrypt", key = aws_kms_key.data.arn, region = aws_s3_bucket.data.region },
    { action = "kms:Encrypt", key = aws_kms_key.copies.arn, region = aws_s3_bucket.copies.region },
  ]
}${rolePolicy("aws_s3_bucket.data.arn", "aws_s3_bucket.copies.arn", OF_KEYS)}${replication("aws_s3_bucket.data.id", "aws_s3_bucket.copies.arn", UNDER_KEYS)}
`,
};

describe("buckets that tell their Regions in the apply, planned by the real Terraform", function () {
  this.timeout(600_000);
  const { directory, skipUnplanned } = rootOf(THROUGH_REGIONS);

  it("have the Regions of their providers, and no made-up ones", async function () {
    skipUnplanned(this);
    const accounts = { aws: SOURCE, "aws.copies": SOURCE };
    const completed = await completePlan(planned(directory), directory, accounts);
    const { verdict, objects } = reportOf([completed], accounts);
    strictEqual(verdict, "proven", JSON.stringify(objects.map(({ kind, reason }) => [kind, reason])));
  });
});
