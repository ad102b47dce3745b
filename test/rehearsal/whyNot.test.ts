/** Advice says why a statement that is there does not count. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import type { Snapshot } from "../../src/snapshot/snapshot";
import {
  changeBucket,
  DESTINATION,
  forbid,
  REPLICA_KEY,
  rehearseWith,
  ROLE,
  rule,
  setRules,
} from "../support/handMade";

/** The role may do this, and all of S3 besides where `s3` says nothing else. */
function grants(snapshot: Snapshot, kms: object, s3: object = {}): void {
  const role = snapshot.accounts["111111111111"]?.roles[ROLE];
  const allow = (Action: string, Resource: string) => ({ Effect: "Allow", Action, Resource });
  const Statement = [
    { Sid: "Objects", ...allow("s3:*", "*"), ...s3 },
    { Sid: "Reads", ...allow("s3:Get*", "*") },
    { Sid: "Lists", ...allow("s3:List*", "*") },
    { Sid: "Decrypts", ...allow("kms:*", "arn:aws:kms:eu-west-1:111111111111:key/*") },
    { Sid: "Keys", ...allow("kms:*", REPLICA_KEY), ...kms },
  ];
  if (role !== undefined) role.policies = [{ Version: "2012-10-17", Statement }];
}

const MISTAKES: readonly (readonly [string, (snapshot: Snapshot) => void, RegExp])[] = [
  [
    "it names an alias",
    (s) => grants(s, { Resource: "arn:aws:kms:us-east-1:222222222222:alias/replicas" }),
    /; statement 'Keys' names the alias '[^']+alias\/replicas': policies name keys by their key ARN/,
  ],
  [
    "it asks for S3 in another Region",
    (s) => grants(s, { Condition: { StringLike: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } } }),
    /; statement 'Keys' asks for kms:ViaService 's3\.eu-west-1\.amazonaws\.com', and the key is used through 's3\.us-east-1/,
  ],
  [
    "it misspells a condition key",
    (s) => grants(s, { Condition: { ArnEquals: { "aws:PrincipleArn": ROLE } } }),
    /; statement 'Keys' asks for 'aws:PrincipleArn', which is no condition key that is known: 'aws:PrincipalArn' is nearly called so/,
  ],
  [
    "the ARN stands twice in it",
    (s) => grants(s, {}, { Resource: `arn:aws:s3:::${DESTINATION}/*` }),
    /; statement 'Objects' names 'arn:aws:s3:::arn:aws:s3:::[^']+', in which the ARN stands twice/,
  ],
  [
    "it names the bucket, not the objects in it",
    (s) => grants(s, {}, { Resource: DESTINATION }),
    /; statement 'Objects' names the bucket '[^']+', and not the objects in it/,
  ],
  [
    "its prefix lacks the slash behind the bucket",
    (s) => grants(s, {}, { Resource: `${DESTINATION}a/*` }),
    /; statement 'Objects' names '[^']+', in which no slash stands between the bucket and the objects/,
  ],
  [
    "it names a prefix without a star",
    (s) => grants(s, {}, { Resource: `${DESTINATION}/a/` }),
    /; statement 'Objects' names the one object '[^']+', and not those that begin with it/,
  ],
  [
    "it grants less than the rule takes, which may be all that is meant",
    (s) => grants(s, {}, { Resource: `${DESTINATION}/prod/*` }),
    /; statement 'Objects' grants it for keys that begin with 'prod\/' only: where no more is meant, give the rule that prefix instead/,
  ],
];

describe("advice to add a statement says why one that is there does not count", () => {
  for (const [what, change, reason] of MISTAKES) {
    it(`where ${what}`, () => {
      const { advice, verdict } = rehearseWith(change);
      ok(verdict !== "proven");
      match(advice.map((each) => each.reason).join("\n"), reason);
    });
  }

  it("and offers a narrower rule only where that mends", () => {
    const prefixed = (prefix: string) => (s: Snapshot) => {
      setRules(s, rule({ Filter: { Prefix: prefix } }));
      s.objects = undefined;
      grants(s, {}, { Resource: [`${DESTINATION}/prod/*`, DESTINATION] });
    };
    const offers = (prefix: string) =>
      rehearseWith(prefixed(prefix)).advice.some(({ reason }) =>
        reason.includes("give the rule that prefix"),
      );
    deepStrictEqual([offers(""), offers("prod"), offers("test/")], [true, true, false]);
    strictEqual(rehearseWith(prefixed("prod/")).verdict, "proven");
  });

  it("and says nothing where no statement was meant so", () => {
    const { advice } = rehearseWith((s) => grants(s, { Action: "kms:DescribeKey" }));
    ok(advice.length > 0 && advice.every((each) => !each.reason.includes("; statement")));
  });
});

describe("a decision that hangs on a misspelt condition key", () => {
  const Condition = { ArnNotEquals: { "aws:PrincipleArn": ROLE } };
  const WRITTEN: readonly (readonly [string, (snapshot: Snapshot) => void])[] = [
    ["an Allow", (s) => grants(s, { Condition })],
    ["a Deny", (s) => forbid(s, "kms:*", { Condition })],
  ];

  for (const [where, change] of WRITTEN) {
    it(`names the key that is nearly called so, in ${where}`, () => {
      const { objects, verdict } = rehearseWith(change);
      strictEqual(verdict, "unproven");
      match(
        objects[0]?.reason ?? "",
        /: it hangs on aws:PrincipleArn \(no condition key that is known; 'aws:PrincipalArn' is nearly called so\)$/,
      );
    });
  }
});

describe("a public statement beside one that grants replication", () => {
  it("is narrowed, and what is granted already is not advised once more", () => {
    const { advice } = rehearseWith((snapshot) =>
      changeBucket(snapshot, DESTINATION, {
        publicAccessBlock: { restrictPublicBuckets: true },
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: "arn:aws:iam::111111111111:root" },
              Action: ["s3:Replicate*", "s3:ObjectOwner*"],
              Resource: `${DESTINATION}/*`,
            },
            {
              Sid: "Everybody",
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: `${DESTINATION}/*`,
            },
          ],
        },
      }),
    );
    deepStrictEqual(
      advice.map(({ reason }) => reason.slice(0, 41)),
      ["statement 'Everybody' makes the policy pu"],
    );
  });
});
