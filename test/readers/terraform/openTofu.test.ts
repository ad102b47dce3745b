/** Roots that OpenTofu alone reads, completed by its own evaluation, without AWS. */
import { match, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import { completePlan } from "../../../src/readers/terraform/completedPlan";
import { awsProvider, replication, ROLE, rolePolicy, rootOf } from "./realRoots";
import { planned, reportOf } from "./realTerraform";
import { SOURCE } from "./support";

/** A root in files that OpenTofu alone reads, with a variable in the source of a module. */
const OF_OPENTOFU = {
  "main.tf": "no configuration: main.tofu stands for it",
  "main.tofu": `${awsProvider()}
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
}${ROLE}${rolePolicy("var.buckets.from.arn", "var.buckets.to.arn")}${replication("var.buckets.from.id", "var.buckets.to.arn")}
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
  const accounts = { aws: SOURCE };
  const root = rootOf(OF_OPENTOFU, "tofu");
  const ofInstances = rootOf(OF_INSTANCES, "tofu");

  it("is proven by OpenTofu's own evaluation, and by nothing that the plan says", async function () {
    root.skipUnplanned(this);
    const plan = planned(root.directory, undefined, "tofu");
    strictEqual(reportOf([plan], accounts).verdict, "unproven");
    const completed = await completePlan(plan, root.directory, accounts);
    const { verdict, unread } = reportOf([completed], accounts);
    strictEqual(verdict, "proven", unread.join());
  });

  it("stays unproven where a document needs the ARN of one of several instances", async function () {
    ofInstances.skipUnplanned(this);
    const { directory } = ofInstances;
    const completed = await completePlan(planned(directory, undefined, "tofu"), directory, accounts);
    strictEqual(reportOf([completed], accounts).verdict, "unproven");
    match(completed.assumptions?.join() ?? "", /the instances of aws_s3_bucket\.data.* apart/);
  });
});
