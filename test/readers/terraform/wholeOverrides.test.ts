/** What OpenTofu's tests take in place of an override for each instance. */
import { deepStrictEqual, match, notStrictEqual, ok, strictEqual, throws } from "node:assert";
import { describe, it } from "mocha";
import type { Attributes } from "../../../src/readers/terraform/providerSchemas";
import { parseTerraform } from "../../../src/readers/terraform/terraformFile";
import { WholeOverrides } from "../../../src/readers/terraform/wholeOverrides";
import { constant, created, type PlannedResource, planOf, reference } from "./support";

const SCHEMA: Attributes = {
  arn: { type: "string", computed: true },
  name: { type: "string", computed: true, optional: true },
  policy: { type: "string", optional: true },
  size: { type: "number", computed: true },
  blocks: { type: ["list", ["object", {}]], computed: true },
};

/** @param values What is told of each resource of a plan. */
function overridden(resources: readonly PlannedResource[], values: readonly Record<string, unknown>[]) {
  const file = parseTerraform(planOf(resources), "--plan plan.json", "plan.json");
  const whole = new WholeOverrides(file.configuration, () => SCHEMA);
  const given = file.resources.map((resource, index) => ({
    resource,
    target: resource.address.text,
    values: values[index] ?? {},
  }));
  return { whole, overrides: whole.of(given) };
}

const role = (key: string, more: Partial<PlannedResource> = {}) =>
  created("aws_iam_role", "a", {}, { address: `aws_iam_role.a["${key}"]`, index: key, ...more });

describe("the overrides of OpenTofu's tests", () => {
  it("name a resource without the key of its only instance", () => {
    const { overrides } = overridden([role("x")], [{ arn: "arn:aws:iam::111111111111:role/x" }]);
    strictEqual(overrides[0]?.target, "aws_iam_role.a");
    strictEqual(overrides[0].values.arn, "arn:aws:iam::111111111111:role/x");
  });

  it("leave out what the configuration writes, and what no provider computes", () => {
    const told = { name: "x", policy: "{}" };
    const names = (name: unknown) =>
      Object.keys(overridden([role("x", { expressions: { name } })], [told]).overrides[0]?.values ?? {});
    deepStrictEqual(names(reference("random_id.x.hex")), ["arn", "size", "blocks"]);
    // A function of constants is an expression without references.
    deepStrictEqual(names({}), ["arn", "size", "blocks"]);
    deepStrictEqual(names(undefined), ["arn", "name", "size", "blocks"]);
    deepStrictEqual(names(constant("x")), ["arn", "size", "blocks"]);
  });

  it("tell each resource of a type texts of its own where nothing is told", () => {
    const unknown = { unknown: { arn: true, size: true } };
    const other = created("aws_iam_role", "b", {}, unknown);
    const { overrides } = overridden([role("x", unknown), other], []);
    const [first, second] = overrides.map(({ values }) => values.arn);
    ok(typeof first === "string" && typeof second === "string");
    notStrictEqual(first, second);
  });

  it("leave a name unknown that OpenTofu may have made up, as it makes the same one for all", () => {
    const open = { unknown: { name: true }, expressions: { name: reference("local.name") } };
    const { whole } = overridden([role("x", open)], []);
    const named = (name: string) => whole.restored('aws_iam_role.a["x"]', { name }).name;
    strictEqual(named("uT3kPqa"), undefined);
    strictEqual(named("copies-of-data"), "copies-of-data");
  });

  it("have a placeholder for what instances do not have in common, which comes out as unknown", () => {
    const arns = ["x", "y"].map((name) => `arn:aws:iam::111111111111:role/${name}`);
    const { whole, overrides } = overridden(
      [role("x"), role("y")],
      arns.map((arn) => ({ arn, name: "same" })),
    );
    strictEqual(overrides.length, 1);
    const [{ values }] = overrides as [(typeof overrides)[0]];
    match(String(values.arn), /^arn:aws:iam::111111111111:role\/x[0-9a-f]{11}$/);
    strictEqual(values.name, "same");
    const document = { policy: `{"AWS":"${String(values.arn)}"}`, list: [values.arn, "known"], name: "b" };
    deepStrictEqual(whole.restored("aws_iam_role.b", document), {
      policy: undefined,
      list: [undefined, "known"],
      name: "b",
    });
    strictEqual(whole.restored('aws_iam_role.a["y"]', values).arn, arns[1]);
  });

  it("are refused where instances differ in a number, and have nothing for what has another form", () => {
    const blocks = overridden([role("x"), role("y")], [{ blocks: [{}] }, { blocks: [] }]);
    strictEqual(blocks.overrides[0]?.values.blocks, null);
    throws(
      () => overridden([role("x"), role("y")], [{ size: 1 }, { size: 2 }]),
      /instances differ in aws_iam_role\.a\.size, which is no text/,
    );
  });
});
