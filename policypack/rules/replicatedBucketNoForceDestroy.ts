/** The rule 'replicated-bucket-no-force-destroy'. */
import { nist, tags } from "../frameworks";
import { Participation } from "../resources/buckets";
import { Unknown, describe } from "../resources/values";
import { stackRule } from "../rule";

export const replicatedBucketNoForceDestroy = stackRule(
  {
    name: "replicated-bucket-no-force-destroy",
    displayName: "Replicated buckets outlive a mistake",
    description:
      "No bucket that takes part in replication has forceDestroy, which deletes every version with the bucket.",
    severity: "high",
    framework: nist("CP-9", "System Backup"),
    tags: tags({ nist: ["CP-6", "CP-9", "CP-10"] }),
    remediationSteps:
      "Remove forceDestroy from the bucket, or set it to false and run `pulumi up` before anything else.",
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#forcedestroy_nodejs",
  },
  (stack, findings) => {
    const participation = new Participation(stack);
    findings.guardEach(stack.buckets, (bucket) => {
      const forceDestroy = bucket.prop("forceDestroy");
      if (forceDestroy.isMissing || forceDestroy.value === false) return;
      const takesPart = participation.of(bucket);
      if (takesPart === false) return;
      if (takesPart instanceof Unknown) findings.notYet(bucket, takesPart);
      else if (forceDestroy.unknown) findings.notYet(bucket, forceDestroy.unknown);
      else {
        findings.violation(
          bucket,
          `'forceDestroy' of '${bucket.name}' must be false on a bucket that takes part in replication, ` +
            `got ${describe(forceDestroy.value)}. Write forceDestroy: false.`,
        );
      }
    });
  },
);
