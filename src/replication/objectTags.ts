/** What the tags of an object put into the context of a request for it. */
import type { Alternative, Context, ContextValue } from "../iam";

const EXISTING_TAG = "s3:ExistingObjectTag/";

export interface TagContext {
  readonly context: Context;
  readonly alternatives: readonly Alternative[];
}

/**
 * The object's tags are all there are. Names of condition keys have no case, and the keys of tags have: where two tags
 * differ in the case of their keys only, no page says which of them a condition meets.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
 */
export function existingTags(tags: Readonly<Record<string, string>>): TagContext {
  const spellings = new Map<string, [key: string, value: string][]>();
  for (const tag of Object.entries(tags)) {
    const name = tag[0].toLowerCase();
    spellings.set(name, [...(spellings.get(name) ?? []), tag]);
  }
  const context: Record<string, ContextValue> = { [`${EXISTING_TAG}*`]: { state: "absent" } };
  const alternatives: Alternative[] = [];
  for (const alike of spellings.values()) {
    const entries = alike.map(([key, value]): [string, ContextValue] => [
      `${EXISTING_TAG}${key}`,
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
