/** Replica keys that rules call by aliases. */
import { parseArn } from "../naming/arn";
import type { ReplicationConfiguration } from "./rules";

/**
 * The configuration with the keys' own ARNs, and the aliases beside.
 * @param keys ARNs of keys by the ARNs of aliases that lead to them.
 */
export function withKeysOfAliases(
  configuration: ReplicationConfiguration,
  keys: ReadonlyMap<string, string>,
): ReplicationConfiguration {
  const aliases = new Map<string, Set<string>>();
  const Rules = configuration.Rules.map((rule) => {
    const written = rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID ?? "";
    const ReplicaKmsKeyID = keys.get(written);
    if (ReplicaKmsKeyID === undefined) return rule;
    const names = aliases.get(ReplicaKmsKeyID) ?? new Set();
    aliases.set(ReplicaKmsKeyID, names.add(parseArn(written)?.resource ?? written));
    return { ...rule, Destination: { ...rule.Destination, EncryptionConfiguration: { ReplicaKmsKeyID } } };
  });
  if (aliases.size === 0) return configuration;
  const KeyAliases = Object.fromEntries([...aliases].map(([arn, names]) => [arn, [...names]]));
  return { ...configuration, Rules, KeyAliases };
}
