/** Refusals of a configuration as a whole: how many rules, how they are told apart, which role and which buckets. */
import { numeral } from "../../output/counts";
import { parseArn } from "../../naming/arn";
import {
  filterOf,
  freePriority,
  HIGHEST_PRIORITY,
  type ReplicationRuleJson,
  withoutExistingObjects,
} from "../rules";
import { eachRule, type Mend, NOT_WELL_FORMED, type Put, type RefusalRow, set } from "./refusal";

const REQUIREMENTS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html";
const CONFIGURATION = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationConfiguration.html";
const RULE = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html";
/** S3 accepts no more rules in one replication configuration. */
const MOST_RULES = 1000;
const LONGEST_ID = 255;
/** Bytes of the request. */
const LARGEST_CONFIGURATION = 2 * 1024 * 1024;

/** Rules that have what an earlier one has. */
function repeated<T>(
  valueOf: (rule: ReplicationRuleJson) => T | undefined,
  sentence: (value: T) => string,
  mends: (value: T, index: number, put: Put) => Mend[],
): RefusalRow["violations"] {
  return (put) => {
    const first = new Map<T, number>();
    return put.configuration.Rules.flatMap((rule, index) => {
      const value = valueOf(rule);
      if (value === undefined) return [];
      const earlier = first.get(value);
      if (earlier === undefined) {
        first.set(value, index);
        return [];
      }
      return [{ rule: index, earlier, sentence: sentence(value), mends: mends(value, index, put) }];
    });
  };
}

const RULES: readonly RefusalRow[] = [
  {
    name: "no rules",
    code: "MalformedXML",
    violations: ({ configuration }) =>
      configuration.Rules.length > 0
        ? []
        : [
            {
              sentence: NOT_WELL_FORMED,
              mends: [{ byHand: "write a rule, or take the configuration away" }],
            },
          ],
    mend: "write at least one rule",
    grade: "documented",
    source: CONFIGURATION,
    argument: { must: "hold at least one rule" },
  },
  {
    name: "too many rules",
    code: "InvalidRequest",
    violations: ({ configuration: { Rules } }) =>
      Rules.length <= MOST_RULES
        ? []
        : [
            {
              sentence: `The number of replication rules must not exceed the allowed limit of ${MOST_RULES} rules.`,
              mends: [{ byHand: "use wider prefixes, so that fewer rules do" }],
            },
          ],
    mend: `hold at most ${numeral(MOST_RULES)} rules`,
    grade: "documented",
    source: CONFIGURATION,
    argument: {
      must: `hold at most ${numeral(MOST_RULES)} rules, the most that S3 takes for a bucket`,
    },
  },
  {
    name: "too large a configuration",
    code: "MaxMessageLengthExceeded",
    violations: ({ configuration }) =>
      Buffer.byteLength(JSON.stringify(configuration)) <= LARGEST_CONFIGURATION
        ? []
        : [
            {
              sentence: "Your request was too large.",
              mends: [{ byHand: "use fewer rules or shorter names" }],
            },
          ],
    mend: "keep the configuration below 2 MB",
    grade: "documented",
    source: REQUIREMENTS,
  },
  {
    name: "an ID twice",
    code: "InvalidArgument",
    // S3 makes an ID of its own for each rule without one.
    violations: repeated(
      ({ ID }) => (ID === "" ? undefined : ID),
      () => "Rule Id must be unique",
      (id, index) => set(`${id}-${index}`, "ID"),
    ),
    mend: "give every rule an ID of its own",
    grade: "documented",
    source: RULE,
    argument: { field: "id", must: "differ from that of every other rule" },
  },
  {
    name: "too long an ID",
    code: "InvalidArgument",
    violations: eachRule(
      ({ ID = "" }, index) => (ID.length > LONGEST_ID ? set(`rule-${index}`, "ID") : undefined),
      `Rule Id cannot be greater than ${LONGEST_ID}`,
    ),
    mend: `give the rule an ID of at most ${LONGEST_ID} characters`,
    grade: "documented",
    source: RULE,
  },
  {
    name: "a priority twice",
    code: "InvalidRequest",
    violations: repeated(
      ({ Priority }) => Priority,
      (priority) => `Found duplicate priority ${priority}.`,
      (_, index, { configuration }) => set(freePriority(configuration, index), "Priority"),
    ),
    mend: "give the rule a Priority of its own",
    grade: "documented",
    source: RULE,
    argument: { field: "priority", must: "differ from that of every other rule" },
  },
  {
    name: "a priority out of range",
    code: "InvalidRequest",
    violations: eachRule(
      ({ Priority = 0 }, index, { configuration }) =>
        Priority < 0 || Priority > HIGHEST_PRIORITY
          ? set(freePriority(configuration, index), "Priority")
          : undefined,
      `Priority must be between 0 and ${HIGHEST_PRIORITY}.`,
    ),
    mend: "give the rule a Priority that is a whole number of at least 0",
    grade: "reported",
    source: RULE,
  },
];

