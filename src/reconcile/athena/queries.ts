/** Queries on Athena: started, followed to their end, stopped when the run is, and their rows. */
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { numeral } from "../../output/counts";
import { AwsCallFailed, describe, isRefused } from "../../aws/failures";
import { longer, rest } from "../../util/pauses";

/** Longest query that Athena takes, in bytes. @see https://docs.aws.amazon.com/athena/latest/ug/service-limits.html */
const LONGEST_QUERY = 262_144;

/** The first pause between two looks at a query, in milliseconds. */
const FIRST_PAUSE = 500;

export interface QueryPlace {
  readonly athena: AthenaClient;
  readonly workGroup: string;
  /** Database in which names without one are looked up. */
  readonly database: string;
  readonly callerArn: string;
  readonly signal: AbortSignal;
  /** The first pause between two looks, in milliseconds. Default: 500. */
  readonly pause?: number;
}

export interface FinishedQuery {
  readonly id: string;
  /** Bytes that Athena says it scanned. */
  readonly scanned: number;
}

/**
 * @param onScanned Told now and then how many bytes were scanned.
 * @throws AwsCallFailed with Athena's own reason.
 */
export async function runQuery(
  place: QueryPlace,
  sql: string,
  onScanned: (bytes: number) => void = () => undefined,
): Promise<FinishedQuery> {
  const { athena, workGroup, database, signal } = place;
  if (Buffer.byteLength(sql) > LONGEST_QUERY) {
    throw new AwsCallFailed(
      `the rules make a query of ${numeral(Buffer.byteLength(sql))} bytes, and Athena takes at most ${numeral(LONGEST_QUERY)}; --engine inventory has no such limit`,
    );
  }
  const { QueryExecutionId: id = "" } = await answered(place, "athena:StartQueryExecution", () =>
    athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workGroup,
        QueryExecutionContext: { Database: database },
      }),
      { abortSignal: signal },
    ),
  );
  try {
    return await follow(place, id, onScanned);
  } catch (error) {
    if (signal.aborted)
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
    throw error;
  }
}

async function follow(
  place: QueryPlace,
  id: string,
  onScanned: (bytes: number) => void,
): Promise<FinishedQuery> {
  const { athena, signal } = place;
  for (let pause = place.pause ?? FIRST_PAUSE; ; pause = longer(pause)) {
    signal.throwIfAborted();
    const { QueryExecution } = await answered(place, "athena:GetQueryExecution", () =>
      athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }), { abortSignal: signal }),
    );
    const { Status, Statistics } = QueryExecution ?? {};
    const scanned = Statistics?.DataScannedInBytes ?? 0;
    onScanned(scanned);
    if (Status?.State === "SUCCEEDED") return { id, scanned };
    if (Status?.State === "FAILED" || Status?.State === "CANCELLED") {
      throw new AwsCallFailed(
        `Athena's query ${id} ended as ${Status.State}: ${Status.StateChangeReason ?? "it does not say why"}`,
      );
    }
    await rest(pause, signal);
  }
}

/** Rows of a query, page by page: however many there are need little memory. */
export async function* rowsOf(place: QueryPlace, { id }: FinishedQuery): AsyncIterable<(string | null)[]> {
  const { athena, signal } = place;
  let token: string | undefined;
  let isHeader = true;
  do {
    const answer = await answered(place, "athena:GetQueryResults", () =>
      athena.send(
        new GetQueryResultsCommand({
          QueryExecutionId: id,
          MaxResults: 1000,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
        { abortSignal: signal },
      ),
    );
    for (const { Data = [] } of answer.ResultSet?.Rows ?? []) {
      // The first row of a SELECT holds the names of the columns.
      if (!isHeader) yield Data.map(({ VarCharValue }) => VarCharValue ?? null);
      isHeader = false;
    }
    token = answer.NextToken;
  } while (token !== undefined);
}

/** Names and types of the columns of a finished query. */
export async function columnsOf(place: QueryPlace, { id }: FinishedQuery): Promise<Map<string, string>> {
  const answer = await answered(place, "athena:GetQueryResults", () =>
    place.athena.send(new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: 1 }), {
      abortSignal: place.signal,
    }),
  );
  const columns = answer.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  return new Map(columns.map(({ Name = "", Type = "" }) => [Name, Type]));
}

/** @throws AwsCallFailed that names the permission. */
async function answered<T>(
  { callerArn, workGroup, signal }: QueryPlace,
  action: string,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (signal.aborted) throw error;
    const who = isRefused(error) ? `${callerArn} needs ${action} on workgroup '${workGroup}'` : action;
    throw new AwsCallFailed(`${who}: ${describe(error)}`);
  }
}
