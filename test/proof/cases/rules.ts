/** Rules and settings: what S3 refuses, and what fails without any permission missing. */
import type { ProofCase } from "../expected";
import {
  allow,
  DESTINATION,
  objectsOf,
  OTHER_ACCOUNT,
  plainRule,
  policy,
  ROLE_WITHOUT_KMS,
  setUpWithoutKms,
  SOURCE,
  without,
} from "../setUp";

const plainFailed = { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" } as const;
const setting = (name: string, failureReason?: string) =>
  ({
    ...(failureReason === undefined ? {} : { failureReason }),
    resource: DESTINATION,
    where: "bucket setting",
    keys: [name],
  }) as const;
const plain = { algorithm: "AES256" } as const;

export const RULES: readonly ProofCase[] = [
  {
    file: "destination-suspended",
    about: "Versioning of the destination was suspended later",
    snapshot: setUpWithoutKms({ destination: { versioning: "Suspended" } }),
    verdict: "broken",
    outcomes: plainFailed,
    refusals: [/Destination bucket must have versioning enabled/],
    cause: setting("versioning", "DstBucketUnversioned"),
  },
  {
    file: "source-unversioned",
    about: "The source was never versioned",
    snapshot: setUpWithoutKms({ source: { versioning: null } }),
    verdict: "broken",
    refusals: [/Versioning must be 'Enabled' on the bucket/],
  },
  {
    file: "object-lock-source-only",
    about: "Object Lock at the source, and none at the destination",
    snapshot: setUpWithoutKms({
      source: { objectLock: true },
      rolePolicies: [
        ROLE_WITHOUT_KMS,
        policy(allow(["s3:GetObjectRetention", "s3:GetObjectLegalHold"], objectsOf(SOURCE))),
      ],
    }),
    verdict: "broken",
    outcomes: { ...plainFailed, locked: "FAILED" },
    cause: setting("objectLock", "DstBucketObjectLockConfigMissing"),
  },
  {
    file: "object-lock-unread-retention",
    about: "Object Lock on both sides, and the role may not read retentions",
    snapshot: setUpWithoutKms({ source: { objectLock: true }, destination: { objectLock: true } }),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "COMPLETED", locked: "FAILED" },
    cause: {
      failureReason: "SrcGetRetentionNotPermitted",
      action: "s3:GetObjectRetention",
      resource: `${SOURCE}/locked`,
      where: "role policy",
    },
  },
  {
    file: "requester-pays",
    about: "The destination lets requesters pay, which replication does not support",
    snapshot: setUpWithoutKms({ destination: { requesterPays: true } }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: setting("requesterPays"),
  },
  {
    file: "override-to-another-account",
    about: "The rule gives the replicas to an account that does not have the bucket",
    snapshot: setUpWithoutKms({
      rules: [{ ...plainRule(), Destination: { ...plainRule().Destination, Account: OTHER_ACCOUNT } }],
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: { resource: DESTINATION, where: "rule", keys: ["Destination.Account"] },
  },
  {
    file: "override-without-account",
    about: "Owner override without the account, which only go together",
    snapshot: setUpWithoutKms({
      rules: [{ ...plainRule(), Destination: { ...plainRule().Destination, Account: undefined } }],
    }),
    verdict: "broken",
    outcomes: plainFailed,
    refusals: [/Account must be specified if the Owner/],
    cause: { resource: DESTINATION, where: "rule", keys: ["Destination.Account"] },
  },
  {
    file: "rule-v1-schema",
    about: "A rule without Filter: whether delete markers are replicated, the pages do not agree",
    snapshot: setUpWithoutKms({ rules: [v1()] }),
    verdict: "unproven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "UNPROVEN" },
    cause: { resource: SOURCE, where: "rule", keys: ["DeleteMarkerReplication"] },
    says: /V1 schema/,
  },
  {
    file: "rule-priorities-twice",
    about: "Two rules of the same priority",
    snapshot: setUpWithoutKms({
      rules: [
        plainRule({ ID: "a", Filter: { Prefix: "a/" } }),
        plainRule({ ID: "b", Filter: { Prefix: "b/" } }),
      ],
    }),
    verdict: "broken",
    refusals: [/Found duplicate priority 1/],
    unused: "any",
  },
  {
    file: "rule-tags-and-delete-markers",
    about: "A rule that filters by tag and replicates delete markers",
    snapshot: setUpWithoutKms({
      rules: [plainRule({ Filter: { Tag: { Key: "keep", Value: "yes" } } })],
      objects: [{ key: "a.pdf", tags: { keep: "yes" }, encryption: plain }],
    }),
    verdict: "broken",
    outcomes: { "a.pdf": "COMPLETED" },
    refusals: [/Delete marker replication is not supported if any Tag filter/],
    unused: "any",
  },
  {
    file: "rule-existing-objects",
    about: "ExistingObjectReplication, which the API no longer takes",
    snapshot: setUpWithoutKms({ rules: [plainRule({ ExistingObjectReplication: { Status: "Enabled" } })] }),
    verdict: "broken",
    refusals: [/MalformedXML: rule 'everything': .*\(existing objects\)/],
  },
];

function v1() {
  const rest = without(plainRule(), "Filter", "Priority", "DeleteMarkerReplication");
  return { ...rest, Prefix: "" };
}
