/** The objects that stand for all objects of a bucket which its rules take. */
import type { BucketState, ObjectState } from "../../snapshot/snapshot";
import type { Policies } from "../../iam";
import {
  decidingAmong,
  filterOf,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
} from "../../replication/rules";
import type { ObjectReport } from "../report/report";
import { documentsOf } from "../policyBook";
import { Coverage, shapeOfRule } from "./coverage";
import { type Form, formsOf } from "./encryptions";
import {
  isTooMany,
  OBJECT_KEYS,
  type Pattern,
  type TextClass,
  textClasses,
  type TextClasses,
  type TooManyClasses,
} from "../../textClasses/keyClasses";
import { ANY_KEY, Cuts } from "./cuts";
import { readableKey } from "./readable";
import { ActionNames } from "./statements";
import { TagClasses, type Tags } from "./tagClasses";
import { Takers } from "./takers";
import { unclassedReport } from "./unclassed";
import type { AskedRequest, Walk } from "./objectWalk";

export interface Kinds {
  /** In the order of the rules that take them. */
  readonly objects: readonly ObjectState[];
  /** One that is unproven, where not every object has one that stands for it. */
  readonly unclassed?: ObjectReport;
  /** Names of the requests of an object under a rule: those of one name are decided alike. */
  readonly namesOfRequests?: (object: ObjectState, rule: ReplicationRuleJson) => readonly string[];
  /** The rules that decide for one of the objects, in the order of their destinations. Left out: not known. */
  readonly rulesOf?: (object: ObjectState) => readonly ReplicationRuleJson[] | undefined;
}

/** Work for all buckets of a snapshot together; a thousand rules or statements take a tenth of it. */
const MAX_STEPS = 4_000_000;

/** More sets of tags than this, over all classes of keys, are too many to decide on each. */
const MAX_COMBINATIONS = 20_000;

/** What many buckets have in common is worked out once. */
export class ClassMemory {
  readonly actions = new ActionNames();
  private readonly known = new Map<string, TextClasses | TooManyClasses>();
  private steps = 0;

  /** @param earlier What was worked out for another snapshot: mended rules are cut like the rules before. */
  constructor(private readonly earlier?: ClassMemory) {}

  classesOf(patterns: readonly Pattern[], maxSteps = MAX_STEPS - this.steps): TextClasses | TooManyClasses {
    const id = JSON.stringify(patterns);
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const result = this.earlier?.within(id, maxSteps) ?? textClasses(patterns, OBJECT_KEYS, maxSteps);
    this.steps += result.steps;
    this.known.set(id, result);
    return result;
  }

  /** Classes that were found in no more steps than there are now. */
  private within(id: string, maxSteps: number): TextClasses | undefined {
    const known = this.known.get(id);
    return known !== undefined && !isTooMany(known) && known.steps <= maxSteps ? known : undefined;
  }
}

export function kindsOf(
  bucketArn: string,
  bucket: BucketState,
  configuration: ReplicationConfiguration,
  forgetfulWalk: Walk,
  memory: ClassMemory,
): Kinds {
  const rules = configuration.Rules.filter(({ Status: status }) => status === "Enabled");
  const walk = remembering(forgetfulWalk);
  const sample = { bucket: bucketArn, key: ANY_KEY, encryption: { algorithm: "AES256" } } as const;
  const identity = identityOf(rules, walk, sample);
  const forms = formsOf(
    bucketArn,
    bucket,
    configuration,
    walk.snapshot,
    identity,
    memory.actions,
    mentionsAnnotations(rules, walk, sample),
  );
  const cuts = new Cuts(memory.actions);
  const takers = new Takers(rules, cuts);
  for (const rule of new Map(rules.map((each) => [shapeOfRule(each), each])).values()) {
    for (const object of samples(bucketArn, forms)) {
      for (const asked of walk.requests(rule, object))
        cuts.addRequest(asked, () => walk.policies(rule, asked));
    }
  }
  const tags = new TagClasses(cuts.ofTags, cuts.ofTagKeys, rules.map(filterOf));
  const found = memory.classesOf(cuts.ofKey.map(({ pattern }) => pattern));
  // Prefixes alone are never too many. Objects that they cut can show that a set-up is broken, if not that it is not.
  const keys = isTooMany(found)
    ? memory.classesOf(
        cuts.ofKey.map(({ pattern }, place) => (takers.isPrefix(place) ? pattern : [])),
        Infinity,
      )
    : found;
  const coverage = new Coverage(cuts, tags, walk);
  let combinations = 0;
  for (const keyClass of isTooMany(keys) ? [] : keys.classes) {
    const rulesHere = takers.rulesFor(keyClass);
    if (rulesHere.length === 0) continue;
    const sets = tags.setsFor(rulesHere.map(filterOf));
    combinations += sets.length;
    const isTooMuch = combinations > MAX_COMBINATIONS + rules.length;
    if (isTooMuch) tags.giveUp();
    const includes = (key: string) => !isTooMany(keys) && keys.includes(keyClass, key);
    const ofClass = new ClassObjects(bucketArn, keyClass, includes, rulesHere, coverage);
    for (const { tags: own, extra } of sets) {
      if (!isTooMuch || Object.keys(extra).length === 0) ofClass.add(own, extra, forms, tags.unmentioned);
    }
    ofClass.addDeleteMarker();
  }
  const objects = coverage.objectsInOrder(new Map(rules.map((rule, index) => [rule, index])));
  const unclassed = unclassedReport(bucketArn, cuts, isTooMany(found) ? found : undefined, tags);
  const rulesOf = (object: ObjectState) => coverage.rulesOf(object);
  if (unclassed !== undefined) return { objects, unclassed, rulesOf };
  return { objects, rulesOf, namesOfRequests: (object, rule) => coverage.namesOfRequests(object, rule) };
}

