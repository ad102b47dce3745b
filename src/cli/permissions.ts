/** 's3-replication permissions': what the command does. */
import { callerPolicies } from "../callers/callerPolicies";
import type { Purpose } from "../callers/purposes";
import { renderPolicies } from "../callers/text";
import { asJson, printResult } from "../output/printResult";
import { namedIn, SOURCES } from "../readers/sources";
import { readSetUp, type SetUpOptions } from "./readSetUp";

interface PermissionsOptions extends SetUpOptions {
  readonly for: readonly Purpose[];
  readonly withRemoval?: boolean;
  readonly json?: boolean;
}

/** @returns The exit code. */
export async function permissionsCommand(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as PermissionsOptions;
  const { snapshot, stacks } = await readSetUp(options);
  const { withRemoval } = options;
  const result = callerPolicies(
    options.for,
    { snapshot, stacks, deployed: isDeployed(options) },
    { withRemoval },
  );
  await printResult(
    { text: () => renderPolicies(result), json: () => asJson(result) },
    options.json === true ? "json" : "text",
  );
  return 0;
}

/** Whether everything that is read is there on AWS, so that its ids are true. */
function isDeployed(options: PermissionsOptions): boolean {
  const named = namedIn(options);
  return named.length > 0 && named.every((name) => SOURCES[name].isDeployed);
}
