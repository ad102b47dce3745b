/** Policy documents that AWS does not store: the set-up is broken, whatever the document would grant. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { applyAdvice } from "../proof/applyAdvice";
import { changeBucket, DESTINATION, handMade, REPLICA_KEY, ROLE, SOURCE } from "../support/handMade";

const without = (statement: object, name: string) =>
  Object.fromEntries(Object.entries(statement).filter(([key]) => key !== name));

interface Statement {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action: string | readonly string[];
  Resource: string | readonly string[];
  Condition?: object;
}

const grant = (change: Partial<Statement> = {}): Statement => ({
  Effect: "Allow",
  Principal: { AWS: ROLE },
  Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
  Resource: `${DESTINATION}/*`,
  ...change,
});
const deny = (change: Partial<Statement>, Condition: object): Statement => ({
  ...grant({ Effect: "Deny", Principal: "*", ...change }),
  Condition,
});
const allow = (Resource: string | readonly string[]) => ({ Effect: "Allow", Action: "*", Resource });
const document = (...Statement: unknown[]) => ({ Version: "2012-10-17", Statement });
const bucketPolicy =
  (...statements: Statement[]) =>
  (snapshot: Snapshot) =>
    changeBucket(snapshot, DESTINATION, { policy: document(...statements) });
const role = (snapshot: Snapshot) => snapshot.accounts["111111111111"]?.roles[ROLE];
/** Statements that grant nothing here, of about so many characters. */
const padding = (characters: number, change: object = {}) =>
  Array.from({ length: Math.ceil(characters / 200) }, (_, index) => ({
    Sid: `Padding${index}`,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:GetBucketLocation",
    Resource: DESTINATION,
    Condition: { StringEquals: { "aws:PrincipalTag/x": `${index}`.padStart(70, "x") } },
    ...change,
  }));

