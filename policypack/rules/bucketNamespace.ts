/** Names of account-regional namespaces and the namespace that a bucket is made in, which go together. */
import { nist, tags } from "../frameworks";
import { types } from "../resources/resource";
import { resourceRule } from "../rule";

const ACCOUNT_REGIONAL = "account-regional";
const NAME = /-\d{12}-[a-z]{2,4}(-[a-z]+)+-\d{1,2}-an$/;

export const bucketNamespace = resourceRule(
  {
    name: "bucket-namespace",
    displayName: "Names that end in -an are of an account-regional namespace",
    description:
      "A bucket whose name ends in '-an' is made in its account-regional namespace, and no other bucket is.",
    severity: "low",
    framework: nist("CM-6", "Configuration Settings"),
    tags: tags({ nist: ["CM-6"] }),
    remediationSteps:
      "Set bucketNamespace to 'account-regional' on a bucket called <prefix>-<account id>-<Region>-an, or give the bucket a name that does not end in '-an'. S3 refuses one without the other.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html",
  },
  [types.buckets[0]],
  (resource, findings) => {
    const name = resource.prop("bucket");
    if (name.isMissing) return;
    const { text } = name;
    if (text === undefined) {
      findings.mustBe(resource, name, {
        allowed: (value) => typeof value === "string",
        must: "a bucket name",
        write: "bucket: <name>",
      });
      return;
    }
    const namespace = resource.optional("bucketNamespace");
    if (text.endsWith("-an") && !NAME.test(text)) {
      findings.violation(
        resource,
        `'bucket' of '${resource.name}' must be '<prefix>-<account id>-<Region>-an' where it ends in '-an', got another name. Write a name that does not end in '-an'.`,
      );
      return;
    }
    findings.mustBe(resource, namespace, {
      allowed: (value) => (value === ACCOUNT_REGIONAL) === text.endsWith("-an"),
      must: text.endsWith("-an")
        ? `'${ACCOUNT_REGIONAL}' for a name that ends in '-an'`
        : "'global' or left out for a name that does not end in '-an'",
      write: text.endsWith("-an") ? `bucketNamespace: "${ACCOUNT_REGIONAL}"` : 'bucketNamespace: "global"',
    });
  },
);
