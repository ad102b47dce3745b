/** The rule 'bucket-key-enabled'. */
import { ResourceValidationArgs } from "@pulumi/policy";
import { nist, tags } from "../frameworks";
import { encryptionDefault, encryptionRules, encryptionTypes } from "../resources/buckets";
import { types } from "../resources/resource";
import { Value } from "../resources/values";
import { resourceRule } from "../rule";

const DUAL_LAYER = "aws:kms:dsse";

export const bucketKeyEnabled = resourceRule(
  {
    name: "bucket-key-enabled",
    displayName: "SSE-KMS uses S3 Bucket Keys",
    description: "Default encryption with SSE-KMS uses S3 Bucket Keys.",
    severity: "medium",
    framework: nist("SC-12", "Cryptographic Key Establishment and Management"),
    tags: tags({ nist: ["SC-12", "SC-28"] }),
    remediationSteps:
      "Set bucketKeyEnabled to true on the encryption rule. It saves up to 99 % of the requests to KMS, which replication otherwise makes for every object.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html",
  },
  encryptionTypes,
  (resource, findings) => {
    for (const rule of encryptionRules(resource)) {
      const algorithm = encryptionDefault(resource, rule).get("sseAlgorithm");
      if (algorithm.unknown) findings.notYet(resource, algorithm.unknown);
      // Bucket Keys exist for SSE-KMS only: not for SSE-S3, not for DSSE-KMS.
      else if (isKms(algorithm.value)) {
        findings.mustBe(resource, rule.get("bucketKeyEnabled"), {
          allowed: (value) => value === true,
          must: "true",
          write: "bucketKeyEnabled: true",
        });
      }
    }
  },
  turnBucketKeysOn,
);

/** An algorithm that cannot be read counts as SSE-KMS: it must not be a way around the rule. */
function isKms(algorithm: Value): boolean {
  return algorithm !== "AES256" && algorithm !== DUAL_LAYER && algorithm !== undefined && algorithm !== null;
}

interface MutableRule {
  bucketKeyEnabled?: unknown;
  applyServerSideEncryptionByDefault?: { sseAlgorithm?: unknown };
  applyServerSideEncryptionByDefaults?: { sseAlgorithm?: unknown }[];
}

function turnBucketKeysOn({
  type,
  props,
}: ResourceValidationArgs): ResourceValidationArgs["props"] | undefined {
  let changed = false;
  for (const rule of rulesOf(type, props)) {
    const defaults = rule.applyServerSideEncryptionByDefault ?? rule.applyServerSideEncryptionByDefaults?.[0];
    if (defaults?.sseAlgorithm !== "aws:kms" || rule.bucketKeyEnabled === true) continue;
    rule.bucketKeyEnabled = true;
    changed = true;
  }
  return changed ? props : undefined;
}

/** Reading an unknown throws: then the SDK says that the remediation must wait for the update. */
function rulesOf(type: string, props: ResourceValidationArgs["props"]): MutableRule[] {
  switch (type) {
    case types.buckets[0]: {
      const block: unknown = Reflect.get(props, "serverSideEncryptionConfiguration");
      const { rule } = (block ?? {}) as { rule?: MutableRule };
      return rule ? [rule] : [];
    }
    case types.buckets[1]: {
      const blocks: unknown = Reflect.get(props, "serverSideEncryptionConfigurations");
      return ((blocks ?? []) as { rules?: MutableRule[] }[])[0]?.rules ?? [];
    }
    default: {
      const rules: unknown = Reflect.get(props, "rules");
      return Array.isArray(rules) ? (rules as MutableRule[]) : [];
    }
  }
}
