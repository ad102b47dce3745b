/** Looks into the parameters of a call: any shape, any part of it unread. */
import { Unread } from "../snapshot/unread";

/** A value inside a value. A list stands for its first item. What lies inside of something unread is unread. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const key of path) {
    if (Array.isArray(inner)) inner = inner[0] as unknown;
    if (inner instanceof Unread) return inner;
    if (typeof inner !== "object" || inner === null) return undefined;
    inner = (inner as Record<string, unknown>)[key];
  }
  return inner ?? undefined;
}

/** A list as it is; one thing as a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return value === undefined || value === null ? [] : [value];
}

export { textOf as text } from "../input/anyValue";

export function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

/** The first part of a value that is unread. */
export function findUnread(value: unknown): Unread | undefined {
  if (value instanceof Unread) return value;
  if (typeof value !== "object" || value === null) return undefined;
  for (const key in value) {
    const found = findUnread((value as Record<string, unknown>)[key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
