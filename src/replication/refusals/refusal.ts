/** What a row of the table of S3's refusals says, and what it is asked about. */
import type { ReplicationConfiguration, ReplicationRuleJson } from "../rules";

/**
 * How it is known: a page of AWS says it (`documented`), somebody published S3's own answer (`observed`), or somebody
 * reports it without the answer (`reported`).
 */
export type RefusalGrade = "documented" | "observed" | "reported";

/** AWS's code of an error. */
export type RefusalCode =
  | "AccessDenied"
  | "InvalidArgument"
  | "InvalidRequest"
  | "InvalidTag"
  | "MalformedXML"
  | "MaxMessageLengthExceeded";

/** What S3 looks up of a bucket when a replication configuration is put. */
export interface BucketOfPut {
  readonly account: string;
  readonly versioning: "Enabled" | "Suspended" | null;
}

/** A replication configuration as S3 receives it, and the buckets that it names as far as they are known. */
export interface Put {
  /** ARN of the source bucket. */
  readonly bucketArn: string;
  readonly configuration: ReplicationConfiguration;
  readonly source?: BucketOfPut;
  /** Role of Batch Replication jobs of the bucket, which CreateJob is given. */
  readonly batchRole?: string;
  /** A destination by its ARN; undefined where nothing is known of it. */
  readonly destinationOf: (bucketArn: string) => BucketOfPut | undefined;
}

/** One thing that mends a violation. */
export type Mend =
  /** A value to set at a place within the rule; without a path the rule itself. */
  | { readonly set: readonly string[]; readonly value: unknown }
  /** A key in the destination's account and Region, which the rule must name. */
  | { readonly nameReplicaKey: true }
  | { readonly enableVersioningOf: string }
  /** Only a person can choose. */
  | { readonly byHand: string };

/** One violation of a row. */
export interface Violation {
  /** Place of the rule in the configuration, from 0. Left out: it is the configuration as a whole. */
  readonly rule?: number;
  /** Place of an earlier rule that it clashes with. */
  readonly earlier?: number;
  /** S3's own sentence, as far as it is known. */
  readonly sentence: string;
  readonly mends: readonly Mend[];
}

/** One kind of configuration that S3 does not store. */
export interface RefusalRow {
  readonly name: string;
  readonly code: RefusalCode;
  readonly violations: (put: Put) => readonly Violation[];
  /** What to do, as a sentence without a subject: `give the rule a priority of its own`. */
  readonly mend: string;
  readonly grade: RefusalGrade;
  /** Page or report that it is known from. */
  readonly source: string;
  /** Which argument of a component leads to it, and what that must be. Left out: the components never write it. */
  readonly argument?: { readonly field?: string; readonly must: string; readonly fix?: string };
}

/** What S3 answers to a configuration. */
export interface ConfigurationRefusal extends Violation {
  readonly row: RefusalRow;
}

/** A row about single rules: what is violated in one, and what mends it. */
export function eachRule(
  find: (rule: ReplicationRuleJson, index: number, put: Put) => readonly Mend[] | undefined,
  sentence: string | ((rule: ReplicationRuleJson) => string),
): RefusalRow["violations"] {
  return (put) =>
    put.configuration.Rules.flatMap((rule, index) => {
      const mends = find(rule, index, put);
      if (mends === undefined) return [];
      return [{ rule: index, mends, sentence: typeof sentence === "string" ? sentence : sentence(rule) }];
    });
}

/** Sets a value within a rule. */
export function set(value: unknown, ...path: readonly string[]): Mend[] {
  return [{ set: path, value }];
}

/** A field of a rule without some of its fields; undefined where nothing is left of it. */
export function without<T extends object>(value: T, ...names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => !names.includes(name as keyof T)),
  ) as Partial<T>;
}

/** S3's whole answer where an XML document does not fit its schema. */
export const NOT_WELL_FORMED =
  "The XML you provided was not well-formed or did not validate against our published schema";
