/** The rule 'bucket-encryption-kms'. */
import { nist, tags } from "../frameworks";
import { Participation, encryptionDefault, encryptionRules } from "../resources/buckets";
import { Resource, types } from "../resources/resource";
import { Answer, Field, Unknown, describe } from "../resources/values";
import { Findings, stackRule } from "../rule";

const SSE_S3 = ["never", "unreplicated", "always"] as const;

export const bucketEncryptionKms = stackRule(
  {
    name: "bucket-encryption-kms",
    displayName: "S3 buckets encrypt with a customer-managed key",
    description: "Every S3 bucket encrypts by default with SSE-KMS under a customer-managed key.",
    severity: "high",
    framework: nist("SC-28", "Protection of Information at Rest"),
    tags: tags({
      securityHub: ["S3.17"],
      nist: ["SC-12(2)", "SC-13", "SC-28", "SC-28(1)"],
      pci: ["3.5.1"],
    }),
    remediationSteps:
      "Add an aws.s3.BucketServerSideEncryptionConfiguration for the bucket with sseAlgorithm 'aws:kms' and the ARN of your own key.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html",
    settings: {
      allowSseS3: {
        type: "string",
        enum: [...SSE_S3],
        default: "never",
        description:
          "Where SSE-S3 (AES256) is enough: never, on buckets that take no part in replication, or always.",
      },
    },
  },
  (stack, findings, config) => {
    const allowSseS3 = config.oneOf("allowSseS3", SSE_S3, "never");
    const participation = new Participation(stack);
    const plainIsEnough = (bucket: Resource | undefined): Answer => {
      if (allowSseS3 !== "unreplicated") return allowSseS3 === "always";
      const takesPart = bucket === undefined || participation.of(bucket);
      return takesPart instanceof Unknown ? takesPart : !takesPart;
    };
    const encryption = stack.settings(types.encryption);
    findings.guardEach(stack.of(types.encryption), (resource) => {
      const match = stack.findBucket(resource, "bucket", resource.prop("bucket"));
      judge(findings, resource, "bucket" in match ? match.bucket : undefined, plainIsEnough);
    });
    findings.guardEach(stack.buckets, (bucket) => {
      if (encryption.for(bucket).length > 0) return;
      if (encryptionRules(bucket).length > 0) judge(findings, bucket, bucket, plainIsEnough);
      else if (encryption.unplaced) findings.notYet(bucket, encryption.unplaced);
      // Since 2023 a bucket without any setting encrypts with SSE-S3.
      else report(findings, bucket, bucket, "no default encryption at all", plainIsEnough);
    });
  },
);

type PlainIsEnough = (bucket: Resource | undefined) => Answer;

function judge(
  findings: Findings,
  resource: Resource,
  bucket: Resource | undefined,
  plainIsEnough: PlainIsEnough,
): void {
  const rules = encryptionRules(resource);
  if (rules.length === 0) report(findings, resource, bucket, "no rule", plainIsEnough, "rules");
  for (const rule of rules) {
    const defaults = encryptionDefault(resource, rule);
    const algorithm = defaults.get("sseAlgorithm");
    if (algorithm.unknown) findings.notYet(resource, algorithm.unknown);
    else if (algorithm.value === "aws:kms" || algorithm.value === "aws:kms:dsse") {
      judgeKey(findings, resource, defaults.get("kmsMasterKeyId"));
    } else if (algorithm.value === "AES256" || algorithm.isMissing) {
      report(findings, resource, bucket, describe(algorithm.value), plainIsEnough, algorithm.path);
    } else findings.unreadable(resource, algorithm.path, describe(algorithm.value));
  }
}

function report(
  findings: Findings,
  resource: Resource,
  bucket: Resource | undefined,
  got: string,
  plainIsEnough: PlainIsEnough,
  path = "default encryption",
): void {
  const enough = plainIsEnough(bucket);
  if (enough instanceof Unknown) findings.notYet(resource, enough);
  else if (!enough) {
    findings.violation(
      resource,
      `'${path}' of '${resource.name}' must be 'aws:kms' with a customer-managed key, got ${got}. Write ` +
        `rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: <your key>.arn }, bucketKeyEnabled: true }].`,
    );
  }
}

/** What makes or names a customer-managed key. */
const OWN_KEYS = new Set<string>([...types.allKeys, ...types.aliases]);

function judgeKey(findings: Findings, resource: Resource, key: Field): void {
  // A key that is made in this stack is customer-managed, whatever its ARN will be.
  const property = key.path.replace(/[.[].*$/, "");
  if (key.unknown && resource.dependencies(property).some(({ type }) => OWN_KEYS.has(type))) return;
  findings.mustBe(resource, key, {
    allowed: (value) => typeof value === "string" && value !== "" && !/alias\/aws\//.test(value),
    must: "a customer-managed key",
    got: (value) =>
      typeof value === "string" && value !== "" ? "an AWS managed key (alias/aws/...)" : describe(value),
    write: "kmsMasterKeyId: <your key>.arn",
  });
}
