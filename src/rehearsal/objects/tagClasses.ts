/** The sets of tags that rules and conditions can tell apart. */
import type { RuleFilter } from "../../replication/ruleFilter";
import { globOf } from "../../textClasses/glob";
import { isTooMany, type Pattern, textClasses, type TextSpace } from "../../textClasses/keyClasses";
import type { Cut } from "./cuts";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MAX_TAGS = 10;

/** More sets of tags than this, for the objects of one class of keys, are too many to decide on each. */
export const MAX_TAG_SETS = 1024;

/** Letters, spaces and digits of any language, and a few signs. */
const TAG_CHARACTER = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]$/u;
const textsUpTo = (minLength: number, maxLength: number): TextSpace => ({
  minLength,
  maxLength,
  lengthOf: () => 1,
  allows: (character) => character <= 0x10ffff && TAG_CHARACTER.test(String.fromCodePoint(character)),
});
const TAG_VALUES = textsUpTo(0, 256);
const TAG_KEYS = textsUpTo(1, 128);

export type Tags = Readonly<Record<string, string>>;

export interface TagSet {
  readonly tags: Tags;
  /** Tags that no rule of the set asks for: conditions tell them apart. */
  readonly extra: Tags;
}

/** Cuts whose classes are too many. */
export interface TagExplosion {
  readonly cuts: readonly Cut[];
}

interface TagValue {
  readonly text: string;
  /** Which conditions the value meets. */
  readonly meets: string;
}

interface Dimension {
  readonly key: string;
  readonly values: readonly TagValue[];
}

export class TagClasses {
  readonly explosions: TagExplosion[] = [];
  /** A tag that neither rules nor conditions mention. */
  readonly unmentioned: Tags;
  private readonly dimensions: Dimension[] = [];
  /** What the values of a tag meet, by the tag's key in lower case: condition keys have no case. */
  private readonly meetings = new Map<string, ReadonlyMap<string, string>>();

