/** The rule 'sse-c-blocked'. */
import { nist, tags } from "../frameworks";
import { encryptionRules, encryptionTypes } from "../resources/buckets";
import { types } from "../resources/resource";
import { isList } from "../resources/values";
import { resourceRule } from "../rule";

export const sseCBlocked = resourceRule(
  {
    name: "sse-c-blocked",
    displayName: "SSE-C is blocked",
    description:
      "Default encryption blocks uploads that bring their own key (SSE-C), where the resource can say so.",
    severity: "medium",
    framework: nist("SC-12", "Cryptographic Key Establishment and Management"),
    tags: tags({ nist: ["SC-12", "SC-28"] }),
    remediationSteps:
      "Set blockedEncryptionTypes to ['SSE-C'] on the encryption rule. Whoever may write objects could otherwise rewrite them under a key that only they hold.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html",
  },
  // The inline blocks of BucketV2 have no such property.
  encryptionTypes.filter((type) => type !== types.buckets[1]),
  (resource, findings) => {
    for (const rule of encryptionRules(resource)) {
      const blocked = rule.get("blockedEncryptionTypes");
      const open = blocked.items().find((item) => item.unknown)?.unknown;
      const named = blocked.items().some((item) => item.value === "SSE-C");
      if (open && !named) findings.notYet(resource, open);
      else {
        findings.mustBe(resource, blocked, {
          allowed: (value) => isList(value) && value.includes("SSE-C"),
          must: "['SSE-C']",
          got: (value) => (isList(value) && value.includes("NONE") ? "['NONE']" : "nothing"),
          write: 'blockedEncryptionTypes: ["SSE-C"]',
        });
      }
    }
  },
);
