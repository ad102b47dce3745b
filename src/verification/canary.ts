/** Where the canaries of a rule lie, so that this rule takes them and the next run finds what a killed one left. */
import { randomBytes } from "node:crypto";
import {
  decidingRules,
  filterOf,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
} from "../replication/rules";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY_IN_BYTES = 1024;

/** A run and, in seconds, how long others leave its canary alone: `1f0c9a2b-960`. */
const RUN = /^[0-9a-f]{8}-(\d{1,7})$/;
const LONGEST_RUN_IN_BYTES = 16;

/** First characters to try where rules of a higher priority take keys that begin as the canaries do. */
const OTHER_BEGINNINGS = ["", ..."_~-0123456789abcdefghijklmnopqrstuvwxyz"];

export interface CanaryPlace {
  /** Prefix of all canaries of the rule. */
  readonly prefix: string;
  /** Tags that the rule's filter asks for, and no others. */
  readonly tags: Readonly<Record<string, string>>;
  /** All rules that take the canary: the one to verify, and those to other destinations. */
  readonly takers: readonly ReplicationRuleJson[];
}

export interface NoPlace {
  readonly why: "shadowed" | "too long";
  /** A sentence. */
  readonly reason: string;
}

/**
 * A place under the prefix of a rule, with its tags, at which the rule decides and no rule of a higher priority.
 * @param bucketName The source bucket's: where buckets replicate both ways, each finds the other's canaries as replicas.
 * @param canaryPrefix What comes after the prefix of the rule.
 */
export function placeFor(
  bucketName: string,
  configuration: ReplicationConfiguration,
  rule: ReplicationRuleJson,
  canaryPrefix: string,
): CanaryPlace | NoPlace {
  const filter = filterOf(rule);
  const tags = Object.fromEntries(filter.tags.map(({ Key, Value }) => [Key, Value]));
  const name = encodeURIComponent(ruleName(configuration, rule));
  for (const beginning of OTHER_BEGINNINGS) {
    const prefix = `${filter.prefix}${beginning}${canaryPrefix}${bucketName}/${name}/`;
    const takers = decidingRules(configuration, prefix, tags);
    if (!takers.includes(rule)) continue;
    if (Buffer.byteLength(prefix) + LONGEST_RUN_IN_BYTES <= LONGEST_KEY_IN_BYTES)
      return { prefix, tags, takers };
    return {
      why: "too long",
      reason: `a key under its prefix and canary prefix would be longer than ${LONGEST_KEY_IN_BYTES} bytes; a shorter --canary-prefix may help`,
    };
  }
  const winner = decidingRules(configuration, `${filter.prefix}${canaryPrefix}`, tags).find(
    ({ Destination }) => Destination.Bucket === rule.Destination.Bucket,
  );
  const winnerName = winner === undefined ? "another rule" : `rule '${ruleName(configuration, winner)}'`;
  return {
    why: "shadowed",
    reason: `${winnerName} of a higher priority takes every object that it could take, so it never decides`,
  };
}

/** @param seconds How long other runs leave it alone. */
export function canaryKey({ prefix }: CanaryPlace, seconds: number): string {
  return `${prefix}${randomBytes(4).toString("hex")}-${Math.ceil(seconds)}`;
}

/**
 * How long a canary is left alone by runs other than its own, in seconds; undefined for what is no canary of the rule.
 */
export function secondsToRespect({ prefix }: CanaryPlace, key: string): number | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const seconds = RUN.exec(key.slice(prefix.length))?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
