/** The form of what `--json` prints; the types are in report.ts, and `satisfies` keeps the two together. */
import { z } from "zod";
import type { RehearsalResult } from "./text";

const text = z.string();
const texts = z.array(text);
const keyArn = text.optional().describe("Key ARN");

const where = z
  .enum([
    "role policy",
    "source bucket policy",
    "destination bucket policy",
    "source key policy",
    "destination key policy",
    "trust policy",
    "permission boundary",
    "session policy",
    "service control policy",
    "resource control policy",
    "bucket setting",
    "key state",
    "rule",
    "snapshot",
  ])
  .describe("Where something is missing or in the way");

const statementPlace = z
  .strictObject({
    policy: text.describe("Name of the document"),
    sid: text.optional(),
    index: z.int().describe("Place in the document, from 0"),
    effect: z.enum(["Allow", "Deny"]),
  })
  .describe("A statement, by the document that holds it");

const missing = z.strictObject({
  action: text.optional(),
  resource: text,
  where,
  why: z.enum(["not allowed", "denied", "undecided", "unread", "setting"]),
  keys: texts.describe("Condition keys that decide, or the setting"),
  statements: z
    .array(statementPlace)
    .describe("The Deny, or Allows of which only the conditions do not hold"),
  reason: text.optional().describe("What is wrong with a setting, a rule or the state of a key"),
});

const request = z.strictObject({
  action: text,
  resource: text,
  decision: z.enum(["allowed", "denied", "unproven"]),
  statements: texts.describe("Statements that decided: the document, and the Sid or the place"),
  decidingKeys: texts,
  sources: texts.describe("Pages of AWS that say that S3 makes this request"),
});

const encryption = z.strictObject({
  algorithm: z.enum(["AES256", "aws:kms", "aws:kms:dsse", "SSE-C", "NONE"]),
  keyArn,
  bucketKeyEnabled: z.boolean().optional(),
});

const object = z.strictObject({
  bucket: text.describe("ARN of the source bucket"),
  key: text.describe("'*' stands for all objects"),
  tags: z.record(text, text).optional(),
  kind: text.describe("For people"),
  rule: text.optional(),
  destination: text.optional().describe("ARN of the destination bucket"),
  outcome: z.enum(["COMPLETED", "FAILED", "NOT_REPLICATED", "UNPROVEN"]),
  failureReason: text.optional().describe("S3's own word, where S3 has one"),
  reason: text,
  missing: z.array(missing),
  requests: z.array(request),
  replica: z
    .strictObject({
      owner: text.describe("Account that owns the replica"),
      encryption,
      storageClass: text,
      tags: z.record(text, text),
      deleteMarker: z.boolean(),
    })
    .optional(),
});

const texted = z.union([text, texts]);

const advice = z.strictObject({
  where,
  resource: text.describe("ARN of the role, bucket or key; of an account policy, the account id"),
  statement: z
    .strictObject({
      Sid: text,
      Effect: z.enum(["Allow", "Deny"]),
      Principal: z
        .union([z.literal("*"), z.strictObject({ AWS: texted.optional(), Service: text.optional() })])
        .optional(),
      Action: texted,
      Resource: texted.optional(),
      Condition: z.record(text, z.record(text, texted)).optional(),
    })
    .optional()
    .describe("Statement to add to the document"),
  change: z
    .strictObject({ path: text.describe("JSON Pointer (RFC 6901) into the snapshot"), value: z.unknown() })
    .optional()
    .describe("Value to set"),
  command: text.optional().describe("The AWS CLI call that does it, where there is one"),
  reason: text,
});

const account = z.strictObject({
  accountId: text,
  buckets: z.array(
    z.strictObject({
      arn: text,
      region: text,
      settings: texts,
      rules: z.array(
        z.strictObject({ id: text, enabled: z.boolean(), destination: text, description: text }),
      ),
    }),
  ),
  keys: texts.describe("Key ARNs"),
  roles: texts.describe("Role ARNs"),
  resources: z
    .array(z.strictObject({ stack: text, type: text, name: text }))
    .describe("Resources that a program registers in the account"),
});

export const REPORT_SCHEMA = z
  .strictObject({
    verdict: z.enum(["proven", "broken", "unproven"]),
    objects: z.array(object),
    refusals: z
      .array(z.strictObject({ bucket: text, message: text }))
      .describe("What S3 refuses to take at all"),
    advice: z.array(advice).describe("What mends every object that is not replicated as its rule says"),
    unusedGrants: z
      .array(
        z.strictObject({
          where,
          resource: text,
          statement: statementPlace,
          grant: text,
          principal: text.optional(),
          reason: text,
        }),
      )
      .describe("What is granted and no request needs"),
    warnings: texts.describe("What is as the rules say, and hardly as anybody meant it"),
    unread: texts.describe("What could not be read: nothing that depends on it is proven"),
    assumptions: texts.describe("What the verdict rests on without a page of AWS that says so"),
    accounts: z.array(account),
    permissions: z.array(
      z.strictObject({
        action: text,
        resource: text,
        decision: z.enum(["allowed", "denied", "unproven"]),
        statements: texts,
        missingIn: z.array(where).describe("Documents that do not allow it, or that cannot be told about"),
        sources: texts,
      }),
    ),
  })
  .describe("What 's3-replication rehearse --json' prints") satisfies z.ZodType<RehearsalResult>;
