/** Every single change of a setting: buckets, keys, rules, and what else is around policies. */
import type { Snapshot } from "../../src/snapshot/snapshot";
import { parseArn } from "../../src/iam";
import type { ReplicationRuleJson } from "../../src/replication/rules";
import { type Cause, type Mutation, withValue } from "./mutation";

type Path = readonly (string | number)[];

/** A key that no account has. */
const NO_KEY = "arn:aws:kms:eu-west-1:999999999999:key/99999999-9999-4999-8999-999999999999";

export function* mutationsOfSettings(snapshot: Snapshot): Generator<Mutation> {
  for (const arn of Object.keys(snapshot.buckets)) {
    yield* mutationsOfBucket(snapshot, arn);
    yield* mutationsOfRules(snapshot, arn);
  }
  for (const arn of Object.keys(snapshot.keys)) yield* mutationsOfKey(snapshot, arn);
  for (const [account, { roles }] of Object.entries(snapshot.accounts)) {
    const what = `account ${account}`;
    const scp: Cause = { where: "service control policy" };
    const s3Only = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["s3:*", "sts:*"], Resource: "*" }],
    };
    yield setting("scps", what, ["accounts", account, "scps"], null, scp);
    yield setting("scps", what, ["accounts", account, "scps"], [[]], scp);
    yield setting("scps", what, ["accounts", account, "scps"], [[s3Only]], {
      ...scp,
      actions: ["kms:*"],
    });
    for (const [role, { trust }] of Object.entries(roles)) {
      // The role of Batch Replication jobs uses no key, which is all that this boundary forbids.
      const usesKeys = !JSON.stringify(trust).includes("batchoperations");
      if (usesKeys)
        yield setting("boundary", what, ["accounts", account, "roles", role, "boundary"], s3Only, {
          where: "permission boundary",
          actions: ["kms:*"],
        });
      yield setting("role", what, ["accounts", account, "roles", role], undefined, {
        where: "trust policy",
      });
    }
  }
}

function setting(kind: string, what: string, path: Path, value: unknown, cause: Cause): Mutation {
  const said = value === undefined ? "(none)" : JSON.stringify(value);
  return {
    kind: `${kind} set`,
    name: `${what}: ${kind} = ${said.length > 60 ? `${said.slice(0, 57)}...` : said}`,
    cause,
    mutate: (snapshot) => withValue(snapshot, path, value),
  };
}

function* mutationsOfBucket(snapshot: Snapshot, arn: string): Generator<Mutation> {
  const bucket = snapshot.buckets[arn];
  if (bucket === undefined) return;
  const { objectLock, encryption, ownership } = bucket;
  const isDestination = destinationsOf(snapshot).has(arn);
  const set = (kind: string, value: unknown, cause: Cause) =>
    setting(kind, arn, ["buckets", arn, kind], value, cause);
  // Of a bucket that both sends and receives, either is told first.
  const versioned = [
    ...(bucket.replication === null ? [] : ["Versioning must be 'Enabled'"]),
    ...(isDestination ? ["Destination bucket must have versioning"] : []),
  ];
  const unversioned: Cause = { says: new RegExp(versioned.join("|")) };
  yield set("versioning", null, unversioned);
  yield set("versioning", "Suspended", unversioned);
  yield set("objectLock", !objectLock, { where: "bucket setting", keys: ["objectLock"] });
  yield set("requesterPays", true, { where: "bucket setting", keys: ["requesterPays"] });
  for (const other of ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]) {
    if (other !== ownership) yield set("ownership", other, {});
  }
  yield set("encryption", { algorithm: "AES256" }, {});
  if (encryption?.keyArn !== undefined) {
    yield set("encryption", { ...encryption, bucketKeyEnabled: false }, {});
    yield set(
      "encryption",
      { ...encryption, keyArn: NO_KEY },
      { where: ["role policy", "bucket setting", "snapshot"] },
    );
  }
  yield set("publicAccessBlock", undefined, {});
  if (isDestination) yield setting("bucket", arn, ["buckets", arn], undefined, { where: "snapshot" });
}

function* mutationsOfRules(snapshot: Snapshot, arn: string): Generator<Mutation> {
  const rules = snapshot.buckets[arn]?.replication?.Rules ?? [];
  for (const index of rules.keys()) {
    const isOff = rules[index]?.Status === "Disabled";
    for (const mutation of mutationsOfRule(snapshot, arn, rules, index)) {
      yield { ...mutation, ofRuleThatIsOff: isOff };
    }
  }
  if (rules.length > 0) {
    const role = snapshot.buckets[arn]?.replication?.Role.replace(":role/", ":role/service-role/");
    // The destination's policies let in another role, and the one that is named is not in the snapshot.
    yield setting("Role", arn, ["buckets", arn, "replication", "Role"], role, {
      where: ["trust policy", "destination bucket policy"],
    });
  }
}

