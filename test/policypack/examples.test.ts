/** Every example passes the pack, at the settings that stand beside it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { policies } from "../../policypack/policies";
import program from "../../src/program/program";
import { readStackFiles } from "../../src/readers/program/stackConfigurations";
import { EXAMPLES } from "../support/examples";
import { deployStacks } from "../support/program";
import { judge } from "./support/judge";
import { fromRegistrations } from "./support/registrations";

const DIRECTORY = join(__dirname, "..", "..", "examples");

type Settings = Record<string, { enforcementLevel?: string }>;

/** What `--policy-pack-config` takes, where the example needs other settings than the pack's own. */
function settingsOf(example: string): Settings {
  const file = join(DIRECTORY, example, "policies.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Settings) : {};
}

/** The violations of each stack, by rule. */
async function violations(example: string, settings: Settings): Promise<string[]> {
  const stacks = readStackFiles(join(DIRECTORY, example));
  const { registrations } = await deployStacks(program, stacks);
  return [...new Set(stacks.map(({ name }) => name))].flatMap((stack) => {
    const resources = fromRegistrations(
      registrations.filter(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::`)),
    );
    const judging = policies.filter(({ name }) => settings[name]?.enforcementLevel !== "disabled");
    return judging.flatMap((rule) =>
      judge(rule, resources, settings[rule.name] ?? {}).violations.map(
        (violation) => `${stack}: ${rule.name}: ${violation}`,
      ),
    );
  });
}

describe("the policy pack on the examples", () => {
  for (const example of EXAMPLES) {
    it(`finds nothing in ${example}`, async () => {
      assert.deepEqual(await violations(example, settingsOf(example)), []);
    });
  }

  it("finds something in each example that needs settings, without them", async () => {
    for (const example of EXAMPLES.filter((name) => Object.keys(settingsOf(name)).length > 0)) {
      assert.notDeepEqual(await violations(example, {}), [], example);
    }
  });
});
