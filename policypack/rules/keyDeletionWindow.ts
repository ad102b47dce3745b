/** The rule 'key-deletion-window'. */
import { nist, tags } from "../frameworks";
import { types } from "../resources/resource";
import { Value } from "../resources/values";
import { resourceRule } from "../rule";

const DEFAULT_MINIMUM_DAYS = 14;
/** What KMS takes where the program sets nothing. */
const KMS_DEFAULT_DAYS = 30;

export const keyDeletionWindow = resourceRule(
  {
    name: "key-deletion-window",
    displayName: "KMS keys can be rescued from deletion",
    description:
      "A customer-managed KMS key waits long enough before it is deleted for a mistake to be noticed.",
    severity: "medium",
    framework: nist("SC-12", "Cryptographic Key Establishment and Management"),
    tags: tags({ nist: ["SC-12", "SC-12(2)"] }),
    remediationSteps:
      "Set deletionWindowInDays on the key to at least the days asked for, or leave it out, which means 30. Every replica under a deleted key is lost.",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    settings: {
      minimumDays: {
        type: "integer",
        minimum: 7,
        maximum: 30,
        default: DEFAULT_MINIMUM_DAYS,
        description: "The shortest deletionWindowInDays allowed.",
      },
    },
  },
  types.allKeys,
  (resource, findings, config) => {
    const minimum = config.number("minimumDays", DEFAULT_MINIMUM_DAYS);
    findings.mustBe(resource, resource.prop("deletionWindowInDays"), {
      allowed: (value) => days(value) >= minimum,
      must: `at least ${minimum}`,
      got: (value) =>
        days(value) >= 0 && days(value) <= 30 ? String(days(value)) : "something that is no number of days",
      write: `deletionWindowInDays: ${KMS_DEFAULT_DAYS}`,
    });
  },
);

function days(value: Value): number {
  if (value === undefined || value === null) return KMS_DEFAULT_DAYS;
  return typeof value === "number" ? value : Number.NaN;
}
