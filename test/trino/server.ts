/** A Trino of this machine: started for the tests on loopback, with tables over local files. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** How long a start may take, in milliseconds. */
const LONGEST_START = 180_000;

export interface TrinoAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

interface Page {
  readonly nextUri?: string;
  readonly columns?: TrinoAnswer["columns"];
  readonly data?: TrinoAnswer["rows"];
  readonly error?: { readonly message: string };
}

export class Trino {
  private constructor(
    private readonly server: ChildProcess,
    private readonly url: string,
  ) {}

  /**
   * @param home Directory of an unpacked trino-server.
   * @param directory Where its state goes, and below `warehouse` the files that tables can be over.
   */
  static async start(home: string, directory: string, port: number): Promise<Trino> {
    const [etc, data, warehouse] = ["etc", "data", "warehouse"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    [join(etc, "catalog"), data, warehouse].forEach((path) => mkdirSync(path, { recursive: true }));
    const write = (name: string, lines: readonly string[]) =>
      writeFileSync(join(etc, name), `${lines.join("\n")}\n`);
    write("node.properties", ["node.environment=test", `node.data-dir=${data}`]);
    write("jvm.config", [
      "-Xmx2G",
      "-XX:+UseG1GC",
      "-Djdk.attach.allowAttachSelf=true",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
    ]);
    write("config.properties", [
      "coordinator=true",
      "node-scheduler.include-coordinator=true",
      `http-server.http.port=${port}`,
      `discovery.uri=http://127.0.0.1:${port}`,
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
      detached: true,
    });
    const trino = new Trino(server, `http://127.0.0.1:${port}`);
    for (const until = Date.now() + LONGEST_START; ; await setTimeout(500)) {
      if (readFileSync(log, "utf8").includes("SERVER STARTED")) return trino;
      if (server.exitCode !== null || Date.now() > until) {
        trino.stop();
        throw new Error(`Trino does not start:\n${readFileSync(log, "utf8").slice(-3000)}`);
      }
    }
  }

  async query(sql: string): Promise<TrinoAnswer> {
    const headers = {
      "x-trino-user": "test",
      "x-trino-catalog": "hive",
      "x-trino-schema": "default",
      "x-trino-time-zone": "UTC",
    };
    const first = await fetch(`${this.url}/v1/statement`, { method: "POST", body: sql, headers });
    let page = (await first.json()) as Page;
    const rows: (readonly unknown[])[] = [];
    let { columns } = page;
    for (;;) {
      if (page.error !== undefined) throw new Error(page.error.message);
      columns ??= page.columns;
      rows.push(...(page.data ?? []));
      if (page.nextUri === undefined) return { columns: columns ?? [], rows };
      page = (await (await fetch(page.nextUri)).json()) as Page;
    }
  }

  stop(): void {
    // The launcher starts Java in its own group.
    if (this.server.pid !== undefined && this.server.exitCode === null)
      process.kill(-this.server.pid, "SIGKILL");
  }
}
