/** A pair of accounts on the emulator, behind the proxy that plays S3's part in replication. */
import type { ChildProcess } from "node:child_process";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { bucketNameOf } from "../../../src/naming/names";
import { cli, type Result } from "../../support/cli";
import { snapshotOf } from "../../support/examples";
import { type Emulator, startEmulator } from "./emulator";
import { accountOptions, emulatorEnvironment } from "./environment";
import { EmulatedAccount, plant } from "./plant";
import { type ProxyOptions, ReplicatingProxy } from "./replicatingProxy";

export class EmulatedPair {
  private constructor(
    private readonly emulator: Emulator,
    readonly proxy: ReplicatingProxy,
    readonly snapshot: Snapshot,
    /** Name of the source bucket. */
    readonly source: string,
  ) {}

  /** @param change Of the accounts, before they are made. */
  static async start(
    example: string,
    change: (snapshot: Snapshot) => void = () => undefined,
    options: Omit<ProxyOptions, "snapshot"> = {},
  ): Promise<EmulatedPair> {
    const emulator = await startEmulator();
    const given = await snapshotOf(example);
    change(given);
    const snapshot = await plant(emulator.endpoint, given);
    const proxy = await ReplicatingProxy.start(emulator.endpoint, { snapshot, ...options });
    const [source = ""] = Object.entries(snapshot.buckets).find(([, { replication }]) => replication) ?? [];
    return new EmulatedPair(emulator, proxy, snapshot, bucketNameOf(source));
  }

  /** Runs a command on the source bucket with access to all accounts. */
  run(command: string, ...options: string[]): Promise<Result> {
    return this.start(command, options);
  }

  /** @param onStart Called with the process, for tests that end it early. */
  start(
    command: string,
    options: readonly string[],
    onStart?: (child: ChildProcess) => void,
  ): Promise<Result> {
    const [source = "", ...others] = this.accountIds;
    return cli(
      [command, this.source, ...accountOptions(source, ...others), ...options],
      emulatorEnvironment(this.proxy.endpoint),
      onStart,
    );
  }

  /** The source account first. */
  get accountIds(): string[] {
    const { [`arn:aws:s3:::${this.source}`]: source } = this.snapshot.buckets;
    return [...new Set([source!, ...Object.values(this.snapshot.buckets)].map(({ account }) => account))];
  }

  /** Every version and delete marker in every bucket, past the proxy. */
  async objects(): Promise<string[]> {
    const found: string[] = [];
    for (const [arn, { account, region }] of Object.entries(this.snapshot.buckets)) {
      const s3 = new EmulatedAccount(this.emulator.endpoint, account).s3(region);
      const Bucket = bucketNameOf(arn);
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      found.push(...[...Versions, ...DeleteMarkers].map(({ Key }) => `${Bucket}/${Key}`));
      s3.destroy();
    }
    return found;
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.emulator.stop();
  }
}
