/** Sources of accounts: one, several, and such as do not go together. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { join } from "node:path";
import { readSources } from "../../src/readers/readSources";
import { pathsIn } from "../../src/readers/sources";
import { assumptionsOf } from "../../src/rehearsal/report/assumptions";
import { ASSUMPTIONS } from "../../src/replication/requestContext";
import { rehearse } from "../../src/rehearsal/rehearse";
import { file, FIXTURES, previewOf, read, state } from "./support";

const VAULT = join(FIXTURES, "vault.state.json");
const ORDERS = join(FIXTURES, "orders.state.json");

describe("accounts are read from", () => {
  it("nowhere where no source is asked for", async () => {
    strictEqual(await readSources({}), undefined);
  });

  it("states of several stacks", async () => {
    const run = await readSources({ state: [VAULT, ORDERS] });
    deepStrictEqual(
      run?.stacks.map(({ name }) => name),
      ["vault", "orders"],
    );
    strictEqual(rehearse(run.snapshot).verdict, "proven");
  });

  it("a state and a preview together", async () => {
    const preview = file(JSON.stringify(previewOf(state("orders"), "same")));
    const run = await readSources({ state: [VAULT], preview: [preview] });
    strictEqual(run === undefined ? "" : rehearse(run.snapshot).verdict, "proven");
  });

  it("a snapshot", async () => {
    const run = await readSources({ snapshot: [file(JSON.stringify(read(state("vault"))))] });
    deepStrictEqual(Object.keys(run?.snapshot.buckets ?? {}), ["arn:aws:s3:::northwind-vault"]);
  });
});

describe("what is read first is", () => {
  const template = { file: "stack.yaml", parameter: [], parameters: [] };
  for (const [what, sources, first] of [
    ["a Terraform plan before a template", { cloudformation: [template], terraform: ["a"] }, "a"],
    ["a template before a state", { state: ["b"], cloudformation: [template] }, "stack.yaml"],
    ["the directory of a plan", { terraformDirectory: ["network"], plan: ["p.json"] }, "network"],
    ["the directory of a program", { program: "app", stack: ["dev"] }, "app"],
    ["nothing where no source is named", { live: ["111111111111=data"] }, undefined],
  ] as const) {
    it(what, () => strictEqual(pathsIn(sources)[0], first));
  }
});

describe("options that do not go together are refused", () => {
  for (const [what, sources, message] of [
    [
      "--stack alone",
      { stack: ["a"] },
      "--stack: must come with --program, the directory of the stacks' program",
    ],
    [
      "--account alone",
      { account: ["a=111111111111"] },
      "--account: must come with --terraform, --terraform-directory, --cloudformation, --cdk, --state, --preview or --program",
    ],
    [
      "an account that is none",
      { state: [VAULT], account: ["prod", "prod=1234"] },
      "--account: 2 mistakes\n  - must be '<provider or stack>=<12-digit account id>' or an account id, got 'prod'\n  - must be '<provider or stack>=<12-digit account id>' or an account id, got 'prod=1234'",
    ],
    [
      "--live alone",
      { live: ["111111111111=data"] },
      "--live: must come with what is planned: --terraform, --terraform-directory, --cloudformation, --cdk, --state, --preview or --snapshot; 'doctor' looks at accounts alone",
    ],
    [
      "--variable alone",
      { state: [VAULT], variable: ["key=output:a.b"] },
      "--variable: must come with --terraform-directory, whose outputs it names",
    ],
    [
      "the standard input twice",
      { state: ["-"], preview: ["-"] },
      "-: must stand for the standard input once at most",
    ],
  ] as const) {
    it(what, () => rejects(readSources(sources), { name: "InvalidInputError", message }));
  }
});

describe("what no snapshot says of an account", () => {
  it("is told as an assumption", () => {
    deepStrictEqual(assumptionsOf(read(state("vault"), state("orders"))), [
      ...ASSUMPTIONS,
      "no service control policies apply to 111111111111, 222222222222, as none were read ('scps' of a snapshot says them)",
      "no resource control policies apply to 111111111111, 222222222222, as none were read ('rcps' of a snapshot says them)",
    ]);
  });

  it("is none where it is said, or said to be unread", () => {
    const snapshot = read(state("vault"));
    snapshot.accounts["222222222222"] = { roles: {}, scps: [], rcps: null };
    deepStrictEqual(assumptionsOf(snapshot), ASSUMPTIONS);
  });
});
