/** Set-ups that replicate, and hurt: the verdict stays, and a warning says what will. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { ReplicationRuleJson } from "../../src/replication/rules";
import type { LifecycleRuleState, ObjectState, Snapshot } from "../../src/snapshot/snapshot";
import {
  changeBucket,
  DESTINATION,
  object,
  rehearseWith,
  ROLE,
  rule,
  setRules,
  SOURCE,
} from "../support/handMade";

type Change = (snapshot: Snapshot & { objects: ObjectState[] }) => unknown;

const WARNED: readonly (readonly [string, Change, RegExp])[] = [
  [
    "replicas that nobody in the destination's account can read",
    (s) => changeBucket(s, DESTINATION, { ownership: "ObjectWriter" }),
    /^replicas of rule 'all' stay with account 111111111111: nobody in account 222222222222 can read them/,
  ],
  [
    "a prefix that begins with a slash",
    (s) => setRules(s, rule({ Filter: { Prefix: "/" } })),
    /^the prefix '\/' of rule 'all' takes only keys that begin with a slash/,
  ],
  [
    "a prefix that is meant as a pattern",
    (s) => setRules(s, rule({ Filter: { Prefix: "reports/*" } })),
    /^the prefix 'reports\/\*' of rule 'all' takes only keys that hold the character '\*'/,
  ],
  [
    "a rule without metrics",
    (s) => setRules(s, rule({}, { Metrics: undefined })),
    /^rule 'all' has no metrics: S3 sends no event of its failed objects/,
  ],
  [
    "objects under Intelligent-Tiering",
    (s) => (s.objects = [object({ storageClass: "INTELLIGENT_TIERING" })]),
    /archive tiers of Intelligent-Tiering are not replicated/,
  ],
  [
    "a lifecycle rule that people count on",
    (s) => setLifecycle(s, { id: "old", status: "Enabled", expires: true }),
    /^objects of hand-source whose replication has failed neither expire nor move by lifecycle rule 'old': .*backfill/,
  ],
  [
    "lifecycle rules without names",
    (s) =>
      setLifecycle(
        s,
        ...["a/", "b/"].map((prefix) => ({ status: "Enabled" as const, prefix, transitions: ["GLACIER"] })),
      ),
    /neither expire nor move by its 2 lifecycle rules/,
  ],
  [
    "a role that may put objects under any key",
    (s) => allowRole(s, "s3:UpdateObjectEncryption"),
    /^role policy '1' of role\/hand lets objects of hand-source be put under any key \(s3:UpdateObjectEncryption\)/,
  ],
  [
    "a bucket policy that lets somebody put objects under any key",
    (s) =>
      changeBucket(s, SOURCE, {
        policy: statement({ Effect: "Allow", Principal: OTHER, Action: "s3:Update*" }),
      }),
    /^the policy of hand-source lets objects of hand-source be put under any key/,
  ],
];

const SYNC = { SourceSelectionCriteria: { ReplicaModifications: { Status: "Enabled" } } } as const;

/** Rules to the destination with replica modification sync, and rules back. */
function setBothWays(snapshot: Snapshot, back: ReplicationRuleJson | null, more: object = {}) {
  setRules(snapshot, rule(SYNC));
  const replication = back === null ? null : { Role: ROLE, Rules: [back], ...more };
  changeBucket(snapshot, DESTINATION, { replication });
}

const ruleBack = (change: Partial<ReplicationRuleJson> = {}) =>
  rule({ ID: "back", ...change }, { Bucket: SOURCE });

function setLifecycle(snapshot: Snapshot, ...lifecycle: LifecycleRuleState[]) {
  changeBucket(snapshot, SOURCE, { lifecycle });
}

const OTHER = { AWS: "arn:aws:iam::111111111111:role/rotation" };
const statement = (...statements: object[]) => ({
  Version: "2012-10-17",
  Statement: statements.map((each) => ({ Resource: `${SOURCE}/*`, ...each })),
});

function allowRole(snapshot: Snapshot, Action: string, more: object = {}) {
  const [role] = Object.values(snapshot.accounts["111111111111"]?.roles ?? {});
  role?.policies.push(statement({ Effect: "Allow", Action, ...more }));
}

