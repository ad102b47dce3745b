/** What exists already: the documents that statements are added to, and every mistake in what is said of it. */
import { parsePolicy, PolicySyntaxError } from "../../iam";
import { show } from "../../input/problems";
import type { PlainDestinationArgs, PlainMonitoringArgs, PlainNotificationArgs } from "./arguments";
import { hasFailureEvents } from "./watching";
import { contractTerms } from "../contract";
import { asObject, listOf } from "../../input/anyValue";
import { FAILURE_NOTIFICATION_ID } from "../monitoring/monitoring";
import { planInventory } from "../inventory";
import {
  destinationBucketPolicy,
  type DestinationGrants,
  type PolicyJson,
  type PresentPolicy,
} from "../policies";

/** What says that a bucket has no policy. */
const NONE = "none";

/** The policy that an existing bucket has at present; undefined where nobody says it. Checked beforehand. */
export function presentPolicyOf({
  existingBucket,
}: {
  readonly existingBucket?: { readonly policy?: string };
}): PresentPolicy | undefined {
  if (existingBucket?.policy === undefined) return undefined;
  if (existingBucket.policy === NONE) return { Version: "2012-10-17", Statement: [] };
  const document = JSON.parse(existingBucket.policy) as PresentPolicy & { Statement: unknown };
  return { ...document, Statement: [document.Statement].flat() };
}

/**
 * The bucket policy of a destination: its own for a new bucket, for an existing one the present policy and the
 * statements of replication; undefined where the present policy is not known, and so is left alone.
 */
export function bucketPolicyOf(args: PlainDestinationArgs): PolicyJson | undefined {
  const present = presentPolicyOf(args);
  if (args.existingBucket !== undefined && present === undefined) return undefined;
  return destinationBucketPolicy(bucketGrantsOf(args), present);
}

/** What the policy of a destination bucket grants. */
export function bucketGrantsOf(args: PlainDestinationArgs): DestinationGrants {
  const inventory = planInventory(args, "destination");
  return {
    ...contractTerms(args),
    sources: args.sources,
    ...(inventory?.isOwnBucket === true ? { inventory: inventory.statement } : {}),
  };
}

/** Statements of a present policy that have the names of those to be added. */
export function clashingStatementProblems(args: PlainDestinationArgs): string[] {
  const { Statement: present = [] } = presentPolicyOf(args) ?? {};
  const statements = bucketPolicyOf(args)?.Statement ?? [];
  const taken = new Set(statements.slice(0, present.length).map(({ Sid }) => Sid));
  const clashing = statements.slice(present.length).filter(({ Sid }) => taken.has(Sid));
  if (clashing.length === 0) return [];
  const sids = clashing.map(({ Sid }) => `'${Sid}'`).join(", ");
  return [
    `'existingBucket.policy' must be the policy without the statements that the component adds, got one with ${sids}; leave those out where they are the component's from an earlier deployment, and give them another Sid where they are yours`,
  ];
}

/** Mistakes in what is said of an existing bucket, whatever else is wrong: `given` is any object. */
export function existingBucketProblems(given: Record<string, unknown>, path: string): string[] {
  if (given.existingBucket === undefined) return [];
  const problems: string[] = [];
  const encryption = asObject(given.encryption);
  if (encryption.algorithm !== "AES256" && encryption.keyArn === undefined) {
    problems.push(
      `'${path}encryption' must say how the existing bucket encrypts, {algorithm: AES256} or {keyArn: <the key that it encrypts under>}, got ${show(given.encryption)}; no key is made for a bucket that exists`,
    );
  }
  for (const setting of ["defaultRetention", "noncurrentVersionExpirationDays"]) {
    if (given[setting] === undefined) continue;
    problems.push(
      `'${path}${setting}' must be left out with an existingBucket, whose settings stay as they are, got ${show(given[setting])}`,
    );
  }
  const { policy } = asObject(given.existingBucket);
  if (typeof policy === "string" && policy !== NONE) {
    const fault = policyFault(policy);
    if (fault !== undefined) {
      problems.push(
        `'${path}existingBucket.policy' must be the bucket's present policy as JSON, as 'aws s3api get-bucket-policy --query Policy --output text' prints it, or 'none': ${fault}`,
      );
    }
  }
  return problems;
}

function policyFault(text: string): string | undefined {
  try {
    parsePolicy(text, "existingBucket.policy", { kind: "resource" });
    return undefined;
  } catch (error) {
    if (error instanceof PolicySyntaxError) return error.message;
    throw error;
  }
}

/** What is said of the notifications of an existing source bucket, whatever else is wrong. */
export function notificationOf(given: Record<string, unknown>): unknown {
  return asObject(given.existingBucket).notification;
}

/**
 * Mistakes about what a bucket that exists notifies: its configuration is one document, which is never written over
 * unasked.
 * @param said What is said of it; undefined where nobody says anything.
 * @param field Where that is said: `notification`.
 */
export function notificationProblems(
  given: Record<string, unknown>,
  said: unknown,
  path: string,
  field: string,
): string[] {
  const monitoring = asObject(given.monitoring) as PlainMonitoringArgs;
  if (!Array.isArray(given.rules)) return [];
  if (said === undefined) {
    const asked = (["failureQueueArn", "failureTopicArn", "failureQueue"] as const).find(
      (setting) => monitoring[setting] !== undefined && monitoring[setting] !== false,
    );
    if (asked === undefined) return [];
    return [
      `'${path}monitoring.${asked}' must be ${asked === "failureQueue" ? "false or " : ""}left out where '${field}' does not say what the bucket notifies at present ({} for nothing), got ${show(monitoring[asked])}: S3 keeps one notification configuration a bucket, and a new one replaces it`,
    ];
  }
  const notification = asObject(said) as PlainNotificationArgs;
  const rules = (given.rules as unknown[]).map(asObject);
  if (!hasFailureEvents({ monitoring, existingBucket: { notification }, rules })) return [];
  return (["queues", "topics", "lambdaFunctions"] as const).flatMap((kind) =>
    listOf(notification[kind]).flatMap((one, index) => {
      const { id, events } = asObject(one);
      const place = `'${path}${field}.${kind}[${index}]`;
      return [
        ...(id === FAILURE_NOTIFICATION_ID
          ? [
              `${place}.id' must not be '${FAILURE_NOTIFICATION_ID}', which is the id of the notification that the component adds; leave that one out where it is the component's from an earlier deployment`,
            ]
          : []),
        ...listOf(events)
          .filter((event) => typeof event === "string" && event.startsWith("s3:Replication:"))
          .map(
            (event) =>
              `${place}.events' must hold no event of replication, which S3 sends to one place only, got ${show(event)}; take it out, or set 'monitoring.failureQueue: false'`,
          ),
      ];
    }),
  );
}
