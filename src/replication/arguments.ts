/** The plain arguments of the two components and of the ready-made program: what they are, and every check that needs no AWS. */
import { z } from "zod";
import { InvalidInputError, isDeferred, show } from "../problems";
import { parseArn, partitionOfRegion } from "../iam/arn";
import {
  ACCOUNT_ID,
  BUCKET_NAME,
  KEY_ARN,
  type NameRule,
  REGION,
  ROLE_NAME,
  ROLE_PATH,
  STORAGE_CLASSES,
  TOPIC_ARN,
} from "./names";

/** What an argument is when it is left out. Docs, checks and code all read this one table. */
export const DEFAULTS = {
  roleName: "s3-replication",
  rolePath: "/",
  algorithm: "aws:kms",
  bucketKeyEnabled: true,
  keyDeletionWindowInDays: 30,
  protect: true,
  principal: "AccountRoot",
  metrics: true,
  latencyThresholdInSeconds: 3600,
} as const;

/** S3 accepts no more rules in one replication configuration. */
export const MOST_RULES = 1000;

/** One replication rule: which objects, to which destination, and what the replicas are. */
export interface ReplicationRuleArgs {
  /** Name of the rule, unique in the bucket, at most 255 characters. */
  id: string;
  /**
   * Name of the destination, a key of `destinations`.
   * @default the only destination
   */
  destination?: string;
  /**
   * Whether the rule replicates anything. Objects written while it is off are not replicated later.
   * @default true
   */
  enabled?: boolean;
  /**
   * Where rules of one destination overlap, the rule with the higher number decides. Give it in every rule or in none.
   * @default the order of the rules: the first one decides
   */
  priority?: number;
  /**
   * Beginning of the object keys that the rule replicates, for example 'reports/'.
   * @default all keys
   */
  prefix?: string;
  /**
   * Tags that an object must all have when it is created, key to value.
   * @default objects with any tags and with none
   */
  tags?: Record<string, string>;
  /**
   * Whether delete markers are replicated. S3 refuses it in a rule with tags.
   * @default false
   */
  deleteMarkerReplication?: boolean;
  /**
   * Storage class of the replicas.
   * @default the storage class of the source object
   */
  storageClass?: string;
  /**
   * Whether the account of the destination owns the replicas, also where the destination bucket has ACLs enabled.
   * @default true across accounts, false within one
   */
  ownerOverride?: boolean;
  /**
   * Whether objects under SSE-KMS and DSSE-KMS are replicated.
   * @default true where the source bucket has a KMS key or additionalSourceKeyArns are given
   */
  sseKmsEncryptedObjects?: boolean;
  /**
   * Key ARN that replicas of SSE-KMS objects are encrypted under. Its key policy must grant what the source's output
   * requiredKeyPolicyStatements says.
   * @default the key of the destination's contract
   */
  replicaKmsKeyArn?: string;
  /**
   * S3 Replication Time Control: most objects within 15 minutes, with events for those that are late. Costs extra.
   * @default false
   */
  replicationTimeControl?: boolean;
  /**
   * CloudWatch metrics of the rule, without which nobody sees a failed replication.
   * @default true
   */
  metrics?: boolean;
  /**
   * Whether changes of tags, ACLs and Object Lock settings made to replicas in the source bucket are replicated back
   * (replica modification sync). Needs rules in both directions.
   * @default false
   */
  replicaModifications?: boolean;
}

/** Default retention of an Object Lock bucket: a mode, and either days or years. */
export interface DefaultRetentionArgs {
  /** 'GOVERNANCE' or 'COMPLIANCE'. */
  mode: string;
  /** Days that a new object version is locked. */
  days?: number;
  /** Years that a new object version is locked. */
  years?: number;
}

