/** The rule 'bucket-public-access-blocked'. */
import { nist, tags } from "../frameworks";
import { types } from "../resources/resource";
import { stackRule } from "../rule";
import { PUBLIC_ACCESS_SETTINGS } from "./publicAccessBlockComplete";

export const bucketPublicAccessBlocked = stackRule(
  {
    name: "bucket-public-access-blocked",
    displayName: "S3 buckets block public access",
    description: "Every S3 bucket has a public access block, of its own or of its account.",
    severity: "high",
    framework: nist("AC-3", "Access Enforcement"),
    tags: tags({
      fsbp: ["S3.1", "S3.8"],
      cis: ["2.1.4"],
      nist: ["AC-3", "AC-4", "AC-6", "AC-21", "SC-7"],
      pci: ["1.4.4"],
    }),
    remediationSteps: "Add an aws.s3.BucketPublicAccessBlock for the bucket with all four settings true.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  },
  (stack, findings) => {
    const blocks = stack.settings(types.publicAccessBlocks);
    // A block of the account covers the buckets that the same provider makes.
    const coveringProviders = new Set(
      stack
        .of(types.accountPublicAccessBlocks)
        .filter((block) => PUBLIC_ACCESS_SETTINGS.every((setting) => block.prop(setting).value === true))
        .map(({ provider }) => provider?.urn),
    );
    findings.guardEach(stack.buckets, (bucket) => {
      if (blocks.for(bucket).length > 0 || coveringProviders.has(bucket.provider?.urn)) return;
      if (blocks.unplaced) findings.notYet(bucket, blocks.unplaced);
      else {
        findings.violation(
          bucket,
          `'${bucket.name}' must have a public access block, got none. Write new aws.s3.BucketPublicAccessBlock("${bucket.name}", ` +
            "{ bucket: <this bucket>.bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true }).",
        );
      }
    });
  },
);
