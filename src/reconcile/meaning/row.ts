/** A version of the source joined with what stands at one destination, column by column. */

/**
 * How a version is encrypted, in the words of S3 Inventory. `NOT-SSE` was written before S3 encrypted everything.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html#storage-inventory-contents
 */
export const ENCRYPTIONS = ["SSE-S3", "SSE-KMS", "DSSE-KMS", "SSE-C", "NOT-SSE"] as const;
export type Encryption = (typeof ENCRYPTIONS)[number];

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html */
export const REPLICATION_STATUSES = ["PENDING", "COMPLETED", "FAILED", "REPLICA"] as const;
export type ReplicationStatus = (typeof REPLICATION_STATUSES)[number];

export type Tags = Readonly<Record<string, string>>;

/**
 * What a listing says of one version of one bucket. Undefined: the listing does not say it. Null: it says that there is
 * none. A delete marker has neither size, storage class, encryption nor tags.
 */
export interface Version {
  readonly isDeleteMarker: boolean;
  readonly isLatest?: boolean;
  /** Bytes. */
  readonly size?: number | null;
  /** Milliseconds since 1970. Replicas keep the time of their source version. */
  readonly lastModified?: number;
  readonly storageClass?: string | null;
  /** Tier of S3 Intelligent-Tiering that has to be restored before it is read. */
  readonly archiveStatus?: "ARCHIVE_ACCESS" | "DEEP_ARCHIVE_ACCESS" | null;
  readonly encryption?: Encryption | null;
  readonly replicationStatus?: ReplicationStatus | null;
  /** Canonical user id. */
  readonly owner?: string | null;
  readonly tags?: Tags | null;
}

/** Versions of both buckets belong together by key and version id: a replica keeps both. */
export interface Row {
  readonly key: string;
  /** `null` stands for the version that was written without versioning. */
  readonly versionId: string;
  readonly source?: Version;
  readonly destination?: Version;
}

export type ColumnType = "text" | "boolean" | "bytes" | "time" | "tags";

export interface ColumnFacts {
  readonly type: ColumnType;
  readonly side: "source" | "destination" | "both";
  /** The field of a version that it is; left out for what is no field. */
  readonly field?: keyof Version;
  /** Every value that a text has; left out where there are many. */
  readonly values?: readonly string[];
}

const side = (name: "source" | "destination") =>
  ({
    isDeleteMarker: { type: "boolean", side: name, field: "isDeleteMarker" },
    isLatest: { type: "boolean", side: name, field: "isLatest" },
    size: { type: "bytes", side: name, field: "size" },
    lastModified: { type: "time", side: name, field: "lastModified" },
    storageClass: { type: "text", side: name, field: "storageClass" },
    archiveStatus: { type: "text", side: name, field: "archiveStatus" },
    encryption: { type: "text", side: name, field: "encryption", values: ENCRYPTIONS },
    replicationStatus: { type: "text", side: name, field: "replicationStatus" },
    owner: { type: "text", side: name, field: "owner" },
    tags: { type: "tags", side: name, field: "tags" },
  }) as const satisfies Record<keyof Version, ColumnFacts>;

type SideColumns<S extends string> = { readonly [F in keyof Version as `${S}.${F}`]: ColumnFacts };

function prefixed<S extends "source" | "destination">(name: S): SideColumns<S> {
  return Object.fromEntries(
    Object.entries(side(name)).map(([field, facts]) => [`${name}.${field}`, facts]),
  ) as unknown as SideColumns<S>;
}

/** Every column that a condition may look at. */
export const COLUMNS = {
  key: { type: "text", side: "both" },
  versionId: { type: "text", side: "both" },
  "source.isThere": { type: "boolean", side: "source" },
  "destination.isThere": { type: "boolean", side: "destination" },
  ...prefixed("source"),
  ...prefixed("destination"),
} as const satisfies Record<string, ColumnFacts>;

export type Column = keyof typeof COLUMNS;

/** Value of a column. Undefined: the listing does not say it. Null: there is none. */
export type ColumnValue = string | number | boolean | Tags | null | undefined;

/** Reads a column off a row. A side that is not there has no values: all of them are null. */
export function columnReader(column: Column): (row: Row) => ColumnValue {
  if (column === "key") return (row) => row.key;
  if (column === "versionId") return (row) => row.versionId;
  if (column === "source.isThere") return (row) => row.source !== undefined;
  if (column === "destination.isThere") return (row) => row.destination !== undefined;
  const [name, field] = column.split(".") as ["source" | "destination", keyof Version];
  return (row) => {
    const version = row[name];
    return version === undefined ? null : version[field];
  };
}
