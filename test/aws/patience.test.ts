import { rejects, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { PATIENCE } from "../../src/aws/account";
import { describe as describeError } from "../../src/aws/failures";

describe("a call to AWS", () => {
  it("ends with an error where AWS never answers", async () => {
    const server = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(server, "listening");
    const s3 = new S3Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      ...PATIENCE,
      maxAttempts: 1,
      requestHandler: { ...PATIENCE.requestHandler, requestTimeout: 100 },
    });
    try {
      await rejects(s3.send(new ListBucketsCommand({})), { name: "TimeoutError" });
    } finally {
      s3.destroy();
      server.closeAllConnections();
      server.close();
    }
  }).timeout(5000);

  it("that fails is told on one line, without the session token that AWS may quote", () => {
    const error = Object.assign(
      new Error("The signature does not match:\nhost:s3\nx-amz-security-token:FwoGZXIvYXdzEXAMPLE\n\nsigned"),
      { name: "SignatureDoesNotMatch" },
    );
    strictEqual(
      describeError(error),
      "SignatureDoesNotMatch: The signature does not match: host:s3 x-amz-security-token:... signed",
    );
  });
});
