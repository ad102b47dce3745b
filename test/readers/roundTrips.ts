/** What a set-up has to say the same in every tool's words: the verdict, and the outcome of each object. */
import { rehearse } from "../../src/rehearsal/rehearse";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { snapshotOf } from "../support/examples";

export const EXAMPLES = [
  "kms-cross-region",
  "fan-out",
  "fan-in",
  "object-lock",
  "prefix-tag-priority",
  "two-way",
  "owner-override",
];

/** An example as our own programs make it, without what other tools have no resource for. */
export async function exampleOf(name: string): Promise<Snapshot> {
  const snapshot = await snapshotOf(name);
  for (const bucket of Object.values(snapshot.buckets)) delete bucket.batchReplication;
  delete snapshot.objects;
  return snapshot;
}

/** The example of KMS with a key policy at the destination that lets nobody in but the account. */
export async function brokenExample(): Promise<Snapshot> {
  const snapshot = await exampleOf("kms-cross-region");
  const rules = Object.values(snapshot.buckets).flatMap(({ replication }) => replication?.Rules ?? []);
  const keyArn = rules[0]?.Destination.EncryptionConfiguration?.ReplicaKmsKeyID ?? "";
  const document = snapshot.keys[keyArn]!.policy as { Statement: unknown[] };
  document.Statement = document.Statement.slice(0, 1);
  return snapshot;
}

export function told(snapshot: Snapshot) {
  const { verdict, objects, refusals, unread } = rehearse(snapshot);
  const rows = objects.map(({ bucket, key, kind, rule, destination, outcome }) =>
    JSON.stringify({ bucket, key, kind, rule, destination, outcome }),
  );
  return { verdict, refusals, unread, objects: rows.sort() };
}
