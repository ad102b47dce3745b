/** The check that the credentials of a provider are of the account that a component is for. */
import * as pulumi from "@pulumi/pulumi";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { InvalidInputError } from "../input/problems";
import { readable } from "./userErrors";

/**
 * Checks that the provider's credentials are those of the account in the arguments. What waits for it is not made in a
 * wrong account.
 */
export function callerIsIn(accountId: string, subject: string, parent: pulumi.Resource): pulumi.Output<void> {
  const check = readable(({ accountId: actual }: Identity): void => {
    // The engine asks no provider whose settings are unknown in a preview, and answers with nothing: the update checks.
    if (actual === undefined && pulumi.runtime.isDryRun()) return;
    if (actual !== accountId) {
      throw new InvalidInputError(subject, [
        `'accountId' must be the account of the provider's credentials, which are for '${actual}', got '${accountId}'; give the component a provider of account ${accountId} (allowedAccountIds, assumeRoles), or correct 'accountId'`,
      ]);
    }
  });
  return identityOf(accountId, subject, parent).apply(check);
}

interface Identity {
  readonly accountId?: string;
}

/** Answers by provider. A program of a hundred pairs has two providers, and each is asked once. */
const asked = new WeakMap<pulumi.ProviderResource, pulumi.Output<Identity>>();

function identityOf(accountId: string, subject: string, parent: pulumi.Resource): pulumi.Output<Identity> {
  const provider = parent.getProvider("aws:index/getCallerIdentity:getCallerIdentity");
  const known = provider && asked.get(provider);
  if (known !== undefined) return known;
  const refused = readable((error: Error): never => {
    throw new InvalidInputError(`provider of ${subject}`, [
      `its credentials must be valid, and those of account ${accountId}; they cannot be checked: ${error.message}`,
    ]);
  });
  const identity = pulumi.output<Identity>(getCallerIdentity({}, { parent }).catch(refused));
  if (provider !== undefined) asked.set(provider, identity);
  return identity;
}
