/** Accounts and state side by side. */
import { KEY, type Thing } from "../provider/resourceTypes";
import { canonical } from "../provider/values";
import type { Deployment, Workspace } from "./workspace";

/**
 * The accounts as a text that is the same for two deployments of the same configuration: keys under the names of their
 * resources, and without what belongs to no stack.
 */
export function accountsAsText(workspace: Workspace, state: Deployment, orphans: readonly Thing[]): string {
  const snapshot = structuredClone(workspace.accounts.snapshot);
  for (const orphan of orphans) delete snapshot.keys[String(orphan.outputs.arn)];
  for (const account of Object.values(snapshot.accounts)) {
    for (const role of Object.values(account.roles)) {
      // In the order in which they happened to be made.
      role.policies = [...role.policies].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
      role.policyNames = [...(role.policyNames ?? [])].sort();
    }
  }
  return state.resources
    .filter(({ type }) => type === KEY)
    .reduce(
      (text, { id = "", urn }) => text.replaceAll(id, urn.slice(urn.lastIndexOf("::") + 2)),
      canonical(snapshot),
    );
}

/** Names of the resources of AWS in a state, and what each is in its account. */
export function awsResources({ resources }: Deployment): Deployment["resources"] {
  return resources.filter(({ type }) => type.startsWith("aws:"));
}
