/** What `fleet --json` prints, checked by a validator that knows nothing of how the schema was written. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";

export const FLEET_SCHEMA_FILE = join(__dirname, "..", "..", "schemas", "fleet.schema.json");

export function fleetViolations(report: object): unknown {
  const schema = JSON.parse(readFileSync(FLEET_SCHEMA_FILE, "utf8")) as object;
  const validate = new Ajv({ allErrors: true }).compile(schema);
  return validate(JSON.parse(JSON.stringify(report))) ? [] : validate.errors;
}
