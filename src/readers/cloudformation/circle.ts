/** Resources that wait for each other, which CloudFormation refuses. */

/**
 * The first circle: a bucket that names its role, whose inline policy names the bucket. Undefined where there is none.
 * @param references Logical ids, and those that they wait for.
 */
export function circleIn(
  references: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (logicalId: string, path: readonly string[]): readonly string[] | undefined => {
    const from = path.indexOf(logicalId);
    if (from >= 0) return path.slice(from);
    if (done.has(logicalId)) return undefined;
    for (const next of references.get(logicalId) ?? []) {
      const found = visit(next, [...path, logicalId]);
      if (found !== undefined) return found;
    }
    done.add(logicalId);
    return undefined;
  };
  for (const logicalId of references.keys()) {
    const found = visit(logicalId, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
