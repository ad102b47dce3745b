/** Enters the accounts of a fleet: those that are named, and those of the organization. */
import { type Account, paginateListAccounts } from "@aws-sdk/client-organizations";
import pLimit from "p-limit";
import { type Access, AwsAccount } from "../../aws/account";
import { AwsCallFailed, describe, isRefused } from "../../aws/failures";
import { allOf } from "../../aws/questions";
import { SharedAnswers } from "../../aws/sharedAnswers";
import { InvalidInputError } from "../../input/problems";
import { roleArnOf } from "../../naming/names";
import type { FleetAccess, NamedAccount } from "../meaning/access";
import { given } from "../../util/optional";

/** An account that was entered. */
export interface EnteredAccount {
  readonly account: AwsAccount;
  /** As the organization calls it. */
  readonly name?: string;
}

export interface Fleet {
  /** By account id. */
  readonly accounts: ReadonlyMap<string, EnteredAccount>;
  /** Whoever may read the organization's policies. */
  readonly organization?: AwsAccount;
  /** Ids of all accounts of the organization. Left out: nobody listed it. */
  readonly members?: ReadonlySet<string>;
  /** What could not be entered or listed: a sentence each. */
  readonly notRead: readonly string[];
  close(): void;
}

/** Roles that are assumed at once. */
const ROLES_AT_ONCE = 10;

/**
 * @throws InvalidInputError where a profile leads into another account than was said.
 * @throws AwsCallFailed where the caller's own credentials are needed and are none.
 */
export async function openFleet(access: FleetAccess, signal: AbortSignal): Promise<Fleet> {
  const opening = new Opening(access, signal);
  try {
    return await opening.open();
  } catch (error) {
    opening.close();
    throw error;
  }
}

class Opening {
  private readonly answers = new SharedAnswers();
  private readonly limit = pLimit(ROLES_AT_ONCE);
  private readonly opened: AwsAccount[] = [];
  private readonly accounts = new Map<string, EnteredAccount>();
  private readonly notRead: string[] = [];

  constructor(
    private readonly access: FleetAccess,
    private readonly signal: AbortSignal,
  ) {}

  async open(): Promise<Fleet> {
    const { accounts: named, organization: lister, members } = this.access;
    const caller = this.needsCaller() ? await this.enter("caller's account", {}) : undefined;
    const organization = lister === undefined ? undefined : await this.lister(lister);
    const listed =
      members === undefined || organization === undefined ? undefined : await this.listAccounts(organization);
    const own = named.length === 0 && members === undefined && caller !== undefined;
    const wanted = own ? [{ accountId: caller.id }] : [...named];
    for (const member of listed ?? []) {
      if (!wanted.some(({ accountId }) => accountId === member.Id))
        wanted.push(...this.memberOf(member, caller));
    }
    const names = new Map((listed ?? []).map(({ Id, Name }) => [Id, Name]));
    await Promise.all(
      wanted.map((each) => this.limit(() => this.add(each, caller, names.get(each.accountId)))),
    );
    return {
      accounts: this.accounts,
      ...given("organization", organization),
      ...(listed === undefined ? {} : { members: new Set(listed.flatMap(({ Id }) => Id ?? [])) }),
      notRead: this.notRead,
      close: () => this.close(),
    };
  }

  close(): void {
    for (const account of this.opened) account.close();
  }

  private needsCaller(): boolean {
    const { accounts, members } = this.access;
    return (
      members !== undefined || accounts.length === 0 || accounts.some(({ access }) => access === undefined)
    );
  }

  private async enter(side: string, access: Access): Promise<AwsAccount> {
    const account = await AwsAccount.open(side, access, this.answers);
    this.opened.push(account);
    return account;
  }

  private async lister(access: Access): Promise<AwsAccount | undefined> {
    try {
      return await this.enter("organization", access);
    } catch (error) {
      if (!(error instanceof AwsCallFailed)) throw error;
      this.notRead.push(`the organization: ${error.message}`);
      return undefined;
    }
  }

  private async listAccounts(account: AwsAccount): Promise<Account[] | undefined> {
    const client = await account.organizations();
    try {
      const options = { abortSignal: this.signal };
      const accounts = await allOf(paginateListAccounts({ client }, {}, options), (page) => page.Accounts);
      if (accounts.length > 0) return accounts;
      // An organization has its management account at least.
      this.notRead.push("the organization's accounts cannot be listed: AWS names none");
      return undefined;
    } catch (error) {
      this.signal.throwIfAborted();
      const hint = isRefused(error) ? `; ${account.callerArn} needs organizations:ListAccounts` : "";
      this.notRead.push(`the organization's accounts cannot be listed: ${describe(error)}${hint}`);
      return undefined;
    }
  }

  /** How an account of the organization is entered; the caller's own needs no role. */
  private memberOf(
    { Id = "", Name, State, Status }: Account,
    caller: AwsAccount | undefined,
  ): NamedAccount[] {
    const state = State ?? Status ?? "ACTIVE";
    if (state !== "ACTIVE") {
      this.notRead.push(
        `account ${Id}${Name === undefined ? "" : ` (${Name})`} is ${state}, and was passed over`,
      );
      return [];
    }
    if (Id === caller?.id) return [{ accountId: Id }];
    const { roleName, externalId } = this.access.members!;
    const split = roleName.lastIndexOf("/") + 1;
    const path = `/${roleName.slice(0, split)}`;
    const roleArn = roleArnOf(caller?.partition ?? "aws", Id, path, roleName.slice(split));
    return [{ accountId: Id, access: { roleArn, ...given("externalId", externalId) } }];
  }

  private async add(
    { accountId, access }: NamedAccount,
    caller: AwsAccount | undefined,
    name: string | undefined,
  ): Promise<void> {
    this.signal.throwIfAborted();
    try {
      const account = access === undefined ? caller! : await this.enter(`account ${accountId}`, access);
      if (account.id !== accountId) {
        const by =
          access?.profile === undefined
            ? "the caller's credentials lead"
            : `the profile '${access.profile}' leads`;
        throw new InvalidInputError("--account", [`${by} into account ${account.id}, not into ${accountId}`]);
      }
      this.accounts.set(accountId, { account, ...given("name", name) });
    } catch (error) {
      this.signal.throwIfAborted();
      if (!(error instanceof AwsCallFailed)) throw error;
      this.notRead.push(error.message);
    }
  }
}
