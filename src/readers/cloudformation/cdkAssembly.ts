/** Reads what `cdk synth` writes: the stacks of a cloud assembly, those of its stages too. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { readJsonFile } from "../../files/jsonFile";
import { readTextFile } from "../../files/textFile";
import { byName, dictionary, fields } from "../../input/objectShapes";
import { InvalidInputError, show } from "../../input/problems";
import { checked } from "../../input/schemaProblems";
import type { AccountNames } from "../providerAccounts";
import type { TemplateStack } from "./fromTemplates";
import { parseTemplate, type Template, type TemplateResource } from "./template";

const anything = dictionary("must be an object");

const METADATA = byName(
  v.string(),
  v.array(
    fields({ type: v.string("must be a text"), data: v.optional(v.unknown()) }, "must be an entry"),
    "must be a list",
  ),
  "must be lists of entries by the path of a construct",
);

const ARTIFACT = fields(
  {
    type: v.string("must be the type of an artifact"),
    environment: v.optional(v.string("must be an environment such as 'aws://111111111111/eu-west-1'")),
    properties: v.optional(anything),
    metadata: v.optional(METADATA),
    additionalMetadataFile: v.optional(v.string("must be the name of a file")),
  },
  "must be an artifact",
);

const MANIFEST = fields(
  {
    artifacts: v.optional(byName(v.string(), ARTIFACT, "must be artifacts by name")),
  },
  "must be the manifest of a cloud assembly",
);

type Artifact = v.InferOutput<typeof ARTIFACT>;

const LIMITS = { megabytes: 50, values: 2_000_000 };
/** Taken for a stack that is synthesised for any Region; the report says so. */
const SOME_REGION = "us-east-1";
/** Stages inside each other. */
const DEEPEST = 10;

/**
 * @param directory The assembly: `cdk.out`.
 * @param accounts Accounts of stacks that are synthesised for any: by the stack's name or id; the empty name is for all.
 * @param region Region of stacks that are synthesised for any.
 * @throws InvalidInputError where it is no whole assembly, or a stack's account is not known.
 */
export async function readAssembly(
  directory: string,
  accounts: AccountNames,
  region?: string,
): Promise<TemplateStack[]> {
  const stacks: TemplateStack[] = [];
  const problems: string[] = [];
  await readStacks(directory, { accounts, region }, { stacks, problems }, 0);
  if (problems.length > 0) throw new InvalidInputError(`--cdk ${directory}`, [...new Set(problems)]);
  if (stacks.length === 0)
    throw new InvalidInputError(`--cdk ${directory}`, ["it has no stacks; run 'cdk synth'"]);
  return stacks;
}

/** Where stacks are that do not say it. */
interface Elsewhere {
  readonly accounts: AccountNames;
  readonly region: string | undefined;
}

interface Found {
  readonly stacks: TemplateStack[];
  readonly problems: string[];
}

async function readStacks(
  directory: string,
  elsewhere: Elsewhere,
  found: Found,
  depth: number,
): Promise<void> {
  if (depth > DEEPEST) {
    throw new InvalidInputError(`--cdk ${directory}`, [
      `stages must be at most ${DEEPEST} deep, and are deeper`,
    ]);
  }
  await assertAssembly(directory);
  const file = join(directory, "manifest.json");
  const { artifacts = {} } = checked(MANIFEST, await readJsonFile("--cdk", file, LIMITS), `--cdk ${file}`);
  for (const [id, artifact] of Object.entries(artifacts)) {
    if (artifact.type === "cdk:cloud-assembly") {
      const inner = artifact.properties?.directoryName;
      if (typeof inner === "string") await readStacks(join(directory, inner), elsewhere, found, depth + 1);
    } else if (artifact.type === "aws:cloudformation:stack") {
      const stack = await readStack(directory, id, artifact, elsewhere, found.problems);
      if (stack !== undefined) found.stacks.push(stack);
    }
  }
}

async function assertAssembly(directory: string): Promise<void> {
  const names =
    (await stat(directory).catch(() => undefined))?.isDirectory() === true ? await readdir(directory) : [];
  if (names.includes("manifest.json")) return;
  throw new InvalidInputError(`--cdk ${directory}`, [
    names.length === 0
      ? "it must be the directory that 'cdk synth' writes (cdk.out), which does not exist or is empty"
      : "it has no manifest.json: it is no cloud assembly, or one that is half written; run 'cdk synth' again",
  ]);
}

async function readStack(
  directory: string,
  id: string,
  artifact: Artifact,
  { accounts, region: said }: Elsewhere,
  problems: string[],
): Promise<TemplateStack | undefined> {
  const { templateFile, stackName = id, parameters = {} } = artifact.properties ?? {};
  if (typeof templateFile !== "string" || typeof stackName !== "string") {
    problems.push(`the stack '${id}' must have a 'templateFile' in manifest.json, got ${show(templateFile)}`);
    return undefined;
  }
  const [, account = "", region = ""] = /^aws:\/\/([^/]*)\/(.*)$/.exec(artifact.environment ?? "") ?? [];
  const accountId = /^\d{12}$/.test(account)
    ? account
    : (accounts[id] ?? accounts[stackName] ?? accounts[""]);
  if (accountId === undefined) {
    problems.push(
      `the stack '${id}' is synthesised for any account; say '--account ${id}=<12-digit account id>', or '--account <12-digit account id>' for all such stacks`,
    );
    return undefined;
  }
  const isForAnyRegion = region === "" || region === "unknown-region";
  const file = join(directory, templateFile);
  const template = parseTemplate(await readTextFile("--cdk", file, LIMITS.megabytes), `--cdk ${file}`, file);
  return {
    template: withConstructPaths(template, await constructPaths(directory, artifact)),
    stackName,
    accountId,
    ...(isForAnyRegion
      ? { region: said ?? SOME_REGION, ...(said === undefined ? { isRegionAssumed: true } : {}) }
      : { region }),
    parameters: new Map(
      Object.entries(parameters as object).flatMap(([name, value]: [string, unknown]) =>
        typeof value === "string" ? [[name, value] as const] : [],
      ),
    ),
    cdk: true,
  };
}

/** Paths of constructs by logical id, from wherever this version of CDK wrote them. */
async function constructPaths(directory: string, artifact: Artifact): Promise<Map<string, string>> {
  const { metadata = {}, additionalMetadataFile: more } = artifact;
  const written =
    more === undefined
      ? metadata
      : {
          ...metadata,
          ...checked(METADATA, await readIfThere(join(directory, more)), `--cdk ${join(directory, more)}`),
        };
  return new Map(
    Object.entries(written).flatMap(([path, entries]) =>
      entries.flatMap(({ type, data }) =>
        type === "aws:cdk:logicalId" && typeof data === "string"
          ? [[data, path.replace(/^\//, "")] as const]
          : [],
      ),
    ),
  );
}

async function readIfThere(file: string): Promise<unknown> {
  const isThere = (await stat(file).catch(() => undefined))?.isFile() === true;
  return isThere ? readJsonFile("--cdk", file, LIMITS) : {};
}

function withConstructPaths(template: Template, paths: ReadonlyMap<string, string>): Template {
  const resources = new Map(
    [...template.resources].map(([logicalId, resource]): [string, TemplateResource] => {
      const constructPath = resource.constructPath ?? paths.get(logicalId);
      return [logicalId, constructPath === undefined ? resource : { ...resource, constructPath }];
    }),
  );
  return { ...template, resources };
}
