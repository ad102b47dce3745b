/** Which operation of AWS an HTTP request is: by its path and query for S3, by what it says for other services. */
import type { Passing } from "./replicatingProxy";

/** Operations on a bucket, by the name in the query. */
const OF_BUCKETS: Readonly<Record<string, string>> = {
  replication: "GetBucketReplication",
  versioning: "GetBucketVersioning",
  ownershipControls: "GetBucketOwnershipControls",
  policy: "GetBucketPolicy",
  encryption: "GetBucketEncryption",
  "object-lock": "GetObjectLockConfiguration",
  requestPayment: "GetBucketRequestPayment",
  publicAccessBlock: "GetPublicAccessBlock",
  notification: "GetBucketNotificationConfiguration",
  tagging: "GetBucketTagging",
  abac: "GetBucketAbac",
  lifecycle: "GetBucketLifecycleConfiguration",
  acl: "GetBucketAcl",
  inventory: "ListBucketInventoryConfigurations",
  versions: "ListObjectVersions",
};

export interface Operation {
  readonly service: string;
  readonly name: string;
}

/** @returns undefined for what asks for no permission: who the caller is, and the way into a role. */
export function operationOf(passing: Passing): Operation | undefined {
  const { headers, body, bucket, query } = passing;
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";
  if (service === "sts") return undefined;
  if (service === "s3") {
    if (bucket === "v20180820") return { service, name: ofControl(passing) };
    return { service, name: passing.key === "" ? ofBucket(passing) : ofObject(passing) };
  }
  const target = String(headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1);
  const inPath = /\/operation\/(\w+)/.exec(`/${bucket}/${passing.key}`)?.[1];
  const inBody = new URLSearchParams(body.toString("latin1")).get("Action");
  const name = [target, inPath, inBody, query.get("Action")].find((each) => each !== "" && each != null);
  return { service: service === "monitoring" ? "cloudwatch" : service, name: name ?? "" };
}

function ofControl({ key, method }: Passing): string {
  if (key.endsWith("publicAccessBlock")) return "GetPublicAccessBlockOfAccount";
  if (method === "POST") return key.endsWith("/status") ? "UpdateJobStatus" : "CreateJob";
  return key.endsWith("jobs") ? "ListJobs" : "DescribeJob";
}

function ofBucket({ method, query }: Passing): string {
  if (method === "HEAD") return "HeadBucket";
  if (method === "POST" && query.has("delete")) return "DeleteObjects";
  const setting = Object.keys(OF_BUCKETS).find((name) => query.has(name));
  return setting === undefined ? "ListObjectsV2" : (OF_BUCKETS[setting] ?? "");
}

function ofObject({ method, query }: Passing): string {
  if (query.has("tagging")) return "GetObjectTagging";
  return { HEAD: "HeadObject", PUT: "PutObject", DELETE: "DeleteObject" }[method] ?? "GetObject";
}
