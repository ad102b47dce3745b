/** Reads stacks on their way: what `pulumi preview --json` prints. */
import * as v from "valibot";
import { byName, dictionary, fields } from "../../input/objectShapes";
import { InvalidInputError } from "../../input/problems";
import { STACK_LIMITS } from "./fromState";
import { readJsonFile, subjectOf } from "../../files/jsonFile";
import { checked } from "../../input/schemaProblems";
import {
  decodeResource,
  stackInUrn,
  type StackFile,
  type StackResource,
  WRITTEN_RESOURCE,
} from "./writtenResources";

const STEP = fields(
  {
    op: v.string("must be the name of an operation"),
    oldState: v.optional(v.nullable(WRITTEN_RESOURCE)),
    newState: v.optional(v.nullable(WRITTEN_RESOURCE)),
  },
  "must be a step",
);

const PREVIEW = fields(
  {
    config: v.optional(v.nullable(dictionary("must be an object"))),
    steps: v.array(STEP, "must be a list of steps, as 'pulumi preview --json' prints it"),
    changeSummary: v.optional(
      v.nullable(
        byName(
          v.string(),
          v.pipe(v.number("must be a number"), v.finite("must be a number")),
          "must be an object",
        ),
      ),
    ),
  },
  "must be an object with 'steps', as 'pulumi preview --json' prints it",
);

/** Steps after which there is no resource, or which repeat what another step says. */
const GONE = new Set(["delete", "delete-replaced", "discard", "discard-replaced", "read-discard"]);
/** Steps that keep the resource that is deployed. */
const KEEPS = new Set(["same", "update", "read", "refresh", "import"]);

/**
 * @param file Path, or `-` for the standard input.
 * @throws InvalidInputError when it is no preview, or leaves resources out.
 */
export async function readPreviewFile(file: string): Promise<StackFile> {
  const value = await readJsonFile("--preview", file, STACK_LIMITS);
  return parsePreview(value, subjectOf("--preview", file));
}

/** @param subject What is read, for errors. @throws InvalidInputError when it is no preview, or leaves resources out. */
export function parsePreview(value: unknown, subject: string): StackFile {
  const { steps, changeSummary, config } = checked(PREVIEW, value, subject);
  assertWhole(steps, changeSummary ?? {}, subject);
  const resources = new Map<string, StackResource>();
  for (const { op, oldState, newState } of steps) {
    if (GONE.has(op) || newState === null || newState === undefined) continue;
    // A preview writes the outputs of what is there already, if at all, in the old state.
    const before = oldState ?? newState;
    const deployed = KEEPS.has(op)
      ? {
          ...before,
          outputs: { ...before.outputs, ...newState.outputs },
          external: newState.external ?? before.external,
        }
      : undefined;
    resources.set(newState.urn, decodeResource(newState, deployed));
  }
  return {
    subject,
    stack: stackInUrn([...resources.keys()][0]),
    config: config ?? {},
    resources: [...resources.values()],
  };
}

/** Without `--show-sames` a preview leaves out what does not change, and a bucket without its policy looks like one that has none. */
function assertWhole(
  steps: readonly { readonly op: string }[],
  summary: Readonly<Record<string, number>>,
  subject: string,
): void {
  const left = ["same", "read"].flatMap((op) => {
    const count = (summary[op] ?? 0) - steps.filter((step) => step.op === op).length;
    return count > 0 ? [`${count} with the operation '${op}'`] : [];
  });
  if (left.length > 0) {
    throw new InvalidInputError(subject, [
      `it must show every resource, and leaves out ${left.join(" and ")}; run 'pulumi preview --json --show-sames --show-reads'`,
    ]);
  }
}
