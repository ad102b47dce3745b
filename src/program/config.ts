/** Stack configuration of the ready-made program: which sides a stack has, typed and checked as a whole. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as v from "valibot";
import type { ReplicationDestinationArgs } from "../components/replicationDestination";
import type { ReplicationSourceArgs } from "../components/replicationSource";
import type { ReplicationWatchArgs } from "../components/replicationWatch";
import { show } from "../input/problems";
import {
  assertNoProblems,
  destinationProblems,
  sourceProblems,
} from "../replication/arguments/argumentProblems";
import { watchProblems } from "../replication/arguments/monitoringProblems";
import { isOfSameBucket, type SideSettings, withSameBucket } from "./sameBucket";
import { shapeProblems } from "../input/schemaProblems";
import { NAMESPACE } from "../naming/namespace";
import { named } from "../input/values";
import { ROLE_ARN } from "../naming/names";

/** How the program gets into the account of a side. */
export interface ProviderSettings {
  /**
   * ARN of a role to assume in the side's account.
   * Default: the credentials as they are.
   */
  assumeRoleArn?: string;
  /**
   * External id that the role's trust policy asks for.
   * Default: none.
   */
  assumeRoleExternalId?: string;
  /**
   * Profile of the shared AWS configuration files.
   * Default: the standard credential chain.
   */
  profile?: string;
}

export interface SideConfiguration<Args> {
  readonly provider: ProviderSettings;
  readonly args: Args;
}

/** A watch of which the rules, where they are left out, are read from the bucket. */
export type WatchSettings = Omit<ReplicationWatchArgs, "rules"> &
  Partial<Pick<ReplicationWatchArgs, "rules">>;

/** What a stack holds: a destination, a source, or both; a watch over a bucket that others made. */
export interface StackConfiguration {
  readonly destination?: SideConfiguration<ReplicationDestinationArgs>;
  readonly source?: SideConfiguration<ReplicationSourceArgs>;
  readonly watch?: SideConfiguration<WatchSettings>;
  /** Names of the source's destinations that are the destination of the same stack (`sameStack: true`). */
  readonly sameStackDestinations: readonly string[];
  /** Whether the source replicates out of the bucket that the destination receives into (`sameBucket: true`). */
  readonly sameBucket: boolean;
}

const PROVIDER_SHAPE = {
  assumeRoleArn: v.optional(named(ROLE_ARN)),
  assumeRoleExternalId: v.optional(v.string("must be a text")),
  profile: v.optional(v.string("must be the name of a profile")),
};

/** What a stack can hold. */
const PARTS: readonly string[] = ["destination", "source", "watch"];
const PART_KEYS = PARTS.map((part) => `${NAMESPACE}:${part}`);

/**
 * @param values Values of the namespace `s3-replication`, by key without the namespace.
 * @param subject What is read, for messages: `stack 'source'`.
 * @param directory Where a relative `contractFile` starts from.
 * @throws InvalidInputError with every mistake in the configuration of the stack.
 */
export function parseStackConfiguration(
  values: Readonly<Record<string, unknown>>,
  subject: string,
  directory: string,
): StackConfiguration {
  const problems = Object.keys(values)
    .filter((key) => !PARTS.includes(key))
    .map((key) => `'${NAMESPACE}:${key}' is not a setting; allowed here: ${PART_KEYS.join(", ")}`);
  const sides = {
    destination: readSide(values.destination, "destination.", problems),
    source: readSide(values.source, "source.", problems),
    watch: readSide(values.watch, "watch.", problems),
  };
  const sameBucket = sides.source?.args.sameBucket !== undefined;
  if (sides.source !== undefined && sameBucket) {
    sides.source = withSameBucket(sides.source, sides.destination, problems);
  }
  if (PARTS.every((part) => values[part] === undefined)) {
    problems.push(
      `${PART_KEYS.map((key) => `'${key}'`).join(" or ")} must say what this stack is, got none of them; start from Pulumi.destination.yaml and Pulumi.source.yaml`,
    );
  }
  if (sides.destination !== undefined)
    problems.push(...destinationProblems(sides.destination.args, "destination."));
  if (sides.watch !== undefined) problems.push(...watchProblems(sides.watch.args, "watch.", true));
  const sameStackDestinations: string[] = [];
  if (sides.source !== undefined) {
    const read = readReferences(sides.source.args, directory, problems, sameStackDestinations);
    sides.source = { ...sides.source, args: read };
    const ofSource = sourceProblems(read, "source.");
    // What comes from the destination is said there.
    problems.push(...(sameBucket ? ofSource.filter((problem) => !isOfSameBucket(problem)) : ofSource));
  }
  if (sameStackDestinations.length > 0 && sides.destination === undefined) {
    problems.push(
      `'source.destinations.${sameStackDestinations[0]}.sameStack' must be left out in a stack without '${NAMESPACE}:destination', got true; name the stack of the destination instead`,
    );
  }
  if (!sameBucket) problems.push(...sameBucketProblems(sides.destination?.args, sides.source?.args));
  assertNoProblems(subject, problems);
  const { watch, ...pair } = sides;
  return {
    ...pair,
    ...(watch && { watch }),
    sameStackDestinations,
    sameBucket,
  } as unknown as StackConfiguration;
}

