/** Rules that are on and take nothing of what is written by default. */
import type { ProofCase } from "../expected";
import {
  OTHER_ACCOUNT,
  bucket,
  DESTINATION_REGION,
  plainRule,
  policy,
  ROLE_STATEMENTS,
  rule,
  rolePolicy,
  allow,
  allowing,
  objectsOf,
  OVERRIDE,
  ROLE,
  setUp,
  setUpWithoutKms,
  SOURCE_KEY,
  WRITE,
} from "../setUp";

const noMarkers = { DeleteMarkerReplication: { Status: "Disabled" } } as const;
const underKey = { algorithm: "aws:kms", keyArn: SOURCE_KEY, bucketKeyEnabled: true } as const;
const kmsLeftAlone = {
  plain: "COMPLETED",
  tagged: "COMPLETED",
  kms: "NOT_REPLICATED",
  "kms-bucket-key": "NOT_REPLICATED",
  deleted: "NOT_REPLICATED",
} as const;
const notSelected = (name: string) => `sse-kms-not-selected:acme-invoices/${name}`;
const SECOND = "arn:aws:s3:::acme-invoices-mirror";

export const IDLE_RULES: readonly ProofCase[] = [
  {
    file: "rule-does-not-select-kms",
    about: "Everything is written under SSE-KMS by default, and the rule does not select it",
    snapshot: setUp({
      rules: [plainRule(noMarkers)],
      source: { encryption: underKey },
    }),
    verdict: "broken",
    findings: [notSelected("everything")],
    outcomes: kmsLeftAlone,
    unused: "any",
  },
  {
    file: "rule-does-not-select-dsse",
    about: "Everything is written under DSSE-KMS by default, and the rule does not select it",
    snapshot: setUp({
      rules: [plainRule(noMarkers)],
      source: { encryption: { algorithm: "aws:kms:dsse", keyArn: SOURCE_KEY } },
    }),
    verdict: "broken",
    findings: [notSelected("everything")],
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "NOT_REPLICATED",
      dsse: "NOT_REPLICATED",
      deleted: "NOT_REPLICATED",
    },
    unused: "any",
  },
  {
    file: "rule-does-not-select-kms-and-means-it",
    about: "The program says of the rule that it leaves SSE-KMS objects alone",
    snapshot: {
      ...setUpWithoutKms({ rules: [plainRule(noMarkers)], source: { encryption: underKey } }),
      accepted: [notSelected("everything")],
    },
    verdict: "proven",
    findings: [notSelected("everything")],
    outcomes: kmsLeftAlone,
    unused: "any",
  },
  {
    file: "rule-selects-kms-for-one-destination",
    about: "Two destinations, and only the rule to the first selects what is written by default",
    snapshot: setUp({
      rules: [
        rule(noMarkers),
        {
          ...plainRule(noMarkers),
          ID: "mirror",
          Priority: 2,
          Destination: {
            Bucket: SECOND,
            Account: OTHER_ACCOUNT,
            AccessControlTranslation: { Owner: "Destination" },
          },
        },
      ],
      rolePolicies: [rolePolicy(), policy(allow([...WRITE, OVERRIDE], objectsOf(SECOND)))],
      buckets: {
        [SECOND]: bucket(OTHER_ACCOUNT, DESTINATION_REGION, {
          policy: policy(allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(SECOND))),
        }),
      },
    }),
    verdict: "broken",
    findings: [notSelected("mirror")],
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "NOT_REPLICATED",
      "kms-bucket-key": "NOT_REPLICATED",
      deleted: "NOT_REPLICATED",
    },
    unused: "any",
    // The second destination has no key that could be named.
    mended: false,
  },
  {
    file: "rule-covered-by-a-broader-one",
    about: "The rule for invoices has the lower number, so that the rule for everything takes them",
    snapshot: setUpWithoutKms({
      rules: [
        plainRule({ ...noMarkers, Priority: 10 }),
        plainRule({ ...noMarkers, ID: "invoices", Priority: 1, Filter: { Prefix: "invoices/" } }),
      ],
    }),
    verdict: "broken",
    findings: ["covered-by-another-rule:acme-invoices/invoices"],
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "NOT_REPLICATED" },
    unused: "any",
  },
  {
    file: "rule-covered-by-fewer-tags",
    about: "A rule for two tags under a rule for one of them",
    snapshot: setUpWithoutKms({
      rules: [
        plainRule({
          ...noMarkers,
          Priority: 5,
          Filter: { Tag: { Key: "class", Value: "secret" } },
        }),
        plainRule({
          ...noMarkers,
          ID: "secret-2024",
          Priority: 4,
          Filter: {
            And: {
              Prefix: "2024/",
              Tags: [
                { Key: "class", Value: "secret" },
                { Key: "team", Value: "finance" },
              ],
            },
          },
        }),
      ],
    }),
    verdict: "broken",
    findings: ["covered-by-another-rule:acme-invoices/secret-2024"],
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED" },
    unused: "any",
  },
  {
    file: "rule-not-covered-at-another-destination",
    about: "The same objects go to two destinations, each by a rule of its own",
    snapshot: setUpWithoutKms({
      rules: [
        plainRule({ ...noMarkers, Priority: 10 }),
        {
          ...plainRule({ ...noMarkers, ID: "mirror", Priority: 1 }),
          Destination: {
            Bucket: SECOND,
            Account: OTHER_ACCOUNT,
            AccessControlTranslation: { Owner: "Destination" },
          },
        },
      ],
      rolePolicies: [
        policy(
          ROLE_STATEMENTS.bucket,
          ROLE_STATEMENTS.objects,
          ROLE_STATEMENTS.replicas,
          allow([...WRITE, OVERRIDE], objectsOf(SECOND)),
        ),
      ],
      buckets: {
        [SECOND]: bucket(OTHER_ACCOUNT, DESTINATION_REGION, {
          policy: policy(allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(SECOND))),
        }),
      },
    }),
    verdict: "proven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "NOT_REPLICATED" },
    unused: "any",
  },
  {
    file: "rule-for-keys-that-climb-out",
    about: "A prefix that was written like a path: no key begins with '../'",
    snapshot: setUpWithoutKms({
      rules: [
        plainRule({ Priority: 2, Filter: { Prefix: "data/" } }),
        plainRule({ ID: "above", Filter: { Prefix: "logs/../../data/" } }),
      ],
    }),
    verdict: "broken",
    findings: ["no-object-can-match:acme-invoices/above"],
    unused: "any",
    mended: false,
  },
  {
    file: "rules-all-off-with-objects",
    about: "Every rule is off, and the objects lie where they were written",
    snapshot: setUpWithoutKms({
      rules: [plainRule({ ...noMarkers, Status: "Disabled" })],
      objects: [{ key: "a.pdf", encryption: { algorithm: "AES256" } }],
    }),
    verdict: "unproven",
    outcomes: { "a.pdf": "NOT_REPLICATED" },
    unused: "any",
    mended: false,
  },
];
