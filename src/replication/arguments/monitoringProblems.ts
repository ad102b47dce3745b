/** Every mistake in what plain arguments say of watching, as sentences: of a source, and of a watch. */
import * as v from "valibot";
import { asObject, listOf } from "../../input/anyValue";
import { show } from "../../input/problems";
import { shapeProblems } from "../../input/schemaProblems";
import { parseArn } from "../../naming/arn";
import { asksForEvents } from "./watching";
import { settings, WATCH_SHAPE } from "./argumentShapes";
import { notificationProblems } from "./existingBuckets";

/**
 * Every mistake in the plain arguments of a watch, none when they are right. `path` leads every field name.
 * @param isRead Whether rules and notifications that are left out will be read from the bucket.
 */
export function watchProblems(args: unknown, path = "", isRead = false): string[] {
  const given = asObject(args);
  const shape = isRead ? { ...WATCH_SHAPE, rules: v.optional(WATCH_SHAPE.rules) } : WATCH_SHAPE;
  const notification = given.notification ?? (isRead ? {} : undefined);
  return [
    ...shapeProblems(settings(shape), args, path),
    ...repeatedRuleProblems(given, path),
    ...notificationProblems(given, notification, path, "notification"),
    ...monitoringProblems(given, path),
  ];
}

/** S3 tells rules apart by their ids, and so do metrics. */
function repeatedRuleProblems(given: Record<string, unknown>, path: string): string[] {
  const ids = listOf(given.rules).map((rule) => asObject(rule).id);
  return ids.flatMap((id, index) =>
    typeof id === "string" && ids.indexOf(id) < index
      ? [
          `'${path}rules[${index}].id' must be the id of another rule than the ones before it, got ${show(id)} twice`,
        ]
      : [],
  );
}

/** S3 sends events, and CloudWatch notifications of alarms, within a Region only. */
export function monitoringProblems(given: Record<string, unknown>, path: string): string[] {
  const problems: string[] = [];
  const field = `${path}monitoring.`;
  const monitoring = asObject(given.monitoring);
  const { failureQueue, failureQueueArn, failureTopicArn } = monitoring;
  if (failureQueueArn !== undefined && failureTopicArn !== undefined) {
    problems.push(
      `'${field}failureTopicArn' must be left out where a failureQueueArn is given (events go to one of them), got both`,
    );
  }
  const target = failureQueueArn ?? failureTopicArn;
  if (failureQueue === false && target !== undefined) {
    problems.push(
      `'${field}failureQueue' must not be false where a queue or topic for the events is given, got ${show(target)}`,
    );
  }
  const { region } = given;
  if (typeof region !== "string") return problems;
  const places: [string, unknown][] = [
    ["failureQueueArn", failureQueueArn],
    ["failureTopicArn", failureTopicArn],
    ...listOf(monitoring.alarmTopicArns).map((arn, index): [string, unknown] => [
      `alarmTopicArns[${index}]`,
      arn,
    ]),
  ];
  for (const [name, arn] of places) {
    const found = typeof arn === "string" ? parseArn(arn)?.region : undefined;
    if (found === undefined || found === region) continue;
    problems.push(`'${field}${name}' must be in the bucket's Region, '${region}', got ${show(arn)}`);
  }
  return problems;
}

/** Whoever asks for events of failed objects gets them of every rule: S3 sends none for a rule without metrics. */
export function unwatchedRuleProblems(given: Record<string, unknown>, path: string): string[] {
  if (!asksForEvents(asObject(given.monitoring))) return [];
  return listOf(given.rules).flatMap((item, index) => {
    const rule = asObject(item);
    if (rule.metrics !== false || rule.enabled === false) return [];
    return [
      `'${path}rules[${index}].metrics' must be true where 'monitoring' asks for events of failed objects, which S3 sends for rules with metrics only, got false`,
    ];
  });
}
