/** The rule 'bucket-versioning-enabled'. */
import { nist, tags } from "../frameworks";
import { Resource, types } from "../resources/resource";
import { Findings, stackRule } from "../rule";

export const bucketVersioningEnabled = stackRule(
  {
    name: "bucket-versioning-enabled",
    displayName: "S3 buckets are versioned",
    description: "Every S3 bucket has versioning enabled, and nothing suspends it.",
    severity: "high",
    framework: nist("CP-9", "System Backup"),
    tags: tags({
      securityHub: ["S3.14"],
      nist: ["AU-9(2)", "CP-6", "CP-9", "CP-10", "SC-5(2)", "SI-12", "SI-13(5)"],
    }),
    remediationSteps:
      "Add an aws.s3.BucketVersioning for the bucket with versioningConfiguration.status 'Enabled'. Replication needs it on both sides; suspending it later makes objects FAILED.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
  },
  (stack, findings) => {
    const versioning = stack.settings(types.versioning);
    findings.guardEach(stack.of(types.versioning), (resource) => {
      findings.mustBe(resource, resource.prop("versioningConfiguration").get("status"), {
        allowed: (value) => value === "Enabled",
        must: "'Enabled'",
        write: 'versioningConfiguration: { status: "Enabled" }',
      });
    });
    findings.guardEach(stack.buckets, (bucket) => {
      if (versioning.for(bucket).length > 0) return;
      const inline = bucket.optional("versioning").isMissing ? "versionings" : "versioning";
      if (!bucket.optional(inline).isMissing) judgeInline(bucket, inline, findings);
      else if (versioning.unplaced) findings.notYet(bucket, versioning.unplaced);
      else {
        findings.violation(
          bucket,
          `'${bucket.name}' must be versioned, got no versioning at all. Write ` +
            `new aws.s3.BucketVersioning("${bucket.name}", { bucket: <this bucket>.bucket, versioningConfiguration: { status: "Enabled" } }).`,
        );
      }
    });
  },
);

/** The bucket's own property, of the legacy class and, as a list, of the V2 class. */
function judgeInline(bucket: Resource, property: string, findings: Findings): void {
  findings.mustBe(bucket, bucket.prop(property).get("enabled"), {
    allowed: (value) => value === true,
    must: "true",
    write: property === "versioning" ? "versioning: { enabled: true }" : "versionings: [{ enabled: true }]",
  });
}
