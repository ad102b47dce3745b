/** Values that Terraform marks as sensitive: none of them is read. */
import { Unread } from "../../snapshot/unread";
import { holdsTrue } from "./deferredDocument";

/** @param what `policy of aws_s3_bucket_policy.data`. */
export function unreadSecret(what: string): Unread {
  return new Unread(`${what} is sensitive, so that it is not read`);
}

/**
 * A value in which nothing sensitive is left.
 * @param sensitive Mirrors the value: true where something is sensitive.
 * @param owner Address of the resource that it is of.
 */
export function withoutSecrets(value: unknown, sensitive: unknown, owner: string, path = ""): unknown {
  if (sensitive === true) return unreadSecret(path === "" ? owner : `${path} of ${owner}`);
  if (!holdsTrue(sensitive) || typeof value !== "object" || value === null) return value;
  const marks = sensitive as Readonly<Record<string | number, unknown>>;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => withoutSecrets(item, marks[index], owner, path));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      return [name, withoutSecrets(inner, marks[name], owner, path === "" ? name : `${path}.${name}`)];
    }),
  );
}
