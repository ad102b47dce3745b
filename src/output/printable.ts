/**
 * A text that came from input, as a terminal or a page may show it: control characters, invisible ones and marks that
 * change the direction of writing are written as `\uXXXX`, so that a name can neither move the cursor nor pass for
 * another. In JSON strings the escapes mean the same.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/gu, (character) =>
    // By UTF-16 unit, as JSON writes them.
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
