import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import type { EncryptionState, ObjectState } from "../../../src/snapshot/snapshot";
import type { ObjectReport, Report } from "../../../src/rehearsal/report/report";
import {
  ALLOW_ALL,
  ALLOW_SOURCE_ACCOUNT,
  DESTINATION,
  judge,
  judgeObjects,
  type Parts,
  SOURCE,
  SOURCE_KEY,
  statement,
  type StatementText,
} from "./setUp";

const CONTEXT = "kms:EncryptionContext:aws:s3:arn";

const keys = ["a", "b", "/", "c", "ab", "ba", "a/", "/a", "aa", "b/a", "a/b", "abc", "aab", "A", "a*"];
const tagSets: Record<string, string>[] = [{}, { t: "x" }, { t: "y", u: "x" }, { T: "x" }, { other: "x" }];
const kms = (bucketKeyEnabled: boolean): EncryptionState => ({
  algorithm: "aws:kms",
  keyArn: SOURCE_KEY,
  bucketKeyEnabled,
});
const encryptions: EncryptionState[] = [{ algorithm: "AES256" }, kms(false), kms(true)];

/** Every object of a small world. */
const world: Omit<ObjectState, "bucket">[] = keys.flatMap((key) => [
  ...tagSets.flatMap((tags) => encryptions.map((encryption) => ({ key, tags, encryption }))),
  { key, encryption: { algorithm: "AES256" }, deleteMarker: true },
]);

const piece = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?", "A"), maxLength: 3 });
const keyPattern = fc.oneof(
  piece,
  fc.constant("*"),
  fc.constant("a*"),
  fc.constant("${aws:PrincipalTag/t}/*"),
);
const bucketPattern = (arn: string) =>
  fc.oneof(
    keyPattern.map((key) => `${arn}/${key}`),
    piece.map((text) => `arn:aws:s3:::acme*${text}`),
  );
const oneOrTwo = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 2 });

const tagCondition = fc
  .tuple(
    fc.constantFrom("StringEquals", "StringNotEquals", "StringLike", "StringEqualsIgnoreCase", "Null"),
    fc.constantFrom("s3:ExistingObjectTag/t", "s3:existingobjecttag/T", "s3:ExistingObjectTag/u"),
    fc.constantFrom("x", "y", "?", "X", "true"),
  )
  .map(([operator, key, value]) => ({ [operator]: { [key]: operator === "Null" ? "true" : value } }));
const contextCondition = (arn: string) =>
  fc
    .tuple(
      fc.constantFrom(
        "StringLike",
        "StringEquals",
        "ArnLike",
        "StringNotLike",
        "StringEqualsIgnoreCase",
        "ArnNotEquals",
      ),
      oneOrTwo(fc.oneof(bucketPattern(arn), fc.constant(arn))),
    )
    .map(([operator, values]) => ({ [operator]: { [CONTEXT]: values } }));
const headerCondition = fc
  .constantFrom("aws:kms", "AES256")
  .map((value) => ({ StringEquals: { "s3:x-amz-server-side-encryption": value } }));

const effect = fc.constantFrom("Allow" as const, "Deny" as const);
const sourceActions = fc.constantFrom(
  "s3:GetObjectVersion*",
  "s3:GetObjectVersionForReplication",
  "s3:GetObjectVersionTagging",
);
const destinationActions = fc.constantFrom(
  "s3:Replicate*",
  "s3:ReplicateObject",
  "s3:ReplicateTags",
  "s3:ReplicateDelete",
);
const onBucket = (
  actions: fc.Arbitrary<string>,
  arn: string,
  condition: fc.Arbitrary<Record<string, unknown>>,
): fc.Arbitrary<StatementText> =>
  fc
    .tuple(
      actions,
      fc.constantFrom("Resource", "NotResource"),
      oneOrTwo(bucketPattern(arn)),
      fc.option(condition),
    )
    .map(([action, element, resources, found]) =>
      statement("Deny", action, {
        Principal: "*",
        [element]: resources,
        ...(found === null ? {} : { Condition: found }),
      }),
    );
const onKeys: fc.Arbitrary<StatementText> = fc
  .tuple(effect, contextCondition(DESTINATION))
  .map(([found, condition]) => ({ ...ALLOW_SOURCE_ACCOUNT, Effect: found, Condition: condition }));
const filter = fc.oneof(
  fc.constantFrom("", "a", "a/", "b").map((Prefix) => ({ Filter: { Prefix } })),
  fc
    .tuple(fc.constantFrom("", "a"), fc.constantFrom("x", "y"))
    .map(([Prefix, Value]) => ({ Filter: { And: { Prefix, Tags: [{ Key: "t", Value }] } } })),
);
const markers = fc.constantFrom("Enabled" as const, "Disabled" as const);

const parts: fc.Arbitrary<Parts> = fc.record({
  role: fc
    .array(
      fc.oneof(
        oneOrTwo(bucketPattern(SOURCE)).map((resources) =>
          statement("Deny", "s3:GetObject*", { Resource: resources }),
        ),
        contextCondition(SOURCE).map((found) =>
          statement("Deny", "kms:*", { Resource: SOURCE_KEY, Condition: found }),
        ),
      ),
      { maxLength: 1 },
    )
    .map((more): StatementText[] => [ALLOW_ALL, ...more]),
  bucket: fc.array(onBucket(destinationActions, DESTINATION, headerCondition), { maxLength: 1 }),
  sourceBucket: fc.array(onBucket(sourceActions, SOURCE, tagCondition), { maxLength: 2 }),
  key: fc.oneof(fc.constant<StatementText[]>([ALLOW_SOURCE_ACCOUNT]), oneOrTwo(onKeys)),
  rules: oneOrTwo(
    fc.tuple(filter, markers).map(([found, status]) => ({
      ...found,
      DeleteMarkerReplication: {
        Status: "Tag" in found.Filter || "And" in found.Filter ? "Disabled" : status,
      },
    })),
  ),
});

/** What stands in the way of a rule's objects, whatever the objects are. */
const hindrances = ({ objects }: Report): Map<string, ObjectReport> =>
  new Map(
    objects.flatMap((object) =>
      object.missing.map(({ action = "", where, why }) => [
        `${object.rule ?? ""}: ${action}, ${where}, ${why}`,
        object,
      ]),
    ),
  );

describe("the objects that stand for all", () => {
  it("meet everything that any object of a small world meets", () => {
    let compared = 0;
    fc.assert(
      fc.property(parts, (given) => {
        const chosen = judge(given);
        const all = judgeObjects(given, world);
        const met = hindrances(chosen);
        for (const [hindrance, { key, kind }] of hindrances(all)) {
          compared += 1;
          assert.ok(met.has(hindrance), `${hindrance}: '${key}' (${kind})`);
        }
        if (chosen.verdict === "proven") assert.equal(all.verdict, "proven");
      }),
      { numRuns: 100 },
    );
    assert.ok(compared > 100, `only ${compared} hindrances were met`);
  });
});
