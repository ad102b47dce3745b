/** Random set-ups in which everything may be shared or differ, and objects to try them with. */
import type { EncryptionState, KeyState, ObjectState, Snapshot } from "../../../src/snapshot/snapshot";
import { OPERATOR_NAMES } from "../../../src/iam/operators";
import type { ReplicationRuleJson } from "../../../src/replication/rules";

export interface Trial {
  readonly snapshot: Snapshot;
  /** Objects of the source buckets, as a snapshot lists them. */
  readonly objects: readonly ObjectState[];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32, public domain). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Statement = Record<string, unknown>;

const HERE = "111111111111";
const THERE = "222222222222";
const SOURCES = ["arn:aws:s3:::acme-a", "arn:aws:s3:::acme-b"] as const;
const DESTINATIONS = ["arn:aws:s3:::copy-a", "arn:aws:s3:::copy-b"] as const;
const ROLES = [`arn:aws:iam::${HERE}:role/one`, `arn:aws:iam::${HERE}:role/path/two`] as const;
const SOURCE_KEYS = ["k1", "k2"].map((id) => `arn:aws:kms:us-east-1:${HERE}:key/${id}`);
const REPLICA_KEYS = ["r1", "r2"].map((id) => `arn:aws:kms:eu-west-1:${THERE}:key/${id}`);
const CONTEXT = "kms:EncryptionContext:aws:s3:arn";
const WORDS = ["a", "b", "/", "A", ":", "a/", "ab", "b/a", "*", "?", "a*", "*b", "?a"];
const KEYS = [
  "a",
  "b",
  "/",
  "A",
  "ab",
  "ba",
  "a/",
  "a/b",
  "b/a",
  "aa",
  "abc",
  "a:b",
  ":",
  "b/a/a",
  "Ab",
  "c",
];
const TAG_KEYS = ["t", "T", "u"];
const TAG_VALUES = ["x", "X", "y", "true", "5", "2020-01-01T00:00:00Z", "10.0.0.1"];
const SOURCE_ACTIONS = [
  "s3:GetObjectVersion*",
  "s3:GetObjectVersionForReplication",
  "s3:GetObject*Tagging",
  "s3:*",
];
const DESTINATION_ACTIONS = [
  "s3:Replicate*",
  "s3:ReplicateObject",
  "s3:ReplicateTags",
  "s3:ReplicateDelete",
  "s3:*",
];
const KEY_ACTIONS = ["kms:*", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];

/** Operators that cut classes: of the others rehearsal says that it cannot. */
const PATTERN_OPERATORS = OPERATOR_NAMES.filter((name) => /^(String|Arn|Bool|Null)/.test(name));

class Maker {
  /** A set-up is about few words and tags, so that its parts meet. */
  readonly words: readonly string[];
  /** The same as keys of objects, each wildcard as a letter. */
  readonly literals: readonly string[];
  readonly tagKeys: readonly string[];
  readonly tagValues: readonly string[];

  constructor(private readonly random: () => number) {
    this.words = this.choose(WORDS, this.chance(0.5) ? 1 : 2);
    this.literals = this.words.map((word) => word.replace(/[*?]/g, "c"));
    this.tagKeys = this.choose(TAG_KEYS, this.chance(0.7) ? 1 : 2);
    this.tagValues = this.choose(TAG_VALUES, this.chance(0.5) ? 1 : 2);
  }

