/** Pairs of buckets of many versions with known faults, the same for the same numbers. */
import type { ReplicationConfiguration, ReplicationRuleJson } from "../../../src/replication/rules";
import { inS3Order, type StandInBucket, type StandInVersion } from "./s3StandIn";

export const SOURCE_ACCOUNT = "111111111111";
export const DESTINATION_ACCOUNT = "222222222222";
export const SOURCE = "acme-data";
export const DESTINATION = "acme-copies";

export function rule(changes: Partial<ReplicationRuleJson> = {}): ReplicationRuleJson {
  return {
    ID: "all",
    Priority: 1,
    Status: "Enabled",
    Filter: { Prefix: "" },
    DeleteMarkerReplication: { Status: "Enabled" },
    Destination: { Bucket: `arn:aws:s3:::${DESTINATION}`, Account: DESTINATION_ACCOUNT },
    ...changes,
  };
}

export const configuration = (...rules: ReplicationRuleJson[]): ReplicationConfiguration => ({
  Role: `arn:aws:iam::${SOURCE_ACCOUNT}:role/replication`,
  Rules: rules,
});

/** Two buckets. */
export function pair(
  source: readonly StandInVersion[],
  destination: readonly StandInVersion[],
  ...rules: ReplicationRuleJson[]
): Record<string, StandInBucket> {
  return {
    [SOURCE]: {
      accountId: SOURCE_ACCOUNT,
      versions: inS3Order(source),
      replication: configuration(...(rules.length === 0 ? [rule()] : rules)),
    },
    [DESTINATION]: { accountId: DESTINATION_ACCOUNT, versions: inS3Order(destination) },
  };
}

const FOLDERS = ["documents/2025", "documents/2026", "logs with spaces", "ümläute", "a+b&c=d", "emoji 😀"];

/** What becomes of the number-th version. */
const FATES = { 7: "FAILED", 11: "PENDING", 13: "NONE", 17: "GONE", 19: "SIZE" } as const;
export type Fate = (typeof FATES)[keyof typeof FATES] | "PLACE";

export function fateOf(number: number): Fate {
  for (const [divisor, fate] of Object.entries(FATES)) if (number % (Number(divisor) * 30) === 0) return fate;
  return "PLACE";
}

/** So many versions, among them delete markers and keys with several versions, with faults in between. */
export function planted(count: number): {
  readonly buckets: Record<string, StandInBucket>;
  readonly fates: ReadonlyMap<Fate | "MARKER", number>;
} {
  const source: StandInVersion[] = [];
  const destination: StandInVersion[] = [];
  const fates = new Map<Fate | "MARKER", number>();
  for (let number = 0; number < count; number += 1) {
    const folder = FOLDERS[number % FOLDERS.length]!;
    const key = `${folder}/${String(Math.floor(number / 3) * 7919).padStart(9, "0")}${number % 9 === 0 ? "\n\u0001" : ""}`;
    const lastModified = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
    const isDeleteMarker = number % 29 === 28;
    const fate = isDeleteMarker ? "MARKER" : fateOf(number);
    const version = { key, versionId: `v${number}`, size: number, lastModified, isDeleteMarker };
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
    const status = ({ NONE: undefined, GONE: "COMPLETED", SIZE: "COMPLETED", PLACE: "COMPLETED" } as const)[
      fate as "NONE"
    ];
    source.push({ ...version, status: fate === "FAILED" || fate === "PENDING" ? fate : status });
    if (["PLACE", "SIZE", "MARKER"].includes(fate)) {
      destination.push({ ...version, size: fate === "SIZE" ? number + 1 : number, status: "REPLICA" });
    }
  }
  return { buckets: pair(source, destination), fates };
}
