/**
 * The other half of a plan: accounts as they are on AWS, as far as what is planned has to do with them. Read only.
 */
import { paginateListBuckets } from "@aws-sdk/client-s3";
import { AwsAccount } from "../../aws/account";
import { describe } from "../../aws/failures";
import { ownerAmong, regionIfThere } from "../../aws/pair";
import { allOf, Questions } from "../../aws/questions";
import { InvalidInputError, show } from "../../input/problems";
import { parseArn } from "../../naming/arn";
import { bucketArnOf, bucketNameOf } from "../../naming/names";
import { defaultKeyOf } from "../../snapshot/defaultKey";
import { accountOf, type BucketState, emptySnapshot, type Snapshot } from "../../snapshot/snapshot";
import { markUnread, Unread } from "../../snapshot/unread";
import { inChunks } from "../../util/chunks";
import { readAccountBlock, readBucket, readReplication } from "./bucket";
import { readKey } from "./keys";
import { readOrganization } from "./organization";
import { readLifecycle } from "./lifecycle";
import { readRole } from "./role";
import { readBucketTags, readKeyTags, readsResourceTags } from "./tags";

/** An account, and the profile that leads into it. */
export interface LiveAccess {
  readonly accountId: string;
  readonly profile: string;
}

export interface LiveAccountsReading {
  readonly snapshot: Snapshot;
  /** What AWS did not answer, a sentence each. */
  readonly warnings: readonly string[];
  /** What is taken for granted, a sentence each. */
  readonly assumptions: readonly string[];
}

/** Buckets that are asked at once whether they replicate. */
const BUCKETS_AT_ONCE = 20;

/** @param given Values of `--live`: `<account id>=<profile>`. @throws InvalidInputError for any other value. */
export function parseLive(given: readonly string[]): LiveAccess[] {
  const problems: string[] = [];
  const accesses = given.flatMap((value): LiveAccess[] => {
    const [, accountId, profile] = /^(\d{12})=(.+)$/.exec(value) ?? [];
    if (accountId !== undefined && profile !== undefined) return [{ accountId, profile }];
    problems.push(`must be '<12-digit account id>=<profile>', got ${show(value)}`);
    return [];
  });
  const ids = accesses.map(({ accountId }) => accountId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) problems.push(`must name an account once, and names ${twice} twice`);
  if (problems.length > 0) throw new InvalidInputError("--live", problems);
  return accesses;
}

/**
 * @param planned What other sources say; it stays as it is.
 * @throws InvalidInputError where a profile leads into another account.
 * @throws AwsCallFailed without valid credentials.
 */
export async function readLive(
  accesses: readonly LiveAccess[],
  planned: Snapshot,
): Promise<LiveAccountsReading> {
  const accounts: AwsAccount[] = [];
  try {
    for (const { accountId, profile } of accesses) {
      const account = await AwsAccount.open(`account ${accountId}`, { profile });
      accounts.push(account);
      if (account.id !== accountId) {
        throw new InvalidInputError("--live", [
          `the profile ${show(profile)} leads into account ${account.id}, not into ${accountId}`,
        ]);
      }
    }
    return await new LiveReader(accounts, planned).read();
  } finally {
    for (const account of accounts) account.close();
  }
}

class LiveReader {
  private readonly snapshot = emptySnapshot();
  private readonly questions = new Questions();
  private readonly byId: ReadonlyMap<string, AwsAccount>;

  constructor(
    private readonly accounts: readonly AwsAccount[],
    private readonly planned: Snapshot,
  ) {
    this.byId = new Map(accounts.map((account) => [account.id, account]));
  }

