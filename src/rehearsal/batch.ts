/** Rehearses a Batch Replication job: every request of the job's role, for every object key. */
import { bucketArnWithin } from "../naming/names";
import { defaultKeyOf } from "../snapshot/defaultKey";
import { type BucketState, isAbsent, type Snapshot } from "../snapshot/snapshot";
import {
  decide,
  type Decision,
  type Obstacle,
  parseArn,
  type PatternPart,
  patternsOf,
  type Policies,
  type PolicyDocument,
  type Request,
} from "../iam";
import {
  BATCH_PERMISSIONS,
  BATCH_SERVICE,
  type BatchPermission,
  batchRequest,
  type BatchReplication,
  REPORT_KEYS,
} from "../replication/batch/permissions";
import type { PermissionTarget } from "../replication/permissions";
import { isAlias } from "../replication/requests";
import type { StatementJson } from "../replication/policies";
import { filterOf, type ReplicationConfiguration } from "../replication/rules";
import { afterText, globOf } from "../textClasses/glob";
import { isTooMany, OBJECT_KEYS, textClasses } from "../textClasses/keyClasses";
import { decideForAlias } from "./aliasKeys";
import { hangsOn } from "./decidingKeys";
import { missingOf, reportRequest } from "./decisions";
import { documentsOf, type PolicyBook } from "./policyBook";
import type { Advice, Missing, ObjectReport, RequestReport } from "./report/report";

export interface BatchRehearsal {
  readonly report: ObjectReport;
  readonly advice: readonly Advice[];
}

/** Kind of the report's row. */
export const BATCH_KIND = "S3 Batch Replication job";

export function rehearseBatch(
  snapshot: Snapshot,
  book: PolicyBook,
  bucketArn: string,
  bucket: BucketState,
  configuration: ReplicationConfiguration,
  job: BatchReplication,
): BatchRehearsal {
  const requests: RequestReport[] = [];
  const missing: Missing[] = [];
  const advice: Advice[] = [];
  let worst: Pick<ObjectReport, "outcome" | "failureReason" | "reason"> = {
    outcome: "COMPLETED",
    reason: "every request of the job is allowed",
  };
  for (const permission of BATCH_PERMISSIONS.filter(({ needed }) => needed(job))) {
    const questions = requestsOf(snapshot, book, bucketArn, bucket, configuration, job, permission);
    if (questions === undefined) {
      const reason =
        "the policies of the job's role cut the object keys into too many classes to decide on each";
      if (worst.outcome === "COMPLETED") worst = { outcome: "UNPROVEN", reason };
      continue;
    }
    for (const question of questions) {
      const asked = book.completed(question);
      const decision = decisionOn(asked, policiesFor(book, asked, permission, job));
      requests.push(reportRequest(asked, decision, permission.known.sources));
      if (decision.verdict === "allowed") continue;
      missing.push(...decision.obstacles.map((obstacle) => missingFor(asked, permission, obstacle)));
      advice.push(...adviceFor(permission, job, asked, decision.obstacles));
      const doubt = permission.doubt?.(job)?.statement;
      const isDenied = decision.verdict === "denied" && doubt === undefined;
      if (worst.outcome === "FAILED" || (worst.outcome === "UNPROVEN" && !isDenied)) continue;
      worst = {
        outcome: isDenied ? "FAILED" : "UNPROVEN",
        ...(isDenied && permission.failureReason !== undefined
          ? { failureReason: permission.failureReason }
          : {}),
        reason: `${asked.action} on ${asked.resource} ${isDenied ? "is not allowed" : (doubt ?? hangsOn(decision.decidingKeys))} (role of the Batch Replication job)`,
      };
    }
  }
  const absent = absentOf(snapshot, job);
  const [first] = absent;
  if (first !== undefined) worst = { outcome: "FAILED", reason: first.reason };
  return {
    report: {
      bucket: bucketArn,
      key: "*",
      kind: BATCH_KIND,
      ...worst,
      missing: [...absent, ...missing],
      requests,
    },
    advice: [...new Map(advice.map((each) => [JSON.stringify(each), each])).values()],
  };
}

