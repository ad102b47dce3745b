/**
 * Which patterns cut the keys and the tags of a bucket's objects into classes. They are read off the very requests and
 * documents that are decided upon: each request is made once for a key that stands for all keys, and wherever that key
 * turns up (in the resource, in the encryption context) every pattern that it is compared with counts.
 */
import type { Context, PatternPart, Policies, Request } from "../../iam";
import { type ParsedOperator, parseOperator } from "../../iam/operators";
import type { ReplicationRequest } from "../../replication/requests";
import { afterText, globId, globOf, matchesAll } from "../../textClasses/glob";
import type { Pattern } from "../../textClasses/keyClasses";
import { type Patterns, patternsOfCondition, patternsOfResources } from "./patterns";
import {
  ActionNames,
  grantConstraints,
  keysRead,
  type PlacedStatement,
  statementsFor,
  variablesOf,
} from "./statements";
import { type ValuesOf, valuesIn } from "./variables";

/** The key that stands for all keys: a character of nobody's use. */
export const ANY_KEY = "\uf8ff";

/** A pattern, the text that it was made of first, and where that stands. */
export interface Cut {
  readonly pattern: Pattern;
  /** As the document writes it. */
  readonly texts: readonly string[];
  /** Undefined for the prefix of a rule. */
  readonly source?: PlacedStatement;
  /** Condition that the pattern stands in. */
  readonly conditionKey?: string;
}

/** What one request hangs on. */
export interface Concern {
  /** Cuts of the key, by their place. */
  readonly cuts: ReadonlySet<number>;
  /** Condition keys that are read, in lower case. */
  readonly reads: ReadonlySet<string>;
}

/** Something that classes cannot be cut by. */
export interface Obstacle {
  readonly texts: readonly string[];
  readonly source: PlacedStatement;
  readonly conditionKey?: string;
  /** Why, in words that follow the texts. */
  readonly because: string;
}

const EXISTING_TAG = "s3:existingobjecttag/";
const REQUEST_TAG = "s3:requestobjecttag/";
const REQUEST_TAG_KEYS = "s3:requestobjecttagkeys";

export class Cuts {
  /** Of the key; constant ones are left out. */
  readonly ofKey: Cut[] = [];
  /** Of the values of a tag, by the tag's key as conditions write it. */
  readonly ofTags = new Map<string, Cut[]>();
  /** Of the keys of tags. */
  readonly ofTagKeys: Cut[] = [];
  readonly obstacles: Obstacle[] = [];
  private readonly concerns = new Map<string, Concern>();
  private readonly placeOf = new Map<string, number>();
  private readonly known = new WeakMap<readonly string[], Map<string, number[]>>();

  constructor(private readonly names: ActionNames) {}

  /** @returns Place of the cut, or whether it holds for every key. */
  addPrefix(prefix: string): number | boolean {
    const parts: PatternPart[] = [{ kind: "text", text: prefix }, { kind: "any" }];
    return this.addKeyCut({ pattern: [globOf(parts)], texts: [`${prefix}*`] });
  }

  /** What a request hangs on: the same for the same request for other keys. */
  concernOf(request: ReplicationRequest): Concern {
    const shape = shapeOf(request);
    const concern = this.concerns.get(shape);
    if (concern === undefined) throw new RangeError(`'${shape}' was not among the requests that cut classes`);
    return concern;
  }

  /** Adds what a request for `ANY_KEY` is compared with; requests of one shape count once. */
  addRequest(asked: ReplicationRequest, policiesOf: () => Policies): void {
    const shape = shapeOf(asked);
    if (this.concerns.has(shape)) return;
    const { permission, request } = asked;
    const policies = policiesOf();
    const cuts = new Set<number>();
    const reads = new Set<string>();
    this.concerns.set(shape, { cuts, reads });
    const subjects = subjectsOf(request);
    let values: ValuesOf | undefined;
    const valuesOf: ValuesOf = (key) => (values ??= valuesIn(request))(key);
    const add: AddCuts = (found, fixed, patternsOf) => {
      for (const place of this.placesOf(found, fixed, patternsOf)) cuts.add(place);
    };
    for (const source of statementsFor(request, permission.target, policies, this.names)) {
      for (const key of keysRead(source)) reads.add(key);
      this.addVariableObstacles(source, subjects);
      if (subjects.resource !== undefined) {
        const { resources, notResources } = source.statement;
        const found = { texts: resources ?? notResources ?? [], source };
        const { version } = source.document;
        add(found, subjects.resource, () =>
          this.withoutObstacles(found, patternsOfResources(found.texts, version, valuesOf)),
        );
      }
      this.addConditions(source, subjects, valuesOf, add);
    }
    for (const { key, value } of grantConstraints(policies)) {
      reads.add(key);
      for (const fixed of subjects.context.get(key) ?? []) {
        add({ texts: [value] }, fixed, () => [[globOf([{ kind: "text", text: value }])]]);
      }
    }
  }

  /** Cached: the same texts after the same fixed text always yield the same cuts. */
  private placesOf(
    found: Omit<Cut, "pattern">,
    fixed: string,
    patternsOf: () => readonly Pattern[],
  ): readonly number[] {
    const { texts } = found;
    const known = this.known.get(texts)?.get(fixed);
    if (known !== undefined) return known;
    const places = patternsOf().flatMap((pattern) => {
      const left = pattern.flatMap((glob) => afterText(glob, fixed) ?? []);
      const place = this.addKeyCut({ ...found, pattern: left });
      return typeof place === "number" ? [place] : [];
    });
    // What a policy variable stands for depends on the request.
    if (!texts.some((text) => text.includes("${"))) {
      this.known.set(texts, (this.known.get(texts) ?? new Map<string, number[]>()).set(fixed, places));
    }
    return places;
  }

