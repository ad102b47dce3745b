/** Pairs found, read and judged, or only rehearsed one by one: `fleet.js fleet|rehearsals <snapshot file>`. */
import { rehearse } from "../../../bin/rehearsal/rehearse";
import type { Snapshot } from "../../../bin/snapshot/snapshot";
import { readSnapshotFile } from "../../../bin/snapshot/snapshotFile";
import { measured } from "../harness/measured";
import { standIn } from "./accountsStandIn";

async function load(what: string | undefined, file: string): Promise<() => Promise<void>> {
  const snapshot = await readSnapshotFile(file);
  const sources = Object.entries(snapshot.buckets).filter(([, { replication }]) => replication !== null);
  if (what === "rehearsals") {
    const pairs = sources.map(([arn]) => pairOf(snapshot, arn));
    return () => {
      const verdicts = pairs.map((pair) => rehearse(pair, { stored: true }).verdict);
      assertProven(verdicts, sources.length);
      return Promise.resolve();
    };
  }
  const { inspectFleet } = await import("../../../bin/fleet/fleet");
  const { EarlierReports } = await import("../../../bin/fleet/meaning/earlierReports");
  const end = await standIn(snapshot);
  const owners = [...new Set(Object.values(snapshot.buckets).map(({ account }) => account))];
  return async () => {
    const report = await inspectFleet({
      access: {
        accounts: owners.map((accountId) => ({
          accountId,
          access: { roleArn: `arn:aws:iam::${accountId}:role/reader` },
        })),
        regions: [],
      },
      earlier: new EarlierReports(),
      rehearsal: {},
      assumeOrganizationAllows: false,
      signal: new AbortController().signal,
    });
    assertProven(
      report.pairs.map(({ verdict }) => verdict),
      sources.length,
    );
    end();
  };
}

/** One pair by itself: its two buckets, its role, and the keys that these name. */
function pairOf({ accounts, buckets, keys }: Snapshot, source: string): Snapshot {
  const { replication } = buckets[source]!;
  const named = JSON.stringify(replication);
  const own = [source, ...Object.keys(buckets).filter((arn) => named.includes(`"${arn}"`))];
  const ofBuckets = Object.fromEntries(own.map((arn) => [arn, buckets[arn]!]));
  const said = JSON.stringify(ofBuckets);
  const kept = <T>(things: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(things).filter(([arn]) => said.includes(`"${arn}"`)));
  const ofAccounts = Object.entries(accounts).map(([id, { roles }]) => [id, { roles: kept(roles) }]);
  return {
    accounts: Object.fromEntries(ofAccounts) as Snapshot["accounts"],
    buckets: ofBuckets,
    keys: kept(keys),
  };
}

function assertProven(verdicts: readonly string[], count: number): void {
  const others = verdicts.filter((verdict) => verdict !== "proven").length;
  if (verdicts.length !== count || others > 0) {
    throw new Error(`${verdicts.length} verdicts of ${count}, ${others} of them other than proven`);
  }
}

void measured(() => load(process.argv[2], process.argv[3] ?? ""));
