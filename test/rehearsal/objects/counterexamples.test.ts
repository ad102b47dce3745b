import * as assert from "node:assert/strict";
import {
  ALLOW_ALL,
  ALLOW_SOURCE_ACCOUNT,
  DESTINATION,
  failures,
  judge,
  type Parts,
  REPLICA_KEY,
  SOURCE,
  SOURCE_KEY,
  statement,
} from "./setUp";
import { setUp } from "./setUp";
import { rehearse } from "../../../src/rehearsal/rehearse";

const CONTEXT = "kms:EncryptionContext:aws:s3:arn";
const deny = (action: string, resource: string | string[], more = {}) =>
  statement("Deny", action, { Principal: "*", Resource: resource, ...more });
const allow = (action: string | string[], resource: string | string[], more = {}) =>
  statement("Allow", action, { Resource: resource, ...more });
const prefix = (Prefix: string) => ({ Filter: { Prefix } });
const rows = (parts: Parts) => judge(parts).objects.map(({ key, kind }) => `${key}: ${kind}`);

describe("objects that stand for all", () => {
  it("are a handful for a rule that everything lets through", () => {
    const report = judge({});
    assert.equal(report.verdict, "proven");
    assert.deepEqual(rows({}), [
      "plain: SSE-S3",
      "tagged: SSE-S3, tagged",
      "kms: SSE-KMS, without Bucket Key",
      "kms-bucket-key: SSE-KMS, with Bucket Key",
      "deleted: delete marker",
    ]);
  });

  const broken: [title: string, parts: Parts, key: string][] = [
    [
      "a bucket policy that denies */secret*",
      { rules: [prefix("documents/")], bucket: [deny("s3:Replicate*", `${DESTINATION}/*/secret*`)] },
      "documents/secret",
    ],
    [
      "a bucket policy that denies one folder",
      { bucket: [deny("s3:ReplicateObject", `${DESTINATION}/logs/*`)] },
      "logs/plain",
    ],
    [
      "a source bucket policy that denies one key",
      { sourceBucket: [deny("s3:GetObjectVersionForReplication", `${SOURCE}/b`)] },
      "b",
    ],
    [
      "a Deny with NotResource",
      {
        rules: [prefix("a")],
        bucket: [statement("Deny", "s3:*", { Principal: "*", NotResource: `${DESTINATION}/a?*` })],
      },
      "a",
    ],
    [
      "a role policy that allows only a*",
      {
        role: [
          allow(
            "s3:*",
            ["*"].map(() => SOURCE),
          ),
          allow("s3:*", [`${SOURCE}/a*`, `${DESTINATION}/*`]),
          allow("kms:*", "*"),
        ],
      },
      "plain",
    ],
    [
      "a role policy that allows only ?*.txt",
      {
        rules: [prefix("a/")],
        role: [allow("s3:*", [SOURCE, `${SOURCE}/*`, `${DESTINATION}/?*.txt`]), allow("kms:*", "*")],
      },
      "a/plain",
    ],
    [
      "a bucket name that a wildcard in front of the key takes in only in part",
      {
        rules: [prefix("x/")],
        role: [allow("s3:*", [SOURCE, `${SOURCE}/*`, "arn:aws:s3:::acme*/x/y*"]), allow("kms:*", "*")],
      },
      "x/plain",
    ],
  ];
  for (const [title, parts, key] of broken) {
    it(`show ${title} by '${key}'`, () => {
      const report = judge(parts);
      assert.equal(report.verdict, "broken");
      assert.ok(
        failures(report).some((object) => object.key === key && object.outcome === "FAILED"),
        failures(report)
          .map((object) => `${object.key} ${object.outcome}`)
          .join(", "),
      );
    });
  }

  it("show an encryption context that covers keys of a prefix only, and not the bucket ARN", () => {
    const covered = { StringLike: { [CONTEXT]: `${SOURCE}/documents/*` } };
    const role = [
      allow("s3:*", "*"),
      allow("kms:*", SOURCE_KEY, { Condition: covered }),
      allow("kms:*", REPLICA_KEY),
    ];
    const all = failures(judge({ role })).map(({ key, kind }) => `${key}: ${kind}`);
    assert.ok(all.includes("kms: SSE-KMS, without Bucket Key"), all.join());
    const report = judge({ role, rules: [prefix("documents/")] });
    assert.equal(report.verdict, "broken");
    assert.deepEqual(
      failures(report).map(({ key }) => key),
      ["documents/kms-bucket-key"],
    );
  });

  it("show a key policy whose encryption context is compared without wildcards", () => {
    const key = [
      {
        ...ALLOW_SOURCE_ACCOUNT,
        Condition: { StringEquals: { [CONTEXT]: [DESTINATION, `${DESTINATION}/*`] } },
      },
    ];
    assert.deepEqual(
      failures(judge({ key })).map((object) => object.key),
      ["kms"],
    );
  });

  it("show a negated condition without regard to case", () => {
    const condition = { StringNotEqualsIgnoreCase: { [CONTEXT]: `${DESTINATION}/README` } };
    const key = [ALLOW_SOURCE_ACCOUNT, { ...ALLOW_SOURCE_ACCOUNT, Effect: "Deny", Condition: condition }];
    const report = judge({ key, rules: [prefix("read")] });
    assert.ok(failures(report).some((object) => object.key === "read-kms"));
    assert.ok(report.objects.some((object) => object.key === "readme" && object.outcome === "COMPLETED"));
  });

  it("include every key that the role may decrypt with, but not those of replicas", () => {
    const other = "arn:aws:kms:us-east-1:111111111111:key/other";
    const role = [allow("s3:*", "*"), allow("kms:*", [SOURCE_KEY, other, REPLICA_KEY])];
    const snapshot = setUp({ role });
    const key = snapshot.keys[SOURCE_KEY];
    assert.ok(key !== undefined);
    snapshot.keys[other] = { ...key, policy: { Version: "2012-10-17", Statement: [] } };
    assert.deepEqual(
      failures(rehearse(snapshot)).map((object) => object.key),
      ["kms-key-2", "kms-key-2-bucket-key"],
    );
  });

  it("are DSSE-KMS objects too where that is the default", () => {
    assert.ok(
      rows({ sourceEncryption: { algorithm: "aws:kms:dsse", keyArn: SOURCE_KEY } }).includes(
        "dsse: DSSE-KMS",
      ),
    );
  });

  it("are tagged and encrypted at once only where a policy tells the difference", () => {
    const header = "s3:x-amz-server-side-encryption";
    const report = judge({
      bucket: [
        deny("s3:ReplicateTags", `${DESTINATION}/*`, {
          Condition: { StringEquals: { [header]: "aws:kms" } },
        }),
      ],
    });
    assert.deepEqual(
      failures(report).map(({ key }) => key),
      ["kms-tagged"],
    );
  });

  it("are not cut by statements about other actions and other principals", () => {
    const plain = rows({});
    assert.deepEqual(rows({ bucket: [deny("s3:GetObject", `${DESTINATION}/logs/*`)] }), plain);
    assert.deepEqual(
      rows({ bucket: [{ ...deny("s3:*", `${DESTINATION}/logs/*`), Principal: { AWS: "333333333333" } }] }),
      plain,
    );
  });

  it("are not cut by a statement about tags where there are none", () => {
    const report = judge({ bucket: [deny("s3:ReplicateTags", `${DESTINATION}/logs/*`)] });
    assert.deepEqual([...new Set(failures(report).map(({ key }) => key))], ["logs/tagged"]);
  });
});