  private choose<T>(items: readonly T[], count: number): T[] {
    return Array.from({ length: count }, () => this.one(items));
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  one<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: Math.floor(this.random() * (most + 1)) }, make);
  }

  text(): string {
    return [this.one(this.words), ...this.some(1, () => this.one(this.words))].join("");
  }

  arn(buckets: readonly string[]): string {
    const bucket = this.one(buckets);
    const kind = this.random();
    if (kind < 0.6) return `${bucket}/${this.text()}`;
    if (kind < 0.68) return `${bucket}/*`;
    if (kind < 0.75) return bucket;
    if (kind < 0.8) return `arn:aws:s3:*:${bucket.slice("arn:aws:s3:::".length)}/${this.text()}`;
    if (kind < 0.85) return `arn:*:${bucket.slice("arn:aws:s3:::".length)}/*`;
    if (kind < 0.9)
      return `${bucket}/\${${this.one(["aws:PrincipalAccount", "aws:PrincipalTag/t", "s3:x-amz-server-side-encryption"])}}${this.text()}`;
    if (kind < 0.95) return `arn:aws:s3:::*${this.text()}`;
    return "*";
  }

  /** Condition keys have no case. */
  tagCondition(): string {
    const key = this.one(this.tagKeys);
    return this.chance(0.7) ? `s3:ExistingObjectTag/${key}` : `s3:existingobjecttag/${key.toUpperCase()}`;
  }

  /** @param ofKey Whether the statement is about a KMS key, whose conditions are on the encryption context. */
  condition(buckets: readonly string[], ofKey: boolean): Record<string, Record<string, string | string[]>> {
    const name = this.one(this.chance(0.15) ? OPERATOR_NAMES : PATTERN_OPERATORS);
    const quantifier = this.chance(0.1) ? this.one(["ForAllValues:", "ForAnyValue:"]) : "";
    const operator = `${quantifier}${name}${name !== "Null" && this.chance(0.15) ? "IfExists" : ""}`;
    const isARN = /^Arn/.test(name);
    const key = this.chance(0.15)
      ? this.one(["aws:PrincipalArn", "aws:PrincipalTag/t", "aws:SecureTransport", CONTEXT.toUpperCase()])
      : ofKey
        ? CONTEXT
        : this.one([this.tagCondition(), this.tagCondition(), "s3:x-amz-server-side-encryption"]);
    const value = () => {
      if (name === "Null" || name === "Bool") return this.one(["true", "false"]);
      if (key.toLowerCase() === CONTEXT.toLowerCase() || isARN) return this.arn(buckets);
      if (/^s3:x-amz/.test(key)) return this.one(["aws:kms", "AES256", "aws:*"]);
      return this.chance(0.3) ? this.text() : this.one(this.tagValues);
    };
    const values = [value(), ...(this.chance(0.25) ? [value()] : [])];
    return { [operator]: { [key]: name === "Null" ? (values[0] ?? "true") : values } };
  }

  statement(
    effect: "Allow" | "Deny",
    actions: readonly string[],
    buckets: readonly string[],
    more: Statement,
    conditionShare = 0.5,
  ): Statement {
    const resources = [this.arn(buckets), ...(this.chance(0.25) ? [this.arn(buckets)] : [])];
    return {
      Effect: effect,
      [this.chance(0.05) ? "NotAction" : "Action"]: this.one(actions),
      [this.chance(0.2) ? "NotResource" : "Resource"]: resources,
      ...(this.chance(conditionShare) ? { Condition: this.condition(buckets, this.chance(0.2)) } : {}),
      ...more,
    };
  }
}

const policy = (...Statement: Statement[]) => ({ Version: "2012-10-17", Statement });
const allowAll = (more: Statement = {}): Statement => ({
  Effect: "Allow",
  Action: "*",
  Resource: "*",
  ...more,
});
const FROM_HERE = { Principal: { AWS: `arn:aws:iam::${HERE}:root` } };
const EVERYBODY = { Principal: "*" };

