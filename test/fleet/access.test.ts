/** Which accounts the options name, and what is wrong with options. */
import { deepStrictEqual, throws } from "node:assert";
import { type FleetOptions, parseFleetAccess } from "../../src/fleet/meaning/access";

const ROLE = "arn:aws:iam::111111111111:role/audit/reader";

describe("the accounts of a fleet", () => {
  it("are entered by a role, by a profile, or with the caller's credentials", () => {
    const account = [`111111111111=${ROLE}`, "222222222222=archive", "333333333333"];
    deepStrictEqual(parseFleetAccess({ account, externalId: "x" }), {
      accounts: [
        { accountId: "111111111111", access: { roleArn: ROLE, externalId: "x" } },
        { accountId: "222222222222", access: { profile: "archive" } },
        { accountId: "333333333333" },
      ],
      regions: [],
    });
  });

  it("are those of the organization, by a role name with its path", () => {
    const options = { organization: true, roleName: "audit/reader", organizationProfile: "management" };
    deepStrictEqual(parseFleetAccess(options), {
      accounts: [],
      regions: [],
      organization: { profile: "management" },
      members: { roleName: "audit/reader" },
    });
  });

  for (const [options, says] of [
    [{ account: ["somewhere"] }, /--account: must be '<account id>', .* got 'somewhere'/],
    [{ account: ["111111111111="] }, /--account: must be '<account id>'/],
    [
      { account: [`222222222222=${ROLE}`] },
      /--account: must name a role of account 222222222222 behind the '=', got 'arn:aws:iam::111111111111/,
    ],
    [{ account: ["111111111111=arn:aws:s3:::bucket"] }, /must name a role of account 111111111111/],
    [
      { account: ["111111111111", "111111111111=data"] },
      /must name an account once, and names 111111111111 twice/,
    ],
    [{ organization: true }, /--organization: must come with --role-name/],
    [{ roleName: "reader" }, /--role-name: must come with --organization/],
    [{ organization: true, roleName: "a b" }, /--role-name: must be the name of a role/],
    [{ organization: true, roleName: ROLE }, /--role-name: must be the name of a role/],
    [{ region: ["everywhere"] }, /--region: .* got 'everywhere'/],
  ] as const satisfies readonly (readonly [FleetOptions, RegExp])[]) {
    it(`are refused: ${JSON.stringify(options)}`, () => {
      throws(() => parseFleetAccess(options), { name: "InvalidInputError", message: says });
    });
  }
});
