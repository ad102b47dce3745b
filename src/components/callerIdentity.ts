import * as pulumi from "@pulumi/pulumi";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { InvalidInputError } from "../problems";
import { readable } from "./userErrors";

/**
 * Nothing to wait for but the check that the provider's credentials are those of the account in the arguments: pass it
 * as `dependsOn`, and nothing is made in a wrong account.
 */
export function callerIsIn(
  accountId: string,
  subject: string,
  parent: pulumi.Resource,
): pulumi.Output<pulumi.Resource[]> {
  const check = readable((identity: { accountId: string }): pulumi.Resource[] => {
    if (identity.accountId !== accountId) {
      throw new InvalidInputError(subject, [
        `'accountId' must be the account of the provider's credentials, which are for '${identity.accountId}', got '${accountId}'; give the component a provider of account ${accountId} (allowedAccountIds, assumeRoles), or correct 'accountId'`,
      ]);
    }
    return [];
  });
  return identityOf(parent).apply(check);
}

type Identity = ReturnType<typeof getCallerIdentityOutput>;

/** Who has been asked already: a program of a hundred pairs has two providers, each of which is asked once. */
const asked = new WeakMap<pulumi.ProviderResource, Identity>();

function identityOf(parent: pulumi.Resource): Identity {
  const provider = parent.getProvider("aws:index/getCallerIdentity:getCallerIdentity");
  const identity = (provider && asked.get(provider)) ?? getCallerIdentityOutput({}, { parent });
  if (provider !== undefined) asked.set(provider, identity);
  return identity;
}
