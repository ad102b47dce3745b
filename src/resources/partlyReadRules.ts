/** Replication configurations with something unread in some of their rules. */
import type { UnreadRule } from "../replication/unreadRules";
import { Unread } from "../snapshot/unread";
import { at, findUnread, text } from "./values";

type Members = Readonly<Record<string, unknown>>;

/** A configuration whose role is known, and some of whose rules. */
export interface PartlyRead {
  readonly configuration: { readonly Role: unknown; readonly Rules: readonly unknown[] };
  readonly unread: readonly (UnreadRule & { readonly why: Unread })[];
}

/**
 * @returns undefined where every part of the configuration is known, and where it says nothing of any object: its role or
 * its list of rules is unread, or something in each of its rules. A rule that is off and not read is left out.
 */
export function partlyRead({
  Role,
  Rules: rules,
}: {
  readonly Role?: unknown;
  readonly Rules: unknown;
}): PartlyRead | undefined {
  if (findUnread(Role) !== undefined || !Array.isArray(rules)) return undefined;
  const readable: unknown[] = [];
  const unread: (UnreadRule & { readonly why: Unread })[] = [];
  (rules as unknown[]).forEach((rule, place) => {
    const why = findUnread(rule);
    if (why === undefined) {
      readable.push(named(rule, place));
      return;
    }
    // A rule that is off does nothing, whatever the rest of it is.
    if (at(rule, "Status") === "Disabled") return;
    const others = withoutKms(rule);
    const isOfKmsAlone = others !== undefined && findUnread(others) === undefined;
    if (isOfKmsAlone) readable.push(named(others, place));
    unread.push({ ...unreadRule(rule, place), isOfKmsAlone, why });
  });
  const isWhole = unread.length === 0 && readable.length === rules.length;
  return readable.length === 0 || isWhole ? undefined : { configuration: { Role, Rules: readable }, unread };
}

/** Without an ID a rule is called by its place, which is another one where some are left out. */
function named(rule: unknown, place: number): unknown {
  return text(at(rule, "ID")) === "" ? { ...(rule as Members), ID: `rule ${place}` } : rule;
}

function unreadRule(rule: unknown, place: number): Omit<UnreadRule, "isOfKmsAlone"> {
  const destination = at(rule, "Destination", "Bucket");
  const priority = at(rule, "Priority");
  const prefix = at(rule, "Filter", "And", "Prefix") ?? at(rule, "Filter", "Prefix") ?? at(rule, "Prefix");
  return {
    place,
    name: text(at(rule, "ID")) || `rule ${place}`,
    prefix: text(prefix),
    tags: knownTags(rule),
    ...(typeof destination === "string" ? { destination } : {}),
    ...(typeof priority === "number" ? { priority } : {}),
  };
}

function knownTags(rule: unknown): UnreadRule["tags"] {
  const written = [at(rule, "Filter", "Tag"), at(rule, "Filter", "And", "Tags")].flat();
  return written.flatMap((tag) => {
    const [Key, Value] = [at(tag, "Key"), at(tag, "Value")];
    return typeof Key === "string" && typeof Value === "string" ? [{ Key, Value }] : [];
  });
}

/**
 * The rule as it is for objects that are not under SSE-KMS: the key of replicas has no say there. Undefined where it is
 * not known that the rule takes others too.
 */
function withoutKms(rule: unknown): Members | undefined {
  if (at(rule, "SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status") !== "Enabled") return undefined;
  const { SourceSelectionCriteria: criteria, Destination: destination, ...rest } = rule as Members;
  if (typeof destination !== "object" || destination instanceof Unread) return undefined;
  const { SseKmsEncryptedObjects: _selected, ...others } = criteria as Members;
  const { EncryptionConfiguration: _key, ...to } = destination as Members;
  return {
    ...rest,
    ...(Object.keys(others).length === 0 ? {} : { SourceSelectionCriteria: others }),
    Destination: to,
  };
}
