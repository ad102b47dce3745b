import * as assert from "node:assert/strict";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { BucketState, Snapshot } from "../../../src/snapshot/snapshot";
import {
  ALLOW_SOURCE_ACCOUNT,
  DESTINATION,
  failures,
  judge,
  policy,
  REPLICA_KEY,
  setUp,
  SOURCE,
  statement,
} from "./setUp";

const CONTEXT = "kms:EncryptionContext:aws:s3:arn";
const NAME = DESTINATION.slice("arn:aws:s3:::".length);
const SECOND = "arn:aws:s3:::acme-second";

/** Two rules that write to two buckets under one replica key, which lets in what the statement says. */
function sharedKey(order: readonly [string, string], key: Record<string, unknown>): Snapshot {
  const rule = (Bucket: string) => ({
    Destination: { Bucket, EncryptionConfiguration: { ReplicaKmsKeyID: REPLICA_KEY } },
  });
  const snapshot = setUp({ rules: order.map(rule), key: [key] });
  const destination = snapshot.buckets[DESTINATION] as BucketState;
  snapshot.buckets[SECOND] = {
    ...destination,
    policy: policy(statement("Allow", "s3:*", { ...fromSource, Resource: [SECOND, `${SECOND}/*`] })),
  };
  return snapshot;
}

const fromSource = { Principal: { AWS: "arn:aws:iam::111111111111:root" } };
const within = (...buckets: string[]) => ({
  StringLike: { [CONTEXT]: buckets.flatMap((arn) => [arn, `${arn}/*`]) },
});

describe("rules that share a part and differ in another", () => {
  for (const order of [
    [DESTINATION, SECOND],
    [SECOND, DESTINATION],
  ] as const) {
    it(`are told apart by their bucket under one replica key (${order[0]} first)`, () => {
      const key = { ...ALLOW_SOURCE_ACCOUNT, Condition: within(DESTINATION) };
      const report = rehearse(sharedKey(order, key));
      assert.equal(report.verdict, "broken");
      assert.deepEqual([...new Set(failures(report).map(({ destination }) => destination))], [SECOND]);
    });
  }

  it("are proven where the shared key lets both buckets in", () => {
    const key = { ...ALLOW_SOURCE_ACCOUNT, Condition: within(DESTINATION, SECOND) };
    assert.equal(rehearse(sharedKey([DESTINATION, SECOND], key)).verdict, "proven");
  });

  it("are told apart by a folder of one bucket that the shared key leaves out", () => {
    const report = rehearse(
      sharedKey([DESTINATION, SECOND], {
        ...ALLOW_SOURCE_ACCOUNT,
        Condition: { StringLike: { [CONTEXT]: [DESTINATION, SECOND, `${DESTINATION}/*`, `${SECOND}/a*`] } },
      }),
    );
    assert.equal(report.verdict, "broken");
  });

  it("are told apart by a folder that is named for the encryption of the object", () => {
    const report = judge({
      bucket: [
        statement("Deny", "s3:ReplicateObject", {
          Principal: "*",
          Resource: `${DESTINATION}/\${s3:x-amz-server-side-encryption}/*`,
        }),
      ],
    });
    assert.ok(
      failures(report).some(({ key, kind }) => key.startsWith("aws:kms/") && kind.startsWith("SSE-KMS")),
      failures(report)
        .map(({ key, kind }) => `${key}: ${kind}`)
        .join(", "),
    );
  });
});

describe("a star that ends a segment of an ARN before the sixth", () => {
  const deny = (resource: string | string[]) =>
    judge({ bucket: [statement("Deny", "s3:*", { Principal: "*", Resource: resource })] });

  for (const resource of ["arn:aws:s3:*:NAME/*", "arn:aws:*:NAME/*", "arn:*:NAME/*"]) {
    it(`leaves a Deny on ${resource} undecided`, () => {
      const { verdict, objects } = deny(resource.replace("NAME", NAME));
      assert.equal(verdict, "unproven");
      assert.deepEqual(
        [...new Set(objects.flatMap(({ missing }) => missing.flatMap(({ keys }) => keys)))],
        ["Resource"],
      );
    });
  }

  it("leaves an Allow undecided, and a NotResource", () => {
    const role = (element: string, effect: "Allow" | "Deny") => [
      statement("Allow", "s3:*", { Resource: [SOURCE, `${SOURCE}/*`] }),
      statement("Allow", "kms:*", { Resource: "*" }),
      ...(effect === "Deny" ? [statement("Allow", "s3:*", { Resource: "*" })] : []),
      statement(effect, "s3:Replicate*", {
        [element]: `arn:aws:s3:*:${NAME}/*`,
      }),
    ];
    assert.equal(judge({ role: role("Resource", "Allow") }).verdict, "unproven");
    assert.equal(judge({ role: role("NotResource", "Deny") }).verdict, "unproven");
  });

  it("says nothing where the pattern has all six segments", () => {
    const denied = (resource: string) =>
      judge({
        role: [
          statement("Allow", ["s3:*", "kms:*"], { Resource: "*" }),
          statement("Deny", "s3:*", { Resource: resource }),
        ],
      });
    assert.equal(denied("arn:aws:s3:*:*:acme-other/*").verdict, "proven");
    assert.equal(denied("arn:*:s3:::acme-other*").verdict, "proven");
    assert.equal(deny(`arn:aws:s3:*:*:${NAME}/*`).verdict, "broken");
  });

  it("is no question in a condition, which compares six segments one by one", () => {
    const report = judge({
      key: [
        ALLOW_SOURCE_ACCOUNT,
        {
          ...ALLOW_SOURCE_ACCOUNT,
          Effect: "Deny",
          Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam:*:111111111111:user/*" } },
        },
      ],
    });
    assert.equal(report.verdict, "proven");
  });
});

describe("two tags whose keys differ in case", () => {
  const sourceBucket = (Condition: Record<string, unknown>) => [
    statement("Deny", "s3:GetObjectVersionTagging", {
      Principal: "*",
      Resource: `${SOURCE}/*`,
      Condition,
    }),
  ];
  const tagged = { Filter: { Tag: { Key: "team", Value: "a" } } };

  it("leave a condition undecided that only one of them meets", () => {
    const report = judge({
      rules: [tagged],
      sourceBucket: sourceBucket({ StringNotEquals: { "s3:ExistingObjectTag/team": "a" } }),
    });
    assert.equal(report.verdict, "unproven");
  });

  it("are no question to a condition that any value meets", () => {
    const report = judge({
      rules: [tagged],
      sourceBucket: sourceBucket({ StringNotLike: { "s3:ExistingObjectTag/team": "*" } }),
    });
    assert.equal(report.verdict, "proven");
  });
});
