/** Every fact about S3's requests has a grade, and what a fact of that grade needs. */
import { deepStrictEqual, ok } from "node:assert";
import { CONTRADICTIONS, SESSION_NAME } from "../../src/replication/evidence";
import { consequenceOf, factsOf, type Permission, PERMISSIONS } from "../../src/replication/permissions";

const row = {
  action: "s3:ReplicateObject",
  target: "destinationObject",
  group: "writeReplicas",
  when: "objects",
  needed: () => true,
  sources: [],
} as const;

describe("a permission that S3 asks for", () => {
  it("cannot be written down without saying how it is known: that is a type error", () => {
    // @ts-expect-error No consequence.
    const withoutConsequence: Permission = { ...row, ifDenied: [] };
    const withoutGrade: Permission = {
      ...row,
      // @ts-expect-error A consequence without a grade.
      ifDenied: [{ outcome: "FAILED", failureReason: "DstPutObjectNotPermitted" }],
    };
    const withoutPage: Permission = {
      ...row,
      // @ts-expect-error A documented fact without a page.
      ifDenied: [{ outcome: "TAGS_LOST", known: { grade: "documented", sources: [] } }],
    };
    // @ts-expect-error Nobody grants it, and nothing says that nobody needs to.
    const withoutGrant: Permission = { ...row, group: undefined, ifDenied: PERMISSIONS[0]?.ifDenied };
    ok([withoutConsequence, withoutGrade, withoutPage, withoutGrant]);
  });

  it("names pages that say it or leave it open, and every observation has its link", () => {
    for (const permission of PERMISSIONS) {
      for (const fact of factsOf(permission)) {
        ok(
          fact.sources.every((source) => source.startsWith("https://")),
          permission.action,
        );
        ok(fact.grade !== "documented" || fact.sources.every((source) => source.includes(".aws.")));
      }
    }
    for (const { observation } of [SESSION_NAME, ...Object.values(CONTRADICTIONS)] as {
      observation?: { link: string };
    }[]) {
      ok(observation === undefined || observation.link.startsWith("https://github.com/"));
    }
  });

  it("has a consequence in every case, the last where no other is for it", () => {
    const replication = {
      deleteMarker: false,
      tagged: true,
      annotated: true,
      locked: true,
      sourceKms: true,
      sourceBucketKey: false,
      replicaKms: true,
      replicaBucketKey: false,
      unencrypted: false,
      ownerOverride: true,
      destinationOwnerEnforced: true,
    };
    const dataKey = PERMISSIONS.find(
      ({ action, target }) => action === "kms:GenerateDataKey" && target === "destinationKey",
    ) as Permission;
    const override = PERMISSIONS.find(({ group }) => group === "giveOwnership") as Permission;
    const outcome = (
      permission: Permission,
      change: Partial<typeof replication>,
      layer: "identity" | "resource",
    ) => {
      const consequence = consequenceOf(permission, { ...replication, ...change }, layer);
      return consequence.outcome === "UNPROVEN" ? consequence.contradiction : consequence.outcome;
    };
    deepStrictEqual(
      [{}, { replicaBucketKey: true }, { unencrypted: true }].map((change) =>
        outcome(dataKey, change, "identity"),
      ),
      ["encryptAlone", "destinationDataKey", "FAILED"],
    );
    deepStrictEqual(
      (["identity", "resource"] as const).map((layer) => outcome(override, {}, layer)),
      ["FAILED", "ownerOverrideWithoutAcls"],
    );
  });
});
