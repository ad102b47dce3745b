/** Which objects have to be decided on, so that every request is decided on that any object makes. */
import { unique } from "../../util/grouping";
import type { ObjectState } from "../../snapshot/snapshot";
import type { ContextValue, Request } from "../../iam";
import type { Consequence } from "../../replication/permissions";
import { type ReplicationRuleJson, selectsKms } from "../../replication/rules";
import type { TextClass } from "../../textClasses/keyClasses";
import { ANY_KEY, type Concern, type Cuts } from "./cuts";
import type { TagClasses } from "./tagClasses";
import type { AskedRequest, Walk } from "./objectWalk";

/** A kind of object that people expect in a report, whether or not it asks for something of its own. */
export interface BasicKind {
  readonly name: string;
  /** Whether it is expected only of rules that select SSE-KMS objects. */
  readonly forSelected: boolean;
}

const TAG = "s3:existingobjecttag/";

/** A request without the key of the object: what it is, and which cuts of the key have a say in it. */
interface KeylessRequest {
  readonly id: number;
  readonly cuts: ReadonlySet<number>;
  /** Whether it counts in the place of the one before. */
  readonly isInstead: boolean;
}

/** What an object was made of. */
interface Origin {
  readonly meaning: string;
  readonly keyClass: TextClass;
  readonly rules: readonly ReplicationRuleJson[];
}

/**
 * Keeps an object where, under one of the rules that take it, it is the first of its kind or makes a request that no
 * object before it made. Two requests are the same where every pattern that they are compared with says the same of both,
 * and a denial has the same consequence: an object all of whose requests were made before can fail only where another fails.
 */
export class Coverage {
  private readonly kept: { readonly object: ObjectState; readonly rules: readonly ReplicationRuleJson[] }[] =
    [];
  private readonly covered = new Map<ReplicationRuleJson, Set<string>>();
  /** By the shape of the rule, then by all of the object but its key. */
  private readonly requests = new Map<string, Map<string, readonly KeylessRequest[]>>();
  private readonly matched = new WeakMap<TextClass, Map<ReadonlySet<number>, string>>();
  private readonly ids = new Map<string, number>();
  private readonly origins = new WeakMap<ObjectState, Origin>();

  constructor(
    private readonly cuts: Cuts,
    private readonly tags: TagClasses,
    private readonly walk: Walk,
  ) {}

  /** @param keyOf The key that the object gets where it is kept, which takes longer to find than to do without. */
  offer(
    object: ObjectState,
    keyOf: () => string,
    keyClass: TextClass,
    rules: readonly ReplicationRuleJson[],
    basic: BasicKind | undefined,
  ): void {
    let isNew = false;
    const meaning = `${formOf(object)} ${this.tags.meaningOfAll(object.tags ?? {})}`;
    const matches = this.matchesOf(keyClass);
    for (const rule of rules) {
      let covered = this.covered.get(rule);
      if (covered === undefined) this.covered.set(rule, (covered = new Set()));
      const before = covered.size;
      if (basic !== undefined && (!basic.forSelected || selectsKms(rule))) covered.add(basic.name);
      for (const { id, cuts } of this.requestsOf(rule, object, meaning)) {
        covered.add(`${id} ${matches(cuts)}`);
      }
      isNew ||= covered.size > before;
    }
    if (!isNew) return;
    const kept = { ...object, key: keyOf() };
    this.kept.push({ object: kept, rules });
    this.origins.set(kept, { meaning, keyClass, rules });
  }

  /**
   * For each request that one of the objects makes under a rule, a name: requests of one name are decided alike. Only
   * where every object has one that stands for it.
   */
  namesOfRequests(object: ObjectState, rule: ReplicationRuleJson): string[] {
    const origin = this.origins.get(object);
    if (origin === undefined) return [];
    const matches = this.matchesOf(origin.keyClass);
    const names: string[] = [];
    for (const { id, cuts, isInstead } of this.requestsOf(rule, object, origin.meaning)) {
      const name = `${id} ${matches(cuts)}`;
      if (isInstead) names.push(`${names.pop()} or ${name}`);
      else names.push(name);
    }
    return names;
  }

  /** The rules that decide for an object that was kept, in the order of their destinations. */
  rulesOf(object: ObjectState): readonly ReplicationRuleJson[] | undefined {
    return this.origins.get(object)?.rules;
  }

  /** Which cuts of a request match the keys of a class, as text; requests that hang on the same cuts share the set. */
  private matchesOf(keyClass: TextClass): (cuts: ReadonlySet<number>) => string {
    let known = this.matched.get(keyClass);
    if (known === undefined) this.matched.set(keyClass, (known = new Map<ReadonlySet<number>, string>()));
    return (cuts) => {
      let text = known.get(cuts);
      if (text === undefined) {
        text = inBoth(keyClass.matches, cuts).join();
        known.set(cuts, text);
      }
      return text;
    };
  }

