/** A stack's resources as the engine writes them down, in a state or in a preview, checked and taken apart. */
import * as v from "valibot";
import { byName, dictionary, fields } from "../../input/objectShapes";
import { decodeValue } from "./stateValues";
import { flag } from "../../input/values";

/** A resource of a state or a preview. */
export interface StackResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of its provider. */
  readonly provider: string | undefined;
  /** URN of the component that it belongs to. */
  readonly parent: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Left out: it is not deployed yet. */
  readonly deployed?: {
    readonly id: string;
    readonly outputs: Readonly<Record<string, unknown>>;
    readonly external: boolean;
    /** Undefined: nobody knows, or before Pulumi wrote it down. */
    readonly created: number | undefined;
  };
}

export interface StackFile {
  /** What was read, for errors: `--state archive.json`. */
  readonly subject: string;
  readonly stack: string;
  /** The stack's configuration, as far as the file has it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly resources: readonly StackResource[];
}

const anything = dictionary("must be an object");

/** Fields that are needed; the engine writes more, and newer ones more still. */
export const WRITTEN_RESOURCE = fields(
  {
    urn: v.pipe(
      v.string("must be the URN of a resource"),
      v.regex(/^urn:pulumi:[^:]*::.*::.+::/s, "must be the URN of a resource"),
    ),
    type: v.string("must be the type of a resource"),
    id: v.optional(v.string("must be an id")),
    inputs: v.optional(anything),
    outputs: v.optional(anything),
    provider: v.optional(v.string("must be the URN and id of a provider")),
    parent: v.optional(v.string("must be the URN of a resource")),
    delete: v.optional(flag),
    external: v.optional(flag),
    created: v.optional(v.string("must be a time")),
    propertyDependencies: v.optional(
      v.nullable(
        byName(
          v.string(),
          v.nullable(v.array(v.string("must be a URN"), "must be a list of URNs")),
          "must be URNs by property",
        ),
      ),
    ),
  },
  "must be a resource",
);

export type WrittenResource = v.InferOutput<typeof WRITTEN_RESOURCE>;

/**
 * @param resource As it is, or is to be.
 * @param deployed As it is deployed; left out: it is not.
 */
export function decodeResource(resource: WrittenResource, deployed?: WrittenResource): StackResource {
  const { urn, type, provider, parent, propertyDependencies } = resource;
  const external = deployed?.external === true;
  const outputs = decode(deployed?.outputs);
  const inputs = Object.fromEntries(
    Object.entries(resource.inputs ?? {}).map(([key, value]) => [
      key,
      decodeValue(value, propertyDependencies?.[key] ?? []),
    ]),
  );
  return {
    urn,
    type,
    name: nameInUrn(urn),
    provider: provider?.slice(0, provider.lastIndexOf("::")),
    parent,
    // Of a resource that others made, the provider reads everything that it knows of it.
    inputs: external ? { ...outputs, ...inputs } : inputs,
    ...(deployed === undefined
      ? {}
      : {
          deployed: {
            id: deployed.id ?? "",
            outputs,
            external,
            created: deployed.created === undefined ? undefined : Date.parse(deployed.created),
          },
        }),
  };
}

function decode(values: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, decodeValue(value)]));
}

export function nameInUrn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Name of the stack, out of the URN of any of its resources. */
export function stackInUrn(urn: string | undefined): string {
  return /^urn:pulumi:([^:]*)::/.exec(urn ?? "")?.[1] ?? "";
}
