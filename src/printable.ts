/**
 * A text that came from input, as a terminal may show it: control characters and marks that change the direction of
 * writing are written as `\uXXXX`, so that a name can neither move the cursor nor pass for another.
 */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
