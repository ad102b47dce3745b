/** Texts of a class that people like to read. */
import type { TextClass } from "../../textClasses/keyClasses";

/**
 * A key of a class that says what kind of object it is, where the class has one; else the shortest key.
 *
 * @example
 * readableKey({ witness: "documents/", ... }, "kms", includes); // "documents/kms"
 * readableKey({ witness: "a.txt", free: [0], ... }, "kms", includes); // "kms.txt"
 * readableKey({ witness: "secret", ... }, "kms", includes); // "secret-kms", and "secret" for "plain"
 */
export function readableKey(
  { witness, free }: Pick<TextClass, "witness" | "free">,
  kind: string,
  includes: (key: string) => boolean,
): string {
  const characters = Array.from(witness);
  const extension = witness.lastIndexOf(".");
  const candidates = [
    ...(free.length === characters.length ? [kind] : []),
    ...withNamedSegment(witness, kind),
    ...(free.length > 0 ? [withFreeRun(characters, free, kind)] : []),
    // What is special about the key is the key itself, and the shortest one says so best.
    ...(kind === "plain" ? [witness] : []),
    `${witness}-${kind}`,
    ...(extension < 0 ? [] : [`${witness.slice(0, extension)}-${kind}${witness.slice(extension)}`]),
  ];
  return candidates.find(includes) ?? witness;
}

/** The word in each segment of the path that has no name: `documents/`, `/secret`, `documents/.txt`. */
function withNamedSegment(key: string, word: string): string[] {
  const segments = key.split("/");
  return segments.flatMap((segment, index) =>
    /^[a-z0-9]/i.test(segment)
      ? []
      : [[...segments.slice(0, index), word + segment, ...segments.slice(index + 1)].join("/")],
  );
}

/** The first run of free characters gives way to the word. */
function withFreeRun(characters: readonly string[], free: readonly number[], word: string): string {
  const [first = 0] = free;
  let end = first;
  while (free.includes(end)) end += 1;
  return [...characters.slice(0, first), word, ...characters.slice(end)].join("");
}