export function trial(seed: number, objectCount = 5): Trial {
  const make = new Maker(randomNumbers(seed));
  const sources = SOURCES.slice(0, make.chance(0.05) ? 2 : 1);
  const snapshot: Snapshot = {
    accounts: { [HERE]: { roles: rolesOf(make) }, [THERE]: { roles: {} } },
    buckets: {},
    keys: {},
  };
  const organization = () => [
    policy(allowAll()),
    ...make.some(1, () =>
      policy(make.statement("Deny", ["s3:*", "kms:*", "*"], [...SOURCES, ...DESTINATIONS], {})),
    ),
  ];
  if (make.chance(0.15))
    snapshot.accounts[HERE] = { roles: {}, ...snapshot.accounts[HERE], scps: [organization()] };
  if (make.chance(0.15)) {
    const rcps = organization().map(({ Statement: statements }) =>
      policy(...statements.map((each) => ({ ...EVERYBODY, ...each }))),
    );
    snapshot.accounts[THERE] = { roles: {}, ...snapshot.accounts[THERE], rcps: [rcps] };
  }
  for (const arn of sources) addSource(snapshot, arn, make);
  for (const arn of DESTINATIONS) addDestination(snapshot, arn, make);
  for (const arn of SOURCE_KEYS) snapshot.keys[arn] = keyOf(HERE, "us-east-1", SOURCES, make);
  for (const arn of REPLICA_KEYS) snapshot.keys[arn] = keyOf(THERE, "eu-west-1", DESTINATIONS, make);
  return { snapshot, objects: sources.flatMap((arn) => objectsOf(snapshot, arn, objectCount, make)) };
}

function rolesOf(make: Maker) {
  return Object.fromEntries(
    ROLES.map((arn) => {
      const buckets = [...SOURCES, ...DESTINATIONS];
      const allowed = make.chance(0.7)
        ? [allowAll()]
        : [
            allowAll({ Action: ["s3:GetReplicationConfiguration", "s3:ListBucket", "kms:*"] }),
            make.statement("Allow", ["s3:*", ...SOURCE_ACTIONS], SOURCES, {}, 0.3),
            make.statement("Allow", ["s3:*", ...DESTINATION_ACTIONS], DESTINATIONS, {}, 0.3),
          ];
      const denied = make.some(1, () =>
        make.statement("Deny", [...SOURCE_ACTIONS, ...DESTINATION_ACTIONS, ...KEY_ACTIONS], buckets, {}),
      );
      const trust = policy({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "s3.amazonaws.com" },
      });
      const tags = make.chance(0.5) ? { tags: { t: make.one(["a", "b", ...make.tagValues]) } } : {};
      return [arn, { trust, policies: [policy(...allowed, ...denied)], ...tags }];
    }),
  );
}

function addSource(snapshot: Snapshot, arn: string, make: Maker): void {
  const denies = make.some(1, () => make.statement("Deny", SOURCE_ACTIONS, [arn], EVERYBODY, 0.7));
  const usesKey = make.chance(0.75);
  snapshot.buckets[arn] = {
    account: HERE,
    region: "us-east-1",
    versioning: "Enabled",
    ownership: "BucketOwnerEnforced",
    objectLock: false,
    policy: denies.length === 0 ? null : policy(...denies),
    encryption: usesKey
      ? { algorithm: "aws:kms", keyArn: make.one(SOURCE_KEYS), bucketKeyEnabled: make.chance(0.5) }
      : { algorithm: "AES256" },
    replication: {
      Role: make.one(ROLES),
      Rules: Array.from({ length: 1 + Math.floor(make.one([0, 0, 0, 1, 1, 2])) }, (_, index) =>
        ruleOf(index, make),
      ),
    },
  };
}

function ruleOf(index: number, make: Maker): ReplicationRuleJson {
  const prefix = make.one(["", "", "", "", "a", "a/", "b"]);
  const tags = make.chance(0.6)
    ? []
    : [...new Set([make.one(make.tagKeys), ...make.some(1, () => make.one(make.tagKeys))])].map((Key) => ({
        Key,
        Value: make.one(make.tagValues),
      }));
  const [tag] = tags;
  const kms = make.chance(0.85);
  return {
    ID: `rule-${index}`,
    Priority: index + 1,
    Status: make.chance(0.9) ? "Enabled" : "Disabled",
    Filter:
      tag === undefined
        ? { Prefix: prefix }
        : tags.length === 1 && prefix === ""
          ? { Tag: tag }
          : { And: { Prefix: prefix, Tags: tags } },
    DeleteMarkerReplication: { Status: tag === undefined && make.chance(0.5) ? "Enabled" : "Disabled" },
    ...(kms ? { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } } } : {}),
    Destination: {
      Bucket: make.one(DESTINATIONS),
      ...(kms
        ? {
            EncryptionConfiguration: {
              ReplicaKmsKeyID: make.chance(0.7) ? REPLICA_KEYS[0] : REPLICA_KEYS[1],
            },
          }
        : {}),
    },
  };
}

