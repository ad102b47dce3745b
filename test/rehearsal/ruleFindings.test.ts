/** Findings about rules that take nothing: where they come from, and who may say that they are meant so. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { rehearse } from "../../src/rehearsal/rehearse";
import { renderVerdict, type RehearsalResult, renderSections } from "../../src/rehearsal/report/text";
import type { ReplicationRuleJson } from "../../src/replication/rules";
import { cli } from "../support/cli";
import { plainRule, setUpWithoutKms, SOURCE_KEY } from "../proof/setUp";

const ID = "sse-kms-not-selected:acme-invoices/everything";
const blind = () =>
  setUpWithoutKms({
    rules: [plainRule({ DeleteMarkerReplication: { Status: "Disabled" } })],
    source: { encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY, bucketKeyEnabled: true } },
  });
const textOf = (result: ReturnType<typeof rehearse>) => {
  const whole: RehearsalResult = { ...result, accounts: [], permissions: [] };
  return [...renderSections(whole), ...renderVerdict(whole)].join("\n").replaceAll(/\s+/g, " ");
};
const ruleOf = (Priority: number, Filter: ReplicationRuleJson["Filter"], ID: string) =>
  plainRule({ ID, Priority, Filter, DeleteMarkerReplication: { Status: "Disabled" } });
const findingsOf = (...rules: ReplicationRuleJson[]) =>
  rehearse(setUpWithoutKms({ rules })).findings.map(({ kind, rule }) => `${rule}: ${kind}`);

describe("a rule that takes nothing of what is written by default", () => {
  it("breaks the verdict, with the reason and both mends in text", () => {
    const report = rehearse(blind());
    strictEqual(report.verdict, "broken");
    const text = textOf(report);
    match(text, /rule 'everything' does not select these: nothing that is written by default arrives/);
    match(text, /Select them .*, or take rule 'everything' away\. If it is meant so: --accept 'sse-kms-/);
    match(text, /Verdict: broken \(1 rule takes nothing, 2 replicated, 3 left alone, as the rules say\)/);
  });
  it("is left alone where it is accepted by its id or its kind, and the report says by whom", () => {
    for (const accept of [ID, "sse-kms-not-selected"]) {
      const report = rehearse(blind(), { accept: [accept] });
      deepStrictEqual(
        [report.verdict, report.findings.map(({ id, acceptedBy }) => [id, acceptedBy]), report.advice],
        ["proven", [[ID, "--accept"]], []],
      );
      match(textOf(report), /Meant so .* \(said by --accept\)/);
    }
  });
  it("is not left alone where another one is accepted, and the report says that this accepts nothing", () => {
    const report = rehearse(blind(), { accept: ["sse-kms-not-selected:acme-invoices/other"] });
    strictEqual(report.verdict, "broken");
    match(report.warnings.join(), /accepts nothing, as there is no such finding/);
  });
  it("is no finding where the encryption of the bucket could not be read", () => {
    const snapshot = blind();
    for (const bucket of Object.values(snapshot.buckets)) bucket.unread = ["encryption"];
    deepStrictEqual(rehearse(snapshot).findings, []);
  });
  it("is found for prefixes and tags that no object has, and for no others", () => {
    const tags = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ Key: `tag${index}`, Value: "x" }));
    const cases: [ReplicationRuleJson["Filter"], string[]][] = [
      [{ Prefix: "../" }, ["it: no-object-can-match"]],
      [{ Prefix: "a/../../b" }, ["it: no-object-can-match"]],
      [{ And: { Prefix: "", Tags: tags(11) } }, ["it: no-object-can-match"]],
      [{ Prefix: ".." }, []],
      [{ Prefix: "a/../b/" }, []],
      [{ Prefix: "/" }, []],
      [{ Prefix: "*" }, []],
      [{ And: { Prefix: "", Tags: tags(10) } }, []],
    ];
    for (const [filter, found] of cases) deepStrictEqual(findingsOf(ruleOf(1, filter, "it")), found);
  });
  it("is found under a rule that is on, has the higher priority and takes all of it, and under no other", () => {
    const all = { Prefix: "" };
    const part = { Prefix: "a/" };
    deepStrictEqual(findingsOf(ruleOf(2, all, "all"), ruleOf(1, part, "part")), [
      "part: covered-by-another-rule",
    ]);
    deepStrictEqual(findingsOf(ruleOf(1, all, "all"), ruleOf(2, part, "part")), []);
    deepStrictEqual(
      findingsOf({ ...ruleOf(2, all, "all"), Status: "Disabled" }, ruleOf(1, part, "part")),
      [],
    );
    deepStrictEqual(
      findingsOf(ruleOf(2, { Tag: { Key: "class", Value: "x" } }, "tagged"), ruleOf(1, part, "part")),
      [],
    );
  });
});

describe("a bucket of which no rule is on", () => {
  it("is unproven with objects of its own and without, as nothing is replicated", () => {
    const off = plainRule({ Status: "Disabled" });
    const object = { key: "a.pdf", encryption: { algorithm: "AES256" } } as const;
    for (const objects of [undefined, [object]]) {
      const report = rehearse(setUpWithoutKms({ rules: [off], objects }));
      strictEqual(report.verdict, "unproven");
      match(textOf(report), /Verdict: unproven \(every rule is off: nothing is replicated\)/);
    }
  });
});

describe("a component's rule with sseKmsEncryptedObjects: false", () => {
  it("is meant so, in a snapshot that is written and read again too", async () => {
    const { accepted } = await acceptedOf([
      { id: "documents", sseKmsEncryptedObjects: false },
      { id: "others" },
    ]);
    deepStrictEqual(accepted, ["sse-kms-not-selected:acme-data/documents"]);
  });
});

describe("--accept", () => {
  it("takes findings only", async () => {
    const { code, stderr } = await cli(["rehearse", "--accept", "everything"]);
    strictEqual(code, 2);
    match(stderr, /It must be a finding as a report calls it.*sse-kms-not-selected/s);
    ok(!stderr.includes("    at "));
  });
});

async function acceptedOf(rules: readonly object[]) {
  const { noteIntents } = await import("../../src/readers/intents");
  const { emptySnapshot } = await import("../../src/snapshot/snapshot");
  const snapshot = emptySnapshot();
  const accountId = "111111111111";
  noteIntents(snapshot, [
    {
      type: "s3-replication:index:ReplicationSource",
      name: "source",
      inputs: { bucketName: "acme-data", rules, accountId, region: "eu-west-1" },
      accountId,
    },
  ]);
  return snapshot;
}
