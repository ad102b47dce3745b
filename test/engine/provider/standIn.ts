/**
 * A stand-in for the `aws` provider: the engine speaks to it as to any provider, and it answers from accounts in memory.
 * What previews show is what the real one would show: inputs are echoed, what only AWS can tell is unknown, and a document
 * that holds something unknown is unknown as a whole.
 */
import * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/aws/package.json";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { AwsRefusal } from "../../../src/resources/resources";
import { type Accounts, type Caller, NotSeenYet } from "./accounts";
import { difference } from "./difference";
import { type Thing, typeOf } from "./resourceTypes";
import { SCHEMA } from "./schema";
import {
  canonical,
  documentText,
  fromStruct,
  holdsUnknown,
  type Properties,
  sameDocument,
  toStruct,
  UNKNOWN,
} from "./values";

/** Something that goes wrong at one of the requests to AWS. */
export interface Fault {
  /** Number of the request, counted from 1, or the first that is like this. */
  readonly at: number | ((request: AwsRequest) => boolean);
  /** Whether AWS has done by then what it was asked. */
  readonly when: "before" | "after";
  /** Throws for an error that the provider reports; whatever else it does, the request is never answered. */
  readonly strike: (provider: StandIn) => void;
}

export interface StandInOptions {
  readonly fault?: Fault;
  /**
   * Account of the credentials that the provider finds, whatever account it is meant for.
   * @default the only allowed account
   */
  readonly credentialsOf?: string;
  /**
   * Milliseconds for which a request is tried again while AWS does not see what it refers to.
   * @default 2000
   */
  readonly patienceMs?: number;
  /**
   * Refuses, by throwing, what the caller's policies do not allow.
   * @default everything is allowed
   */
  readonly permit?: (request: PermittedRequest) => void;
}

/** A request as the policies of the caller see it. */
export interface PermittedRequest extends Caller {
  readonly kind: "create" | "read" | "update" | "delete";
  readonly type: string;
  readonly properties: Properties;
}

/** A request to AWS, as the provider made it. */
export interface AwsRequest {
  readonly kind: "create" | "read" | "update" | "delete" | "invoke";
  readonly subject: string;
}

export class StandIn {
  private readonly server: grpc.Server;
  /** Every provider resource of a program has a connection of its own, and with it an account. */
  private readonly callers = new Map<string, Caller>();
  /** Requests to AWS, in the order in which they came. */
  readonly requests: AwsRequest[] = [];
  /** Whether the fault has struck. */
  struck = false;
  port = 0;

  private constructor(
    private readonly accounts: Accounts,
    private readonly options: StandInOptions,
  ) {
    this.server = new grpc.Server({
      "grpc.max_receive_message_length": 1 << 28,
      "grpc.max_send_message_length": 1 << 28,
    });
    this.server.addService(ResourceProviderService, this.service());
  }

