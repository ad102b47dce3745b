/** The versions of two buckets of the stand-in as rows, so that inventories of the same can be written. */
import type { Row, Version } from "../../../src/reconcile/meaning/row";
import { DESTINATION, SOURCE } from "./buckets";
import { canonicalIdOf, type StandInBucket, type StandInVersion } from "./s3StandIn";

export function rowsOf(buckets: Readonly<Record<string, StandInBucket>>): Row[] {
  const rows = new Map<string, Row>();
  for (const [side, name] of [
    ["source", SOURCE],
    ["destination", DESTINATION],
  ] as const) {
    const { versions, accountId } = buckets[name]!;
    for (const version of versions) {
      const { key, versionId } = version;
      const id = JSON.stringify([key, versionId]);
      rows.set(id, { key, versionId, ...rows.get(id), [side]: versionOf(version, accountId) });
    }
  }
  return [...rows.values()];
}

const ENCRYPTIONS = { AES256: "SSE-S3", "aws:kms": "SSE-KMS", "SSE-C": "SSE-C", NONE: "NOT-SSE" } as const;

/** What the stand-in says where a version says nothing. */
function versionOf(version: StandInVersion, accountId: string): Version {
  const { isDeleteMarker = false, size = 10, storageClass = "STANDARD", encryption = "AES256" } = version;
  return {
    isDeleteMarker,
    isLatest: true,
    size: isDeleteMarker ? null : size,
    lastModified: Date.parse(version.lastModified ?? "2026-11-01T00:00:00Z"),
    storageClass: isDeleteMarker ? null : storageClass,
    archiveStatus: null,
    encryption: isDeleteMarker ? null : ENCRYPTIONS[encryption],
    replicationStatus: version.status ?? null,
    owner: version.owner ?? canonicalIdOf(accountId),
    tags: null,
  };
}
