/** The rule 'provider-account-pinned'. */
import { nist, tags } from "../frameworks";
import { Provider, Resource } from "../resources/resource";
import { Stack } from "../resources/stack";
import { Unknown } from "../resources/values";
import { stackRule } from "../rule";

/** What decides whose credentials a provider uses. Their values are compared and never shown. */
const CREDENTIALS = [
  ...["profile", "accessKey", "secretKey", "token", "assumeRoles", "assumeRole", "assumeRoleWithWebIdentity"],
  ...["sharedConfigFiles", "sharedCredentialsFiles"],
];

export const providerAccountPinned = stackRule(
  {
    name: "provider-account-pinned",
    displayName: "Providers are pinned to their account",
    description:
      "In a stack with resources of several accounts, every AWS provider names the accounts it may work in.",
    severity: "high",
    framework: nist("AC-3", "Access Enforcement"),
    tags: tags({ nist: ["AC-3", "CM-5"] }),
    remediationSteps:
      "Set allowedAccountIds on every aws.Provider of the stack, and aws:allowedAccountIds in the configuration for the default one, so that wrong credentials stop before anything is made.",
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/provider/#allowedaccountids_nodejs",
  },
  (stack, findings) => {
    const providers = awsProviders(stack);
    if (!spansAccounts(providers)) return;
    findings.guardEach(providers, (provider) => {
      const pinned = provider.pinnedAccounts;
      if (pinned instanceof Unknown) findings.notYet(provider, pinned);
      else if (pinned.length === 0) {
        findings.violation(
          provider,
          `'allowedAccountIds' of the provider '${provider.name}' must name its account in a stack of several accounts, got nothing. ` +
            'Write allowedAccountIds: ["<account>"].',
        );
      }
    });
  },
);

function awsProviders(stack: Stack): Provider[] {
  const byUrn = new Map<string, Provider>();
  for (const source of stack.all) {
    if (source.provider?.type !== "pulumi:providers:aws" || byUrn.has(source.provider.urn)) continue;
    const { provider } = new Resource(source);
    if (provider) byUrn.set(provider.urn, provider);
  }
  return [...byUrn.values()];
}

/** Providers that differ in their accounts or in whose credentials they use; one that differs in its Region does not. */
function spansAccounts(providers: readonly Provider[]): boolean {
  return new Set(providers.map(identity)).size > 1;
}

function identity(provider: Provider): string {
  const pinned = provider.pinnedAccounts;
  if (!(pinned instanceof Unknown) && pinned.length > 0) return `accounts ${[...pinned].sort().join()}`;
  // An unknown carries its owner's name, so that two of them never pass for the same credentials.
  return JSON.stringify(CREDENTIALS.map((name) => provider.prop(name).value ?? null));
}
