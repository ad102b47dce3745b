/** A stand-in for Athena over HTTP on loopback: its answers have the shapes of AWS's, and a test says what queries come to. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AthenaClient } from "@aws-sdk/client-athena";

/** What a query comes to. */
export interface Answer {
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly rows?: readonly (readonly (string | null)[])[];
  /** Why it failed. */
  readonly failure?: string;
  /** Looks at the query before it is at its end. */
  readonly looks?: number;
}

interface Running {
  readonly answer: Promise<Answer>;
  looks: number;
  stopped: boolean;
}

export class AthenaStandIn {
  /** Every query, in the order in which they were started. */
  readonly queries: string[] = [];
  /** Ids of the queries that were stopped. */
  readonly stopped: string[] = [];
  /** Errors that the next calls are answered with. */
  readonly errors: { status: number; type: string; message: string }[] = [];
  private readonly running = new Map<string, Running>();

  private constructor(
    private readonly server: Server,
    private readonly execute: (sql: string) => Promise<Answer>,
  ) {}

  static async start(execute: (sql: string) => Promise<Answer>): Promise<AthenaStandIn> {
    const server = createServer();
    const standIn = new AthenaStandIn(server, execute);
    server.on("request", (request, response) => {
      void standIn.answer(request).then(({ status, type, body }) => {
        response.writeHead(status, {
          "content-type": "application/x-amz-json-1.1",
          ...(type === undefined ? {} : { "x-amzn-errortype": type }),
        });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  client(): AthenaClient {
    return new AthenaClient({
      region: "eu-central-1",
      endpoint: this.endpoint,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 2,
    });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; type?: string; body: unknown }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const ask = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
    const error = this.errors.shift();
    if (error !== undefined)
      return { status: error.status, type: error.type, body: { Message: error.message } };
    const operation = String(request.headers["x-amz-target"]).replace("AmazonAthena.", "");
    return { status: 200, body: await this.operation(operation, ask) };
  }

  private async operation(name: string, ask: Record<string, string>): Promise<unknown> {
    const id = ask.QueryExecutionId ?? "";
    const running = this.running.get(id);
    switch (name) {
      case "StartQueryExecution": {
        const QueryExecutionId = `query-${this.queries.length}`;
        this.queries.push(ask.QueryString ?? "");
        this.running.set(QueryExecutionId, {
          answer: this.execute(ask.QueryString ?? ""),
          looks: 0,
          stopped: false,
        });
        return { QueryExecutionId };
      }
      case "StopQueryExecution":
        this.stopped.push(id);
        if (running !== undefined) running.stopped = true;
        return {};
      case "GetQueryExecution":
        return { QueryExecution: await execution(id, running) };
      case "GetQueryResults":
        return results(await running?.answer, ask);
      default:
        throw new Error(`nothing answers ${name}`);
    }
  }
}

async function execution(id: string, running: Running | undefined): Promise<unknown> {
  const answer = (await running?.answer) ?? {};
  if (running !== undefined) running.looks += 1;
  const isOver = (running?.looks ?? 0) > (answer.looks ?? 0);
  const state = !isOver ? "RUNNING" : answer.failure === undefined ? "SUCCEEDED" : "FAILED";
  return {
    QueryExecutionId: id,
    Status: { State: state, ...(answer.failure === undefined ? {} : { StateChangeReason: answer.failure }) },
    Statistics: { DataScannedInBytes: 1_000_000 },
  };
}

/** At most so many rows are on a page. */
const PAGE = 1000;

/** The first page begins with the names of the columns. */
function results({ columns = [], rows = [] }: Answer = {}, ask: Record<string, unknown>): unknown {
  const header = columns.map(({ name }) => name);
  const all = columns.length === 0 ? [] : [header, ...rows];
  const from = Number(ask.NextToken ?? 0);
  const until = from + Math.min(Number(ask.MaxResults ?? PAGE), PAGE);
  return {
    ResultSet: {
      ResultSetMetadata: { ColumnInfo: columns.map(({ name, type }) => ({ Name: name, Type: type })) },
      Rows: all.slice(from, until).map((values) => ({
        Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
      })),
    },
    ...(until < all.length ? { NextToken: String(until) } : {}),
  };
}
