/** Everything on AWS that has a say in the replication of one bucket, read only. */
import type { AwsAccount } from "../../aws/account";
import { describe } from "../../aws/failures";
import { bucketRegion, ownerAmong, type PairAccounts, regionIfThere } from "../../aws/pair";
import { parseArn } from "../../naming/arn";
import { bucketArnOf, bucketNameOf } from "../../naming/names";
import { withKeysOfAliases } from "../../replication/keyAliases";
import type { ReplicationConfiguration, ReplicationRuleJson } from "../../replication/rules";
import { defaultKeyOf } from "../../snapshot/defaultKey";
import { accountOf, type BucketState, emptySnapshot, type Snapshot } from "../../snapshot/snapshot";
import { markUnread, Unread } from "../../snapshot/unread";
import { readAccountBlock, readBucket, readReplication } from "./bucket";
import { readKey } from "./keys";
import { readOrganization } from "./organization";
import { readBucketTags, readKeyTags, readsResourceTags } from "./tags";
import type { Questions } from "../../aws/questions";
import { readLifecycle } from "./lifecycle";
import { readRole } from "./role";

export interface LiveReading {
  readonly snapshot: Snapshot;
  /** ARN of the source bucket. */
  readonly bucketArn: string;
  readonly region: string;
  /** What the snapshot says otherwise than AWS does: a sentence each. */
  readonly notes: readonly string[];
}

/** Parts of the reading, for progress. */
export const READING_STEPS = [
  "source bucket",
  "destination buckets",
  "role",
  "keys",
  "organization",
] as const;

/** @throws AwsCallFailed Where there is no such bucket. */
export async function readPair(
  questions: Questions,
  accounts: PairAccounts,
  bucketName: string,
  onStep: (step: (typeof READING_STEPS)[number]) => void = () => undefined,
): Promise<LiveReading> {
  const reader = new PairReader(questions, accounts);
  onStep("source bucket");
  const bucketArn = bucketArnOf(accounts.source.partition, bucketName);
  const region = await bucketRegion(accounts.source, bucketName);
  const source = await reader.readSource(bucketArn, region);
  onStep("destination buckets");
  await reader.readDestinations(source);
  onStep("role");
  await reader.readRole(source);
  onStep("keys");
  await reader.readKeys(source);
  onStep("organization");
  await reader.readAccounts();
  await reader.readTags();
  return { snapshot: reader.snapshot, bucketArn, region, notes: reader.notes };
}

class PairReader {
  readonly snapshot: Snapshot = emptySnapshot();
  readonly notes: string[] = [];
  private readonly all: readonly AwsAccount[];

  constructor(
    private readonly questions: Questions,
    private readonly accounts: PairAccounts,
  ) {
    this.all = [...accounts.destinations, accounts.source];
  }

  async readSource(arn: string, region: string): Promise<BucketState> {
    const { source } = this.accounts;
    const place = { arn, owner: source.id, region };
    const [state, replication] = await Promise.all([
      readBucket(this.questions, source, place),
      readReplication(this.questions, source, place),
    ]);
    if (replication instanceof Unread) markUnread(state, "replication");
    else state.replication = replication;
    await readLifecycle(this.questions, source, arn, state);
    accountOf(this.snapshot, source.id);
    return (this.snapshot.buckets[arn] = state);
  }

  async readDestinations({ replication }: BucketState): Promise<void> {
    const rules = replication?.Rules ?? [];
    const byBucket = new Map(rules.map((rule) => [rule.Destination.Bucket, rule]));
    await Promise.all([...byBucket].map(([arn, rule]) => this.readDestination(arn, rule)));
  }

  private async readDestination(arn: string, { Destination: { Account: said } }: ReplicationRuleJson) {
    if (Object.hasOwn(this.snapshot.buckets, arn)) return;
    const region = await this.regionOf(arn);
    if (region === undefined) (this.snapshot.absent ??= []).push(arn);
    if (region === undefined || region instanceof Unread) return;
    const known = this.accounts.ownerOf?.(bucketNameOf(arn));
    const owner = known ?? (await this.ownerOf(arn, region))?.id ?? said;
    // Without its account nothing is known of it but that it is there.
    if (owner === undefined) return;
    accountOf(this.snapshot, owner);
    const state = await readBucket(this.questions, this.entered(owner) ?? this.accounts.source, {
      arn,
      owner,
      region,
    });
    this.snapshot.buckets[arn] = state;
  }

  /** S3 tells it to whoever asks, but for a gateway or an endpoint policy in between. */
  private async regionOf(arn: string): Promise<string | undefined | Unread> {
    let refusal: unknown;
    for (const account of this.all) {
      try {
        return await regionIfThere(account, bucketNameOf(arn));
      } catch (error) {
        refusal ??= error;
      }
    }
    return this.notFound(arn, refusal);
  }

  private notFound(bucketArn: string, refusal: unknown): Unread {
    const [asked = this.accounts.source] = this.all;
    return this.questions.unread({
      caller: asked.callerArn,
      action: "s3:ListBucket",
      resource: bucketArn,
      refused: true,
      reason: describe(refusal),
    });
  }

