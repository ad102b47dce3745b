/** The form of what `--json` prints; the types are in report.ts, and `satisfies` keeps the two together. */
import * as v from "valibot";
import { fields } from "../../input/objectShapes";
import { EVIDENCE_LEVELS } from "../../replication/evidence";
import { FINDING_KINDS } from "../../replication/findings";
import { WITH_PROBLEMS } from "./report";
import type { RehearsalResult } from "./text";

const text = v.string();
const texts = v.array(text);
const keyArn = v.optional(v.pipe(text, v.description("Key ARN")));

const where = v.pipe(
  v.picklist([
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
  ]),
  v.description("Where something is missing or in the way"),
);

const place = v.optional(
  v.pipe(
    v.strictObject({
      tool: v.picklist(["pulumi", "terraform", "cloudformation", "cdk"]),
      address: v.pipe(text, v.description("What the tool calls the resource")),
      file: v.optional(text),
      line: v.optional(v.pipe(v.number(), v.safeInteger(), v.description("Line of the file, from 1"))),
      stack: v.optional(
        v.pipe(
          text,
          v.description("The stack that a template makes: account, Region and name, with slashes"),
        ),
      ),
    }),
    v.description("Where it stands in the user's code"),
  ),
);

const statementPlace = v.pipe(
  v.strictObject({
    policy: v.pipe(text, v.description("Name of the document")),
    sid: v.optional(text),
    index: v.pipe(v.number(), v.safeInteger(), v.description("Place in the document, from 0")),
    effect: v.picklist(["Allow", "Deny"]),
  }),
  v.description("A statement, by the document that holds it"),
);

const missing = v.strictObject({
  action: v.optional(text),
  resource: text,
  where,
  why: v.picklist(["not allowed", "denied", "undecided", "unread", "setting"]),
  keys: v.pipe(texts, v.description("Condition keys that decide, or the setting")),
  statements: v.pipe(
    v.array(statementPlace),
    v.description("The Deny, or Allows of which only the conditions do not hold"),
  ),
  reason: v.optional(
    v.pipe(text, v.description("What is wrong with a setting, a rule or the state of a key")),
  ),
  place,
});

const request = v.strictObject({
  action: text,
  resource: text,
  decision: v.picklist(["allowed", "denied", "unproven"]),
  statements: v.pipe(texts, v.description("Statements that decided: the document, and the Sid or the place")),
  decidingKeys: texts,
  sources: v.pipe(texts, v.description("Pages of AWS that say that S3 makes this request")),
});

const encryption = v.strictObject({
  algorithm: v.picklist(["AES256", "aws:kms", "aws:kms:dsse", "SSE-C", "NONE"]),
  keyArn,
  bucketKeyEnabled: v.optional(v.boolean()),
});

const object = v.strictObject({
  bucket: v.pipe(text, v.description("ARN of the source bucket")),
  key: v.pipe(text, v.description("'*' stands for all objects")),
  tags: v.optional(v.record(text, text)),
  kind: v.pipe(text, v.description("For people")),
  rule: v.optional(text),
  destination: v.optional(v.pipe(text, v.description("ARN of the destination bucket"))),
  outcome: v.picklist(["COMPLETED", "FAILED", "NOT_REPLICATED", "UNPROVEN"]),
  failureReason: v.optional(v.pipe(text, v.description("S3's own word, where S3 has one"))),
  reason: text,
  lost: v.optional(
    v.pipe(
      v.array(v.picklist(["tags", "annotations"])),
      v.description("What the replica lacks of its object"),
    ),
  ),
  missing: v.array(missing),
  requests: v.array(request),
  replica: v.optional(
    v.strictObject({
      owner: v.pipe(text, v.description("Account that owns the replica")),
      encryption,
      storageClass: text,
      tags: v.record(text, text),
      deleteMarker: v.boolean(),
    }),
  ),
});

const texted = v.union([text, texts]);

const advice = v.strictObject({
  where,
  resource: v.pipe(
    text,
    v.description("ARN of the role, bucket or key; of an account policy, the account id"),
  ),
  statement: v.optional(
    v.pipe(
      v.strictObject({
        Sid: text,
        Effect: v.picklist(["Allow", "Deny"]),
        Principal: v.optional(
          v.union([v.literal("*"), v.strictObject({ AWS: v.optional(texted), Service: v.optional(text) })]),
        ),
        Action: texted,
        Resource: v.optional(texted),
        Condition: v.optional(v.record(text, v.record(text, texted))),
      }),
      v.description("Statement to add to the document"),
    ),
  ),
  change: v.optional(
    v.pipe(
      v.strictObject({
        path: v.pipe(text, v.description("JSON Pointer (RFC 6901) into the snapshot")),
        value: v.unknown(),
      }),
      v.description("Value to set"),
    ),
  ),
  command: v.optional(v.pipe(text, v.description("The AWS CLI call that does it, where there is one"))),
  reason: text,
  place,
  code: v.optional(
    v.pipe(
      v.strictObject({ language: v.picklist(["hcl", "yaml", "json", "typescript"]), text }),
      v.description("The same in the words of the tool of that place"),
    ),
  ),
});

