import { doesNotMatch, match, ok, strictEqual } from "node:assert";
import { stripVTControlCharacters } from "node:util";
import type { ObjectReport } from "../../../src/rehearsal/report/report";
import { permissionTable } from "../../../src/rehearsal/report/permissions";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { type RehearsalResult, renderText } from "../../../src/rehearsal/report/text";
import { describeAccounts } from "../../../src/rehearsal/report/accounts";
import { ROLE as SETUP_ROLE, setUp } from "../../proof/setUp";
import { width } from "../../support/cli";
import { changeBucket, DESTINATION, forbid, object, rehearseWith, ROLE } from "../../support/handMade";

const result = (change: Partial<RehearsalResult> = {}): RehearsalResult => ({
  ...rehearseWith(() => undefined),
  accounts: [],
  permissions: [],
  ...change,
});

const render = (change?: Partial<RehearsalResult>) => stripVTControlCharacters(renderText(result(change)));

const objects = (outcome: ObjectReport["outcome"], count: number): ObjectReport[] =>
  Array.from({ length: count }, (_, index) => ({
    bucket: "arn:aws:s3:::b",
    key: `k${index}`,
    kind: "SSE-S3",
    rule: "r",
    destination: "arn:aws:s3:::d",
    outcome,
    reason: "because",
    missing: [],
    requests: [],
  }));

