/** Pages of a bucket's versions as S3 lists them. */
import { strict as assert } from "node:assert";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { pagesOf } from "../../../src/reconcile/list/versionPages";

describe("reconcile: a page of versions", () => {
  const list = pagesOf(
    { s3: new S3Client({ region: "eu-central-1" }), name: "documents", callerArn: "anna" },
    "",
    new AbortController().signal,
  );

  it("is not taken for the last one where it says that more follows", async () => {
    mockClient(S3Client)
      .on(ListObjectVersionsCommand)
      .resolves({ IsTruncated: true, Versions: [{ Key: "a", VersionId: "v1" }] });
    await assert.rejects(
      list(undefined),
      /: cannot list the versions of bucket 'documents': the answer says that more follows, and not behind which key$/,
    );
  });

  it("is refused with the key where that is no UTF-8", async () => {
    mockClient(S3Client)
      .on(ListObjectVersionsCommand)
      .resolves({ EncodingType: "url", Versions: [{ Key: "a%FF", VersionId: "v1" }] });
    await assert.rejects(list(undefined), /bucket 'documents': S3 lists the key 'a%FF', which is not UTF-8$/);
  });
});
