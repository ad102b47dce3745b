import { deepStrictEqual, match, strictEqual } from "node:assert";
import { rehearse } from "../../src/rehearsal/rehearse";
import { documentsOf, EXAMPLES, runExample, snapshotOf } from "../support/examples";

/** How many objects each example replicates and leaves alone: a new kind of object or rule changes a number here. */
const COUNTS: Readonly<Record<string, readonly [replicated: number, leftAlone: number]>> = {
  // With a Batch Replication job.
  backfill: [6, 1],
  "delete-markers": [4, 0],
  "fan-in": [11, 1],
  "fan-out": [17, 1],
  "kms-cross-region": [6, 0],
  // Without S3 Bucket Keys, as in the article.
  "kms-same-region": [5, 0],
  "object-lock": [7, 0],
  "one-stack": [6, 0],
  "organization-archive": [10, 2],
  "owner-override": [6, 0],
  "plain-objects": [3, 1],
  "prefix-tag-priority": [16, 0],
  // In each bucket lies a replica, which is not replicated again.
  "two-way": [12, 2],
  "watched-pair": [10, 2],
};

/** Why an object is left alone, by its kind. */
const REASONS: Readonly<Record<string, string>> = {
  "delete marker": "the rule does not replicate delete markers",
  replica: "it is a replica itself, and replicas are not replicated again",
};

describe("every example", () => {
  it("is known to this test", () => {
    deepStrictEqual([...EXAMPLES].sort(), Object.keys(COUNTS));
  });

  for (const [example, [replicated, leftAlone]] of Object.entries(COUNTS)) {
    describe(example, () => {
      it("is proven: everything is replicated but delete markers that no rule asks for", async () => {
        const { verdict, objects, refusals } = rehearse(await snapshotOf(example));
        deepStrictEqual([verdict, refusals], ["proven", []]);
        const done = objects.filter(
          ({ outcome, missing }) => outcome === "COMPLETED" && missing.length === 0,
        );
        const left = objects.filter(({ outcome }) => outcome === "NOT_REPLICATED");
        deepStrictEqual(
          [done.length, left.length, objects.length],
          [replicated, leftAlone, replicated + leftAlone],
        );
        for (const { kind, reason } of left) {
          deepStrictEqual(reason, REASONS[kind]);
        }
      });

      it("says for each request which statements allow it, and what AWS page asks for it", async () => {
        const { objects } = rehearse(await snapshotOf(example));
        const requests = objects.flatMap((object) => object.requests);
        strictEqual(requests.length > 0, true);
        for (const request of requests) {
          strictEqual(request.decision, "allowed", request.action);
          strictEqual(request.statements.length > 0, true, request.action);
          match(request.sources[0] ?? "", /^https:\/\/docs\.aws\.amazon\.com\//);
        }
      });

      it("allows nothing with a wildcard, but kms:* to the key's own account, and roles of one name in an organization", async () => {
        const snapshot = await snapshotOf(example);
        const allowed = documentsOf(snapshot).flatMap(({ kind, owner, document }) =>
          document.Statement.filter(({ Effect }) => Effect === "Allow").map((statement) => ({
            kind,
            owner,
            ...statement,
          })),
        );
        strictEqual(allowed.length >= 6, true);
        for (const { kind, owner, Sid, Action, Resource, Principal, Condition } of allowed) {
          const account = snapshot.keys[owner]?.account;
          const ownRoot = { AWS: `arn:aws:iam::${account}:root` };
          const isOwnRoot = JSON.stringify(Principal) === JSON.stringify(ownRoot);
          if (Sid === "AdministerKey") {
            deepStrictEqual([kind.endsWith("key policy"), Action, isOwnRoot], [true, "kms:*", true]);
            continue;
          }
          for (const action of [Action].flat()) match(action, /^(s3|kms|sts):\w+$/, Sid);
          // In a key policy `*` means this key; elsewhere a resource may end with one, after a bucket of its own.
          const resources = [Resource ?? []].flat();
          if (kind.endsWith("key policy")) deepStrictEqual(resources, ["*"]);
          else
            for (const arn of resources)
              match(arn, /^arn:aws:(s3:::[a-z0-9-]+(\/[^*?]*\*)?|kms:[^*?]+)$/, Sid);
          // No principal stands for an organization: everybody is narrowed to it, and to the name of a role.
          const { StringEquals = {}, ArnLike = {} } = Condition ?? {};
          const isOfOrganization = "aws:PrincipalOrgID" in StringEquals && "aws:PrincipalArn" in ArnLike;
          strictEqual(JSON.stringify(Principal ?? "").includes("*"), isOfOrganization, Sid);
        }
      });
    });
  }

  it("is made of two or more accounts", async () => {
    for (const example of EXAMPLES) {
      const { snapshot } = await runExample(example);
      const accounts = new Set(Object.values(snapshot.buckets).map(({ account }) => account));
      strictEqual(accounts.size >= 2, true, example);
    }
  });
});
