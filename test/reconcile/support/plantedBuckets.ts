/** A configuration, and what is known of its buckets, for tests that decide the same with several engines. */
import type { ReplicationConfiguration } from "../../../src/replication/rules";
import type { Tally } from "../../../src/reconcile/meaning/tally";
import { decisionOf, destinationsOf } from "../../../src/reconcile/meaning/decision";
import { deciderOf } from "../../../src/reconcile/meaning/evaluate";
import type { Row, Version } from "../../../src/reconcile/meaning/row";
import { Tallying } from "../../../src/reconcile/meaning/tally";
import { DESTINATION_ARN, LISTED_AT } from "./randomRows";

export const CONFIGURATION = {
  Role: "arn:aws:iam::111111111111:role/replication",
  Rules: [
    {
      ID: "logs",
      Priority: 2,
      Status: "Enabled",
      Filter: { Prefix: "logs/" },
      DeleteMarkerReplication: { Status: "Enabled" },
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
      Destination: { Bucket: DESTINATION_ARN, StorageClass: "STANDARD_IA" },
    },
    {
      ID: "others",
      Priority: 1,
      Status: "Enabled",
      Filter: { Prefix: "" },
      DeleteMarkerReplication: { Status: "Disabled" },
      Destination: {
        Bucket: DESTINATION_ARN,
        Account: "222222222222",
        AccessControlTranslation: { Owner: "Destination" },
      },
    },
  ],
} as ReplicationConfiguration;

export const FACTS = {
  crossesAccounts: true,
  destinationOwner: "owner-b",
  destinationTransitions: false,
  expiringPrefixes: ["logs/"],
};

/** What counting row by row comes to. @param missing Fields that the listings do not have. */
export function expectedTally(
  rows: readonly Row[],
  prefix = "",
  listedAt: readonly [source: number, destination: number] = [LISTED_AT, LISTED_AT],
  missing: readonly (keyof Version)[] = ["tags"],
): Tally {
  const [arn = ""] = destinationsOf(CONFIGURATION);
  const [sourceListedAt, destinationListedAt] = listedAt;
  const decision = decisionOf(CONFIGURATION, arn, { ...FACTS, sourceListedAt, destinationListedAt });
  const decide = deciderOf(decision);
  const tallying = new Tallying([decision]);
  for (const row of rows.filter(({ key }) => key.startsWith(prefix))) {
    const read: Row = { ...row, ...cut("source", row, missing), ...cut("destination", row, missing) };
    tallying.addSource(read);
    tallying.add(0, decide(read), read);
  }
  return tallying.tally(true);
}

function cut(side: "source" | "destination", row: Row, missing: readonly (keyof Version)[]) {
  const version = row[side];
  if (version === undefined) return {};
  const kept = Object.entries(version).filter(([field]) => !missing.includes(field as keyof Version));
  return { [side]: Object.fromEntries(kept) };
}

/** Without the examples, which each engine keeps as it meets them. */
export function counted(tally: Tally): unknown {
  return {
    ...tally,
    held: [...tally.held].sort((one, other) => (one.status < other.status ? -1 : 1)),
    destinations: tally.destinations.map(({ counts }) => counts.map((count) => ({ ...count, examples: [] }))),
  };
}
