/** A list in pieces of at most so many items, for what AWS takes in limited numbers. */
export function inChunks<T>(items: readonly T[], size: number): [T, ...T[]][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size) as [T, ...T[]],
  );
}
