/** The policies of callers as text: each with its account, to be pasted. */
import { heading, sentences } from "../output/textLayout";
import type { CallerPolicies, CallerPolicy } from "./callerPolicies";
import type { Purpose } from "./purposes";

export function renderPolicies({ policies, notes }: CallerPolicies): string {
  const blocks = policies.flatMap((policy) => [
    heading(titleOf(policy)),
    JSON.stringify(policy.policy, undefined, 2),
    "",
  ]);
  return [...blocks, ...sentences(notes)].join("\n").trimEnd() + "\n";
}

function titleOf({ accountId, for: purposes }: CallerPolicy): string {
  const who = `For ${purposes.map(inWords).join(", ")}`;
  return accountId === undefined
    ? `${who}: the account that reads the organization's policies`
    : `${who}: account ${accountId}`;
}

function inWords(purpose: Purpose): string {
  return purpose === "destination" || purpose === "source" ? `deploying the ${purpose}` : purpose;
}
