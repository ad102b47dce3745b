/** Planted versions, each with the cause that an engine must find, and what the command says of them by lists and inventories. */
import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReconcileResult } from "../../../src/reconcile/result";
import type { ReplicationRuleJson } from "../../../src/replication/rules";
import { cli } from "../../support/cli";
import { configuration, DESTINATION, DESTINATION_ACCOUNT, SOURCE, SOURCE_ACCOUNT } from "./buckets";
import { openTables } from "./duckdbTables";
import { writeInventory, type Written } from "./inventories";
import { LISTED_AT } from "./randomRows";
import { inS3Order, S3StandIn, type StandInBucket, type StandInVersion } from "./s3StandIn";
import { rowsOf } from "./standInRows";

/** A version of both sides, of which the replica is as the source unless it is said to be otherwise. */
export interface Planted {
  readonly key: string;
  /** Default: one that tells the key. */
  readonly versionId?: string;
  /** Default: it is COMPLETED. Null: only the destination has it. */
  readonly source?: Partial<StandInVersion> | null;
  /** Default: it is not there. */
  readonly destination?: Partial<StandInVersion>;
  /** `<cause> <rule>` */
  readonly cause: string;
  /** The same by inventories, which show more of some and less of others. */
  readonly byInventory?: string;
}

const named = ({ key, versionId }: Planted) => ({
  key,
  versionId: versionId ?? `v${Buffer.from(key).toString("hex").slice(-12)}`,
});

function bucketsOf(planted: readonly Planted[], rules: readonly ReplicationRuleJson[], accountId: string) {
  const sources = planted.flatMap((each) =>
    each.source === null ? [] : [{ ...named(each), status: "COMPLETED" as const, ...each.source }],
  );
  const replicas = planted.flatMap((each) =>
    each.destination === undefined
      ? []
      : [{ ...named(each), ...each.source, status: "REPLICA" as const, ...each.destination }],
  );
  return {
    [SOURCE]: {
      accountId: SOURCE_ACCOUNT,
      versions: inS3Order(sources),
      replication: configuration(...rules),
    },
    [DESTINATION]: { accountId, versions: inS3Order(replicas) },
  } satisfies Record<string, StandInBucket>;
}

/** By lists, and by inventories as Parquet and as CSV: the causes, and the lists of --manifest. */
export async function findsPlanted(
  planted: readonly Planted[],
  rules: readonly ReplicationRuleJson[],
  accountId = DESTINATION_ACCOUNT,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "reconcile-"));
  const buckets = bucketsOf(planted, rules, accountId);
  const standIn = await S3StandIn.start(buckets);
  const role = ["--destination-role-arn", `arn:aws:iam::${accountId}:role/entrance`];
  const found = async (name: string, options: readonly string[]) => {
    const list = ["--manifest", join(root, name)];
    const args = ["reconcile", SOURCE, ...role, "--no-explain", "--json", ...list, ...options];
    const { stdout, stderr } = await cli(args, standIn.environment);
    assert.ok(stdout.startsWith("{"), stderr);
    return told(JSON.parse(stdout) as ReconcileResult);
  };
  try {
    assert.deepEqual(
      await found("list", ["--engine", "list"]),
      expected(planted, ({ cause }) => cause),
    );
    const connection = await openTables(rowsOf(buckets));
    for (const format of ["Parquet", "CSV"] as const) {
      const places: string[] = [];
      for (const side of ["source", "destination"] as const) {
        const place = join(root, `${format}-${side}`);
        const bucketName = { source: SOURCE, destination: DESTINATION }[side];
        const written: Written = { format, bucketName, listedAt: LISTED_AT };
        places.push(`--${side}-inventory`, await writeInventory(connection, side, place, written));
      }
      const ofInventory = expected(planted, ({ cause, byInventory = cause }) => byInventory);
      assert.deepEqual(await found(format, places), ofInventory);
    }
  } finally {
    await standIn.stop();
    rmSync(root, { recursive: true });
  }
}

interface Told {
  readonly counts: Readonly<Record<string, number>>;
  /** Keys and version ids of each list, by its cause. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

function told({ destinations: [only], manifests }: ReconcileResult): Told {
  const lines = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n");
  const version = (line: string) => {
    const [, key = "", versionId = ""] = line.split(",");
    return `${decodeURIComponent(key)} ${versionId}`;
  };
  return {
    counts: Object.fromEntries(
      only!.counts.map(({ cause, rule, versions }) => [`${cause} ${rule ?? ""}`.trim(), versions]),
    ),
    lists: Object.fromEntries(
      manifests.map(({ cause, files }) => [cause, files.flatMap(lines).map(version).sort()]),
    ),
  };
}

/** Causes of which lists are made, here: what a job, a copy or a restore brings there. */
const LISTED =
  /^(failed|never-tried|gone(?!-delete)|wrong|change-failed|delete-marker-status-unread|status-behind)/;

function expected(planted: readonly Planted[], causeOf: (each: Planted) => string): Told {
  const counts: Record<string, number> = {};
  const lists: Record<string, string[]> = {};
  for (const each of planted) {
    const { key, versionId } = named(each);
    const cause = causeOf(each);
    counts[cause] = (counts[cause] ?? 0) + 1;
    if (LISTED.test(cause)) (lists[cause.split(" ")[0]!] ??= []).push(`${key} ${versionId}`);
  }
  for (const list of Object.values(lists)) list.sort();
  return { counts, lists };
}
