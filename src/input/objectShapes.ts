/**
 * Objects that come from outside. valibot's own take a list for an object, tell of a missing field in the object's words,
 * stop at the first field that is none, and leave out a name such as 'prototype', which a tag may have.
 */
import * as v from "valibot";

/** An object with these fields. */
export function fields<const Entries extends v.ObjectEntries>(entries: Entries, mustBe: string) {
  return v.pipe(v.custom<object>(isObject, mustBe), withMissing(entries), v.object(entries));
}

/** An object with these fields and no other. @param isNone What is said of another. */
export function onlyFields<const Entries extends v.ObjectEntries>(
  entries: Entries,
  mustBe: string,
  isNone: string,
) {
  const message = `${isNone}; allowed here: ${Object.keys(entries).join(", ")}`;
  return v.pipe(
    v.custom<object>(isObject, mustBe),
    withMissing(entries),
    v.strictObject(entries, message),
    v.rawCheck(({ dataset, addIssue }) => {
      const last = dataset.issues?.at(-1);
      if (last?.expected !== "never" || last.path?.length !== 1) return;
      const [{ input, key: told }] = last.path;
      for (const [key, value] of Object.entries(input as object)) {
        if (key === told || Object.hasOwn(entries, key)) continue;
        addIssue({ message, expected: "never", path: [pathItem(input, key, value)] });
      }
    }),
  );
}

/** An object whose names are data. */
export function byName<Name extends v.GenericSchema<string>, Value extends v.GenericSchema>(
  name: Name,
  value: Value,
  mustBe: string,
) {
  return v.pipe(
    dictionary(mustBe),
    v.transform((given) => new Map(Object.entries(given))),
    v.map(name, value),
    v.transform((entries): Record<string, v.InferOutput<Value>> => Object.fromEntries(entries)),
  );
}

/** An object of any names and values; an instance of a class is none. */
export function dictionary(mustBe: string) {
  return v.custom<Record<string, unknown>>((value) => {
    if (!isObject(value)) return false;
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.hasOwn(prototype as object, "isPrototypeOf");
  }, mustBe);
}

/** Where an issue is: at a name within an object. */
export function pathItem(input: unknown, key: string, value: unknown): v.UnknownPathItem {
  return { type: "unknown", origin: "value", input, key, value };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that is there as undefined is told in its own words. */
function withMissing(entries: v.ObjectEntries) {
  const optional = ["optional", "nullish", "exact_optional"];
  const required = Object.keys(entries).filter((name) => !optional.includes(entries[name]?.type ?? ""));
  return v.transform((given: object) => {
    const missing = required.filter((name) => !(name in given));
    return missing.length === 0
      ? given
      : { ...given, ...Object.fromEntries(missing.map((name) => [name, undefined])) };
  });
}