const finding = v.strictObject({
  id: v.pipe(text, v.description("By which '--accept' takes it: '<kind>:<bucket name>/<rule>'")),
  kind: v.picklist(FINDING_KINDS),
  bucket: v.pipe(text, v.description("ARN of the source bucket")),
  rule: text,
  reason: text,
  mends: v.pipe(texts, v.description("What mends it: one of them is enough")),
  acceptedBy: v.optional(
    v.pipe(
      v.picklist(["the program", "--accept"]),
      v.description("Who says that it is meant so; left out: nobody, so that the verdict is broken"),
    ),
  ),
  place,
});

const account = v.strictObject({
  accountId: text,
  buckets: v.array(
    v.strictObject({
      arn: text,
      region: text,
      settings: texts,
      rules: v.array(
        v.strictObject({ id: text, enabled: v.boolean(), destination: text, description: text }),
      ),
      existingObjects: v.optional(
        v.pipe(text, v.description("For people: the commands for objects from before the rules")),
      ),
    }),
  ),
  keys: v.pipe(texts, v.description("Key ARNs")),
  roles: v.pipe(texts, v.description("Role ARNs")),
  resources: v.pipe(
    v.array(v.strictObject({ stack: text, type: text, name: text })),
    v.description("Resources that a program registers in the account"),
  ),
});

const grant = {
  where,
  resource: text,
  statement: statementPlace,
  grant: text,
  reason: text,
  place,
};

export const REPORT_SCHEMA = v.pipe(
  v.strictObject({
    verdict: v.picklist(["proven", "broken", "unproven"]),
    objects: v.array(object),
    refusals: v.pipe(
      v.array(
        v.strictObject({
          bucket: text,
          where: v.optional(where),
          resource: v.pipe(v.optional(text), v.description("What the refused document is of")),
          message: v.pipe(text, v.description("AWS's code and its sentence, as far as it is known")),
          mend: text,
          grade: v.pipe(
            v.picklist(["documented", "observed", "reported"]),
            v.description("A page of AWS, its published answer, or a report without the answer"),
          ),
          source: v.pipe(text, v.description("Page or report that it is known from")),
          place,
        }),
      ),
      v.description("What AWS refuses to take at all"),
    ),
    findings: v.pipe(
      v.array(finding),
      v.description("Rules that are on and take nothing of what is written by default"),
    ),
    advice: v.pipe(
      v.array(advice),
      v.description("What mends every object that is not replicated as its rule says"),
    ),
    unusedGrants: v.pipe(
      v.array(v.strictObject({ ...grant, principal: v.optional(text) })),
      v.description("What is granted and no request needs"),
    ),
    otherGrants: v.pipe(
      v.array(v.strictObject({ ...grant, principal: text })),
      v.description("Who else than S3 and the replication roles is let in"),
    ),
    warnings: v.pipe(texts, v.description("What is as the rules say, and hardly as anybody meant it")),
    unread: v.pipe(texts, v.description("What could not be read: nothing that depends on it is proven")),
    evidence: v.pipe(
      v.picklist(EVIDENCE_LEVELS),
      v.description("What decides where AWS's pages contradict each other or are silent"),
    ),
    observations: v.pipe(
      v.array(
        v.strictObject({
          statement: v.pipe(text, v.description("What was seen")),
          link: v.pipe(text, v.description("Where it is told")),
        }),
      ),
      v.description("What was observed in the field and decides something that AWS's pages leave open"),
    ),
    assumptions: v.pipe(
      texts,
      v.description(
        "What the verdict rests on without a page of AWS that says so; what is taken to be so of S3 itself ends with the pages that leave it open",
      ),
    ),
    accounts: v.array(account),
    permissions: v.array(
      v.strictObject({
        action: text,
        resource: text,
        decision: v.picklist(["allowed", "denied", "unproven"]),
        statements: texts,
        missingIn: v.pipe(
          v.array(where),
          v.description("Documents that do not allow it, or that cannot be told about"),
        ),
        sources: texts,
      }),
    ),
  }),
  v.description("What 's3-replication rehearse --json' prints"),
) satisfies v.GenericSchema<RehearsalResult>;

/** An earlier result, of which only what is wrong in it counts. */
export const BASELINE_SCHEMA = fields(
  v.pick(REPORT_SCHEMA.pipe[0], WITH_PROBLEMS).entries,
  "must be what 'rehearse --json' or 'doctor --json' prints",
);