  constructor(
    private readonly ofTags: ReadonlyMap<string, readonly Cut[]>,
    ofTagKeys: readonly Cut[],
    private readonly filters: readonly RuleFilter[],
  ) {
    const keys = new Set([...ofTags.keys(), ...this.keysMatching(ofTagKeys)]);
    const conditioned = new Set([...keys].map((key) => key.toLowerCase()));
    const ofRules = new Set(filters.flatMap(({ tags }) => tags.map(({ Key: key }) => key)));
    for (const key of ofRules) {
      if (conditioned.has(key.toLowerCase())) keys.add(key);
    }
    // Conditions look at the keys of tags without regard to case, rules do not: a tag can be seen by conditions alone.
    for (const lower of conditioned) {
      const spellings = [...keys, lower, lower.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)];
      const unseen = spellings.find((key) => key.toLowerCase() === lower && !ofRules.has(key));
      if (unseen !== undefined) keys.add(unseen);
    }
    const valuesOf = new Map([...conditioned].map((lower) => [lower, this.classesOfValues(lower)]));
    for (const [lower, values] of valuesOf) {
      this.meetings.set(lower, new Map(values.map(({ text, meets }) => [text, meets])));
    }
    for (const key of keys) this.dimensions.push({ key, values: valuesOf.get(key.toLowerCase()) ?? [] });
    this.unmentioned = { [this.unmentionedKey()]: "storage" };
  }

  /** What a tag means to conditions: values that meet the same conditions are as good as one value. */
  meaningOf(key: string, value: string): string {
    return this.meetings.get(key.toLowerCase())?.get(value) ?? "";
  }

  /** The same for all tags of an object: objects with tags that mean the same make the same requests. */
  meaningOfAll(tags: Tags): string {
    const entries = Object.entries(tags);
    const read = entries.filter(([key]) => this.meetings.has(key.toLowerCase()));
    return JSON.stringify([
      entries.length > 0,
      ...read.map(([key, value]) => [key.toLowerCase(), this.meaningOf(key, value)]).sort(),
    ]);
  }

  /**
   * Sets of tags that stand for all sets which objects of some rules can have. For each rule its own tags are enough, as
   * more tags can only hand the object to another rule, which has its own set; on top come the tags that conditions
   * read, absent and with each value that rules and conditions tell apart.
   */
  setsFor(filters: readonly RuleFilter[]): TagSet[] {
    const literals = new Set(
      filters.flatMap(({ tags }) => tags.map(({ Key: key, Value: value }) => `${key}=${value}`)),
    );
    const dimensions = this.dimensions.map(({ key, values }) => ({
      key,
      values: distinctValues(values, (text) => literals.has(`${key}=${text}`)),
    }));
    const sets = new Map<string, TagSet>();
    // Most of a thousand rules ask for the same tags, or for none.
    const owns = [
      ...new Map(filters.map(({ tags }) => [tags.length === 0 ? "" : JSON.stringify(tags), tags])).values(),
    ].map((tags) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])));
    const count = owns.reduce((sum, own) => sum + combinationsOf(dimensions, own), 0);
    const isTooMuch = count > MAX_TAG_SETS + owns.length;
    if (isTooMuch) this.giveUp();
    for (const own of owns) {
      for (const extra of isTooMuch ? [{}] : combine(dimensions, own)) {
        const tags = { ...own, ...extra };
        if (Object.keys(tags).length > MAX_TAGS) continue;
        const id = JSON.stringify(Object.entries(tags).sort());
        if (!sets.has(id) || Object.keys(extra).length === 0) sets.set(id, { tags, extra });
      }
    }
    return [...sets.values()];
  }

  /** Notes that not all sets were looked at. */
  giveUp(): void {
    if (this.explosions.length > 0) return;
    this.explosions.push({ cuts: this.dimensions.flatMap(({ key }) => this.ofTags.get(key) ?? []) });
  }

  private unmentionedKey(): string {
    const ofRules = this.filters.flatMap(({ tags }) => tags.map(({ Key: key }) => key));
    const mentioned = new Set(
      [...this.dimensions.map(({ key }) => key), ...ofRules].map((key) => key.toLowerCase()),
    );
    let key = "team";
    for (let count = 2; mentioned.has(key); count += 1) key = `team-${count}`;
    return key;
  }

  /** Where a condition is on the keys of tags, each class of keys is one more tag to have or not to have. */
  private keysMatching(cuts: readonly Cut[]): string[] {
    const result = textClasses(
      cuts.map(({ pattern }) => pattern),
      TAG_KEYS,
    );
    if (!isTooMany(result)) {
      return result.classes.filter(({ matches }) => matches.length > 0).map(({ witness }) => witness);
    }
    this.explosions.push({ cuts: result.blame.flatMap((place) => cuts[place] ?? []) });
    return [];
  }

  private classesOfValues(lowerKey: string): TagValue[] {
    const cuts = [...this.ofTags].flatMap(([key, each]) => (key.toLowerCase() === lowerKey ? each : []));
    const literals = new Set(
      this.filters.flatMap(({ tags }) =>
        tags.flatMap(({ Key: key, Value: value }) => (key.toLowerCase() === lowerKey ? [value] : [])),
      ),
    );
    const patterns: Pattern[] = [
      ...cuts.map(({ pattern }) => pattern),
      ...[...literals].map((text) => [globOf([{ kind: "text", text }])]),
    ];
    const result = textClasses(patterns, TAG_VALUES);
    if (isTooMany(result)) {
      this.explosions.push({ cuts: result.blame.flatMap((place) => cuts[place] ?? []) });
      return [...literals].map((text) => ({ text, meets: text }));
    }
    return result.classes.map((found) => ({
      // A word, where one will do.
      text: result.includes(found, "other") ? "other" : found.witness,
      meets: found.matches.filter((place) => place < cuts.length).join(),
    }));
  }
}

/** Of the values that meet the same conditions: those that a rule asks for, and one of the others. */
function distinctValues(values: readonly TagValue[], isAskedFor: (text: string) => boolean): TagValue[] {
  const others = new Set<string>();
  return values.filter(({ text, meets }) => {
    if (isAskedFor(text)) return true;
    if (others.has(meets)) return false;
    others.add(meets);
    return true;
  });
}

function combinationsOf(dimensions: readonly Dimension[], own: Tags): number {
  return dimensions.reduce(
    (product, { key, values }) => (Object.hasOwn(own, key) ? product : product * (1 + values.length)),
    1,
  );
}

/** Each tag absent or with one of its values, the fewest tags first. */
function combine(dimensions: readonly Dimension[], own: Tags): Tags[] {
  let sets: Tags[] = [{}];
  for (const { key, values } of dimensions) {
    if (Object.hasOwn(own, key)) continue;
    sets = sets.flatMap((tags) => [tags, ...values.map(({ text }) => ({ ...tags, [key]: text }))]);
  }
  return sets.sort((left, right) => Object.keys(left).length - Object.keys(right).length);
}
