/** Settings and states in the words of the AWS CLI, and values that stand for others. */
import type { KeyState, Snapshot } from "../../../src/snapshot/snapshot";
import {
  allow,
  allowing,
  DESTINATION,
  objectsOf,
  OVERRIDE,
  plainRule,
  policy,
  ROLE,
  rolePolicy,
  setUp,
  setUpWithoutKms,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  SOURCE_REGION,
  WRITE,
} from "../setUp";
import { FULL_ACCESS, NO_MARKERS, plainRuleTo, type Sibling, withRules } from "./sibling";

type Verdict = Sibling["verdict"];
const WRITING = [...WRITE, OVERRIDE];

/** With one setting of a bucket replaced by whatever a command prints. */
const printed = (
  about: string,
  bucketArn: string,
  setting: string,
  value: unknown,
  verdict: Verdict,
  from: Snapshot = setUpWithoutKms(),
): Sibling => ({
  about,
  snapshot: {
    ...from,
    buckets: { ...from.buckets, [bucketArn]: { ...from.buckets[bucketArn], [setting]: value } },
  } as Snapshot,
  verdict,
});

/** The source's default key as `get-bucket-encryption` prints it. */
const sourceKey = (about: string, KMSMasterKeyID: string, verdict: Verdict, from?: Snapshot) =>
  printed(
    about,
    SOURCE,
    "encryption",
    {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID },
            BucketKeyEnabled: true,
          },
        ],
      },
    },
    verdict,
    from ?? setUp(),
  );

const KEY_ID = SOURCE_KEY.slice(SOURCE_KEY.indexOf("/") + 1);
const WITHOUT_SOURCE_KEY = setUp({
  rolePolicies: [rolePolicy({ sourceKey: allow("s3:ListAllMyBuckets", "*") })],
});
const alias = `arn:aws:kms:${SOURCE_REGION}:${SOURCE_ACCOUNT}:alias/invoices`;

const ENCRYPTION: readonly Sibling[] = [
  sourceKey("a default key by its id", KEY_ID, "proven"),
  sourceKey("a default key by its id that the role may not use", KEY_ID, "broken", WITHOUT_SOURCE_KEY),
  sourceKey("a default key by the name of an alias that is not in the file", "alias/invoices", "unproven"),
  sourceKey("a default key by the ARN of an alias that is not in the file", alias, "unproven"),
];

const inState = (state: string, verdict: Verdict): Sibling => ({
  about: `a replica key whose state is ${state}`,
  // KMS has more states than a snapshot tells apart.
  snapshot: setUp({ replicaKey: { state: state as KeyState["state"] } }),
  verdict,
});

const STATES: readonly Sibling[] = [
  inState("Updating", "proven"),
  inState("PendingReplicaDeletion", "broken"),
  inState("Creating", "broken"),
];

const SETTINGS: readonly Sibling[] = [
  printed("versioning of a bucket that never had any", SOURCE, "versioning", {}, "broken"),
  printed(
    "versioning with MFA delete",
    SOURCE,
    "versioning",
    { Status: "Enabled", MFADelete: "Enabled" },
    "proven",
  ),
  printed("a destination whose owner pays", DESTINATION, "requesterPays", { Payer: "BucketOwner" }, "proven"),
  printed("a destination whose readers pay", DESTINATION, "requesterPays", { Payer: "Requester" }, "broken"),
  printed("a source whose readers pay", SOURCE, "requesterPays", { Payer: "Requester" }, "proven"),
  {
    about: "a destination with Object Lock, and a source without",
    snapshot: setUpWithoutKms({ destination: { objectLock: true } }),
    verdict: "proven",
  },
  {
    about: "a service control policy as `describe-policy` prints it",
    snapshot: setUp({
      sourceAccount: {
        scps: [[{ Policy: { PolicySummary: { Id: "p-1" }, Content: JSON.stringify(FULL_ACCESS) } }]],
      },
    }),
    verdict: "proven",
  },
  {
    about: "a policy whose one statement is in no list",
    snapshot: setUpWithoutKms({
      bucketPolicy: { Version: "2012-10-17", Statement: allowing(ROLE, WRITING, objectsOf(DESTINATION)) },
    }),
    verdict: "proven",
  },
  {
    about: "actions in small letters",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({
          replicas: allow(
            WRITING.map((action) => action.toLowerCase()),
            objectsOf(DESTINATION),
          ),
        }),
      ],
    }),
    verdict: "proven",
  },
  {
    about: "an effect in small letters",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy({ ...allowing(ROLE, WRITING, objectsOf(DESTINATION)), Effect: "allow" }),
    }),
    verdict: "refused",
  },
];

const RULES: readonly Sibling[] = [
  {
    about: "an And with an empty prefix and one tag",
    snapshot: withRules(
      plainRule({ Filter: { And: { Prefix: "", Tags: [{ Key: "copy", Value: "yes" }] } }, ...NO_MARKERS }),
    ),
    verdict: "proven",
  },
  {
    about: "a rule whose status is in small letters",
    snapshot: withRules({ ...plainRule(), Status: "enabled" as "Enabled" }),
    verdict: "refused",
  },
  { about: "no rules", snapshot: setUpWithoutKms({ rules: [] }), verdict: "broken" },
  ...["OUTPOSTS", "SNOW", "EXPRESS_ONEZONE"].map((StorageClass): Sibling => ({
    about: `the storage class ${StorageClass}`,
    snapshot: withRules(plainRuleTo({ StorageClass })),
    verdict: "broken",
  })),
  ...["arn:aws:s3express:eu-west-1:444455556666:bucket/copy--euw1-az1--x-s3", "arn:aws:s3:::"].map(
    (Bucket): Sibling => ({
      about: `a destination that is ${Bucket}`,
      snapshot: withRules(plainRuleTo({ Bucket })),
      verdict: "broken",
    }),
  ),
];

export const PRINTED_FORMS: readonly Sibling[] = [...ENCRYPTION, ...STATES, ...SETTINGS, ...RULES];
