/** The rule 'bucket-owner-enforced'. */
import { nist, tags } from "../frameworks";
import { types } from "../resources/resource";
import { stackRule } from "../rule";

export const bucketOwnerEnforced = stackRule(
  {
    name: "bucket-owner-enforced",
    displayName: "S3 buckets own their objects",
    description:
      "Every S3 bucket enforces its owner's ownership of all objects, which turns access control lists off.",
    severity: "medium",
    framework: nist("AC-3", "Access Enforcement"),
    tags: tags({ fsbp: ["S3.12"], nist: ["AC-2(1)", "AC-3", "AC-3(7)", "AC-6"] }),
    remediationSteps:
      "Add an aws.s3.BucketOwnershipControls for the bucket with rule.objectOwnership 'BucketOwnerEnforced'. New buckets start that way; only this keeps them so.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
  },
  (stack, findings) => {
    const ownership = stack.settings(types.ownership);
    findings.guardEach(stack.of(types.ownership), (resource) => {
      findings.mustBe(resource, resource.prop("rule").get("objectOwnership"), {
        allowed: (value) => value === "BucketOwnerEnforced",
        must: "'BucketOwnerEnforced'",
        write: 'rule: { objectOwnership: "BucketOwnerEnforced" }',
      });
    });
    findings.guardEach(stack.buckets, (bucket) => {
      if (ownership.for(bucket).length > 0) return;
      if (ownership.unplaced) findings.notYet(bucket, ownership.unplaced);
      else {
        findings.violation(
          bucket,
          `'${bucket.name}' must enforce its owner's ownership, got no ownership controls. Write ` +
            `new aws.s3.BucketOwnershipControls("${bucket.name}", { bucket: <this bucket>.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }).`,
        );
      }
    });
  },
);
