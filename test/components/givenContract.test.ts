import { deepStrictEqual, match, strictEqual } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { ReplicationContract, ReplicationSourceArgs } from "../../src";
import { MALFORMED, MALFORMED_KEYS, MISMATCHES } from "../support/contracts";
import {
  contract,
  deploySource,
  destinationArgs,
  newDestination,
  newPair,
  newSource,
  type PlainContract,
  sourceArgs,
} from "../support/pairs";
import { fail, type RunOptions } from "../support/program";
import { UNKNOWN } from "../support/recorder";

const FROM = "destination 'replicas'";

const given = (terms: unknown, args: ReplicationSourceArgs = sourceArgs()): ReplicationSourceArgs => ({
  ...args,
  destinations: { replicas: { contract: terms as pulumi.Input<ReplicationContract> } },
});
const failing = (terms: unknown, args?: ReplicationSourceArgs, options?: RunOptions) =>
  fail(() => void newSource(given(terms, args)), options);

describe("a contract that is given as plain values", () => {
  for (const [what, terms, args, expected] of MISMATCHES) {
    it(`is checked before anything is registered: ${what}`, async () => {
      const { message, registered } = await failing(terms, args);
      strictEqual(
        message,
        `ReplicationSource 'orders' does not fit the contract of ${FROM}: ${expected(FROM)}`,
      );
      deepStrictEqual(registered, []);
    });
  }

  for (const [what, change, expected] of MALFORMED) {
    it(`is refused before anything is registered, with ${what}`, async () => {
      const { message, registered } = await failing({ ...contract(), ...change });
      strictEqual(message, `contract of ${FROM}: ${expected}`);
      deepStrictEqual(registered, []);
    });
  }

  for (const [what, keyArn, got] of MALFORMED_KEYS) {
    it(`is refused before anything is registered, with ${what} for a key`, async () => {
      const { message, registered } = await failing({ ...contract(), keyArn });
      strictEqual(
        message,
        `contract of ${FROM}: 'keyArn' must be the key ARN of a KMS key in 'eu-central-1', the bucket's Region, got ${got}`,
      );
      deepStrictEqual(registered, []);
    });
  }

  it("is refused where it is no object", async () => {
    const { message, registered } = await failing("the contract");
    strictEqual(
      message,
      `contract of ${FROM}: must be the 'contract' output of a ReplicationDestination, got 'the contract'; deploy the destination first (pulumi up), and check that its program exports 'contract'`,
    );
    deepStrictEqual(registered, []);
  });

  it("makes the same resources as the output of a destination", async () => {
    const plain = await deploySource(() => void newSource());
    const output = await deploySource(() => void newSource(given(pulumi.output(contract()))));
    deepStrictEqual(
      plain.registrations.map(({ name, inputs }) => [name, inputs]).sort(),
      output.registrations.map(({ name, inputs }) => [name, inputs]).sort(),
    );
  });
});

describe("a contract that is an Output", () => {
  for (const [what, terms, args, expected] of MISMATCHES) {
    it(`is checked in the preview: ${what}`, async () => {
      const { message, registered } = await failing(pulumi.output(terms), args, { preview: true });
      strictEqual(
        message,
        `ReplicationSource 'orders' does not fit the contract of ${FROM}: ${expected(FROM)}`,
      );
      deepStrictEqual(registered, ["orders"]);
    });
  }

  it("is refused with a mistake in its form", async () => {
    const { message } = await failing(pulumi.output({ ...contract(), version: 2 }));
    strictEqual(
      message,
      `contract of ${FROM}: 'version' must be 1, the version that this release reads; use the same release of s3-replication in both stacks, got 2`,
    );
  });

  it("is asked for where there is none", async () => {
    const { message } = await failing(pulumi.output(undefined));
    strictEqual(
      message,
      `contract of ${FROM}: must be the 'contract' output of a ReplicationDestination, got none; deploy the destination first (pulumi up), and check that its program exports 'contract'`,
    );
  });
});

describe("a contract of the same stack, whose key is unknown in the first preview", () => {
  const mismatches: [string, () => unknown, RegExp][] = [
    [
      "delete markers",
      () => newPair({}, { rules: [{ id: "a", deleteMarkerReplication: true }] }),
      /rule 'a' replicates delete markers, which the destination does not grant/,
    ],
    [
      "owner override",
      () => newPair({ sources: [{ accountId: "111111111111", ownerOverride: false }] }),
      /rule 'everything' gives the replicas to the destination's account, which the destination does not grant/,
    ],
    [
      "Object Lock",
      () => newPair({}, { objectLockEnabled: true }),
      /set 'objectLockEnabled: true' at the destination \(destination 'replicas'\)/,
    ],
    [
      "the role",
      () => newPair({}, { roleName: "other" }),
      /does not grant anything to this source's role arn:aws:iam::111111111111:role\/other/,
    ],
    [
      "a key",
      () => newPair({ encryption: { algorithm: "AES256" } }),
      /the destination has no KMS key for the replicas/,
    ],
    [
      "another partition",
      () => newPair({ region: "cn-north-1" }),
      /S3 does not replicate between partitions/,
    ],
    ["another bucket", () => newPair({ bucketName: "orders" }), /are the same bucket, 'arn:aws:s3:::orders'/],
  ];
  for (const [what, make, expected] of mismatches) {
    it(`still stops that preview: ${what}`, async () => {
      const { message, registered } = await fail(() => void make(), { preview: true });
      strictEqual(expected.test(message), true, message);
      strictEqual(registered.includes("orders-replication"), false);
    });
  }

  it("lets a preview pass that fits", async () => {
    const { registrations } = await deploySource(
      () => {
        const { contract: terms } = newDestination(destinationArgs({ bucketName: "own-replicas" }));
        newSource(given(terms));
      },
      { preview: true },
    );
    strictEqual(registrations.filter(({ name }) => name === "orders-replication").length, 1);
  });
});

describe("terms of a contract that are Outputs", () => {
  it("are checked one by one, when they arrive", async () => {
    const terms: PlainContract = { ...contract(), objectLockEnabled: pulumi.output(false) };
    const { message } = await failing(terms, sourceArgs({ objectLockEnabled: true }));
    strictEqual(/the source bucket has Object Lock/.test(message), true, message);
  });
});

describe("a contract of which more than the key is unknown in a preview", () => {
  const UNKNOWN_YET = pulumi.output(pulumi.unknown as never);
  const unknown = {
    "a whole contract": UNKNOWN_YET,
    "one of its terms": { ...contract(), region: UNKNOWN_YET },
  };
  for (const [what, terms] of Object.entries(unknown)) {
    it(`lets the preview pass, and leaves open what follows from it: ${what}`, async () => {
      const { registrations } = await deploySource(() => void newSource(given(terms)), { preview: true });
      const { inputs } = registrations.find(({ name }) => name === "orders-replication") ?? {};
      strictEqual(inputs?.rules, UNKNOWN);
    });

    it(`does not hide that another one does not fit: ${what}`, async () => {
      const args = sourceArgs({
        destinations: {
          unknown: { contract: terms },
          known: { contract: { ...contract(), objectLockEnabled: false } },
        },
        rules: [
          { id: "a", destination: "unknown", prefix: "a/" },
          { id: "b", destination: "known", prefix: "b/" },
        ],
        objectLockEnabled: true,
      });
      const { message } = await fail(() => void newSource(args), { preview: true });
      match(message, /the source bucket has Object Lock.*\(destination 'known'\)/);
    });
  }
});
