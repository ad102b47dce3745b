/** Checks that the parts of a snapshot file share. */
import * as v from "valibot";
import { byName, onlyFields } from "../input/objectShapes";
import { list } from "../input/values";
import { ACCOUNT_ID } from "../naming/names";

/** Fields of a type, each with the check of its values: none is missing, none is too many. */
export type Shape<T> = { [K in keyof Required<T>]: v.GenericSchema<unknown, T[K]> };

export const text = (mustBe: string) => v.string(mustBe);
export const matching = (pattern: RegExp, mustBe: string) =>
  v.pipe(v.string(mustBe), v.regex(pattern, mustBe));
export const wholeNumber = v.pipe(
  v.number("must be a whole number"),
  v.safeInteger("must be a whole number"),
);

/** An object with these fields and no other. */
export function fields<const Entries extends v.ObjectEntries>(entries: Entries) {
  return onlyFields(entries, "must be an object", "is not a field");
}

/** An object whose names are data. */
export function named<Value extends v.GenericSchema>(name: RegExp, namesMustBe: string, value: Value) {
  return byName(matching(name, `must be ${namesMustBe}`), value, "must be an object");
}

export const ARN = {
  bucket: /^arn:[\w-]+:s3:::[^:/\s]+$/,
  role: /^arn:[\w-]+:iam::\d{12}:role\/\S+$/,
  key: /^arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)\/\S+$/,
};
export const BUCKET_ARN = "the ARN of a bucket such as 'arn:aws:s3:::acme-data'";
export const ROLE_ARN = "the ARN of a role such as 'arn:aws:iam::111111111111:role/name'";
export const KEY_ARN = "the ARN of a key such as 'arn:aws:kms:eu-west-1:111111111111:key/<key id>'";

export const accountId = matching(/^\d{12}$/, ACCOUNT_ID.mustBe);
export const region = matching(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, "must be an AWS Region such as 'eu-west-1'");
export const strings = list(text("must be a text"));
export const tags = byName(v.string(), text("must be a text"), "must be tags, key to value");

export function sizeOf(value: unknown): number {
  try {
    return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).length;
  } catch {
    // Too deep to be written down.
    return Infinity;
  }
}
