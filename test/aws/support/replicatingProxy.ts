/**
 * A small HTTP server before the emulator that plays S3's part in replication: it passes every request on, adds
 * `x-amz-replication-status`, has replicas made that keep the version id of their source, tells whose a bucket and a
 * replica is, and refuses those who expect another owner. What becomes of an object, the test decides.
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
} from "node:http";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { bucketNameOf } from "../../../src/naming/names";
import { KeptDocuments, refusal } from "./keptDocuments";
import { arrives, type Decide, Replication } from "./replication";

/** A request that passes through, S3's in path style. */
export interface Passing {
  /** From 1. */
  readonly number: number;
  readonly method: string;
  /** Empty: another service's, or one about no bucket. */
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: Buffer | string;
}

/** An answer instead of S3's, a connection that drops, or nothing: the request passes on. */
export type Interference = Answer | "drop" | undefined;

export interface ProxyOptions {
  /** What `plant` returned: whose the buckets are. */
  readonly snapshot: Snapshot;
  /** @default arrives */
  readonly decide?: Decide;
  /** Before a request is passed on. */
  readonly before?: (passing: Passing) => Interference | Promise<Interference>;
  /** After the emulator did it, before the caller is answered. */
  readonly after?: (passing: Passing, answer: Answer) => Interference | Promise<Interference>;
}

/** The canonical id of an account, as S3 names owners. The emulator has one for all, of the same length. */
export const canonicalId = (accountId: string): string =>
  createHash("sha256").update(accountId).digest("hex");

const EMULATED_OWNER = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a";

/** For `after`: S3's clock is an hour on. */
export function anHourLater(_: Passing, answer: Answer): Answer {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  return { ...answer, headers: { ...answer.headers, date } };
}

export class ReplicatingProxy {
  private requests = 0;

