/** Puts the accounts of a snapshot into an organization on the emulator, under its policies. */
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  type OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { document, EmulatedAccount } from "./plant";

/** Account whose organization it is; it is no part of the snapshot. */
export const MANAGEMENT_ACCOUNT = "999900009999";

export const POLICY_TYPES = {
  scps: { Type: "SERVICE_CONTROL_POLICY", everything: "p-FullAWSAccess" },
  rcps: { Type: "RESOURCE_CONTROL_POLICY", everything: "p-RCPFullAWSAccess" },
} as const;

/** The policies of an account's own level: those above are the emulator's, which allow everything. */
export async function plantOrganization(endpoint: string, given: Snapshot): Promise<Snapshot> {
  const organizations = new EmulatedAccount(endpoint, MANAGEMENT_ACCOUNT).organizations();
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  let text = JSON.stringify(given);
  for (const id of Object.keys(given.accounts)) {
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: `account ${id}`, Email: `${id}@example.com` }),
    );
    // The emulator chooses the ids of accounts.
    text = text.replaceAll(id, CreateAccountStatus!.AccountId!);
  }
  const snapshot = JSON.parse(text) as Snapshot;
  for (const [id, account] of Object.entries(snapshot.accounts)) {
    for (const kind of ["scps", "rcps"] as const) {
      const policies = account[kind]?.at(-1);
      if (policies !== undefined) await attach(organizations, id, kind, policies);
    }
  }
  return snapshot;
}

async function attach(
  organizations: OrganizationsClient,
  TargetId: string,
  kind: keyof typeof POLICY_TYPES,
  policies: readonly unknown[],
): Promise<void> {
  const { Type, everything } = POLICY_TYPES[kind];
  await organizations.send(new DetachPolicyCommand({ PolicyId: everything, TargetId }));
  for (const [index, policy] of policies.entries()) {
    const Name = `${kind}-${TargetId}-${index}`;
    const { Policy } = await organizations.send(
      new CreatePolicyCommand({ Name, Description: "", Type, Content: document(policy) }),
    );
    await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
  }
}