function addDestination(snapshot: Snapshot, arn: string, make: Maker): void {
  const denies = make.some(1, () => make.statement("Deny", DESTINATION_ACTIONS, [arn], EVERYBODY));
  const allows = make.chance(0.8)
    ? [allowAll({ ...FROM_HERE, Resource: [arn, `${arn}/*`] })]
    : [
        allowAll({ ...FROM_HERE, Action: "s3:ReplicateDelete", Resource: `${arn}/*` }),
        make.statement("Allow", DESTINATION_ACTIONS, [arn], FROM_HERE),
      ];
  snapshot.buckets[arn] = {
    account: THERE,
    region: "eu-west-1",
    versioning: "Enabled",
    ownership: "BucketOwnerEnforced",
    objectLock: false,
    policy: policy(...allows, ...denies),
    encryption: make.chance(0.5)
      ? { algorithm: "aws:kms", keyArn: make.one(REPLICA_KEYS), bucketKeyEnabled: make.chance(0.5) }
      : { algorithm: "AES256" },
    replication: null,
  };
}

function keyOf(account: string, region: string, buckets: readonly string[], make: Maker): KeyState {
  const onContext = (effect: "Allow" | "Deny"): Statement => ({
    Effect: effect,
    Action: make.one(KEY_ACTIONS),
    Resource: "*",
    Condition: make.condition(buckets, true),
    ...FROM_HERE,
  });
  const allows = make.chance(0.6)
    ? [allowAll(FROM_HERE)]
    : [onContext("Allow"), ...make.some(2, () => onContext("Allow"))];
  const grants = make.some(1, () => ({
    granteePrincipal: make.one(ROLES),
    operations: ["Encrypt", "Decrypt", "GenerateDataKey"],
    constraints: {
      [make.one(["encryptionContextSubset", "encryptionContextEquals"])]: {
        "aws:s3:arn": `${make.one(buckets)}${make.one(["", "/a", "/b/a"])}`,
      },
    },
  }));
  return {
    account,
    region,
    manager: "CUSTOMER",
    policy: policy(...allows, ...make.some(2, () => onContext("Deny"))),
    grants,
    state: "Enabled",
    multiRegion: false,
  };
}

function objectsOf(snapshot: Snapshot, bucket: string, count: number, make: Maker): ObjectState[] {
  const { algorithm, keyArn, bucketKeyEnabled } = snapshot.buckets[bucket]?.encryption ?? {};
  const encryption = (): EncryptionState =>
    algorithm !== "aws:kms" || make.chance(0.4)
      ? { algorithm: "AES256" }
      : { algorithm, keyArn, bucketKeyEnabled: bucketKeyEnabled === true && make.chance(0.5) };
  return Array.from({ length: count }, () => {
    const word = () => make.one(make.chance(0.5) ? make.literals : KEYS);
    const key = make.chance(0.5) ? word() : `${word()}${word()}`;
    if (make.chance(0.1)) return { bucket, key, encryption: { algorithm: "AES256" }, deleteMarker: true };
    const tags = Object.fromEntries(make.some(3, () => [make.one(make.tagKeys), make.one(make.tagValues)]));
    return { bucket, key, encryption: encryption(), ...(Object.keys(tags).length === 0 ? {} : { tags }) };
  });
}
