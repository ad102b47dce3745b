/** What a row of measurements comes to. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** One point: a size, and what it cost. */
export interface Point {
  readonly size: number;
  readonly cost: number;
}

/** The power of the size that the cost grows with: the slope of the least-squares line through the logarithms. */
export function growthExponent(points: readonly Point[]): number {
  const logs = points.map(({ size, cost }) => [Math.log(size), Math.log(cost)] as const);
  const mean = (of: (log: readonly [number, number]) => number) =>
    logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const meanSize = mean(([size]) => size);
  const meanCost = mean(([, cost]) => cost);
  const covariance = mean(([size, cost]) => (size - meanSize) * (cost - meanCost));
  return covariance / mean(([size]) => (size - meanSize) ** 2);
}
