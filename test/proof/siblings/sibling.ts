/** A set-up that is told in one sentence, with the verdict that AWS's pages or public reports lead to. */
import type { ReportVerdict } from "../../../src/rehearsal/report/report";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { objectsOf, plainRule, policy, setUpWithoutKms, type Statement, without } from "../setUp";

export interface Sibling {
  /** What is special about the set-up, as a part of a sentence. */
  readonly about: string;
  readonly snapshot: Snapshot;
  /** `refused`: the file is not read at all, with a sentence. */
  readonly verdict: ReportVerdict | "refused";
  /** Something that a refusal, a finding or a reason of the report says. */
  readonly says?: RegExp;
}

export const NO_MARKERS = { DeleteMarkerReplication: { Status: "Disabled" } } as const;

/** SSE-S3 everywhere, with these rules. */
export const withRules = (...rules: ReturnType<typeof plainRule>[]): Snapshot => setUpWithoutKms({ rules });

type Rule = ReturnType<typeof plainRule>;

/** A rule that leaves KMS alone, with another destination. */
export function plainRuleTo(
  destination: Partial<Rule["Destination"]>,
  change: Parameters<typeof plainRule>[0] = {},
): Rule {
  const rule = plainRule(change);
  return { ...rule, Destination: { ...rule.Destination, ...destination } };
}

/** A rule in the V1 schema. */
export function ruleInV1(
  change: Parameters<typeof plainRule>[0] = {},
  destination: Partial<Rule["Destination"]> = {},
): Rule {
  const rule = plainRuleTo(destination);
  return { ...without(rule, "Filter", "Priority", "DeleteMarkerReplication"), Prefix: "", ...change };
}

/** A Deny of a role's policy, or of an account's. */
export const deny = (
  Action: string | readonly string[],
  Resource: string | readonly string[],
  Condition?: object,
): Statement => ({
  Effect: "Deny",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

export const FULL_ACCESS = policy({ Effect: "Allow", Action: "*", Resource: "*" });
export const RCP_FULL_ACCESS = policy({ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" });
export const bothOf = (bucketArn: string) => [bucketArn, objectsOf(bucketArn)];
