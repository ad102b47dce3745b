/** The rule 'bucket-policy-no-public-principal'. */
import { nist, tags } from "../frameworks";
import { eachAllow } from "../judging";
import { bucketPolicyTypes } from "../resources/buckets";
import { isOfOrganization } from "../resources/principals";
import { Unknown } from "../resources/values";
import { resourceRule } from "../rule";

export const bucketPolicyNoPublicPrincipal = resourceRule(
  {
    name: "bucket-policy-no-public-principal",
    displayName: "Bucket policies let nobody unnamed in",
    description:
      "No bucket policy allows anything to everyone, nor to everyone but some, unless it names their organization.",
    severity: "critical",
    framework: nist("AC-3", "Access Enforcement"),
    tags: tags({ fsbp: ["S3.2", "S3.3"], nist: ["AC-3", "AC-4", "AC-6", "AC-21", "SC-7"] }),
    remediationSteps:
      "Name the principals: an account root narrowed by aws:PrincipalArn, a role, or a service; or narrow everyone by aws:PrincipalOrgID and aws:PrincipalArn. A Deny may name everyone.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html",
  },
  bucketPolicyTypes,
  (resource, findings) => {
    eachAllow(resource, resource.prop("policy"), findings, (statement) => {
      const where = `'${statement.path}.Principal' of '${resource.name}'`;
      const write =
        'Write Principal: { AWS: "arn:aws:iam::<account>:root" } with a condition on aws:PrincipalArn';
      if (statement.has("NotPrincipal")) {
        findings.violation(
          resource,
          `${where} must name who is allowed, got 'NotPrincipal' in an Allow. ${write}.`,
        );
        return;
      }
      const { principals } = statement;
      if (principals.length === 0) findings.unreadable(resource, `${statement.path}.Principal`, "nothing");
      for (const principal of principals) {
        switch (principal.kind) {
          case "everyone": {
            const ofOrganization = isOfOrganization(statement);
            if (ofOrganization instanceof Unknown) findings.notYet(resource, ofOrganization);
            else if (!ofOrganization)
              findings.violation(
                resource,
                `${where} must name who is allowed, got '*' in an Allow. ${write}.`,
              );
            break;
          }
          case "unknown":
            findings.notYet(resource, principal.unknown);
            break;
          case "unreadable":
            findings.unreadable(resource, principal.field.path, "a principal of no known form");
            break;
          case "account":
          case "identity":
          case "service":
          case "federated":
            break;
        }
      }
    });
  },
);
