/** Ids in the place of those that AWS makes: what is not deployed yet has none. */
import { createHash } from "node:crypto";

/** An id in the form of AWS's key ids, the same in every run. */
export function uniqueId(...parts: string[]): string {
  const hash = createHash("sha256").update(parts.join("\n")).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ].join("-");
}
