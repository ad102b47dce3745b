/** Checks before a job is made. A job that fails one would cost money, and replicate nothing or the wrong objects. */
import { AwsCallFailed } from "../aws/failures";
import { InvalidInputError, show } from "../input/problems";
import { reportBeginning, ruleThatTakes, type TakingRule } from "../replication/batch/plan";
import { filterOf, type ReplicationConfiguration, ruleName } from "../replication/rules";
import { type Asked, isManifest } from "./options";

type NamedRule = TakingRule & { readonly name: string };

/**
 * @returns Names of the rules that replicate.
 * @throws AwsCallFailed where no rule does. @throws InvalidInputError where the options do not go with the rules.
 */
export function checkRules(
  bucketName: string,
  configuration: ReplicationConfiguration | null,
  asked: Asked,
): string[] {
  if (configuration === null) {
    throw new AwsCallFailed(
      `bucket '${bucketName}' has no replication configuration, by which S3 Batch Replication replicates; deploy the rules first`,
    );
  }
  const rules = configuration.Rules.map((rule): NamedRule => {
    const { prefix, tags } = filterOf(rule);
    const name = ruleName(configuration, rule);
    return { name, enabled: rule.Status === "Enabled", prefix, tagged: tags.length > 0 };
  });
  const enabled = rules.filter((rule) => rule.enabled);
  if (enabled.length === 0) {
    throw new AwsCallFailed(
      `no rule of bucket '${bucketName}' is enabled (${rules.map(({ name }) => name).join(", ")}), so a job would replicate nothing; enable one first`,
    );
  }
  const problems = [...prefixProblems(enabled, asked), ...reportProblems(bucketName, enabled, asked)];
  if (problems.length > 0) throw new InvalidInputError("backfill", problems);
  return enabled.map(({ name }) => name);
}

function prefixProblems(rules: readonly NamedRule[], { objects }: Asked): string[] {
  if (isManifest(objects) || objects.prefix === undefined) return [];
  const untagged = rules.map((rule) => ({ ...rule, tagged: false }));
  if (ruleThatTakes(untagged, objects.prefix) !== undefined) return [];
  const prefixes = rules.map(({ prefix }) => `'${prefix}'`).join(", ");
  return [
    `'--prefix' must be one that an enabled rule takes objects of (their prefixes: ${prefixes}), got ${show(objects.prefix)}`,
  ];
}

function reportProblems(bucketName: string, rules: readonly NamedRule[], { report }: Asked): string[] {
  if (report?.bucketName !== bucketName) return [];
  const rule = ruleThatTakes(rules, reportBeginning(report.prefix));
  return rule === undefined
    ? []
    : [
        `'--report' must be outside every rule, got ${show(`s3://${bucketName}/${report.prefix}`)}, which rule '${rule.name}' takes: the report would be replicated itself; use a prefix that no rule takes, or another bucket`,
      ];
}
