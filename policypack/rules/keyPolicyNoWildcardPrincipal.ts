/** The rule 'key-policy-no-wildcard-principal'. */
import { nist, tags } from "../frameworks";
import { eachAllow } from "../judging";
import { isNarrowedBy } from "../resources/policyDocument";
import { hasNoWildcard, namesOrigin } from "../resources/principals";
import { types } from "../resources/resource";
import { Unknown } from "../resources/values";
import { resourceRule } from "../rule";

export const keyPolicyNoWildcardPrincipal = resourceRule(
  {
    name: "key-policy-no-wildcard-principal",
    displayName: "Key policies let nobody unnamed in",
    description: "No key policy allows everyone without a condition that says where the request comes from.",
    severity: "critical",
    framework: nist("AC-3", "Access Enforcement"),
    tags: tags({ fsbp: ["KMS.5"], nist: ["AC-3", "AC-6", "SC-12"] }),
    remediationSteps:
      "Name the principal, or add a condition with fixed values on kms:CallerAccount, aws:PrincipalArn or aws:PrincipalOrgID. kms:ViaService alone does not say whose request it is.",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
  },
  [...types.allKeys, ...types.keyPolicies],
  (resource, findings) => {
    eachAllow(resource, resource.prop("policy"), findings, (statement) => {
      const { principals } = statement;
      for (const principal of principals) {
        if (principal.kind === "unknown") findings.notYet(resource, principal.unknown);
        else if (principal.kind === "unreadable") {
          findings.unreadable(resource, principal.field.path, "a principal of no known form");
        }
      }
      const everyone = principals.some(({ kind }) => kind === "everyone");
      const allButSome = statement.has("NotPrincipal");
      if (principals.length === 0 && !allButSome) {
        findings.unreadable(resource, `${statement.path}.Principal`, "nothing");
      }
      if (!everyone && !allButSome) return;
      const narrowed = isNarrowedBy(statement, namesOrigin, hasNoWildcard);
      if (narrowed instanceof Unknown) findings.notYet(resource, narrowed);
      else if (!narrowed) {
        findings.violation(
          resource,
          `'${statement.path}.Principal' of '${resource.name}' must name who may use the key, or be narrowed by a condition ` +
            `on kms:CallerAccount, aws:PrincipalArn or aws:PrincipalOrgID, got ${everyone ? "'*'" : "'NotPrincipal'"} without one. ` +
            'Write Condition: { StringEquals: { "kms:CallerAccount": <account> } }.',
        );
      }
    });
  },
);
