/** Organizations whose policies keep others out: identities, resources and networks, as data perimeters are written. */
import * as assert from "node:assert/strict";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { AccountState, RoleState, Snapshot } from "../../src/snapshot/snapshot";
import { applyAdvice } from "./applyAdvice";
import {
  denyAll,
  DESTINATION,
  DESTINATION_ACCOUNT,
  policy,
  REPLICA_KEY,
  ROLE,
  setUp,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  type Statement,
} from "./setUp";

const OURS = "o-acme123456";
const THEIRS = "o-other12345";

interface Organization {
  readonly scp?: Statement[];
  readonly rcp?: Statement[];
  /** Organizations of the two accounts; undefined: not known. */
  readonly source?: string | null;
  readonly destination?: string | null;
  readonly roleTags?: Record<string, string>;
  readonly bucketTags?: Record<string, string>;
  readonly abac?: "Enabled" | "Disabled";
  readonly keyTags?: Record<string, string>;
}

/** Both accounts under the same policies. */
function organization(given: Organization): Snapshot {
  const policies: Partial<AccountState> = {
    scps: [
      [
        policy({ Effect: "Allow", Action: "*", Resource: "*" }),
        ...(given.scp === undefined ? [] : [policy(...given.scp)]),
      ],
    ],
    ...(given.rcp === undefined ? {} : { rcps: [[policy(...given.rcp)]] }),
  };
  const state = (id: string | null | undefined) => ({
    ...policies,
    ...(id === undefined ? {} : { organizationId: id }),
  });
  const tags = <T>(value: T | undefined) => (value === undefined ? {} : { tags: value });
  const bucket = { ...tags(given.bucketTags), ...(given.abac === undefined ? {} : { abac: given.abac }) };
  const snapshot = setUp({
    sourceAccount: state(given.source),
    destinationAccount: state(given.destination),
    source: bucket,
    destination: bucket,
    sourceKey: tags(given.keyTags),
    replicaKey: tags(given.keyTags),
  });
  const role = snapshot.accounts[SOURCE_ACCOUNT]?.roles[ROLE] as RoleState;
  if (given.roleTags !== undefined) role.tags = given.roleTags;
  return snapshot;
}

const verdictOf = (given: Organization) => rehearse(organization(given)).verdict;

/** Advice for whatever is broken mends it, and adds no Allow to a policy of the organization. */
function assertMended(given: Organization): void {
  const snapshot = organization(given);
  const report = rehearse(snapshot);
  assert.equal(report.verdict, "broken");
  for (const { where, statement } of report.advice) {
    if (/control policy/.test(where)) assert.equal(statement, undefined, `adds a statement to a ${where}`);
  }
  assert.equal(rehearse(applyAdvice(snapshot, report.advice)).verdict, "proven");
}

const EVERYTHING = ["s3:*", "sts:AssumeRole", "kms:*"];
const identityPerimeter: Statement[] = [
  {
    Sid: "OnlyOurIdentities",
    ...denyAll(EVERYTHING, "*", {
      StringNotEqualsIfExists: {
        "aws:PrincipalOrgID": OURS,
        "aws:PrincipalAccount": ["999988887777"],
        "aws:ResourceTag/perimeter:identity": "open",
      },
      BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
    }),
  },
  {
    Sid: "OnlyServicesThatCallForUs",
    ...denyAll(["s3:*", "sts:*", "kms:*"], "*", {
      StringNotEqualsIfExists: { "aws:SourceOrgID": OURS, "aws:SourceAccount": ["999988887777"] },
      Null: { "aws:SourceAccount": "false" },
      Bool: { "aws:PrincipalIsAWSService": "true" },
    }),
  },
];

