/** Finds every bucket of the accounts that has a replication configuration. */
import { GetBucketReplicationCommand, paginateListBuckets } from "@aws-sdk/client-s3";
import type { AwsAccount } from "../../aws/account";
import { codeOf } from "../../aws/failures";
import { regionIfThere } from "../../aws/pair";
import { allOf, Questions } from "../../aws/questions";
import { bucketArnOf } from "../../naming/names";
import { listed } from "../../output/counts";
import type { ReplicationConfiguration } from "../../replication/rules";
import { Unread } from "../../snapshot/unread";
import { grouped } from "../../util/grouping";
import type { AccountSummary } from "../meaning/report";
import type { EnteredAccount, Fleet } from "./openFleet";

/** A bucket that replicates. */
export interface SourceBucket {
  readonly account: AwsAccount;
  readonly bucketName: string;
  readonly configuration: ReplicationConfiguration;
}

export interface Discovery {
  readonly sources: readonly SourceBucket[];
  /** Account ids of the owners of all buckets, by bucket name. */
  readonly owners: ReadonlyMap<string, string>;
  readonly accounts: readonly AccountSummary[];
  /** What could not be read, a sentence each. */
  readonly notRead: readonly string[];
  readonly notes: readonly string[];
}

/** Buckets on a page of the list; with a size of pages S3 says the Region of each bucket. */
const BUCKETS_A_PAGE = 1_000;

export interface DiscoveryOptions {
  /** Regions of the source buckets. Empty: all. */
  readonly regions: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export async function discover({ accounts }: Fleet, options: DiscoveryOptions): Promise<Discovery> {
  return new Discoverer(options).run([...accounts.values()]);
}

class Discoverer {
  private readonly sources: SourceBucket[] = [];
  private readonly owners = new Map<string, string>();
  private readonly notRead: string[] = [];
  private readonly vanished: string[] = [];
  private readonly regions = new Set<string>();
  private done = 0;
  private total = 0;

  constructor(private readonly options: DiscoveryOptions) {}

  async run(accounts: readonly EnteredAccount[]): Promise<Discovery> {
    const summaries = await Promise.all(accounts.map((each) => this.lookInto(each)));
    if (summaries.every(({ buckets }) => buckets !== undefined)) this.tellEmptyRegions();
    return {
      sources: this.sources,
      owners: this.owners,
      accounts: summaries,
      notRead: this.notRead,
      notes: this.vanished.map(vanished),
    };
  }

  private async lookInto({ account, name }: EnteredAccount): Promise<AccountSummary> {
    const questions = new Questions(this.options.signal);
    const summary = { accountId: account.id, ...(name === undefined ? {} : { name }) };
    const client = await account.s3();
    const listed = await questions.ask(
      { account, action: "s3:ListAllMyBuckets", resource: account.id },
      (options) =>
        allOf(
          paginateListBuckets({ client, pageSize: BUCKETS_A_PAGE }, {}, options),
          ({ Buckets }) => Buckets,
        ),
    );
    if (listed instanceof Unread) {
      this.tell(questions);
      return { ...summary, replicated: 0 };
    }
    const buckets = (listed ?? []).flatMap(({ Name, BucketRegion }) =>
      Name === undefined ? [] : [{ bucketName: Name, region: BucketRegion }],
    );
    for (const { bucketName } of buckets) this.owners.set(bucketName, account.id);
    this.total += buckets.length;
    const found = await Promise.all(buckets.map((bucket) => this.lookAt(questions, account, bucket)));
    this.tell(questions);
    const replicating = found.filter((source) => source !== undefined);
    this.sources.push(...replicating);
    return { ...summary, buckets: buckets.length, replicated: replicating.length };
  }

  private async lookAt(
    questions: Questions,
    account: AwsAccount,
    bucket: { readonly bucketName: string; readonly region: string | undefined },
  ): Promise<SourceBucket | undefined> {
    const { bucketName } = bucket;
    const resource = bucketArnOf(account.partition, bucketName);
    const answer = await questions.ask(
      { account, action: "s3:GetReplicationConfiguration", resource },
      async (options) => {
        const region = bucket.region ?? (await regionIfThere(account, bucketName));
        if (region === undefined) return "vanished";
        this.regions.add(region);
        if (!this.isWanted(region)) return undefined;
        const s3 = await account.s3(region);
        try {
          return await s3.send(new GetBucketReplicationCommand({ Bucket: bucketName }), options);
        } catch (error) {
          if (codeOf(error) === "NoSuchBucket") return "vanished";
          throw error;
        }
      },
    );
    this.options.onProgress((this.done += 1), this.total);
    if (answer === "vanished") this.vanished.push(bucketName);
    if (answer === undefined || answer === "vanished" || answer instanceof Unread) return undefined;
    const configuration = answer.ReplicationConfiguration as ReplicationConfiguration | undefined;
    return configuration === undefined ? undefined : { account, bucketName, configuration };
  }

  private isWanted(region: string): boolean {
    const { regions } = this.options;
    return regions.length === 0 || regions.includes(region);
  }

  /** A Region without any bucket is a mistyped one, or one of other accounts. */
  private tellEmptyRegions(): void {
    const empty = this.options.regions.filter((region) => !this.regions.has(region));
    if (empty.length === 0) return;
    const there =
      this.regions.size === 0 ? "there is none" : `there are some in ${listed([...this.regions].sort())}`;
    this.notRead.push(`--region ${empty.join(" ")}: no bucket of these accounts is there; ${there}`);
  }

  /** One sentence for all buckets that the same caller lacks the same action on. */
  private tell({ unanswered }: Questions): void {
    const groups = grouped(unanswered, ({ caller, action, refused, reason }) =>
      refused ? `${caller} needs ${action}` : `${action} was not answered: ${reason}`,
    );
    for (const [sentence, members] of groups) {
      const names = members.map(({ resource }) => resource).sort();
      this.notRead.push(`${sentence} on ${listed(names)}`);
    }
  }
}

/** What is said of a bucket that was listed, and is not there any more. */
export function vanished(bucketName: string): string {
  return `bucket ${bucketName} vanished while the accounts were read, and was passed over`;
}