/** A role of another account that may replicate into the destination bucket, and what it may do. */
export interface ReplicationSourceGrantArgs {
  /** Account of the source bucket, 12 digits. */
  accountId: string;
  /**
   * Name of the replication role in that account.
   * @default 's3-replication'
   */
  roleName?: string;
  /**
   * Path of that role, for example '/replication/'. It is part of the role's ARN.
   * @default '/'
   */
  rolePath?: string;
  /**
   * Whether rules of that source may replicate delete markers.
   * @default false
   */
  deleteMarkerReplication?: boolean;
  /**
   * Whether rules of that source may hand the replicas to the account of the destination.
   * @default true for another account, false for the destination's own
   */
  ownerOverride?: boolean;
  /**
   * Who the policies name: 'AccountRoot', the account narrowed to the role by a condition, which works before the
   * role exists; or 'Role', the role itself, which must exist already.
   * @default 'AccountRoot'
   */
  principal?: string;
}

/** The plain part of the arguments that both sides have. */
export interface PlainBucketArgs {
  accountId: string;
  region: string;
  bucketName: string;
  encryption?: { algorithm?: string; keyArn?: unknown; bucketKeyEnabled?: boolean };
  objectLockEnabled?: boolean;
  defaultRetention?: DefaultRetentionArgs;
  noncurrentVersionExpirationDays?: number;
  tags?: Record<string, string>;
  protect?: boolean;
}

export interface PlainDestinationArgs extends PlainBucketArgs {
  sources: ReplicationSourceGrantArgs[];
}

export interface PlainSourceArgs extends PlainBucketArgs {
  roleName?: string;
  rolePath?: string;
  additionalSourceKeyArns?: unknown[];
  monitoring?: object;
  destinations: Record<string, { stack?: string; contract?: unknown }>;
  rules: ReplicationRuleArgs[];
}

// ---- the checks ---------------------------------------------------------------------------------------------------

/** A text that AWS takes as a name of this kind. */
export const named = (rule: NameRule) =>
  z.string({ error: rule.mustBe }).refine((text) => rule.test(text), { error: rule.mustBe });

const flag = z.boolean({ error: "must be true or false" });

const oneOf = (values: readonly string[]) => {
  const mustBe = `must be one of ${values.map((value) => `'${value}'`).join(", ")}`;
  return z.string({ error: mustBe }).refine((text) => values.includes(text), { error: mustBe });
};

const wholeNumber = (least: number, most: number) => {
  const mustBe = `must be a whole number from ${least} to ${most}`;
  return z
    .number({ error: mustBe })
    .refine((n) => Number.isInteger(n) && n >= least && n <= most, { error: mustBe });
};

/** An object that takes these settings and no other. */
function settings<Shape extends z.ZodRawShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `is not a setting; allowed here: ${allowed}`
        : "must be an object of settings",
  });
}

/** A value that may also be an Output or a promise, which is checked when it arrives. */
const orDeferred = (schema: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    if (isDeferred(value)) return;
    const result = schema.safeParse(value);
    if (result.success) return;
    for (const issue of result.error.issues) {
      context.addIssue({ code: "custom", message: issue.message, path: issue.path.map(String) });
    }
  });

const list = (item: z.ZodType) => z.array(item, { error: "must be a list" });

const stringMap = (mustBe: string) =>
  z.record(z.string(), z.string({ error: "must be a string" }), { error: mustBe });

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-managing.html */
const objectTags = stringMap("must be tags, key to value").superRefine((tags, context) => {
  if (Object.keys(tags).length === 0) {
    context.addIssue({
      code: "custom",
      message: "must name at least one tag; leave it out for objects with any tags",
    });
  }
  for (const [key, value] of Object.entries(tags)) {
    if (key.length > 128 || key === "" || value.length > 256) {
      context.addIssue({
        code: "custom",
        path: [key],
        message: "must be a tag of S3: a key of 1 to 128 characters, a value of at most 256",
      });
    }
  }
});