const REFUSED: readonly (readonly [string, (snapshot: Snapshot) => unknown, RegExp])[] = [
  [
    "a bucket policy about another bucket too",
    bucketPolicy(grant({ Resource: [`${DESTINATION}/*`, "arn:aws:s3:::other/*"] })),
    /^MalformedPolicy: Policy has invalid resource \(destination bucket policy of/,
  ],
  ["a bucket policy about everything", bucketPolicy(grant({ Resource: "*" })), /Policy has invalid resource/],
  [
    "a source bucket policy about the destination",
    (s) => changeBucket(s, SOURCE, { policy: document(grant()) }),
    /Policy has invalid resource \(source bucket policy of/,
  ],
  [
    "an action on objects that is granted on the bucket",
    bucketPolicy(grant(), grant({ Sid: "B", Resource: DESTINATION })),
    /Action does not apply to any resource\(s\) in statement/,
  ],
  [
    "an action on the bucket that is granted on objects",
    bucketPolicy(grant({ Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:GetBucketVersioning"] })),
    /Action does not apply to any resource\(s\) in statement/,
  ],
  [
    "an action that S3 has not",
    bucketPolicy(grant(), grant({ Sid: "B", Action: "s3:ListObjects", Resource: DESTINATION })),
    /Policy has invalid action/,
  ],
  [
    "an action of another kind in a trust policy",
    (s) => {
      role(s)!.trust = document({
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: ["sts:AssumeRole", "s3:ReplicateObject"],
      });
    },
    /may only specify STS AssumeRole actions\. \(trust policy of/,
  ],
  [
    "a pattern of actions on the bucket that is granted on objects",
    bucketPolicy(grant(), grant({ Sid: "B", Action: "s3:ListBucket*" })),
    /Action does not apply to any resource\(s\) in statement/,
  ],
  [
    "an action of KMS in a bucket policy",
    bucketPolicy(grant({ Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "kms:Decrypt"] })),
    /Policy has invalid action/,
  ],
  [
    "a principal that does not exist",
    (s) => {
      s.absent = ["arn:aws:iam::111111111111:role/gone"];
      bucketPolicy(grant({ Principal: { AWS: [ROLE, "arn:aws:iam::111111111111:role/gone"] } }))(s);
    },
    /Invalid principal in policy/,
  ],
  [
    "a bucket policy of more than 20,480 characters",
    bucketPolicy(grant(), ...(padding(21_000) as Statement[])),
    /exceeds the maximum allowed size of 20480 bytes/,
  ],
  [
    "a key policy of more than 32,768 characters",
    (s) => {
      const key = s.keys[REPLICA_KEY];
      const { Statement } = key?.policy as { Statement: unknown[] };
      const more = padding(34_000, { Action: "kms:DescribeKey", Resource: "*" });
      if (key !== undefined) key.policy = document(...Statement, ...more);
    },
    /^LimitExceededException: .*destination key policy of/,
  ],
  [
    "a key policy that nobody may change",
    (s) => {
      const key = s.keys[REPLICA_KEY];
      const use = ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"];
      const others = { Principal: { AWS: "arn:aws:iam::222222222222:root" }, NotAction: "kms:Put*" };
      const own = { Effect: "Allow", Resource: "*" };
      if (key !== undefined)
        key.policy = document({ ...own, Principal: { AWS: ROLE }, Action: use }, { ...own, ...others });
    },
    /will not allow you to update the key policy in the future/,
  ],
  [
    "a trust policy of more than 2,048 characters",
    (s) => {
      const { Statement } = role(s)?.trust as { Statement: object[] };
      const more = padding(2_200).map((each) => ({ ...without(each, "Resource"), Action: "sts:TagSession" }));
      role(s)!.trust = document(...Statement, ...more);
    },
    /ACLSizePerRole: 2048/,
  ],
  [
    "a policy of a role of more than 10,240 characters",
    (s) => role(s)?.policies.push(document(...padding(11_000).map((each) => without(each, "Principal")))),
    /Maximum policy size of 10240 bytes exceeded for role/,
  ],
  [
    "two inline policies of a role that are too large together",
    (s) => {
      const statements = padding(6_500).map((each) => without(each, "Principal"));
      role(s)?.policies.push(document(...statements), document(...statements));
    },
    /Maximum policy size of 10240 bytes exceeded for role/,
  ],
  [
    "a service control policy of more than 5,120 characters",
    (s) => {
      const statements = padding(5_500).map((each) => without(each, "Principal"));
      const full = { Effect: "Allow", Action: "*", Resource: "*" };
      s.accounts["111111111111"]!.scps = [[document(full, ...statements)]];
    },
    /You have exceeded the maximum policy size/,
  ],
  [
    "a resource control policy that allows",
    (s) => {
      const full = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
      const own = { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" };
      s.accounts["222222222222"]!.rcps = [[document(full), document(own)]];
    },
    /the effect Allow is only supported in RCPFullAWSAccess/,
  ],
  [
    "a public policy where public policies are blocked",
    (s) => {
      bucketPolicy(grant({ Principal: "*" }))(s);
      changeBucket(s, DESTINATION, { publicAccessBlock: { blockPublicPolicy: true } });
    },
    /^AccessDenied: .*BlockPublicPolicy/,
  ],
  ...(
    [
      [
        "a key of listings beside another action",
        { Action: ["s3:ListBucket", "s3:GetObject"], Resource: [DESTINATION, `${DESTINATION}/*`] },
        { StringLike: { "s3:prefix": "home/*" } },
      ],
      [
        "a header of uploads beside an action of readers",
        { Action: ["s3:PutObject", "s3:GetObject"] },
        { Null: { "s3:x-amz-server-side-encryption": "true" } },
      ],
      [
        "the encryption of a delete marker",
        { Action: ["s3:ReplicateObject", "s3:ReplicateDelete"] },
        { StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": ["AES256", "aws:kms"] } },
      ],
      [
        "tags of an object that is written anew",
        { Action: "s3:PutObject" },
        { StringEquals: { "s3:ExistingObjectTag/class": "secret" } },
      ],
    ] as const
  ).map(
    ([what, change, Condition]) =>
      [
        `a condition on ${what}`,
        bucketPolicy(grant(), deny(change, Condition)),
        /Conditions do not apply to combination of actions and resources in statement/,
      ] as const,
  ),
  [
    "a condition key that S3 has not",
    bucketPolicy(
      grant(),
      deny({ Action: "s3:PutObject" }, { StringEquals: { "s3:x-amz-server-side-encription": "AES256" } }),
    ),
    /Policy has an invalid condition key/,
  ],
  [
    "a range of addresses that is none",
    bucketPolicy(
      grant(),
      deny({ Action: "s3:PutObject" }, { NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24", "10.0.0.0/33"] } }),
    ),
    /Invalid IP address in Conditions/,
  ],
  [
    "a service that is called by half of its name",
    bucketPolicy(grant(), grant({ Sid: "B", Principal: { Service: "cloudfront" }, Action: "s3:GetObject" })),
    /a service that is none/,
  ],
  [
    "a statement without a resource",
    bucketPolicy(grant(), without(deny({ Action: "s3:DeleteBucket" }, {}), "Resource") as Statement),
    /Missing required field Resource/,
  ],
  [
    "a bucket policy without a statement",
    (s) => changeBucket(s, SOURCE, { policy: document() }),
    /Statement is empty! \(source bucket policy of/,
  ],
  [
    "an Allow for all but some",
    (s) =>
      changeBucket(s, SOURCE, {
        policy: document({
          Effect: "Allow",
          NotPrincipal: { AWS: "arn:aws:iam::333333333333:root" },
          Action: "s3:GetBucketLocation",
          Resource: SOURCE,
        }),
      }),
    /Allow with NotPrincipal is not allowed/,
  ],
  ...(
    [
      ["with an ARN of five parts", "arn:aws:s3::other/*", /The policy failed legacy parsing/],
      ["with an ARN of no service", "arn:aws::::other", /The policy failed legacy parsing/],
      ["for all services of an account", "arn:aws:*:*:111111111111:*", /Resource vendor must be fully/],
      ["for a whole partition", "arn:aws", /Resource vendor must be fully qualified/],
      ["for another partition", "arn:aws-cn:s3:::other/*", /Partition is not valid for resource/],
    ] as const
  ).map(
    ([what, resource, message]) =>
      [
        `a policy of the role ${what}`,
        (s: Snapshot) => role(s)?.policies.push(document(allow(["arn:aws:s3:::other/*", resource]))),
        message,
      ] as const,
  ),
  [
    "a permission boundary with an ARN of five parts",
    (s) => {
      role(s)!.boundary = document(allow("*"), allow("arn:aws:s3::other/*"));
    },
    /The policy failed legacy parsing \(permission boundary of/,
  ],
  [
    "a policy of the role with a date that is none",
    (s) =>
      role(s)?.policies.push(
        document({
          Effect: "Deny",
          Action: "s3:DeleteBucket",
          Resource: "*",
          Condition: { DateGreaterThan: { "aws:CurrentTime": "31.12.2026" } },
        }),
      ),
    /a date that is none/,
  ],
  [
    "a policy of the role without a statement",
    (s) => role(s)?.policies.push(document()),
    /Syntax errors in policy\. \(no statement\)/,
  ],
  [
    "a service control policy without a version",
    (s) => {
      s.accounts["111111111111"]!.scps = [[{ Statement: [allow("*")] }]];
    },
    /the Version must be 2012-10-17 \(service control policy of/,
  ],
  [
    "a resource control policy of the older version",
    (s) => {
      const own = { Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "*" };
      s.accounts["222222222222"]!.rcps = [[{ Version: "2008-10-17", Statement: [own] }]];
    },
    /the Version must be 2012-10-17 \(resource control policy of/,
  ],
];

const TAKEN: readonly (readonly [string, (snapshot: Snapshot) => unknown])[] = [
  ["a pattern in the name of the bucket", bucketPolicy(grant({ Resource: "arn:aws:s3:::hand-*/*" }))],
  [
    "actions of either kind for both resources",
    bucketPolicy(
      grant({
        Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:GetBucketVersioning"],
        Resource: [DESTINATION, `${DESTINATION}/*`],
      }),
    ),
  ],
  ["a pattern of actions of both kinds", bucketPolicy(grant({ Action: "s3:*" }))],
  [
    "a pattern of actions that nobody here knows",
    bucketPolicy(grant(), grant({ Sid: "B", Action: "s3:SomethingNew*", Resource: DESTINATION })),
  ],
  [
    "an action that S3 took once",
    bucketPolicy(grant(), grant({ Sid: "B", Action: "s3:HeadBucket", Resource: DESTINATION })),
  ],
  ...(
    [
      [
        "a key of listings in a statement of listings",
        { Action: "s3:ListBucket", Resource: DESTINATION },
        { StringLike: { "s3:prefix": "home/*" } },
      ],
      [
        "a header of uploads with a pattern of actions",
        { Action: "s3:Put*" },
        { StringEquals: { "s3:x-amz-acl": "public-read" } },
      ],
      [
        "a key of listings with a pattern of readers",
        { Action: "s3:Get*" },
        { StringLike: { "s3:prefix": "home/*" } },
      ],
      [
        "a key of every action",
        { Action: ["s3:PutObject", "s3:GetObject"] },
        { NumericLessThan: { "s3:TlsVersion": "1.2" } },
      ],
      [
        "a key of AWS that nobody here knows",
        { Action: "s3:PutObject" },
        { StringEquals: { "aws:SomethingNew": "x" } },
      ],
      [
        "a range whose address is not its first",
        { Action: "s3:PutObject" },
        { IpAddress: { "aws:SourceIp": "192.0.2.7/24" } },
      ],
    ] as const
  ).map(([what, change, Condition]) => [what, bucketPolicy(grant(), deny(change, Condition))] as const),
  ...[
    "*",
    "arn:*:s3:::other",
    "arn:aws:s3:::${aws:PrincipalTag/x}/*",
    "arn:aws:s3:*:other",
    "arn:aws:s3:*",
  ].map(
    (resource) =>
      [
        `a policy of the role for '${resource}'`,
        (s: Snapshot) => role(s)?.policies.push(document(allow(resource))),
      ] as const,
  ),
  [
    "RCPFullAWSAccess",
    (s) => {
      const full = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
      s.accounts["222222222222"]!.rcps = [[document(full)]];
    },
  ],
];

describe("a policy document that AWS does not store", () => {
  for (const [what, change, message] of REFUSED) {
    it(`makes the set-up broken: ${what}`, () => {
      const snapshot = handMade();
      change(snapshot);
      const { verdict, refusals, advice } = rehearse(snapshot);
      strictEqual(refusals.length, 1);
      match(refusals[0]?.message ?? "", message);
      strictEqual(verdict, "broken");
      // What only a person can shorten or choose has no value to set.
      const isByHand = advice.some(({ statement, change: value }) => (statement ?? value) === undefined);
      if (!isByHand) strictEqual(rehearse(applyAdvice(snapshot, advice)).verdict, "proven");
    });
  }

  for (const [what, change] of TAKEN) {
    it(`is none of these: ${what}`, () => {
      const snapshot = handMade();
      change(snapshot);
      deepStrictEqual(rehearse(snapshot).refusals, []);
    });
  }

  it("is not looked for in what AWS stores already", () => {
    const snapshot = handMade();
    bucketPolicy(grant({ Resource: [`${DESTINATION}/*`, "arn:aws:s3:::other/*"] }))(snapshot);
    deepStrictEqual(rehearse(snapshot, { stored: true }).refusals, []);
  });
});

describe("a public policy of a bucket that blocks public policies, and that nobody of another account needs", () => {
  const blocked = { blockPublicPolicy: true, restrictPublicBuckets: true };
  const publicly = (action: string) => {
    const snapshot = handMade();
    const policy = document(grant({ Principal: "*", Action: action, Resource: `${SOURCE}/*` }));
    changeBucket(snapshot, SOURCE, { policy, publicAccessBlock: blocked });
    return snapshot;
  };

  it("changes nothing where the role has what it needs of its own, and is warned of", () => {
    const { verdict, warnings } = rehearse(publicly("s3:GetObjectVersionAcl"));
    strictEqual(verdict, "proven");
    match(
      warnings.join("\n"),
      /S3 refuses the policy of arn:aws:s3:::hand-source \(AccessDenied\), as it is public/,
    );
  });

  it("grants the role nothing, but where it is stored already", () => {
    const snapshot = publicly("s3:GetObjectVersionAcl");
    const own = role(snapshot);
    if (own === undefined) throw new Error("the role is missing");
    const allowed = { Effect: "Allow", Resource: "*" };
    own.policies = [
      document(
        { ...allowed, Action: "kms:*" },
        { ...allowed, NotAction: ["kms:*", "s3:GetObjectVersionAcl"] },
      ),
    ];
    strictEqual(rehearse(snapshot).verdict, "broken");
    strictEqual(rehearse(snapshot, { stored: true }).verdict, "proven");
  });
});
