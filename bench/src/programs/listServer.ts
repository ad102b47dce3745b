/** A server that lists versions of two buckets at once, of any number: a child process, so that only clients are measured. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The destination lacks one of so many. */
const LACKS_EVERY = 10_000;
const PAGE = 1000;

const COUNT = Number(process.argv[2]);
const keyOf = (index: number) =>
  `data/${String(index % 100).padStart(2, "0")}/${String(index).padStart(9, "0")}`;
const KEYS = Array.from({ length: COUNT }, (_, index) => keyOf(index)).sort();
const TIME = "2026-11-01T00:00:00.000Z";

/** Place of the first key behind one. */
function behind(key: string): number {
  let [low, high] = [0, KEYS.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (KEYS[middle]! > key) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Pages are kept, so that the second reader of one costs nothing. */
const pages = new Map<string, string>();

function page(bucket: string, after: string): string {
  const name = `${bucket} ${after}`;
  const known = pages.get(name);
  if (known !== undefined) return known;
  const start = after === "" ? 0 : behind(after);
  const keys = KEYS.slice(start, start + PAGE);
  const isCopy = bucket === "copies";
  const entries = keys
    .filter((_, offset) => !isCopy || (start + offset) % LACKS_EVERY !== 0)
    .map(
      (key) =>
        `<Version><Key>${key}</Key><VersionId>v1</VersionId><IsLatest>true</IsLatest><LastModified>${TIME}</LastModified><ETag>&quot;9e107d9d372bb6826bd81d3542a419d6&quot;</ETag><Size>1024</Size><StorageClass>STANDARD</StorageClass><Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID></Owner></Version>`,
    );
  const isTruncated = start + PAGE < KEYS.length;
  const next = isTruncated
    ? `<NextKeyMarker>${keys.at(-1)}</NextKeyMarker><NextVersionIdMarker>v1</NextVersionIdMarker>`
    : "";
  const text = `<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${next}${entries.join("")}</ListVersionsResult>`;
  pages.set(name, text);
  return text;
}

// Made before anybody asks, so that making them is not measured.
for (let place = 0; place < COUNT; place += PAGE) {
  for (const bucket of ["data", "copies"]) page(bucket, place === 0 ? "" : KEYS[place - 1]!);
}

function answer(response: ServerResponse, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    "content-type": "application/xml",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const [, bucket = "", key] = url.pathname.split("/");
  if (key === undefined || key === "") {
    return answer(response, page(bucket, url.searchParams.get("key-marker") ?? ""));
  }
  return answer(response, "", {
    "x-amz-replication-status": "FAILED",
    "x-amz-server-side-encryption": "AES256",
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("disconnect", () => process.exit());
