/** Property values as they travel between the engine and a provider. */
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

export type Properties = Record<string, unknown>;

/** What stands for a value that is not known before the deployment. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

export function toStruct(properties: Properties): Struct {
  // A Struct has no undefined; JSON leaves such properties out.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}

export function holdsUnknown(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.values(value).some(holdsUnknown)
    : value === UNKNOWN;
}

/** JSON with its keys in one order, so that two documents that mean the same are the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * A document as a provider keeps it: one text, and as a whole unknown when something inside is unknown.
 * @param value A document as an object or as its text.
 */
export function documentText(value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (holdsUnknown(value)) return UNKNOWN;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether two documents say the same, however they are laid out. */
export function sameDocument(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "string" || typeof right !== "string") return false;
  try {
    return canonical(JSON.parse(left)) === canonical(JSON.parse(right));
  } catch {
    return false;
  }
}