  private async ownerOf(arn: string, region: string): Promise<AwsAccount | undefined> {
    let refusal: unknown;
    const owner = await ownerAmong(this.all, bucketNameOf(arn), region, this.questions.signal, (error) => {
      refusal ??= error;
    });
    if (owner === undefined) this.notFound(arn, refusal);
    return owner;
  }

  async readRole({ replication }: BucketState): Promise<void> {
    if (replication === null) return;
    const owner = parseArn(replication.Role)?.accountId ?? "";
    const account = this.entered(owner);
    if (account !== undefined) {
      await readRole(this.questions, account, replication.Role, this.snapshot);
      return;
    }
    this.noWayInto(owner, "iam:GetRole", replication.Role);
  }

  async readKeys(source: BucketState): Promise<void> {
    await Promise.all(Object.values(this.snapshot.buckets).map((bucket) => this.readDefaultKey(bucket)));
    const { replication } = source;
    if (replication === null) return;
    const keys = new Map<string, string>();
    for (const rule of replication.Rules) await this.noteAlias(rule, keys);
    source.replication = withKeysOfAliases(replication, keys);
    for (const keyArn of this.keysNamedBy(replication)) {
      if (this.entered(parseArn(keyArn)?.accountId ?? "") !== undefined)
        await this.readKey(keyArn, source.region);
    }
  }

  private async readDefaultKey(bucket: BucketState): Promise<void> {
    const { encryption, region } = bucket;
    const keyId = defaultKeyOf(bucket);
    if (encryption?.algorithm.startsWith("aws:kms") !== true || keyId === undefined) return;
    encryption.keyArn = (await this.readKey(keyId, region)) ?? keyId;
  }

  /** An alias ARN stands for one key; an alias or a key id without an account may stand for several. */
  private async noteAlias(rule: ReplicationRuleJson, keys: Map<string, string>): Promise<void> {
    const written = rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID;
    const arn = parseArn(written ?? "");
    if (written === undefined || arn?.service !== "kms") return;
    const keyArn = (await this.readKey(written, arn.region)) ?? written;
    if (keyArn === written || this.snapshot.keys[keyArn]?.manager === "AWS") return;
    this.notes.push(
      `rule '${rule.ID ?? ""}' names the replica key by an alias, ${written}, which stands for ${keyArn} now`,
    );
    keys.set(written, keyArn);
  }

  private keysNamedBy({ Role }: ReplicationConfiguration): Set<string> {
    const { policies = [] } = this.snapshot.accounts[parseArn(Role)?.accountId ?? ""]?.roles[Role] ?? {};
    return new Set(JSON.stringify(policies).match(/arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+(?=")/g));
  }

  /** @returns ARN of the key, as far as it is known. */
  async readKey(keyId: string, region: string): Promise<string | undefined> {
    const owner = parseArn(keyId)?.accountId ?? "";
    const account = this.entered(owner) ?? this.accounts.source;
    return readKey(
      this.questions,
      { account, region, granteeAccount: this.accounts.source.id },
      keyId,
      this.snapshot,
    );
  }

  /** What binds the accounts as a whole. */
  async readAccounts(): Promise<void> {
    await Promise.all(
      Object.entries(this.snapshot.accounts).map(async ([id, state]) => {
        const account = this.entered(id);
        const buckets = Object.values(this.snapshot.buckets).filter((bucket) => bucket.account === id);
        const block =
          account === undefined
            ? this.noWayInto(id, "s3:GetAccountPublicAccessBlock", id)
            : await readAccountBlock(this.questions, account, buckets[0]?.region ?? "us-east-1");
        if (!(block instanceof Unread)) state.publicAccessBlock = block;
        else {
          const open = buckets.filter((bucket) => bucket.publicAccessBlock?.restrictPublicBuckets !== true);
          for (const bucket of open) markUnread(bucket, "publicAccessBlock");
        }
        await readOrganization(this.questions, { id, account, readers: this.readers(account) }, state);
      }),
    );
  }

  async readTags(): Promise<void> {
    if (!readsResourceTags(this.snapshot)) return;
    const { source } = this.accounts;
    const { buckets, keys } = this.snapshot;
    await Promise.all([
      ...Object.entries(buckets).map(([arn, state]) =>
        readBucketTags(this.questions, this.entered(state.account) ?? source, arn, state),
      ),
      ...Object.entries(keys).map(([arn, state]) =>
        readKeyTags(this.questions, this.entered(state.account) ?? source, arn, state),
      ),
    ]);
  }

  /** The first that is named may read policies; of the others, the management account can. */
  private readers(own: AwsAccount | undefined): AwsAccount[] {
    const { organization } = this.accounts;
    return [organization, own, ...this.all].filter((account) => account !== undefined);
  }

  private entered(accountId: string): AwsAccount | undefined {
    return this.all.find(({ id }) => id === accountId) ?? this.accounts.enter?.(accountId);
  }

  private noWayInto(accountId: string, action: string, resource: string): Unread {
    const caller = this.accounts.source.callerArn;
    const reason = `no credentials for account ${accountId} were given`;
    return this.questions.unread({ caller, action, resource, refused: true, reason });
  }
}
