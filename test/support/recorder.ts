/** What the Pulumi SDK sends to the engine with each registration, which mocks do not show. */
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import type {
  ReadResourceRequest,
  ReadResourceResponse,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { Value } from "google-protobuf/google/protobuf/struct_pb";

/** One resource on its way to the engine. */
export interface Registration {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of the parent. */
  readonly parent: string;
  /** Reference of its provider, `<urn>::<id>`; empty for components. */
  readonly provider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URNs of everything that must exist before, whether named in `dependsOn` or used in a property. */
  readonly dependencies: readonly string[];
  /** As sent: secrets carry SECRET_MARK, unknown values are UNKNOWN. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Marks a secret in a property. */
export const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** Stands for a value that is not known in a preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface Monitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource: (this: Monitor, request: RegisterResourceRequest, callback: Callback) => Promise<void>;
  readResource: (this: Monitor, request: ReadResourceRequest, callback: Callback) => Promise<void>;
  invoke: (this: Monitor, request: { getTok(): string }, callback: Callback) => Promise<void>;
}

type Callback = (error: unknown, response: unknown) => void;

/** Records registrations while it is started; there is one at a time. */
export class Recorder {
  readonly registrations: Registration[] = [];
  private readonly monitor = MockMonitor.prototype as unknown as Monitor;
  private readonly original = {
    registerResource: this.monitor.registerResource,
    readResource: this.monitor.readResource,
  };

  start(): void {
    const { original, registrations } = this;
    this.monitor.registerResource = function (request, callback) {
      registrations.push(registrationOf(this, request));
      return original.registerResource.call(this, request, callback);
    };
    this.monitor.readResource = function (request, callback) {
      const type = request.getType();
      const urn = this.newUrn(request.getParent(), type, request.getName());
      registrations.push({
        ...common(request),
        urn,
        protect: false,
        retainOnDelete: false,
        inputs: objectOf(request),
      });
      return original.readResource.call(this, request, callback);
    };
  }

  stop(): void {
    Object.assign(this.monitor, this.original);
  }

  /** Counts the function calls that providers get by their tokens, until what is returned is called. */
  static countCalls(): { calls: Readonly<Record<string, number>>; stop: () => void } {
    const monitor = MockMonitor.prototype as unknown as Monitor;
    const { invoke } = monitor;
    const calls: Record<string, number> = {};
    monitor.invoke = function (request, callback) {
      calls[request.getTok()] = (calls[request.getTok()] ?? 0) + 1;
      return invoke.call(this, request, callback);
    };
    return { calls, stop: () => Object.assign(monitor, { invoke }) };
  }

  /** Lets every StackReference say that these outputs are secret, until what is returned is called. */
  static markSecretOutputs(names: readonly string[]): () => void {
    const monitor = MockMonitor.prototype as unknown as Monitor;
    const { readResource } = monitor;
    monitor.readResource = function (request, callback) {
      return readResource.call(this, request, (error, response) => {
        const properties = (response as ReadResourceResponse | undefined)?.getProperties();
        const secret = Value.fromJavaScript([...names]);
        properties?.getFieldsMap().set("secretOutputNames", secret);
        callback(error, response);
      });
    };
    return () => Object.assign(monitor, { readResource });
  }
}

function registrationOf(monitor: Monitor, request: RegisterResourceRequest): Registration {
  return {
    ...common(request),
    urn: monitor.newUrn(request.getParent(), request.getType(), request.getName()),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    inputs: objectOf(request),
  };
}

function common(request: RegisterResourceRequest | ReadResourceRequest) {
  return {
    stack: "",
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
  };
}

function objectOf(request: RegisterResourceRequest | ReadResourceRequest): Record<string, unknown> {
  const object = "getObject" in request ? request.getObject() : request.getProperties();
  return object?.toJavaScript() ?? {};
}
