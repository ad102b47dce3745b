/** Property values as the Pulumi engine writes them down: secrets, references and what is not known yet. */
import { Unread } from "../../snapshot/unread";

/** Marks an object that is no plain object. @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Stands for a value that is known only after the deployment. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Stands for a secret in the output of `pulumi preview --json`. */
const HIDDEN = "[secret]";

/** Values inside each other; real ones stay far below. */
const DEEPEST = 100;

/** @param sources URNs of the resources that the value comes from, where that is known. */
export function decodeValue(value: unknown, sources: readonly string[] = [], depth = 0): unknown {
  if (value === UNKNOWN) return new Unread("known only after the deployment", sources);
  if (value === HIDDEN) return new Unread("a secret, which a preview does not show");
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return new Unread("nested too deeply");
  if (Array.isArray(value)) return value.map((inner) => decodeValue(inner, sources, depth + 1));
  if (Object.hasOwn(value, SIGNATURE)) return decodeSpecial(value as Special, sources, depth);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, decodeValue(inner, sources, depth + 1)]),
  );
}

interface Special {
  readonly [SIGNATURE]: unknown;
  readonly plaintext?: unknown;
  readonly value?: unknown;
  readonly id?: unknown;
}

function decodeSpecial(value: Special, sources: readonly string[], depth: number): unknown {
  switch (value[SIGNATURE]) {
    case SECRET:
      return decodeSecret(value.plaintext, sources, depth);
    case RESOURCE:
      return typeof value.id === "string" && value.id !== ""
        ? decodeValue(value.id, sources)
        : new Unread("a resource whose id is not known", sources);
    case OUTPUT:
      return value.value === undefined
        ? new Unread("known only after the deployment", sources)
        : decodeValue(value.value, sources, depth + 1);
    default:
      return new Unread("no value that a setting can have");
  }
}

/** `pulumi stack export --show-secrets` writes the value as JSON; without it there is only ciphertext. */
function decodeSecret(plaintext: unknown, sources: readonly string[], depth: number): unknown {
  if (typeof plaintext !== "string") return new Unread("encrypted in the state");
  try {
    return decodeValue(JSON.parse(plaintext), sources, depth + 1);
  } catch {
    return new Unread("a secret that is no JSON");
  }
}
