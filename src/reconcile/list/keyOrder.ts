/** The order in which S3 lists keys, and keys in the middle between two. */

/**
 * Compares keys as S3 orders them: by the bytes of their UTF-8, which is the order of their code points. JavaScript
 * compares UTF-16 units, which puts characters beyond U+FFFF too early.
 */
export function compareKeys(one: string, other: string): number {
  if (one === other) return 0;
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [unit, against] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (unit !== against) return inCodePointOrder(unit) - inCodePointOrder(against);
  }
  return one.length - other.length;
}

/** Units of surrogate pairs behind all others. */
function inCodePointOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** The character before all that keys begin with, and the one behind most of them. */
const LOWEST = 0x20;
const HIGHEST_USUAL = 0x7f;
const HIGHEST = 0xd7ff;
/** Characters that are looked at before two keys count as neighbours. */
const MOST_DEPTH = 1024;

/**
 * A text between two keys, about in the middle of the keys that people write; undefined where there is none.
 * @param below Left out: there is no end.
 */
export function between(above: string, below: string | undefined): string | undefined {
  const low = [...above].map((character) => character.codePointAt(0) ?? 0);
  const high = below === undefined ? undefined : [...below].map((character) => character.codePointAt(0) ?? 0);
  const start: string[] = [];
  let isBound = high !== undefined;
  for (let index = 0; index < MOST_DEPTH; index += 1) {
    const from = low[index] ?? LOWEST - 1;
    const usual = from < HIGHEST_USUAL - 1 ? HIGHEST_USUAL : HIGHEST;
    const to = isBound ? (high?.[index] ?? LOWEST) : usual;
    const middle = Math.floor((from + to) / 2);
    if (middle > from && middle < to && middle >= LOWEST && !isSurrogate(middle)) {
      return checked(above, start.join("") + String.fromCodePoint(middle), below);
    }
    if (from < LOWEST) return undefined;
    start.push(String.fromCodePoint(from));
    if (to > from) isBound = false;
  }
  return undefined;
}

const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;

function checked(above: string, middle: string, below: string | undefined): string | undefined {
  const isBetween = compareKeys(above, middle) < 0 && (below === undefined || compareKeys(middle, below) < 0);
  return isBetween ? middle : undefined;
}
