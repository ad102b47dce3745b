/** The rule 'bucket-policy-no-foreign-administration'. */
import { nist, tags } from "../frameworks";
import { eachAllow, knownTexts } from "../judging";
import { bucketPolicyTypes } from "../resources/buckets";
import { covers, showAction } from "../resources/policyDocument";
import { isForeign } from "../resources/principals";
import { ownAccounts } from "../resources/resource";
import { resourceRule } from "../rule";

/** What changes how a bucket protects its objects. Replication needs none of it from another account. */
const ADMINISTRATION = [
  ...["s3:PutBucketVersioning", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:DeleteBucket"],
  ...["s3:PutBucketAcl", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:PutBucketOwnershipControls"],
  ...["s3:PutBucketPublicAccessBlock", "s3:PutEncryptionConfiguration", "s3:PutReplicationConfiguration"],
  ...["s3:PutLifecycleConfiguration", "s3:PutBucketObjectLockConfiguration", "s3:BypassGovernanceRetention"],
  ...["s3:PutBucketLogging", "s3:PutBucketNotification", "s3:PutBucketRequestPayment"],
];

export const bucketPolicyNoForeignAdministration = resourceRule(
  {
    name: "bucket-policy-no-foreign-administration",
    displayName: "Bucket policies keep administration at home",
    description:
      "No bucket policy lets another account change the bucket's versioning, policy or protection.",
    severity: "critical",
    framework: nist("AC-6", "Least Privilege"),
    tags: tags({ fsbp: ["S3.6"], nist: ["AC-3", "AC-6", "CA-9(1)", "CM-2"] }),
    remediationSteps:
      "Remove the action. Replication needs s3:ReplicateObject, s3:ReplicateTags, s3:ReplicateDelete and s3:ObjectOwnerOverrideToBucketOwner, and never s3:PutBucketVersioning, which many guides grant.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
    settings: {
      ownAccountIds: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Accounts that may administer the bucket, beside those that its provider is pinned to.",
      },
    },
  },
  bucketPolicyTypes,
  (resource, findings, config) => {
    const own = ownAccounts(resource, config.strings("ownAccountIds"));
    eachAllow(resource, resource.prop("policy"), findings, (statement) => {
      const foreign = statement.principals.some(
        (principal) => principal.kind === "everyone" || isForeign(principal, own),
      );
      if (!foreign) return;
      const write = 'Write the actions of replication only: ["s3:ReplicateObject", "s3:ReplicateTags"]';
      if (statement.has("NotAction")) {
        findings.violation(
          resource,
          `'${statement.path}' of '${resource.name}' must list what another account may do, got 'NotAction'. ${write}.`,
        );
      }
      for (const [action, field] of knownTexts(resource, statement.actions, findings)) {
        const granted = ADMINISTRATION.find((administration) => covers(action, administration));
        if (granted === undefined) continue;
        findings.violation(
          resource,
          `'${field.path}' of '${resource.name}' must not let another account administer the bucket, ` +
            `got ${showAction(action)}${action === granted ? "" : `, which covers '${granted}'`}. ${write}.`,
        );
      }
    });
  },
);
