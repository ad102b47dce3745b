/**
 * Rules of which a part could not be read. What was read of one says which objects it may take; whether it takes them, and
 * what becomes of them then, nobody can tell.
 */
import { hasTags, type Tag } from "./ruleFilter";

export interface UnreadRule {
  /** Place among the rules as they are written, from 0. */
  readonly place: number;
  /** Its ID, or its place. */
  readonly name: string;
  /** Every object that it takes has this prefix; empty where the prefix was not read. */
  readonly prefix: string;
  /** Tags that every object has which it takes, as far as they were read. */
  readonly tags: readonly Tag[];
  /** ARN of the destination bucket. Left out: not read. */
  readonly destination?: string;
  /** Left out: not read, or there is none. */
  readonly priority?: number;
  /** Whether only objects under SSE-KMS hang on what was not read: the rule for all others is among those that were. */
  readonly isOfKmsAlone: boolean;
}

/** An object, as far as rules tell objects apart. */
export interface TakenObject {
  readonly key: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly isKms: boolean;
}

/** Whether it is possible that the rule takes an object. */
export function mayTake(rule: UnreadRule, object: TakenObject): boolean {
  return (
    (object.isKms || !rule.isOfKmsAlone) && object.key.startsWith(rule.prefix) && hasTags(rule, object.tags)
  );
}

/** A rule that was read, and that takes the object. */
interface Rival {
  readonly Priority?: number;
  readonly Destination: { readonly Bucket: string };
}

/** Whether it is possible that the rule decides in the place of another one that takes the same object. */
export function mayComeBefore({ destination, priority }: UnreadRule, rival: Rival): boolean {
  const isElsewhere = destination !== undefined && destination !== rival.Destination.Bucket;
  const isBehind = priority !== undefined && rival.Priority !== undefined && priority < rival.Priority;
  return !isElsewhere && !isBehind;
}

/** Whether it is certain that another rule decides for what both take. */
export function isBehind(rule: UnreadRule, rival: Rival): boolean {
  return rule.destination === rival.Destination.Bucket && !mayComeBefore(rule, rival);
}

/** Setting under which what is not known of a rule is told. */
export function settingOfRule(place: number): string {
  return `replication.Rules[${place}]`;
}

export function isSettingOfRule(setting: string): boolean {
  return setting.startsWith("replication.Rules[");
}
