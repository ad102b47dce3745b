/** Whether a replica is as its rule asks. */
import type { EncryptionState } from "../snapshot/snapshot";
import { encryptionOf } from "../aws/encryption";
import { describe } from "../aws/failures";
import { parseArn } from "../iam";
import { replicaEncryption } from "../rehearsal/replica";
import type { ReplicationRuleJson } from "../replication/rules";
import type { Bucket, Entry } from "./bucket";
import type { Check, CheckName } from "./report";
import { ARCHIVED_STORAGE_CLASSES } from "../naming/names";

/** A canary as it was put. */
export interface PutCanary {
  readonly key: string;
  readonly versionId: string;
  readonly body: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly encryption: EncryptionState;
}

export async function checkReplica(
  destination: Bucket,
  rule: ReplicationRuleJson,
  canary: PutCanary,
  bucketArn: string,
): Promise<Check[]> {
  const { key, versionId } = canary;
  const versions = (await destination.list(key)).entries.filter((entry) => !entry.deleteMarker);
  const replica = versions.find((entry) => entry.versionId === versionId);
  if (replica === undefined) {
    const others = versions.map((entry) => entry.versionId).join(", ");
    const reason =
      others === ""
        ? "there is no replica, though S3 says COMPLETED"
        : `expected ${versionId}, found ${others}`;
    return [{ name: "version id", result: "wrong", reason }];
  }
  const storageClass = rule.Destination.StorageClass ?? "STANDARD";
  const object = { bucket: bucketArn, ...canary };
  return [
    { name: "version id", result: "right" },
    ARCHIVED_STORAGE_CLASSES.includes(storageClass)
      ? unread("bytes", `an object in ${storageClass} cannot be read before it is restored`)
      : await check(
          "bytes",
          canary.body,
          () => destination.read(key, versionId),
          (body) => body,
        ),
    ...(await checkHead(destination, replica, replicaEncryption(rule, object, undefined), storageClass)),
    await check("tags", tagText(canary.tags), () => destination.tags(key, versionId), tagText),
    ...(await checkOwner(destination, rule, replica)),
  ];
}

async function checkHead(
  destination: Bucket,
  { key, versionId }: Entry,
  expected: EncryptionState,
  storageClass: string,
): Promise<Check[]> {
  try {
    const head = await destination.head(key, versionId);
    const found = encryptionOf(head);
    // What an alias stands for, nobody can tell from here.
    const hasKey = parseArn(expected.keyArn ?? "")?.resource.startsWith("key/") === true;
    const text = ({ algorithm, keyArn }: EncryptionState) =>
      hasKey ? `${algorithm} under ${keyArn ?? "no key of its own"}` : algorithm;
    return [
      compare("encryption", text(expected), text(found)),
      compare("storage class", storageClass, head.StorageClass ?? "STANDARD"),
    ];
  } catch (error) {
    return [unread("encryption", describe(error)), unread("storage class", describe(error))];
  }
}

/** Only a rule with owner override says whose replicas are; without, it depends on the destination's ownership setting. */
async function checkOwner(
  destination: Bucket,
  { Destination: { AccessControlTranslation, Account } }: ReplicationRuleJson,
  { ownerId }: Entry,
): Promise<Check[]> {
  if (AccessControlTranslation === undefined) return [];
  const explain = () =>
    `expected account ${Account}, which owns the bucket; found canonical id ${ownerId ?? "(none)"}`;
  return [await check("owner", ownerId, () => destination.ownerId(), String, explain)];
}

/** @param explain What to say where both differ. */
async function check<T>(
  name: CheckName,
  expected: string | undefined,
  ask: () => Promise<T>,
  text: (found: T) => string,
  explain?: () => string,
): Promise<Check> {
  try {
    const compared = compare(name, String(expected), text(await ask()));
    return compared.result === "wrong" && explain !== undefined
      ? { ...compared, reason: explain() }
      : compared;
  } catch (error) {
    return unread(name, describe(error));
  }
}

function compare(name: CheckName, expected: string, found: string): Check {
  if (expected === found) return { name, result: "right" };
  const reason =
    name === "bytes" ? "they are not those that were put" : `expected ${expected}, found ${found}`;
  return { name, result: "wrong", reason };
}

const unread = (name: CheckName, reason: string): Check => ({ name, result: "unread", reason });

function tagText(tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return pairs.sort().join(", ") || "none";
}
