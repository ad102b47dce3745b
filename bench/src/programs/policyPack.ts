/** Judges a stack with a policy pack as its SDK does for the engine: `policyPack.js ours|noOp|manyNoOps <resources>`. */
import { join } from "node:path";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { measured } from "../harness/measured";
import { stackOf } from "./stacks";

/** Compiled beside the programs: the pack itself is TypeScript, which the language host compiles as it loads. */
const PACK = join(__dirname, "..", "policypack", "policies.js");

interface Pack {
  readonly policies: readonly object[];
}

/** The functions that the SDK serves to the engine. */
interface Server {
  makeAnalyzeRpcFun(name: string, version: string, level: string, policies: readonly object[]): Rpc;
  makeAnalyzeStackRpcFun(name: string, version: string, level: string, policies: readonly object[]): Rpc;
}
type Rpc = (call: { request: unknown }, callback: (error: unknown, response: unknown) => void) => unknown;

const nothing = { description: "Says nothing", enforcementLevel: "mandatory" } as const;
const ofStack = (index: number): StackValidationPolicy => ({
  ...nothing,
  name: `nothing-${index}`,
  validateStack: () => undefined,
});
const ofResource = (index: number): ResourceValidationPolicy => ({
  ...nothing,
  name: `nothing-${index}`,
  validateResource: () => undefined,
});

async function load([name, size]: readonly string[]): Promise<() => Promise<void>> {
  const server = (await import("@pulumi/policy/server")) as unknown as Server;
  const ours = await ourPolicies();
  const policies = {
    ours,
    noOp: [ofStack(0)],
    manyNoOps: ours.map((policy, index) => ("validateStack" in policy ? ofStack(index) : ofResource(index))),
  }[name as "ours" | "noOp" | "manyNoOps"];
  const analyze = server.makeAnalyzeRpcFun("pack", "1.0.0", "mandatory", policies);
  const analyzeStack = server.makeAnalyzeStackRpcFun("pack", "1.0.0", "mandatory", policies);
  const { each, stack } = stackOf(Number(size));
  return async () => {
    for (const request of each) await answered(analyze, request);
    await answered(analyzeStack, stack);
  };
}

async function ourPolicies(): Promise<readonly object[]> {
  return ((await import(PACK)) as Pack).policies;
}

function answered(rpc: Rpc, request: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    void rpc({ request }, (error, response) => (error ? reject(error as Error) : resolve(response)));
  });
}

void measured(() => load(process.argv.slice(2)));