/** What the job names and nobody has, and a key of its manifest that cannot be used. */
function absentOf(snapshot: Snapshot, job: BatchReplication): (Missing & { readonly reason: string })[] {
  const setting = (resource: string, reason: string) => ({
    resource,
    where: "bucket setting" as const,
    why: "setting" as const,
    keys: ["batchReplication"],
    statements: [],
    reason,
  });
  const named = [
    ["role", job.role],
    ["manifest bucket", job.manifestBucket],
    ["report bucket", job.reportBucket],
  ] as const;
  const keyArn = manifestKey(snapshot, job);
  const state = keyArn === undefined ? undefined : snapshot.keys[keyArn]?.state;
  return [
    ...named.flatMap(([what, arn]) =>
      arn !== undefined && isAbsent(snapshot, arn)
        ? [setting(arn, `there is no ${what} ${arn} (Batch Replication job)`)]
        : [],
    ),
    ...(keyArn === undefined || state === undefined || state === "Enabled"
      ? []
      : [setting(keyArn, `the key of the manifest is ${state} (Batch Replication job)`)]),
  ];
}

function requestsOf(
  snapshot: Snapshot,
  book: PolicyBook,
  bucketArn: string,
  bucket: BucketState,
  configuration: ReplicationConfiguration,
  job: BatchReplication,
  permission: BatchPermission,
): Request[] | undefined {
  const own = { accountId: bucket.account, region: bucket.region };
  const objectsOf = (arn: string | undefined, prefix: string | undefined, names: readonly string[]) => {
    const other = arn === undefined ? undefined : snapshot.buckets[arn];
    const place = other === undefined ? own : { accountId: other.account, region: other.region };
    return names.map((name) =>
      batchRequest(permission, job, `${arn ?? bucketArn}/${under(prefix, name)}`, place),
    );
  };
  switch (permission.target) {
    case "role":
      return [
        batchRequest(permission, job, job.role, {
          ...own,
          accountId: parseArn(job.role)?.accountId ?? own.accountId,
        }),
      ];
    case "sourceBucket":
      return [batchRequest(permission, job, bucketArn, own)];
    case "manifestObject":
      return objectsOf(job.manifestBucket, job.manifestPrefix, ["manifest"]);
    case "manifestKey":
      return manifestKeyRequests(snapshot, permission, job);
    case "reportObject":
      return objectsOf(job.reportBucket, job.reportPrefix, REPORT_KEYS);
    case "sourceObject": {
      const sample = batchRequest(permission, job, `${bucketArn}/object`, own);
      const documents = documentsOf(policiesFor(book, sample, permission, job));
      return keysToDecide(bucketArn, configuration, documents)?.map((key) =>
        batchRequest(permission, job, `${bucketArn}/${key}`, own),
      );
    }
  }
}

/** A manifest is under the default encryption of its bucket, as far as anybody knows: its key, or the alias of one. */
function manifestKey({ buckets }: Snapshot, { manifestBucket = "" }: BatchReplication): string | undefined {
  const bucket = buckets[manifestBucket];
  return bucket?.encryption?.algorithm.startsWith("aws:kms") === true ? defaultKeyOf(bucket) : undefined;
}

function manifestKeyRequests(
  snapshot: Snapshot,
  permission: BatchPermission,
  job: BatchReplication,
): Request[] {
  const { manifestBucket: bucketArn = "" } = job;
  const { account = "", region = "" } = snapshot.buckets[bucketArn] ?? {};
  const keyArn = manifestKey(snapshot, job);
  if (keyArn === undefined) return [];
  const accountId = parseArn(keyArn)?.accountId ?? account;
  const contexts = [bucketArn, `${bucketArn}/${under(job.manifestPrefix, "manifest")}`];
  return [
    {
      ...batchRequest(permission, job, keyArn, { accountId, region }),
      alternatives: [
        {
          name: "encryption context",
          options: contexts.map((arn) => ({
            label: arn,
            context: { "kms:EncryptionContext:aws:s3:arn": { state: "known", values: [arn] } },
          })),
        },
      ],
    },
  ];
}

