/** What a pipeline reads: SARIF, annotations, the comment of a pull request, and whether it goes on. */
import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, strictEqual } from "node:assert";
import Ajv from "ajv-draft-04";
import sarifSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
import { decide } from "../../../src/rehearsal/gate/gate";
import { renderGithub } from "../../../src/rehearsal/gate/github";
import { renderMarkdown } from "../../../src/rehearsal/gate/markdown";
import { type Problem, PROBLEM_KINDS, problemsOf } from "../../../src/rehearsal/gate/problems";
import { renderSarif } from "../../../src/rehearsal/gate/sarif";
import { inToolWords } from "../../../src/rehearsal/gate/toolWords";
import { describeAccounts } from "../../../src/rehearsal/report/accounts";
import { permissionTable } from "../../../src/rehearsal/report/permissions";
import type { Advice } from "../../../src/rehearsal/report/report";
import { type RehearsalResult, renderText } from "../../../src/rehearsal/report/text";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { Places } from "../../../src/snapshot/places";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { DESTINATION, handMade, SOURCE } from "../../support/handMade";

function resultOf(change: (snapshot: Snapshot) => void = () => undefined): RehearsalResult {
  const snapshot = handMade();
  change(snapshot);
  const report = rehearse(snapshot);
  return { ...report, accounts: describeAccounts(snapshot, []), permissions: permissionTable(report) };
}

const closed = (snapshot: Snapshot) => {
  snapshot.buckets[DESTINATION]!.policy = null;
};
const unversioned = (snapshot: Snapshot) => {
  snapshot.buckets[DESTINATION]!.versioning = null;
};

const problemOf = (more: Partial<Problem>): Problem => ({
  kind: "take-care",
  level: "note",
  message: "m",
  mends: [],
  fingerprint: "f",
  ...more,
});

describe("SARIF", () => {
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    sarifSchema,
  );
  const sarifOf = (problems: readonly Problem[]) =>
    JSON.parse(renderSarif(problems, { file: "a b/stack.yaml", version: "1.2.3" })) as {
      runs: {
        tool: { driver: { rules: { id: string; help: { text: string } }[] } };
        results: { ruleId: string }[];
      }[];
    };

  it("is valid against the schema of SARIF 2.1.0, whatever was found", () => {
    for (const change of [closed, unversioned, () => undefined]) {
      const sarif = sarifOf(problemsOf(resultOf(change)));
      ok(validate(sarif), JSON.stringify(validate.errors?.[0]));
    }
    const every = (Object.keys(PROBLEM_KINDS) as Problem["kind"][]).map((kind) =>
      problemOf({ kind, place: { tool: "cloudformation", address: "Data", file: "/x y/t.yaml", line: 3 } }),
    );
    const sarif = sarifOf(every);
    ok(validate(sarif), JSON.stringify(validate.errors?.[0]));
    deepStrictEqual(
      sarif.runs[0]?.tool.driver.rules.map(({ id, help }) => [id, help.text !== ""]),
      Object.keys(PROBLEM_KINDS).map((kind) => [kind, true]),
    );
    ok(!validate({ ...sarif, version: "2.0" }));
  });

  it("says the place in the template, or the file that was read", () => {
    const place = { tool: "cloudformation", address: "Data", file: "t.yaml", line: 7 } as const;
    const [there, nowhere] = (
      JSON.parse(
        renderSarif([problemOf({ place }), problemOf({})], { file: "a b/s.yaml", version: "1.0.0" }),
      ) as {
        runs: { results: { locations: unknown[] }[] }[];
      }
    ).runs[0]!.results;
    deepStrictEqual(there?.locations, [
      {
        physicalLocation: { artifactLocation: { uri: "t.yaml" }, region: { startLine: 7 } },
        logicalLocations: [{ fullyQualifiedName: "Data", kind: "resource" }],
      },
    ]);
    deepStrictEqual(nowhere?.locations, [
      { physicalLocation: { artifactLocation: { uri: "a%20b/s.yaml" }, region: { startLine: 1 } } },
    ]);
  });
});

