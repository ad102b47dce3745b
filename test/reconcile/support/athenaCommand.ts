/** The command 'reconcile --engine athena' against stand-ins of S3 and Athena, over inventories in files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { cli, type Result } from "../../support/cli";
import { type Answer, AthenaStandIn } from "./athenaStandIn";
import { DESTINATION, DESTINATION_ACCOUNT, planted, SOURCE, SOURCE_ACCOUNT } from "./buckets";
import { openTables } from "./duckdbTables";
import { writeInventory, type Written } from "./inventories";
import { LISTED_AT } from "./randomRows";
import { S3StandIn } from "./s3StandIn";
import { rowsOf } from "./standInRows";

/** Bucket of the inventories. */
const LISTS = "acme-lists";
const DELIVERY = "2026-11-20T00-00Z";
const SIDES = { source: SOURCE, destination: DESTINATION } as const;

/** A table that a run makes, as whoever runs the queries needs to know it. */
export interface MadeTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly format: Written["format"];
  /** Name of the directory of its inventory, below that of the run. */
  readonly inventory: string;
}

/** Runs a query over the tables that were made. */
export interface QueryEngine {
  readonly make: (table: MadeTable) => Promise<void>;
  readonly drop: (database: string, name: string) => Promise<void>;
  readonly select: (sql: string) => Promise<Answer>;
}

/** What `sql` makes, where it is the statement of Hive that makes a table over a delivery. */
export function madeTable(sql: string): MadeTable | undefined {
  const [, database, name, written = "", serde = "", inventory] =
    /^CREATE EXTERNAL TABLE `(\w+)`\.`(\w+)` \((.*)\) ROW FORMAT SERDE '([^']*)'.* LOCATION 's3:\/\/[\w-]+\/(\w+)\//s.exec(
      sql,
    ) ?? [];
  if (database === undefined || name === undefined || inventory === undefined) return undefined;
  const columns = written.split(", ").map((column) => {
    const [, own = "", type = ""] = /^`(\w+)` (\w+)$/.exec(column) ?? [];
    return { name: own, type };
  });
  return { database, name, columns, inventory, format: serde.includes("Parquet") ? "Parquet" : "CSV" };
}

/** Answers each statement of the command, and says why one failed as Athena does. */
export async function answerWith(engine: QueryEngine, sql: string): Promise<Answer> {
  try {
    const table = madeTable(sql);
    const [, database, name] = /^DROP TABLE IF EXISTS `(\w+)`\.`(\w+)`$/.exec(sql) ?? [];
    if (table !== undefined) await engine.make(table);
    else if (database !== undefined && name !== undefined) await engine.drop(database, name);
    else return await engine.select(sql);
    return {};
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

export class AthenaCommand {
  private constructor(
    private readonly s3: S3StandIn,
    readonly athena: AthenaStandIn,
    private readonly root: string,
  ) {}

  /** @param root Directory of the run: the inventories of both buckets are written into `source` and `destination` of it. */
  static async start(
    root: string,
    engine: QueryEngine,
    { versions, format }: { readonly versions: number; readonly format: Written["format"] },
  ): Promise<AthenaCommand> {
    const { buckets } = planted(versions);
    const connection: DuckDBConnection = await openTables(rowsOf(buckets));
    const objects: Record<string, string> = {};
    for (const side of ["source", "destination"] as const) {
      const directory = join(root, side);
      await writeInventory(connection, side, directory, {
        format,
        bucketName: SIDES[side],
        listedAt: LISTED_AT,
      });
      objects[keyOf(side)] = readFileSync(join(directory, "manifest.json"), "utf8");
    }
    const lists = { accountId: SOURCE_ACCOUNT, versions: [], objects };
    const s3 = await S3StandIn.start({ ...buckets, [LISTS]: lists });
    const athena = await AthenaStandIn.start((sql) => answerWith(engine, sql));
    return new AthenaCommand(s3, athena, root);
  }

  /** `reconcile` of the planted buckets. */
  run(...options: string[]): Promise<Result> {
    const role = ["--destination-role-arn", `arn:aws:iam::${DESTINATION_ACCOUNT}:role/entrance`];
    return cli(["reconcile", SOURCE, ...role, "--no-explain", ...options], {
      ...this.s3.environment,
      AWS_ENDPOINT_URL_ATHENA: this.athena.endpoint,
    });
  }

  /** The options that name the inventories in their bucket. */
  get inBucket(): string[] {
    return (["source", "destination"] as const).flatMap((side) => [
      `--${side}-inventory`,
      `s3://${LISTS}/${keyOf(side)}`,
    ]);
  }

  /** The options that name the same inventories as directories. */
  get inDirectories(): string[] {
    return (["source", "destination"] as const).flatMap((side) => [
      `--${side}-inventory`,
      join(this.root, side),
    ]);
  }

  async stop(): Promise<void> {
    this.athena.stop();
    await this.s3.stop();
  }
}

const keyOf = (side: keyof typeof SIDES) => `${side}/${DELIVERY}/manifest.json`;
