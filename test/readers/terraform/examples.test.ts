/** The roots of examples/terraform: proven before any apply, and broken where one statement is taken out. */
import { ok, rejects, strictEqual } from "node:assert";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { completeRoots } from "../../../src/readers/terraform/linkedRoots";
import type { TerraformFile, TerraformResource } from "../../../src/readers/terraform/terraformFile";
import type { Report } from "../../../src/rehearsal/report/report";
import { planned, reportOf, type Tool, TOOLS, whyNotPlanned } from "./realTerraform";
import { DESTINATION, SOURCE } from "./support";

const EXAMPLES = join(__dirname, "..", "..", "..", "examples", "terraform");

/** Statements that a set-up replicates without, or was seen to. */
const SPARE = new Set(["ReadConfiguration"]);

interface Example {
  /** Directories of its roots, in the order in which they give each other values. */
  readonly roots: readonly string[];
  readonly accounts: Readonly<Record<string, string>>;
  readonly variables?: readonly string[];
}

const ONE_ROOT = { roots: ["."], accounts: { aws: SOURCE, "aws.replica": DESTINATION } };
const ARTICLES: Readonly<Record<string, Example>> = {
  plain: ONE_ROOT,
  "kms-same-region": ONE_ROOT,
  "owner-override": ONE_ROOT,
  "kms-cross-region": {
    roots: ["archive", "data"],
    accounts: { "archive.json": DESTINATION, "data.json": SOURCE },
    variables: ["replica_key_arn=output:archive.key_arn"],
  },
};

interface Statement {
  readonly Sid?: string;
}

/** Documents of a resource that are known after the completion: those that a plan does not know are made anew. */
function documentOf({ address, values, completed }: TerraformResource): Statement[] | undefined {
  if (address.isData || address.type === "aws_iam_role") return undefined;
  const policy = values.policy ?? completed?.policy;
  if (typeof policy !== "string" || !policy.startsWith("{")) return undefined;
  return (JSON.parse(policy) as { Statement?: Statement[] }).Statement;
}

function withStatements(resource: TerraformResource, Statement: readonly Statement[]): TerraformResource {
  const policy = JSON.stringify({ Version: "2012-10-17", Statement });
  return resource.values.policy === undefined
    ? { ...resource, completed: { ...resource.completed, policy } }
    : { ...resource, values: { ...resource.values, policy } };
}

/** What is broken: the addresses of what lacks something. */
function lacking({ objects, advice, refusals }: Report): Set<string | undefined> {
  const places = [...objects.flatMap(({ missing }) => missing), ...advice, ...refusals].map(
    ({ place }) => place?.address,
  );
  return new Set(places);
}

const CASES = (Object.keys(TOOLS) as Tool[]).flatMap((tool) =>
  Object.entries(ARTICLES).map(([name, example]) => ({ tool, name, ...example })),
);

for (const { tool, name, roots, accounts, variables = [] } of CASES) {
  describe(`the Terraform example ${name}, planned by the real ${TOOLS[tool]} with the real AWS provider`, function () {
    this.timeout(600_000);
    const directory = mkdtempSync(join(tmpdir(), "roots-"));
    let reason: string | undefined;
    let plans: TerraformFile[] = [];
    let completed: TerraformFile[] = [];

    before(async () => {
      cpSync(join(EXAMPLES, name), directory, { recursive: true });
      for (const root of roots) reason ??= whyNotPlanned(join(directory, root), tool);
      if (reason !== undefined) {
        process.stderr.write(`    skipped: ${reason}\n`);
        return;
      }
      plans = roots.map((root) => planned(join(directory, root), `${root}.json`, tool));
      completed = await completeRoots(
        roots.map((root, index) => ({ directory: join(directory, root), plan: plans[index]! })),
        variables,
        accounts,
      );
    });
    after(() => rmSync(directory, { recursive: true, force: true }));

    it("is not proven by its plan alone, and proven before any apply once it is completed offline", function () {
      if (reason !== undefined) return this.skip();
      strictEqual(reportOf(plans, accounts).verdict, "unproven");
      strictEqual(reportOf(completed, accounts).verdict, "proven");
    });

    it("is broken without any one of its statements, at the address of the resource", function () {
      if (reason !== undefined) return this.skip();
      const tried: string[] = [];
      for (const file of completed) {
        for (const resource of file.resources) {
          const statements = documentOf(resource) ?? [];
          for (const statement of statements) {
            const { text: address } = resource.address;
            const { Sid: sid = "" } = statement;
            tried.push(`${address} ${sid}`);
            const without = withStatements(
              resource,
              statements.filter((other) => other !== statement),
            );
            const changed = {
              ...file,
              resources: file.resources.map((other) => (other === resource ? without : other)),
            };
            const report = reportOf(
              completed.map((other) => (other === file ? changed : other)),
              accounts,
            );
            const isSpare = SPARE.has(sid);
            strictEqual(report.verdict === "broken", !isSpare, `without ${sid} of ${address}`);
            if (!isSpare) ok(lacking(report).has(address), `${address} is not named without ${sid}`);
          }
        }
      }
      ok(tried.length >= 3, tried.join());
    });
  });
}

describe("a variable that is an output of another root", () => {
  it("must name an output of a root before it", async () => {
    await rejects(completeRoots([], ["key"], {}), /must be '<variable>=output:<directory>\.<output>'.*'key'/);
    const plan = { variables: { key: "arn:aws:kms:placeholder" }, file: "plan.json" } as never;
    await rejects(
      completeRoots([{ directory: "data", plan }], ["key=output:archive.key_arn"], {}),
      /'archive\.key_arn' is no output with a text of a --terraform-directory before plan\.json/,
    );
  });
});
