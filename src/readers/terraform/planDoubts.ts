/** What of a plan is not the whole truth. */
import { listed } from "../../output/counts";
import type { Address } from "./address";

interface WrittenPlan {
  readonly complete?: boolean | undefined;
  readonly deferred_changes?: readonly unknown[] | null | undefined;
  readonly configuration?: unknown;
  readonly resource_changes?: readonly { readonly address: string }[] | null | undefined;
}

/** @param there Resources before the plan, data sources among them. @returns A sentence each. */
export function doubtsOfPlan(
  { complete, deferred_changes: deferred, configuration, resource_changes: changes }: WrittenPlan,
  there: readonly { readonly address: Address }[],
  subject: string,
): string[] {
  const doubts: string[] = [];
  if (complete === false || (deferred ?? []).length > 0) {
    doubts.push(
      `${subject} is not complete: something is deferred to a later plan, or left out by '-target'; plan once more after it is applied`,
    );
  }
  // OpenTofu does not say of a plan that it is not complete.
  const managed = there.filter(({ address }) => !address.isData);
  const planned = new Set(managed.length === 0 ? [] : changes?.map(({ address }) => address));
  const left = managed.filter(({ address }) => !planned.has(address.text));
  if (left.length > 0) {
    doubts.push(
      `${subject} leaves out what is there already (${listed(left.map(({ address }) => address.text))}), as a plan with '-target' or '-exclude' does; plan the whole root`,
    );
  }
  if (configuration === undefined || configuration === null) {
    doubts.push(
      `${subject} has no 'configuration', so that nobody can tell where unknown values come from; give the whole output of 'terraform show -json'`,
    );
  }
  return doubts;
}
