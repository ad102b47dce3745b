/** The policies of the replication role: who may assume it, and exactly what its enabled rules need. */
import { actionsOf } from "../permissions";
import { allow, objectArns, oneOrMany, policy, type PolicyJson } from "./document";
import { keyUse } from "./keyUse";

/** Only S3 may assume the replication role. */
export function trustPolicy(): PolicyJson {
  return policy([
    {
      Sid: "AllowS3ToReplicate",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: oneOrMany(actionsOf("assumeRole")),
    },
  ]);
}

/** What a rule makes the role do at its destination. */
export interface RuleGrant {
  readonly prefix: string;
  readonly destinationBucketArn: string;
  readonly deleteMarkers: boolean;
  readonly ownerOverride: boolean;
  /** Undefined where the rule does not replicate SSE-KMS objects. */
  readonly replicaKey?: { readonly arn: string; readonly region: string };
}

/** What the role's policies are made of. */
export interface RoleGrants {
  readonly sourceBucketArn: string;
  readonly sourceRegion: string;
  /** Keys that source objects can be under; empty where there are none. */
  readonly sourceKeyArns: readonly string[];
  readonly readObjectLock: boolean;
  readonly rules: readonly RuleGrant[];
}

/** The S3 permissions of the replication role, no wider than the prefixes of its rules. */
export function roleS3Policy(grants: RoleGrants): PolicyJson {
  const { sourceBucketArn, rules } = grants;
  const sourceObjects = objectArns(rules.map((rule) => [sourceBucketArn, rule.prefix]));
  const replicas = (choose: (rule: RuleGrant) => boolean) =>
    objectArns(rules.filter(choose).map((rule) => [rule.destinationBucketArn, rule.prefix]));
  return policy(
    [
      allow("ReadSourceBucket", actionsOf("readSourceBucket"), [sourceBucketArn]),
      allow("ReadSourceObjects", actionsOf("readSourceObjects"), sourceObjects),
      allow("ReadSourceTags", actionsOf("readSourceTags"), sourceObjects),
      allow(
        "ReadSourceObjectLock",
        actionsOf("readSourceObjectLock"),
        grants.readObjectLock ? sourceObjects : [],
      ),
      allow(
        "WriteReplicas",
        actionsOf("writeReplicas"),
        replicas(() => true),
      ),
      allow(
        "WriteDeleteMarkers",
        actionsOf("writeDeleteMarkers"),
        replicas((rule) => rule.deleteMarkers),
      ),
      allow(
        "GiveOwnership",
        actionsOf("giveOwnership"),
        replicas((rule) => rule.ownerOverride),
      ),
    ].filter((statement) => statement.Resource?.length !== 0),
  );
}

/** The KMS permissions of the replication role; undefined where no rule replicates SSE-KMS objects. */
export function roleKeyPolicy(grants: RoleGrants): PolicyJson | undefined {
  const kmsRules = grants.rules.filter((rule) => rule.replicaKey !== undefined);
  if (kmsRules.length === 0) return undefined;
  const replicaKeys = new Map<string, { region: string; rules: RuleGrant[] }>();
  for (const rule of kmsRules) {
    if (rule.replicaKey === undefined) continue;
    const entry = replicaKeys.get(rule.replicaKey.arn) ?? { region: rule.replicaKey.region, rules: [] };
    entry.rules.push(rule);
    replicaKeys.set(rule.replicaKey.arn, entry);
  }
  const statements = [...replicaKeys].map(([keyArn, { region, rules }], index) => ({
    ...allow(`EncryptReplicas${index === 0 ? "" : index + 1}`, actionsOf("useDestinationKey"), [keyArn]),
    Condition: keyUse(
      region,
      rules.map((rule) => [rule.destinationBucketArn, rule.prefix]),
    ),
  }));
  if (grants.sourceKeyArns.length > 0) {
    statements.unshift({
      ...allow("ReadSourceKeys", actionsOf("useSourceKey"), grants.sourceKeyArns),
      Condition: keyUse(
        grants.sourceRegion,
        kmsRules.map((rule) => [grants.sourceBucketArn, rule.prefix]),
      ),
    });
  }
  return policy(statements);
}
