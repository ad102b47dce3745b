/**
 * A small server that answers at once as S3 and STS do, for as many versions as wanted: listings page by page, HEAD with
 * replication status, tags. What it lists is what it was given; it replicates nothing.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { ReplicationConfiguration, ReplicationRuleJson } from "../../../src/replication/rules";

export interface StandInVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isDeleteMarker?: boolean;
  /** Default: 10. */
  readonly size?: number;
  /** ISO 8601. Default: 2026-11-01. */
  readonly lastModified?: string;
  readonly storageClass?: string;
  /** Canonical user id. Default: that of the bucket's account. */
  readonly owner?: string;
  readonly status?: "PENDING" | "COMPLETED" | "FAILED" | "REPLICA";
  /** As HEAD names it. Default: AES256. */
  readonly encryption?: "AES256" | "aws:kms" | "SSE-C" | "NONE";
  readonly tags?: Readonly<Record<string, string>>;
}

export interface StandInBucket {
  readonly accountId: string;
  /** In the order of S3: by the bytes of their keys, the newest version first. */
  readonly versions: readonly StandInVersion[];
  readonly replication?: ReplicationConfiguration;
  /** XML of the rules of its lifecycle. */
  readonly lifecycle?: string;
  /** What can be read, by key. */
  readonly objects?: Readonly<Record<string, string | Buffer>>;
  /** XML of its inventory configuration. */
  readonly inventory?: string;
}

/** An answer instead, or a connection that breaks: before anything is answered, or in the middle of an answer. */
export type Disturbance = { readonly status: number; readonly code: string } | "drop" | "half" | undefined;

export const canonicalIdOf = (accountId: string) => `canonical-${accountId}`;

/** Versions in the order of S3. */
export function inS3Order(versions: readonly StandInVersion[]): StandInVersion[] {
  const bytes = new Map(versions.map(({ key }) => [key, Buffer.from(key)]));
  const time = ({ lastModified = "" }: StandInVersion) => lastModified;
  return [...versions].sort(
    (one, other) =>
      Buffer.compare(bytes.get(one.key)!, bytes.get(other.key)!) || (time(one) < time(other) ? 1 : -1),
  );
}

export class S3StandIn {
  requests = 0;
  /** `<method> <bucket> <what>` of each request. */
  readonly log: string[] = [];
  /** Called for each request. */
  disturb: (number: number, what: string) => Disturbance | Promise<Disturbance> = () => undefined;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  private constructor(readonly buckets: Map<string, StandInBucket>) {}

  static async start(buckets: Readonly<Record<string, StandInBucket>>): Promise<S3StandIn> {
    const standIn = new S3StandIn(new Map(Object.entries(buckets)));
    standIn.server.keepAliveTimeout = 60_000;
    await once(standIn.server.listen(0, "127.0.0.1"), "listening");
    return standIn;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What a command's process is told. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: "KEYOF111111111111",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    // A URL would take '..' in a key for the folder above.
    const [pathname = "", search] = (request.url ?? "/").split("?");
    const query = new URLSearchParams(search);
    const [, name = "", ...path] = pathname.split("/");
    const key = decodeURIComponent(path.join("/"));
    const what = `${request.method} ${name} ${key === "" ? ([...query.keys()][0] ?? "") : key}`;
    this.log.push(what);
    const disturbance = await this.disturb((this.requests += 1), what);
    if (disturbance === "drop") return void request.socket.destroy();
    const reply =
      disturbance === undefined || disturbance === "half"
        ? this.reply(request, name, key, query, Buffer.concat(chunks).toString())
        : failure(disturbance.status, disturbance.code);
    response.writeHead(reply.status, {
      "content-type": "application/xml",
      "content-length": Buffer.byteLength(reply.body),
      ...reply.headers,
    });
    if (request.method === "HEAD") return void response.end();
    if (disturbance !== "half") return void response.end(reply.body);
    response.write(reply.body.slice(0, reply.body.length / 2), () => request.socket.destroy());
  }

