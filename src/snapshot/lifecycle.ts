/** Lifecycle rules of a bucket: what a snapshot may hold of them, and how that is taken from the S3 API's own shape. */
import * as v from "valibot";
import { asObject, listOf, textOf } from "../input/anyValue";
import { flag, oneOf } from "../input/values";
import { fields, type Shape, strings, text } from "./schemaValues";
import type { LifecycleRuleState } from "./snapshot";

export const LIFECYCLE_RULE = fields({
  id: v.optional(text("must be a text")),
  status: oneOf(["Enabled", "Disabled"]),
  prefix: v.optional(text("must be the beginning of object keys")),
  expires: v.optional(flag),
  transitions: v.optional(strings),
} satisfies Shape<LifecycleRuleState>);

/**
 * Any value in the place of a rule makes one, with what it says.
 * @param rules `Rules` of a lifecycle configuration.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
 */
export function lifecycleOf(rules: unknown): LifecycleRuleState[] {
  return listOf(rules).map((rule) => {
    const { ID, Status, Prefix, Filter, Expiration, NoncurrentVersionExpiration } = asObject(rule);
    const { Transitions, NoncurrentVersionTransitions } = asObject(rule);
    const filter = asObject(Filter);
    const prefix = textOf(asObject(filter.And).Prefix) || textOf(filter.Prefix) || textOf(Prefix);
    const { Days, Date } = asObject(Expiration);
    const { NoncurrentDays } = asObject(NoncurrentVersionExpiration);
    const transitions = [...listOf(Transitions), ...listOf(NoncurrentVersionTransitions)].map((transition) =>
      textOf(asObject(transition).StorageClass),
    );
    return {
      ...(textOf(ID) === "" ? {} : { id: textOf(ID) }),
      status: Status === "Enabled" ? ("Enabled" as const) : ("Disabled" as const),
      ...(prefix === "" ? {} : { prefix }),
      expires: [Days, Date, NoncurrentDays].some((value) => value !== undefined && value !== null),
      ...(transitions.length === 0 ? {} : { transitions: [...new Set(transitions)] }),
    };
  });
}
