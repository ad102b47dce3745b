/** The rule 'bucket-policy-cross-account-narrowed'. */
import { nist, tags } from "../frameworks";
import { eachAllow } from "../judging";
import { bucketPolicyTypes } from "../resources/buckets";
import { isNarrowedBy } from "../resources/policyDocument";
import { isForeign, isOfOrganization, namesPrincipal, picksPrincipal } from "../resources/principals";
import { ownAccounts } from "../resources/resource";
import { Unknown } from "../resources/values";
import { resourceRule } from "../rule";

export const bucketPolicyCrossAccountNarrowed = resourceRule(
  {
    name: "bucket-policy-cross-account-narrowed",
    displayName: "Bucket policies name the foreign role",
    description:
      "A bucket policy that lets another account or an organization in says which of its principals.",
    severity: "high",
    framework: nist("AC-6", "Least Privilege"),
    tags: tags({ fsbp: ["S3.6"], nist: ["AC-3", "AC-6", "CA-9(1)", "CM-2"] }),
    remediationSteps:
      "Keep the account's root as the principal, so that the policy can be put before the role exists, and add Condition: { ArnEquals: { 'aws:PrincipalArn': <role ARN> } }; or name the role itself. For an organization, narrow '*' by aws:PrincipalOrgID and by ArnLike on aws:PrincipalArn, 'arn:aws:iam::*:role/<path>/<name>'. Where the account is the bucket's own, pin allowedAccountIds on its provider.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
    settings: {
      ownAccountIds: {
        type: "array",
        items: { type: "string" },
        default: [],
        description:
          "Accounts that need no narrowing, beside those that the resource's provider is pinned to.",
      },
    },
  },
  bucketPolicyTypes,
  (resource, findings, config) => {
    const own = ownAccounts(resource, config.strings("ownAccountIds"));
    eachAllow(resource, resource.prop("policy"), findings, (statement) => {
      const { principals } = statement;
      const wholeAccounts = principals.some(
        (principal) => principal.kind === "account" && isForeign(principal, own),
      );
      // Everyone of no organization is the business of 'bucket-policy-no-public-principal'.
      const wholeOrganization =
        principals.some(({ kind }) => kind === "everyone") && isOfOrganization(statement) === true;
      if (!wholeAccounts && !wholeOrganization) return;
      const narrowed = isNarrowedBy(statement, namesPrincipal, picksPrincipal);
      if (narrowed instanceof Unknown) findings.notYet(resource, narrowed);
      else if (!narrowed && wholeOrganization) {
        findings.violation(
          resource,
          `'${statement.path}.Condition' of '${resource.name}' must narrow the organization to its replication roles, ` +
            "got no condition that names a principal. " +
            'Write ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/<path>/<name>" }.',
        );
      } else if (!narrowed) {
        findings.violation(
          resource,
          `'${statement.path}.Condition' of '${resource.name}' must narrow the other account to its replication role, ` +
            `got no condition that names a principal. Write Condition: { ArnEquals: { "aws:PrincipalArn": <role ARN> } }, ` +
            "or pin allowedAccountIds on the provider where the account is the bucket's own.",
        );
      }
    });
  },
);
