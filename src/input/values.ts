/** Checks of single values that come from outside, each with the sentence that says what is allowed. */
import * as v from "valibot";
import type { NameRule } from "../naming/names";

export const flag = v.boolean("must be true or false");

/** A text that AWS takes as a name of this kind. */
export const named = (rule: NameRule) =>
  v.pipe(
    v.string(rule.mustBe),
    v.check((text) => rule.test(text), rule.mustBe),
  );

export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  v.picklist(values, `must be one of ${values.map((value) => `'${value}'`).join(", ")}`);

export const list = <Item extends v.GenericSchema>(item: Item) => v.array(item, "must be a list");

/** @param least The least number that is taken, itself included, as is `most`. */
export const wholeNumber = (least: number, most: number) => {
  const mustBe = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.number(mustBe),
    v.check((n) => Number.isInteger(n) && n >= least && n <= most, mustBe),
  );
};