const PARTS: readonly RefusalRow[] = [
  {
    name: "existing objects",
    code: "MalformedXML",
    violations: eachRule(
      (rule) =>
        rule.ExistingObjectReplication === undefined ? undefined : set(withoutExistingObjects(rule)),
      NOT_WELL_FORMED,
    ),
    mend: "leave ExistingObjectReplication out: S3 Batch Replication copies existing objects",
    grade: "observed",
    source: "https://github.com/boto/boto3/issues/3358",
  },
  {
    name: "delete markers without a status",
    code: "MalformedXML",
    violations: eachRule(
      ({ DeleteMarkerReplication: markers }) =>
        markers !== undefined && markers.Status === undefined
          ? set({ Status: "Disabled" }, "DeleteMarkerReplication")
          : undefined,
      NOT_WELL_FORMED,
    ),
    mend: "say whether the rule replicates delete markers (here: it does not)",
    grade: "reported",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteMarkerReplication.html",
  },
  {
    name: "delete markers with tags",
    code: "InvalidRequest",
    violations: eachRule(
      (rule) =>
        rule.DeleteMarkerReplication?.Status === "Enabled" && filterOf(rule).tags.length > 0
          ? set({ Status: "Disabled" }, "DeleteMarkerReplication")
          : undefined,
      "Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.",
    ),
    mend: "replicate no delete markers in a rule with tags; a rule with a prefix can",
    grade: "documented",
    source: RULE,
    argument: {
      field: "deleteMarkerReplication",
      must: "be false in a rule with tags (S3 refuses both together)",
      fix: "use a prefix, or a rule of its own",
    },
  },
];

const ACCOUNTS_AND_BUCKETS: readonly RefusalRow[] = [
  {
    name: "a role of another account",
    code: "AccessDenied",
    violations: ({ source, batchRole, configuration: { Role } }) =>
      [...new Set([Role, batchRole])].flatMap((role) => {
        const account = parseArn(role ?? "")?.accountId;
        if (source === undefined || account === undefined || account === source.account) return [];
        const sentence = `not authorized to perform: iam:PassRole on resource: ${role}: Cross-account pass role is not allowed.`;
        const byHand = `name a role of account ${source.account}, which has the source bucket`;
        return [{ sentence, mends: [{ byHand }] }];
      }),
    mend: "name a role of the account that has the source bucket",
    grade: "documented",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
  },
  {
    name: "a source without versioning",
    code: "InvalidRequest",
    violations: ({ source, bucketArn }) =>
      source === undefined || source.versioning === "Enabled"
        ? []
        : [
            {
              sentence: "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
              mends: [{ enableVersioningOf: bucketArn }],
            },
          ],
    mend: "S3 replicates from versioned buckets only",
    grade: "observed",
    source: "https://github.com/crossplane-contrib/provider-aws/issues/553",
  },
  {
    name: "a bucket into itself",
    code: "InvalidRequest",
    violations: eachRule(
      ({ Destination: { Bucket } }, _index, { bucketArn }) =>
        Bucket === bucketArn ? [{ byHand: "name another bucket as the destination" }] : undefined,
      "Destination bucket cannot be the same as the source bucket.",
    ),
    mend: "name another bucket as the destination",
    grade: "reported",
    source: REQUIREMENTS,
  },
  {
    name: "a destination without versioning",
    code: "InvalidRequest",
    violations: ({ configuration: { Rules }, bucketArn, destinationOf }) =>
      [...new Set(Rules.map(({ Destination }) => Destination.Bucket))].flatMap((arn) => {
        const destination = arn === bucketArn ? undefined : destinationOf(arn);
        if (destination === undefined || destination.versioning === "Enabled") return [];
        const sentence = "Destination bucket must have versioning enabled.";
        return [{ sentence, mends: [{ enableVersioningOf: arn }] }];
      }),
    mend: "S3 replicates to versioned buckets only",
    grade: "observed",
    source: REQUIREMENTS,
  },
];

export const CONFIGURATION_REFUSALS: readonly RefusalRow[] = [...ACCOUNTS_AND_BUCKETS, ...RULES, ...PARTS];
