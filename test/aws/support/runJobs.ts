/** S3's part in Batch Replication jobs of a list: each version in it is replicated once more, and no other. */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { strict as assert } from "node:assert";
import type { JobsServer } from "./jobs";
import type { Replication } from "./replication";

const CREATED = "POST /v20180820/jobs";

/** @param s3 Client of the bucket with the lists. @returns What every job was of, job by job. */
export function runJobs(server: JobsServer, replication: Replication, s3: S3Client): string[][] {
  const ran: string[][] = [];
  const run = async (body: string) => {
    const of = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? "";
    const [, Bucket = "", Key = ""] = /^arn:aws:s3:::([^/]+)\/(.+)$/.exec(of("ObjectArn")) ?? [];
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    assert.equal(
      of("ETag").replaceAll("&quot;", ""),
      ETag?.replaceAll('"', ""),
      "the list is the one that is meant",
    );
    const lines = (await Body!.transformToString()).trimEnd().split("\n");
    for (const line of lines) {
      const [bucket = "", key = "", versionId = ""] = line.split(",");
      await replication.replicateAgain(bucket, decodeURIComponent(key), versionId);
    }
    await replication.finishAll();
    ran.push(lines);
    const all = { total: lines.length, succeeded: lines.length };
    server.options = {
      ...server.options,
      script: [
        { status: "Active", total: lines.length },
        { status: "Complete", ...all },
      ],
    };
  };
  server.reset({
    script: [{ status: "New" }],
    onRequest: async (_, phase, what) => {
      const job = server.jobs.at(-1);
      if (phase === "after" && what === CREATED && job !== undefined && ran.length < server.jobs.length)
        await run(job.body);
    },
  });
  return ran;
}
