/** Roots in HCL that tests write for the real tools: what they have in common, and a directory for each. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, type Context } from "mocha";
import { type Tool, whyNotPlanned } from "./realTerraform";

/** A provider that asks AWS for nothing. */
export function awsProvider(region = "eu-west-1", alias?: string): string {
  return `
provider "aws" {${alias === undefined ? "" : `\n  alias                       = "${alias}"`}
  region                      = "${region}"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}`;
}

/** A role that S3 may assume: `aws_iam_role.this`. */
export const ROLE = `
resource "aws_iam_role" "this" {
  name               = "copies"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "s3.amazonaws.com" } }]
  })
}`;

/** What the role may do. @param from Expression of a bucket's ARN, as `to`. @param more Expression of further statements. */
export function rolePolicy(from: string, to: string, more = "[]"): string {
  return `
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat([
      { Effect = "Allow", Action = ["s3:Get*", "s3:ListBucket"], Resource = [${from}, "\${${from}}/*"] },
      { Effect = "Allow", Action = ["s3:Replicate*"], Resource = "\${${to}}/*" },
    ], ${more})
  })
}`;
}

interface Encryption {
  /** Lines of the rule. */
  readonly rule: string;
  /** Lines of its destination. */
  readonly destination: string;
}

/** One rule for everything. @param bucket Expression of the source's name. @param to Expression of the destination's ARN. */
export function replication(
  bucket: string,
  to: string,
  { rule, destination }: Encryption = { rule: "", destination: "" },
): string {
  return `
resource "aws_s3_bucket_replication_configuration" "this" {
  bucket = ${bucket}
  role   = aws_iam_role.this.arn
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    delete_marker_replication { status = "Enabled" }
    ${rule}
    destination {
      bucket = ${to}
      ${destination}
    }
  }
}`;
}

interface Root {
  readonly directory: string;
  /** Skips a test where the tool cannot plan the root. */
  readonly skipUnplanned: (test: Context) => void;
}

/** A root of these files, written before the tests of a suite and removed after them. */
export function rootOf(files: Readonly<Record<string, string>>, tool: Tool = "terraform"): Root {
  const directory = mkdtempSync(join(tmpdir(), "root-"));
  let reason: string | undefined;
  before(() => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(directory, dirname(file)), { recursive: true });
      writeFileSync(join(directory, file), text);
    }
    reason = whyNotPlanned(directory, tool);
    if (reason !== undefined) process.stderr.write(`    skipped: ${reason}\n`);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));
  return {
    directory,
    skipUnplanned: (test) => {
      if (reason !== undefined) test.skip();
    },
  };
}
