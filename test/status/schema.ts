/** What `status --json` prints, checked by a validator that knows nothing of how the schema was written. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";

export const STATUS_SCHEMA_FILE = join(__dirname, "..", "..", "schemas", "status.schema.json");

export function statusViolations(report: object): unknown {
  const schema = JSON.parse(readFileSync(STATUS_SCHEMA_FILE, "utf8")) as object;
  const validate = new Ajv({ allErrors: true }).compile(schema);
  return validate(JSON.parse(JSON.stringify(report))) ? [] : validate.errors;
}