describe("the report for people", () => {
  it("says one resource of an account in the singular", () => {
    const resources = [{ name: "data", type: "aws:s3/bucket:Bucket", stack: "dev" }];
    const account = { accountId: "111111111111", resources, buckets: [], keys: [], roles: [] };
    match(render({ accounts: [account] }), /^Account 111111111111 gets 1 resource \(stack dev\)\n/);
  });

  it("counts the objects of each outcome in the verdict, in 80 columns", () => {
    const text = render({
      verdict: "broken",
      objects: [
        ...objects("COMPLETED", 100),
        ...objects("NOT_REPLICATED", 100),
        ...objects("FAILED", 100),
        ...objects("UNPROVEN", 100),
      ],
    });
    const verdict = text.slice(text.indexOf("Verdict:"));
    match(
      verdict.replace(/\s+/g, " "),
      /^Verdict: broken \(100 replicated, 100 left alone, as the rules say, 100 failed, 100 unproven\)/,
    );
    strictEqual(width(verdict) <= 80, true, verdict);
  });

  it("says which stacks give an account its resources, in 80 columns", () => {
    const resources = Array.from({ length: 20 }, (_, index) => ({
      stack: `a-stack-with-a-name-${index}`,
      type: "aws:s3/bucket:Bucket",
      name: "x",
    }));
    const text = render({
      accounts: [{ accountId: "111111111111", buckets: [], keys: [], roles: [], resources }],
    });
    match(text, /a-stack-with-a-name-19/);
    strictEqual(width(text) <= 80, true);
  });

  it("names the commands for objects from before the rules, where a role for Batch Replication is known", () => {
    const accountsOf = (batchReplication: boolean) => {
      const snapshot = setUp(batchReplication ? { source: { batchReplication: { role: SETUP_ROLE } } } : {});
      const text = render({ accounts: describeAccounts(snapshot, []) });
      return text.replace(/\s+/g, " ");
    };
    match(
      accountsOf(true),
      /'s3-replication backfill acme-invoices' replicates it, 's3-replication reconcile acme-invoices' says what is missing/,
    );
    doesNotMatch(accountsOf(false), /backfill/);
  });

  it("keeps a command, and the place that a statement goes to, on one line to be copied", () => {
    const resource = `arn:aws:kms:ap-southeast-2:222222222222:key/${"0".repeat(36)}`;
    const command = `aws kms enable-key --key-id ${resource} --region ap-southeast-2`;
    const statement = { Sid: "S", Effect: "Allow", Action: "kms:Encrypt", Resource: "*" } as const;
    const text = render({
      advice: [
        { where: "key state", resource, command, reason: "the replica key is Disabled" },
        { where: "destination key policy", resource, statement, reason: "kms:Encrypt must be allowed" },
      ],
    });
    const lines = text.split("\n").map((line) => line.trim());
    ok(lines.includes(command), text);
    ok(lines.includes(`add to the destination key policy of ${resource}:`), text);
  });

  it("says what to set by its place in the bucket, key or role", () => {
    const role = "arn:aws:iam::111111111111:role/replicas/copy";
    const at = "/accounts/111111111111/roles/arn:aws:iam::111111111111:role~1replicas~1copy";
    const text = render({
      advice: [
        {
          where: "trust policy",
          resource: role,
          change: { path: `${at}/trust/Statement/0`, value: { Sid: "S\u202e" } },
          reason: "r",
        },
        {
          where: "bucket setting",
          resource: "arn:aws:s3:::b",
          change: { path: "/buckets/arn:aws:s3:::b/versioning", value: "Enabled" },
          reason: "r",
        },
      ],
    });
    match(
      text,
      /^ {5}set trust\/Statement\/0 of \S+role\/replicas\/copy to:\n {5}{\n {7}"Sid": "S\\u202e"\n {5}}$/m,
    );
    match(text, /^ {5}set versioning of arn:aws:s3:::b to "Enabled"$/m);
  });

  it("tells what S3 refuses", () => {
    const text = render({
      refusals: [
        {
          bucket: "arn:aws:s3:::b",
          message: "InvalidRequest: no",
          mend: "say yes",
          grade: "observed",
          source: "https://example.com/",
        },
      ],
    });
    match(text, /^AWS refuses\n {2}b: InvalidRequest: no$/m);
  });

  it("marks tags that are lost, and says why", () => {
    const report = rehearseWith((s) => {
      s.objects = [object({ tags: { a: "1" } })];
      forbid(s, "s3:GetObjectVersionTagging");
    });
    const text = render(report);
    match(text, /✗ TAGS LOST/);
    match(text, /^Why\n {2}a\/b\.txt \(a=1\): replicated without its tags: s3:GetObjectVersionTagging on/m);
  });

  it("says each reason once, for all its objects", () => {
    const text = render({ objects: objects("FAILED", 3) });
    match(text, /^Why\n {2}k0, k1, k2: because$/m);
  });

  it("shows a permission that nothing allows", () => {
    const report = rehearseWith((s) => changeBucket(s, DESTINATION, { policy: null }));
    match(render({ permissions: permissionTable(report) }), /✗ s3:ReplicateObject /);
  });

  it("calls a permission missing that a statement gives for other objects alone", () => {
    // Of objects under SSE-S3 alone, s3:GetObjectVersion allows the reading.
    const report = rehearseWith((s) => {
      s.objects = [object({ encryption: { algorithm: "AES256" } }), object({ key: "under-kms" })];
      s.accounts["111111111111"]!.roles[ROLE]!.policies = [
        {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "kms:*", Resource: "*" },
            { Effect: "Allow", NotAction: "s3:GetObjectVersionForReplication", Resource: "*" },
          ],
        },
      ];
    });
    match(
      render({ permissions: permissionTable(report) }),
      /✗ s3:GetObjectVersionForReplication +not in the role policy/,
    );
  });

  it("lists what is assumed", () => {
    match(render(), /^Assumed, as no page of AWS says it\n {2}S3's own requests count as sent over TLS/m);
  });
});

describe("a verdict of nothing", () => {
  it("says that there is nothing to prove", () => {
    const text = render(rehearse({ accounts: {}, buckets: {}, keys: {} })).replaceAll(/\s+/g, " ");
    match(
      text,
      /Verdict: unproven \(no bucket has a replication configuration, so there is nothing to prove\)/,
    );
  });
});

describe("a grant that is not needed", () => {
  it("is told with the policy of the role that it is in, of which there may be several", () => {
    const text = render(
      rehearseWith((snapshot) => {
        const policies = snapshot.accounts["111111111111"]?.roles[ROLE]?.policies;
        policies?.push({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "s3:ReplicateObject", Resource: "arn:aws:s3:::elsewhere/*" },
          ],
        });
      }),
    );
    match(text, /role policy '1' of role\/hand, statement 0: s3:ReplicateObject/);
  });
});