/** What is known of an alias only is decided for whatever key it stands for. */
function decisionOn(asked: Request, policies: Policies): Decision {
  if (!isAlias(asked.resource)) return decide(asked, policies);
  return (
    decideForAlias(asked, policies) ?? {
      verdict: "unproven",
      obstacles: [],
      decidedBy: [],
      decidingKeys: [`which key ${asked.resource} stands for`],
    }
  );
}

function under(prefix: string | undefined, name: string): string {
  return prefix === undefined ? name : `${prefix}/${name}`;
}

/** A key of each class that the documents and the rules' prefixes cut the keys of the rules into. */
function keysToDecide(
  bucketArn: string,
  configuration: ReplicationConfiguration,
  documents: readonly PolicyDocument[],
): string[] | undefined {
  const prefixes = configuration.Rules.filter((rule) => rule.Status === "Enabled").map(
    (rule) => filterOf(rule).prefix,
  );
  const anything: PatternPart = { kind: "any" };
  const ofRules = [...new Set(prefixes)].map((prefix) => [
    globOf([{ kind: "text", text: prefix }, anything]),
  ]);
  const ofDocuments = documents
    .flatMap((document) => patternsOf(document, "").resources)
    // What a policy variable stands for is the same for every key, so a pattern with any text there cuts no less.
    .map(({ parts }) => parts.map((part) => (part.kind === "variable" ? anything : part)))
    .flatMap((parts) => afterText(globOf(parts, { arn: true }), `${bucketArn}/`) ?? [])
    .map((glob) => [glob]);
  const found = textClasses([...ofRules, ...ofDocuments], OBJECT_KEYS);
  if (isTooMany(found)) return undefined;
  return found.classes
    .filter(({ matches }) => matches.some((place) => place < ofRules.length))
    .map(({ witness }) => witness);
}

/** Whose policies have a say, where it is not the policy of a bucket. */
const PLACES: Partial<Record<BatchPermission["target"], PermissionTarget>> = {
  role: "role",
  manifestKey: "sourceKey",
};

function policiesFor(
  book: PolicyBook,
  asked: Request,
  { target }: BatchPermission,
  job: BatchReplication,
): Policies {
  const bucketArn = bucketArnWithin(asked.resource) ?? "";
  return book.policiesFor(asked, PLACES[target] ?? "sourceObject", job.role, bucketArn);
}

function missingFor(asked: Request, { target }: BatchPermission, obstacle: Obstacle): Missing {
  return missingOf(asked.action, asked.resource, PLACES[target] ?? "sourceObject", obstacle);
}

/** What the job's role lacks; what denies it is loosened together with all other advice. */
function adviceFor(
  { target }: BatchPermission,
  job: BatchReplication,
  { action, resource }: Request,
  obstacles: readonly Obstacle[],
): Advice[] {
  if (
    !obstacles.some(({ layer, kind }) => kind === "no-allow" && (layer === "identity" || target === "role"))
  )
    return [];
  const statement: StatementJson =
    target === "role"
      ? {
          Sid: "AllowBatchOperations",
          Effect: "Allow",
          Principal: { Service: BATCH_SERVICE },
          Action: action,
        }
      : jobStatement(action, resource);
  return [
    {
      where: target === "role" ? "trust policy" : "role policy",
      resource: job.role,
      statement,
      reason: `a Batch Replication job needs ${action}`,
    },
  ];
}

/** What lets a job's role do something with a bucket, or with all objects in it. */
export function jobStatement(action: string, resource: string): StatementJson {
  const bucketArn = bucketArnWithin(resource) ?? resource;
  return {
    Sid: `BatchReplication${action.slice(action.indexOf(":") + 1)}`,
    Effect: "Allow",
    Action: action,
    Resource: resource === bucketArn ? bucketArn : `${bucketArn}/*`,
  };
}
