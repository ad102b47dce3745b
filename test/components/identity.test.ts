import { deepStrictEqual, strictEqual } from "node:assert";
import { contract, destinationArgs, newDestination, newSource, sourceArgs } from "../support/pairs";
import { accountProvider, fail } from "../support/program";

const other = () => ({ provider: accountProvider("999999999999", "eu-west-1", "other") });

const SIDES = {
  "ReplicationDestination 'x'": {
    accountId: "222222222222",
    make: () => newDestination(destinationArgs(), "x", other()),
  },
  "ReplicationSource 'x'": {
    accountId: "111111111111",
    make: () => newSource(sourceArgs(), "x", other()),
  },
  "ReplicationSource 'locked'": {
    accountId: "111111111111",
    make: () =>
      newSource(
        sourceArgs({
          objectLockEnabled: true,
          defaultRetention: { mode: "GOVERNANCE", days: 1 },
          noncurrentVersionExpirationDays: 1,
          destinations: { replicas: { contract: contract({ objectLockEnabled: true }) } },
        }),
        "locked",
        other(),
      ),
  },
};

describe("credentials of another account", () => {
  for (const [subject, { accountId, make }] of Object.entries(SIDES)) {
    for (const preview of [true, false]) {
      it(`stop the ${preview ? "preview" : "update"} of ${subject} before anything is made`, async () => {
        const { message, registered } = await fail(() => void make(), { preview });
        strictEqual(
          message,
          `${subject}: 'accountId' must be the account of the provider's credentials, which are for '999999999999', got '${accountId}'; give the component a provider of account ${accountId} (allowedAccountIds, assumeRoles), or correct 'accountId'`,
        );
        deepStrictEqual(registered, [subject.split("'")[1]]);
      });
    }
  }
});
