/**
 * What Pulumi's plugin host runs, for programs in any language. The schema was made beforehand: the host would else
 * compile the sources to find it, at the start of every preview, and need TypeScript for that.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ReplicationDestination } from "../components/replicationDestination";
import { ReplicationSource } from "../components/replicationSource";
import { ReplicationWatch } from "../components/replicationWatch";
import { speakLanguage } from "../components/userErrors";
import { inLanguage, runtimeOfProject } from "./languageNames";

interface PackageSchema {
  readonly version: string;
  readonly resources: Readonly<
    Record<string, { readonly properties: object; readonly inputProperties: object }>
  >;
  readonly types: Readonly<Record<string, { readonly properties?: object }>>;
}

type Component = new (
  name: string,
  args: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

const COMPONENTS: Readonly<Record<string, unknown>> = {
  ReplicationDestination,
  ReplicationSource,
  ReplicationWatch,
};

const schema = readFileSync(join(__dirname, "..", "..", "schemas", "pulumi-package.json"), "utf8");
const { version, resources, types } = JSON.parse(schema) as PackageSchema;

speakLanguage((message) => {
  const names = [
    ...Object.values(resources).flatMap(({ properties, inputProperties }) => [properties, inputProperties]),
    ...Object.values(types).map(({ properties }) => properties ?? {}),
  ].flatMap((properties) => Object.keys(properties));
  // The engine starts the plugin in the directory of the program.
  return inLanguage(message, new Set(names), runtimeOfProject(process.cwd()));
});

/** Makes a component, and answers with the outputs that the schema names. */
function construct(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<pulumi.provider.ConstructResult> {
  const known = resources[type];
  const constructor = COMPONENTS[type.split(":").at(-1) ?? ""] as Component | undefined;
  if (known === undefined || constructor === undefined) {
    const types = Object.keys(resources).join("' or '");
    throw new Error(`the type of resource '${name}' must be '${types}', got '${type}'`);
  }
  const component = new constructor(name, inputs, options);
  const outputs = component as unknown as pulumi.Inputs;
  const state = Object.fromEntries(Object.keys(known.properties).map((key) => [key, outputs[key]]));
  return Promise.resolve({ urn: component.urn, state });
}

/** The host calls what the module exports. */
export = function servePlugin(): Promise<void> {
  return pulumi.provider.main({ version, schema, construct }, process.argv.slice(2));
};
