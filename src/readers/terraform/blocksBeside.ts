/**
 * `dynamic` blocks of resources without a say, which a plan shows where they are made of known items: what they name is no
 * hint at one that it does not show.
 */
import type { RelevantAttribute } from "./address";
import type { TerraformFile } from "./terraformFile";

/** Resources of AWS that neither have a say nor are what blocks with a say name: keys, roles, buckets. */
const BESIDE = /^aws_(?!s3_bucket|iam_|kms_)/;

/** Parts of blocks that say nothing of what they name. */
const TAKES_ANYTHING = /\.(id|arn|name|values?|resources?|targets?)$/;

/** Unknown parts of blocks that no expression shows, of resources without a say. */
export function partsBeside({ resources, configuration }: TerraformFile): string[] {
  return resources
    .filter(({ address }) => BESIDE.test(address.type))
    .flatMap(({ address, unknown }) => {
      const written = configuration.expressions(address) ?? {};
      return Object.entries(unknown ?? {}).flatMap(([name, mark]) =>
        mark === true || Object.hasOwn(written, name) ? [] : unknownParts(mark, name),
      );
    });
}

/** Whether one of these parts may be an attribute that the plan hangs on: nothing but its name tells. */
export function mayBeNamed({ type, attribute }: RelevantAttribute, parts: readonly string[]): boolean {
  if (!BESIDE.test(type)) return false;
  const words = wordsOf(`${type}.${attribute}`);
  return parts.some(
    (part) => TAKES_ANYTHING.test(part) || wordsOf(part).some((word) => words.includes(word)),
  );
}

/** Paths of what is unknown in a block, without places in lists: `ingress.security_groups`. */
function unknownParts(mark: unknown, path: string): string[] {
  if (mark === true) return [path];
  if (typeof mark !== "object" || mark === null) return [];
  if (Array.isArray(mark)) return mark.flatMap((item) => unknownParts(item, path));
  return Object.entries(mark).flatMap(([name, inner]) => unknownParts(inner, `${path}.${name}`));
}

/** `ingress.security_groups` has `ingress`, `security` and `group`. Every resource has an id and an ARN. */
function wordsOf(path: string): string[] {
  const words = path.split(/[._]/).map((word) => word.replace(/s$/, ""));
  return words.filter((word) => !["aw", "id", "arn"].includes(word));
}
