/** Sample outputs in pages are what the commands print. */
import { deepStrictEqual, ok } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { renderBackfill } from "../../src/backfill/text";
import { renderFleet } from "../../src/fleet/report/text";
import { renderReconciliation } from "../../src/reconcile/report/text";
import { renderStatus } from "../../src/status/text";
import program from "../../src/program/program";
import { readStackFiles } from "../../src/readers/program/stackConfigurations";
import { renderVerification } from "../../src/verification/text";
import { cli } from "../support/cli";
import { deployStacks } from "../support/program";
import { assertGenerated, pages, ROOT } from "./support/markdown";
import { BACKFILL, FLEET, RECONCILIATION, STATUS, VERIFICATION } from "./support/samples";

/** A sample behind the command that prints it; `...` stands for lines that are left out. */
const SAMPLE = /<!-- printed by: s3-replication (.+) -->\n+```\n([\s\S]*?)^```$/gm;

/** Ids of keys are made by chance. */
const masked = (text: string) => text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>");

describe("a sample output", () => {
  const samples = pages().flatMap(({ path, source }) =>
    [...source.matchAll(SAMPLE)].map(([, command = "", text = ""]) => ({ path, command, text })),
  );

  for (const { path, command, text } of samples) {
    it(`is what is printed: ${path}, '${command}'`, async () => {
      const { stdout } = await cli(command.split(" "));
      let rest = `\n${masked(stdout)}`;
      for (const part of masked(text).split(/^ *\.\.\.\n/m)) {
        const at = rest.indexOf(`\n${part}`);
        ok(at >= 0, `not printed:\n${part}\n---- in what is left:\n${rest}`);
        rest = rest.slice(at + part.length);
      }
    });
  }

  it("stands in README and in the page of 'doctor' at least", () => {
    const paths = new Set(samples.map(({ path }) => path));
    ok(paths.has("README.md") && paths.has("docs/commands/doctor.md"));
  });
});

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
const json = (value: unknown) => fenced("json", JSON.stringify(value, undefined, 2));

/** Asserts that `--json` may print it. */
function assertValid(schema: string, value: unknown): void {
  const file = join(ROOT, "schemas", `${schema}.schema.json`);
  const validate = new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>,
  );
  validate(JSON.parse(JSON.stringify(value)));
  deepStrictEqual(validate.errors ?? [], []);
}

describe("the sample output of a command that needs AWS (write it anew with UPDATE_SCHEMAS=1)", () => {
  it("is what 'verify' prints of its result", () => {
    assertValid("verification", VERIFICATION);
    const file = "docs/commands/verify.md";
    assertGenerated(file, "sample", fenced("", renderVerification(VERIFICATION)));
    const [, wrong] = VERIFICATION.rules;
    assertGenerated(file, "json", json(wrong));
  });

  it("is what 'status' prints of its result", () => {
    assertValid("status", STATUS);
    const file = "docs/commands/status.md";
    assertGenerated(file, "sample", fenced("", renderStatus(STATUS)));
    assertGenerated(file, "json", json(STATUS));
  });

  it("is what 'reconcile' prints of its result", () => {
    assertValid("reconcile", RECONCILIATION);
    const file = "docs/commands/reconcile.md";
    assertGenerated(file, "sample", fenced("", renderReconciliation(RECONCILIATION)));
  });

  it("shows in 'status', and on the page that empties the queue, the names that are deployed", async () => {
    const made = await deployStacks(program, readStackFiles(ROOT));
    const alarms = made.registrations
      .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ inputs }) => inputs.name);
    deepStrictEqual(STATUS.alarms.map(({ name }) => name).sort(), alarms.sort());
    const { Rules: rules = [] } = made.snapshot.buckets[`arn:aws:s3:::${STATUS.bucket}`]?.replication ?? {};
    deepStrictEqual(
      STATUS.rules.map(({ id, priority }) => [id, priority]),
      rules.map(({ ID, Priority }) => [ID, Priority]),
    );
    const queue = String(made.inputs("source-failures").name);
    deepStrictEqual(
      STATUS.failureEvents.map(({ arn }) => arn),
      [`arn:aws:sqs:us-east-1:111111111111:${queue}`],
    );
    ok(readFileSync(join(ROOT, "docs", "monitoring.md"), "utf8").includes(`--queue-name ${queue} `));
  });

  it("is what 'fleet' prints of its result", () => {
    assertValid("fleet", FLEET);
    const file = "docs/commands/fleet.md";
    assertGenerated(file, "sample", fenced("", renderFleet(FLEET)));
    assertGenerated(file, "json", json(FLEET.pairs.find(({ harm }) => harm === "failing")));
  });

  it("is what 'backfill' prints of its result", () => {
    assertValid("backfill", BACKFILL);
    const file = "docs/commands/backfill.md";
    assertGenerated(file, "sample", fenced("", renderBackfill(BACKFILL)));
    const { request, ...rest } = BACKFILL;
    ok(request !== undefined);
    assertGenerated(file, "json", json(rest));
  });
});
