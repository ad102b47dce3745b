/** Replication configurations that S3 takes, and those that it answers with an error. */
import { DESTINATION, OTHER_ACCOUNT, plainRule, rule, setUp, SOURCE, without } from "../setUp";
import { NO_MARKERS, plainRuleTo, ruleInV1, type Sibling, withRules } from "./sibling";

const TAG = { Key: "team", Value: "storage" } as const;
const ON = { Status: "Enabled" } as const;
const QUARTER = { Minutes: 15 } as const;
const TIME = { Status: "Enabled", Time: QUARTER } as const;
const broken = (about: string, snapshot: Sibling["snapshot"], says?: RegExp): Sibling => ({
  about,
  snapshot,
  verdict: "broken",
  says,
});
const proven = (about: string, snapshot: Sibling["snapshot"]): Sibling => ({
  about,
  snapshot,
  verdict: "proven",
});
const toWithoutOwner = (destination: object = {}) => ({
  ...plainRule(),
  Destination: { Bucket: DESTINATION, ...destination },
});

const FILTERS: readonly Sibling[] = [
  broken(
    "an And with a prefix alone",
    withRules(plainRule({ Filter: { And: { Prefix: "a/" } } })),
    /an And of less than two/,
  ),
  broken(
    "an And with one tag alone",
    withRules(plainRule({ ...NO_MARKERS, Filter: { And: { Tags: [TAG] } } })),
    /an And of less than two/,
  ),
  broken(
    "an empty And",
    withRules(plainRule({ Filter: { And: {} } })),
    /MalformedXML.*an And of less than two/,
  ),
  broken(
    "a Prefix beside an And that has it too",
    withRules(plainRule({ ...NO_MARKERS, Filter: { Prefix: "a/", And: { Prefix: "a/", Tags: [TAG] } } })),
    /several filters side by side/,
  ),
  proven("an empty Filter", withRules(plainRule({ Filter: {} }))),
  broken(
    "a tag with an empty key",
    withRules(plainRule({ ...NO_MARKERS, Filter: { Tag: { Key: "", Value: "b" } } })),
    /InvalidTag/,
  ),
  broken(
    "a tag whose key is longer than any",
    withRules(plainRule({ ...NO_MARKERS, Filter: { Tag: { Key: "k".repeat(129), Value: "b" } } })),
    /InvalidTag: .*TagKey/,
  ),
  proven(
    "a tag whose key is as long as they get",
    withRules(plainRule({ ...NO_MARKERS, Filter: { Tag: { Key: "k".repeat(128), Value: "b" } } })),
  ),
  broken(
    "a tag whose value is longer than any",
    withRules(plainRule({ ...NO_MARKERS, Filter: { Tag: { Key: "k", Value: "b".repeat(257) } } })),
    /InvalidTag: .*TagValue/,
  ),
  broken(
    "one tag key with two values",
    withRules(
      plainRule({ ...NO_MARKERS, Filter: { And: { Tags: [TAG, { Key: "team", Value: "other" }] } } }),
    ),
    /Duplicate Tag Keys/,
  ),
  broken(
    "more tags than an object has",
    withRules(
      plainRule({
        ...NO_MARKERS,
        Filter: { And: { Tags: Array.from({ length: 11 }, (_, at) => ({ Key: `k${at}`, Value: "v" })) } },
      }),
    ),
    /no-object-can-match/,
  ),
  broken(
    "delete markers in a rule with a tag",
    withRules(plainRule({ Filter: { Tag: TAG } })),
    /Delete marker replication is not supported/,
  ),
];

const SCHEMAS: readonly Sibling[] = [
  broken(
    "replica modifications in the V1 schema",
    withRules(ruleInV1({ SourceSelectionCriteria: { ReplicaModifications: ON } })),
    /ReplicaModifications cannot be used for this version/,
  ),
  broken(
    "Replication Time Control in the V1 schema",
    withRules(ruleInV1({}, { ReplicationTime: TIME, Metrics: { ...ON, EventThreshold: QUARTER } })),
    /ReplicationTime cannot be used for this version/,
  ),
  broken(
    "two rules of the V1 schema with the same prefix",
    withRules(ruleInV1({ ID: "a", Prefix: "a/" }), ruleInV1({ ID: "b", Prefix: "a/" })),
    /overlapping prefixes/,
  ),
  broken(
    "a rule of the V1 schema for everything beside one for a prefix",
    withRules(ruleInV1({ ID: "a", Prefix: "" }), ruleInV1({ ID: "b", Prefix: "b/" })),
    /overlapping prefixes/,
  ),
  broken(
    "a rule of the V1 schema beside one of the V2 schema",
    withRules(ruleInV1({ ID: "a", Prefix: "a/" }), plainRule({ ID: "b", Filter: { Prefix: "b/" } })),
  ),
  broken("a Filter without a Priority", withRules(without(plainRule(), "Priority")), /Priority must be/),
  broken(
    "a Filter without DeleteMarkerReplication",
    withRules(without(plainRule(), "DeleteMarkerReplication")),
    /DeleteMarkerReplication must be/,
  ),
  broken("a Prefix beside a Filter", withRules(plainRule({ Prefix: "" })), /filter and prefix/),
  broken(
    "existing objects that are left out expressly",
    withRules(plainRule({ ExistingObjectReplication: { Status: "Disabled" } })),
    /existing objects/,
  ),
  proven(
    "replica modifications alone in the V2 schema",
    withRules(plainRule({ SourceSelectionCriteria: { ReplicaModifications: ON } })),
  ),
];

