/** What S3 refuses, said twice: the table of `src/`, and the words of the policy pack, which imports none of it. */
import { deepStrictEqual, match, ok } from "node:assert";
import type { ReplicationConfiguration } from "../../src/replication/rules";
import { refusalsOf } from "../../src/replication/refusals/table";
import { bucketVersioningEnabled } from "../../policypack/rules/bucketVersioningEnabled";
import { replicationCrossAccountOwner } from "../../policypack/rules/replicationCrossAccountOwner";
import { replicationKmsEncryption } from "../../policypack/rules/replicationKmsEncryption";
import { DESTINATION_ACCOUNT, DESTINATION_KEY, SOURCE_ACCOUNT, sourceStack } from "./fixtures/ourProgram";
import { judge } from "./support/judge";
import { change, type ProgramResource } from "./support/resources";

const PROGRAM = sourceStack("update");
const REPLICATION = "source-replication";
const DESTINATION_PATH = "rules.0.destination";
const KEY = `${DESTINATION_PATH}.encryptionConfiguration.replicaKmsKeyId`;

interface Agreement {
  /** Row of the table that S3's answer comes from. */
  readonly refusal: string;
  readonly rule: Parameters<typeof judge>[0];
  /** What is written wrong in the program of the tests. */
  readonly path: string;
  readonly value: unknown;
  readonly on?: string;
  /** Setting that the pack names. */
  readonly names: RegExp;
}

const AGREEMENTS: readonly Agreement[] = [
  {
    refusal: "a replica key without a selection",
    rule: replicationKmsEncryption,
    path: "rules.0.sourceSelectionCriteria",
    value: undefined,
    names: /'rules\[0\]\.sourceSelectionCriteria\.sseKmsEncryptedObjects\.status' .* must be 'Enabled'/,
  },
  {
    refusal: "a selection without a replica key",
    rule: replicationKmsEncryption,
    path: `${DESTINATION_PATH}.encryptionConfiguration`,
    value: undefined,
    names: /replicaKmsKeyId' .* must be the ARN of a key/,
  },
  {
    refusal: "a replica key that is no ARN",
    rule: replicationKmsEncryption,
    path: KEY,
    value: DESTINATION_KEY.slice(DESTINATION_KEY.indexOf("/") + 1),
    names: /replicaKmsKeyId' .* must be the ARN of a key/,
  },
  {
    refusal: "a replica key that is no ARN",
    rule: replicationKmsEncryption,
    path: KEY,
    value: "alias/orders-replica",
    names: /replicaKmsKeyId' .* must be the ARN of a key .* got an alias/,
  },
  {
    refusal: "an owner without an account",
    rule: replicationCrossAccountOwner,
    path: `${DESTINATION_PATH}.account`,
    value: undefined,
    names: /destination\.account' .* must be the 12-digit account/,
  },
  {
    refusal: "a source without versioning",
    rule: bucketVersioningEnabled,
    on: "source-versioning",
    path: "versioningConfiguration.status",
    value: "Suspended",
    names: /versioningConfiguration\.status' .* must be 'Enabled'/,
  },
];

/** What the API calls a property otherwise than with a capital letter. */
const NAMES: Readonly<Record<string, string>> = { id: "ID", replicaKmsKeyId: "ReplicaKmsKeyID" };

/** Properties of a program as the S3 API writes them. */
function inApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inApi);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      NAMES[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      inApi(inner),
    ]),
  );
}

function refusedBy(program: readonly ProgramResource[]): string[] {
  const propsOf = (name: string) => program.find((each) => each.name === name)?.props ?? {};
  const { status } = propsOf("source-versioning").versioningConfiguration as {
    status: "Enabled" | "Suspended";
  };
  const { role, rules } = propsOf(REPLICATION);
  const refusals = refusalsOf({
    bucketArn: "arn:aws:s3:::orders",
    configuration: { Role: role, Rules: inApi(rules) } as ReplicationConfiguration,
    source: { account: SOURCE_ACCOUNT, versioning: status },
    destinationOf: () => ({ account: DESTINATION_ACCOUNT, versioning: "Enabled" }),
  });
  return refusals.map(({ row }) => row.name);
}

describe("what S3 refuses and the policy pack judges", () => {
  it("is nothing in the program of the tests", () => {
    deepStrictEqual(refusedBy(PROGRAM), []);
  });

  for (const { refusal, rule, on = REPLICATION, path, value, names } of AGREEMENTS) {
    it(`means the same to both: ${refusal}, ${JSON.stringify(value) ?? "left out"}`, () => {
      const wrong = change(PROGRAM, on, path, value);
      ok(refusedBy(wrong).includes(refusal), refusedBy(wrong).join());
      match(judge(rule, wrong).violations.join("\n"), names);
      deepStrictEqual(judge(rule, PROGRAM).violations, []);
    });
  }
});
