/** Two accounts with a bucket each, in memory, behind the real SDK's clients with their `send` taken over. */
import { join } from "node:path";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { openAccounts, type PairAccounts } from "../../src/aws/pair";
import type { ReplicationRuleJson } from "../../src/replication/rules";
import type { VerificationReport } from "../../src/verification/report";
import { verify } from "../../src/verification/verify";

export const SOURCE = "data";
export const DESTINATION = "archive";

export const ACCESS_DENIED = Object.assign(new Error("User is not authorized"), {
  name: "AccessDenied",
  $metadata: { httpStatusCode: 403 },
});

const RULE: ReplicationRuleJson = {
  ID: "everything",
  Priority: 1,
  Status: "Enabled",
  Filter: { Prefix: "" },
  DeleteMarkerReplication: { Status: "Enabled" },
  Destination: {
    Bucket: `arn:aws:s3:::${DESTINATION}`,
    Account: "222222222222",
    AccessControlTranslation: { Owner: "Destination" },
  },
};

export interface FakeVersion {
  readonly bucket: string;
  readonly Key: string;
  readonly VersionId: string;
  readonly body?: string;
  readonly isMarker?: boolean;
  readonly LastModified: Date;
}

export class FakeS3 {
  readonly s3 = mockClient(S3Client);
  readonly sts = mockClient(STSClient);
  versions: FakeVersion[] = [];
  pageSize = 1000;
  private ids = 0;

  constructor(rule: Partial<ReplicationRuleJson> = {}) {
    const { s3 } = this;
    process.env.AWS_CONFIG_FILE = join(__dirname, "awsConfig.ini");
    this.sts
      .on(GetCallerIdentityCommand)
      .resolvesOnce({ Account: "111111111111", Arn: "arn:aws:iam::111111111111:user/auditor" })
      .resolves({ Account: "222222222222", Arn: "arn:aws:iam::222222222222:user/auditor" });
    s3.on(HeadBucketCommand).resolves({ BucketRegion: "eu-west-1" });
    s3.on(GetBucketReplicationCommand).resolves({
      ReplicationConfiguration: { Role: "arn:aws:iam::111111111111:role/r", Rules: [{ ...RULE, ...rule }] },
    } as never);
    s3.on(GetObjectLockConfigurationCommand).rejects(
      Object.assign(new Error("none"), { name: "ObjectLockConfigurationNotFoundError" }),
    );
    s3.on(GetBucketNotificationConfigurationCommand).resolves({});
    s3.on(GetBucketAclCommand).resolves({ Owner: { ID: "archivist" } });
    s3.on(GetObjectTaggingCommand).resolves({ TagSet: [] });
    s3.on(PutObjectCommand).callsFake(({ Key, Body }: { Key: string; Body: string }) => this.put(Key, Body));
    s3.on(DeleteObjectCommand).callsFake(({ Key }: { Key: string }) => this.put(Key));
    s3.on(HeadObjectCommand).callsFake(() => ({
      ServerSideEncryption: "AES256",
      ReplicationStatus: "COMPLETED",
    }));
    s3.on(GetObjectCommand).callsFake(({ Bucket, VersionId }: { Bucket: string; VersionId: string }) => {
      const body = this.versions.find((each) => each.bucket === Bucket && each.VersionId === VersionId)?.body;
      return { Body: { transformToString: () => Promise.resolve(body) } };
    });
    s3.on(ListObjectVersionsCommand).callsFake((input: ListInput) => this.list(input));
    s3.on(DeleteObjectsCommand).callsFake(
      ({ Bucket, Delete }: { Bucket: string; Delete: { Objects: { VersionId: string }[] } }) => {
        const ids = Delete.Objects.map(({ VersionId }) => VersionId);
        this.versions = this.versions.filter(
          (each) => each.bucket !== Bucket || !ids.includes(each.VersionId),
        );
        return {};
      },
    );
  }

  /** What is in the buckets, without version ids. */
  left(): string[] {
    return this.versions.map(({ bucket, isMarker }) => `${bucket}${isMarker === true ? " marker" : ""}`);
  }

  async accounts(): Promise<PairAccounts> {
    return openAccounts({ source: {}, destinations: [{ profile: "archive" }] });
  }

  async verify(more: Partial<Parameters<typeof verify>[2]> = {}): Promise<VerificationReport> {
    return verify(await this.accounts(), SOURCE, {
      canaryPrefix: ".canary/",
      timeout: 1000,
      leaveCanaries: false,
      signal: new AbortController().signal,
      firstPause: 1,
      ...more,
    });
  }

  restore(): void {
    this.s3.restore();
    this.sts.restore();
    delete process.env.AWS_CONFIG_FILE;
  }

  list({ Bucket, Prefix, VersionIdMarker }: ListInput): object {
    const all = this.versions.filter((each) => each.bucket === Bucket && each.Key.startsWith(Prefix));
    const start = 1 + all.findIndex(({ VersionId }) => VersionId === VersionIdMarker);
    const page = all
      .slice(start, start + this.pageSize)
      .map((each) => ({ ...each, Owner: { ID: "archivist" } }));
    return {
      Versions: page.filter(({ isMarker }) => isMarker !== true),
      DeleteMarkers: page.filter(({ isMarker }) => isMarker === true),
      IsTruncated: start + this.pageSize < all.length,
      NextKeyMarker: page.at(-1)?.Key,
      NextVersionIdMarker: page.at(-1)?.VersionId,
    };
  }

  /** Puts an object, or a marker, on both sides. */
  private put(Key: string, body?: string): { VersionId: string } {
    const VersionId = `v${(this.ids += 1)}`;
    for (const bucket of [SOURCE, DESTINATION]) {
      const isMarker = body === undefined;
      this.versions.push({ bucket, Key, VersionId, body, isMarker, LastModified: new Date() });
    }
    return { VersionId };
  }
}

export interface ListInput {
  readonly Bucket: string;
  readonly Prefix: string;
  readonly VersionIdMarker?: string;
}
