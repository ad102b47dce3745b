/** Documents of buckets that the emulator would spoil, kept before it. */
import {
  DeleteBucketPolicyCommand,
  GetBucketReplicationCommand,
  PutBucketReplicationCommand,
  type ReplicationConfiguration as SdkConfiguration,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { bucketNameOf } from "../../../src/naming/names";
import type { ReplicationConfiguration } from "../../../src/replication/rules";
import { EmulatedAccount } from "./plant";
import type { Answer, Passing } from "./replicatingProxy";

/** S3's error where there is no such document. */
const ABSENT = {
  policy: "NoSuchBucketPolicy",
  replication: "ReplicationConfigurationNotFoundError",
} as const;

/**
 * Bucket policies, which the emulator reads without their conditions, so that a Deny of requests without TLS denies every
 * object; here they decide nothing. And replication configurations, of which it gives back hardly more than the ids.
 */
export class KeptDocuments {
  /** As S3 answers, by bucket and name. */
  private readonly texts = new Map<string, string>();

  /** Takes over what was planted. */
  static async takeOver(endpoint: string, { buckets }: Snapshot): Promise<KeptDocuments> {
    const kept = new KeptDocuments();
    for (const [arn, { account, region, policy, replication }] of Object.entries(buckets)) {
      const Bucket = bucketNameOf(arn);
      if (replication !== null) kept.texts.set(`${Bucket}?replication`, await toXml(replication));
      if (policy === null || policy === undefined) continue;
      kept.texts.set(`${Bucket}?policy`, typeof policy === "string" ? policy : JSON.stringify(policy));
      const s3 = new EmulatedAccount(endpoint, account).s3(region);
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
      s3.destroy();
    }
    return kept;
  }

  /** The answer to a request about one of the documents; nothing to any other. */
  answer({ method, bucket, key, query, body }: Passing): Answer | undefined {
    const name = (["policy", "replication"] as const).find((each) => query.has(each));
    if (name === undefined || key !== "") return undefined;
    const id = `${bucket}?${name}`;
    if (method === "PUT") this.texts.set(id, body.toString());
    if (method === "DELETE") this.texts.delete(id);
    if (method !== "GET") return { status: name === "policy" || method === "DELETE" ? 204 : 200 };
    const text = this.texts.get(id);
    if (text === undefined) return refusal(ABSENT[name], 404);
    const type = name === "policy" ? "application/json" : "application/xml";
    return { status: 200, headers: { "content-type": type }, body: text };
  }

  async replicationOf(bucket: string): Promise<ReplicationConfiguration | undefined> {
    const text = this.texts.get(`${bucket}?replication`);
    return text === undefined ? undefined : fromXml(text);
  }
}

/** S3's own answer to those who may not. */
export const refusal = (code = "AccessDenied", status = 403): Answer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

/** The SDK writes and reads S3's XML; nothing is sent. */
async function toXml(configuration: ReplicationConfiguration): Promise<string> {
  let text = "";
  await unsent("", (body) => (text = body)).send(
    new PutBucketReplicationCommand({
      Bucket: "any",
      ReplicationConfiguration: configuration as SdkConfiguration,
    }),
  );
  return text;
}

async function fromXml(text: string): Promise<ReplicationConfiguration | undefined> {
  const answer = await unsent(text).send(new GetBucketReplicationCommand({ Bucket: "any" }));
  return answer.ReplicationConfiguration as ReplicationConfiguration | undefined;
}

function unsent(answer: string, see: (body: string) => void = () => undefined): S3Client {
  return new S3Client({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: {
      handle: ({ body }: { body?: string }) => {
        see(String(body));
        return Promise.resolve({
          response: { statusCode: 200, headers: {}, body: Buffer.from(answer) } as never,
        });
      },
    },
  });
}