  /** Listens on the loopback only. */
  static async start(accounts: Accounts, options: StandInOptions = {}): Promise<StandIn> {
    const standIn = new StandIn(accounts, options);
    standIn.port = await new Promise<number>((resolve, reject) => {
      standIn.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    return standIn;
  }

  /** Ends at once, as a process does that is killed: whoever waits for an answer gets none. */
  stop(): void {
    this.server.forceShutdown();
  }

  private service(): grpc.UntypedServiceImplementation {
    return {
      getPluginInfo: answer(() => {
        const info = new PluginInfo();
        info.setVersion(version);
        return info;
      }),
      getSchema: answer(() => {
        const response = new proto.GetSchemaResponse();
        response.setSchema(JSON.stringify(SCHEMA));
        return response;
      }),
      attach: answer(() => new Empty()),
      cancel: answer(() => new Empty()),
      checkConfig: answer((request: proto.CheckRequest) => accepted(fromStruct(request.getNews()))),
      diffConfig: answer((request: proto.DiffRequest) =>
        difference(
          fromStruct(request.getOldInputs() ?? request.getOlds()),
          fromStruct(request.getNews()),
          "",
        ),
      ),
      configure: answer((request: proto.ConfigureRequest, peer) => this.configure(request, peer)),
      check: answer((request: proto.CheckRequest) => check(request)),
      diff: answer((request: proto.DiffRequest) => {
        const type = typeIn(request.getUrn());
        const outputs = fromStruct(request.getOlds());
        // What a program left out has the value that AWS gave it: to say the same is no change.
        const given = Object.fromEntries(
          ["region", ...Object.keys(typeOf(type).defaults ?? {})].map((key) => [key, outputs[key]]),
        );
        return difference(
          { ...given, ...fromStruct(request.getOldInputs() ?? request.getOlds()) },
          { ...given, ...fromStruct(request.getNews()) },
          type,
          request.getIgnorechangesList(),
        );
      }),
      create: answer((request: proto.CreateRequest, peer) => this.create(request, peer)),
      read: answer((request: proto.ReadRequest, peer) => this.read(request, peer)),
      update: answer((request: proto.UpdateRequest, peer) => this.update(request, peer)),
      delete: answer((request: proto.DeleteRequest, peer) => this.delete(request, peer)),
      invoke: answer((request: proto.InvokeRequest, peer) => this.invoke(request, peer)),
    };
  }

  /** Credentials that are not of an allowed account are refused before anything else is asked. */
  private configure(request: proto.ConfigureRequest, peer: string): proto.ConfigureResponse {
    const settings = fromStruct(request.getArgs());
    const allowed = listOf(settings.allowedAccountIds);
    const [assumed] = listOf(settings.assumeRoles) as { roleArn?: string }[];
    const accountId =
      assumed?.roleArn?.split(":")[4] ??
      this.options.credentialsOf ??
      (allowed[0] as string | undefined) ??
      "";
    if (allowed.length > 0 && !allowed.includes(accountId))
      throw new Error(`AWS account ID not allowed: ${accountId}`);
    this.callers.set(peer, { accountId, region: typeof settings.region === "string" ? settings.region : "" });
    const response = new proto.ConfigureResponse();
    response.setSupportspreview(true);
    return response;
  }

  private async create(request: proto.CreateRequest, peer: string): Promise<proto.CreateResponse> {
    const type = typeIn(request.getUrn());
    const inputs = fromStruct(request.getProperties());
    const response = new proto.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(previewOutputs(type, inputs)));
      return response;
    }
    const thing = await this.ask({ kind: "create", subject: request.getUrn() }, () => {
      this.permit("create", type, inputs, peer);
      return this.accounts.create(type, nameIn(request.getUrn()), inputs, this.caller(peer));
    });
    response.setId(thing.id);
    response.setProperties(toStruct(outputsOf(thing)));
    return response;
  }

  private async read(request: proto.ReadRequest, peer: string): Promise<proto.ReadResponse> {
    const type = typeIn(request.getUrn());
    const thing = await this.ask({ kind: "read", subject: request.getUrn() }, () => {
      this.permit("read", type, fromStruct(request.getProperties()), peer);
      return this.accounts.read(type, request.getId(), this.caller(peer));
    });
    const response = new proto.ReadResponse();
    if (thing === undefined) return response;
    response.setId(thing.id);
    // AWS lays documents out anew; the provider keeps the text it knows as long as it says the same.
    const known = fromStruct(request.getInputs());
    const inputs = asAwsShows(thing);
    for (const document of typeOf(type).documents ?? [])
      if (sameDocument(known[document], inputs[document])) inputs[document] = known[document];
    response.setInputs(toStruct(inputs));
    response.setProperties(toStruct({ ...outputsOf(thing), ...inputs }));
    return response;
  }

  private async update(request: proto.UpdateRequest, peer: string): Promise<proto.UpdateResponse> {
    const type = typeIn(request.getUrn());
    const inputs = fromStruct(request.getNews());
    const response = new proto.UpdateResponse();
    if (request.getPreview()) {
      // What AWS told once stays as it is when a resource is not replaced.
      response.setProperties(toStruct({ ...fromStruct(request.getOlds()), ...inputs }));
      return response;
    }
    const thing = await this.ask({ kind: "update", subject: request.getUrn() }, () => {
      this.permit("update", type, inputs, peer);
      return this.accounts.update(type, request.getId(), inputs, this.caller(peer));
    });
    response.setProperties(toStruct(outputsOf(thing)));
    return response;
  }

  private async delete(request: proto.DeleteRequest, peer: string): Promise<Empty> {
    const type = typeIn(request.getUrn());
    await this.ask({ kind: "delete", subject: request.getUrn() }, () => {
      this.permit("delete", type, fromStruct(request.getProperties()), peer);
      return this.accounts.delete(type, request.getId(), this.caller(peer));
    });
    return new Empty();
  }

