import { deepStrictEqual } from "node:assert";
import type { ContractSource } from "../../src/replication/contract";
import { grantsTakenBack } from "../../src/replication/grantsTakenBack";

const ROLE = "arn:aws:iam::111111111111:role/s3-replication";
const granted = (changes: Partial<ContractSource> = {}): ContractSource => ({
  roleArn: ROLE,
  tags: true,
  deleteMarkerReplication: true,
  ownerOverride: true,
  ...changes,
});

describe("what a destination takes back", () => {
  it("is nothing where it grants the same, or more, or to another role as well", () => {
    deepStrictEqual(grantsTakenBack([granted()], [granted()]), []);
    deepStrictEqual(grantsTakenBack([granted({ deleteMarkerReplication: false })], [granted()]), []);
    deepStrictEqual(grantsTakenBack([granted()], [granted({ roleArn: `${ROLE}-too` }), granted()]), []);
  });

  it("names each permission that a role loses", () => {
    deepStrictEqual(
      grantsTakenBack([granted()], [granted({ deleteMarkerReplication: false, ownerOverride: false })]),
      [`${ROLE} may no longer replicate delete markers, nor hand replicas to the destination's account`],
    );
    deepStrictEqual(grantsTakenBack([granted()], [granted({ tags: false })]), [
      `${ROLE} may no longer write the tags of objects`,
    ]);
  });

  it("names each role that is gone", () => {
    deepStrictEqual(grantsTakenBack([granted(), granted({ roleArn: `${ROLE}-too` })], [granted()]), [
      `${ROLE}-too may no longer replicate at all`,
    ]);
  });
});
