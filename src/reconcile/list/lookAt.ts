/** What no listing shows of a version: its status, encryption, archive tier and tags, by a request for each. */
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { codeOf, describe, isAbsent, isRefused, statusOf } from "../../aws/failures";
import type { Encryption, ReplicationStatus, Tags, Version } from "../meaning/row";
import { REPLICATION_STATUSES } from "../meaning/row";
import { patiently } from "./versionPages";

/** Requests for single versions that are under way at once. */
export const LOOKS_AT_ONCE = 32;

const ENCRYPTIONS: Readonly<Record<string, Encryption>> = {
  AES256: "SSE-S3",
  "aws:kms": "SSE-KMS",
  "aws:kms:dsse": "DSSE-KMS",
};

/** A version that is deleted by now. */
export const DELETED = Symbol("deleted");

/** A version that S3 shows to nobody without the customer's key. */
const CUSTOMER_KEY = Symbol("customer key");

interface Place {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId: string;
}

type Head = HeadObjectCommandOutput | (GetObjectCommandOutput & { readonly ArchiveStatus?: undefined });

/** Asks for single versions of one bucket. */
export class Looker {
  private readonly limit = pLimit(LOOKS_AT_ONCE);
  /** Why versions could not be looked at, each sentence once. */
  readonly refusals = new Set<string>();

  constructor(
    private readonly bucket: { readonly s3: S3Client; readonly name: string; readonly callerArn: string },
    private readonly signal: AbortSignal,
  ) {}

  /** @returns The version with what could be learned of it. */
  look(
    key: string,
    versionId: string,
    listed: Version,
    readsTags: boolean,
  ): Promise<Version | typeof DELETED> {
    return this.limit(() => this.lookNow(key, versionId, listed, readsTags));
  }

  private async lookNow(
    key: string,
    versionId: string,
    listed: Version,
    readsTags: boolean,
  ): Promise<Version | typeof DELETED> {
    const place = { Bucket: this.bucket.name, Key: key, VersionId: versionId };
    try {
      const head = await this.headOf(place);
      if (head === CUSTOMER_KEY) return { ...listed, encryption: "SSE-C" };
      const tags = readsTags ? await this.tagsOf(place, head) : undefined;
      return { ...listed, ...readHead(head), tags };
    } catch (error) {
      this.signal.throwIfAborted();
      if (isAbsent(error)) return DELETED;
      this.refuse("s3:GetObjectVersion", error);
      return listed;
    }
  }

  /**
   * S3 answers 400 to whoever does not send a customer's key along, and for credentials that expired or a Region that is
   * another. An answer to HEAD has no body that tells which; that to GET has. GET is refused for an archived object, whose
   * HEAD is not: where it is answered 400 again, with credentials that serve, only the key is left.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
   */
  private async headOf(place: Place): Promise<Head | typeof CUSTOMER_KEY> {
    const { s3 } = this.bucket;
    const options = { abortSignal: this.signal };
    const head = () =>
      patiently(this.signal, () => s3.send(new HeadObjectCommand(place), options)).catch((error: unknown) => {
        if (statusOf(error) !== 400) throw error;
      });
    const headed = await head();
    if (headed !== undefined) return headed;
    try {
      const got = await patiently(this.signal, () =>
        s3.send(new GetObjectCommand({ ...place, Range: "bytes=0-0" }), options),
      );
      await got.Body?.transformToByteArray();
      return got;
    } catch (error) {
      if (codeOf(error) === "InvalidRequest") return CUSTOMER_KEY;
      if (codeOf(error) !== "InvalidObjectState") throw error;
      return (await head()) ?? CUSTOMER_KEY;
    }
  }

  private async tagsOf(place: Place, { TagCount }: Head): Promise<Tags | undefined> {
    if (TagCount === 0) return {};
    try {
      const { TagSet = [] } = await patiently(this.signal, () =>
        this.bucket.s3.send(new GetObjectTaggingCommand(place), { abortSignal: this.signal }),
      );
      return Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
    } catch (error) {
      this.signal.throwIfAborted();
      this.refuse("s3:GetObjectVersionTagging", error);
      return undefined;
    }
  }

  private refuse(action: string, error: unknown): void {
    const { name, callerArn } = this.bucket;
    this.refusals.add(
      isRefused(error)
        ? `versions of ${name} were not looked at: ${callerArn} needs ${action} on its objects`
        : `versions of ${name} were not looked at: ${describe(error)}`,
    );
  }
}

type Looked = Pick<Version, "encryption" | "replicationStatus" | "archiveStatus">;

function readHead({
  SSECustomerAlgorithm,
  ServerSideEncryption,
  ReplicationStatus,
  ArchiveStatus,
}: Head): Looked {
  const status = (ReplicationStatus as string | undefined) === "COMPLETE" ? "COMPLETED" : ReplicationStatus;
  return {
    encryption:
      SSECustomerAlgorithm === undefined
        ? ServerSideEncryption === undefined
          ? "NOT-SSE"
          : ENCRYPTIONS[ServerSideEncryption]
        : "SSE-C",
    replicationStatus: (REPLICATION_STATUSES as readonly (string | undefined)[]).includes(status)
      ? (status as ReplicationStatus)
      : null,
    archiveStatus: ArchiveStatus === undefined ? null : ArchiveStatus,
  };
}
