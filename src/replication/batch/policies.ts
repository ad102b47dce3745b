/** The policy documents of the role of Batch Replication jobs, made of the table of what a job asks for. */
import { BATCH_PERMISSIONS, BATCH_SERVICE, type BatchPermission, type BatchReplication } from "./permissions";
import { allow, objectArns, policy, type PolicyJson } from "../policies";

/** Only S3 Batch Operations may assume the role of a job. */
export function batchTrustPolicy(): PolicyJson {
  return policy([
    {
      Sid: "AllowBatchOperations",
      Effect: "Allow",
      Principal: { Service: BATCH_SERVICE },
      Action: "sts:AssumeRole",
    },
  ]);
}

/**
 * What the role may do: the jobs of this bucket, for the objects that its rules take.
 * @param prefixes Prefixes of the rules that are on.
 */
export function batchRolePolicy(
  job: BatchReplication,
  sourceBucketArn: string,
  prefixes: readonly string[],
): PolicyJson {
  // A role that is made for given manifests serves jobs that generate one as well.
  const actions = (target: BatchPermission["target"]) =>
    BATCH_PERMISSIONS.filter(
      (row) => row.target === target && (target === "sourceBucket" || row.needed(job)),
    ).map(({ action }) => action);
  const under = (bucketArn: string | undefined, prefix: string | undefined) =>
    bucketArn === undefined ? [] : objectArns([[bucketArn, prefix === undefined ? "" : `${prefix}/`]]);
  return policy(
    [
      allow(
        "InitiateReplication",
        actions("sourceObject"),
        objectArns(prefixes.map((prefix) => [sourceBucketArn, prefix])),
      ),
      allow("GenerateManifest", actions("sourceBucket"), [sourceBucketArn]),
      allow("UseManifest", actions("manifestObject"), under(job.manifestBucket, job.manifestPrefix)),
      allow("WriteReport", actions("reportObject"), under(job.reportBucket, job.reportPrefix)),
    ].filter(({ Resource }) => Resource?.length !== 0),
  );
}
