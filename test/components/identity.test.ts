import { deepStrictEqual, match, strictEqual } from "node:assert";
import {
  contract,
  destinationArgs,
  newDestination,
  newSource,
  newWatch,
  sourceArgs,
  watchArgs,
} from "../support/pairs";
import { accountProvider, deploy, fail } from "../support/program";
import { Recorder } from "../support/recorder";

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
  "ReplicationWatch 'x'": {
    accountId: "111111111111",
    make: () => newWatch(watchArgs(), "x", other()),
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

describe("a provider of several components", () => {
  const twoOf = (secondAccount: string) => () => {
    const provider = accountProvider("222222222222");
    newDestination(destinationArgs(), "first", { provider });
    newDestination(
      destinationArgs({ accountId: secondAccount, bucketName: "orders-replicas-too" }),
      "second",
      { provider },
    );
  };

  it("is asked once whose credentials it has, and the stack once for what it granted before", async () => {
    const { calls, stop } = Recorder.countCalls();
    try {
      await deploy(twoOf("222222222222"));
    } finally {
      stop();
    }
    deepStrictEqual(calls, {
      "aws:index/getCallerIdentity:getCallerIdentity": 1,
      "pulumi:pulumi:readStackOutputs": 1,
    });
  });

  it("must be one of each component's account", async () => {
    const { message } = await fail(twoOf("333333333333"));
    match(message, /^ReplicationDestination 'second': 'accountId' must be .*got '333333333333'/);
  });
});