/** Splits what the provider needs from what the component needs. */
function readSide(
  value: unknown,
  path: string,
  problems: string[],
): SideSettings<ProviderSettings> | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`'${path.slice(0, -1)}' must be an object of settings, got ${show(value)}`);
    return undefined;
  }
  const entries = Object.entries(value);
  const isProvider = ([key]: [string, unknown]) => Object.hasOwn(PROVIDER_SHAPE, key);
  const provider = Object.fromEntries(entries.filter(isProvider)) as ProviderSettings;
  problems.push(...shapeProblems(v.object(PROVIDER_SHAPE), provider, path));
  const args = Object.fromEntries(entries.filter((entry) => !isProvider(entry))) as Record<string, unknown>;
  return { provider, args: withPolicyText(args) };
}

/** The present policy of an existing bucket is JSON in a program; here it may stand as it is. */
function withPolicyText(args: Record<string, unknown>): Record<string, unknown> {
  const existingBucket = args.existingBucket as { policy?: unknown } | undefined | null;
  if (typeof existingBucket?.policy !== "object") return args;
  const policy = JSON.stringify(existingBucket.policy, (_key, value: unknown) =>
    // The engine reads the Version as a date where it stands without quotes.
    typeof value === "string" && /^\d{4}-\d\d-\d\d 00:00:00/.test(value) ? value.slice(0, 10) : value,
  );
  return { ...args, existingBucket: { ...existingBucket, policy } };
}

/** Contracts of files and of the same stack stand where a contract is given. */
function readReferences(
  args: Record<string, unknown>,
  directory: string,
  problems: string[],
  sameStack: string[],
): Record<string, unknown> {
  const { destinations } = args;
  if (typeof destinations !== "object" || destinations === null) return args;
  const read = Object.entries(destinations as Record<string, unknown>).map(([name, reference]) => {
    const { contractFile, sameStack: isSame, ...rest } = (reference ?? {}) as Record<string, unknown>;
    if (isSame !== undefined) {
      if (isSame === true) sameStack.push(name);
      else
        problems.push(
          `'source.destinations.${name}.sameStack' must be true or left out, got ${show(isSame)}`,
        );
      return [name, { ...rest, contract: {} }];
    }
    if (contractFile === undefined) return [name, reference];
    return [name, { ...rest, contract: readContractFile(name, contractFile, directory, problems) }];
  });
  return { ...args, destinations: Object.fromEntries(read) as unknown };
}

function readContractFile(name: string, file: unknown, directory: string, problems: string[]): unknown {
  try {
    if (typeof file !== "string") throw new Error("it is not a text");
    return JSON.parse(readFileSync(resolve(directory, file), "utf8"));
  } catch (error) {
    problems.push(
      `'source.destinations.${name}.contractFile' must be the path of a JSON file with a contract, got ${show(file)}: ${(error as Error).message}`,
    );
    return {};
  }
}

/** Both sides in one stack: a bucket cannot replicate into itself. */
function sameBucketProblems(
  destination: Record<string, unknown> | undefined,
  source: Record<string, unknown> | undefined,
): string[] {
  if (destination?.bucketName === undefined || destination.bucketName !== source?.bucketName) return [];
  const where =
    destination.accountId === source.accountId
      ? "of the same account"
      : "(names of buckets are unique across all accounts)";
  return [
    `'source.bucketName' must be another bucket than 'destination.bucketName' ${where}, got ${show(source.bucketName)} for both; for replication in both directions say 'source.sameBucket: true' instead of the bucket's settings`,
  ];
}