  private constructor(
    private readonly emulator: URL,
    private readonly documents: KeptDocuments,
    readonly replication: Replication,
    /** May be changed while it runs. */
    public options: ProxyOptions,
    /** `http://127.0.0.1:<port>` */
    readonly endpoint: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(emulatorEndpoint: string, options: ProxyOptions): Promise<ReplicatingProxy> {
    const sockets = new Set<Socket>();
    const server = createServer((request, response) => {
      proxy.serve(request).then(
        (answer) => {
          if (answer === "drop") return request.socket.destroy();
          response.writeHead(answer.status, answer.headers);
          return response.end(request.method === "HEAD" ? undefined : answer.body);
        },
        (error: Error) => response.writeHead(500).end(`the proxy failed: ${error.stack}`),
      );
    });
    server.on("connection", (socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const documents = await KeptDocuments.takeOver(emulatorEndpoint, options.snapshot);
    const replication = new Replication(
      emulatorEndpoint,
      options.snapshot,
      documents,
      options.decide ?? arrives,
    );
    const proxy = new ReplicatingProxy(
      new URL(emulatorEndpoint),
      documents,
      replication,
      options,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async () => {
        const closed = once(server, "close");
        server.close();
        for (const socket of sockets) socket.destroy();
        await closed;
        replication.close();
      },
    );
    return proxy;
  }

  private async serve(request: IncomingMessage): Promise<Answer | "drop"> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", this.emulator);
    const [, bucket = "", ...key] = url.pathname.split("/");
    const passing: Passing = {
      number: (this.requests += 1),
      method: request.method ?? "GET",
      bucket,
      key: decodeURIComponent(key.join("/")),
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    const instead = await this.options.before?.(passing);
    if (instead !== undefined) return instead;
    if (this.expectsAnotherOwner(passing)) return refusal();
    const document = this.documents.answer(passing);
    if (document !== undefined) return document;
    if (["GET", "HEAD"].includes(passing.method)) {
      const { query } = passing;
      const isList = passing.key === "" && (query.has("versions") || query.has("list-type"));
      const prefix = query.get("prefix") ?? "";
      await this.replication.poll(bucket, (each) =>
        isList ? each.startsWith(prefix) : each === passing.key,
      );
    }
    const answer = this.asS3(passing, await this.forward(passing, `${url.pathname}${url.search}`));
    await this.replicateNew(passing, answer);
    return (await this.options.after?.(passing, answer)) ?? answer;
  }

  private expectsAnotherOwner({ bucket, headers }: Passing): boolean {
    const expected = headers["x-amz-expected-bucket-owner"];
    const account = this.accountOf(bucket);
    return expected !== undefined && account !== undefined && expected !== account;
  }

  private accountOf(bucket: string): string | undefined {
    const { buckets } = this.options.snapshot;
    return Object.entries(buckets).find(([arn]) => bucketNameOf(arn) === bucket)?.[1].account;
  }

  /** Version ids of replicas are the emulator's on its side, and those of the source objects on the caller's. */
  private forward({ method, bucket, headers, body }: Passing, path: string): Promise<Answer> {
    const ids = [...(this.replication.replicas.get(bucket) ?? [])];
    const toEmulator = (text: string) =>
      ids.reduce((all, [own, { versionId }]) => all.replaceAll(versionId, own), text);
    return new Promise((resolve, reject) => {
      const forwarded = httpRequest(
        new URL(toEmulator(path), this.emulator),
        { method, headers: { ...headers, connection: "close" } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 500,
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      forwarded.on("error", reject);
      forwarded.end(ids.length === 0 ? body : Buffer.from(toEmulator(body.toString("latin1")), "latin1"));
    });
  }

  /** The emulator's answer in the words of S3. Every id is replaced by one of its length. */
  private asS3({ bucket, key, method, query }: Passing, answer: Answer): Answer {
    const account = this.accountOf(bucket);
    if (account === undefined) return answer;
    const replicas = this.replication.replicas.get(bucket) ?? new Map<string, never>();
    const headers = { ...answer.headers };
    const own = headers["x-amz-version-id"] as string | undefined;
    const replica = own === undefined ? undefined : replicas.get(own);
    if (replica !== undefined) headers["x-amz-version-id"] = replica.versionId;
    const isRead = ["GET", "HEAD"].includes(method) && key !== "" && answer.status < 300;
    const status = replica === undefined ? this.replication.statusOf(bucket, key, own) : "REPLICA";
    if (isRead && status !== undefined) headers["x-amz-replication-status"] = status;
    if (!String(headers["content-type"]).includes("xml")) return { ...answer, headers };
    let text = (answer.body as Buffer).toString("latin1");
    const asked = [...replicas.values()].find(({ versionId }) => versionId === query.get("versionId"));
    for (const [id, { versionId, owner }] of replicas) {
      text = text.replaceAll(/<(Version|DeleteMarker)>.*?<\/\1>/gs, (entry) =>
        entry.includes(id)
          ? entry.replaceAll(EMULATED_OWNER, canonicalId(owner ?? account)).replaceAll(id, versionId)
          : entry,
      );
      text = text.replaceAll(id, versionId);
    }
    text = text.replaceAll(EMULATED_OWNER, canonicalId(asked?.owner ?? account));
    const body = Buffer.from(text, "latin1");
    delete headers["transfer-encoding"];
    return { ...answer, headers: { ...headers, "content-length": String(body.length) }, body };
  }

  private async replicateNew({ method, bucket, key, query }: Passing, answer: Answer): Promise<void> {
    const versionId = answer.headers?.["x-amz-version-id"] as string | undefined;
    if (versionId === undefined || answer.status >= 300 || key === "" || query.has("versionId")) return;
    const isObject =
      method === "PUT" && ["tagging", "acl", "retention", "legal-hold"].every((name) => !query.has(name));
    const isMarker = method === "DELETE" && answer.headers?.["x-amz-delete-marker"] === "true";
    if (isObject || isMarker) await this.replication.replicate(bucket, key, versionId, isMarker);
  }
}
