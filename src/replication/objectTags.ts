/** What tags put into the context of a request: those of an object, a role, a bucket or a key. */
import type { Alternative, Context, ContextValue } from "../iam";

export interface TagContext {
  readonly context: Context;
  readonly alternatives: readonly Alternative[];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html */
export function existingTags(tags: Tags): TagContext {
  return tagContext("s3:ExistingObjectTag/", tags);
}

type Tags = Readonly<Record<string, string>>;

/**
 * The tags are all there are. Names of condition keys have no case, and the keys of tags have: where two tags
 * differ in the case of their keys only, no page says which of them a condition meets.
 *
 * @param family What the condition keys begin with: `aws:ResourceTag/`.
 */
export function tagContext(family: string, tags: Tags): TagContext {
  const spellings = new Map<string, [key: string, value: string][]>();
  for (const tag of Object.entries(tags)) {
    const name = tag[0].toLowerCase();
    spellings.set(name, [...(spellings.get(name) ?? []), tag]);
  }
  const context: Record<string, ContextValue> = { [`${family}*`]: { state: "absent" } };
  const alternatives: Alternative[] = [];
  for (const alike of spellings.values()) {
    const entries = alike.map(([key, value]): [string, ContextValue] => [
      `${family}${key}`,
      { state: "known", values: [value] },
    ]);
    if (new Set(alike.map(([, value]) => value)).size === 1) {
      Object.assign(context, Object.fromEntries(entries.slice(0, 1)));
      continue;
    }
    alternatives.push({
      name: `tags ${alike.map(([key]) => `'${key}'`).join(" and ")}`,
      options: entries.map((entry, index) => ({
        label: `'${alike[index]?.[0]}'`,
        context: Object.fromEntries([entry]),
      })),
    });
  }
  return { context, alternatives };
}
