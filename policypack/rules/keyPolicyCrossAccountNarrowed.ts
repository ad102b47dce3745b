/** The rule 'key-policy-cross-account-narrowed'. */
import { nist, tags } from "../frameworks";
import { eachAllow, knownTexts } from "../judging";
import { Statement, isNarrowedBy, readDocument, showAction } from "../resources/policyDocument";
import { isForeign, isOfOrganization, isS3, namesPrincipal, picksPrincipal } from "../resources/principals";
import { Resource, ownAccounts, types } from "../resources/resource";
import { Unknown } from "../resources/values";
import { resourceRule } from "../rule";

/** What replication does with a key. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html */
const REPLICATION = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"];

export const keyPolicyCrossAccountNarrowed = resourceRule(
  {
    name: "key-policy-cross-account-narrowed",
    displayName: "Key policies give other accounts replication only",
    description:
      "A key policy lets another account or an organization only encrypt, decrypt and generate data keys, and only through S3; of an organization it names the roles.",
    severity: "high",
    framework: nist("AC-6", "Least Privilege"),
    tags: tags({ nist: ["AC-3", "AC-6", "SC-12"] }),
    remediationSteps:
      "Allow kms:Encrypt, kms:GenerateDataKey and kms:Decrypt only, with Condition: { StringEquals: { 'kms:ViaService': 's3.<region>.amazonaws.com' } }. Where the account is the key's own, pin allowedAccountIds on its provider.",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    settings: {
      additionalActions: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Actions that another account may have besides those of replication.",
      },
      ownAccountIds: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Accounts that count as the key's own, beside those that its provider is pinned to.",
      },
    },
  },
  [...types.allKeys, ...types.keyPolicies],
  (resource, findings, config) => {
    const allowed = [...REPLICATION, ...config.strings("additionalActions")].map((action) =>
      action.toLowerCase(),
    );
    const own = keyAccounts(resource, config.strings("ownAccountIds"));
    eachAllow(resource, resource.prop("policy"), findings, (statement) => {
      const { principals } = statement;
      // Everyone of no organization is the business of 'key-policy-no-wildcard-principal'.
      const ofOrganization =
        principals.some(({ kind }) => kind === "everyone") && isOfOrganization(statement) === true;
      if (!ofOrganization && !principals.some((principal) => isForeign(principal, own))) return;
      if (ofOrganization && isNarrowedBy(statement, namesPrincipal, picksPrincipal) === false) {
        findings.violation(
          resource,
          `'${statement.path}.Condition' of '${resource.name}' must narrow the organization to its replication roles, ` +
            "got no condition that names a principal. " +
            'Write ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/<path>/<name>" }.',
        );
      }
      if (statement.has("NotAction")) {
        findings.violation(
          resource,
          `'${statement.path}' of '${resource.name}' must list what another account may do, got 'NotAction'. ` +
            `Write Action: ${JSON.stringify(REPLICATION)}.`,
        );
      }
      for (const [action, field] of knownTexts(resource, statement.actions, findings)) {
        if (allowed.includes(action.toLowerCase())) continue;
        findings.violation(
          resource,
          `'${field.path}' of '${resource.name}' must be one of ${REPLICATION.join(", ")} for another account, ` +
            `got ${showAction(action)}. Write Action: ${JSON.stringify(REPLICATION)}.`,
        );
      }
      const throughS3 = isNarrowedBy(statement, (key) => key === "kms:viaservice", isS3);
      if (throughS3 instanceof Unknown) findings.notYet(resource, throughS3);
      else if (!throughS3) {
        findings.violation(
          resource,
          `'${statement.path}.Condition' of '${resource.name}' must hold another account to S3, got no condition on kms:ViaService ` +
            'with a value like s3.<region>.amazonaws.com. Write StringEquals: { "kms:ViaService": "s3.<region>.amazonaws.com" }.',
        );
      }
    });
  },
);

/**
 * The accounts that a key is known to be in. Where no provider says it, the one account whose root has `kms:*` is
 * taken for it, because KMS refuses a policy under which the key's own account could not change it any more. With
 * two such accounts, or with that check switched off, nothing is taken for granted.
 */
function keyAccounts(resource: Resource, configured: readonly string[]): ReadonlySet<string> {
  const known = ownAccounts(resource, configured);
  const bypass = resource.prop("bypassPolicyLockoutSafetyCheck");
  if (known.size > 0 || !(bypass.isMissing || bypass.value === false)) return known;
  const statements = readDocument(resource.prop("policy"));
  const roots = new Set(Array.isArray(statements) ? statements.flatMap(accountsInControl) : []);
  return roots.size === 1 ? roots : known;
}

function accountsInControl(statement: Statement): string[] {
  const full = statement.effect.value === "Allow" && statement.actions.some(({ text }) => text === "kms:*");
  return full
    ? statement.principals.flatMap((principal) => (principal.kind === "account" ? [principal.account] : []))
    : [];
}
