/** A snapshot made true on the emulator, behind the proxy that knows replication, for the time of one test. */
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { openAccounts, type PairAccounts } from "../../../src/aws/pair";
import { bucketNameOf } from "../../../src/naming/names";
import type { Emulator } from "./emulator";
import { emulatorEnvironment, roleToEnter } from "./environment";
import { MANAGEMENT_ACCOUNT, plantOrganization } from "./organization";
import { plant } from "./plant";
import { type ProxyOptions, ReplicatingProxy } from "./replicatingProxy";

export class LiveAccounts {
  private constructor(
    readonly snapshot: Snapshot,
    readonly proxy: ReplicatingProxy,
    private readonly inOrganization: boolean,
  ) {}

  static async start(
    emulator: Emulator,
    given: Snapshot,
    options: Omit<ProxyOptions, "snapshot"> = {},
  ): Promise<LiveAccounts> {
    await fetch(`${emulator.endpoint}/moto-api/reset`, { method: "POST" });
    const { endpoint } = emulator;
    const inOrganization = Object.values(given.accounts).some(
      ({ scps, rcps }) => scps !== undefined || rcps !== undefined,
    );
    const snapshot = await plant(endpoint, inOrganization ? await plantOrganization(endpoint, given) : given);
    // S3 tells the Region of a bucket to those as well whom it refuses.
    const after: ProxyOptions["after"] = ({ method, bucket, key }, answer) => {
      if (method !== "HEAD" || key !== "" || answer.status !== 403) return undefined;
      const [, state] = Object.entries(snapshot.buckets).find(([arn]) => bucketNameOf(arn) === bucket) ?? [];
      return { ...answer, headers: { ...answer.headers, "x-amz-bucket-region": state?.region } };
    };
    const proxy = await ReplicatingProxy.start(endpoint, { after, ...options, snapshot });
    return new LiveAccounts(snapshot, proxy, inOrganization);
  }

  /** Names of the buckets that are replicated. */
  get sourceBuckets(): string[] {
    return Object.entries(this.snapshot.buckets).flatMap(([arn, { replication }]) =>
      replication === null ? [] : [bucketNameOf(arn)],
    );
  }

  /** What a command's process is told. */
  get environment(): Record<string, string> {
    return emulatorEnvironment(this.proxy.endpoint);
  }

  /** Options of a command for the accounts of a source bucket and its destinations. */
  optionsFor(bucketName: string): string[] {
    const { source, destinations } = this.accountsOf(bucketName);
    return [
      ...["--source-role-arn", roleToEnter(source)],
      ...destinations.flatMap((id) => ["--destination-role-arn", roleToEnter(id)]),
      ...(this.inOrganization ? ["--organization-role-arn", roleToEnter(MANAGEMENT_ACCOUNT)] : []),
    ];
  }

  /** The accounts, in this process. */
  async open(bucketName: string): Promise<PairAccounts> {
    Object.assign(process.env, this.environment);
    const { source, destinations } = this.accountsOf(bucketName);
    return openAccounts({
      source: { roleArn: roleToEnter(source) },
      destinations: destinations.map((id) => ({ roleArn: roleToEnter(id) })),
      ...(this.inOrganization ? { organization: { roleArn: roleToEnter(MANAGEMENT_ACCOUNT) } } : {}),
    });
  }

  async stop(): Promise<void> {
    for (const name of Object.keys(emulatorEnvironment(""))) delete process.env[name];
    await this.proxy.stop();
  }

  private accountsOf(bucketName: string): { source: string; destinations: string[] } {
    const buckets = Object.entries(this.snapshot.buckets);
    const source = buckets.find(([arn]) => bucketNameOf(arn) === bucketName)?.[1].account ?? "";
    const others = Object.keys(this.snapshot.accounts).filter((id) => id !== source);
    return { source, destinations: others };
  }
}
