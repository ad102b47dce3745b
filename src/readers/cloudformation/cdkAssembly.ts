/** Reads what `cdk synth` writes: the stacks of a cloud assembly, those of its stages too. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { readJsonFile } from "../../files/jsonFile";
import { readTextFile } from "../../files/textFile";
import { byName, dictionary, fields } from "../../input/objectShapes";
import { InvalidInputError, show } from "../../input/problems";
import { checked } from "../../input/schemaProblems";
import type { Unread } from "../../snapshot/unread";
import type { AccountNames } from "../providerAccounts";
import type { TemplateStack } from "./fromTemplates";
import { withNested } from "./nestedTemplates";
import { readParameters } from "./parameters";
import { parseTemplate, type Template, type TemplateResource } from "./template";
import type { AssemblySource } from "./templateSources";

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
 * @param source The assembly, and what is said of its stacks.
 * @param accounts Accounts of stacks that are synthesised for any: by the stack's name or id; the empty name is for all.
 * @throws InvalidInputError where it is no whole assembly, or a stack's account is not known.
 */
export async function readAssembly(source: AssemblySource, accounts: AccountNames): Promise<TemplateStack[]> {
  const { directory, region } = source;
  const said: Said = { accounts, region, parameters: await readParameters(source), used: new Set() };
  const found: Found = { stacks: [], problems: [] };
  await readStacks(directory, said, found, 0);
  const stray = [...said.parameters.keys()].filter((name) => !said.used.has(name));
  const problems = [
    ...found.problems,
    ...stray.map((name) => `no stack of it has the parameter ${show(name)}`),
  ];
  if (problems.length > 0) throw new InvalidInputError(`--cdk ${directory}`, [...new Set(problems)]);
  if (found.stacks.length === 0)
    throw new InvalidInputError(`--cdk ${directory}`, ["it has no stacks; run 'cdk synth'"]);
  return found.stacks;
}

/** What the user says of an assembly's stacks. */
interface Said {
  readonly accounts: AccountNames;
  readonly region: string | undefined;
  readonly parameters: ReadonlyMap<string, string | Unread>;
  /** Names of parameters that a stack has. */
  readonly used: Set<string>;
}

interface Found {
  readonly stacks: TemplateStack[];
  readonly problems: string[];
}

async function readStacks(directory: string, said: Said, found: Found, depth: number): Promise<void> {
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
      if (typeof inner === "string") await readStacks(join(directory, inner), said, found, depth + 1);
    } else if (artifact.type === "aws:cloudformation:stack") {
      const stack = await readStack(directory, id, artifact, said, found.problems);
      if (stack !== undefined) found.stacks.push(stack);
    }
  }
}

async function assertAssembly(directory: string): Promise<void> {
  const mistake = await mistakeOfAssembly(directory);
  if (mistake !== undefined) throw new InvalidInputError(`--cdk ${directory}`, [mistake]);
}

async function mistakeOfAssembly(directory: string): Promise<string | undefined> {
  const mustBe = "it must be the directory that 'cdk synth' writes (cdk.out), and";
  const status = await stat(directory).catch(() => undefined);
  if (status === undefined) return `${mustBe} does not exist`;
  if (!status.isDirectory()) return `${mustBe} is a file`;
  const names = await readdir(directory);
  if (names.includes("manifest.json")) return undefined;
  return names.length === 0
    ? `${mustBe} is empty`
    : "it has no manifest.json: it is no cloud assembly, or one that is half written; run 'cdk synth' again";
}

async function readStack(
  directory: string,
  id: string,
  artifact: Artifact,
  said: Said,
  problems: string[],
): Promise<TemplateStack | undefined> {
  const { templateFile, stackName = id, parameters = {} } = artifact.properties ?? {};
  if (typeof templateFile !== "string" || typeof stackName !== "string") {
    problems.push(`the stack '${id}' must have a 'templateFile' in manifest.json, got ${show(templateFile)}`);
    return undefined;
  }
  const [, account = "", written = ""] = /^aws:\/\/([^/]*)\/(.*)$/.exec(artifact.environment ?? "") ?? [];
  const { accounts } = said;
  const accountId = /^\d{12}$/.test(account)
    ? account
    : (accounts[id] ?? accounts[stackName] ?? accounts[""]);
  if (accountId === undefined) {
    problems.push(
      `the stack '${id}' is synthesised for any account; say '--account ${id}=<12-digit account id>', or '--account <12-digit account id>' for all such stacks`,
    );
    return undefined;
  }
  const file = join(directory, templateFile);
  const text = await readTextFile("--cdk", file, LIMITS.megabytes);
  const template = await withNested(parseTemplate(text, `--cdk ${file}`, file), "--cdk", LIMITS.megabytes);
  const region = written === "" || written === "unknown-region" ? said.region : written;
  return {
    template: withConstructPaths(template, await constructPaths(directory, artifact)),
    stackName,
    accountId,
    region: region ?? SOME_REGION,
    parameters: new Map([
      ...Object.entries(parameters as object).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
      ...saidParameters(template, [id, stackName], said),
    ]),
    cdk: true,
    assumptions:
      region === undefined
        ? [
            `the stack '${stackName}' is synthesised for any Region, and is taken to be in ${SOME_REGION}; give the stack an 'env' with its Region, or say '--region' after --cdk`,
          ]
        : [],
  };
}

/** Parameters of one stack: those that are said for it go before those that are said for all. */
function saidParameters(
  { parameters }: Template,
  names: readonly string[],
  said: Said,
): [string, string | Unread][] {
  return Object.keys(parameters).flatMap((name) => {
    const keys = [name, ...names.map((stack) => `${stack}:${name}`)].filter((key) =>
      said.parameters.has(key),
    );
    for (const key of keys) said.used.add(key);
    const value = said.parameters.get(keys.at(-1) ?? "");
    return value === undefined ? [] : [[name, value]];
  });
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
