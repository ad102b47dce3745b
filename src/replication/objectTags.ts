/** What tags put into the context of a request: those of an object, a role, a bucket or a key. */
import type { Alternative, Context, ContextValue } from "../iam";

export interface TagContext {
  readonly context: Context;
  readonly alternatives: readonly Alternative[];
}

const EXISTING_TAG = "s3:ExistingObjectTag/";

/**
 * @param action That of the request: not all of them are listed with tags.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
 */
export function existingTags(tags: Tags, action: string): TagContext {
  const found = tagContext(EXISTING_TAG, tags);
  return WITHOUT_TAGS.includes(action) ? orNone(found) : found;
}

/** Actions that read an object and for which AWS lists no `s3:ExistingObjectTag`. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const WITHOUT_TAGS = ["s3:GetObjectVersionForReplication", "s3:GetObjectRetention", "s3:GetObjectLegalHold"];

const ABSENT: ContextValue = { state: "absent" };

/** The tags may be in the context of the request all the same, or none of them is. */
function orNone({ context, alternatives }: TagContext): TagContext {
  const { [`${EXISTING_TAG}*`]: others = ABSENT, ...own } = context;
  const names = [
    ...Object.keys(own),
    ...alternatives.flatMap(({ options }) => options.flatMap((option) => Object.keys(option.context))),
  ];
  if (names.length === 0) return { context, alternatives };
  const none = Object.fromEntries(names.map((name): [string, ContextValue] => [name, ABSENT]));
  const sent = {
    name: "tags of the object",
    options: [
      { label: "sent", context: own },
      { label: "not sent", context: none },
    ],
  };
  // The later of two alternatives counts, so that what is not sent overrides which of two tags is.
  return { context: { [`${EXISTING_TAG}*`]: others }, alternatives: [...alternatives, sent] };
}

type Tags = Readonly<Record<string, string>>;

/**
 * The tags are all there are. Names of condition keys have no case, and the keys of tags have: where two tags
 * differ in the case of their keys only, no page says which of them a condition meets.
 *
 * @param family What the condition keys begin with: `aws:ResourceTag/`.
 */
export function tagContext(family: string, tags: Tags): TagContext {
  const ofTags = contexts.get(tags) ?? new Map<string, TagContext>();
  contexts.set(tags, ofTags);
  const known = ofTags.get(family) ?? tagContextOf(family, tags);
  ofTags.set(family, known);
  return known;
}

/** An object has several requests, and many objects have no tags. */
const contexts = new WeakMap<Tags, Map<string, TagContext>>();

function tagContextOf(family: string, tags: Tags): TagContext {
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
