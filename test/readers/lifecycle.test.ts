/** Lifecycle rules of a bucket, by every source that can show them: one form, whatever a tool writes. */
import { deepStrictEqual, strictEqual } from "node:assert";
import { applyReadings } from "../../src/readers/joinSources";
import { readTemplates } from "../../src/readers/cloudformation/fromTemplates";
import { parseSnapshot } from "../../src/snapshot/snapshotFile";
import { emptySnapshot } from "../../src/snapshot/snapshot";
import { rehearse } from "../../src/rehearsal/rehearse";
import { handMade, SOURCE } from "../support/handMade";
import { callsOf, stackOf } from "./cloudformation/support";
import { bucket, read, stateOf } from "./support";
import { created, planOf, snapshotOf } from "./terraform/support";

/** Expires objects below `logs/`, moves them before, and lets older versions go. */
const EXPECTED = [
  { id: "logs", status: "Enabled", prefix: "logs/", expires: true, transitions: ["STANDARD_IA", "GLACIER"] },
  { id: "older", status: "Disabled", expires: true },
  { id: "uploads", status: "Enabled", expires: false },
];

describe("lifecycle rules of a bucket are read", () => {
  const pulumi = (inputs: object, type?: string, more: object = {}) =>
    bucket(
      read(
        stateOf(
          { type: "aws:s3/bucket:Bucket", id: "a", inputs: { ...inputs } },
          ...(type === undefined
            ? []
            : [
                {
                  type: `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
                  name: "lifecycle",
                  inputs: { bucket: "a", ...more },
                },
              ]),
        ),
      ),
      "a",
    ).lifecycle;

  const rules = [
    {
      id: "logs",
      status: "Enabled",
      filter: { and: { prefix: "logs/", tags: { a: "b" } } },
      expiration: { days: 30 },
      transitions: [{ days: 1, storageClass: "STANDARD_IA" }],
      noncurrentVersionTransitions: [{ noncurrentDays: 1, storageClass: "GLACIER" }],
    },
    { id: "older", status: "Disabled", filter: {}, noncurrentVersionExpiration: { noncurrentDays: 5 } },
    { id: "uploads", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
  ];

  for (const type of ["BucketLifecycleConfiguration", "BucketLifecycleConfigurationV2"]) {
    it(`from ${type} of Pulumi`, () => deepStrictEqual(pulumi({}, type, { rules }), EXPECTED));
  }

  it("from the bucket itself, in its older words", () => {
    const lifecycleRules = [
      {
        id: "logs",
        enabled: true,
        prefix: "logs/",
        expiration: { days: 30 },
        transitions: [{ days: 1, storageClass: "STANDARD_IA" }],
        noncurrentVersionTransitions: [{ days: 1, storageClass: "GLACIER" }],
      },
      { id: "older", enabled: false, noncurrentVersionExpiration: { days: 5 } },
      { id: "uploads", enabled: true, abortIncompleteMultipartUploadDays: 7 },
    ];
    deepStrictEqual(pulumi({ lifecycleRules }), EXPECTED);
  });

  it("from a Terraform plan, whose provider writes 0 where nothing is said", () => {
    const rule = [
      {
        id: "logs",
        status: "Enabled",
        prefix: "",
        filter: [{ and: [{ prefix: "logs/", tags: {} }], prefix: "" }],
        expiration: [{ days: 30, date: null, expired_object_delete_marker: false }],
        transition: [{ days: 1, storage_class: "STANDARD_IA" }],
        noncurrent_version_transition: [{ noncurrent_days: 1, storage_class: "GLACIER" }],
        noncurrent_version_expiration: [],
      },
      {
        id: "older",
        status: "Disabled",
        filter: [{}],
        expiration: [{ days: 0, expired_object_delete_marker: true }],
        noncurrent_version_expiration: [{ noncurrent_days: 5 }],
        transition: [],
      },
      { id: "uploads", status: "Enabled", filter: [], expiration: [{ days: 0, date: "" }] },
    ];
    const plan = planOf([
      created("aws_s3_bucket", "data", { bucket: "acme-data" }),
      created("aws_s3_bucket_lifecycle_configuration", "data", { bucket: "acme-data", rule }),
    ]);
    deepStrictEqual(snapshotOf([plan]).buckets["arn:aws:s3:::acme-data"]?.lifecycle, EXPECTED);
  });

  const template = (configuration: string, parameters = "") => `
${parameters}
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: acme-data
      LifecycleConfiguration: ${configuration}`;
  const lifecycleOf = (text: string) => {
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTemplates([stackOf(text)]));
    return snapshot.buckets["arn:aws:s3:::acme-data"]?.lifecycle;
  };

  it("from a CloudFormation template", () => {
    const configuration = `
        Rules:
          - { Id: logs, Status: Enabled, Prefix: logs/, ExpirationInDays: 30,
              Transitions: [{ StorageClass: STANDARD_IA, TransitionInDays: 1 }],
              NoncurrentVersionTransition: { StorageClass: GLACIER, TransitionInDays: 1 } }
          - { Id: older, Status: Disabled, NoncurrentVersionExpiration: { NoncurrentDays: 5 } }
          - { Id: uploads, Status: Enabled, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }`;
    deepStrictEqual(lifecycleOf(template(configuration)), EXPECTED);
  });

  it("as not known where a part of them is not, and asks nobody for a parameter", () => {
    const text = template(
      "{ Rules: [{ Status: Enabled, ExpirationInDays: !Ref Days }] }",
      "Parameters: { Days: { Type: Number } }",
    );
    strictEqual(callsOf(text).length, 2);
    strictEqual(lifecycleOf(text), undefined);
  });

  it("as the AWS CLI prints them", () => {
    const plain = structuredClone(handMade()) as unknown as {
      buckets: Record<string, Record<string, unknown>>;
    };
    (plain.buckets[SOURCE] ??= {}).lifecycle = {
      TransitionDefaultMinimumObjectSize: "all_storage_classes_128K",
      Rules: [
        {
          ID: "logs",
          Status: "Enabled",
          Filter: { And: { Prefix: "logs/", Tags: [] } },
          Expiration: { Days: 30 },
          Transitions: [{ Days: 1, StorageClass: "STANDARD_IA" }],
          NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: "GLACIER" }],
        },
        { ID: "older", Status: "Disabled", NoncurrentVersionExpiration: { NoncurrentDays: 5 } },
        { ID: "uploads", Status: "Enabled", Expiration: { ExpiredObjectDeleteMarker: true } },
      ],
    };
    deepStrictEqual(parseSnapshot(plain, "it").buckets[SOURCE]?.lifecycle, EXPECTED);
  });

  it("without any say in the verdict where two sources say them otherwise", () => {
    const rule = (days: number) => template(`{ Rules: [{ Status: Enabled, ExpirationInDays: ${days} }] }`);
    const alone = (text: string) => rule(1).replace(/LifecycleConfiguration:.*/, text);
    const verdicts = [rule(2), alone("Tags: []")].map((other) => {
      const snapshot = emptySnapshot();
      applyReadings(snapshot, readTemplates([stackOf(rule(1)), stackOf(other, { stackName: "other" })]));
      return [rehearse(snapshot).verdict, snapshot.unread];
    });
    deepStrictEqual(verdicts[0], verdicts[1]);
  });
});
