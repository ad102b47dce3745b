import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ProgramProvider, ProgramResource } from "./resources";

const RUN_POLICY_PACK = path.join(
  path.dirname(require.resolve("@pulumi/pulumi/package.json")),
  "cmd/run-policy-pack",
);
const PACK = path.resolve(__dirname, "../../../policypack");

export interface Diagnostic {
  policy: string;
  level: "advisory" | "mandatory" | "disabled" | "remediate";
  /** The resource's URN; a resource rule leaves it to the engine to fill in. */
  urn: string;
  message: string;
}

/** The policy pack in a process of its own, spoken to as the engine speaks to it. */
export class Engine {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  static async start(): Promise<Engine> {
    const child = spawn(process.execPath, [RUN_POLICY_PACK, "127.0.0.1:1", PACK], {
      cwd: PACK,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const errors: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
    const port = await Promise.race([
      once(createInterface(child.stdout), "line").then(([line]) => String(line)),
      once(child, "exit").then(([code]) => {
        throw new Error(`the pack ended with code ${String(code)}: ${errors.join("")}`);
      }),
    ]);
    const limits = { "grpc.max_receive_message_length": 1 << 28, "grpc.max_send_message_length": 1 << 28 };
    return new Engine(
      child,
      new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), limits),
    );
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill();
    await ended;
  }

  info(): Promise<proto.AnalyzerInfo> {
    return call((done) => this.client.getAnalyzerInfo(new Empty(), done));
  }

  /** Settings by rule; a level given alone is the rule's enforcement level. */
  async configure(
    config: Record<string, Record<string, JavaScriptValue> & { level?: keyof typeof LEVELS }>,
  ): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [policy, { level = "mandatory", ...settings }] of Object.entries(config)) {
      const value = new proto.PolicyConfig();
      value.setEnforcementlevel(LEVELS[level]);
      value.setProperties(Struct.fromJavaScript(settings));
      request.getPolicyconfigMap().set(policy, value);
    }
    await call<Empty>((done) => this.client.configure(request, done));
  }

  /** Asks about each resource before it is made and then about the stack, as a preview does. */
  async judge(program: readonly ProgramResource[]): Promise<Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    for (const resource of program) diagnostics.push(...(await this.analyze(resource)));
    return [...diagnostics, ...(await this.analyzeStack(program))];
  }

  async analyze(resource: ProgramResource): Promise<Diagnostic[]> {
    const response = await call<proto.AnalyzeResponse>((done) =>
      this.client.analyze(analyzeRequest(resource), done),
    );
    // The engine puts the resource's own URN on what a resource rule says.
    return response.getDiagnosticsList().map((diagnostic) => ({ ...read(diagnostic), urn: resource.urn }));
  }

  async analyzeStack(program: readonly ProgramResource[]): Promise<Diagnostic[]> {
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(program.map(stackResource));
    const response = await call<proto.AnalyzeResponse>((done) => this.client.analyzeStack(request, done));
    return response.getDiagnosticsList().map(read);
  }

  async remediate(
    resource: ProgramResource,
  ): Promise<{ policy: string; diagnostic: string; props: unknown }[]> {
    const response = await call<proto.RemediateResponse>((done) =>
      this.client.remediate(analyzeRequest(resource), done),
    );
    return response.getRemediationsList().map((remediation) => ({
      policy: remediation.getPolicyname(),
      diagnostic: remediation.getDiagnostic(),
      props: remediation.getProperties()?.toJavaScript(),
    }));
  }
}

const LEVELS = {
  advisory: proto.EnforcementLevel.ADVISORY,
  mandatory: proto.EnforcementLevel.MANDATORY,
  disabled: proto.EnforcementLevel.DISABLED,
  remediate: proto.EnforcementLevel.REMEDIATE,
};

function call<T>(
  start: (done: (error: grpc.ServiceError | null, response: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error ? reject(error) : resolve(response)));
  });
}

function read(diagnostic: proto.AnalyzeDiagnostic): Diagnostic {
  const level = (["advisory", "mandatory", "disabled", "remediate"] as const).find(
    (name) => LEVELS[name] === diagnostic.getEnforcementlevel(),
  );
  return {
    policy: diagnostic.getPolicyname(),
    level: level ?? "mandatory",
    urn: diagnostic.getUrn(),
    message: diagnostic.getMessage(),
  };
}

function struct(props: Record<string, unknown>): Struct {
  return Struct.fromJavaScript(props as Record<string, JavaScriptValue>);
}

function analyzeRequest(resource: ProgramResource): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  request.setType(resource.type);
  request.setName(resource.name);
  request.setUrn(resource.urn);
  request.setProperties(struct(resource.props));
  request.setOptions(new proto.AnalyzerResourceOptions());
  if (resource.provider) request.setProvider(providerResource(resource.provider));
  return request;
}

function stackResource(resource: ProgramResource): proto.AnalyzerResource {
  const message = new proto.AnalyzerResource();
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(resource.urn);
  message.setProperties(struct(resource.props));
  message.setOptions(new proto.AnalyzerResourceOptions());
  if (resource.provider) message.setProvider(providerResource(resource.provider));
  for (const [property, urns] of Object.entries(resource.propertyDependencies ?? {})) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList(urns);
    message.getPropertydependenciesMap().set(property, dependencies);
  }
  return message;
}

function providerResource(provider: ProgramProvider): proto.AnalyzerProviderResource {
  const message = new proto.AnalyzerProviderResource();
  message.setType(provider.type);
  message.setName(provider.name);
  message.setUrn(provider.urn);
  message.setProperties(struct(provider.props));
  return message;
}
