import { deepStrictEqual, ok } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { describeAccounts } from "../../../src/rehearsal/report/accounts";
import { permissionTable } from "../../../src/rehearsal/report/permissions";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { REPORT_SCHEMA } from "../../../src/rehearsal/report/reportSchema";
import { EXAMPLES, runExample } from "../../support/examples";
import { assertPublished } from "../../support/publishedSchema";

const FILE = join(__dirname, "..", "..", "..", "schemas", "report.schema.json");

/** What `rehearse --json` prints, checked by a validator that knows nothing of how the schema was written. */
function violations(result: object): unknown {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(FILE, "utf8")) as object);
  return validate(JSON.parse(JSON.stringify(result))) ? [] : validate.errors;
}

async function resultOf(
  example: string,
  change: (snapshot: Awaited<ReturnType<typeof runExample>>["snapshot"]) => void,
) {
  const { snapshot, stacks } = await runExample(example);
  change(snapshot);
  const report = rehearse(snapshot);
  return { ...report, accounts: describeAccounts(snapshot, stacks), permissions: permissionTable(report) };
}

describe("the schema of the report", () => {
  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () =>
    assertPublished(FILE, REPORT_SCHEMA));

  for (const example of EXAMPLES) {
    it(`holds for example ${example}, as it is and without any statement`, async () => {
      deepStrictEqual(violations(await resultOf(example, () => undefined)), []);
      const broken = await resultOf(example, (snapshot) => {
        for (const bucket of Object.values(snapshot.buckets)) bucket.policy = null;
        for (const account of Object.values(snapshot.accounts)) {
          for (const role of Object.values(account.roles)) role.policies = [];
        }
      });
      ok(broken.advice.length > 0);
      deepStrictEqual(violations(broken), []);
    });
  }

  it("refuses what is no report", () => {
    ok(violations({ ...rehearse(emptySnapshot()), verdict: "fine" }) instanceof Array);
    ok((violations({ verdict: "proven" }) as unknown[]).length > 0);
  });
});
