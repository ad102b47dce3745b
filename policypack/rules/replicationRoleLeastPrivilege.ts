/** The rule 'replication-role-least-privilege'. */
import { nist, tags } from "../frameworks";
import { eachAllow, knownTexts } from "../judging";
import { Statement, covers, hasWildcard, showAction } from "../resources/policyDocument";
import { Scope, replicationRoles, scopeOf } from "../resources/roles";
import { Resource } from "../resources/resource";
import { bucketName } from "../resources/stack";
import { Findings, stackRule } from "../rule";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
const NEEDED = [
  ...["s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersionForReplication"],
  ...[
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
    "s3:GetObjectVersionAnnotationForReplication",
    "s3:GetObjectRetention",
    "s3:GetObjectLegalHold",
  ],
  ...["s3:ReplicateObject", "s3:ReplicateTags", "s3:ReplicateDelete", "s3:ObjectOwnerOverrideToBucketOwner"],
  ...["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
];
const KEY_ARN = /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;
const BUCKET_ARN = /^arn:[\w-]+:s3:::/;

export const replicationRoleLeastPrivilege = stackRule(
  {
    name: "replication-role-least-privilege",
    displayName: "Replication roles may only replicate",
    description:
      "A replication role has the actions of replication only, on the buckets and keys of its rules only.",
    severity: "high",
    framework: nist("AC-6", "Least Privilege"),
    tags: tags({ fsbp: ["KMS.1", "KMS.2"], securityHub: ["IAM.21"], nist: ["AC-3", "AC-5", "AC-6"] }),
    remediationSteps:
      "List each action by name and each resource by ARN: the source bucket and its objects, the destinations' objects, the source's key and the replica keys.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
    settings: {
      additionalActions: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Actions that a replication role may have besides those of replication.",
      },
    },
  },
  (stack, findings, config) => {
    const allowed = new Set(
      [...NEEDED, ...config.strings("additionalActions")].map((action) => action.toLowerCase()),
    );
    const { roles, unplacedPolicy } = replicationRoles(stack);
    for (const replicationRole of roles) {
      const { role, policies, foreignPolicies } = replicationRole;
      if (unplacedPolicy) findings.notYet(role, unplacedPolicy);
      const scope = scopeOf(replicationRole);
      for (const { resource, field } of foreignPolicies) {
        if (field.unknown) findings.notYet(resource, field.unknown);
        else findings.unreadable(resource, field.path, "a managed policy that this stack does not make");
      }
      for (const { resource, field } of policies) {
        findings.guard(resource, () => {
          eachAllow(resource, field, findings, (statement) => {
            judgeActions(resource, statement, allowed, findings);
            judgeResources(resource, statement, scope, findings);
          });
        });
      }
    }
  },
);

function judgeActions(
  resource: Resource,
  statement: Statement,
  allowed: Set<string>,
  findings: Findings,
): void {
  if (statement.has("NotAction") || statement.actions.length === 0) {
    findings.violation(
      resource,
      `'${statement.path}.Action' of '${resource.name}' must list the actions of replication, got ` +
        `${statement.has("NotAction") ? "'NotAction'" : "nothing"}. Write Action: [...] with each action by name.`,
    );
  }
  for (const [action, field] of knownTexts(resource, statement.actions, findings)) {
    if (allowed.has(action.toLowerCase())) continue;
    const covered = NEEDED.filter((needed) => covers(action, needed));
    findings.violation(
      resource,
      `'${field.path}' of '${resource.name}' must be an action that replication needs, without wildcard, got ${showAction(action)}. ` +
        (covered.length > 0
          ? `Write ${covered.slice(0, 4).join(", ")} as the rules need them.`
          : "Write nothing in its place: remove it."),
    );
  }
}

function judgeResources(resource: Resource, statement: Statement, scope: Scope, findings: Findings): void {
  const say = (path: string, got: string, write: string): void =>
    findings.violation(
      resource,
      `'${path}' of '${resource.name}' must be a bucket or a key of the role's replication rules, got ${got}. Write ${write}.`,
    );
  if (statement.has("NotResource") || statement.resources.length === 0) {
    say(
      `${statement.path}.Resource`,
      statement.has("NotResource") ? "'NotResource'" : "nothing",
      "the ARNs themselves",
    );
  }
  const encrypts = statement.actions.some(({ text }) => text?.toLowerCase() === "kms:encrypt");
  for (const [arn, { path }] of knownTexts(resource, statement.resources, findings)) {
    if (BUCKET_ARN.test(arn)) {
      const name = bucketName(arn);
      if (hasWildcard(name))
        say(path, "a wildcard in the bucket's name", "the bucket's ARN, with /* for its objects");
      else if (scope.buckets.has(name)) continue;
      else if (scope.unknownBucket) findings.notYet(resource, scope.unknownBucket);
      else say(path, "a bucket of none of its rules", "the source's or a destination's ARN");
    } else if (KEY_ARN.test(arn)) {
      // Which keys the source's objects are under is not in the rules; which key encrypts the replicas is.
      if (!encrypts || scope.replicaKeys.has(arn)) continue;
      if (scope.unknownKey) findings.notYet(resource, scope.unknownKey);
      else say(path, "a key of none of its rules", "the ARN of a rule's replicaKmsKeyId");
    } else
      say(
        path,
        arn === "*" ? "'*'" : "no ARN of one bucket or one key",
        "the ARNs of the rules' buckets and keys",
      );
  }
}