describe("fingerprints", () => {
  it("stay the same when something else changes, and tell problems apart", () => {
    const one = problemsOf(resultOf(closed));
    const both = problemsOf(
      resultOf((snapshot) => {
        closed(snapshot);
        snapshot.buckets[SOURCE]!.replication!.Rules[0]!.Destination satisfies object;
        snapshot.accounts["333333333333"] = { roles: {} };
        snapshot.keys["arn:aws:kms:eu-west-1:111111111111:key/99999999-9999-9999-9999-999999999999"] = {
          ...Object.values(snapshot.keys)[0]!,
        };
      }),
    );
    const fingerprints = one.map(({ fingerprint }) => fingerprint);
    deepStrictEqual(
      fingerprints.filter((each) => !both.some(({ fingerprint }) => fingerprint === each)),
      [],
    );
    strictEqual(new Set(fingerprints).size, fingerprints.length);
  });
});

describe("annotations of GitHub", () => {
  it("cannot be ended by what they say", () => {
    const text = renderGithub("broken", [
      problemOf({
        level: "broken",
        message: "100% wrong\n::error::made up",
        place: { tool: "terraform", address: "a", file: "x,y:z.tf", line: 2 },
      }),
    ]);
    const lines = text.trimEnd().split("\n");
    strictEqual(lines.length, 2);
    strictEqual(
      lines[0],
      `::error file=x%2Cy%3Az.tf,line=2,title=${PROBLEM_KINDS["take-care"].name.replace(",", "%2C")}::a: 100%25 wrong%0A::error::made up`,
    );
  });
});