  private reply(
    { method, headers }: IncomingMessage,
    name: string,
    key: string,
    query: URLSearchParams,
    body: string,
  ): Reply {
    if (name === "") return security(body, headers.authorization ?? "");
    const bucket = this.buckets.get(name);
    if (bucket === undefined) return failure(404, "NoSuchBucket");
    const expected = headers["x-amz-expected-bucket-owner"];
    if (expected !== undefined && expected !== bucket.accountId) return failure(403, "AccessDenied");
    const content = bucket.objects?.[key];
    if (content !== undefined) return { status: 200, body: content };
    if (key !== "") return objectReply(bucket, key, query);
    if (method === "HEAD") return { ...xml(""), headers: { "x-amz-bucket-region": "us-east-1" } };
    if (query.has("list-type")) return xml(foldersOf(bucket, query.get("prefix") ?? ""));
    if (query.has("inventory")) return inventoryReply(bucket, query.has("id"));
    if (query.has("versions")) return xml(listed(name, bucket, query));
    if (query.has("replication")) return replicationReply(bucket);
    if (query.has("lifecycle")) {
      return bucket.lifecycle === undefined
        ? failure(404, "NoSuchLifecycleConfiguration")
        : xml(`<LifecycleConfiguration>${bucket.lifecycle}</LifecycleConfiguration>`);
    }
    if (query.has("acl")) {
      return xml(
        `<AccessControlPolicy><Owner><ID>${canonicalIdOf(bucket.accountId)}</ID></Owner></AccessControlPolicy>`,
      );
    }
    return failure(403, "AccessDenied");
  }
}

interface Reply {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Record<string, string>;
}

const xml = (body: string): Reply => ({ status: 200, body: `<?xml version="1.0" encoding="UTF-8"?>${body}` });

function failure(status: number, code: string): Reply {
  return { status, body: `<Error><Code>${code}</Code><Message>played</Message></Error>` };
}

function foldersOf({ objects = {} }: StandInBucket, prefix: string): string {
  const keys = Object.keys(objects).filter((key) => key.startsWith(prefix));
  const folders = new Set(keys.map((key) => `${prefix}${key.slice(prefix.length).split("/")[0]}/`));
  const prefixes = [...folders].map((each) => `<CommonPrefixes><Prefix>${each}</Prefix></CommonPrefixes>`);
  return `<ListBucketResult>${prefixes.join("")}</ListBucketResult>`;
}

function inventoryReply({ inventory }: StandInBucket, isOne: boolean): Reply {
  if (isOne && inventory === undefined) return failure(404, "NoSuchConfiguration");
  const configuration = inventory && `<InventoryConfiguration>${inventory}</InventoryConfiguration>`;
  return xml(
    isOne
      ? (configuration ?? "")
      : `<ListInventoryConfigurationsResult>${configuration ?? ""}</ListInventoryConfigurationsResult>`,
  );
}