const RULE = settings({
  id: z
    .string({ error: "must be a text of 1 to 255 characters" })
    .refine((id) => id.length >= 1 && id.length <= 255, { error: "must be a text of 1 to 255 characters" }),
  destination: z.string({ error: "must be the name of a destination" }).optional(),
  enabled: flag.optional(),
  priority: wholeNumber(0, 2147483647).optional(),
  prefix: z
    .string({ error: "must be a text of at most 1,024 bytes" })
    .refine((prefix) => Buffer.byteLength(prefix) <= 1024, { error: "must be a text of at most 1,024 bytes" })
    .optional(),
  tags: objectTags.optional(),
  deleteMarkerReplication: flag.optional(),
  storageClass: oneOf(STORAGE_CLASSES).optional(),
  ownerOverride: flag.optional(),
  sseKmsEncryptedObjects: flag.optional(),
  replicaKmsKeyArn: named(KEY_ARN).optional(),
  replicationTimeControl: flag.optional(),
  metrics: flag.optional(),
  replicaModifications: flag.optional(),
});

const BUCKET_SHAPE = {
  accountId: named(ACCOUNT_ID),
  region: named(REGION),
  bucketName: named(BUCKET_NAME),
  encryption: settings({
    algorithm: oneOf(["aws:kms", "AES256"]).optional(),
    keyArn: orDeferred(named(KEY_ARN)).optional(),
    bucketKeyEnabled: flag.optional(),
  }).optional(),
  objectLockEnabled: flag.optional(),
  defaultRetention: settings({
    mode: oneOf(["GOVERNANCE", "COMPLIANCE"]),
    days: wholeNumber(1, 36500).optional(),
    years: wholeNumber(1, 100).optional(),
  }).optional(),
  noncurrentVersionExpirationDays: wholeNumber(1, 2147483647).optional(),
  tags: stringMap("must be tags, key to value").optional(),
  protect: flag.optional(),
};

const GRANT = settings({
  accountId: named(ACCOUNT_ID),
  roleName: named(ROLE_NAME).optional(),
  rolePath: named(ROLE_PATH).optional(),
  deleteMarkerReplication: flag.optional(),
  ownerOverride: flag.optional(),
  principal: oneOf(["AccountRoot", "Role"]).optional(),
});

export const DESTINATION_SHAPE = {
  ...BUCKET_SHAPE,
  sources: list(GRANT).refine((sources) => sources.length > 0, {
    error: "must name at least one source: the account and the replication role that may write replicas",
  }),
};

const MONITORING = settings({
  failureQueue: flag.optional(),
  alarms: flag.optional(),
  alarmTopicArns: list(orDeferred(named(TOPIC_ARN))).optional(),
  latencyThresholdInSeconds: wholeNumber(1, 604800).optional(),
  pendingBytesThreshold: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
});

export const SOURCE_SHAPE = {
  ...BUCKET_SHAPE,
  monitoring: MONITORING.optional(),
  roleName: named(ROLE_NAME).optional(),
  rolePath: named(ROLE_PATH).optional(),
  additionalSourceKeyArns: list(orDeferred(named(KEY_ARN))).optional(),
  destinations: z.record(
    z.string(),
    settings({
      stack: z
        .string({ error: "must be the name of a stack" })
        .refine((text) => text !== "", { error: "must be the name of a stack" })
        .optional(),
      contract: z.unknown().optional(),
    }),
    { error: "must be an object: a name for each destination, to where its contract comes from" },
  ),
  rules: list(RULE),
};

type Problems = string[];

/** Every mistake in the plain arguments of a destination, none when they are right. `path` leads every field name. */
export function destinationProblems(args: unknown, path = ""): string[] {
  const problems = shapeProblems(settings(DESTINATION_SHAPE), args, path);
  const given = lenient(args);
  bucketProblems(given, path, problems);
  const seen = new Set<string>();
  listOf(given.sources).forEach((item, index) => {
    const grant = lenient(item);
    const textOr = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
    const name = `${textOr(grant.rolePath, DEFAULTS.rolePath)}${textOr(grant.roleName, DEFAULTS.roleName)}`;
    const role = `role '${name}' of account ${show(grant.accountId)}`;
    if (seen.has(role)) {
      problems.push(
        `'${path}sources[${index}]' must name another role than the ones before it, got ${role} twice`,
      );
    }
    seen.add(role);
  });
  return problems;
}

