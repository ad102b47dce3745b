/** DuckDB, an optional package: opened with limits, and with no way to the network. */
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { realpathSync } from "node:fs";
import { InvalidInputError, show } from "../../input/problems";
import { literal } from "../sql/dialects";

export interface DatabaseLimits {
  /** Bytes of memory at most. What does not fit goes to the directory. */
  readonly memory: number;
  /** Directory for what does not fit. */
  readonly directory: string;
  /** The files that are read; no other can be. */
  readonly files: readonly string[];
}

/** Whether the optional package is installed. */
export function hasDuckDb(): boolean {
  try {
    require.resolve("@duckdb/node-api");
    return true;
  } catch {
    return false;
  }
}

export const INSTALL_DUCKDB = "npm install @duckdb/node-api";

/** @throws InvalidInputError where the package is missing. */
export async function loadDuckDb(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    // A package that is there and does not load has a reason of its own.
    const why =
      (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND"
        ? "is not installed"
        : `does not load (${firstLines(error)})`;
    throw new InvalidInputError("--engine inventory", [
      `needs the package @duckdb/node-api, which ${why}; run '${INSTALL_DUCKDB}', or use --engine list or athena`,
    ]);
  }
}

/** Part of the memory that DuckDB's own account of it gets: buffers of files and answers come on top. */
const ACCOUNTED = 0.7;

export class Database {
  private isStopped = false;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws InvalidInputError where the package is missing, or does not take the limits. */
  static async open({ memory, directory, files }: DatabaseLimits, signal: AbortSignal): Promise<Database> {
    const { DuckDBInstance } = await loadDuckDb();
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${Math.floor((memory * ACCOUNTED) / 1e6)}MB`,
      temp_directory: directory,
      preserve_insertion_order: "false",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    await connection.run("SET enable_progress_bar = true");
    await connection.run("SET enable_progress_bar_print = false");
    await connection.run("SET TimeZone = 'UTC'");
    // Nothing else is read, whatever a query says. DuckDB follows links before it looks.
    const paths = files.flatMap((file) => [file, realpathSync(file)]);
    await connection.run(`SET allowed_paths = [${paths.map(literal).join(", ")}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    return new Database(instance, connection, signal);
  }

  /** @param onPercent Told now and then how far it is. */
  async rows(sql: string, onPercent?: (percent: number) => void): Promise<Record<string, unknown>[]> {
    return this.watched(onPercent, async () => (await this.connection.run(sql)).getRowObjects());
  }

  /** Rows in parts, so that however many there are need little memory. */
  async stream(sql: string, take: (row: readonly unknown[]) => void | Promise<void>): Promise<void> {
    await this.watched(undefined, async () => {
      const result = await this.connection.stream(sql);
      for await (const rows of result.yieldRows()) {
        for (const row of rows) {
          // Waiting for what does not wait would cost more than the row.
          const taken = take(row);
          if (taken !== undefined) await taken;
        }
      }
    });
  }

  /** Nothing of it is wanted any more: a query that runs fails, and so do those after it. */
  stop(): void {
    this.isStopped = true;
    this.connection.interrupt();
  }

  private async watched<T>(
    onPercent: ((percent: number) => void) | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    this.signal.throwIfAborted();
    if (this.isStopped) throw new Error("the database was stopped");
    const interrupt = () => this.connection.interrupt();
    this.signal.addEventListener("abort", interrupt);
    const timer = setInterval(() => onPercent?.(Math.max(0, this.connection.progress.percentage)), 200);
    try {
      return await work();
    } catch (error) {
      this.signal.throwIfAborted();
      throw new InvalidInputError("inventory", [`DuckDB cannot read it: ${firstLines(error)}`]);
    } finally {
      clearInterval(timer);
      this.signal.removeEventListener("abort", interrupt);
    }
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** What happened, and why. Errors of DuckDB can quote what they read, which says neither. */
function firstLines(error: unknown): string {
  const lines = (error as Error).message.split("\n").filter((line) => !line.startsWith("Original Line:"));
  const text = lines.slice(0, 2).join(" ").trim();
  return show(text).slice(1, -1);
}
