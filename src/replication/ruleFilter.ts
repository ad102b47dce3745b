/** Which objects a rule takes: their keys begin with a prefix, and they have tags. */

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Which objects a rule of the S3 API takes, in one form for both schemas. */
export interface RuleFilter {
  readonly prefix: string;
  readonly tags: readonly Tag[];
}

/** Whether an object has all tags that a filter asks for. */
export function hasTags(filter: Pick<RuleFilter, "tags">, tags: Readonly<Record<string, string>>): boolean {
  return filter.tags.every(({ Key, Value }) => Object.hasOwn(tags, Key) && tags[Key] === Value);
}

/** Whether a filter takes every object that another one takes. */
export function takesAllOf(filter: RuleFilter, other: RuleFilter): boolean {
  return (
    other.prefix.startsWith(filter.prefix) &&
    filter.tags.every(({ Key, Value }) => other.tags.some((tag) => tag.Key === Key && tag.Value === Value))
  );
}

/** Whether a key can begin with both prefixes. */
export function prefixesMeet(prefix: string, other: string): boolean {
  return prefix.startsWith(other) || other.startsWith(prefix);
}
