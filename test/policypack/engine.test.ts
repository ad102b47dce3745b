import assert from "node:assert/strict";
import { PolicyType } from "@pulumi/pulumi/proto/analyzer_pb";
import { policies } from "../../policypack/policies";
import { bothStacks, destinationStack, sourceStack } from "./fixtures/ourProgram";
import { tutorials } from "./fixtures/tutorials";
import { Diagnostic, Engine } from "./support/engine";
import { ProgramResource, change, resource, secret, unknown, without } from "./support/resources";

describe("the policy pack in its own process, as the engine runs it", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => {
    engine = await Engine.start();
  });
  after(() => engine.stop());
  afterEach(() => engine.configure({}));

  const judged = async (program: readonly ProgramResource[]) => {
    const found = await engine.judge(program);
    const named = ({ policy, urn }: Diagnostic): string => `${policy}: ${urn.replace(/^.*::/, "")}`;
    return {
      violations: found
        .filter(({ level }) => level === "mandatory")
        .map(named)
        .sort(),
      advice: found.filter(({ level }) => level === "advisory"),
    };
  };

  it("tells the engine about every rule", async () => {
    const info = await engine.info();
    assert.equal(info.getName(), "s3-replication");
    assert.equal(info.getVersion(), "0.1.0");
    assert.deepEqual(
      info.getPoliciesList().map((policy) => policy.getName()),
      policies.map(({ name }) => name),
    );
    for (const policy of info.getPoliciesList()) {
      assert.ok(policy.getConfigschema()?.getProperties()?.getFieldsMap().has("exempt"), policy.getName());
      assert.notEqual(policy.getPolicyType(), PolicyType.POLICY_TYPE_UNKNOWN);
    }
  });

  for (const [side, stack] of Object.entries({
    source: sourceStack,
    destination: destinationStack,
    both: bothStacks,
  })) {
    it(`finds nothing in the program of this repository: ${side}`, async () => {
      assert.deepEqual(await judged(stack("update")), { violations: [], advice: [] });
    });

    it(`finds no violation in its first preview: ${side}`, async () => {
      const { violations, advice } = await judged(stack("preview"));
      assert.deepEqual(violations, []);
      for (const { message } of advice) {
        assert.match(message, /not known until the update, so judged then: 'policy' of 'source-role-kms'/);
      }
    });
  }

  for (const [title, { program, violations }] of Object.entries(tutorials)) {
    it(`finds in ${title} exactly what is wrong with it`, async () => {
      assert.deepEqual((await judged(program)).violations, [...violations].sort());
    });
  }

  it("finds the same in stacks whose replication was taken apart: versioning, then encryption", async () => {
    const unversioned = await judged(without(sourceStack("preview"), "source-versioning"));
    assert.deepEqual(unversioned.violations, ["bucket-versioning-enabled: source-bucket"]);
    const unencrypted = await judged(without(destinationStack("preview"), "destination-encryption"));
    assert.deepEqual(unencrypted.violations, ["bucket-encryption-kms: destination-bucket"]);
  });

  it("says the whole message: what, where, found, allowed, and the line to write", async () => {
    const [found] = await engine.judge(
      change(sourceStack("update"), "source-versioning", "versioningConfiguration.status", "Suspended"),
    );
    assert.equal(
      found?.message,
      "Every S3 bucket has versioning enabled, and nothing suspends it.\n" +
        "'versioningConfiguration.status' of 'source-versioning' must be 'Enabled', got 'Suspended'. " +
        'Write versioningConfiguration: { status: "Enabled" }.',
    );
  });

  it("never hides a violation behind an unknown", async () => {
    const { violations, advice } = await judged(
      change(
        change(bothStacks("update"), "source-versioning", "versioningConfiguration.status", unknown),
        "destination-versioning",
        "versioningConfiguration.status",
        "Suspended",
      ),
    );
    assert.deepEqual(violations, ["bucket-versioning-enabled: destination-versioning"]);
    assert.equal(advice.length, 1);
    assert.match(advice[0]?.message ?? "", /'versioningConfiguration\.status' of 'source-versioning'/);
  });

  it("puts an unknown of a resource rule on its resource, as advice", async () => {
    const { violations, advice } = await judged(
      change(destinationStack("update"), "destination-key", "policy", unknown),
    );
    assert.deepEqual(violations, []);
    assert.deepEqual(
      advice.map(({ policy, urn }) => `${policy}: ${urn.replace(/^.*::/, "")}`),
      [
        "key-policy-no-wildcard-principal: destination-key",
        "key-policy-cross-account-narrowed: destination-key",
      ],
    );
  });

  it("takes settings and levels from the organisation", async () => {
    await engine.configure({
      "key-deletion-window": { minimumDays: 30, level: "advisory" },
      "bucket-versioning-enabled": { level: "disabled" },
    });
    const { violations, advice } = await judged(
      change(
        change(destinationStack("update"), "destination-key", "deletionWindowInDays", 20),
        "destination-versioning",
        "versioningConfiguration.status",
        "Suspended",
      ),
    );
    assert.deepEqual(violations, []);
    assert.match(advice[0]?.message ?? "", /must be at least 30, got 20/);
  });

  it("stops where a setting makes no sense, naming it", async () => {
    await engine.configure({ "key-deletion-window": { minimumDays: "a month" } });
    await assert.rejects(
      engine.judge(destinationStack("update")),
      /'minimumDays' must be a number, got string/,
    );
  });

  it("never shows a secret, also where it is what is wrong", async () => {
    const hidden = "hunter2-hunter2";
    const program = change(
      change(
        change(bothStacks("update"), "destination-policy", "policy", secret(`{ "Statement": "${hidden}" }`)),
        "source-encryption",
        "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
        secret(hidden),
      ),
      "source-replication",
      "rules.0.destination.encryptionConfiguration.replicaKmsKeyId",
      secret(hidden),
    );
    const said = (await engine.judge(program)).map(({ message }) => message);
    assert.ok(said.length >= 3);
    assert.ok(!said.join().includes(hidden), said.join("\n"));
  });

  describe("remediation", () => {
    const key = resource("aws:kms/key:Key", "key", {
      enableKeyRotation: false,
      description: secret("quiet"),
      policy: unknown,
    });

    it("is off by default", async () => {
      assert.deepEqual(await engine.remediate(key), []);
    });

    it("turns rotation on where configured, and leaves secrets and unknowns as they are", async () => {
      await engine.configure({ "key-rotation-enabled": { level: "remediate" } });
      assert.deepEqual(await engine.remediate(key), [
        {
          policy: "key-rotation-enabled",
          diagnostic: "",
          props: { enableKeyRotation: true, description: secret("quiet"), policy: unknown },
        },
      ]);
    });
  });
});
