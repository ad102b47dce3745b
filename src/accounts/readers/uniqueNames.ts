import { visit } from "jsonc-parser";
import { InvalidInputError, show } from "../../problems";

/**
 * @param text JSON that somebody wrote.
 * @throws InvalidInputError where an object holds a name twice: JSON.parse keeps the last and says nothing of the others.
 */
export function assertUniqueNames(subject: string, text: string): void {
  const open: Set<string>[] = [];
  visit(text, {
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
  });
}
