/** Roots that OpenTofu alone reads, completed by its own evaluation, without AWS. */
import { match, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { completePlan } from "../../../src/readers/terraform/completedPlan";
import { planned, reportOf, whyNotPlanned } from "./realTerraform";
import { SOURCE } from "./support";

/** A root in files that OpenTofu alone reads, with a variable in the source of a module. */
const OF_OPENTOFU = {
  "main.tf": "no configuration: main.tofu stands for it",
  "main.tofu": `
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
variable "source_of" { default = "./replication" }
variable "logs" { default = false }
resource "aws_s3_bucket" "data" { bucket = "acme-data" }
resource "aws_s3_bucket" "copies" { bucket = "acme-copies" }
resource "aws_s3_bucket" "logs" {
  count  = var.logs ? 1 : 0
  bucket = "acme-logs"
}
module "replication" {
  source  = var.source_of
  buckets = { from = aws_s3_bucket.data, to = aws_s3_bucket.copies }
}
`,
  "replication/main.tofu": `
variable "buckets" {}
resource "aws_s3_bucket_versioning" "this" {
  for_each = var.buckets
  bucket   = each.value.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_iam_role" "this" {
  name               = "copies"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "s3.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:Get*", "s3:ListBucket"], Resource = [var.buckets.from.arn, "\${var.buckets.from.arn}/*"] },
      { Effect = "Allow", Action = ["s3:Replicate*"], Resource = "\${var.buckets.to.arn}/*" },
    ]
  })
}
resource "aws_s3_bucket_replication_configuration" "this" {
  bucket = var.buckets.from.id
  role   = aws_iam_role.this.arn
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    delete_marker_replication { status = "Enabled" }
    destination { bucket = var.buckets.to.arn }
  }
}
`,
};

/** The same with the two buckets as instances of one resource, whose ARNs OpenTofu's tests cannot tell apart. */
const OF_INSTANCES = {
  ...OF_OPENTOFU,
  "main.tofu": OF_OPENTOFU["main.tofu"]
    .replace('resource "aws_s3_bucket" "copies" { bucket = "acme-copies" }', "")
    .replace(
      'resource "aws_s3_bucket" "data" { bucket = "acme-data" }',
      'resource "aws_s3_bucket" "data" {\n  for_each = toset(["acme-data", "acme-copies"])\n  bucket   = each.key\n}',
    )
    .replace("aws_s3_bucket.data,", 'aws_s3_bucket.data["acme-data"],')
    .replace("aws_s3_bucket.copies }", 'aws_s3_bucket.data["acme-copies"] }'),
};

describe("a root that OpenTofu alone reads, planned by the real OpenTofu", function () {
  this.timeout(600_000);
  const directories: string[] = [];
  const rooted = (files: Readonly<Record<string, string>>) => {
    const directory = mkdtempSync(join(tmpdir(), "root-"));
    directories.push(directory);
    mkdirSync(join(directory, "replication"));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
    return { directory, reason: whyNotPlanned(directory, "tofu") };
  };
  after(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

  it("is proven by OpenTofu's own evaluation, and by nothing that the plan says", async function () {
    const { directory, reason } = rooted(OF_OPENTOFU);
    if (reason !== undefined) {
      process.stderr.write(`    skipped: ${reason}\n`);
      return this.skip();
    }
    const accounts = { aws: SOURCE };
    const plan = planned(directory, undefined, "tofu");
    strictEqual(reportOf([plan], accounts).verdict, "unproven");
    const { verdict, unread } = reportOf([await completePlan(plan, directory, accounts)], accounts);
    strictEqual(verdict, "proven", unread.join());
  });

  it("stays unproven where a document needs the ARN of one of several instances", async function () {
    const { directory, reason } = rooted(OF_INSTANCES);
    if (reason !== undefined) return this.skip();
    const accounts = { aws: SOURCE };
    const completed = await completePlan(planned(directory, undefined, "tofu"), directory, accounts);
    strictEqual(reportOf([completed], accounts).verdict, "unproven");
    match(completed.assumptions?.join() ?? "", /the instances of aws_s3_bucket\.data.* apart/);
  });
});
