/** Tells the cause of versions by the rules, or parses the JSON of the same versions, over and over: `explainRows.js explain|parse <rows>`. */
import type { Row } from "../../../bin/reconcile/meaning/row";
import { measured } from "../harness/measured";

const WARM_UP = 3;
const LISTED_AT = Date.UTC(2026, 10, 20);
const DESTINATION = "arn:aws:s3:::copies";

/** A rule for each of ten prefixes, every second one of encrypted objects too, and one for all that is left. */
const RULES = {
  Role: "arn:aws:iam::111111111111:role/replication",
  Rules: Array.from({ length: 11 }, (_, place) => ({
    ID: `rule${place}`,
    Priority: 11 - place,
    Status: "Enabled" as const,
    Filter: { Prefix: place === 10 ? "" : `team${place}/` },
    DeleteMarkerReplication: { Status: place % 3 === 0 ? ("Enabled" as const) : ("Disabled" as const) },
    ...(place % 2 === 0
      ? { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" as const } } }
      : {}),
    Destination: { Bucket: DESTINATION },
  })),
};

const STATUSES = ["COMPLETED", "COMPLETED", "COMPLETED", "FAILED", "PENDING", null] as const;
const ENCRYPTIONS = ["SSE-S3", "SSE-KMS", "SSE-KMS", "SSE-C", "DSSE-KMS"] as const;

/** The same rows in every process: whatever a version says, it says it of many. */
function rowsOf(count: number): Row[] {
  return Array.from({ length: count }, (_, number): Row => {
    const isDeleteMarker = number % 29 === 0;
    const version = {
      isDeleteMarker,
      isLatest: number % 3 === 0,
      size: isDeleteMarker ? null : number,
      lastModified: LISTED_AT - number * 1000,
      storageClass: isDeleteMarker ? null : number % 17 === 0 ? "GLACIER" : "STANDARD",
      encryption: isDeleteMarker ? null : ENCRYPTIONS[number % ENCRYPTIONS.length]!,
    };
    return {
      key: `team${number % 13}/object-${number}`,
      versionId: number % 11 === 0 ? "null" : `version-${number}`,
      ...(number % 31 === 0
        ? {}
        : { source: { ...version, replicationStatus: STATUSES[number % STATUSES.length]! } }),
      ...(number % 7 === 0 && number % 31 !== 0
        ? {}
        : { destination: { ...version, replicationStatus: "REPLICA" as const } }),
    };
  });
}

async function load(what: string | undefined, count: number): Promise<() => void> {
  const { decisionOf } = await import("../../../bin/reconcile/meaning/decision");
  const { deciderOf } = await import("../../../bin/reconcile/meaning/evaluate");
  const rows = rowsOf(count);
  const decision = decisionOf(RULES, DESTINATION, {
    sourceListedAt: LISTED_AT,
    destinationListedAt: LISTED_AT,
  });
  const decide = deciderOf(decision);
  const texts = rows.map((row) => JSON.stringify(row));
  const counts = decision.outcomes.map(() => 0);
  const explain = () => {
    for (const row of rows) counts[decide(row)]! += 1;
  };
  const parse = () => {
    for (const text of texts) JSON.parse(text);
  };
  const work = what === "explain" ? explain : parse;
  for (let round = 0; round < WARM_UP; round += 1) work();
  return work;
}

const [what, count = ""] = process.argv.slice(2);
void measured(() => load(what, Number(count)));