describe("a perimeter of identities", () => {
  it("lets replication within the organization through", () => {
    assert.equal(verdictOf({ rcp: identityPerimeter, source: OURS, destination: OURS }), "proven");
  });

  it("is undecided where nobody knows the organization", () => {
    assert.equal(verdictOf({ rcp: identityPerimeter }), "unproven");
  });

  it("stops a source of another organization, and of none", () => {
    const tags = { bucketTags: {}, keyTags: {} };
    assertMended({ rcp: identityPerimeter.slice(0, 1), source: THEIRS, destination: OURS, ...tags });
    assertMended({ rcp: identityPerimeter.slice(0, 1), source: null, destination: OURS, ...tags });
  });

  it("spares a bucket by its tag where attribute-based access control is on, and not where it is off", () => {
    const rcp = [denyAll("s3:*", "*", (identityPerimeter[0] as { Condition: object }).Condition)];
    const open = { rcp, source: THEIRS, bucketTags: { "perimeter:identity": "open" }, keyTags: {} };
    assert.equal(verdictOf({ ...open, abac: "Enabled" }), "proven");
    assert.equal(verdictOf({ ...open, abac: "Disabled" }), "broken");
    assert.equal(verdictOf(open), "unproven");
  });

  it("spares a key by its tag", () => {
    const rcp = [denyAll("kms:*", "*", (identityPerimeter[0] as { Condition: object }).Condition)];
    const open = { rcp, source: THEIRS };
    assert.equal(verdictOf({ ...open, keyTags: { "perimeter:identity": "open" } }), "proven");
    assert.equal(verdictOf({ ...open, keyTags: { "perimeter:identity": "shut" } }), "broken");
    assert.equal(verdictOf(open), "unproven");
  });
});

describe("the service that assumes the role", () => {
  const denied = (Condition?: object) => [denyAll("sts:AssumeRole", "*", Condition)];

  it("is spared by aws:PrincipalIsAWSService, and by no exemption of the role", () => {
    assert.equal(
      verdictOf({ rcp: denied({ BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }) }),
      "proven",
    );
    assert.equal(verdictOf({ rcp: denied({ Bool: { "aws:PrincipalIsAWSService": "false" } }) }), "proven");
    assert.notEqual(verdictOf({ rcp: denied({ ArnNotEquals: { "aws:PrincipalArn": ROLE } }) }), "proven");
  });

  it("is exempted as a service by the advice", () => {
    assertMended({ rcp: denied() });
    const { advice } = rehearse(organization({ rcp: denied() }));
    assert.match(JSON.stringify(advice), /aws:PrincipalIsAWSService/);
    assert.doesNotMatch(JSON.stringify(advice), new RegExp(ROLE + '"\\]?\\}'));
  });

  it("calls over TLS and outside any organization of its own", () => {
    assert.equal(
      verdictOf({ rcp: [denyAll(EVERYTHING, "*", { BoolIfExists: { "aws:SecureTransport": "false" } })] }),
      "proven",
    );
    assert.equal(
      verdictOf({ rcp: denied({ StringEquals: { "aws:PrincipalOrgID": THEIRS } }), source: OURS }),
      "proven",
    );
  });

  it("calls for the source's account, whether it says so or not", () => {
    const rcp = identityPerimeter.slice(1);
    assert.equal(verdictOf({ rcp, source: OURS }), "proven");
    assert.equal(verdictOf({ rcp, source: THEIRS }), "unproven");
  });
});

describe("a perimeter of resources", () => {
  const scp: Statement[] = [
    {
      Sid: "OnlyOurResources",
      Effect: "Deny",
      Action: "*",
      NotResource: [
        "arn:aws:iam::aws:policy/*",
        "arn:aws:ssm:*::document/*",
        "arn:aws:ecr:*:999988887777:repository/*",
      ],
      Condition: {
        StringNotEqualsIfExists: { "aws:ResourceOrgID": OURS, "aws:PrincipalTag/perimeter:resource": "open" },
      },
    },
  ];

  it("lets replication within the organization through", () => {
    assert.equal(verdictOf({ scp, source: OURS, destination: OURS, roleTags: {} }), "proven");
  });

  it("stops a destination of another organization, but for a role that is tagged", () => {
    assertMended({ scp, source: OURS, destination: THEIRS, roleTags: {} });
    const spared = { "perimeter:resource": "open" };
    assert.equal(verdictOf({ scp, source: OURS, destination: THEIRS, roleTags: spared }), "proven");
    assert.equal(verdictOf({ scp, source: OURS, destination: THEIRS }), "unproven");
  });

  it("compares paths of units, too", () => {
    const byPath: Statement[] = [
      {
        Effect: "Deny",
        Action: "*",
        Resource: "*",
        Condition: {
          "ForAllValues:StringNotLike": { "aws:ResourceOrgPaths": `${OURS}/r-ab12/ou-ab12-11111111/*` },
        },
      },
    ];
    const snapshot = organization({ scp: byPath, source: OURS, destination: OURS });
    const place = (path: string) => {
      for (const id of [SOURCE_ACCOUNT, DESTINATION_ACCOUNT]) {
        (snapshot.accounts[id] as AccountState).organizationPath = path;
      }
      return rehearse(snapshot).verdict;
    };
    assert.equal(place(`${OURS}/r-ab12/ou-ab12-11111111/`), "proven");
    assert.equal(place(`${OURS}/r-ab12/`), "broken");
  });
});