  private addConditions(source: PlacedStatement, subjects: Subjects, valuesOf: ValuesOf, add: AddCuts): void {
    for (const { key: conditionKey, operator: text, values: texts } of source.statement.conditions) {
      const key = conditionKey.toLowerCase();
      const tag = tagOf(conditionKey);
      const fixed = subjects.context.get(key);
      const operator = parseOperator(text);
      if (operator === undefined || (tag === undefined && fixed === undefined && key !== REQUEST_TAG_KEYS)) {
        continue;
      }
      if (tag !== undefined && !this.ofTags.has(tag)) this.ofTags.set(tag, []);
      const found = { texts, source, conditionKey };
      const patternsOf = () => this.conditionPatterns(found, operator, valuesOf, fixed !== undefined);
      if (fixed !== undefined) {
        for (const before of fixed) add(found, before, patternsOf);
      } else {
        const cuts = tag === undefined ? this.ofTagKeys : (this.ofTags.get(tag) ?? []);
        for (const pattern of patternsOf()) {
          const id = JSON.stringify(pattern);
          // The same condition counts once, however many actions its statement has.
          if (
            pattern.length > 0 &&
            !cuts.some((cut) => cut.texts === texts && JSON.stringify(cut.pattern) === id)
          ) {
            cuts.push({ ...found, pattern });
          }
        }
      }
    }
  }

  private conditionPatterns(
    found: Omit<Obstacle, "because">,
    operator: ParsedOperator,
    valuesOf: ValuesOf,
    isARN: boolean,
  ): Pattern[] {
    return this.withoutObstacles(found, patternsOfCondition(found, operator, valuesOf, isARN));
  }

  private withoutObstacles(found: Omit<Obstacle, "because">, patterns: Patterns): Pattern[] {
    for (const obstacle of patterns.obstacles) this.obstacles.push({ ...found, ...obstacle });
    return patterns.patterns;
  }

  /** A variable that is made from the object itself sets key and tags in relation, and no pattern can say that. */
  private addVariableObstacles(source: PlacedStatement, { context }: Subjects): void {
    for (const { key, text, conditionKey } of variablesOf(source)) {
      const lower = key.toLowerCase();
      if (tagOf(key) === undefined && lower !== REQUEST_TAG_KEYS && !context.has(lower)) continue;
      this.obstacles.push({ texts: [text], source, conditionKey, because: `changes with each object` });
    }
  }

  private addKeyCut(cut: Cut): number | boolean {
    const pattern = [...new Map(cut.pattern.map((glob) => [globId(glob), glob])).entries()];
    if (pattern.length === 0) return false;
    if (pattern.some(([, glob]) => matchesAll(glob))) return true;
    const id = pattern
      .map(([each]) => each)
      .sort()
      .join(";");
    let place = this.placeOf.get(id);
    if (place === undefined) {
      place = this.ofKey.push({ ...cut, pattern: pattern.map(([, glob]) => glob) }) - 1;
      this.placeOf.set(id, place);
    }
    return place;
  }
}

/** The key of the tag whose value a condition key is. */
function tagOf(conditionKey: string): string | undefined {
  const lower = conditionKey.toLowerCase();
  if (lower.startsWith(EXISTING_TAG)) return conditionKey.slice(EXISTING_TAG.length);
  return lower.startsWith(REQUEST_TAG) ? conditionKey.slice(REQUEST_TAG.length) : undefined;
}

type AddCuts = (found: Omit<Cut, "pattern">, fixed: string, patternsOf: () => readonly Pattern[]) => void;

interface Subjects {
  /** What stands before the key of the object in the resource. */
  readonly resource?: string;
  /** The same for the values of condition keys, in lower case. */
  readonly context: ReadonlyMap<string, readonly string[]>;
}

function subjectsOf({ resource, context, alternatives = [] }: Request): Subjects {
  const before = (text: string) => (text.endsWith(ANY_KEY) ? text.slice(0, -ANY_KEY.length) : undefined);
  const contexts = [
    context,
    ...alternatives.flatMap(({ options }) => options.map((option) => option.context)),
  ];
  const made = new Map<string, string[]>();
  for (const [key, value] of contexts.flatMap((each) => Object.entries(each))) {
    const fixed = (value.state === "known" ? value.values : []).flatMap((text) => before(text) ?? []);
    if (fixed.length > 0) {
      made.set(key.toLowerCase(), [...new Set([...(made.get(key.toLowerCase()) ?? []), ...fixed])]);
    }
  }
  return { resource: before(resource), context: made };
}

/**
 * Equal for requests for `ANY_KEY` that differ in the tags of their objects only: those are cut apart from the key. What
 * requests have in common follows from their action and their resource.
 */
function shapeOf({ permission, request }: ReplicationRequest): string {
  const { action, resource, context, alternatives = [] } = request;
  let shape = `${permission.target} ${action} ${resource} ${textWithoutTags(context)}`;
  for (const { options } of alternatives) {
    const texts = options.map((option) => textWithoutTags(option.context));
    if (texts.some((text) => text !== "")) shape += ` | ${texts.join(" / ")}`;
  }
  return shape;
}

function textWithoutTags(context: Context): string {
  let text = "";
  for (const key of Object.keys(context)) {
    const value = context[key];
    if (value === undefined || isOfTags(key)) continue;
    text += `${key}=${value.state === "known" ? value.values.join() : value.state}&`;
  }
  return text;
}

/** Whether a condition key says something of the tags of an object. */
function isOfTags(conditionKey: string): boolean {
  return tagOf(conditionKey) !== undefined || conditionKey.toLowerCase() === REQUEST_TAG_KEYS;
}
