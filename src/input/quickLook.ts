/** A first look at values of which there are thousands: most are as they must be, and need no list of what is wrong. */
import type * as v from "valibot";

type Look = (value: unknown) => boolean;

/** What valibot's schemas are made of, as far as a look knows them. */
interface Part {
  readonly type: string;
  readonly wrapped?: Part;
  readonly item?: Part;
  readonly options?: readonly Part[];
  readonly entries?: Readonly<Record<string, Part>>;
  readonly pipe?: readonly Part[];
  readonly value?: Part;
}

/**
 * Whether a value is what a schema says, at about a tenth of the time: false where the schema itself must say it.
 * @param schema Of `fields`, texts, numbers, lists, and what may be left out; it transforms nothing.
 */
export function quickLook(schema: v.GenericSchema): Look {
  return lookOf(schema);
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function lookOf(part: Part): Look {
  // An object of `fields` says which names it has in the last part of its pipe.
  const entries = part.pipe?.at(-1)?.entries;
  if (entries !== undefined) return lookAtFields(entries);
  if (part.pipe !== undefined) return () => false;
  switch (part.type) {
    case "unknown":
      return () => true;
    case "string":
    case "number":
    case "boolean":
      return (value) => typeof value === part.type && value === value;
    case "record":
      return part.value?.type === "unknown" ? isObject : () => false;
    case "optional":
    case "nullable": {
      const [none, inner] = [part.type === "optional" ? undefined : null, lookInside(part.wrapped)];
      return (value) => value === none || inner(value);
    }
    case "array": {
      const inner = lookInside(part.item);
      return (value) => Array.isArray(value) && value.every(inner);
    }
    case "union": {
      const looks = (part.options ?? []).map(lookOf);
      return (value) => looks.some((look) => look(value));
    }
    default:
      return () => false;
  }
}

function lookInside(part: Part | undefined): Look {
  return part === undefined ? () => false : lookOf(part);
}

function lookAtFields(entries: Readonly<Record<string, Part>>): Look {
  const looks = Object.entries(entries).map(([name, part]) => ({ name, look: lookOf(part) }));
  return (value) => {
    if (!isObject(value)) return false;
    for (const { name, look } of looks) {
      if (!look((value as Record<string, unknown>)[name])) return false;
    }
    return true;
  };
}
