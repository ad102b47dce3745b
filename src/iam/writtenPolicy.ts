/** A policy as it is written: an object, or its JSON as text. */
export interface WrittenPolicy {
  readonly Version?: unknown;
  readonly Statement?: unknown;
}

/** @returns null where there is none. */
export function writtenPolicy(document: unknown): WrittenPolicy | null {
  const read: unknown = typeof document === "string" ? JSON.parse(document) : document;
  return typeof read === "object" ? read : null;
}
