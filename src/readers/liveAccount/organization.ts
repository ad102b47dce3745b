/** The policies of an organization that bind an account, level by level. */
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  type Organization,
  paginateListPoliciesForTarget,
  type PolicyType,
} from "@aws-sdk/client-organizations";
import type { AwsAccount } from "../../aws/account";
import { codeOf } from "../../aws/failures";
import type { AccountState } from "../../snapshot/snapshot";
import { Unread } from "../../snapshot/unread";
import { allOf, type Questions } from "../../aws/questions";

const KINDS = { scps: "SERVICE_CONTROL_POLICY", rcps: "RESOURCE_CONTROL_POLICY" } as const;

/** The tree of an organization is at most five units deep, under its root. */
const MOST_LEVELS = 7;

/** An account that policies may bind. */
export interface Member {
  readonly id: string;
  /** Left out: there is no way into it. */
  readonly account?: AwsAccount;
  /** Accounts to ask for policies; of the accounts of an organization, only its management account may read them, and
   * those that it delegates this to. The first is asked, unless another one is the management account. */
  readonly readers: readonly AwsAccount[];
}

/**
 * Says of an account which policies bind it: none outside an organization, in an organization's management account, and
 * in one that has billing alone in common; null where they could not be read.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export async function readOrganization(
  questions: Questions,
  { id, account, readers }: Member,
  state: AccountState,
): Promise<void> {
  const [first] = readers;
  const asked = account ?? first;
  if (asked === undefined) return;
  // Without a way in, an account is in the reader's organization or the reader is refused.
  const organization = await organizationOf(questions, asked);
  if (organization === "none" && account === undefined) {
    state.scps = null;
    state.rcps = null;
    return;
  }
  if (organization === "none") {
    state.organizationId = null;
    state.scps = [];
    state.rcps = [];
    return;
  }
  state.scps = null;
  state.rcps = null;
  if (organization instanceof Unread) return;
  const { Id, MasterAccountId, FeatureSet } = organization;
  if (Id !== undefined && account !== undefined) state.organizationId = Id;
  const isFree = account !== undefined && (MasterAccountId === id || FeatureSet === "CONSOLIDATED_BILLING");
  const reader = readers.find((each) => each.id === MasterAccountId) ?? first ?? asked;
  for (const kind of ["scps", "rcps"] as const) {
    const levels = isFree ? [] : await levelsOf(questions, reader, id, KINDS[kind]);
    state[kind] = levels instanceof Unread ? null : policiesOf(levels);
    const places = levels instanceof Unread ? [] : levels.map(({ target }) => target);
    // The last place is the account itself.
    if (Id !== undefined && places.length > 0)
      state.organizationPath = `${[Id, ...places.slice(0, -1)].join("/")}/`;
  }
}

async function organizationOf(
  questions: Questions,
  account: AwsAccount,
): Promise<Organization | "none" | Unread> {
  const organizations = await account.organizations();
  const question = { account, action: "organizations:DescribeOrganization", resource: account.id };
  const answer = await questions.ask(question, async (options) => {
    try {
      return await organizations.send(new DescribeOrganizationCommand({}), options);
    } catch (error) {
      if (codeOf(error) === "AWSOrganizationsNotInUseException") return "none";
      throw error;
    }
  });
  if (answer === "none" || answer instanceof Unread) return answer;
  if (answer?.Organization !== undefined) return answer.Organization;
  // Only AWS's own word for it says that there is no organization.
  return questions.unread({
    caller: account.callerArn,
    action: question.action,
    resource: question.resource,
    refused: false,
    reason: "AWS names no organization, and does not say that there is none",
  });
}

/** Nothing where no level has a policy: there are no policies of that kind then. */
function policiesOf(levels: readonly Level[]): unknown[][] {
  return levels.every(({ policies }) => policies.length === 0) ? [] : levels.map(({ policies }) => policies);
}

/** A root, a unit or an account, and the policies that are attached there. */
interface Level {
  readonly target: string;
  readonly policies: unknown[];
}

/** From the root down to the account: the policies that are attached there. */
async function levelsOf(
  questions: Questions,
  reader: AwsAccount,
  accountId: string,
  Filter: PolicyType,
): Promise<Level[] | Unread> {
  const client = await reader.organizations();
  const ask = <T>(action: string, resource: string, send: Parameters<typeof questions.ask<T>>[1]) =>
    questions.ask({ account: reader, action: `organizations:${action}`, resource }, send);
  const levels: Level[] = [];
  let target = accountId;
  while (levels.length < MOST_LEVELS) {
    const TargetId = target;
    const summaries = await ask("ListPoliciesForTarget", TargetId, (options) =>
      allOf(
        paginateListPoliciesForTarget({ client }, { TargetId, Filter }, options),
        (page) => page.Policies,
      ),
    );
    if (summaries === undefined || summaries instanceof Unread) return new Unread("policies");
    const documents = await Promise.all(
      summaries.map(({ Id: PolicyId, Arn = "" }) =>
        ask("DescribePolicy", Arn, (options) =>
          client.send(new DescribePolicyCommand({ PolicyId }), options),
        ),
      ),
    );
    const level: unknown[] = [];
    for (const document of documents) {
      if (document instanceof Unread || document?.Policy?.Content === undefined)
        return new Unread("a policy");
      level.push(JSON.parse(document.Policy.Content));
    }
    // The root first, as the levels of a snapshot are.
    levels.unshift({ target, policies: level });
    if (target.startsWith("r-")) return levels;
    const parents = await ask("ListParents", TargetId, (options) =>
      client.send(new ListParentsCommand({ ChildId: TargetId }), options),
    );
    const parent = parents instanceof Unread ? undefined : parents?.Parents?.[0]?.Id;
    if (parent === undefined) return new Unread("the levels above");
    target = parent;
  }
  return new Unread("the root");
}
