/** Two buckets compared by the list engine, or only listed and counted side by side: `listing.js reconcile|count <versions>`. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { measured } from "../harness/measured";
import { RULES } from "./rules";

async function load(what: string | undefined, versions: string): Promise<() => Promise<void>> {
  const { S3Client, ListObjectVersionsCommand } = await import("@aws-sdk/client-s3");
  const { listEngine } = await import("../../../bin/reconcile/list/listEngine");
  const server = fork(join(__dirname, "listServer.js"), [versions]);
  const [endpoint] = (await once(server, "message")) as [string];
  const s3 = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  });
  const count = async (Bucket: string): Promise<number> => {
    let counted = 0;
    let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (marker !== undefined) {
      const page: import("@aws-sdk/client-s3").ListObjectVersionsCommandOutput = await s3.send(
        new ListObjectVersionsCommand({ Bucket, EncodingType: "url", ...marker }),
      );
      counted += page.Versions?.length ?? 0;
      marker =
        page.IsTruncated === true
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
    }
    return counted;
  };
  const bucket = (name: string) => ({ s3, name, callerArn: "arn:aws:iam::111111111111:user/bench" });
  const end = () => {
    s3.destroy();
    server.disconnect();
  };
  return async () => {
    if (what === "count") {
      const [data, copies] = await Promise.all([count("data"), count("copies")]);
      if (data !== Number(versions) || copies >= data) throw new Error(`counted ${data} and ${copies}`);
    } else {
      const engine = listEngine({
        configuration: RULES,
        source: bucket("data"),
        destinations: [bucket("copies")],
        facts: [{}],
        headLimit: 10_000,
        sampleSize: 0,
      });
      const { tally } = await engine.run({
        prefix: "",
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      if (tally.versions !== Number(versions)) throw new Error(`compared ${tally.versions}`);
    }
    end();
  };
}

void measured(() => load(process.argv[2], process.argv[3] ?? "1000000"));
