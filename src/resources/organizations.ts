/**
 * Policies of an organization. A program rarely says which of its accounts stands where in the tree, nor what else is
 * attached there: what it attaches can deny, and everything else about these levels is unread.
 */
import { accountOf } from "../snapshot/snapshot";
import { unreadPolicy } from "../snapshot/unread";
import type { Handler, Site } from "./site";
import { asDocument } from "./policyDocuments";
import { text } from "./values";

const KINDS: Readonly<Record<string, "scps" | "rcps">> = {
  "": "scps",
  SERVICE_CONTROL_POLICY: "scps",
  RESOURCE_CONTROL_POLICY: "rcps",
};

const createPolicy: Handler<"organizations:CreatePolicy"> = ({ notes }, { parameters }) => {
  const kind = KINDS[text(parameters.Type)];
  const document = asDocument(parameters.Content, kind === "rcps" ? "resource" : "identity");
  notes.organizationPolicies.set(parameters.Id, { kind, document });
};

const attachPolicy: Handler<"organizations:AttachPolicy"> = ({ notes }, { parameters }) => {
  notes.organizationTargets.push({ policyId: text(parameters.PolicyId), target: text(parameters.TargetId) });
};

export const ORGANIZATION_CALLS = {
  "organizations:CreatePolicy": createPolicy,
  "organizations:AttachPolicy": attachPolicy,
};

/** An account with a policy of its own has that one, and more that nobody read; a unit may hold every account. */
export function finishOrganization({ snapshot, notes }: Site): void {
  const targets = notes.organizationTargets.splice(0);
  for (const { policyId, target } of targets) {
    const known = notes.organizationPolicies.get(policyId);
    const isAccount = /^\d{12}$/.test(target);
    const accountIds = isAccount ? [target] : involvedAccounts({ snapshot });
    // Tag policies and the like have no say in access.
    const kinds = known === undefined ? (["scps", "rcps"] as const) : [known.kind ?? []].flat();
    for (const kind of kinds) {
      for (const accountId of accountIds) {
        const account = accountOf(snapshot, accountId);
        if (account[kind] === null) continue;
        const others = unreadPolicy(
          kind === "scps" ? "identity" : "resource",
          "other policies of the organization",
        );
        const level = (account[kind] ??= [[others]]);
        if (isAccount && known !== undefined) level[0]?.unshift(known.document);
      }
    }
  }
}

function involvedAccounts({ snapshot }: Pick<Site, "snapshot">): string[] {
  return [
    ...new Set([
      ...Object.keys(snapshot.accounts),
      ...Object.values(snapshot.buckets).map(({ account }) => account),
      ...Object.values(snapshot.keys).map(({ account }) => account),
    ]),
  ];
}
