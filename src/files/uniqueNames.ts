/** Names that stand twice in an object of a JSON document, which JSON.parse passes over. */
import { type JSONVisitor, visit } from "jsonc-parser";
import { InvalidInputError, show } from "../input/problems";

/**
 * @param text JSON that somebody wrote.
 * @throws InvalidInputError where an object holds a name twice: JSON.parse keeps the last and says nothing of the others.
 */
export function assertUniqueNames(subject: string, text: string): void {
  const open: Set<string>[] = [];
  const visitor: JSONVisitor = {
    onObjectBegin: () => void open.push(new Set()),
    onObjectProperty: (name, _offset, _length, line) => {
      const names = open.at(-1);
      if (names?.has(name) === true) {
        throw new InvalidInputError(subject, [
          `every name must stand once in an object, and ${show(name)} in line ${line + 1} stands there already: only one of the two would count`,
        ]);
      }
      names?.add(name);
    },
    onObjectEnd: () => void open.pop(),
  };
  try {
    visit(text, visitor);
  } catch (error) {
    // What is too deep for a walk is refused for that.
    if (!(error instanceof RangeError)) throw error;
  }
}
