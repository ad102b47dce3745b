/** What S3 would refuse of the rules of a component's arguments: the table of its refusals, in the words of arguments. */
import { numeral } from "../../output/counts";
import { show } from "../../input/problems";
import { refusalsOf, REFUSALS } from "../refusals/table";
import { HIGHEST_PRIORITY, type ReplicationRuleJson, resolveRules, toReplicationRule } from "../rules";
import type { ReplicationRule } from "./arguments";

/** Stands for what the contract of a destination says, which S3 takes. */
const DESTINATION = { accountId: "222222222222", bucketArn: "arn:aws:s3:::destination" };
const REPLICA_KEY = "arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-0000-0000-000000000000";

const ROWS = REFUSALS.filter(({ argument }) => argument !== undefined);

/**
 * @param rules Rules as they are given, of any shape: what is of another type than it must be is told elsewhere.
 * @param field Name of the field that holds them.
 */
export function ruleRefusalProblems(rules: readonly Record<string, unknown>[], field: string): string[] {
  const Rules = rules.map(asSent);
  const put = {
    bucketArn: "arn:aws:s3:::source",
    configuration: { Role: "arn:aws:iam::111111111111:role/replication", Rules },
    destinationOf: () => undefined,
  };
  return refusalsOf(put, ROWS).flatMap(({ row, rule: index, earlier }) => {
    const { argument } = row;
    if (argument === undefined) return [];
    if (index === undefined) {
      const got = rules.length === 0 ? "none; S3 refuses an empty configuration" : numeral(rules.length);
      return [`'${field}' must ${argument.must}, got ${got}`];
    }
    const place = `${field}[${index}]${argument.field === undefined ? "" : `.${argument.field}`}`;
    const got = show(rules[index]?.[argument.field ?? ""]);
    const also = earlier === undefined ? "" : `, which '${field}[${earlier}]' has already`;
    const fix = argument.fix === undefined ? "" : `; ${argument.fix}`;
    return [`'${place}' must ${argument.must}, got ${got}${also}${fix}`];
  });
}

/** A rule as S3 would receive it. Where a value is missing or of another type, one stands that no row objects to. */
function asSent(given: Record<string, unknown>, index: number): ReplicationRuleJson {
  const isText = (value: unknown): value is string => typeof value === "string";
  const isOn = (value: unknown) => (typeof value === "boolean" ? value : undefined);
  const rule: ReplicationRule = {
    id: isText(given.id) ? given.id : "",
    priority: typeof given.priority === "number" ? given.priority : HIGHEST_PRIORITY - index,
    tags: typeof given.tags === "object" && given.tags !== null ? { ...given.tags } : {},
    deleteMarkerReplication: isOn(given.deleteMarkerReplication),
    sseKmsEncryptedObjects: isOn(given.sseKmsEncryptedObjects),
    replicaKmsKeyArn: isText(given.replicaKmsKeyArn) ? given.replicaKmsKeyArn : undefined,
    replicationTimeControl: isOn(given.replicationTimeControl),
    metrics: isOn(given.metrics),
  };
  const [resolved] = resolveRules([rule], [], false);
  if (resolved === undefined) throw new Error("a rule was resolved to none");
  const json = toReplicationRule(resolved, "111111111111", DESTINATION);
  const key = rule.replicaKmsKeyArn ?? (resolved.sseKmsEncryptedObjects ? REPLICA_KEY : undefined);
  return key === undefined
    ? json
    : { ...json, Destination: { ...json.Destination, EncryptionConfiguration: { ReplicaKmsKeyID: key } } };
}
