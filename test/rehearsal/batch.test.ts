import { deepStrictEqual, ok } from "node:assert";
import { BATCH_KIND } from "../../src/rehearsal/batch";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { Report } from "../../src/rehearsal/report/report";
import { changeBucket, handMade, rule, setRules, SOURCE } from "../support/handMade";

const ROLE = "arn:aws:iam::111111111111:role/batch";
const REPORTS = "arn:aws:s3:::hand-reports";

const allow = (Action: string[], Resource: string | string[]) => ({ Effect: "Allow", Action, Resource });
const WHOLE = [
  allow(["s3:InitiateReplication"], `${SOURCE}/*`),
  allow(["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"], SOURCE),
  allow(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], `${REPORTS}/*`),
];

/** What a job under these statements comes to. */
function rehearseJob(
  Statement: object[],
  Service = "batchoperations.s3.amazonaws.com",
  { job = {}, organizationId }: { job?: object; organizationId?: string } = {},
): Report {
  const snapshot = handMade();
  const account = snapshot.accounts["111111111111"];
  ok(account !== undefined);
  if (organizationId !== undefined) account.organizationId = organizationId;
  account.roles[ROLE] = {
    trust: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
    },
    policies: [{ Version: "2012-10-17", Statement }],
  };
  setRules(snapshot, rule({ Filter: { Prefix: "documents/" } }));
  changeBucket(snapshot, SOURCE, {
    batchReplication: { role: ROLE, manifestBucket: REPORTS, reportBucket: REPORTS, ...job },
  });
  snapshot.objects = [];
  changeBucket(snapshot, REPORTS, {});
  const source = snapshot.buckets[SOURCE];
  ok(source !== undefined);
  snapshot.buckets[REPORTS] = {
    ...source,
    encryption: { algorithm: "AES256" },
    replication: null,
    batchReplication: undefined,
  };
  return rehearse(snapshot);
}

const inReports = (...prefixes: string[]) => ({
  Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
  Resource: prefixes.map((prefix) => `${REPORTS}/${prefix}/*`),
});
const job = ({ objects }: Report) => objects.filter(({ kind }) => kind === BATCH_KIND);
const told = (report: Report) => job(report).map(({ outcome, failureReason }) => [outcome, failureReason]);

describe("a Batch Replication job", () => {
  it("is allowed by a role with what AWS's page asks for", () => {
    const report = rehearseJob(WHOLE);
    deepStrictEqual([report.verdict, told(report)], ["proven", [["COMPLETED", undefined]]]);
    deepStrictEqual(report.advice, []);
  });

  it("fails under a role that trusts the replication service only, and advice says whom to trust", () => {
    const report = rehearseJob(WHOLE, "s3.amazonaws.com");
    deepStrictEqual([report.verdict, told(report)], ["broken", [["FAILED", "AssumeRoleNotPermitted"]]]);
    deepStrictEqual(report.advice[0]?.statement?.Principal, { Service: "batchoperations.s3.amazonaws.com" });
  });

  for (const [index, { Action }] of WHOLE.entries()) {
    for (const action of Action) {
      it(`fails without ${action}, and names it with the statement that mends it`, () => {
        const statements = WHOLE.map((statement, place) =>
          place === index
            ? { ...statement, Action: statement.Action.filter((each) => each !== action) }
            : statement,
        ).filter((statement) => statement.Action.length > 0);
        const report = rehearseJob(statements);
        deepStrictEqual(
          [report.verdict, job(report)[0]?.missing[0]?.action, job(report)[0]?.missing[0]?.where],
          ["broken", action, "role policy"],
        );
        deepStrictEqual(report.advice[0]?.statement?.Action, action);
      });
    }
  }

  it("is decided for every key that a rule takes, not for a sample", () => {
    const narrow = [allow(["s3:InitiateReplication"], `${SOURCE}/documents/a*`), ...WHOLE.slice(1)];
    const report = rehearseJob(narrow);
    deepStrictEqual(told(report), [["FAILED", "InitiateReplicationNotPermitted"]]);
    const wide = [allow(["s3:InitiateReplication"], `${SOURCE}/documents/*`), ...WHOLE.slice(1)];
    deepStrictEqual(told(rehearseJob(wide)), [["COMPLETED", undefined]]);
  });

  it("is decided where the report and the manifest are", () => {
    const reports = [...WHOLE.slice(0, 2), { Effect: "Allow", ...inReports("lists", "r") }];
    const places = { manifestPrefix: "lists", reportPrefix: "r" };
    deepStrictEqual(told(rehearseJob(reports, undefined, { job: places })), [["COMPLETED", undefined]]);
    deepStrictEqual(told(rehearseJob(reports)), [["FAILED", undefined]]);
  });

  it("only reads a manifest that somebody else writes", () => {
    const reading = [
      ...WHOLE.slice(0, 2),
      allow(["s3:GetObject", "s3:GetObjectVersion"], `${REPORTS}/lists/*`),
      allow(["s3:PutObject"], `${REPORTS}/r/*`),
    ];
    const places = { manifestPrefix: "lists", reportPrefix: "r" };
    const given = { ...places, manifestGiven: true };
    deepStrictEqual(told(rehearseJob(reading, undefined, { job: given })), [["COMPLETED", undefined]]);
    deepStrictEqual(told(rehearseJob(reading, undefined, { job: places })), [["FAILED", undefined]]);
  });

  it("is decided by the organization where that is known, and hangs on it where it is not", () => {
    const condition = { StringEquals: { "aws:PrincipalOrgID": "o-acme" } };
    const guarded = WHOLE.map((statement) => ({ ...statement, Condition: condition }));
    const outcome = (organizationId?: string) =>
      job(rehearseJob(guarded, undefined, { organizationId }))[0]?.outcome;
    deepStrictEqual([outcome("o-acme"), outcome("o-other"), outcome()], ["COMPLETED", "FAILED", "UNPROVEN"]);
  });

  it("is advised statements whose Sids its documents do not have", () => {
    const [initiate, ...others] = WHOLE;
    const { advice } = rehearseJob(
      [{ ...initiate, Sid: "BatchReplicationPutObject" }, ...others.slice(0, -1)],
      "s3.amazonaws.com",
      { job: { reportBucket: SOURCE, reportPrefix: "documents/" } },
    );
    const sids = advice.flatMap(({ statement }) => statement?.Sid ?? []);
    deepStrictEqual([...new Set(sids)], sids);
    ok(!sids.includes("BatchReplicationPutObject") && sids.includes("BatchReplicationPutObject3"));
  });

  it("is told which Deny to loosen, for its own service and role", () => {
    const Deny = { Effect: "Deny", Action: "s3:InitiateReplication", Resource: "*" };
    const { advice, verdict } = rehearseJob([...WHOLE, Deny]);
    const change = advice[0]?.change?.value as { Condition?: unknown } | undefined;
    deepStrictEqual(
      [verdict, advice.length, change?.Condition],
      ["broken", 1, { ArnNotEquals: { "aws:PrincipalArn": ROLE } }],
    );
  });
});
