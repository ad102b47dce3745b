/** The JSON Schemas in schemas/, which are made of the schemas that the code checks with. */
import {
  type ConversionConfig,
  type JsonSchema,
  toJsonSchema,
  toJsonSchemaDefs,
} from "@valibot/to-json-schema";
import type { GenericSchema, MapSchema } from "valibot";
import { assertWritten } from "./writtenFiles";

const CONVERSION: ConversionConfig = {
  target: "draft-2020-12",
  // Of an object, what comes after the check that it is one.
  typeMode: "output",
  ignoreActions: ["check", "max_bytes", "raw_check", "transform"],
  overrideAction: ({ jsonSchema }) => {
    const { description, printedIn, ...plain } = jsonSchema as JsonSchema & { readonly printedIn?: string };
    if (printedIn === undefined) return undefined;
    return { description, anyOf: [plain, { type: "object", required: [printedIn] }] };
  },
  overrideSchema: ({ valibotSchema }) => {
    if (valibotSchema.type !== "map") return undefined;
    // JSON has objects for maps.
    const { key, value } = valibotSchema as MapSchema<GenericSchema, GenericSchema, undefined>;
    const { propertyNames, additionalProperties } = toJsonSchemaDefs(
      { propertyNames: key, additionalProperties: value },
      CONVERSION,
    );
    return { type: "object", propertyNames, additionalProperties };
  },
};

/** @param definitions What the schema refers to by name. */
export async function assertPublished(
  file: string,
  schema: GenericSchema,
  definitions: Record<string, GenericSchema> = {},
): Promise<void> {
  const { $schema, ...rest } = toJsonSchema(schema, { ...CONVERSION, definitions });
  await assertWritten(file, { $schema, ...rest });
}
