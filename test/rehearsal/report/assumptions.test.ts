/** What a verdict rests on without a page that says so. */
import { deepStrictEqual } from "node:assert";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { DESTINATION, DESTINATION_ACCOUNT, plainRule, setUpWithoutKms } from "../../proof/setUp";

const ACCOUNT = /Account of a rule without AccessControlTranslation/;

const assumed = (destination: object, status: "Enabled" | "Disabled" = "Enabled") => {
  const rule = { ...plainRule({ Status: status }), Destination: { Bucket: DESTINATION, ...destination } };
  return rehearse(setUpWithoutKms({ rules: [rule] })).assumptions.filter((text) => ACCOUNT.test(text)).length;
};

describe("an Account of a rule without AccessControlTranslation", () => {
  const owner = { AccessControlTranslation: { Owner: "Destination" } };

  it("is an assumption that the report lists, of rules that are on", () => {
    deepStrictEqual(
      [assumed({ Account: DESTINATION_ACCOUNT }), assumed({ Account: DESTINATION_ACCOUNT }, "Disabled")],
      [1, 0],
    );
  });

  it("is none where the rule overrides the owner, or names no account", () => {
    deepStrictEqual([assumed({ Account: DESTINATION_ACCOUNT, ...owner }), assumed({})], [0, 0]);
  });
});
