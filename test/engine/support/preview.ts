/** What a preview says that it would do. */
import assert from "node:assert/strict";
import { UNKNOWN } from "../provider/values";
import type { Workspace } from "./workspace";

export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly newState?: { readonly inputs?: Readonly<Record<string, unknown>> };
}

/** The steps of a preview that ends well. */
export async function previewSteps(workspace: Workspace, stack: string): Promise<readonly PreviewStep[]> {
  const { stdout } = await workspace.succeed(["preview", "--json", "--stack", stack]);
  const { steps } = JSON.parse(stdout) as { steps?: readonly PreviewStep[] };
  assert.ok(steps !== undefined, stdout);
  return steps;
}

/** Inputs of resources of AWS that the preview does not know, as `<resource>.<path>`. */
export function unknownInputs(steps: readonly PreviewStep[]): string[] {
  return steps
    .filter(({ urn }) => urn.includes("$aws:"))
    .flatMap(({ urn, newState }) => unknownPaths(newState?.inputs, resourceName(urn)))
    .sort();
}

function unknownPaths(value: unknown, path: string): string[] {
  if (value === UNKNOWN) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unknownPaths(inner, `${path}.${key}`));
}

export function resourceName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** What happens to which resource of AWS, where something does: `update source-role-s3`. */
export function changesOf(steps: readonly PreviewStep[]): string[] {
  return steps
    .filter(({ op, urn }) => urn.includes("$aws:") && op !== "same" && op !== "read" && op !== "refresh")
    .map(({ op, urn }) => `${op} ${resourceName(urn)}`)
    .sort();
}