  async read(): Promise<LiveAccountsReading> {
    const { snapshot, planned, questions } = this;
    for (const { id } of this.accounts) accountOf(snapshot, id);
    for (const [arn, { account }] of Object.entries(planned.buckets)) await this.readOwn(arn, account);
    if (this.replicating().length === 0) await this.readSources();
    for (const { replication } of this.replicating()) {
      for (const { Destination } of replication?.Rules ?? []) {
        await this.readDestination(Destination.Bucket, Destination.Account);
      }
    }
    await this.readRoles();
    await this.readKeys();
    const assumptions = await this.readAccounts();
    await this.readTags();
    const warnings = questions.unanswered.map(
      ({ caller, action, resource, reason }) => `${caller} asked ${action} of ${resource}: ${reason}`,
    );
    return { snapshot, warnings, assumptions };
  }

  /** Buckets that replicate, as they are planned, and those that are there. */
  private replicating(): BucketState[] {
    const all = [...Object.values(this.planned.buckets), ...Object.values(this.snapshot.buckets)];
    return all.filter(({ replication }) => replication !== null);
  }

  /** A bucket of one of the accounts, if it is there. */
  private async readOwn(arn: string, owner: string): Promise<void> {
    const account = this.byId.get(owner);
    if (account === undefined || Object.hasOwn(this.snapshot.buckets, arn)) return;
    const region = await this.regionOf(account, arn);
    if (region === undefined || (await ownerAmong([account], bucketNameOf(arn), region)) === undefined)
      return;
    const [state, replication] = await Promise.all([
      readBucket(this.questions, account, { arn, owner, region }),
      readReplication(this.questions, account, { arn, region }),
    ]);
    if (replication instanceof Unread) markUnread(state, "replication");
    else state.replication = replication;
    await readLifecycle(this.questions, account, arn, state);
    this.snapshot.buckets[arn] = state;
  }

  /** A destination that nothing plans; whose it is, S3 tells only to its owner. */
  private async readDestination(arn: string, said: string | undefined): Promise<void> {
    if (Object.hasOwn(this.planned.buckets, arn) || Object.hasOwn(this.snapshot.buckets, arn)) return;
    const [first] = this.accounts;
    if (first === undefined) return;
    const owners =
      said === undefined ? this.accounts : [this.byId.get(said)].filter((one) => one !== undefined);
    for (const { id } of owners) await this.readOwn(arn, id);
    const isThere = Object.hasOwn(this.snapshot.buckets, arn);
    if (!isThere && (await this.regionOf(first, arn)) === undefined) (this.snapshot.absent ??= []).push(arn);
  }

  /** @returns undefined where there is no such bucket; a Region that S3 does not tell is the caller's own. */
  private async regionOf(account: AwsAccount, arn: string): Promise<string | undefined> {
    try {
      return await regionIfThere(account, bucketNameOf(arn));
    } catch (error) {
      const question = { action: "s3:ListBucket", resource: arn, refused: true };
      this.questions.unread({ caller: account.callerArn, ...question, reason: describe(error) });
      return "us-east-1";
    }
  }

  /** Where nothing planned replicates: buckets of the accounts that replicate into what is planned. */
  private async readSources(): Promise<void> {
    for (const account of this.accounts) {
      const client = await account.s3();
      const question = { account, action: "s3:ListAllMyBuckets", resource: account.id };
      const listed = await this.questions.ask(question, (options) =>
        allOf(paginateListBuckets({ client }, {}, options), (page) => page.Buckets),
      );
      const names = listed instanceof Unread ? [] : (listed ?? []).flatMap(({ Name }) => Name ?? []);
      for (const some of inChunks(names, BUCKETS_AT_ONCE)) {
        await Promise.all(some.map((name) => this.readSource(account, name)));
      }
    }
  }

  private async readSource(account: AwsAccount, bucketName: string): Promise<void> {
    const arn = bucketArnOf(account.partition, bucketName);
    const region = await this.regionOf(account, arn);
    if (region === undefined) return;
    const replication = await readReplication(this.questions, account, { arn, region });
    const rules = replication instanceof Unread ? [] : (replication?.Rules ?? []);
    const isForPlanned = rules.some(({ Destination }) =>
      Object.hasOwn(this.planned.buckets, Destination.Bucket),
    );
    if (isForPlanned) await this.readOwn(arn, account.id);
  }

