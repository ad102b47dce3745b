/** Answers that are asked for once: over loopback, counted by the server. */
import { deepStrictEqual, ok, rejects } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { SharedAnswers } from "../../src/aws/sharedAnswers";

describe("answers of AWS that are shared", () => {
  const seen: string[] = [];
  let [open, most] = [0, 0];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    seen.push(`${request.method} ${pathname.replace(/\/$/, "")}`);
    most = Math.max(most, (open += 1));
    request.resume();
    setTimeout(() => {
      open -= 1;
      if (pathname.startsWith("/refused")) {
        const body = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
        response.writeHead(403, { "content-type": "application/xml" }).end(body);
      } else if (pathname.startsWith("/bad")) {
        const body = "<Error><Code>MalformedPolicy</Code><Message>bad</Message></Error>";
        response.writeHead(400, { "content-type": "application/xml" }).end(body);
      } else response.writeHead(200).end("{}");
    }, 5);
  });
  const clients: S3Client[] = [];

  before(() => once(server.listen(0, "127.0.0.1"), "listening"));
  beforeEach(() => {
    seen.length = 0;
    [open, most] = [0, 0];
  });
  after(async () => {
    for (const client of clients) client.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  function client(answers: SharedAnswers, place = "reader s3 eu-west-1"): S3Client {
    const { port } = server.address() as AddressInfo;
    const made = new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: "eu-west-1",
      forcePathStyle: true,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    answers.attachTo(made, place);
    clients.push(made);
    return made;
  }
  const ask = (s3: S3Client, Bucket: string) => s3.send(new GetBucketPolicyCommand({ Bucket }));

  it("are asked for once, however many ask at once or later", async () => {
    const s3 = client(new SharedAnswers());
    await Promise.all([ask(s3, "archive"), ask(s3, "archive"), ask(s3, "data")]);
    deepStrictEqual((await ask(s3, "archive")).Policy, "{}");
    deepStrictEqual(seen.sort(), ["GET /archive", "GET /data"]);
  });

  it("are another's for another caller or Region", async () => {
    const answers = new SharedAnswers();
    for (const place of ["one s3 eu-west-1", "other s3 eu-west-1", "one s3 us-east-1"]) {
      await ask(client(answers, place), "archive");
    }
    deepStrictEqual(seen, ["GET /archive", "GET /archive", "GET /archive"]);
  });

  it("are kept where they are a refusal, and asked for anew where the question failed otherwise", async () => {
    const s3 = client(new SharedAnswers());
    for (const bucket of ["refused", "refused", "bad", "bad"]) await rejects(ask(s3, bucket));
    deepStrictEqual(seen, ["GET /refused", "GET /bad", "GET /bad"]);
  });

  it("are never those of what changes something", async () => {
    const s3 = client(new SharedAnswers());
    for (let time = 0; time < 2; time += 1) {
      await s3.send(new PutBucketPolicyCommand({ Bucket: "archive", Policy: "{}" }));
    }
    deepStrictEqual(seen, ["PUT /archive", "PUT /archive"]);
  });

  it("go where nobody asked for them the longest, so that memory has an end", async () => {
    const s3 = client(new SharedAnswers(2));
    for (const bucket of ["a", "b", "a", "c", "a", "b"]) await ask(s3, bucket);
    deepStrictEqual(seen, ["GET /a", "GET /b", "GET /c", "GET /b"]);
  });

  it("are asked for 32 at once at most", async () => {
    const s3 = client(new SharedAnswers());
    await Promise.all(Array.from({ length: 100 }, (_, index) => ask(s3, `bucket-${index}`)));
    ok(most <= 32 && most > 1, `${most} at once`);
  });
});