  objectsInOrder(order: ReadonlyMap<ReplicationRuleJson, number>): ObjectState[] {
    return this.kept
      .map(({ object, rules }) => ({
        object,
        place: Math.min(...rules.map((rule) => order.get(rule) ?? 0)),
      }))
      .sort((left, right) => left.place - right.place)
      .map(({ object }) => object);
  }

  /** @param meaning All of the object but its key. */
  private requestsOf(
    rule: ReplicationRuleJson,
    object: ObjectState,
    meaning: string,
  ): readonly KeylessRequest[] {
    const shape = shapeOfRule(rule);
    let ofShape = this.requests.get(shape);
    if (ofShape === undefined)
      this.requests.set(shape, (ofShape = new Map<string, readonly KeylessRequest[]>()));
    let requests = ofShape.get(meaning);
    if (requests === undefined) {
      requests = this.walk.requests(rule, { ...object, key: ANY_KEY }).map((asked) => this.withoutKey(asked));
      ofShape.set(meaning, requests);
    }
    return requests;
  }

  private withoutKey(asked: AskedRequest): KeylessRequest {
    const concern = this.cuts.concernOf(asked);
    const { permission, request, instead, ifDenied } = asked;
    const what = `${permission.target} ${request.action} ${request.resource}`;
    const consequences = ifDenied.map(consequenceText);
    const text = `${what} ${this.contextRead(request, concern)} ${instead} ${consequences.join(" / ")}`;
    const id = this.ids.get(text) ?? this.ids.size;
    this.ids.set(text, id);
    return { id, cuts: concern.cuts, isInstead: request.action !== permission.action };
  }

  /** What a request says that some statement reads. Which patterns match the key is said elsewhere. */
  private contextRead({ context, alternatives = [] }: Request, { reads }: Concern): string {
    if (reads.size === 0) return "";
    const read = (entries: Readonly<Record<string, ContextValue>>): string => {
      const found: string[] = [];
      for (const key of Object.keys(entries)) {
        const name = key.toLowerCase();
        const value = entries[key];
        if (value !== undefined && reads.has(name)) found.push(`${name}=${this.meaning(name, value)}`);
      }
      return found.sort().join("&");
    };
    const ofChoices = alternatives
      .map(({ options }) => unique(options.map((option) => read(option.context))).join("/"))
      .filter((text) => text !== "");
    return [read(context), ...ofChoices].join(" | ");
  }

  private meaning(name: string, value: ContextValue): string {
    if (value.state !== "known") return value.state;
    if (!name.startsWith(TAG)) return value.values.join();
    return value.values.map((text) => this.tags.meaningOf(name.slice(TAG.length), text)).join();
  }
}

function consequenceText(consequence: Consequence): string {
  switch (consequence.outcome) {
    case "FAILED":
      return consequence.failureReason;
    case "UNPROVEN":
      return consequence.contradiction;
    case "TAGS_LOST":
    case "ANNOTATIONS_LOST":
      return consequence.outcome;
  }
}

/** In one order for each set of cuts. @param ascending Each once. */
function inBoth(ascending: readonly number[], cuts: ReadonlySet<number>): number[] {
  // A key deep within a thousand prefixes matches as many patterns, of which most requests mind a few.
  return cuts.size * 10 < ascending.length
    ? [...cuts].filter((place) => holds(ascending, place))
    : ascending.filter((place) => cuts.has(place));
}

function holds(ascending: readonly number[], wanted: number): boolean {
  let [low, high] = [0, ascending.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = ascending[middle] ?? 0;
    if (found === wanted) return true;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

const encryptions = new WeakMap<ObjectState["encryption"], string>();

/** All of an object but its key and tags. */
function formOf(object: ObjectState): string {
  let text = "";
  for (const [field, value] of Object.entries(object) as [keyof ObjectState, unknown][]) {
    if (field === "key" || field === "tags" || field === "encryption") continue;
    text += `${field}=${JSON.stringify(value)} `;
  }
  const { encryption } = object;
  let encryptionText = encryptions.get(encryption);
  if (encryptionText === undefined) {
    encryptionText = JSON.stringify(encryption);
    encryptions.set(encryption, encryptionText);
  }
  return text + encryptionText;
}

const shapes = new WeakMap<ReplicationRuleJson, string>();

/** Equal for rules that differ in their filters only, which ask for the same things. */
export function shapeOfRule(rule: ReplicationRuleJson): string {
  let shape = shapes.get(rule);
  if (shape === undefined) {
    const filter = rule.Filter !== undefined;
    shape = JSON.stringify({
      ...rule,
      ID: undefined,
      Priority: undefined,
      Prefix: undefined,
      Filter: filter,
    });
    shapes.set(rule, shape);
  }
  return shape;
}
