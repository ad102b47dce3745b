/** The form of what `verify --json` prints; the types are in report.ts, and `satisfies` keeps the two together. */
import * as v from "valibot";
import { DIAGNOSIS_SCHEMA } from "../doctor/diagnosisSchema";
import type { VerificationReport } from "./report";

const text = v.string();
const sentences = v.pipe(v.array(text), v.description("Sentences"));
const seconds = v.pipe(v.number(), v.minValue(0));

const encryption = v.strictObject({
  algorithm: v.picklist(["AES256", "aws:kms", "aws:kms:dsse", "SSE-C", "NONE"]),
  keyArn: v.optional(text),
  bucketKeyEnabled: v.optional(v.boolean()),
});

const canary = v.strictObject({
  key: text,
  versionId: v.optional(text),
  tags: v.record(text, text),
  encryption: v.optional(encryption),
  status: v.optional(v.pipe(text, v.description("S3's own word; left out: S3 gave none"))),
  seconds: v.optional(v.pipe(seconds, v.description("From the put until S3 said COMPLETED or FAILED"))),
  deleteMarkerSeconds: v.optional(
    v.pipe(seconds, v.description("From the delete marker until it was seen at the destination")),
  ),
});

const check = v.strictObject({
  name: v.picklist(["version id", "bytes", "encryption", "owner", "storage class", "tags", "delete marker"]),
  result: v.picklist(["right", "wrong", "unread"]),
  reason: v.optional(text),
});

const left = v.pipe(
  v.strictObject({ bucket: text, key: text, versionId: v.optional(text), reason: text }),
  v.description("What could not be removed"),
);

const rule = v.strictObject({
  rule: text,
  destination: v.pipe(text, v.description("ARN of the destination bucket")),
  outcome: v.pipe(
    v.picklist(["verified", "failed", "wrong", "unfinished", "skipped", "refused", "shadowed"]),
    v.description(
      "failed: S3 says so; wrong: COMPLETED, but the replica is not as the rule asks; unfinished: the deadline passed, it was stopped, or nothing of the replica could be looked at; skipped: another run is at work; refused: no canary was put; shadowed: the rule never decides",
    ),
  ),
  reason: text,
  canary: v.optional(canary),
  checks: v.array(check),
  notes: sentences,
  left: v.array(left),
  removedLeftovers: v.pipe(
    v.number(),
    v.safeInteger(),
    v.minValue(0),
    v.description("Versions and delete markers of earlier runs that were removed"),
  ),
});

export const VERIFICATION_SCHEMA = v.strictObject({
  verdict: v.picklist(["verified", "failed", "unfinished"]),
  bucket: v.pipe(text, v.description("Name of the source bucket")),
  account: v.pipe(text, v.description("Id of the account that put the canaries")),
  region: text,
  rules: v.pipe(v.array(rule), v.description("Enabled rules")),
  notes: sentences,
  diagnosis: v.optional(
    v.pipe(DIAGNOSIS_SCHEMA, v.description("What 'doctor --json' prints, where a rule failed")),
  ),
}) satisfies v.GenericSchema<VerificationReport>;
