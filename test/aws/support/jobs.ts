/**
 * Plays S3 Batch Operations before the emulator, which has none: jobs of S3 Control are answered here in the shapes of
 * AWS's API reference, everything else goes on to the emulator. A job's token means what AWS says it means: the same
 * request sent twice makes one job. A job does nothing: a script says what it looks like, look by look.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { forward, type Reply } from "./forward";

/** How a job looks when it is looked at. */
export interface Look {
  readonly status: string;
  readonly total?: number;
  readonly succeeded?: number;
  readonly failed?: number;
}

export interface PlayedJob {
  readonly id: string;
  readonly token: string;
  /** The request as it was sent, XML. */
  readonly body: string;
  /** How it was seen last. */
  look: Look;
  looks: number;
  created: Date;
  ended?: Date;
  /** How many listings it is still missing from. */
  unlisted?: number;
}

const ENDS = ["Complete", "Failed", "Cancelled"];

export interface JobsOptions {
  readonly script: readonly Look[];
  /**
   * How many listings a new job is missing from.
   * @default 0
   */
  readonly listedLate?: number;
  /** Called for each request, before anything is done about it and once it is done; the answer waits for it. */
  readonly onRequest?: (number: number, phase: "before" | "after", what: string) => Promise<void> | void;
}

export class JobsServer {
  readonly jobs: PlayedJob[] = [];
  /** `<method> <path>` of each request, with the action where it is in the body. */
  readonly requests: string[] = [];
  options: JobsOptions = { script: [{ status: "Complete" }] };
  /** Answers to come first, by what is asked: an error's status and code. */
  readonly refusals = new Map<string, { status: number; code: string; after?: boolean }[]>();
  private readonly server = createServer((incoming, outgoing) => void this.answer(incoming, outgoing));

  private constructor(private readonly emulator: string) {}

  static async start(emulator: string): Promise<JobsServer> {
    const server = new JobsServer(emulator);
    server.server.listen(0, "127.0.0.1");
    await once(server.server, "listening");
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Forgets every job. */
  reset(options: JobsOptions): void {
    this.options = options;
    this.jobs.length = this.requests.length = 0;
    this.refusals.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(incoming.url ?? "/", this.endpoint);
    const action = /(?:^|&)Action=(\w+)/.exec(body.toString("latin1"))?.[1];
    const what = [incoming.method, pathname, action].filter(Boolean).join(" ");
    const number = this.requests.push(what);
    await this.options.onRequest?.(number, "before", what);
    const refusal = this.refusals.get(what)?.shift();
    const reply =
      refusal === undefined || refusal.after === true
        ? pathname.startsWith("/v20180820/jobs")
          ? this.play(incoming.method ?? "", pathname, searchParams, body.toString("utf8"))
          : await forward(this.emulator, incoming, body)
        : failure(refusal.status, refusal.code);
    await this.options.onRequest?.(number, "after", what);
    const { status, headers, content } =
      refusal?.after === true ? failure(refusal.status, refusal.code) : reply;
    if (outgoing.destroyed) return;
    const known = Object.entries(headers).filter(([, value]) => value !== undefined);
    outgoing.writeHead(status, Object.fromEntries(known));
    outgoing.end(content);
  }

  private play(method: string, path: string, parameters: URLSearchParams, body: string): Reply {
    const [, id, what] = /^\/v20180820\/jobs(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
    if (id === undefined) return method === "POST" ? this.create(body) : this.list();
    const job = this.jobs.find((each) => each.id === id);
    if (job === undefined) return failure(404, "NoSuchJob");
    if (what === "status") {
      this.see(job, { ...job.look, status: parameters.get("requestedJobStatus") ?? "" });
      return xml("UpdateJobStatusResult", `<JobId>${id}</JobId><Status>${job.look.status}</Status>`);
    }
    return this.describe(job);
  }

  private create(body: string): Reply {
    const token = element(body, "ClientRequestToken") ?? "";
    const known = this.jobs.find((job) => job.token === token);
    if (known !== undefined && known.body !== body) return failure(400, "IdempotencyException");
    const id = known?.id ?? `00000000-0000-4000-8000-${String(this.jobs.length + 1).padStart(12, "0")}`;
    if (known === undefined) {
      const unlisted = this.options.listedLate ?? 0;
      this.jobs.push({ id, token, body, look: { status: "New" }, looks: 0, created: new Date(), unlisted });
    }
    return xml("CreateJobResult", `<JobId>${id}</JobId>`);
  }

  private list(): Reply {
    const shown = this.jobs.filter(({ unlisted = 0 }) => unlisted === 0);
    for (const job of this.jobs) job.unlisted = Math.max((job.unlisted ?? 0) - 1, 0);
    const members = shown.map(
      (job) =>
        `<member><JobId>${job.id}</JobId><Description>${element(job.body, "Description")}</Description><Operation>S3ReplicateObject</Operation><Priority>10</Priority>${state(job)}</member>`,
    );
    return xml("ListJobsResult", `<Jobs>${members.join("")}</Jobs>`);
  }

  private describe(job: PlayedJob): Reply {
    const { script } = this.options;
    this.see(job, script[Math.min(job.looks, script.length - 1)] ?? { status: "Complete" });
    job.looks += 1;
    const has = (name: string) => {
      const found = new RegExp(`<${name}>.*</${name}>`, "s").exec(job.body);
      return found === null ? "" : found[0];
    };
    return xml(
      "DescribeJobResult",
      `<Job><JobId>${job.id}</JobId><ConfirmationRequired>false</ConfirmationRequired>${has("Description")}${has("Manifest")}${has("ManifestGenerator")}<Operation><S3ReplicateObject/></Operation><Priority>10</Priority>${state(job)}${has("Report")}${has("RoleArn")}</Job>`,
    );
  }

  private see(job: PlayedJob, look: Look): void {
    job.look = look;
    if (ENDS.includes(look.status)) job.ended ??= new Date();
  }
}

/** What a list says of a job, and its description too. */
function state({
  look: { status, total = 0, succeeded = 0, failed = 0 },
  created,
  ended,
}: PlayedJob): string {
  const termination = ended === undefined ? "" : `<TerminationDate>${ended.toISOString()}</TerminationDate>`;
  return `<Status>${status}</Status><ProgressSummary><TotalNumberOfTasks>${total}</TotalNumberOfTasks><NumberOfTasksSucceeded>${succeeded}</NumberOfTasksSucceeded><NumberOfTasksFailed>${failed}</NumberOfTasksFailed></ProgressSummary><CreationTime>${created.toISOString()}</CreationTime>${termination}`;
}

const NAMESPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/";

function xml(name: string, content: string): Reply {
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    content: `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="${NAMESPACE}">${content}</${name}>`,
  };
}

function failure(status: number, code: string): Reply {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>played</Message></Error><RequestId>1</RequestId>`;
  return { ...xml("ErrorResponse", error), status };
}

function element(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
}