  private async readRoles(): Promise<void> {
    const roles = new Set(this.replicating().flatMap(({ replication }) => replication?.Role ?? []));
    for (const arn of roles) {
      const account = this.byId.get(parseArn(arn)?.accountId ?? "");
      if (account === undefined) continue;
      const isPlanned = Object.hasOwn(this.planned.accounts[account.id]?.roles ?? {}, arn);
      await readRole(this.questions, account, arn, this.snapshot);
      // One that is made now is not there yet.
      if (isPlanned) this.snapshot.absent = this.snapshot.absent?.filter((absent) => absent !== arn);
    }
    if (this.snapshot.absent?.length === 0) delete this.snapshot.absent;
  }

  /** Keys of the accounts that buckets, rules and policies of roles name. */
  private async readKeys(): Promise<void> {
    for (const bucket of Object.values(this.snapshot.buckets)) await this.readDefaultKey(bucket);
    const roles = [this.planned, this.snapshot].flatMap(({ accounts }) =>
      Object.values(accounts).flatMap(({ roles: own }) => Object.values(own)),
    );
    const said = JSON.stringify([
      roles.map(({ policies }) => policies),
      this.replicating(),
      Object.values(this.planned.buckets).map(({ encryption }) => encryption),
    ]);
    const named = said.match(/arn:[\w-]+:kms:[\w-]+:\d{12}:(?:key|alias)\/[\w/-]+/g);
    for (const arn of new Set(named)) await this.readKey(arn);
  }

  private async readDefaultKey(bucket: BucketState): Promise<void> {
    const { encryption } = bucket;
    const arn = defaultKeyOf(bucket);
    if (encryption?.algorithm.startsWith("aws:kms") !== true || arn === undefined) return;
    encryption.keyArn = (await this.readKey(arn)) ?? arn;
  }

  private async readKey(arn: string): Promise<string | undefined> {
    const { accountId = "", region = "" } = parseArn(arn) ?? {};
    const account = this.byId.get(accountId);
    // A key that is made now is not there yet.
    if (account === undefined || Object.hasOwn(this.planned.keys, arn)) return undefined;
    const granteeAccount = parseArn(this.replicating()[0]?.replication?.Role ?? "")?.accountId ?? accountId;
    return readKey(this.questions, { account, region, granteeAccount }, arn, this.snapshot);
  }

  /** What binds the accounts as a whole. @returns What is taken for granted of it. */
  private async readAccounts(): Promise<string[]> {
    const assumptions: string[] = [];
    for (const account of this.accounts) {
      const state = accountOf(this.snapshot, account.id);
      const own = Object.values(this.snapshot.buckets).filter((bucket) => bucket.account === account.id);
      const block = await readAccountBlock(this.questions, account, own[0]?.region ?? "us-east-1");
      if (!(block instanceof Unread)) state.publicAccessBlock = block;
      else own.forEach((bucket) => markUnread(bucket, "publicAccessBlock"));
      const readers = [account, ...this.accounts];
      await readOrganization(this.questions, { id: account.id, account, readers }, state);
      for (const kind of ["scps", "rcps"] as const) {
        if (state[kind] !== null) continue;
        delete state[kind];
        assumptions.push(
          `the ${kind === "scps" ? "service" : "resource"} control policies of account ${account.id} could not be read, and are taken to allow everything`,
        );
      }
    }
    return assumptions;
  }

  private async readTags(): Promise<void> {
    const { buckets, keys } = this.snapshot;
    const all = { ...this.planned, buckets: { ...this.planned.buckets, ...buckets } };
    if (!readsResourceTags(this.snapshot) && !readsResourceTags(all)) return;
    for (const [arn, state] of Object.entries(buckets)) {
      const account = this.byId.get(state.account);
      if (account !== undefined) await readBucketTags(this.questions, account, arn, state);
    }
    for (const [arn, state] of Object.entries(keys)) {
      const account = this.byId.get(state.account);
      if (account !== undefined) await readKeyTags(this.questions, account, arn, state);
    }
  }
}
