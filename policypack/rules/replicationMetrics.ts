/** The rule 'replication-metrics'. */
import { ResourceValidationArgs } from "@pulumi/policy";
import { nist, tags } from "../frameworks";
import { eachEnabledRule } from "../judging";
import { replicationTypes } from "../resources/replication";
import { types } from "../resources/resource";
import { isUnknownValueError } from "../resources/values";
import { resourceRule } from "../rule";

export const replicationMetrics = resourceRule(
  {
    name: "replication-metrics",
    displayName: "Replication rules publish metrics",
    description: "Every enabled replication rule publishes replication metrics.",
    severity: "medium",
    framework: nist("SI-4", "System Monitoring"),
    tags: tags({ nist: ["SI-4", "CA-7", "CP-9"] }),
    remediationSteps:
      "Set destination.metrics to { status: 'Enabled' } on the rule. Without metrics S3 sends no failure events and counts no failed objects.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html",
  },
  replicationTypes,
  (resource, findings) => {
    eachEnabledRule(resource, findings, (rule) => {
      findings.mustBe(resource, rule.metrics, {
        allowed: (value) => value === "Enabled",
        must: "'Enabled'",
        write: 'metrics: { status: "Enabled" } (a list of one in BucketV2)',
      });
    });
  },
  turnMetricsOn,
);

interface MutableRule {
  status?: unknown;
  destination?: MutableDestination;
  destinations?: MutableDestination[];
}
interface MutableDestination {
  metrics?: unknown;
  replicationTime?: { status?: unknown; time?: unknown };
}

function turnMetricsOn({ type, props }: ResourceValidationArgs): ResourceValidationArgs["props"] | undefined {
  let changed = false;
  for (const rule of rulesOf(type, props)) {
    const destination = rule.destination ?? rule.destinations?.[0];
    if (rule.status === "Disabled" || destination === undefined || isEnabled(destination.metrics)) continue;
    destination.metrics = metricsOf(type, destination);
    changed = true;
  }
  return changed ? props : undefined;
}

/** Reading an unknown throws: then the SDK says that the remediation must wait for the update. */
function rulesOf(type: string, props: ResourceValidationArgs["props"]): MutableRule[] {
  const rules: unknown =
    type === types.replication[0]
      ? Reflect.get(props, "rules")
      : type === types.buckets[0]
        ? (Reflect.get(props, "replicationConfiguration") as { rules?: unknown } | undefined)?.rules
        : (Reflect.get(props, "replicationConfigurations") as { rules?: unknown }[] | undefined)?.[0]?.rules;
  return Array.isArray(rules) ? (rules as MutableRule[]) : [];
}

function isEnabled(metrics: unknown): boolean {
  const block: unknown = Array.isArray(metrics) ? metrics[0] : metrics;
  return typeof block === "object" && block !== null && Reflect.get(block, "status") === "Enabled";
}

function metricsOf(type: string, destination: MutableDestination): unknown {
  if (type === types.buckets[1]) return [{ status: "Enabled" }];
  // Replication Time Control, which the separate class sets in this block, asks for its threshold here too.
  const timed = type === types.replication[0] && timeControl(destination);
  return timed ? { status: "Enabled", eventThreshold: { minutes: 15 } } : { status: "Enabled" };
}

function timeControl(destination: MutableDestination): boolean {
  try {
    return destination.replicationTime?.status === "Enabled";
  } catch (error) {
    if (isUnknownValueError(error)) return false;
    throw error;
  }
}