describe("the comment of a pull request", () => {
  const result = resultOf(closed);
  const problems = problemsOf(result);

  it("says the verdict, what is broken, what mends it, and draws it", () => {
    const text = renderMarkdown(result, problems);
    match(text, /^## ❌ S3 replication: broken\n/);
    match(text, /### Broken\n\n- .*s3:ReplicateObject on arn:aws:s3:::hand-destination\/\\\*/);
    match(text, /```json\n[\s\S]*"Effect": "Allow"/);
    match(text, /```mermaid\nflowchart LR\n/);
    match(text, /-->\|"✗ writes replicas"\|/);
  });

  it("says one kind of objects in the singular", () => {
    const text = renderMarkdown({ ...result, objects: result.objects.slice(0, 1) }, problems);
    match(text, /\n0 of 1 kind of objects is replicated for sure\./);
  });

  it("tells what was there before apart from what is new", () => {
    const text = renderMarkdown(result, [], problems);
    doesNotMatch(text, /### Broken/);
    match(text, /There before/);
  });

  it("says what mends it and draws it where there are thousands of problems", () => {
    const [statement] = problems.flatMap(({ mends }) => mends);
    const many = Array.from({ length: 2_000 }, (_, index) =>
      problemOf({
        level: "broken",
        message: `problem ${index}`,
        mends: [{ ...statement!, resource: `${index}` }],
      }),
    );
    const text = renderMarkdown(result, many);
    match(text, /- problem 39\n- \*and 1,960 more, in the whole report\*\n/);
    match(text, /### What mends it\n[^]*- \*and 1,990 more, in the whole report\*\n/);
    match(text, /```mermaid\n/);
  });

  it("is never longer than GitHub takes, and its blocks are closed", () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      problemOf({ level: "broken", message: `problem ${index} `.repeat(1_000) }),
    );
    const text = renderMarkdown(result, many);
    ok(text.length < 65_536, String(text.length));
    match(text, /More is in the whole report/);
    strictEqual(text.split("<details>").length, text.split("</details>").length);
    ok(text.includes("problem 3 "));
  });

  it("takes no markup and mentions nobody that a name says", () => {
    const text = renderMarkdown(result, [
      problemOf({ level: "broken", message: "<img src=x> @everyone [a](http://b) `c`" }),
    ]);
    ok(text.includes("- &lt;img src=x&gt; &#64;everyone \\[a\\]\\(http://b\\) \\`c\\`"), text);
  });
});

describe("a gate", () => {
  const broken = problemOf({ level: "broken", fingerprint: "b" });
  const open = problemOf({ level: "unproven", fingerprint: "u" });
  const unused = problemOf({ level: "unused", fingerprint: "g" });

  it("fails on what it is told to, and on what is worse", () => {
    const codes = (["broken", "unproven", "unused"] as const).map((failOn) => [
      decide("broken", [broken], failOn).exitCode,
      decide("unproven", [open], failOn).exitCode,
      decide("proven", [unused], failOn).exitCode,
      decide("proven", [], failOn).exitCode,
    ]);
    deepStrictEqual(codes, [
      [1, 0, 0, 0],
      [1, 3, 0, 0],
      [1, 3, 4, 0],
    ]);
  });

  it("with a baseline passes what was so before, and fails on what is new", () => {
    strictEqual(decide("broken", [broken], "unproven", [broken]).exitCode, 0);
    strictEqual(decide("broken", [broken, open], "unproven", [broken]).exitCode, 3);
    strictEqual(decide("broken", [broken, open], "broken", [broken]).exitCode, 0);
    strictEqual(decide("broken", [broken], "unproven", [open]).exitCode, 1);
  });

  it("with a baseline fails on what was unproven before, and is broken now", () => {
    const now = problemOf({ level: "broken", fingerprint: "u" });
    strictEqual(decide("broken", [now], "broken", [open]).exitCode, 1);
    strictEqual(decide("unproven", [open], "unproven", [now]).exitCode, 0);
  });

  it("finds the same problems in a result that was printed and read again", () => {
    const result = resultOf(closed);
    const again = problemsOf(JSON.parse(JSON.stringify(result)) as RehearsalResult);
    strictEqual(decide(result.verdict, problemsOf(result), "unused", again).exitCode, 0);
    notStrictEqual(decide(result.verdict, problemsOf(result), "unused", []).exitCode, 0);
  });
});

describe("the report for people", () => {
  it("says where each piece of advice is to be done, and how that is written there", () => {
    const result = resultOf(closed);
    const [advice] = result.advice;
    const text = renderText({
      ...result,
      advice: [
        {
          ...advice!,
          place: { tool: "cloudformation", address: "CopiesPolicy", file: "archive.yaml", line: 30 },
          code: { language: "yaml", text: "- Sid: Writes\n  Effect: Allow" },
        },
      ],
    });
    match(text, /\n {5}at CopiesPolicy \(archive.yaml:30\)\n {5}- Sid: Writes\n {7}Effect: Allow\n/);
  });
});

describe("what mends something, in the words of a tool", () => {
  const advice: Advice = {
    where: "destination bucket policy",
    resource: DESTINATION,
    reason: "r",
    statement: {
      Sid: "Writes",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111111111111:root" },
      Action: ["s3:ReplicateObject"],
      Resource: "arn:aws:s3:::hand-destination/${x}",
      Condition: { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/r" } },
    } as unknown as NonNullable<Advice["statement"]>,
  };
  const place = (tool: "terraform" | "cdk" | "cloudformation" | "pulumi") =>
    ({ tool, address: "x" }) as const;

  it("is a statement block of Terraform, in which nothing is a template", () => {
    strictEqual(
      inToolWords(advice, place("terraform"))?.text,
      `# x: one more statement of the destination bucket policy, in its aws_iam_policy_document
statement {
  sid = "Writes"
  effect = "Allow"
  actions = ["s3:ReplicateObject"]
  resources = ["arn:aws:s3:::hand-destination/$\${x}"]
  principals {
    type        = "AWS"
    identifiers = ["arn:aws:iam::111111111111:root"]
  }
  condition {
    test     = "ArnEquals"
    variable = "aws:PrincipalArn"
    values   = ["arn:aws:iam::111111111111:role/r"]
  }
}`,
    );
  });

  it("names the resource of Terraform in which a statement may be written where there is no policy yet", () => {
    const headOf = (where: Advice["where"], address: string) =>
      inToolWords({ ...advice, where }, { tool: "terraform", address })?.text.split("\n")[0];
    match(
      headOf("destination bucket policy", "module.copies[0].aws_s3_bucket.this") ?? "",
      /document; where there is none, in that of a new aws_s3_bucket_policy$/,
    );
    match(
      headOf("role policy", "aws_iam_role_policy_attachment.this") ?? "",
      /document; where there is none, in that of a new aws_iam_role_policy of the role$/,
    );
    for (const [where, address] of [
      ["role policy", "aws_iam_policy.this"],
      ["trust policy", "aws_iam_role.this"],
    ] as const) {
      match(headOf(where, address) ?? "", /in its aws_iam_policy_document$/);
    }
  });

  it("calls what only an apply of Terraform knows by what makes it, where that stands in the same module", () => {
    const names = new Places();
    const root = "plan.json";
    names.noteGenerated("arn:aws:s3:::made-up", {
      address: 'module.a["x.y"].aws_s3_bucket.copies[0]',
      stack: root,
    });
    names.noteGenerated("arn:aws:s3:::elsewhere", { address: "aws_s3_bucket.copies", stack: root });
    const Resource = ["arn:aws:s3:::made-up", "arn:aws:s3:::made-up/*", "arn:aws:s3:::elsewhere/*"];
    const statement = { Effect: "Allow", Action: "s3:ReplicateObject", Resource } as unknown as NonNullable<
      Advice["statement"]
    >;
    const at = { tool: "terraform", address: 'module.a["x.y"].aws_iam_role.r', file: root } as const;
    match(
      inToolWords({ ...advice, statement }, at, names)?.text ?? "",
      /resources = \[\n {4}aws_s3_bucket\.copies\[0\]\.arn,\n {4}"\$\{aws_s3_bucket\.copies\[0\]\.arn\}\/\*",\n {4}"<ARN of aws_s3_bucket\.copies in plan\.json>\/\*",\n/,
    );
  });

  const inRule = (address: string, path: string, value: unknown) => {
    const change = { path: `/buckets/${DESTINATION}/replication/Rules/1/${path}`, value };
    return inToolWords(
      { where: "rule", resource: DESTINATION, reason: "r", change },
      { tool: "pulumi", address },
    )?.text;
  };
  const URN = "urn:pulumi:prod::shop::s3-replication:index:ReplicationSource";
  const RULES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig::data-replication";

  it("is an argument of the ReplicationSource that makes a rule", () => {
    const selected = { SseKmsEncryptedObjects: { Status: "Enabled" } };
    const changes: readonly (readonly [path: string, value: unknown, said: string])[] = [
      ["SourceSelectionCriteria", selected, "sseKmsEncryptedObjects: true"],
      ["Destination/EncryptionConfiguration", { ReplicaKmsKeyID: "arn" }, 'replicaKmsKeyArn: "arn"'],
      ["Status", "Disabled", "enabled: false"],
    ];
    for (const [path, value, said] of changes) {
      strictEqual(
        inRule(`${URN}$${RULES}`, path, value),
        `// ReplicationSource 'data', in this rule of 'rules'\n${said}`,
      );
    }
    match(
      inRule(`${URN}$${RULES}`, "Priority", 1002) ?? "",
      /put the rule before the others .*\npriority: 1002$/,
    );
  });

  it("is what S3 takes where no ReplicationSource makes a rule, or no argument of it changes that", () => {
    for (const [address, path] of [
      [`urn:pulumi:prod::shop::${RULES}`, "Status"],
      [`${URN}$${RULES}`, "Destination/Account"],
    ] as const) {
      match(inRule(address, path, "x") ?? "", /: set what makes replication\/Rules\/1\//);
    }
  });

  it("is a PolicyStatement of CDK, and an object for Pulumi", () => {
    match(
      inToolWords(advice, place("cdk"))?.text ?? "",
      /iam\.PolicyStatement\.fromJson\(\{\n {2}"Sid": "Writes"/,
    );
    match(inToolWords(advice, place("pulumi"))?.text ?? "", /\n\{\n {2}"Sid": "Writes"/);
  });

  const generated = new Places();
  for (const stack of ["111111111111/eu-west-1/data", "222222222222/eu-west-1/archive"]) {
    generated.noteGenerated(`arn:aws:s3:::made-up-${stack.slice(0, 3)}`, { address: "Copies", stack });
  }
  const grant = (account: string): Advice => ({
    ...advice,
    statement: {
      Effect: "Allow",
      Action: "s3:ReplicateObject",
      Resource: [`arn:aws:s3:::made-up-${account}`, `arn:aws:s3:::made-up-${account}/*`],
    } as unknown as NonNullable<Advice["statement"]>,
  });
  const inData = (tool: "cdk" | "cloudformation", file: string) =>
    ({ tool, address: "Role", file, stack: "111111111111/eu-west-1/data" }) as const;

  it("calls what has no name before the deployment by a function, in YAML and in JSON", () => {
    strictEqual(
      inToolWords(grant("111"), inData("cloudformation", "t.yaml"), generated)?.text,
      `# Role: one more item of Statement in the document of the destination bucket policy
- Effect: Allow
  Action: s3:ReplicateObject
  Resource:
    - !GetAtt Copies.Arn
    - !Sub \${Copies.Arn}/*`,
    );
    const { language, text = "" } = inToolWords(grant("111"), inData("cloudformation", "t.json"), generated)!;
    strictEqual(language, "json");
    deepStrictEqual((JSON.parse(text.replace(/^.*\n/, "")) as { Resource: unknown }).Resource, [
      { "Fn::GetAtt": ["Copies", "Arn"] },
      { "Fn::Sub": "${Copies.Arn}/*" },
    ]);
  });

  it("says what to put in where another stack makes it, and where code does", () => {
    match(
      inToolWords(grant("222"), inData("cloudformation", "t.yaml"), generated)?.text ?? "",
      /- <ARN of Copies in the stack archive of 222222222222 in eu-west-1>\/\*$/,
    );
    match(inToolWords(grant("111"), inData("cdk", "t.json"), generated)?.text ?? "", /"<ARN of Copies>\/\*"/);
  });

  it("is an override of the property in CDK", () => {
    const path = `/buckets/${DESTINATION.replaceAll("/", "~1")}/replication/Rules/0/Filter`;
    const change = { path, value: { Tag: { Key: "k", Value: "v" } } };
    strictEqual(
      inToolWords({ where: "rule", resource: DESTINATION, reason: "r", change }, inData("cdk", "t.json"))
        ?.text,
      `// Role, here called construct
(construct.node.defaultChild as cdk.CfnResource).addPropertyOverride("ReplicationConfiguration.Rules.0.Filter", {
  "TagFilter": {
    "Key": "k",
    "Value": "v"
  }
});`,
    );
  });

  it("is a property of CloudFormation, in its own names", () => {
    const change = {
      path: `/buckets/${DESTINATION.replaceAll("/", "~1")}/replication/Rules/0/Filter`,
      value: { And: { Prefix: "a", Tags: [{ Key: "k", Value: "v" }] } },
    };
    strictEqual(
      inToolWords({ where: "rule", resource: DESTINATION, reason: "r", change }, place("cloudformation"))
        ?.text,
      "# x: set ReplicationConfiguration.Rules[0].Filter to\nAnd:\n  Prefix: a\n  TagFilters:\n    - Key: k\n      Value: v",
    );
  });
});