describe("a perimeter of networks", () => {
  const condition = {
    BoolIfExists: { "aws:ViaAWSService": "false" },
    NotIpAddressIfExists: { "aws:SourceIp": ["203.0.113.0/24"] },
    StringNotEqualsIfExists: {
      "aws:PrincipalTag/perimeter:network": "open",
      "aws:SourceVpc": ["vpc-11111111"],
      "aws:VpceOrgID": OURS,
      "aws:VpceAccount": ["999988887777"],
    },
    ArnNotLikeIfExists: { "aws:PrincipalArn": ["arn:aws:iam::*:role/aws:ec2-infrastructure"] },
    StringEquals: { "aws:PrincipalTag/perimeter:included": "true" },
  };
  const scp: Statement[] = [
    { Effect: "Deny", Action: ["s3:*", "kms:*"], Resource: "*", Condition: condition },
  ];
  const rcp: Statement[] = [
    denyAll(["s3:*", "kms:*"], "*", {
      ...condition,
      BoolIfExists: { ...condition.BoolIfExists, "aws:PrincipalIsAWSService": "false" },
    }),
  ];

  for (const [name, policies] of [
    ["service", { scp }],
    ["resource", { rcp }],
  ] as const) {
    it(`of a ${name} control policy lets a role through that it does not include`, () => {
      assert.equal(verdictOf({ ...policies, roleTags: {} }), "proven");
    });

    it(`of a ${name} control policy stops a role that it includes, as S3 calls from its own network`, () => {
      assertMended({ ...policies, roleTags: { "perimeter:included": "true" } });
      const both = { "perimeter:included": "true", "perimeter:network": "open" };
      assert.equal(verdictOf({ ...policies, roleTags: both }), "proven");
    });

    it(`of a ${name} control policy is undecided where the tags of the role are not known`, () => {
      assert.equal(verdictOf(policies), "unproven");
    });
  }

  it("that asks for a VPC endpoint of the organization stops replication", () => {
    assertMended({
      rcp: [denyAll("s3:*", DESTINATION + "/*", { StringNotEqualsIfExists: { "aws:VpceOrgID": OURS } })],
    });
  });
});

describe("resource control policies", () => {
  const unrelated = denyAll("s3:DeleteBucket", "*");

  it("need no Allow of their own, as RCPFullAWSAccess is always attached", () => {
    assert.equal(verdictOf({ rcp: [unrelated] }), "proven");
    const snapshot = organization({});
    (snapshot.accounts[DESTINATION_ACCOUNT] as AccountState).rcps = [[], [policy(unrelated)]];
    assert.equal(rehearse(snapshot).verdict, "proven");
  });

  it("do not reach keys that AWS manages, and reach those of customers", () => {
    const snapshot = organization({
      rcp: [denyAll("kms:Decrypt", "*", { StringEquals: { "aws:ResourceAccount": SOURCE_ACCOUNT } })],
    });
    assert.equal(rehearse(snapshot).verdict, "broken");
    const key = snapshot.keys[SOURCE_KEY];
    assert.ok(key !== undefined);
    key.manager = "AWS";
    key.policy = policy({
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:ViaService": "s3.eu-central-1.amazonaws.com",
          "kms:CallerAccount": SOURCE_ACCOUNT,
        },
      },
    });
    assert.equal(rehearse(snapshot).verdict, "proven");
  });

  it("deny nothing of a bucket or key that they do not name", () => {
    assert.equal(verdictOf({ rcp: [denyAll("kms:*", REPLICA_KEY.replace(/key.*/, "key/other"))] }), "proven");
    assert.equal(verdictOf({ rcp: [denyAll("s3:*", `${SOURCE}-other/*`)] }), "proven");
  });
});
