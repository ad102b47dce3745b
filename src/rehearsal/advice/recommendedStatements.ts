/** The policies that the rules of a bucket ask for: what advice is cut from, and what grants are measured against. */
import { defaultKeyOf } from "../../snapshot/defaultKey";
import type { BucketState, Snapshot } from "../../snapshot/snapshot";
import { parseArn } from "../../iam";
import {
  destinationBucketPolicy,
  type DestinationGrants,
  destinationKeyStatements,
  roleKeyPolicy,
  roleS3Policy,
  type RoleGrants,
  sourceKeyStatement,
  type StatementJson,
  trustPolicy,
} from "../../replication/policies";
import { isAlias } from "../../replication/requests";
import { grouped } from "../../util/grouping";
import type { ObjectReport } from "../report/report";
import {
  filterOf,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  selectsKms,
} from "../../replication/rules";

/** One source bucket with its rules, and where its replicas go. */
export interface RecommendedPolicies {
  /** Statements of the replication role. */
  readonly role: readonly StatementJson[];
  readonly trust: readonly StatementJson[];
  /** Statements of a source key's policy that does not leave it to IAM. */
  readonly sourceKey: readonly StatementJson[];
  /** By destination bucket ARN. */
  readonly destinationBuckets: ReadonlyMap<string, readonly StatementJson[]>;
  /** By key ARN. */
  readonly destinationKeys: ReadonlyMap<string, readonly StatementJson[]>;
}

/** What the rules of each source bucket of a snapshot ask for, by bucket ARN. */
export function recommendedPolicies(
  snapshot: Snapshot,
  objects: readonly ObjectReport[],
): Map<string, RecommendedPolicies> {
  const recommended = new Map<string, RecommendedPolicies>();
  const ofBucket = grouped(objects, ({ bucket }) => bucket);
  for (const [bucketArn, bucket] of Object.entries(snapshot.buckets)) {
    if (bucket.replication === null) continue;
    const keys = sourceKeys(snapshot, bucket, ofBucket.get(bucketArn) ?? []);
    recommended.set(bucketArn, policiesFor(snapshot, bucketArn, bucket, bucket.replication, keys));
  }
  return recommended;
}

/** Keys that objects of the bucket were seen under, and its default key. */
function sourceKeys(snapshot: Snapshot, bucket: BucketState, objects: readonly ObjectReport[]): string[] {
  const replicaKeys = new Set(
    bucket.replication?.Rules.map(({ Destination }) => Destination.EncryptionConfiguration?.ReplicaKmsKeyID),
  );
  const seen = objects
    .flatMap((object) =>
      object.requests.flatMap(({ action, resource }) => (isOfKms(action) ? [resource] : [])),
    )
    .filter((resource) => {
      const key = snapshot.keys[resource];
      return key?.account === bucket.account && key.region === bucket.region && !replicaKeys.has(resource);
    });
  const own = defaultKeyOf(bucket) ?? [];
  // Policies name keys: an alias in a Resource counts for nothing.
  return [...new Set([own, seen].flat())].filter((keyArn) => !isAlias(keyArn));
}

const isOfKms = (action: string) => action.startsWith("kms:");

function policiesFor(
  snapshot: Snapshot,
  bucketArn: string,
  bucket: BucketState,
  configuration: ReplicationConfiguration,
  sourceKeyArns: readonly string[],
): RecommendedPolicies {
  const rules = configuration.Rules.filter((rule) => rule.Status === "Enabled");
  const grants = roleGrants(bucketArn, bucket, rules, sourceKeyArns);
  const destinations = [...new Set(rules.map((rule) => rule.Destination.Bucket))].flatMap((arn) => {
    const destination = snapshot.buckets[arn];
    return destination === undefined ? [] : [[arn, destination] as const];
  });
  const grantsTo = (arn: string, { account, region }: BucketState): DestinationGrants => ({
    accountId: account,
    region,
    bucketArn: arn,
    sources: [
      sourceGrant(
        configuration.Role,
        rules.filter((rule) => rule.Destination.Bucket === arn),
      ),
    ],
  });
  return {
    role: [...roleS3Policy(grants).Statement, ...(roleKeyPolicy(grants)?.Statement ?? [])],
    trust: trustPolicy().Statement,
    sourceKey: [sourceKeyStatement(configuration.Role, bucket.region, bucketArn)],
    destinationBuckets: new Map(
      destinations.map(([arn, destination]) => [
        arn,
        destinationBucketPolicy(grantsTo(arn, destination)).Statement.filter(
          ({ Effect }) => Effect === "Allow",
        ),
      ]),
    ),
    destinationKeys: new Map(
      destinations.flatMap(([arn, destination]) =>
        replicaKeys(rules, arn).map((keyArn) => [
          keyArn,
          destinationKeyStatements(grantsTo(arn, destination)),
        ]),
      ),
    ),
  };
}

function roleGrants(
  bucketArn: string,
  bucket: BucketState,
  rules: readonly ReplicationRuleJson[],
  sourceKeyArns: readonly string[],
): RoleGrants {
  return {
    sourceBucketArn: bucketArn,
    sourceRegion: bucket.region,
    sourceKeyArns,
    readObjectLock: bucket.objectLock,
    rules: rules.map((rule) => {
      const keyArn = replicaKey(rule);
      return {
        prefix: filterOf(rule).prefix,
        destinationBucketArn: rule.Destination.Bucket,
        deleteMarkers: rule.DeleteMarkerReplication?.Status === "Enabled",
        ownerOverride: rule.Destination.AccessControlTranslation !== undefined,
        ...(keyArn === undefined
          ? {}
          : { replicaKey: { arn: keyArn, region: parseArn(keyArn)?.region ?? bucket.region } }),
      };
    }),
  };
}

function replicaKey(rule: ReplicationRuleJson): string | undefined {
  return selectsKms(rule) ? rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID : undefined;
}

function replicaKeys(rules: readonly ReplicationRuleJson[], destinationArn: string): string[] {
  return [
    ...new Set(
      rules
        .filter((rule) => rule.Destination.Bucket === destinationArn)
        .flatMap((rule) => replicaKey(rule) ?? []),
    ),
  ];
}

/** The role as a destination's `sources` would name it. */
function sourceGrant(roleArn: string, rules: readonly ReplicationRuleJson[]) {
  const arn = parseArn(roleArn);
  const path = arn?.resource.replace(/^role/, "") ?? "/";
  return {
    accountId: arn?.accountId ?? "",
    roleName: path.slice(path.lastIndexOf("/") + 1),
    rolePath: path.slice(0, path.lastIndexOf("/") + 1),
    deleteMarkerReplication: rules.some((rule) => rule.DeleteMarkerReplication?.Status === "Enabled"),
    ownerOverride: rules.some((rule) => rule.Destination.AccessControlTranslation !== undefined),
  };
}
