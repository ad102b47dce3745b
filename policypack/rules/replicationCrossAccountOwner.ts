/** The rule 'replication-cross-account-owner'. */
import { nist, tags } from "../frameworks";
import { eachEnabledRule } from "../judging";
import { Participation, destinationOf } from "../resources/buckets";
import { PlacedReplication, ReplicationRule } from "../resources/replication";
import { Resource, ownAccounts } from "../resources/resource";
import { Stack } from "../resources/stack";
import { Value } from "../resources/values";
import { stackRule } from "../rule";

export const replicationCrossAccountOwner = stackRule(
  {
    name: "replication-cross-account-owner",
    displayName: "Cross-account replicas belong to the destination",
    description:
      "Every enabled rule that copies into another account names that account and gives it the ownership of the replicas.",
    severity: "high",
    framework: nist("AC-3", "Access Enforcement"),
    tags: tags({ nist: ["AC-3", "AC-6", "CP-9"] }),
    remediationSteps:
      "Set destination.account to the destination's account and destination.accessControlTranslation.owner to 'Destination'. Otherwise the source account may own the replicas and can delete them.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-change-owner.html",
    settings: {
      sameAccountBuckets: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Names of destination buckets of the source's own account that the stack does not make.",
      },
      requireOwnerOverride: {
        type: "boolean",
        default: true,
        description:
          "Asks for the owner override too, which destinations with BucketOwnerEnforced do without.",
      },
    },
  },
  (stack, findings, config) => {
    const sameAccountBuckets = new Set(config.strings("sameAccountBuckets"));
    const needsOwner = config.boolean("requireOwnerOverride", true);
    for (const replication of new Participation(stack).replications) {
      const { resource } = replication;
      findings.guard(resource, () => {
        eachEnabledRule(resource, findings, (rule) => {
          if (staysAtHome(stack, replication, rule, sameAccountBuckets)) return;
          findings.mustBe(resource, rule.account, {
            allowed: (value) => typeof value === "string" && /^\d{12}$/.test(value),
            must: "the 12-digit account of the destination",
            got: (value) =>
              isMissing(value)
                ? "nothing, for a bucket that is not of this stack and account"
                : "no account id",
            write: 'account: "<destination account>" (accountId inside a bucket\'s own properties)',
          });
          if (needsOwner) {
            findings.mustBe(resource, rule.owner, {
              allowed: (value) => value === "Destination",
              must: "'Destination'",
              write: 'accessControlTranslation: { owner: "Destination" }',
            });
          }
        });
      });
    }
  },
);

/** Whether a rule is known to copy within one account. */
function staysAtHome(
  stack: Stack,
  replication: PlacedReplication,
  rule: ReplicationRule,
  sameAccountBuckets: ReadonlySet<string>,
): boolean {
  const own = ownAccounts(replication.resource, []);
  if (rule.account.text !== undefined) return own.has(rule.account.text);
  const destination = destinationOf(stack, replication, rule);
  if ("name" in destination) return sameAccountBuckets.has(destination.name);
  return "bucket" in destination && shareAccount(replication.resource, destination.bucket, own);
}

function shareAccount(source: Resource, destination: Resource, own: ReadonlySet<string>): boolean {
  if (source.provider?.urn === destination.provider?.urn) return true;
  return [...ownAccounts(destination, [])].some((account) => own.has(account));
}

function isMissing(value: Value): boolean {
  return value === undefined || value === null || value === "";
}
