/**
 * What Pulumi's plugin host runs, for programs in any language. The schema was made beforehand: the host would else
 * compile the sources to find it, at the start of every preview, and need TypeScript for that.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ReplicationDestination } from "../components/replicationDestination";
import { ReplicationSource } from "../components/replicationSource";

interface PackageSchema {
  readonly version: string;
  readonly resources: Readonly<Record<string, { readonly properties: object }>>;
}

type Component = new (
  name: string,
  args: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

const COMPONENTS: Readonly<Record<string, unknown>> = { ReplicationDestination, ReplicationSource };

const schema = readFileSync(join(__dirname, "..", "..", "schemas", "pulumi-package.json"), "utf8");
const { version, resources } = JSON.parse(schema) as PackageSchema;

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
