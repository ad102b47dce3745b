/** Takes the JSON values of a policy document apart, and says where one is not what it has to be. */
import { PolicySyntaxError } from "./syntaxError";

export interface PlacedText {
  readonly text: string;
  readonly place: string;
}

export class DocumentReader {
  constructor(private readonly policy: string) {}

  error(
    place: string,
    found: unknown,
    allowed: string,
    { fix }: { readonly fix?: string | undefined } = {},
  ): PolicySyntaxError {
    return new PolicySyntaxError(this.policy, {
      place,
      found,
      allowed,
      ...(fix === undefined ? {} : { fix }),
    });
  }

  /** Own fields of an object, in a map: `__proto__` is a field like any other. */
  fields(value: unknown, place: string): ReadonlyMap<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.error(place, value, "an object");
    }
    return new Map(Object.entries(value));
  }

  optionalText(value: unknown, place: string): string | undefined {
    if (value !== undefined && typeof value !== "string") {
      throw this.error(place, value, "text");
    }
    return value;
  }

  /** A text or a list of texts, at least one. */
  texts(value: unknown, place: string, allowed: string): readonly PlacedText[] {
    if (typeof value === "string") {
      return [{ text: value, place }];
    }
    if (!Array.isArray(value) || value.length === 0) {
      throw this.error(place, value, `${allowed}, or a list of such`);
    }
    // Holes of a sparse list are values too: they are undefined.
    return Array.from(value, (item: unknown, index) => {
      const at = `${place}[${index}]`;
      if (typeof item !== "string") {
        throw this.error(at, item, allowed);
      }
      return { text: item, place: at };
    });
  }
}

/** Refuses fields that AWS does not know, and guesses which one was meant. */
export function checkNames(
  reader: DocumentReader,
  fields: ReadonlyMap<string, unknown>,
  place: string,
  known: readonly string[],
): void {
  for (const name of fields.keys()) {
    if (!known.includes(name)) {
      const shown = name.slice(0, 80);
      throw reader.error(place === "" ? shown : `${place}.${shown}`, fields.get(name), "left out", {
        fix: `AWS knows ${known.join(", ")}${guess(name, known)}`,
      });
    }
  }
}

function guess(name: string, known: readonly string[]): string {
  const bare = (text: string): string => text.toLowerCase().replace(/s$/, "");
  const meant = known.find((candidate) => bare(candidate) === bare(name.slice(0, 80)));
  return meant === undefined ? "" : `; was '${meant}' meant?`;
}
