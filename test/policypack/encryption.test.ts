import { bucketEncryptionKms } from "../../policypack/rules/bucketEncryptionKms";
import { bucketKeyEnabled } from "../../policypack/rules/bucketKeyEnabled";
import { sseCBlocked } from "../../policypack/rules/sseCBlocked";
import { legacyProgram, v2Program, v2Settings } from "./fixtures/legacyProgram";
import { bothStacks } from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import { change, resource, unknown, without } from "./support/resources";

const program = bothStacks("update");
const defaults = "rules.0.applyServerSideEncryptionByDefault";
const legacyRule = "serverSideEncryptionConfiguration.rule";
const v2Rule = "serverSideEncryptionConfigurations.0.rules.0";
const plain = resource("aws:s3/bucket:Bucket", "plain", { bucket: "plain" });
const plainEncryption = resource(
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "plain-encryption",
  { bucket: "plain", rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
);

describeRule(bucketEncryptionKms, {
  "accepts SSE-KMS under a customer-managed key": { program },
  "accepts DSSE-KMS": {
    program: change(program, "source-encryption", `${defaults}.sseAlgorithm`, "aws:kms:dsse"),
  },
  "accepts a key of this stack before it has an ARN": { program: bothStacks("preview") },
  "accepts the legacy property": { program: legacyProgram() },
  "accepts the V2 property": { program: v2Program() },
  "accepts the V2 class": { program: v2Settings(program) },
  "refuses SSE-S3": {
    program: change(program, "source-encryption", `${defaults}.sseAlgorithm`, "AES256"),
    violators: ["source-encryption"],
    messages: [
      "'rules[0].applyServerSideEncryptionByDefault.sseAlgorithm' of 'source-encryption' must be 'aws:kms' with a customer-managed key, got 'AES256'.",
    ],
  },
  "refuses SSE-S3 in the legacy property": {
    program: change(
      legacyProgram(),
      "source-bucket",
      `${legacyRule}.applyServerSideEncryptionByDefault.sseAlgorithm`,
      "AES256",
    ),
    violators: ["source-bucket"],
  },
  "refuses SSE-S3 in the V2 property": {
    program: change(
      v2Program(),
      "source-bucket",
      `${v2Rule}.applyServerSideEncryptionByDefaults.0.sseAlgorithm`,
      "AES256",
    ),
    violators: ["source-bucket"],
  },
  "refuses the AWS managed key": {
    program: change(
      program,
      "source-encryption",
      `${defaults}.kmsMasterKeyId`,
      "arn:aws:kms:eu-west-1:111111111111:alias/aws/s3",
    ),
    violators: ["source-encryption"],
    messages: ["must be a customer-managed key, got an AWS managed key (alias/aws/...)"],
  },
  "refuses SSE-KMS without a key, which is the AWS managed one": {
    program: change(program, "source-encryption", `${defaults}.kmsMasterKeyId`, undefined),
    violators: ["source-encryption"],
    messages: ["must be a customer-managed key, got nothing. Write kmsMasterKeyId: <your key>.arn."],
  },
  "refuses buckets without any setting, each of them": {
    program: without(program, "source-encryption", "destination-encryption"),
    violators: ["destination-bucket", "source-bucket"],
    messages: ["got no default encryption at all", "got no default encryption at all"],
  },
  "refuses a setting without rules": {
    program: change(program, "source-encryption", "rules", []),
    violators: ["source-encryption"],
  },
  "refuses an auto-named bucket in its very first preview": {
    program: [
      resource("aws:s3/bucket:Bucket", "auto", {
        bucket: unknown,
        serverSideEncryptionConfiguration: unknown,
      }),
    ],
    violators: ["auto"],
  },
  "says so where the key is unknown and not of this stack, and still refuses the others": {
    program: change(
      without(change(program, "source-encryption", `${defaults}.kmsMasterKeyId`, unknown), "source-key"),
      "destination-encryption",
      `${defaults}.sseAlgorithm`,
      "AES256",
    ),
    violators: ["destination-encryption"],
    notYet: "kmsMasterKeyId' of 'source-encryption'",
  },
  "says so where the algorithm is not known yet": {
    program: change(program, "source-encryption", `${defaults}.sseAlgorithm`, unknown),
    notYet: "sseAlgorithm' of 'source-encryption'",
  },
  "refuses SSE-S3 on a bucket that takes no part in replication, unless configured otherwise": {
    program: [...program, plain, plainEncryption],
    violators: ["plain-encryption"],
  },
  "can allow SSE-S3 on buckets that take no part in replication": {
    program: [
      ...program,
      plain,
      plainEncryption,
      resource("aws:s3/bucket:Bucket", "bare", { bucket: "bare" }),
    ],
    config: { allowSseS3: "unreplicated" },
  },
  "still refuses SSE-S3 on a source and, by its policy, on a destination": {
    program: change(
      change(program, "source-encryption", `${defaults}.sseAlgorithm`, "AES256"),
      "destination-encryption",
      `${defaults}.sseAlgorithm`,
      "AES256",
    ),
    config: { allowSseS3: "unreplicated" },
    violators: ["destination-encryption", "source-encryption"],
  },
  "says so where only an unknown policy would tell whether the bucket takes part": {
    program: [
      plain,
      plainEncryption,
      resource("aws:s3/bucketPolicy:BucketPolicy", "plain-policy", { bucket: "plain", policy: unknown }),
    ],
    config: { allowSseS3: "unreplicated" },
    notYet: "'policy' of 'plain-policy', which decides on 'plain-encryption'",
  },
  "can allow SSE-S3 everywhere": {
    program: change(program, "source-encryption", `${defaults}.sseAlgorithm`, "AES256"),
    config: { allowSseS3: "always" },
  },
  "reports an algorithm that it does not know": {
    program: change(program, "source-encryption", `${defaults}.sseAlgorithm`, "rot13"),
    violators: ["source-encryption"],
    messages: ["cannot be read by this rule: found another string"],
  },
});

describeRule(bucketKeyEnabled, {
  "accepts Bucket Keys": { program },
  "accepts the legacy property": { program: legacyProgram() },
  "accepts the V2 property": { program: v2Program() },
  "needs none for SSE-S3": { program: [plainEncryption] },
  "needs none for DSSE-KMS, which has none": {
    program: change(
      change(program, "source-encryption", `${defaults}.sseAlgorithm`, "aws:kms:dsse"),
      "source-encryption",
      "rules.0.bucketKeyEnabled",
      false,
    ),
  },
  "refuses false, on several resources at once": {
    program: change(
      change(program, "source-encryption", "rules.0.bucketKeyEnabled", false),
      "destination-encryption",
      "rules.0.bucketKeyEnabled",
      false,
    ),
    violators: ["destination-encryption", "source-encryption"],
    messages: [
      "'rules[0].bucketKeyEnabled' of 'destination-encryption' must be true, got false. Write bucketKeyEnabled: true.",
    ],
  },
  "refuses a missing value": {
    program: change(program, "source-encryption", "rules.0.bucketKeyEnabled", undefined),
    violators: ["source-encryption"],
    messages: ["got nothing"],
  },
  "refuses false in the legacy property": {
    program: change(legacyProgram(), "source-bucket", `${legacyRule}.bucketKeyEnabled`, false),
    violators: ["source-bucket"],
  },
  "refuses false in the V2 property": {
    program: change(v2Program(), "source-bucket", `${v2Rule}.bucketKeyEnabled`, false),
    violators: ["source-bucket"],
  },
  "refuses false in the V2 class": {
    program: change(v2Settings(program), "source-encryption", "rules.0.bucketKeyEnabled", false),
    violators: ["source-encryption"],
  },
  "says so where the value is not known yet, and still refuses the others": {
    program: change(
      change(program, "source-encryption", "rules.0.bucketKeyEnabled", unknown),
      "destination-encryption",
      "rules.0.bucketKeyEnabled",
      false,
    ),
    violators: ["destination-encryption"],
    notYet: "'rules[0].bucketKeyEnabled' of 'source-encryption'",
  },
  "leaves exempt resources alone": {
    program: change(program, "source-encryption", "rules.0.bucketKeyEnabled", false),
    config: { exempt: ["source-encryption"] },
  },
});

describeRule(sseCBlocked, {
  "accepts SSE-C in the list": { program },
  "accepts the legacy property": { program: legacyProgram() },
  "asks nothing of the V2 property, which cannot say it": { program: v2Program() },
  "refuses NONE, which unblocks everything": {
    program: change(program, "source-encryption", "rules.0.blockedEncryptionTypes", ["NONE"]),
    violators: ["source-encryption"],
    messages: [`must be ['SSE-C'], got ['NONE']. Write blockedEncryptionTypes: ["SSE-C"].`],
  },
  "refuses a missing list, on several resources at once": {
    program: change(
      change(program, "source-encryption", "rules.0.blockedEncryptionTypes", undefined),
      "destination-encryption",
      "rules.0.blockedEncryptionTypes",
      [],
    ),
    violators: ["destination-encryption", "source-encryption"],
    messages: ["got nothing", "got nothing"],
  },
  "refuses a missing list in the legacy property": {
    program: change(legacyProgram(), "source-bucket", `${legacyRule}.blockedEncryptionTypes`, undefined),
    violators: ["source-bucket"],
  },
  "refuses a missing list in the V2 class": {
    program: change(v2Settings(program), "source-encryption", "rules.0.blockedEncryptionTypes", undefined),
    violators: ["source-encryption"],
  },
  "says so where the list is not known yet": {
    program: change(program, "source-encryption", "rules.0.blockedEncryptionTypes", unknown),
    notYet: "'rules[0].blockedEncryptionTypes' of 'source-encryption'",
  },
  "leaves exempt resources alone": {
    program: change(program, "source-encryption", "rules.0.blockedEncryptionTypes", undefined),
    config: { exempt: ["source-encryption"] },
  },
});
