/** Refusals of a rule's filter. */
import { LONGEST_TAG_KEY, LONGEST_TAG_VALUE } from "../../naming/names";
import type { Tag } from "../ruleFilter";
import { filterFor, filterOf, type ReplicationRuleJson } from "../rules";
import { eachRule, type Mend, NOT_WELL_FORMED, type RefusalRow, set, without } from "./refusal";

const OBJECT_TAGGING = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html";
const FILTER = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRuleFilter.html";

function filterIs(
  isViolated: (filter: NonNullable<ReplicationRuleJson["Filter"]>) => boolean,
  mends: (rule: ReplicationRuleJson) => Mend[],
  sentence: string,
): RefusalRow["violations"] {
  return eachRule(
    (rule) => (rule.Filter !== undefined && isViolated(rule.Filter) ? mends(rule) : undefined),
    sentence,
  );
}

const writtenPlainly = (rule: ReplicationRuleJson) => set(filterFor(filterOf(rule)), "Filter");

function withoutRepeats(tags: readonly Tag[]): Tag[] {
  return tags.filter(
    ({ Key, Value }, index) => tags.findIndex((tag) => tag.Key === Key && tag.Value === Value) === index,
  );
}

function hasKeyTwice(tags: readonly Tag[]): boolean {
  return new Set(tags.map(({ Key }) => Key)).size < tags.length;
}

export const FILTER_REFUSALS: readonly RefusalRow[] = [
  {
    name: "filter and prefix",
    code: "MalformedXML",
    violations: eachRule(
      (rule) =>
        rule.Filter !== undefined && rule.Prefix !== undefined
          ? set({ ...without(rule, "Prefix"), Filter: filterFor(filterOf(rule)) })
          : undefined,
      NOT_WELL_FORMED,
    ),
    mend: "put the prefix into the Filter, and leave Prefix out",
    grade: "documented",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html",
  },
  {
    name: "several filters side by side",
    code: "MalformedXML",
    violations: filterIs(
      (filter) => [filter.Prefix, filter.Tag, filter.And].filter((part) => part !== undefined).length > 1,
      writtenPlainly,
      NOT_WELL_FORMED,
    ),
    mend: "put a prefix and tags, or several tags, into one And: a Filter holds exactly one of Prefix, Tag and And",
    grade: "documented",
    source: FILTER,
  },
  {
    name: "an And of less than two",
    code: "MalformedXML",
    violations: filterIs(
      ({ And: and }) => and !== undefined && (and.Tags?.length ?? 0) + (and.Prefix === undefined ? 0 : 1) < 2,
      writtenPlainly,
      NOT_WELL_FORMED,
    ),
    mend: "write a single prefix or a single tag without And",
    grade: "reported",
    source: FILTER,
  },
  {
    name: "an empty tag key",
    code: "InvalidTag",
    violations: eachRule(
      (rule) =>
        filterOf(rule).tags.some(({ Key }) => Key === "") ? [{ byHand: "name the tag" }] : undefined,
      "The TagKey you have provided is invalid",
    ),
    mend: "give every tag of the filter a key",
    grade: "documented",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tag.html",
  },
  {
    name: "too long a tag key",
    code: "InvalidTag",
    violations: eachRule(
      (rule) =>
        filterOf(rule).tags.some(({ Key }) => Key.length > LONGEST_TAG_KEY)
          ? [{ byHand: `name a tag of at most ${LONGEST_TAG_KEY} characters: no object has a longer one` }]
          : undefined,
      "The TagKey you have provided is invalid",
    ),
    mend: `name tags by keys of at most ${LONGEST_TAG_KEY} characters`,
    grade: "documented",
    source: OBJECT_TAGGING,
  },
  {
    name: "too long a tag value",
    code: "InvalidTag",
    violations: eachRule(
      (rule) =>
        filterOf(rule).tags.some(({ Value }) => Value.length > LONGEST_TAG_VALUE)
          ? [{ byHand: `give a value of at most ${LONGEST_TAG_VALUE} characters: no tag has a longer one` }]
          : undefined,
      "The TagValue you have provided is invalid",
    ),
    mend: `give tags values of at most ${LONGEST_TAG_VALUE} characters`,
    grade: "documented",
    source: OBJECT_TAGGING,
  },
  {
    name: "a tag key twice",
    code: "InvalidRequest",
    violations: eachRule((rule) => {
      const filter = filterOf(rule);
      if (!hasKeyTwice(filter.tags)) return undefined;
      const tags = withoutRepeats(filter.tags);
      return hasKeyTwice(tags)
        ? [{ byHand: "an object has one value of a tag: write a rule for each value" }]
        : set(filterFor({ ...filter, tags }), "Filter");
    }, "Duplicate Tag Keys are not allowed."),
    mend: "name each tag key once in the filter",
    grade: "reported",
    source: FILTER,
  },
];
