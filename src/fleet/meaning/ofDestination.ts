/** What a snapshot of a source bucket says of one of its destinations alone. */
import { parseArn } from "../../naming/arn";
import type { ReplicationRuleJson } from "../../replication/rules";
import type { Snapshot } from "../../snapshot/snapshot";

/**
 * The rules to the destination, and of the accounts, buckets and keys those that do not serve another destination alone.
 * Everything comes in an order of its own, so that a proof reads the same however the answers of AWS came in.
 */
export function ofDestination(snapshot: Snapshot, sourceArn: string, destinationArn: string): Snapshot {
  const source = snapshot.buckets[sourceArn]!;
  const rules = source.replication?.Rules ?? [];
  const isOurs = ({ Destination }: ReplicationRuleJson) => Destination.Bucket === destinationArn;
  const others = new Set(rules.filter((rule) => !isOurs(rule)).map(({ Destination }) => Destination.Bucket));
  others.delete(destinationArn);
  others.delete(sourceArn);
  const buckets = sorted(snapshot.buckets, (arn) => !others.has(arn));
  const replication = source.replication && { ...source.replication, Rules: rules.filter(isOurs) };
  const keysOfOthers = keysNamed(
    snapshot,
    rules.filter((rule) => !isOurs(rule)),
    others,
  );
  const ownKeys = keysNamed(snapshot, rules.filter(isOurs), Object.keys(buckets));
  const keys = sorted(snapshot.keys, (arn) => !keysOfOthers.has(arn) || ownKeys.has(arn));
  const owners = new Set([
    parseArn(replication?.Role ?? "")?.accountId,
    ...[...Object.values(buckets), ...Object.values(keys)].map((state) => state.account),
  ]);
  return {
    ...snapshot,
    buckets: { ...buckets, [sourceArn]: { ...source, replication } },
    keys,
    accounts: sorted(snapshot.accounts, (id) => others.size === 0 || owners.has(id)),
    ...(snapshot.absent === undefined
      ? {}
      : { absent: snapshot.absent.filter((arn) => !others.has(arn)).sort() }),
  };
}

/** ARNs of the keys that rules name, and that buckets have as their default. */
function keysNamed(
  { buckets }: Snapshot,
  rules: readonly ReplicationRuleJson[],
  bucketArns: Iterable<string>,
): ReadonlySet<string | undefined> {
  return new Set([
    ...rules.map(({ Destination }) => Destination.EncryptionConfiguration?.ReplicaKmsKeyID),
    ...[...bucketArns].map((arn) => buckets[arn]?.encryption?.keyArn),
  ]);
}

function sorted<T>(
  things: Readonly<Record<string, T>>,
  isKept: (name: string) => boolean,
): Record<string, T> {
  const names = Object.keys(things).filter(isKept).sort();
  return Object.fromEntries(names.map((name) => [name, things[name]!]));
}