describe("policy variables in patterns", () => {
  it("cut the keys by the value that decisions put in", () => {
    const report = judge({ bucket: [deny("s3:Replicate*", `${DESTINATION}/\${aws:PrincipalAccount}/*`)] });
    assert.equal(report.verdict, "broken");
    assert.ok(failures(report).some(({ key }) => key === "111111111111/plain"));
  });

  it("leave the keys unproven that a value which nobody knows could name", () => {
    const report = judge({
      bucket: [deny("s3:Replicate*", `${DESTINATION}/home/\${aws:PrincipalTag/team}/*`)],
    });
    assert.equal(report.verdict, "unproven");
    assert.ok(
      failures(report).every(({ key, outcome }) => key.startsWith("home/") && outcome === "UNPROVEN"),
    );
  });

  it("are blamed where they are made from the object itself", () => {
    const report = judge({
      bucket: [deny("s3:Replicate*", `${DESTINATION}/\${s3:ExistingObjectTag/team}/*`)],
    });
    assert.notEqual(report.verdict, "proven");
    const row = report.objects.find(({ key }) => key === "*");
    assert.equal(row?.outcome, "UNPROVEN");
    assert.match(
      row?.reason ?? "",
      /ExistingObjectTag\/team}\/\*' \(destination bucket policy\) changes with each object/,
    );
    assert.equal(row?.missing[0]?.where, "destination bucket policy");
  });
});