function* mutationsOfRule(
  snapshot: Snapshot,
  arn: string,
  rules: readonly ReplicationRuleJson[],
  index: number,
): Generator<Mutation> {
  const rule = rules[index];
  if (rule === undefined) return;
  const path = ["buckets", arn, "replication", "Rules", index];
  const set = (kind: string, inner: Path, value: unknown, cause: Cause) =>
    setting(kind, `rule '${rule.ID}'`, [...path, ...inner], value, cause);
  const { Destination: destination } = rule;
  const selects = rule.SourceSelectionCriteria?.SseKmsEncryptedObjects !== undefined;
  const markers = rule.DeleteMarkerReplication?.Status === "Enabled";
  yield set("Status", ["Status"], rule.Status === "Enabled" ? "Disabled" : "Enabled", {
    says: /no enabled rule matches|every rule is off/,
  });
  yield set("rule", [], undefined, { says: /no enabled rule matches|\(no rules\)/ });
  yield set(
    "DeleteMarkerReplication",
    ["DeleteMarkerReplication", "Status"],
    markers ? "Disabled" : "Enabled",
    {
      says: markers ? /does not replicate delete markers/ : /s3:ReplicateDelete|any Tag filter/,
    },
  );
  yield set("DeleteMarkerReplication", ["DeleteMarkerReplication"], undefined, {
    says: /DeleteMarkerReplication/,
  });
  yield set("Priority", ["Priority"], undefined, { says: /Priority/ });
  yield set("Filter", ["Filter"], { Prefix: "elsewhere/" }, { where: "role policy" });
  const twin = rules.find((other) => other !== rule);
  if (twin !== undefined) {
    yield set("Priority", ["Priority"], twin.Priority, { says: /Found duplicate priority/ });
    yield set("ID", ["ID"], twin.ID, { says: /Rule Id must be unique/ });
  }
  if (selects) {
    yield set(
      "SseKmsEncryptedObjects",
      ["SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status"],
      "Disabled",
      {
        says: /does not select SSE-KMS objects/,
      },
    );
    yield* mutationsOfReplicaKey(
      snapshot,
      arn,
      [...path, "Destination", "EncryptionConfiguration"],
      rule.ID ?? "",
    );
  }
  yield set("Destination.Bucket", ["Destination", "Bucket"], "arn:aws:s3:::elsewhere", {
    where: "snapshot",
  });
  if (destination.Account !== undefined) {
    yield set("Destination.Account", ["Destination", "Account"], "999999999999", {
      where: "rule",
      keys: ["Destination.Account"],
    });
    yield set("Destination.Account", ["Destination", "Account"], undefined, {
      says: /Account must be specified/,
    });
    yield set("AccessControlTranslation", ["Destination", "AccessControlTranslation"], undefined, {});
  }
  yield set("StorageClass", ["Destination", "StorageClass"], "ONEZONE_IA", {});
  yield set("Metrics", ["Destination", "Metrics"], undefined, {
    says: /both ReplicationTime and Metrics/,
  });
}

function* mutationsOfReplicaKey(
  snapshot: Snapshot,
  bucket: string,
  path: Path,
  rule: string,
): Generator<Mutation> {
  const source = snapshot.buckets[bucket]?.encryption?.keyArn;
  const set = (value: string | undefined, cause: Cause) =>
    setting("ReplicaKmsKeyID", `rule '${rule}'`, [...path, "ReplicaKmsKeyID"], value, cause);
  yield set(undefined, { says: /ReplicaKmsKeyID must be specified/ });
  yield set("alias/replicas", { says: /Invalid ReplicaKmsKeyID ARN/ });
  yield set(NO_KEY, { where: ["role policy", "rule"] });
  // The source's own key: of the wrong Region, or not granted for replicas.
  if (source !== undefined)
    yield set(source, { where: ["rule", "role policy", "source key policy", "destination key policy"] });
}

function* mutationsOfKey(snapshot: Snapshot, arn: string): Generator<Mutation> {
  const set = (kind: string, value: unknown, cause: Cause) =>
    setting(kind, arn, ["keys", arn, kind], value, cause);
  const isSourceKey = Object.values(snapshot.buckets).some(
    ({ replication, encryption }) => replication !== null && encryption?.keyArn === arn,
  );
  yield set("state", "Disabled", { where: "key state", resource: arn });
  yield set("state", "PendingDeletion", { where: "key state", resource: arn });
  yield set("manager", "AWS", { where: "rule", keys: ["ReplicaKmsKeyID"] });
  yield set("multiRegion", true, {});
  yield setting("key", arn, ["keys", arn], undefined, { where: "snapshot" });
  const elsewhere = arn.replace(/:kms:[^:]+:/, ":kms:af-south-1:");
  yield {
    kind: "key Region set",
    name: `${arn}: the same key in af-south-1`,
    cause: {
      keys: [
        ...(isSourceKey ? ["encryption"] : []),
        ...(replicaKeysOf(snapshot).has(arn) ? ["ReplicaKmsKeyID"] : []),
      ],
    },
    mutate: (whole) => {
      const moved = JSON.parse(JSON.stringify(whole).replaceAll(arn, elsewhere)) as Snapshot;
      return withValue(moved, ["keys", elsewhere, "region"], parseArn(elsewhere)?.region);
    },
  };
}

export function destinationsOf(snapshot: Snapshot): Set<string> {
  const rules = Object.values(snapshot.buckets).flatMap((bucket) => bucket.replication?.Rules ?? []);
  return new Set(rules.map((rule) => rule.Destination.Bucket));
}

export function replicaKeysOf(snapshot: Snapshot): Set<string> {
  const rules = Object.values(snapshot.buckets).flatMap((bucket) => bucket.replication?.Rules ?? []);
  return new Set(rules.flatMap((rule) => rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID ?? []));
}
