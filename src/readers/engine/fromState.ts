/** Reads deployed stacks: what `pulumi stack export` prints. */
import * as v from "valibot";
import { type JsonLimits, readJsonFile, subjectOf } from "../../files/jsonFile";
import { fields } from "../../input/objectShapes";
import { checked } from "../../input/schemaProblems";
import { decodeResource, stackInUrn, type StackFile, WRITTEN_RESOURCE } from "./writtenResources";

/** Stacks of thousands of resources have states of some tens of megabytes. */
export const STACK_LIMITS: JsonLimits = { megabytes: 100, values: 5_000_000 };

const DEPLOYMENT = fields(
  {
    resources: v.optional(v.nullable(v.array(WRITTEN_RESOURCE, "must be a list of resources"))),
  },
  "must be a deployment, as 'pulumi stack export' prints it",
);

const STATE = fields(
  {
    version: v.picklist(
      [3, 4],
      "must be 3 or 4, which Pulumi writes since 2019; run 'pulumi up' or 'pulumi refresh' with a current CLI",
    ),
    deployment: DEPLOYMENT,
  },
  "must be an object with 'version' and 'deployment', as 'pulumi stack export' prints it",
);

/**
 * @param file Path, or `-` for the standard input.
 * @throws InvalidInputError when it is not the state of a stack.
 */
export async function readStateFile(file: string): Promise<StackFile> {
  const value = await readJsonFile("--state", file, STACK_LIMITS);
  return parseState(value, subjectOf("--state", file));
}

/** @param subject What is read, for errors. @throws InvalidInputError when it is not the state of a stack. */
export function parseState(value: unknown, subject: string): StackFile {
  const { deployment } = checked(STATE, value, subject);
  const resources = deployment.resources ?? [];
  return {
    subject,
    stack: stackInUrn(resources[0]?.urn),
    config: {},
    // What waits for its deletion was replaced.
    resources: resources
      .filter((resource) => resource.delete !== true)
      .map((resource) => decodeResource(resource, resource)),
  };
}
