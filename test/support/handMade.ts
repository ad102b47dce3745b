/**
 * Two accounts as somebody might have set them up by hand, in which everything works: each test breaks one thing.
 * Nothing here is made by the package.
 */
import type { KeyState, ObjectState, Snapshot } from "../../src/snapshot/snapshot";
import type { ReplicationRuleJson } from "../../src/replication/rules";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { ObjectReport, Report } from "../../src/rehearsal/report/report";

export const SOURCE = "arn:aws:s3:::hand-source";
export const DESTINATION = "arn:aws:s3:::hand-destination";
export const SOURCE_KEY = "arn:aws:kms:eu-west-1:111111111111:key/11111111-1111-1111-1111-111111111111";
export const REPLICA_KEY = "arn:aws:kms:us-east-1:222222222222:key/22222222-2222-2222-2222-222222222222";
export const ROLE = "arn:aws:iam::111111111111:role/hand";

const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource, ...more }],
});
const root = (account: string) => ({ Principal: { AWS: `arn:aws:iam::${account}:root` } });

export function handMade(): Snapshot & { objects: ObjectState[] } {
  return {
    accounts: {
      "111111111111": {
        roles: {
          [ROLE]: {
            trust: {
              Version: "2012-10-17",
              Statement: [
                { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" },
              ],
            },
            policies: [allow(["s3:*", "kms:*"], "*")],
            boundary: null,
          },
        },
      },
      "222222222222": { roles: {} },
    },
    buckets: {
      [SOURCE]: {
        account: "111111111111",
        region: "eu-west-1",
        versioning: "Enabled",
        ownership: "BucketOwnerEnforced",
        policy: null,
        encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY, bucketKeyEnabled: true },
        objectLock: false,
        replication: { Role: ROLE, Rules: [rule()] },
      },
      [DESTINATION]: {
        account: "222222222222",
        region: "us-east-1",
        versioning: "Enabled",
        ownership: "BucketOwnerEnforced",
        policy: allow("s3:*", `${DESTINATION}/*`, { Principal: { AWS: ROLE } }),
        encryption: { algorithm: "aws:kms", keyArn: REPLICA_KEY, bucketKeyEnabled: true },
        objectLock: false,
        replication: null,
      },
    },
    keys: {
      [SOURCE_KEY]: key("111111111111", "eu-west-1", allow("kms:*", "*", root("111111111111"))),
      [REPLICA_KEY]: key("222222222222", "us-east-1", allow("kms:*", "*", root("111111111111"))),
    },
    objects: [object()],
  };
}

export function key(account: string, region: string, policy: unknown): KeyState {
  return { account, region, manager: "CUSTOMER", policy, state: "Enabled", multiRegion: false };
}

export function rule(
  change: Partial<ReplicationRuleJson> = {},
  destination: object = {},
): ReplicationRuleJson {
  return {
    ID: "all",
    Priority: 1,
    Status: "Enabled",
    Filter: { Prefix: "" },
    DeleteMarkerReplication: { Status: "Enabled" },
    SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
    Destination: {
      Bucket: DESTINATION,
      EncryptionConfiguration: { ReplicaKmsKeyID: REPLICA_KEY },
      Metrics: { Status: "Enabled" },
      ...destination,
    },
    ...change,
  };
}

/** An object under SSE-KMS, the kind that needs the most. */
export function object(change: Partial<ObjectState> = {}): ObjectState {
  return {
    bucket: SOURCE,
    key: "a/b.txt",
    encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY, bucketKeyEnabled: false },
    ...change,
  };
}

export const PLAIN = { algorithm: "AES256" } as const;

/** Changes a bucket of the snapshot. */
export function changeBucket(snapshot: Snapshot, arn: string, change: object): void {
  Object.assign(snapshot.buckets[arn] ?? {}, change);
}

/** Gives the source bucket these rules. */
export function setRules(snapshot: Snapshot, ...Rules: ReplicationRuleJson[]): void {
  changeBucket(snapshot, SOURCE, { replication: { Role: ROLE, Rules } });
}

/** Denies the role an action. */
export function forbid(snapshot: Snapshot, action: string, more: object = {}): void {
  const Statement = [{ Effect: "Deny", Action: action, Resource: "*", ...more }];
  snapshot.accounts["111111111111"]?.roles[ROLE]?.policies.push({ Version: "2012-10-17", Statement });
}

/** Rehearses what a change makes of the hand-made accounts. */
export function rehearseWith(change: (snapshot: Snapshot & { objects: ObjectState[] }) => unknown): Report {
  const snapshot = handMade();
  change(snapshot);
  return rehearse(snapshot);
}

/** The one object of a report. */
export function only({ objects }: Report): ObjectReport {
  const [first, ...others] = objects;
  if (first === undefined || others.length > 0) throw new Error(`there are ${objects.length} objects`);
  return first;
}