describe("a set-up that replicates and hurts", () => {
  for (const [what, change, warning] of WARNED) {
    it(`is warned of: ${what}`, () => {
      const { warnings } = rehearseWith(change);
      strictEqual(warnings.length, 1);
      match(warnings[0] ?? "", warning);
    });
  }

  it("is warned of in a Region that accounts opt in to", () => {
    const { warnings } = rehearseWith((s) => changeBucket(s, SOURCE, { region: "eu-south-2" }));
    match(warnings.join("\n"), /^eu-south-2 of hand-source is a Region that accounts opt in to/);
  });

  it("is warned of where lifecycle rules do not wait for a Batch Replication job", () => {
    const batchReplication = { role: "arn:aws:iam::111111111111:role/batch" };
    const warned = (...lifecycle: LifecycleRuleState[]) =>
      rehearseWith((s) => changeBucket(s, SOURCE, { batchReplication, lifecycle })).warnings.filter((text) =>
        /wait for the Batch Replication job/.test(text),
      );
    const archive = { id: "cold", status: "Enabled", transitions: ["DEEP_ARCHIVE"] } as const;
    match(
      warned({ ...archive, transitions: ["DEEP_ARCHIVE"] }).join(),
      /^lifecycle rule 'cold' of hand-source does not wait/,
    );
    deepStrictEqual(warned({ id: "warm", status: "Enabled", transitions: ["STANDARD_IA"] }), []);
  });

  it("is none where lifecycle rules are off, elsewhere, or about unfinished uploads alone", () => {
    const only = (s: Snapshot) => setRules(s, rule({ Filter: { Prefix: "data/" } }));
    const harmless: LifecycleRuleState[] = [
      { status: "Disabled", expires: true },
      { status: "Enabled", prefix: "logs/", expires: true },
      { status: "Enabled", expires: false },
    ];
    for (const each of harmless) {
      const { warnings } = rehearseWith((s) => {
        only(s);
        setLifecycle(s, each);
      });
      deepStrictEqual(warnings, []);
    }
  });

  it("is none where the keys are named, everything is allowed, or nobody may", () => {
    const key = "s3:x-amz-server-side-encryption-aws-kms-key-id";
    const harmless: Change[] = [
      (s) =>
        allowRole(s, "s3:UpdateObjectEncryption", {
          Condition: { ArnEquals: { [key]: "arn:aws:kms:eu-west-1:111111111111:key/1" } },
        }),
      (s) => allowRole(s, "s3:*"),
      (s) => allowRole(s, "s3:UpdateObjectEncryption", { Resource: "arn:aws:s3:::another/*" }),
      (s) => {
        allowRole(s, "s3:UpdateObjectEncryption");
        changeBucket(s, SOURCE, {
          policy: statement({ Effect: "Deny", Principal: "*", Action: "s3:UpdateObjectEncryption" }),
        });
      },
    ];
    for (const change of harmless) deepStrictEqual(rehearseWith(change).warnings, []);
  });

  it("is warned of where replicas are kept in step one way only", () => {
    const oneWay: Change[] = [
      (s) => setBothWays(s, ruleBack()),
      (s) => setBothWays(s, ruleBack({ ...SYNC, Status: "Disabled" })),
      (s) => setBothWays(s, rule(SYNC, { Bucket: "arn:aws:s3:::another" })),
      (s) => {
        setBothWays(s, ruleBack({ ...SYNC, Filter: { Prefix: "b/" } }));
        setRules(s, rule({ ...SYNC, Filter: { Prefix: "a/" } }));
      },
    ];
    for (const change of oneWay) {
      match(
        rehearseWith(change).warnings.join("\n"),
        /^rule 'all' of hand-source keeps replicas in step \(ReplicaModifications\) with hand-destination one way only: S3 wants it in the rules of both buckets, and no rule of hand-destination .* back to hand-source has it/m,
      );
    }
  });

  it("is none where replicas are kept in step both ways, or the way back is out of sight", () => {
    const place = { place: 1, name: "unread", prefix: "", tags: [], isOfKmsAlone: false };
    const harmless: Change[] = [
      (s) => setBothWays(s, ruleBack(SYNC)),
      (s) => setBothWays(s, null),
      (s) => setBothWays(s, ruleBack(), { UnreadRules: [place] }),
      (s) => {
        setBothWays(s, ruleBack());
        changeBucket(s, DESTINATION, { unread: ["replication"] });
      },
    ];
    for (const change of harmless)
      deepStrictEqual(
        rehearseWith(change).warnings.filter((text) => /one way only/.test(text)),
        [],
      );
  });

  it("is none where the owner is overridden, the rule is off, or nothing is odd", () => {
    const harmless: Change[] = [
      () => undefined,
      (s) => {
        changeBucket(s, DESTINATION, { ownership: "ObjectWriter" });
        const override = { Account: "222222222222", AccessControlTranslation: { Owner: "Destination" } };
        setRules(s, rule({}, override));
      },
      (s) =>
        setRules(s, rule(), rule({ ID: "off", Priority: 2, Status: "Disabled" }, { Metrics: undefined })),
    ];
    for (const change of harmless) deepStrictEqual(rehearseWith(change).warnings, []);
  });
});
