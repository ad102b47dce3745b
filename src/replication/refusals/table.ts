/** The one table of what PutBucketReplication answers with an error, and what it answers to a configuration. */
import { ruleName } from "../rules";
import { CONFIGURATION_REFUSALS } from "./configurations";
import { DESTINATION_REFUSALS } from "./destinations";
import { FILTER_REFUSALS } from "./filters";
import { type ConfigurationRefusal, NOT_WELL_FORMED, type Put, type RefusalRow } from "./refusal";
import { SCHEMA_REFUSALS } from "./schemas";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html */
export const REFUSALS: readonly RefusalRow[] = [
  ...CONFIGURATION_REFUSALS,
  ...SCHEMA_REFUSALS,
  ...FILTER_REFUSALS,
  ...DESTINATION_REFUSALS,
];

/** Everything in a configuration for which S3 does not store it. */
export function refusalsOf(put: Put, rows: readonly RefusalRow[] = REFUSALS): ConfigurationRefusal[] {
  return rows.flatMap((row) => row.violations(put).map((violation) => ({ ...violation, row })));
}

/** A refusal as S3 says it: `InvalidRequest: rule 'all': Found duplicate priority 1.` */
export function refusalMessage(
  { row, rule, sentence }: ConfigurationRefusal,
  { configuration }: Put,
): string {
  const json = rule === undefined ? undefined : configuration.Rules[rule];
  const name = json === undefined ? "" : `rule '${ruleName(configuration, json)}': `;
  // Of a document that does not fit its schema, S3 does not say what is wrong.
  const what = sentence === NOT_WELL_FORMED ? ` (${row.name})` : "";
  return `${row.code}: ${name}${sentence}${what}`;
}
