/**
 * Lifecycle rules as AWS::S3::Bucket says them, older properties too, in the S3 API's shape.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html
 */
import { at, listOf } from "../../resources/values";
import { Unread } from "../../snapshot/unread";

/** Any part of them may be unread. */
export function lifecycleRules(rules: unknown): unknown {
  if (rules instanceof Unread) return rules;
  return listOf(rules).map((rule) => {
    if (rule instanceof Unread) return rule;
    const both = (one: string, many: string) => [...listed(at(rule, one)), ...listed(at(rule, many))];
    return {
      ID: at(rule, "Id"),
      Status: at(rule, "Status"),
      Prefix: at(rule, "Prefix"),
      Expiration: { Days: at(rule, "ExpirationInDays"), Date: at(rule, "ExpirationDate") },
      NoncurrentVersionExpiration: {
        NoncurrentDays:
          at(rule, "NoncurrentVersionExpiration", "NoncurrentDays") ??
          at(rule, "NoncurrentVersionExpirationInDays"),
      },
      Transitions: both("Transition", "Transitions"),
      NoncurrentVersionTransitions: both("NoncurrentVersionTransition", "NoncurrentVersionTransitions"),
    };
  });
}

const listed = (transitions: unknown): readonly unknown[] =>
  transitions instanceof Unread
    ? [transitions]
    : listOf(transitions).map((transition) => ({ StorageClass: at(transition, "StorageClass") }));