describe("tags of objects", () => {
  const secret = (operator: string, value: string) =>
    judge({
      sourceBucket: [
        deny("s3:GetObjectVersionAcl", `${SOURCE}/*`, {
          Condition: { [operator]: { "s3:ExistingObjectTag/class": value } },
        }),
      ],
    });
  const failed = (report: ReturnType<typeof judge>) =>
    report.objects.filter(({ outcome }) => outcome === "FAILED").map(({ key }) => key);

  it("are tried with each value that a condition mentions", () => {
    assert.ok(failed(secret("StringEquals", "secret")).includes("tagged-class=secret"));
  });

  it("are tried with a value that a pattern takes", () => {
    assert.ok(failed(secret("StringLike", "top-*")).includes("tagged-class=top-"));
  });

  it("are tried with a value that no condition mentions", () => {
    assert.ok(failed(secret("StringNotEquals", "public")).includes("tagged-class=other"));
  });

  it("are tried with a key that conditions see and rules do not, because of its case", () => {
    const condition = { StringEquals: { "s3:ExistingObjectTag/t": "x" } };
    const report = judge({
      rules: [{ Filter: { Tag: { Key: "t", Value: "x" } } }, {}],
      sourceBucket: [deny("s3:GetObjectVersionAcl", `${SOURCE}/*`, { Condition: condition })],
    });
    assert.ok(report.objects.some(({ rule, outcome }) => rule === "rule-1" && outcome === "FAILED"));
  });

  it("leave unproven what is compared by no pattern", () => {
    const report = secret("NumericLessThan", "3");
    assert.ok(report.objects.some(({ key, outcome }) => key === "*" && outcome === "UNPROVEN"));
  });

  it("that rules ask for hand objects from one rule to another by priority", () => {
    const tag = (Key: string, Value: string, Prefix: string) => ({
      Filter: { And: { Prefix, Tags: [{ Key, Value }] } },
    });
    const other = "arn:aws:s3:::acme-nowhere";
    const rules = [tag("team", "a", "logs/"), tag("team", "b", ""), prefix("logs/"), prefix("")];
    const report = judge({ rules });
    assert.equal(report.verdict, "proven");
    const takers = new Set(report.objects.map(({ rule }) => rule));
    assert.deepEqual([...takers], ["rule-0", "rule-1", "rule-2", "rule-3"]);
    const nowhere = judge({
      rules: rules.map((rule, i) => (i === 1 ? { ...rule, Destination: { Bucket: other } } : rule)),
    });
    assert.ok(failures(nowhere).length > 0);
    assert.ok(failures(nowhere).every(({ rule }) => rule === "rule-1"));
  });

  it("that a rule never gets to decide on leave the rule out", () => {
    const hidden = judge({ rules: [prefix(""), prefix("logs/")] });
    assert.deepEqual([...new Set(hidden.objects.map(({ rule }) => rule))], ["rule-0"]);
  });

  it("are blamed where there are too many combinations", () => {
    const conditions = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`s3:ExistingObjectTag/t${index}`, "x"]),
    );
    const report = judge({
      sourceBucket: [
        deny("s3:GetObjectVersionAcl", `${SOURCE}/*`, { Condition: { StringEquals: conditions } }),
      ],
    });
    const row = report.objects.find(({ key }) => key === "*");
    assert.equal(row?.outcome, "UNPROVEN");
    assert.match(row?.reason ?? "", /tags .*s3:ExistingObjectTag\/t0.* and \d+ more/);
  });
});

describe("too many classes of keys", () => {
  const bucket = Array.from({ length: 20 }, (_, index) =>
    deny("s3:ReplicateObject", `${DESTINATION}/*-${index}-*`, {
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-other" } },
    }),
  );

  it("are unproven, with the patterns to blame", () => {
    const report = judge({ bucket, role: [ALLOW_ALL] });
    assert.equal(report.verdict, "unproven");
    const row = report.objects.find(({ key }) => key === "*");
    assert.equal(row?.outcome, "UNPROVEN");
    assert.match(
      row?.reason ?? "",
      /more than 4096 classes because of '.*-\d+-\*' \(destination bucket policy\)/,
    );
    assert.ok(row?.missing.every(({ where }) => where === "destination bucket policy"));
  });

  it("do not hide that a set-up is broken for other reasons", () => {
    assert.equal(judge({ bucket: [...bucket, deny("s3:*", `${DESTINATION}/*`)] }).verdict, "broken");
  });
});
