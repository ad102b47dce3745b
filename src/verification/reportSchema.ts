/** The form of what `verify --json` prints; the types are in report.ts, and `satisfies` keeps the two together. */
import { z } from "zod";
import { DIAGNOSIS_SCHEMA } from "../doctor/diagnosisSchema";
import type { VerificationReport } from "./report";

const text = z.string();
const sentences = z.array(text).describe("Sentences");
const seconds = z.number().min(0);

const encryption = z.strictObject({
  algorithm: z.enum(["AES256", "aws:kms", "aws:kms:dsse", "SSE-C", "NONE"]),
  keyArn: text.optional(),
  bucketKeyEnabled: z.boolean().optional(),
});

const canary = z.strictObject({
  key: text,
  versionId: text.optional(),
  tags: z.record(text, text),
  encryption: encryption.optional(),
  status: text.optional().describe("S3's own word; left out: S3 gave none"),
  seconds: seconds.optional().describe("From the put until S3 said COMPLETED or FAILED"),
  deleteMarkerSeconds: seconds
    .optional()
    .describe("From the delete marker until it was seen at the destination"),
});

const check = z.strictObject({
  name: z.enum(["version id", "bytes", "encryption", "owner", "storage class", "tags", "delete marker"]),
  result: z.enum(["right", "wrong", "unread"]),
  reason: text.optional(),
});

const left = z
  .strictObject({ bucket: text, key: text, versionId: text.optional(), reason: text })
  .describe("What could not be removed");

const rule = z.strictObject({
  rule: text,
  destination: text.describe("ARN of the destination bucket"),
  outcome: z
    .enum(["verified", "failed", "wrong", "unfinished", "skipped", "refused", "shadowed"])
    .describe(
      "failed: S3 says so; wrong: COMPLETED, but the replica is not as the rule asks; unfinished: the deadline passed, it was stopped, or nothing of the replica could be looked at; skipped: another run is at work; refused: no canary was put; shadowed: the rule never decides",
    ),
  reason: text,
  canary: canary.optional(),
  checks: z.array(check),
  notes: sentences,
  left: z.array(left),
  removedLeftovers: z.int().min(0).describe("Versions and delete markers of earlier runs that were removed"),
});

export const VERIFICATION_SCHEMA = z.strictObject({
  verdict: z.enum(["verified", "failed", "unfinished"]),
  bucket: text.describe("Name of the source bucket"),
  account: text.describe("Id of the account that put the canaries"),
  region: text,
  rules: z.array(rule).describe("Enabled rules"),
  notes: sentences,
  diagnosis: DIAGNOSIS_SCHEMA.optional().describe("What 'doctor --json' prints, where a rule failed"),
}) satisfies z.ZodType<VerificationReport>;
