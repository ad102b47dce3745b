/** Bytes as people read them. */
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/** @example size(1_200_000); // "1.2 MB" */
export function size(bytes: number): string {
  let power = 0;
  // 999,950 bytes are 1.0 MB, and not 1000.0 kB.
  while (power < UNITS.length - 1 && rounded(bytes, power) >= 1000) power += 1;
  return `${rounded(bytes, power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

/** As it is shown: to one digit behind the point. */
function rounded(bytes: number, power: number): number {
  return Number((bytes / 1000 ** power).toFixed(1));
}
