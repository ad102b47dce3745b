import assert from "node:assert/strict";
import { fromRegistrations } from "./support/registrations";
import { unknown } from "./support/resources";

describe("a recorded program", () => {
  it("becomes what a policy pack sees: the provider's inputs, and what an unknown may have come from", () => {
    const inputs = { region: "eu-west-1" };
    const provider = {
      type: "pulumi:providers:aws",
      name: "p",
      urn: "urn:p",
      provider: "",
      dependencies: [],
      inputs,
    };
    const bucket = {
      type: "b",
      name: "b",
      urn: "urn:b",
      provider: "urn:p::id",
      dependencies: [],
      inputs: {},
    };
    const setting = {
      ...{ type: "s", name: "s", urn: "urn:s", provider: "urn:p::id", dependencies: ["urn:b"] },
      inputs: { bucket: unknown, rules: [{ key: unknown }], known: 1 },
    };
    const [, , seen] = fromRegistrations([provider, bucket, setting]);
    assert.deepEqual(seen, {
      type: "s",
      name: "s",
      urn: "urn:s",
      props: setting.inputs,
      provider: { type: "pulumi:providers:aws", name: "p", urn: "urn:p", props: inputs },
      propertyDependencies: { bucket: ["urn:b"], rules: ["urn:b"] },
    });
  });
});
