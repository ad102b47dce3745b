/** Bytes as people read them. */
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/** @example size(1_200_000); // "1.2 MB" */
export function size(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