/** The objects of one class of keys. */
class ClassObjects {
  constructor(
    private readonly bucketArn: string,
    private readonly keyClass: TextClass,
    private readonly includes: (key: string) => boolean,
    private readonly rules: readonly ReplicationRuleJson[],
    private readonly coverage: Coverage,
  ) {}

  /** Objects with a set of tags in every form, and the same with one more tag that nothing mentions. */
  add(tags: Tags, extra: Tags, forms: readonly Form[], unmentioned: Tags): void {
    const rules = this.rulesFor(tags);
    const words = Object.entries(extra).map(([key, value]) => `${key}=${value}`);
    const hasExtra = words.length > 0;
    const addForms = (
      chosen: readonly Form[],
      more: Tags,
      name: (form: Form) => string,
      isBasic: boolean,
    ) => {
      for (const form of chosen) {
        this.coverage.offer(
          objectOf(this.bucketArn, ANY_KEY, form, { ...tags, ...more }),
          () => this.key(name(form)),
          this.keyClass,
          rules,
          isBasic ? { name: name(form), forSelected: form.forSelected } : undefined,
        );
      }
    };
    const [plain, ...others] = forms;
    if (plain === undefined) return;
    if (hasExtra) {
      const tagged = words.every((word) => /^[\w.=-]{1,40}$/.test(word))
        ? `tagged-${words.join("-")}`
        : "tagged";
      addForms(forms, {}, ({ name }) => (name === "plain" ? tagged : `${name}-${tagged}`), false);
      return;
    }
    const basic = others.filter(
      ({ name, locked, annotated }) => (!locked && annotated !== true) || name === "locked",
    );
    const rest = others.filter((form) => !basic.includes(form));
    const canHaveMore = Object.keys(tags).length < 10;
    const word = ({ name }: Form) => name;
    addForms([plain], {}, word, true);
    if (canHaveMore) addForms([plain], unmentioned, () => "tagged", true);
    addForms(basic, {}, word, true);
    addForms(rest, {}, word, false);
    if (canHaveMore) addForms(others, unmentioned, ({ name }) => `${name}-tagged`, false);
  }

  /** A delete marker has no tags. */
  addDeleteMarker(): void {
    this.coverage.offer(
      {
        bucket: this.bucketArn,
        key: ANY_KEY,
        encryption: { algorithm: "AES256" },
        deleteMarker: true,
      },
      () => this.key("deleted"),
      this.keyClass,
      this.rulesFor({}),
      { name: "deleted", forSelected: false },
    );
  }

  private rulesFor(tags: Tags): ReplicationRuleJson[] {
    return decidingAmong(this.rules, tags);
  }

  private key(kind: string): string {
    return readableKey(this.keyClass, kind, this.includes);
  }
}

function objectOf(
  bucket: string,
  key: string,
  { encryption, locked, annotated }: Form,
  tags: Tags,
): ObjectState {
  const hasTags = Object.keys(tags).length > 0;
  return {
    bucket,
    key,
    encryption,
    ...(hasTags ? { tags } : {}),
    ...(annotated === true ? { annotated } : {}),
    ...(locked ? { objectLock: true } : {}),
  };
}

/** Objects that between them make every request there is. */
function samples(bucketArn: string, forms: readonly Form[]): ObjectState[] {
  const tagSets: readonly Tags[] = [{}, { team: "storage" }];
  return [
    ...forms.flatMap((form) => tagSets.map((tags) => objectOf(bucketArn, ANY_KEY, form, tags))),
    { bucket: bucketArn, key: ANY_KEY, encryption: { algorithm: "AES256" }, deleteMarker: true },
  ];
}

/** Whether some policy of the rules' requests names an action on annotations. */
function mentionsAnnotations(
  rules: readonly ReplicationRuleJson[],
  walk: Walk,
  object: ObjectState,
): boolean {
  const shapes = new Map(rules.map((rule) => [shapeOfRule(rule), rule])).values();
  return [...shapes].some((rule) =>
    walk
      .requests(rule, object)
      .flatMap((asked) => documentsOf(walk.policies(rule, asked)))
      .flatMap(({ statements }) => statements)
      .some(({ actions, notActions }) =>
        (actions ?? notActions ?? []).some((action) => /annotation/i.test(action)),
      ),
  );
}

function identityOf(
  rules: readonly ReplicationRuleJson[],
  walk: Walk,
  object: ObjectState,
): Policies["identity"] {
  for (const rule of rules) {
    for (const asked of walk.requests(rule, object)) return walk.policies(rule, asked).identity;
  }
  return "unread";
}

/** Rules that differ in their filters only ask for the same things for an object. */
function remembering(walk: Walk): Walk {
  const known = new Map<string, readonly AskedRequest[]>();
  return {
    ...walk,
    requests: (rule, object) => {
      const id = `${shapeOfRule(rule)} ${JSON.stringify(object)}`;
      let requests = known.get(id);
      if (requests === undefined) {
        requests = walk.requests(rule, object);
        known.set(id, requests);
      }
      return requests;
    },
  };
}
