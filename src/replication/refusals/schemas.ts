/** Refusals that hang on the version of a configuration: V1 has no Filter, V2 has one in every rule. */
import { prefixesMeet } from "../ruleFilter";
import { filterOf, filterFor, freePriority, type ReplicationRuleJson } from "../rules";
import { eachRule, type Mend, NOT_WELL_FORMED, type Put, type RefusalRow, set, without } from "./refusal";

const BACKWARD_COMPATIBILITY =
  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html#replication-backward-compat-considerations";
const RULE = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html";
const VERSION =
  "for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.";
const WRITE_IN_V2 =
  "write every rule in the V2 schema: a Filter (empty for all objects), a Priority of its own and DeleteMarkerReplication";

/** A rule in the V2 schema, which takes the same objects. It replicates no delete markers unless it says so already. */
export function inV2Schema(
  rule: ReplicationRuleJson,
  index: number,
  { configuration }: Pick<Put, "configuration">,
): ReplicationRuleJson {
  return {
    ...without(rule, "Prefix"),
    Priority: rule.Priority ?? freePriority(configuration, index),
    Status: rule.Status,
    Filter: filterFor(filterOf(rule)),
    DeleteMarkerReplication: { Status: rule.DeleteMarkerReplication?.Status ?? "Disabled" },
    Destination: rule.Destination,
  };
}

const writeInV2 = (rule: ReplicationRuleJson, index: number, put: Put): Mend[] =>
  set(inV2Schema(rule, index, put));

const hasFilter = ({ Filter }: ReplicationRuleJson) => Filter !== undefined;
const isV1 = ({ configuration: { Rules } }: Put) => !Rules.some(hasFilter);
const isV2 = ({ configuration: { Rules } }: Put) => Rules.every(hasFilter);

/** A field that V1 does not know. */
function notInV1(
  name: string,
  field: "Priority" | "DeleteMarkerReplication" | "ReplicationTime",
  source: string,
  grade: RefusalRow["grade"],
): RefusalRow {
  return {
    name,
    code: "InvalidRequest",
    violations: eachRule((rule, index, put) => {
      const value = field === "ReplicationTime" ? rule.Destination.ReplicationTime : rule[field];
      return isV1(put) && value !== undefined ? writeInV2(rule, index, put) : undefined;
    }, `${field} cannot be used ${VERSION}`),
    mend: WRITE_IN_V2,
    grade,
    source,
  };
}

/** A field that V2 asks for. */
function neededInV2(
  name: string,
  field: "Priority" | "DeleteMarkerReplication",
  mend: string,
  value: (index: number, put: Put) => unknown,
): RefusalRow {
  return {
    name,
    code: "InvalidRequest",
    violations: eachRule(
      (rule, index, put) =>
        isV2(put) && rule[field] === undefined ? set(value(index, put), field) : undefined,
      `${field} must be specified ${VERSION}`,
    ),
    mend,
    grade: "documented",
    source: RULE,
  };
}

export const SCHEMA_REFUSALS: readonly RefusalRow[] = [
  {
    name: "neither filter nor prefix",
    code: "MalformedXML",
    violations: eachRule(
      (rule, index, put) =>
        rule.Filter === undefined && rule.Prefix === undefined ? writeInV2(rule, index, put) : undefined,
      NOT_WELL_FORMED,
    ),
    mend: "say which objects the rule takes: an empty Filter for all of them, with a Priority and DeleteMarkerReplication",
    grade: "observed",
    source: "https://github.com/hashicorp/terraform/issues/19295",
  },
  {
    name: "schemas mixed",
    code: "InvalidRequest",
    violations: (put) =>
      isV1(put) || isV2(put)
        ? []
        : put.configuration.Rules.flatMap((rule, index) =>
            rule.Filter !== undefined || rule.Prefix === undefined
              ? []
              : [
                  {
                    rule: index,
                    sentence: `Priority cannot be used ${VERSION}`,
                    mends: writeInV2(rule, index, put),
                  },
                ],
          ),
    mend: WRITE_IN_V2,
    grade: "reported",
    source: BACKWARD_COMPATIBILITY,
  },
  notInV1("priority in V1", "Priority", BACKWARD_COMPATIBILITY, "reported"),
  notInV1(
    "delete markers in V1",
    "DeleteMarkerReplication",
    "https://github.com/rust-lang/simpleinfra/pull/468",
    "observed",
  ),
  notInV1("Replication Time Control in V1", "ReplicationTime", BACKWARD_COMPATIBILITY, "reported"),
  {
    name: "replica modifications in V1",
    code: "InvalidRequest",
    violations: eachRule(
      (rule, index, put) =>
        isV1(put) && rule.SourceSelectionCriteria?.ReplicaModifications !== undefined
          ? writeInV2(rule, index, put)
          : undefined,
      `ReplicaModifications cannot be used ${VERSION}`,
    ),
    mend: WRITE_IN_V2,
    grade: "documented",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicaModifications.html",
  },
  {
    name: "several destinations in V1",
    code: "InvalidRequest",
    violations: (put) => {
      const { Rules: rules } = put.configuration;
      const second = rules.findIndex(
        ({ Destination }) => Destination.Bucket !== rules[0]?.Destination.Bucket,
      );
      const rule = rules[second];
      if (!isV1(put) || rule === undefined) return [];
      const sentence = "Number of distinct destination bucket ARNs cannot exceed 1";
      return [{ rule: second, earlier: 0, sentence, mends: writeInV2(rule, second, put) }];
    },
    mend: WRITE_IN_V2,
    grade: "observed",
    source: "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/730",
  },
  {
    name: "overlapping prefixes in V1",
    code: "InvalidRequest",
    violations: (put) => (isV1(put) ? overlaps(put) : []),
    mend: `${WRITE_IN_V2}, or make the prefixes distinct`,
    grade: "reported",
    source: BACKWARD_COMPATIBILITY,
  },
  neededInV2(
    "no priority in V2",
    "Priority",
    "give the rule a Priority of its own",
    (index, { configuration }) => freePriority(configuration, index),
  ),
  neededInV2(
    "no delete markers in V2",
    "DeleteMarkerReplication",
    "say whether the rule replicates delete markers (here: it does not)",
    () => ({ Status: "Disabled" }),
  ),
];

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html */
function overlaps(put: Put) {
  const { Rules: rules } = put.configuration;
  return rules.flatMap((rule, index) => {
    const prefix = rule.Prefix ?? "";
    const earlier = rules.slice(0, index).findIndex(({ Prefix: other = "" }) => prefixesMeet(prefix, other));
    if (earlier < 0) return [];
    const sentence = `Found overlapping prefixes '${rules[earlier]?.Prefix ?? ""}' and '${prefix}'`;
    return [{ rule: index, earlier, sentence, mends: writeInV2(rule, index, put) }];
  });
}