const RULES: readonly Sibling[] = [
  proven("an ID of 255 characters", withRules(plainRule({ ID: "x".repeat(255) }))),
  broken("an ID of 256 characters", withRules(plainRule({ ID: "x".repeat(256) })), /InvalidArgument/),
  proven("no ID", withRules(without(plainRule(), "ID"))),
  proven("a Priority of 0", withRules(plainRule({ Priority: 0 }))),
  broken("a negative Priority", withRules(plainRule({ Priority: -1 })), /Priority must be/),
  broken(
    "the Priority of a rule that is off",
    withRules(plainRule(), plainRule({ ID: "b", Status: "Disabled" })),
    /duplicate priority/,
  ),
  proven(
    "a broader rule of a higher priority that is off",
    withRules(
      plainRule({ ID: "a", Priority: 2, Status: "Disabled" }),
      plainRule({ ID: "b", Filter: { Prefix: "x/" } }),
    ),
  ),
  proven(
    "a broader rule of a lower priority",
    withRules(plainRule({ ID: "a" }), plainRule({ ID: "b", Priority: 2, Filter: { Prefix: "x/" } })),
  ),
  broken(
    "a broader rule of a higher priority",
    withRules(plainRule({ ID: "a", Priority: 2 }), plainRule({ ID: "b", Filter: { Prefix: "x/" } })),
    /covered-by-another-rule:acme-invoices\/b/,
  ),
];

const DESTINATIONS: readonly Sibling[] = [
  broken(
    "a bucket ARN with a star",
    withRules(plainRuleTo({ Bucket: `${DESTINATION}/*` })),
    /Invalid bucket/,
  ),
  broken("a bucket by its name", withRules(plainRuleTo({ Bucket: "acme-invoices-copy" })), /Invalid bucket/),
  broken(
    "an access point as the destination",
    withRules(plainRuleTo({ Bucket: "arn:aws:s3:eu-west-1:444455556666:accesspoint/copy" })),
    /Invalid bucket/,
  ),
  broken("a bucket of another partition", withRules(plainRuleTo({ Bucket: "arn:aws-cn:s3:::copy" }))),
  broken("the source as its own destination", withRules(plainRuleTo({ Bucket: SOURCE })), /the same as/),
  broken(
    "an owner without an account",
    withRules(toWithoutOwner({ AccessControlTranslation: { Owner: "Destination" } })),
    /Account must be specified/,
  ),
  proven("an account without an owner", withRules(toWithoutOwner({ Account: "444455556666" }))),
  {
    about: "the account of somebody else without an owner",
    snapshot: withRules(toWithoutOwner({ Account: OTHER_ACCOUNT })),
    verdict: "unproven",
    says: /no page says what becomes of such a rule/,
  },
  broken("the owner of another account", withRules(plainRuleTo({ Account: OTHER_ACCOUNT }))),
  broken("a storage class that nobody has", withRules(plainRuleTo({ StorageClass: "COLD" }))),
  proven("Glacier Instant Retrieval", withRules(plainRuleTo({ StorageClass: "GLACIER_IR" }))),
  broken(
    "a replica key that is not said",
    setUp({ rules: [rule({}, { EncryptionConfiguration: {} })] }),
    /ReplicaKmsKeyID must be specified/,
  ),
  broken(
    "a replica key by the name of its alias",
    setUp({ rules: [rule({}, { EncryptionConfiguration: { ReplicaKmsKeyID: "alias/copies" } })] }),
    /Invalid ReplicaKmsKeyID/,
  ),
];

const TIMES: readonly Sibling[] = [
  proven(
    "Replication Time Control with all that it asks for",
    withRules(plainRuleTo({ ReplicationTime: TIME, Metrics: { ...ON, EventThreshold: QUARTER } })),
  ),
  proven("metrics alone", withRules(plainRuleTo({ Metrics: ON }))),
  broken(
    "Replication Time Control with metrics that are off",
    withRules(plainRuleTo({ ReplicationTime: TIME, Metrics: { Status: "Disabled" } })),
    /both ReplicationTime and Metrics/,
  ),
  broken(
    "a threshold of half an hour",
    withRules(plainRuleTo({ ReplicationTime: TIME, Metrics: { ...ON, EventThreshold: { Minutes: 30 } } })),
    /Invalid event threshold/,
  ),
  broken(
    "Replication Time Control without a time",
    withRules(plainRuleTo({ ReplicationTime: ON, Metrics: { ...ON, EventThreshold: QUARTER } })),
  ),
  broken(
    "a threshold of metrics that are off",
    withRules(plainRuleTo({ Metrics: { Status: "Disabled", EventThreshold: QUARTER } })),
    /cannot contain an event threshold/,
  ),
];

export const CONFIGURATIONS: readonly Sibling[] = [
  ...FILTERS,
  ...SCHEMAS,
  ...RULES,
  ...DESTINATIONS,
  ...TIMES,
];
