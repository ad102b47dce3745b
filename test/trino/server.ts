/** A Trino of this machine: started for the tests on loopback, with tables over local files. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** How long a start may take, in milliseconds. On a machine that is busy it takes some minutes. */
const LONGEST_START = 240_000;

/** How long it may take to stop by itself. */
const LONGEST_STOP = 15_000;

/** How long a request may be put off. */
const LONGEST_DELAY = 60_000;

/**
 * HTTP statuses after which a client asks again in 50 to 100 milliseconds. Any other than these and 200 is a failure.
 * @see https://trino.io/docs/current/develop/client-protocol.html
 */
const ASKED_AGAIN = [502, 503, 504];

/** Trino's names of errors that pass while it starts. */
const OF_START = ["SERVER_STARTING_UP", "NO_NODES_AVAILABLE"];

/** A failure that passes while the server starts. */
class NotYet extends Error {}

export interface TrinoAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

interface Page {
  readonly nextUri?: string;
  readonly columns?: TrinoAnswer["columns"];
  readonly data?: TrinoAnswer["rows"];
  readonly error?: { readonly message: string; readonly errorName: string };
}

export class Trino {
  private readonly killWithTests = () => this.server.kill("SIGKILL");

  private constructor(
    private readonly server: ChildProcess,
    private readonly url: string,
    private readonly log: string,
  ) {
    process.once("exit", this.killWithTests);
  }

  /**
   * @param home Directory of an unpacked trino-server.
   * @param directory Where its state goes, and below `warehouse` the files that tables can be over.
   * @returns The server, once it scans tables of the schema `hive.default`.
   */
  static async start(home: string, directory: string): Promise<Trino> {
    const [etc, data, warehouse] = ["etc", "data", "warehouse"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    [join(etc, "catalog"), data, warehouse].forEach((path) => mkdirSync(path, { recursive: true }));
    const write = (name: string, lines: readonly string[]) =>
      writeFileSync(join(etc, name), `${lines.join("\n")}\n`);
    write("node.properties", [
      "node.environment=test",
      `node.data-dir=${data}`,
      "node.bind-ip=127.0.0.1",
      "node.internal-address=127.0.0.1",
    ]);
    write("jvm.config", [
      "-Xmx2G",
      "-XX:+UseG1GC",
      "-Djdk.attach.allowAttachSelf=true",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
    ]);
    const url = `http://127.0.0.1:${await freePort()}`;
    write("config.properties", [
      "coordinator=true",
      "node-scheduler.include-coordinator=true",
      `http-server.http.port=${new URL(url).port}`,
      `discovery.uri=${url}`,
    ]);
    write("catalog/hive.properties", [
      "connector.name=hive",
      "hive.metastore=file",
      "hive.metastore.catalog.dir=local:///",
      "hive.metastore.disable-location-checks=true",
      "fs.native-local.enabled=true",
      `local.location=${warehouse}`,
    ]);
    const log = join(directory, "server.log");
    const output = openSync(log, "w");
    const server = spawn(join(home, "bin/launcher"), ["run", "--etc-dir", etc], {
      stdio: ["ignore", output, output],
    });
    await once(server, "spawn");
    const trino = new Trino(server, url, log);
    try {
      await trino.scansTables(warehouse);
      return trino;
    } catch (error) {
      await trino.stop();
      throw error;
    }
  }

  /**
   * Only a scan tells: a server that has started learns up to five seconds later that its node has the catalog, and until then
   * scans fail. Its list of active nodes says nothing of catalogs.
   * @see https://github.com/trinodb/trino/issues/2214
   */
  private async scansTables(warehouse: string): Promise<void> {
    mkdirSync(join(warehouse, "one"));
    writeFileSync(join(warehouse, "one", "rows.csv"), '"1"\n');
    const until = Date.now() + LONGEST_START;
    for (const sql of [
      "CREATE SCHEMA IF NOT EXISTS hive.default",
      "CREATE TABLE IF NOT EXISTS hive.default.one (one varchar) WITH (external_location = 'local:///one', format = 'CSV')",
      "SELECT one FROM hive.default.one",
      "DROP TABLE IF EXISTS hive.default.one",
    ]) {
      await this.queryUntil(until, sql);
    }
  }

  private async queryUntil(until: number, sql: string): Promise<void> {
    for (;;) {
      try {
        await this.query(sql, AbortSignal.timeout(Math.max(until - Date.now(), 1)));
        return;
      } catch (error) {
        if (error instanceof NotYet && this.runs && Date.now() < until) await pause(200);
        else throw new Error(`Trino does not start: ${String(error)}\n${this.endOfLog()}`, { cause: error });
      }
    }
  }

  async query(sql: string, signal?: AbortSignal): Promise<TrinoAnswer> {
    const headers = {
      "x-trino-user": "test",
      "x-trino-catalog": "hive",
      "x-trino-schema": "default",
      "x-trino-time-zone": "UTC",
    };
    let page = await this.page(`${this.url}/v1/statement`, { method: "POST", body: sql, headers }, signal);
    const rows: (readonly unknown[])[] = [];
    let { columns } = page;
    for (;;) {
      if (page.error !== undefined) {
        const { errorName, message } = page.error;
        throw new (OF_START.includes(errorName) ? NotYet : Error)(
          `${errorName}: ${message}, of the query\n${sql}`,
        );
      }
      columns ??= page.columns;
      rows.push(...(page.data ?? []));
      if (page.nextUri === undefined) return { columns: columns ?? [], rows };
      page = await this.page(page.nextUri, {}, signal);
    }
  }

  private async page(url: string, request: RequestInit, signal?: AbortSignal): Promise<Page> {
    for (const until = Date.now() + LONGEST_DELAY; ; await pause(100)) {
      const response = await fetch(url, { ...request, signal: signal ?? null }).catch((error: Error) => {
        const { message } = error.cause instanceof Error ? error.cause : error;
        throw new NotYet(`${url} does not answer: ${message}${this.runs ? "" : `\n${this.endOfLog()}`}`);
      });
      if (response.status === 200) return (await response.json()) as Page;
      const text = await response.text();
      if (!ASKED_AGAIN.includes(response.status) || Date.now() > until)
        throw new Error(`${url} answers ${response.status} ${response.statusText}: ${text.slice(0, 1000)}`);
    }
  }

  private get runs(): boolean {
    return this.server.exitCode === null && this.server.signalCode === null;
  }

  private endOfLog(): string {
    return readFileSync(this.log, "utf8").slice(-3000);
  }

  /** Afterwards nothing writes into its directory any more. */
  async stop(): Promise<void> {
    process.off("exit", this.killWithTests);
    if (!this.runs) return;
    const ended = once(this.server, "exit");
    this.server.kill();
    const killing = setTimeout(() => this.server.kill("SIGKILL"), LONGEST_STOP);
    await ended;
    clearTimeout(killing);
  }
}

/** A port that nobody listens on: two runs at once do not meet. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
