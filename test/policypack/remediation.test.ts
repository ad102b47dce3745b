import assert from "node:assert/strict";
import { ResourceValidationPolicy } from "@pulumi/policy";
import { bucketKeyEnabled } from "../../policypack/rules/bucketKeyEnabled";
import { keyRotationEnabled } from "../../policypack/rules/keyRotationEnabled";
import { publicAccessBlockComplete } from "../../policypack/rules/publicAccessBlockComplete";
import { replicationMetrics } from "../../policypack/rules/replicationMetrics";
import { legacyProgram, v2Program } from "./fixtures/legacyProgram";
import { bothStacks } from "./fixtures/ourProgram";
import { inputs, judge } from "./support/judge";
import { ProgramResource, change, resource, unknown } from "./support/resources";

const program = bothStacks("update");

/** A program after a rule has mended it, and the names of the resources that it changed. */
function mend(rule: ResourceValidationPolicy, program: readonly ProgramResource[], config: object = {}) {
  const changed: string[] = [];
  const mended = program.map((one) => {
    const args = inputs(one, config);
    const props = rule.remediateResource?.(args) as ProgramResource["props"] | undefined;
    if (props === undefined) return one;
    changed.push(one.name);
    // What a remediation returns is still the proxy that it was given.
    return { ...one, props: JSON.parse(JSON.stringify(props)) as ProgramResource["props"] };
  });
  return { changed, mended };
}

const cases: [ResourceValidationPolicy, string, ProgramResource[], string[]][] = [
  [keyRotationEnabled, "a key", change(program, "source-key", "enableKeyRotation", false), ["source-key"]],
  [
    publicAccessBlockComplete,
    "a public access block",
    change(program, "source-public-access-block", "ignorePublicAcls", undefined),
    ["source-public-access-block"],
  ],
  [
    bucketKeyEnabled,
    "an encryption setting",
    change(program, "source-encryption", "rules.0.bucketKeyEnabled", undefined),
    ["source-encryption"],
  ],
  [
    bucketKeyEnabled,
    "a legacy bucket",
    change(
      legacyProgram(),
      "source-bucket",
      "serverSideEncryptionConfiguration.rule.bucketKeyEnabled",
      false,
    ),
    ["source-bucket"],
  ],
  [
    bucketKeyEnabled,
    "a V2 bucket",
    change(
      v2Program(),
      "source-bucket",
      "serverSideEncryptionConfigurations.0.rules.0.bucketKeyEnabled",
      false,
    ),
    ["source-bucket"],
  ],
  [
    replicationMetrics,
    "a replication configuration",
    change(program, "source-replication", "rules.0.destination.metrics", undefined),
    ["source-replication"],
  ],
  [
    replicationMetrics,
    "a legacy bucket",
    change(
      legacyProgram(),
      "source-bucket",
      "replicationConfiguration.rules.0.destination.metrics",
      undefined,
    ),
    ["source-bucket"],
  ],
  [
    replicationMetrics,
    "a V2 bucket",
    change(v2Program(), "source-bucket", "replicationConfigurations.0.rules.0.destinations.0.metrics", []),
    ["source-bucket"],
  ],
];

describe("remediation", () => {
  for (const [rule, what, broken, expected] of cases) {
    it(`mends ${what} so that '${rule.name}' has nothing left to say, and touches nothing else`, () => {
      assert.notDeepEqual(judge(rule, broken).violations, []);
      const { changed, mended } = mend(rule, broken);
      assert.deepEqual(changed, expected);
      assert.deepEqual(judge(rule, mended).violations, []);
    });

    it(`leaves ${what} alone for '${rule.name}' where it is exempt or compliant`, () => {
      assert.deepEqual(mend(rule, broken, { exempt: expected }).changed, []);
      assert.deepEqual(mend(rule, mend(rule, broken).mended).changed, []);
    });
  }

  it("gives metrics the threshold that Replication Time Control asks for", () => {
    const timed = change(
      change(program, "source-replication", "rules.0.destination.metrics", undefined),
      "source-replication",
      "rules.0.destination.replicationTime",
      { status: "Enabled", time: { minutes: 15 } },
    );
    const { mended } = mend(replicationMetrics, timed);
    const rules = mended.find(({ name }) => name === "source-replication")?.props["rules"];
    const [rule] = rules as { destination: { metrics: unknown } }[];
    assert.deepEqual(rule?.destination.metrics, { status: "Enabled", eventThreshold: { minutes: 15 } });
  });

  it("leaves rules that are disabled, keys that cannot rotate and SSE-S3 as they are", () => {
    const disabled = change(
      change(program, "source-replication", "rules.0.destination.metrics", undefined),
      "source-replication",
      "rules.0.status",
      "Disabled",
    );
    assert.deepEqual(mend(replicationMetrics, disabled).changed, []);
    const asymmetric = resource("aws:kms/key:Key", "asymmetric", { customerMasterKeySpec: "RSA_2048" });
    assert.deepEqual(mend(keyRotationEnabled, [asymmetric]).changed, []);
    const algorithm = "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm";
    const plain = change(
      change(program, "source-encryption", algorithm, "AES256"),
      "source-encryption",
      "rules.0.bucketKeyEnabled",
      false,
    );
    assert.deepEqual(mend(bucketKeyEnabled, plain).changed, []);
  });

  it("waits for the update where what it would change is not known yet", () => {
    assert.throws(() => mend(replicationMetrics, change(program, "source-replication", "rules", unknown)), {
      message: /can't be known during preview/,
    });
  });
});
