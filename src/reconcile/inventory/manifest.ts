/** The manifest.json of an inventory: what it lists, when, in which columns, and in which files. */
import { textOf } from "../../input/anyValue";
import { InvalidInputError, show } from "../../input/problems";
import { printable } from "../../output/printable";
import { columnName, NEEDED_COLUMNS } from "../sql/inventoryColumns";

/** Formats that S3 Inventory writes. DuckDB does not read ORC; Athena does. */
export const FORMATS = ["Parquet", "CSV", "ORC"] as const;
export type InventoryFormat = (typeof FORMATS)[number];

export interface InventoryFile {
  readonly key: string;
  /** Bytes, where the manifest says them. */
  readonly size?: number;
  /** MD5 of the file, hexadecimal, where the manifest says it. */
  readonly md5?: string;
}

export interface InventoryManifest {
  /** Where it stands, for messages: an S3 URI or a file. */
  readonly place: string;
  /** Name of the bucket that is listed. */
  readonly sourceBucket: string;
  /** Name of the bucket that the files are in; left out where the manifest does not say it. */
  readonly filesBucket?: string;
  /** When S3 began to list, in milliseconds since 1970. */
  readonly listedAt: number;
  readonly format: InventoryFormat;
  /** Names as the files have them, in their order. */
  readonly columns: readonly string[];
  readonly files: readonly InventoryFile[];
}

/**
 * @param place Where it stands, for messages.
 * @throws InvalidInputError with everything in it that cannot be used.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
 */
export function readInventoryManifest(text: string, place: string): InventoryManifest {
  const fields = parse(text, place);
  const problems: string[] = [];
  const sourceBucket = textOf(fields.sourceBucket);
  if (sourceBucket === "") {
    problems.push(`'sourceBucket' must name the bucket that is listed, got ${show(fields.sourceBucket)}`);
  }
  const listedAt = Number(fields.creationTimestamp);
  if (!Number.isSafeInteger(listedAt) || listedAt <= 0) {
    problems.push(
      `'creationTimestamp' must be the milliseconds since 1970 at which the listing began, got ${show(fields.creationTimestamp)}`,
    );
  }
  const format = FORMATS.find((known) => known.toLowerCase() === textOf(fields.fileFormat).toLowerCase());
  if (format === undefined) {
    problems.push(`'fileFormat' must be Parquet, CSV or ORC, got ${show(fields.fileFormat)}`);
  }
  const columns = format === undefined ? [] : columnsOf(textOf(fields.fileSchema), format);
  const missing = NEEDED_COLUMNS.filter((column) => !columns.map(columnName).includes(column));
  if (format !== undefined && missing.length > 0) {
    problems.push(
      `'fileSchema' must have the columns ${NEEDED_COLUMNS.join(", ")}, and ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing; an inventory of all versions has them (included object versions: All)`,
    );
  }
  const files = filesOf(fields.files, problems);
  if (problems.length > 0 || format === undefined) throw new InvalidInputError(place, problems);
  const filesBucket = /^(?:arn:[^:]*:s3:::)?(.+)$/.exec(textOf(fields.destinationBucket))?.[1];
  return {
    place,
    sourceBucket,
    ...(filesBucket === undefined ? {} : { filesBucket }),
    listedAt,
    format,
    columns,
    files,
  };
}

function parse(text: string, place: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === "object" && read !== null && !Array.isArray(read)) {
      return read as Record<string, unknown>;
    }
  } catch {
    // The same sentence serves.
  }
  throw new InvalidInputError(place, [`must be the manifest.json of an inventory, got ${show(text)}`]);
}

/** Names of files as S3 gives them. */
const FILE_OF_S3 = /(?:^|\/)data\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.(?:csv\.gz|orc|parquet)$/;

/** Whether S3 wrote an inventory, as the names of its files show. Somebody's own list has others. */
export function isWrittenByS3({ files }: InventoryManifest): boolean {
  return files.every(({ key }) => FILE_OF_S3.test(key));
}

/** @throws InvalidInputError where DuckDB cannot read the files. */
export function assertReadHere({ format, place }: InventoryManifest): void {
  if (format !== "ORC") return;
  throw new InvalidInputError(place, [
    "'fileFormat' must be Parquet or CSV, got 'ORC', which DuckDB does not read; let the inventory configuration write Parquet, or use --engine athena",
  ]);
}

/** CSV: `Key, Size`. Parquet: `message s3.inventory { optional int64 size; }`. ORC: `struct<key:string,size:bigint>`. */
function columnsOf(schema: string, format: InventoryFormat): string[] {
  if (format === "CSV") return schema.split(",").map((name) => name.trim());
  if (format === "ORC") return [...schema.matchAll(/(\w+):\w+/g)].map(([, name = ""]) => name);
  return [
    ...schema.matchAll(
      /\b(?:required|optional)\s+(?:binary|boolean|int32|int64|int96|double|float)\s+(\w+)|\bgroup\s+(object_tags)\b/g,
    ),
  ].map(([, name, map]) => name ?? map ?? "");
}

function filesOf(files: unknown, problems: string[]): InventoryFile[] {
  if (!Array.isArray(files) || files.length === 0) {
    problems.push(`'files' must list the files of the inventory, got ${show(files)}`);
    return [];
  }
  const known = new Set<unknown>();
  return files.flatMap((file: unknown, index) => {
    const { key, size, MD5checksum } = (file ?? {}) as Record<string, unknown>;
    if (known.has(key)) {
      problems.push(
        `'files[${index}].key' must be a file of its own, got ${show(key)} once more: its versions would count twice`,
      );
    }
    known.add(key);
    if (typeof key !== "string" || key === "") {
      problems.push(`'files[${index}].key' must be the key of a file, got ${show(key)}`);
      return [];
    }
    if (
      MD5checksum !== undefined &&
      !(typeof MD5checksum === "string" && /^[\da-f]{32}$/i.test(MD5checksum))
    ) {
      problems.push(`'files[${index}].MD5checksum' must be an MD5 in hexadecimal, got ${show(MD5checksum)}`);
    }
    return [
      {
        key,
        ...(Number.isSafeInteger(size) ? { size: size as number } : {}),
        ...(typeof MD5checksum === "string" ? { md5: MD5checksum.toLowerCase() } : {}),
      },
    ];
  });
}

/** What cannot be decided or compared for want of columns, a sentence each. */
const WANTED_COLUMNS: Readonly<Record<string, string>> = {
  size: "sizes",
  last_modified_date:
    "when versions were written, so that what changed after the older listing counts as missing",
  replication_status: "replication status, so that what is missing stays undecided",
  encryption_status: "encryption",
  storage_class: "storage classes",
  object_owner: "owners",
  intelligent_tiering_access_tier: "archive tiers of Intelligent-Tiering",
};

/** Columns of which only the source's are read. */
const OF_SOURCE_ALONE = ["replication_status", "intelligent_tiering_access_tier"];

/** @returns A sentence for every column that an inventory is without. */
export function notListed(
  { columns, sourceBucket }: InventoryManifest,
  side: "source" | "destination",
): string[] {
  const there = new Set(columns.map(columnName));
  return Object.entries(WANTED_COLUMNS).flatMap(([column, what]) =>
    there.has(column) || (side === "destination" && OF_SOURCE_ALONE.includes(column))
      ? []
      : [`${what}: the inventory of ${printable(sourceBucket)} has no column ${column}`],
  );
}
