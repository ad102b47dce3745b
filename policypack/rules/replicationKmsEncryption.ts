/** The rule 'replication-kms-encryption'. */
import { nist, tags } from "../frameworks";
import { eachEnabledRule } from "../judging";
import { replicationTypes } from "../resources/replication";
import { Value, describe } from "../resources/values";
import { resourceRule } from "../rule";

const KEY_ARN = /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;

export const replicationKmsEncryption = resourceRule(
  {
    name: "replication-kms-encryption",
    displayName: "Replication rules copy KMS-encrypted objects",
    description:
      "Every enabled replication rule selects KMS-encrypted objects and names the replica's key by its key ARN.",
    severity: "high",
    framework: nist("SC-28", "Protection of Information at Rest"),
    tags: tags({ nist: ["SC-28", "SC-28(1)", "CP-9"], pci: ["3.5.1"] }),
    remediationSteps:
      "Set sourceSelectionCriteria.sseKmsEncryptedObjects.status to 'Enabled' and destination.encryptionConfiguration.replicaKmsKeyId to the ARN of a customer-managed key in the destination bucket's Region. Without the first, KMS objects are skipped in silence; S3 never checks the second.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html",
    settings: {
      allowRulesWithoutKms: {
        type: "boolean",
        default: false,
        description:
          "Lets a rule neither select KMS objects nor name a key, for pairs that use SSE-S3 on both sides.",
      },
    },
  },
  replicationTypes,
  (resource, findings, config) => {
    const withoutKms = config.boolean("allowRulesWithoutKms", false);
    eachEnabledRule(resource, findings, (rule) => {
      const { selectsKmsObjects, replicaKey } = rule;
      if (withoutKms && !isOn(selectsKmsObjects.value) && replicaKey.isMissing && !selectsKmsObjects.unknown)
        return;
      const separate = selectsKmsObjects.path.endsWith(".status");
      findings.mustBe(resource, selectsKmsObjects, {
        allowed: isOn,
        must: separate ? "'Enabled'" : "true",
        write: `sseKmsEncryptedObjects: { ${separate ? 'status: "Enabled"' : "enabled: true"} }`,
      });
      findings.mustBe(resource, replicaKey, {
        allowed: (value) => typeof value === "string" && KEY_ARN.test(value),
        must: "the ARN of a key (arn:aws:kms:<region>:<account>:key/<id>)",
        got: keyKind,
        write: "replicaKmsKeyId: <the destination's key>.arn",
      });
    });
  },
);

function isOn(value: Value): boolean {
  return value === "Enabled" || value === true;
}

/** The kind of the key reference; the reference itself may be a secret. */
function keyKind(value: Value): string {
  if (typeof value !== "string" || value === "") return describe(value);
  if (/alias\/aws\//.test(value)) return "the alias of an AWS managed key (alias/aws/...)";
  if (/alias\//.test(value)) return "an alias, which resolves in the wrong account";
  return /^[0-9a-f]{8}-|^mrk-/.test(value) ? "a bare key id" : "a string that is no key ARN";
}
