/** What changes a rule, as an argument of the component that makes it: nobody writes the rules of its children. */
import type { Place } from "../../snapshot/places";

/** An argument of a rule, and its value for what S3 is to be told. */
interface Argument {
  readonly name: string;
  readonly valueOf: (value: unknown) => unknown;
  /** What else is to be known. */
  readonly note?: string;
}

const itself = (value: unknown) => value;
const isEnabled = (value: unknown) => value === "Enabled";
const statusIn = (part: string) => (value: unknown) =>
  isEnabled((value as Partial<Record<string, { Status?: unknown }>> | undefined)?.[part]?.Status);

/** By the path within a rule of the S3 API. */
const ARGUMENTS: Readonly<Record<string, Argument>> = {
  Status: { name: "enabled", valueOf: isEnabled },
  Priority: {
    name: "priority",
    valueOf: itself,
    note: "where no rule gives one, put the rule before the others instead",
  },
  SourceSelectionCriteria: { name: "sseKmsEncryptedObjects", valueOf: statusIn("SseKmsEncryptedObjects") },
  "Destination/EncryptionConfiguration": {
    name: "replicaKmsKeyArn",
    valueOf: (value) => (value as { ReplicaKmsKeyID?: string } | undefined)?.ReplicaKmsKeyID,
  },
};

const RULE_OF_COMPONENT =
  /s3-replication:index:(ReplicationSource)\$aws:s3\/bucketReplicationConfig:[^:]*::(.+)-replication$/;

/**
 * @param setting As places name it: `replication/Rules/0/Status`.
 * @returns Undefined where no component makes the rule, or none of its arguments changes that.
 */
export function inComponentWords(setting: string, value: unknown, { address }: Place): string | undefined {
  const [, type, name] = RULE_OF_COMPONENT.exec(address) ?? [];
  const [, path = ""] = /^replication\/Rules\/\d+\/(.+)$/.exec(setting) ?? [];
  const argument = Object.hasOwn(ARGUMENTS, path) ? ARGUMENTS[path] : undefined;
  if (argument === undefined || name === undefined) return undefined;
  const { name: field, valueOf, note } = argument;
  const comment = `${type} '${name}', in this rule of 'rules'${note === undefined ? "" : `; ${note}`}`;
  return `// ${comment}\n${field}: ${JSON.stringify(valueOf(value))}`;
}
