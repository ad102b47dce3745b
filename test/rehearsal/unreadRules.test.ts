/** One unknown in one rule leaves what the other rules do as it is. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import * as fc from "fast-check";
import { describe, it } from "mocha";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { ObjectReport } from "../../src/rehearsal/report/report";
import { applyCall, DEPLOYED_ACCOUNTS, placesOf } from "../../src/resources/resources";
import type { ReplicationRuleJson } from "../../src/replication/rules";
import type { ObjectState, Snapshot } from "../../src/snapshot/snapshot";
import { parseSnapshot } from "../../src/snapshot/snapshotFile";
import { Unread } from "../../src/snapshot/unread";
import { DESTINATION, forbid, handMade, PLAIN, ROLE, rule, SOURCE, SOURCE_KEY } from "../support/handMade";

const OTHER = "arn:aws:s3:::hand-other";
const UNKNOWN = new Unread("a part of the rule is known only after the apply");

/** The hand-made accounts with a second destination, whose source gets these rules. @param objects Undefined: all kinds. */
function withRules(rules: readonly unknown[], objects?: ObjectState[]): Snapshot {
  const snapshot: Snapshot = { ...handMade(), objects };
  const replica = snapshot.buckets[DESTINATION]!;
  snapshot.buckets[OTHER] = structuredClone({
    ...replica,
    policy: JSON.parse(JSON.stringify(replica.policy).replaceAll(DESTINATION, OTHER)) as unknown,
  });
  snapshot.buckets[SOURCE]!.replication = null;
  const call = {
    operation: "s3:PutBucketReplication",
    account: "111111111111",
    region: "eu-west-1",
    known: "planned",
    subject: "the rules",
    parameters: { Bucket: "hand-source", ReplicationConfiguration: { Role: ROLE, Rules: rules } },
  } as const;
  applyCall(snapshot, call, DEPLOYED_ACCOUNTS);
  return snapshot;
}

const ruleOf = (id: string, Priority: number, Prefix: string, more: Partial<ReplicationRuleJson> = {}) =>
  rule({ ID: id, Priority, Filter: { Prefix }, ...more });

/** A copy in which a part is unread; `[]` is the whole. */
function without(value: unknown, [first, ...path]: readonly string[]): unknown {
  if (first === undefined) return UNKNOWN;
  const members = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...members, [first]: without(members[first], path) };
}

const outcomesOf = ({ objects }: { readonly objects: readonly ObjectReport[] }, prefix: string) =>
  [...new Set(objects.filter(({ key }) => key.startsWith(prefix)).map(({ outcome }) => outcome))].sort();

describe("a rule with an unread part", () => {
  const BUCKET = ["Destination", "Bucket"];

  it("leaves the objects of other rules as they are, and those that it may take unproven", () => {
    const snapshot = withRules([ruleOf("a", 1, "a/"), without(ruleOf("b", 2, "b/"), BUCKET)]);
    const places = placesOf(snapshot);
    const report = rehearse(snapshot, { explain: (arn, setting) => places.explain(arn, setting) });
    strictEqual(report.verdict, "unproven");
    deepStrictEqual(outcomesOf(report, "a/"), ["COMPLETED"]);
    deepStrictEqual(outcomesOf(report, "b/"), ["UNPROVEN"]);
    match(
      report.unread.join("\n"),
      /'replication\.Rules\[1\]' of the bucket arn:aws:s3:::hand-source could not be read: a part of the rule/,
    );
  });

  it("says nothing where it is off, and another one is read", () => {
    const off = { ...ruleOf("b", 2, "b/"), Status: "Disabled" };
    const said = (hidden: unknown) => {
      const { verdict, unread, objects } = rehearse(withRules([ruleOf("a", 1, ""), hidden]));
      return { verdict, unread, objects };
    };
    deepStrictEqual(said(without(off, BUCKET)), said(off));
    strictEqual(said(without(off, ["Filter"])).verdict, "proven");
    strictEqual(said(without(off, ["Status"])).verdict, "unproven");
  });

  it("hides nothing that is broken in the others", () => {
    const snapshot = withRules([ruleOf("a", 1, "a/"), without(ruleOf("b", 2, "b/"), BUCKET)]);
    forbid(snapshot, "s3:ReplicateObject");
    const report = rehearse(snapshot);
    strictEqual(report.verdict, "broken");
    match(outcomesOf(report, "a/").join(), /FAILED/);
  });

  it("may come before another rule with every priority but a lower one", () => {
    const under = (priority: number, path: readonly string[], more: Partial<ReplicationRuleJson> = {}) =>
      outcomesOf(
        rehearse(withRules([ruleOf("a", 5, "a/"), without(ruleOf("all", priority, "", more), path)])),
        "a/",
      );
    const STATUS = ["Status"];
    deepStrictEqual(under(4, STATUS), ["COMPLETED"]);
    deepStrictEqual(under(6, STATUS), ["UNPROVEN"]);
    deepStrictEqual(under(4, ["Priority"]), ["UNPROVEN"]);
    deepStrictEqual(under(4, ["Filter"]), ["COMPLETED"]);
    const { Destination } = rule({}, { Bucket: OTHER });
    deepStrictEqual(under(6, STATUS, { Destination }), ["COMPLETED", "UNPROVEN"]);
  });

  it("whose key alone is not known says all of objects that are not under SSE-KMS", () => {
    const KEY = ["Destination", "EncryptionConfiguration", "ReplicaKmsKeyID"];
    const { objects, findings } = rehearse(withRules([without(ruleOf("all", 1, ""), KEY)]));
    const underKms = ({ kind }: ObjectReport) => /SSE-KMS/.test(kind);
    const outcomes = (of: readonly ObjectReport[]) => [...new Set(of.map(({ outcome }) => outcome))];
    deepStrictEqual(outcomes(objects.filter(underKms)), ["UNPROVEN"]);
    deepStrictEqual(outcomes(objects.filter((one) => !underKms(one))), ["COMPLETED"]);
    deepStrictEqual(findings, []);
  });

  it("leaves everything open where there is no other, and where the role is not known", () => {
    const report = rehearse(withRules([without(ruleOf("b", 2, "b/"), BUCKET)]));
    deepStrictEqual([report.verdict, outcomesOf(report, "")], ["unproven", ["UNPROVEN"]]);
  });

  it("stays one in a snapshot that is written of it", () => {
    const snapshot = withRules([ruleOf("a", 1, "a/"), without(ruleOf("b", 2, "b/"), BUCKET)]);
    const written = parseSnapshot(JSON.parse(JSON.stringify(snapshot)), "it");
    deepStrictEqual(written, JSON.parse(JSON.stringify(snapshot)));
    deepStrictEqual(outcomesOf(rehearse(written), "b/"), ["UNPROVEN"]);
  });

  it("is called by its place where it has no ID, as are those beside it", () => {
    const { ID: _first, ...a } = ruleOf("", 1, "a/");
    const { ID: _second, ...b } = ruleOf("", 2, "b/");
    const { objects } = rehearse(withRules([without(b, BUCKET), a]));
    const named = (prefix: string) => objects.find(({ key }) => key.startsWith(prefix))?.rule;
    deepStrictEqual([named("a/"), named("b/")], ["rule 1", "rule 0"]);
  });
});

