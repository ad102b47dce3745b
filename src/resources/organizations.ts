/**
 * Policies of an organization. A program rarely says which of its accounts stands where in the tree, nor what else is
 * attached there: what it attaches can deny, and everything else about these levels is unread.
 */
import { accountOf } from "../snapshot/snapshot";
import { unreadPolicy } from "../snapshot/unread";
import type { Handler, Site } from "./handler";
import { asDocument, text, uniqueId } from "./values";

const KINDS: Readonly<Record<string, "scps" | "rcps">> = {
  "": "scps",
  SERVICE_CONTROL_POLICY: "scps",
  RESOURCE_CONTROL_POLICY: "rcps",
};

const policy: Handler = ({ notes }, { inputs, name, accountId, deployed }) => {
  const id = deployed?.id ?? `p-${uniqueId(accountId, name).slice(0, 8)}`;
  const kind = KINDS[text(inputs.type)];
  const document = asDocument(inputs.content, kind === "rcps" ? "resource" : "identity");
  notes.organizationPolicies.set(id, { kind, document });
  return { id, outputs: { arn: `arn:aws:organizations::${accountId}:policy/o-unread/${id}` } };
};

const attachment: Handler = ({ notes }, { inputs, name, deployed }) => {
  notes.organizationTargets.push({ policyId: text(inputs.policyId), target: text(inputs.targetId) });
  return { id: deployed?.id ?? name, outputs: {} };
};

export const ORGANIZATION_RESOURCES: Readonly<Record<string, Handler>> = {
  "aws:organizations/policy:Policy": policy,
  "aws:organizations/policyAttachment:PolicyAttachment": attachment,
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
