/**
 * The names of rules in the pack's configuration. The engine hands over the whole configuration, and the SDK looks up
 * only the rules that there are: a misspelt name would leave its rule at the default, unsaid.
 */
import { createRequire } from "node:module";
import { Policies } from "@pulumi/policy";
import { closest } from "fastest-levenshtein";

/** As far as it is needed here: what `@pulumi/policy` serves the engine with. */
interface Grpc {
  readonly status: { readonly INVALID_ARGUMENT: number };
  readonly Server: { readonly prototype: { addService: AddService } };
}
type AddService = (service: unknown, implementation: Implementation) => void;
interface Implementation {
  configure?: Configure;
}
type Configure = (
  call: { readonly request: { getPolicyconfigMap(): { keys(): Iterable<string> } } },
  callback: (error?: { readonly code: number; readonly message: string }) => void,
) => void;

/** Refuses a configuration that names a rule which the pack does not have. To be called before the pack is made. */
export function refuseUnknownRules(policies: Policies): void {
  const names = policies.map(({ name }) => name);
  // The very module that the SDK has loaded, wherever that is installed.
  const grpc = createRequire(require.resolve("@pulumi/policy"))("@grpc/grpc-js") as Grpc;
  const { prototype } = grpc.Server;
  const { addService } = prototype;
  prototype.addService = function (service, implementation) {
    const { configure } = implementation;
    const checked: Configure = (call, callback) => {
      const message = unknownRule([...call.request.getPolicyconfigMap().keys()], names);
      if (message === undefined) configure?.(call, callback);
      else callback({ code: grpc.status.INVALID_ARGUMENT, message });
    };
    addService.call(
      this,
      service,
      configure === undefined ? implementation : { ...implementation, configure: checked },
    );
  };
}

/** @returns What is said of the first name that is none; undefined where all are rules. */
export function unknownRule(configured: readonly string[], names: readonly string[]): string | undefined {
  const unknown = configured.find((name) => name !== "all" && !names.includes(name));
  if (unknown === undefined) return undefined;
  return `'${unknown}' is no rule of the policy pack 's3-replication': did you mean '${closest(unknown, names)}'? 'all' stands for every rule`;
}
