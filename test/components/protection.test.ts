import { deepStrictEqual } from "node:assert";
import {
  contract,
  deploySource,
  destinationArgs,
  newDestination,
  newSource,
  sourceArgs,
} from "../support/pairs";
import type { Deployment } from "../support/program";

const BUCKET_AND_GUARDS = [
  "x-bucket",
  "x-encryption",
  "x-key",
  "x-key-alias",
  "x-lifecycle",
  "x-object-lock",
  "x-ownership",
  "x-policy",
  "x-public-access-block",
  "x-versioning",
];

/** What can be made again without losing anything. */
const UNPROTECTED = [
  "x-failed-operations-alarm",
  "x-failures",
  "x-failures-alarm",
  "x-failures-policy",
  "x-latency-alarm",
  "x-notification",
  "x-pending-bytes-alarm",
  "x-replication",
  "x-role",
  "x-role-kms",
  "x-role-s3",
];

const EVERYTHING = {
  objectLockEnabled: true,
  defaultRetention: { mode: "GOVERNANCE", days: 1 },
  noncurrentVersionExpirationDays: 30,
};
const destinations = { replicas: { contract: contract({ objectLockEnabled: true }) } };

const SIDES = {
  destination: (protect?: boolean) =>
    newDestination(destinationArgs({ ...EVERYTHING, bucketName: "x".repeat(3), protect }), "x"),
  source: (protect?: boolean) => newSource(sourceArgs({ ...EVERYTHING, destinations, protect }), "x"),
};

const names = (made: Deployment, isProtected: boolean) =>
  made.registrations
    .filter(({ type, protect }) => type.startsWith("aws:") && protect === isProtected)
    .map((registration) => registration.name)
    .sort();

for (const [side, make] of Object.entries(SIDES)) {
  describe(`protection of a ${side}`, () => {
    it("is on for the bucket, its key and everything that guards them", async () => {
      const made = await deploySource(() => void make());
      deepStrictEqual(names(made, true), BUCKET_AND_GUARDS);
      deepStrictEqual(names(made, false), side === "source" ? UNPROTECTED : []);
    });

    it("is lifted from everything by one argument", async () => {
      const made = await deploySource(() => void make(false));
      deepStrictEqual(names(made, true), []);
    });
  });
}
