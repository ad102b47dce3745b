/**
 * What is not known before a deployment, but can come from one resource only: the bucket that a setting is for, the key
 * of a bucket, the role of a policy. The engine says which resources a property comes from.
 */
import type { StackResource } from "./writtenResources";
import { Unread } from "../../snapshot/unread";

/** Resources by URN, with their ids and ARNs. */
export type Known = Map<string, { readonly id: string; readonly arn: unknown }>;

/** Types that a property of this name refers to, and by what. */
const REFERENCES: Readonly<Record<string, { readonly type: RegExp; readonly by: "id" | "arn" }>> = {
  bucket: { type: /^aws:s3\/bucket(V2)?:/, by: "id" },
  keyId: { type: /^aws:kms\/\w*[kK]ey:/, by: "arn" },
  targetKeyId: { type: /^aws:kms\/\w*[kK]ey:/, by: "arn" },
  kmsMasterKeyId: { type: /^aws:kms\/\w*[kK]ey:/, by: "arn" },
  replicaKmsKeyId: { type: /^aws:kms\/\w*[kK]ey:/, by: "arn" },
  role: { type: /^aws:iam\/role:Role/, by: "arn" },
  roles: { type: /^aws:iam\/role:Role/, by: "id" },
  policyArn: { type: /^aws:iam\/policy:Policy/, by: "arn" },
  /** Of a statement: a key stands there as it is, while a bucket's ARN may be the beginning of a longer text. */
  Resource: { type: /^aws:kms\/\w*[kK]ey:/, by: "arn" },
  permissionsBoundary: { type: /^aws:iam\/policy:Policy/, by: "arn" },
};

export function withReferences({ inputs }: StackResource, known: Known): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, resolve(value, name, false, known)]),
  );
}

function resolve(value: unknown, name: string, inDestination: boolean, known: Known): unknown {
  if (value instanceof Unread) return referred(value, name, inDestination, known) ?? value;
  if (Array.isArray(value)) return value.map((inner) => resolve(inner, name, inDestination, known));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      resolve(inner, key, inDestination || name.startsWith("destination"), known),
    ]),
  );
}

/** Only where a single resource of the right type can be meant. */
function referred(unread: Unread, name: string, inDestination: boolean, known: Known): unknown {
  const reference = Object.hasOwn(REFERENCES, name) ? REFERENCES[name] : undefined;
  if (reference === undefined) return undefined;
  const candidates = unread.sources.filter((urn) => reference.type.test(typeInUrn(urn)));
  const [only] = candidates;
  if (only === undefined || candidates.length > 1) return undefined;
  const found = known.get(only);
  return inDestination || reference.by === "arn" ? found?.arn : found?.id;
}

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` */
function typeInUrn(urn: string): string {
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}