/** STS: an account is entered by assuming any role of it. */
function security(body: string, authorization: string): Reply {
  const parameters = new URLSearchParams(body);
  const action = parameters.get("Action");
  if (action === "AssumeRole") {
    const account = /iam::(\d{12}):/.exec(parameters.get("RoleArn") ?? "")?.[1] ?? "";
    return xml(
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>KEYOF${account}</AccessKeyId><SecretAccessKey>test</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  }
  if (action !== "GetCallerIdentity") return failure(403, "AccessDenied");
  const account = /KEYOF(\d{12})/.exec(authorization)?.[1] ?? "";
  return xml(
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/tester</Arn><UserId>tester</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
}

const indexes = new WeakMap<readonly StandInVersion[], Map<string, StandInVersion>>();

function find(bucket: StandInBucket, key: string, versionId: string): StandInVersion | undefined {
  let index = indexes.get(bucket.versions);
  if (index === undefined) {
    index = new Map(bucket.versions.map((version) => [`${version.versionId} ${version.key}`, version]));
    indexes.set(bucket.versions, index);
  }
  return index.get(`${versionId} ${key}`);
}

function objectReply(bucket: StandInBucket, key: string, query: URLSearchParams): Reply {
  const version = find(bucket, key, query.get("versionId") ?? "");
  if (version === undefined) return failure(404, "NoSuchKey");
  if (version.isDeleteMarker === true) return failure(405, "MethodNotAllowed");
  const { tags = {}, status, encryption = "AES256", storageClass } = version;
  if (query.has("tagging")) {
    const set = Object.entries(tags).map(([k, value]) => `<Tag><Key>${k}</Key><Value>${value}</Value></Tag>`);
    return xml(`<Tagging><TagSet>${set.join("")}</TagSet></Tagging>`);
  }
  if (encryption === "SSE-C") return failure(400, "InvalidRequest");
  return {
    ...xml(""),
    headers: {
      ...(status === undefined ? {} : { "x-amz-replication-status": status }),
      ...(encryption === "NONE" ? {} : { "x-amz-server-side-encryption": encryption }),
      ...(storageClass === undefined ? {} : { "x-amz-storage-class": storageClass }),
    },
  };
}

/** A page of a listing, whose keys are URL-encoded as S3 does it. */
function listed(name: string, bucket: StandInBucket, query: URLSearchParams): string {
  const { versions } = bucket;
  const prefix = Buffer.from(query.get("prefix") ?? "");
  const after = query.get("key-marker") ?? "";
  const versionAfter = query.get("version-id-marker");
  const most = Number(query.get("max-keys") ?? 1000);
  let index = after === "" ? 0 : behind(versions, after);
  if (versionAfter !== null) {
    while (index > 0 && versions[index - 1]?.versionId !== versionAfter) index -= 1;
  }
  if (prefix.length > 0) index = Math.max(index, firstWith(versions, prefix));
  const page: string[] = [];
  let last: StandInVersion | undefined;
  for (; index < versions.length && page.length < most; index += 1) {
    const version = versions[index]!;
    if (prefix.length > 0 && !version.key.startsWith(prefix.toString())) break;
    page.push(entry(version, bucket.accountId, versions[index - 1]?.key !== version.key));
    last = version;
  }
  const next = versions[index];
  const isTruncated = next !== undefined && (prefix.length === 0 || next.key.startsWith(prefix.toString()));
  const markers =
    isTruncated && last !== undefined
      ? `<NextKeyMarker>${encode(last.key)}</NextKeyMarker><NextVersionIdMarker>${last.versionId}</NextVersionIdMarker>`
      : "";
  return `<ListVersionsResult><Name>${name}</Name><EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${markers}${page.join("")}</ListVersionsResult>`;
}

const encode = (key: string) => encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");

function entry(version: StandInVersion, accountId: string, isLatest: boolean): string {
  const { key, versionId, isDeleteMarker, size = 10, lastModified = "2026-11-01T00:00:00.000Z" } = version;
  const owner = version.owner ?? canonicalIdOf(accountId);
  const common = `<Key>${encode(key)}</Key><VersionId>${versionId}</VersionId><IsLatest>${isLatest}</IsLatest><LastModified>${lastModified}</LastModified><Owner><ID>${owner}</ID></Owner>`;
  if (isDeleteMarker === true) return `<DeleteMarker>${common}</DeleteMarker>`;
  return `<Version>${common}<ETag>&quot;e&quot;</ETag><Size>${size}</Size><StorageClass>${version.storageClass ?? "STANDARD"}</StorageClass></Version>`;
}

/** Place of the first version behind every one of a key. */
function behind(versions: readonly StandInVersion[], key: string): number {
  return search(versions, (each) => Buffer.compare(Buffer.from(each), Buffer.from(key)) > 0);
}

function firstWith(versions: readonly StandInVersion[], prefix: Buffer): number {
  return search(versions, (each) => Buffer.compare(Buffer.from(each), prefix) >= 0);
}

function search(versions: readonly StandInVersion[], isBehind: (key: string) => boolean): number {
  let [low, high] = [0, versions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBehind(versions[middle]!.key)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function replicationReply({ replication }: StandInBucket): Reply {
  if (replication === undefined) return failure(404, "ReplicationConfigurationNotFoundError");
  const rules = replication.Rules.map(ruleXml).join("");
  return xml(`<ReplicationConfiguration><Role>${replication.Role}</Role>${rules}</ReplicationConfiguration>`);
}

function ruleXml(rule: ReplicationRuleJson): string {
  return `<Rule>${elements(rule)}</Rule>`;
}

/** A value of the API's JSON as its XML; lists repeat their element, `Tags` are `Tag`. */
function elements(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .flatMap(([name, inner]): string[] =>
      inner === undefined
        ? []
        : Array.isArray(inner)
          ? inner.map((each) => `<${name.replace(/s$/, "")}>${elements(each)}</${name.replace(/s$/, "")}>`)
          : [`<${name}>${elements(inner)}</${name}>`],
    )
    .join("");
}