/** Every mistake in the plain arguments of a source, none when they are right. `path` leads every field name. */
export function sourceProblems(args: unknown, path = ""): string[] {
  const problems = shapeProblems(settings(SOURCE_SHAPE), args, path);
  const given = lenient(args);
  bucketProblems(given, path, problems);
  additionalKeyProblems(given, path, problems);
  destinationReferenceProblems(lenient(given.destinations), path, problems);
  ruleProblems(given, path, problems);
  return problems;
}

/** @throws InvalidInputError with all mistakes, before anything is made of the arguments. */
export function assertNoProblems(subject: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new InvalidInputError(subject, problems);
}

/** Mistakes of shape and of single values, as sentences. */
export function shapeProblems(schema: z.ZodType, value: unknown, path = ""): Problems {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `'${path}${fieldName([...issue.path, key])}' ${issue.message}`);
    }
    const field = `${path}${fieldName(issue.path)}`.replace(/\.$/, "");
    return [
      `${field === "" ? "it" : `'${field}'`} ${issue.message}, got ${show(valueAt(value, issue.path))}`,
    ];
  });
}

function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === "number" || /^\d+$/.test(String(part))
        ? `[${String(part)}]`
        : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  );
}

/** Checks that span fields run on whatever is there, so that all mistakes are reported together. */
function lenient(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function bucketProblems(given: Record<string, unknown>, path: string, problems: Problems): void {
  const encryption = lenient(given.encryption);
  if (encryption.algorithm === "AES256" && encryption.keyArn !== undefined) {
    problems.push(
      `'${path}encryption.keyArn' must be left out with the algorithm 'AES256' (SSE-S3 has no key of yours), got ${show(encryption.keyArn)}; say 'aws:kms' to use the key`,
    );
  }
  if (encryption.algorithm === "AES256" && encryption.bucketKeyEnabled === true) {
    problems.push(
      `'${path}encryption.bucketKeyEnabled' must be left out with the algorithm 'AES256': S3 Bucket Keys are for SSE-KMS, got true`,
    );
  }
  keyPlaceProblems(
    encryption.keyArn,
    given,
    `${path}encryption.keyArn`,
    ["partition", "Region", "account"],
    problems,
  );
  const retention = lenient(given.defaultRetention);
  if (given.defaultRetention !== undefined && given.objectLockEnabled !== true) {
    problems.push(
      `'${path}objectLockEnabled' must be true where a defaultRetention is given, got ${show(given.objectLockEnabled)}`,
    );
  }
  if (
    given.defaultRetention !== undefined &&
    (retention.days === undefined) === (retention.years === undefined)
  ) {
    problems.push(
      `'${path}defaultRetention' must have either 'days' or 'years', got ${retention.days === undefined ? "neither" : "both"}`,
    );
  }
}

/** A key that is known must be where the bucket is: in its Region, and in its account where that is asked for. */
function keyPlaceProblems(
  keyArn: unknown,
  given: Record<string, unknown>,
  field: string,
  mustBeIn: readonly ("Region" | "partition" | "account")[],
  problems: Problems,
): void {
  if (typeof keyArn !== "string" || !KEY_ARN.test(keyArn)) return;
  const arn = parseArn(keyArn);
  const { region, accountId } = given;
  const places = {
    Region: [region, arn?.region],
    partition: [typeof region === "string" ? partitionOfRegion(region) : undefined, arn?.partition],
    account: [accountId, arn?.accountId],
  } as const;
  for (const place of mustBeIn) {
    const [expected, got] = places[place];
    if (typeof expected !== "string" || expected === got) continue;
    problems.push(
      `'${field}' must be a key in the bucket's ${place}, '${expected}', got a key in '${got}': ${show(keyArn)}`,
    );
    return;
  }
}

function additionalKeyProblems(given: Record<string, unknown>, path: string, problems: Problems): void {
  listOf(given.additionalSourceKeyArns).forEach((keyArn, index) =>
    keyPlaceProblems(
      keyArn,
      given,
      `${path}additionalSourceKeyArns[${index}]`,
      ["partition", "Region"],
      problems,
    ),
  );
}

function destinationReferenceProblems(
  destinations: Record<string, unknown>,
  path: string,
  problems: Problems,
): void {
  const names = Object.keys(destinations);
  if (names.length === 0) {
    problems.push(
      `'${path}destinations' must name at least one destination, for example {archive: {stack: 'organization/s3-replication/destination'}}, got none`,
    );
  }
  for (const name of names) {
    const reference = lenient(destinations[name]);
    const given = ["stack", "contract"].filter((key) => reference[key] !== undefined);
    if (given.length !== 1) {
      problems.push(
        `'${path}destinations.${name}' must have either 'stack' or 'contract', got ${given.length === 0 ? "neither" : "both"}`,
      );
    }
  }
}

function ruleProblems(given: Record<string, unknown>, path: string, problems: Problems): void {
  if (!Array.isArray(given.rules)) return;
  const rules = given.rules.map(lenient);
  if (rules.length === 0) {
    problems.push(`'${path}rules' must hold at least one rule, got none; S3 refuses an empty configuration`);
  }
  if (rules.length > MOST_RULES) {
    problems.push(
      `'${path}rules' must hold at most ${MOST_RULES.toLocaleString("en")} rules, the most that S3 takes for a bucket, got ${rules.length.toLocaleString("en")}`,
    );
  }
  const destinations = Object.keys(lenient(given.destinations));
  const ids = new Map<unknown, number>();
  const priorities = new Map<unknown, number>();
  const prioritised = rules.filter((rule) => rule.priority !== undefined).length;
  if (prioritised > 0 && prioritised < rules.length) {
    problems.push(
      `'${path}rules' must all have a 'priority' or none of them, got ${prioritised} of ${rules.length} with one`,
    );
  }
  rules.forEach((rule, index) => {
    const field = `${path}rules[${index}]`;
    const repeated = (seen: Map<unknown, number>, key: "id" | "priority") => {
      const value = rule[key];
      if (value === undefined) return;
      const earlier = seen.get(value);
      if (earlier !== undefined) {
        problems.push(
          `'${field}.${key}' must differ from that of every other rule, got ${show(value)}, which '${path}rules[${earlier}]' has already`,
        );
      }
      seen.set(value, earlier ?? index);
    };
    repeated(ids, "id");
    repeated(priorities, "priority");
    if (rule.destination === undefined && destinations.length > 1) {
      problems.push(
        `'${field}.destination' must be one of ${destinations.map((name) => `'${name}'`).join(", ")}, got nothing: with several destinations every rule names its own`,
      );
    } else if (typeof rule.destination === "string" && !destinations.includes(rule.destination)) {
      problems.push(
        `'${field}.destination' must be one of ${destinations.map((name) => `'${name}'`).join(", ") || "the names in 'destinations'"}, got ${show(rule.destination)}`,
      );
    }
    if (rule.deleteMarkerReplication === true && rule.tags !== undefined) {
      problems.push(
        `'${field}.deleteMarkerReplication' must be false in a rule with tags (S3 refuses both together), got true; use a prefix, or a rule of its own`,
      );
    }
    if (rule.replicationTimeControl === true && rule.metrics === false) {
      problems.push(
        `'${field}.metrics' must be true with Replication Time Control, which S3 refuses without metrics, got false`,
      );
    }
    if (rule.sseKmsEncryptedObjects === false && rule.replicaKmsKeyArn !== undefined) {
      problems.push(
        `'${field}.replicaKmsKeyArn' must be left out where sseKmsEncryptedObjects is false, got ${show(rule.replicaKmsKeyArn)}`,
      );
    }
  });
}