/** Parts that may be unread, each alone. */
const PARTS = [
  [],
  ["Priority"],
  ["Status"],
  ["Filter"],
  ["Filter", "Prefix"],
  ["Filter", "And"],
  ["Filter", "Tag"],
  ["Destination"],
  ["Destination", "Bucket"],
  ["Destination", "EncryptionConfiguration"],
  ["Destination", "EncryptionConfiguration", "ReplicaKmsKeyID"],
  ["SourceSelectionCriteria"],
  ["SourceSelectionCriteria", "SseKmsEncryptedObjects"],
  ["DeleteMarkerReplication"],
  ["Destination", "StorageClass"],
];

const someRule = fc.record({
  prefix: fc.constantFrom("", "a/", "a/b/", "c"),
  tag: fc.constantFrom(undefined, { Key: "t", Value: "1" }),
  destination: fc.constantFrom(DESTINATION, OTHER),
  isKms: fc.boolean(),
  isOn: fc.boolean(),
  deleteMarkers: fc.boolean(),
  /** Undefined: it is read whole. */
  hidden: fc.option(fc.constantFrom(...PARTS), { nil: undefined }),
});

const TAGS: Record<string, string>[] = [{}, { t: "1" }, { t: "2" }];
const OBJECTS: ObjectState[] = ["x", "a/x", "a/b/x", "cx"].flatMap((key) =>
  TAGS.flatMap((tags): ObjectState[] => [
    { bucket: SOURCE, key, tags, encryption: PLAIN },
    { bucket: SOURCE, key, tags, encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY } },
    { bucket: SOURCE, key, tags, encryption: PLAIN, deleteMarker: true },
  ]),
);

describe("whatever is unread in whichever rules", () => {
  it("what is said of an object, and is not unproven, is true with everything read", () => {
    const rowsOf = (rules: readonly unknown[], action: string) => {
      const snapshot = withRules(rules, OBJECTS);
      forbid(snapshot, action);
      const rows = new Map<string, string[]>();
      for (const { key, tags, kind, rule: name, destination, outcome } of rehearse(snapshot).objects) {
        const object = JSON.stringify([key, tags, kind]);
        rows.set(object, [...(rows.get(object) ?? []), `${name} ${destination} ${outcome}`]);
      }
      return rows;
    };
    fc.assert(
      fc.property(
        fc.array(someRule, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("s3:ReplicateObject", "s3:ReplicateDelete", "kms:Encrypt", "s3:Nothing"),
        fc.boolean(),
        (parts, action, isFalling) => {
          const written = parts.map(({ prefix, tag, destination, isKms, isOn, deleteMarkers }, place) => {
            const whole = rule(
              {
                ID: `r${place}`,
                Priority: isFalling ? 9 - place : place,
                Status: isOn ? "Enabled" : "Disabled",
                Filter: tag === undefined ? { Prefix: prefix } : { And: { Prefix: prefix, Tags: [tag] } },
                DeleteMarkerReplication: {
                  Status: deleteMarkers && tag === undefined ? "Enabled" : "Disabled",
                },
              },
              { Bucket: destination },
            );
            if (isKms) return whole;
            const { SourceSelectionCriteria: _criteria, Destination: to, ...rest } = whole;
            return { ...rest, Destination: { ...to, EncryptionConfiguration: undefined } };
          });
          const partly = written.map((one, place) =>
            parts[place]?.hidden === undefined ? one : without(one, parts[place].hidden),
          );
          const [whole, partial] = [rowsOf(written, action), rowsOf(partly, action)];
          for (const object of whole.keys()) {
            const [truth, said] = [whole.get(object) ?? [], partial.get(object) ?? ["? ? UNPROVEN"]];
            const sure = said.filter((row) => !row.endsWith("UNPROVEN"));
            deepStrictEqual(
              sure.filter((row) => !truth.includes(row)),
              [],
            );
            if (sure.length === said.length) deepStrictEqual(sure.sort(), truth.sort());
          }
        },
      ),
      { numRuns: 120 },
    );
  });
});
