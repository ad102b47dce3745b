/** What is said of every rule: its name, its metadata, its row and its settings in the README. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { policies } from "../../policypack/policies";
import { bothStacks } from "./fixtures/ourProgram";
import { tutorials } from "./fixtures/tutorials";
import { judge } from "./support/judge";

const PACK = path.resolve(__dirname, "../../policypack");

/**
 * One row of the public table, in README's own order of columns. Organisations configure and exempt rules by their names:
 * a changed name is a breaking change.
 */
function row(policy: (typeof policies)[number]): string {
  const settings = Object.keys(policy.configSchema?.properties ?? {}).filter((name) => name !== "exempt");
  return [
    `\`${policy.name}\``,
    policy.description,
    "validateStack" in policy ? "the stack" : "each resource",
    "remediateResource" in policy ? `${policy.enforcementLevel}, can remediate` : policy.enforcementLevel,
    policy.severity,
    (policy.tags ?? []).join(", "),
    settings.map((name) => `\`${name}\``).join(", ") || "-",
  ].join(" | ");
}

describe("the rules of the policy pack", () => {
  it("are one file each, named after the rule", () => {
    const files = readdirSync(path.join(PACK, "rules")).map((file) => file.replace(/\.ts$/, ""));
    const camelCase = policies.map(({ name }) =>
      name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    );
    assert.deepEqual(files.sort(), camelCase.sort());
  });

  for (const policy of policies) {
    it(`are described completely: '${policy.name}'`, () => {
      const {
        displayName,
        description,
        severity,
        framework,
        tags = [],
        remediationSteps,
        url,
        enforcementLevel,
      } = policy;
      for (const text of [displayName, description, remediationSteps])
        assert.match(text ?? "", /^[A-Z].{10,}/s);
      for (const text of [description, remediationSteps]) assert.match(text ?? "", /[.)]$/);
      assert.ok(["low", "medium", "high", "critical"].includes(severity ?? ""));
      assert.equal(framework?.name, "NIST SP 800-53");
      assert.match(framework.reference, /^[A-Z]{2}-\d+(\(\d+\))?$/);
      assert.ok(framework.specification.length > 5);
      assert.ok(
        tags.includes(`nist-800-53-r5:${framework.reference}`),
        "the framework's control is among the tags",
      );
      for (const tag of tags) {
        assert.match(
          tag,
          /^(aws-fsbp|aws-security-hub|cis-aws-v5\.0\.0|nist-800-53-r5|pci-dss-v4\.0\.1):\S+$/,
        );
      }
      assert.match(url ?? "", /^https:\/\/(docs\.aws\.amazon\.com|www\.pulumi\.com)\//);
      assert.ok(enforcementLevel === "mandatory" || enforcementLevel === "advisory");
      for (const [name, schema] of Object.entries(policy.configSchema?.properties ?? {})) {
        assert.ok(schema.type && schema.description && schema.default !== undefined, `setting '${name}'`);
      }
    });

    it(`work with the defaults of their settings as with none: '${policy.name}'`, () => {
      const schema = Object.entries(policy.configSchema?.properties ?? {});
      const defaults = Object.fromEntries(schema.map(([name, { default: value }]) => [name, value]));
      for (const program of [
        bothStacks("update"),
        ...Object.values(tutorials).map((tutorial) => tutorial.program),
      ]) {
        assert.deepEqual(judge(policy, program, defaults), judge(policy, program));
      }
    });
  }

  it("remediate only where the fix is certain", () => {
    const remediating = policies.filter((policy) => "remediateResource" in policy).map(({ name }) => name);
    assert.deepEqual(remediating, [
      "bucket-key-enabled",
      "key-rotation-enabled",
      "public-access-block-complete",
      "replication-metrics",
    ]);
  });

  it("import nothing from the components, which they judge", () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(PACK, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const packages = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));
    for (const folder of ["", "rules", "resources"]) {
      for (const file of readdirSync(path.join(PACK, folder)).filter((name) => name.endsWith(".ts"))) {
        const text = readFileSync(path.join(PACK, folder, file), "utf8");
        for (const [, from = ""] of text.matchAll(/from "([^"]+)"/g)) {
          const own = path.resolve(PACK, folder, from).startsWith(PACK);
          assert.ok(
            packages.some((name) => name.test(from)) ||
              from.startsWith("node:") ||
              (from.startsWith(".") && own),
            `${file} imports ${from}`,
          );
        }
      }
    }
  });
});

describe("the README of the policy pack", () => {
  it("has a row for each rule that says what the code says", () => {
    const lines = readFileSync(path.join(PACK, "README.md"), "utf8").split("\n");
    const rows = lines.filter((line) => line.startsWith("| `")).map((line) => line.replace(/^\| | \|$/g, ""));
    assert.deepEqual(rows, policies.map(row));
  });

  it("describes each setting", () => {
    const text = readFileSync(path.join(PACK, "README.md"), "utf8");
    for (const policy of policies) {
      for (const [name, { default: value, description = "" }] of Object.entries(
        policy.configSchema?.properties ?? {},
      )) {
        if (name === "exempt") continue;
        const line = `- \`${policy.name}\` \`${name}\` (default \`${JSON.stringify(value)}\`): ${description}`;
        assert.ok(text.includes(line), line);
      }
    }
  });
});