  private async invoke(request: proto.InvokeRequest, peer: string): Promise<proto.InvokeResponse> {
    const { accountId, region } = this.caller(peer);
    const token = request.getTok();
    const inputs = fromStruct(request.getArgs());
    const result = await this.ask({ kind: "invoke", subject: token }, () => {
      if (token === "aws:index/getCallerIdentity:getCallerIdentity")
        return { accountId, arn: `arn:aws:iam::${accountId}:root`, id: accountId, userId: accountId };
      if (token === "aws:index/getPartition:getPartition")
        return { partition: "aws", id: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
      if (token === "aws:index/getRegion:getRegion") return { region, name: region, id: region };
      const answer = this.accounts.answer(token, inputs, { accountId, region });
      if (answer !== undefined) return answer;
      throw new Error(`the stand-in does not answer ${token}`);
    });
    const response = new proto.InvokeResponse();
    response.setReturn(toStruct(result));
    return response;
  }

  private permit(kind: PermittedRequest["kind"], type: string, properties: Properties, peer: string): void {
    this.options.permit?.({ kind, type, properties, ...this.caller(peer) });
  }

  private caller(peer: string): Caller {
    const caller = this.callers.get(peer);
    if (caller === undefined) throw new Error("the provider was asked before it was configured");
    return caller;
  }

  /** One request to AWS, with the fault that was ordered for it. */
  private async ask<T>(request: AwsRequest, work: () => T): Promise<T> {
    this.requests.push(request);
    const { fault } = this.options;
    const isHit =
      fault !== undefined &&
      !this.struck &&
      (typeof fault.at === "number" ? this.requests.length === fault.at : fault.at(request));
    if (isHit && fault.when === "before") return this.strike(fault);
    const result = await this.patiently(work);
    if (isHit) return this.strike(fault);
    return result;
  }

  private strike(fault: Fault): Promise<never> {
    this.struck = true;
    fault.strike(this);
    return new Promise<never>(() => undefined);
  }

  private async patiently<T>(work: () => T): Promise<T> {
    const deadline = Date.now() + (this.options.patienceMs ?? 2000);
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof NotSeenYet) || Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}

/** A handler that answers with a promise's value, or with its error as a sentence. */
function answer<Request, Response>(
  handle: (request: Request, peer: string) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void (async () => {
      try {
        callback(null, await handle(call.request, call.getPeer()));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const isExpected = error instanceof AwsRefusal;
        callback({ code: grpc.status.UNKNOWN, message: isExpected ? `api error ${message}` : message });
      }
    })();
  };
}

function accepted(inputs: Properties): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(toStruct(inputs));
  return response;
}

/** Documents become texts, and what the program left out gets its name. */
function check(request: proto.CheckRequest): proto.CheckResponse {
  const { documents = [], autoNamed } = typeOf(typeIn(request.getUrn()));
  const inputs = fromStruct(request.getNews());
  for (const document of documents) inputs[document] = documentText(inputs[document]);
  if (autoNamed !== undefined && inputs[autoNamed] === undefined) {
    const seed = Buffer.from(request.getRandomseed_asU8()).toString("hex").slice(0, 7);
    inputs[autoNamed] = fromStruct(request.getOlds())[autoNamed] ?? `${nameIn(request.getUrn())}-${seed}`;
  }
  return accepted(inputs);
}

function previewOutputs(type: string, inputs: Properties): Properties {
  const computed = typeOf(type).computed ?? [];
  return { ...inputs, ...Object.fromEntries([...computed, "id"].map((key) => [key, UNKNOWN])) };
}

function outputsOf(thing: Thing): Properties {
  const { type, region, inputs, outputs } = thing;
  const place = type.startsWith("aws:iam/") ? {} : { region };
  return { ...place, ...typeOf(type).defaults, ...inputs, ...outputs };
}

/** Inputs with their documents laid out as AWS does. */
function asAwsShows({ type, inputs }: Thing): Properties {
  const shown = { ...inputs };
  for (const document of typeOf(type).documents ?? []) {
    const text = shown[document];
    if (typeof text === "string" && !holdsUnknown(text)) shown[document] = canonical(JSON.parse(text));
  }
  return shown;
}

/** Lists reach a provider's configuration as JSON from some languages, as lists from others. */
function listOf(value: unknown): unknown[] {
  const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return Array.isArray(list) ? list : [];
}

/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>` */
function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
