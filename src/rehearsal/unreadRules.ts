/** What a rehearsal says of objects that a rule may take of which a part could not be read. */
import {
  isBehind,
  mayComeBefore,
  mayTake,
  settingOfRule,
  type TakenObject,
  type UnreadRule,
} from "../replication/unreadRules";
import { type ReplicationConfiguration, type ReplicationRuleJson, ruleName } from "../replication/rules";
import type { ObjectState } from "../snapshot/snapshot";
import { isKms } from "./preconditions";
import type { ObjectReport } from "./report/report";

type Base = Pick<ObjectReport, "bucket" | "key" | "tags" | "kind">;

/** The unread rules of a configuration, as one object meets them. */
export class UnreadRules {
  private readonly taking: readonly UnreadRule[];

  constructor({ UnreadRules: rules = [] }: ReplicationConfiguration, object: ObjectState) {
    const taken = takenAs(object);
    this.taking = rules.filter((rule) => mayTake(rule, taken));
  }

  /** Whether one of them may take the object. */
  get mayTake(): boolean {
    return this.taking.length > 0;
  }

  /** A report that nobody can tell what a rule that was read does, as another one may decide; undefined where none may. */
  before(
    rule: ReplicationRuleJson,
    base: Base,
    configuration: ReplicationConfiguration,
  ): ObjectReport | undefined {
    const first = this.taking.find((unread) => mayComeBefore(unread, rule));
    return first === undefined
      ? undefined
      : {
          ...unproven(base, first),
          rule: ruleName(configuration, rule),
          destination: rule.Destination.Bucket,
        };
  }

  /** Reports of those that may send the object where no rule of these does for sure, nor was told to be unproven. */
  beside(rules: readonly ReplicationRuleJson[], base: Base): ObjectReport[] {
    const isTold = (unread: UnreadRule) =>
      rules.some(
        (rule) =>
          isBehind(unread, rule) ||
          (unread.destination === rule.Destination.Bucket && mayComeBefore(unread, rule)),
      );
    return this.taking
      .filter((unread) => !isTold(unread))
      .map((unread) => ({
        ...unproven(base, unread),
        rule: unread.name,
        ...(unread.destination === undefined ? {} : { destination: unread.destination }),
      }));
  }
}

/** One object for each unread rule that takes none of the others. */
export function objectsOfUnreadRules(
  bucket: string,
  { UnreadRules: rules = [] }: ReplicationConfiguration,
  others: readonly ObjectState[],
): ObjectState[] {
  if (rules.length === 0) return [];
  const taken = others.map(takenAs);
  return rules
    .filter((rule) => !taken.some((object) => mayTake(rule, object)))
    .map(({ prefix, tags, isOfKmsAlone }) => ({
      bucket,
      key: `${prefix}object`,
      ...(tags.length === 0 ? {} : { tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) }),
      encryption: { algorithm: isOfKmsAlone ? "aws:kms" : "AES256" },
    }));
}

function takenAs(object: ObjectState): TakenObject {
  const { key, tags = {}, deleteMarker } = object;
  return { key, tags: deleteMarker === true ? {} : tags, isKms: isKms(object) };
}

function unproven(base: Base, { name, place }: UnreadRule): ObjectReport {
  const reason = `a part of rule '${name}' could not be read, and it may decide on the object`;
  return {
    ...base,
    outcome: "UNPROVEN",
    reason,
    missing: [
      {
        resource: base.bucket,
        where: "snapshot",
        why: "unread",
        keys: [settingOfRule(place)],
        statements: [],
        reason,
      },
    ],
    requests: [],
  };
}
