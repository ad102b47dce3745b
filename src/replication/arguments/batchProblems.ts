/** Mistakes in what is asked for Batch Replication, as sentences. */
import { show } from "../../input/problems";
import { DEFAULTS } from "./arguments";
import { reportBeginning } from "../batch/plan";
import { ruleTaking } from "./takenByRule";
import { batchRoleNameOf, ROLE_NAME } from "../../naming/names";

type Given = Readonly<Record<string, unknown>>;

/** @param given Arguments of a source, of whatever types: what is no text or no list is told elsewhere. */
export function batchProblems(given: Given, path: string): string[] {
  if (typeof given.batchReplication !== "object" || given.batchReplication === null) return [];
  const batch = given.batchReplication as Given;
  return [
    ...roleProblems(given, batch, path),
    ...placeProblems(given, batch, path, "report", reportBeginning),
    ...placeProblems(given, batch, path, "manifest", (prefix) => `${prefix}/`),
  ];
}

function roleProblems(given: Given, batch: Given, path: string): string[] {
  const replicationRole = textOr(given.roleName, DEFAULTS.roleName);
  const roleName = textOr(batch.roleName, batchRoleNameOf(replicationRole));
  if (roleName === replicationRole) {
    return [
      `'${path}batchReplication.roleName' must be another role than the replication role, which S3 assumes as another service, got ${show(roleName)} for both`,
    ];
  }
  if (batch.roleName === undefined && ROLE_NAME.test(replicationRole) && !ROLE_NAME.test(roleName)) {
    return [
      `'${path}batchReplication.roleName' must be given where 'roleName' is too long to have '-batch' behind it, got nothing and the role name ${show(replicationRole)}`,
    ];
  }
  return [];
}

/** What a job writes or reads must be outside every rule of the bucket. */
function placeProblems(
  given: Given,
  batch: Given,
  path: string,
  kind: "report" | "manifest",
  beginningOf: (prefix: string) => string,
): string[] {
  const bucketName = batch[`${kind}BucketName`];
  if (typeof bucketName !== "string") {
    return batch[`${kind}Prefix`] === undefined
      ? []
      : [
          `'${path}batchReplication.${kind}BucketName' must be given where 'batchReplication.${kind}Prefix' is, got ${show(bucketName)}`,
        ];
  }
  if (bucketName !== given.bucketName) return [];
  const prefix = textOr(batch[`${kind}Prefix`], DEFAULTS[`${kind}Prefix`]);
  const rule = ruleTaking(given, beginningOf(prefix));
  return rule === undefined
    ? []
    : [
        `'${path}batchReplication.${kind}Prefix' must be outside every rule, got ${show(prefix)} in the source bucket, which rule ${show(rule.id)} takes: the ${kind} would be replicated itself; use a prefix that no rule takes, or another bucket`,
      ];
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
