/** A small set-up that works, for tests that break one thing. */
import type { EncryptionState, ObjectState, Snapshot } from "../../../src/snapshot/snapshot";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { ObjectReport, Report } from "../../../src/rehearsal/report/report";
import type { ReplicationRuleJson } from "../../../src/replication/rules";

export const SOURCE = "arn:aws:s3:::acme-data";
export const DESTINATION = "arn:aws:s3:::acme-archive";
export const ROLE = "arn:aws:iam::111111111111:role/s3-replication";
export const SOURCE_KEY = "arn:aws:kms:us-east-1:111111111111:key/source";
export const REPLICA_KEY = "arn:aws:kms:eu-west-1:222222222222:key/replicas";

export type StatementText = Record<string, unknown>;

export const statement = (effect: "Allow" | "Deny", action: string | string[], more: StatementText) => ({
  Effect: effect,
  Action: action,
  ...more,
});

export const policy = (...statements: StatementText[]) => ({ Version: "2012-10-17", Statement: statements });

export interface Parts {
  /** Statements of the role on top of, or instead of, those that allow everything. */
  readonly role?: StatementText[];
  readonly bucket?: StatementText[];
  readonly sourceBucket?: StatementText[];
  readonly key?: StatementText[];
  readonly rules?: Partial<ReplicationRuleJson>[];
  readonly sourceEncryption?: EncryptionState;
}

const allowAll = (more: StatementText = {}) => statement("Allow", "*", { Resource: "*", ...more });
const fromSource = { Principal: { AWS: "arn:aws:iam::111111111111:root" } };

/** Everything is allowed that no part says otherwise. */
export function setUp(parts: Parts = {}): Snapshot {
  const {
    rules = [{}],
    sourceEncryption = { algorithm: "aws:kms", keyArn: SOURCE_KEY, bucketKeyEnabled: true },
  } = parts;
  const bucket = { versioning: "Enabled", ownership: "BucketOwnerEnforced", objectLock: false } as const;
  const key = { manager: "CUSTOMER", state: "Enabled", multiRegion: false } as const;
  return {
    accounts: {
      "111111111111": {
        roles: {
          [ROLE]: {
            trust: policy(
              statement("Allow", "sts:AssumeRole", { Principal: { Service: "s3.amazonaws.com" } }),
            ),
            policies: [policy(...(parts.role ?? [allowAll()]))],
          },
        },
      },
      "222222222222": { roles: {} },
    },
    buckets: {
      [SOURCE]: {
        ...bucket,
        account: "111111111111",
        region: "us-east-1",
        policy: parts.sourceBucket === undefined ? null : policy(...parts.sourceBucket),
        encryption: sourceEncryption,
        replication: {
          Role: ROLE,
          Rules: rules.map((rule, index) => ({
            ID: `rule-${index}`,
            Priority: rules.length - index,
            Status: "Enabled",
            Filter: { Prefix: "" },
            DeleteMarkerReplication: { Status: "Disabled" },
            SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
            Destination: {
              Bucket: DESTINATION,
              EncryptionConfiguration: { ReplicaKmsKeyID: REPLICA_KEY },
            },
            ...rule,
          })),
        },
      },
      [DESTINATION]: {
        ...bucket,
        account: "222222222222",
        region: "eu-west-1",
        policy: policy(
          allowAll({ Resource: [DESTINATION, `${DESTINATION}/*`], ...fromSource }),
          ...(parts.bucket ?? []),
        ),
        replication: null,
      },
    },
    keys: {
      [SOURCE_KEY]: {
        ...key,
        account: "111111111111",
        region: "us-east-1",
        policy: policy(allowAll(fromSource)),
      },
      [REPLICA_KEY]: {
        ...key,
        account: "222222222222",
        region: "eu-west-1",
        policy: policy(...(parts.key ?? [allowAll(fromSource)])),
      },
    },
  };
}

export const ALLOW_ALL = allowAll();
export const ALLOW_SOURCE_ACCOUNT = allowAll(fromSource);

export function judge(parts: Parts): Report {
  return rehearse(setUp(parts));
}

/** Reports of objects that are not replicated although a rule takes them, by the first of each key. */
export function failures({ objects }: Report): ObjectReport[] {
  return objects.filter(
    ({ outcome, missing }) => outcome === "FAILED" || outcome === "UNPROVEN" || missing.length > 0,
  );
}

/** What becomes of objects that are given, and not chosen. */
export function judgeObjects(parts: Parts, objects: readonly Omit<ObjectState, "bucket">[]): Report {
  return rehearse({ ...setUp(parts), objects: objects.map((object) => ({ ...object, bucket: SOURCE })) });
}
