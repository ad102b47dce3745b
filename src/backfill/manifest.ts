/** A manifest of the user's own. It is checked before a job is made of it: a job fails if S3 cannot read its manifest. */
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { AwsAccount } from "../aws/account";
import { encryptionOf } from "../aws/encryption";
import { describe, isAbsent } from "../aws/failures";
import { bucketRegion } from "../aws/pair";
import { InvalidInputError, show } from "../input/problems";
import { bucketArnOf } from "../naming/names";
import { keyUse } from "../replication/policies/keyUse";
import type { Manifest } from "./options";
import { isInventory, type Source } from "./request";

/** A manifest with the ETag that a job is of, and what S3 said of it where it was asked for that. */
export interface LookedAt {
  readonly manifest: Manifest;
  readonly head?: HeadObjectCommandOutput;
}

const etagOf = ({ ETag = "" }: HeadObjectCommandOutput) => ETag.replaceAll('"', "");

/**
 * The manifest with the ETag that it has now, where none was named: the job is of what is there now.
 * @throws InvalidInputError where it is not there, or cannot be looked at.
 */
export async function withEtag(account: AwsAccount, manifest: Manifest): Promise<LookedAt> {
  if (manifest.etag !== "") return { manifest };
  const { bucketName, key } = manifest;
  const s3 = await account.s3(await bucketRegion(account, bucketName));
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }));
    return { manifest: { ...manifest, etag: etagOf(head) }, head };
  } catch (error) {
    const uri = `s3://${bucketName}/${key}`;
    if (isAbsent(error)) refuse(`must be there, and there is no ${uri}`);
    refuse(
      `must have its ETag behind it, '${uri}#<ETag>', where it cannot be looked at (${describe(error)})`,
    );
  }
}

/**
 * @returns What to know of it, as sentences.
 * @throws InvalidInputError where S3 Batch Operations does not take it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-create-job.html#create-manifest-file
 */
export async function checkManifest(
  account: AwsAccount,
  source: Source,
  { manifest, head: known }: LookedAt,
  roleArn: string,
): Promise<string[]> {
  const { bucketName, key, etag } = manifest;
  const region = await bucketRegion(account, bucketName);
  const s3 = await account.s3(region);
  const uri = `s3://${bucketName}/${key}`;
  try {
    const head = known ?? (await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key })));
    const now = etagOf(head);
    if (now !== etag) refuse(`must name the ETag that ${uri} has now, ${show(now)}, got ${show(etag)}`);
    const { algorithm, keyArn } = encryptionOf(head);
    const isKms = algorithm.startsWith("aws:kms");
    if (!isInventory(manifest)) {
      if (isKms)
        refuse(
          `must not be encrypted under KMS, which S3 takes of inventories only, got ${uri}, which is under ${keyArn}; copy it with '--sse AES256'`,
        );
      return [];
    }
    const inventory = await readInventory(s3, manifest);
    if (inventory.sourceBucket !== source.bucketName) {
      refuse(
        `must be an inventory of bucket '${source.bucketName}', got ${uri}, which is one of ${show(inventory.sourceBucket)}`,
      );
    }
    const keyArns = new Set(
      [keyArn, await keyOfFiles(s3, manifest, inventory)].filter((arn) => arn !== undefined),
    );
    return [...keyArns].map((arn) =>
      keyNote(arn, roleArn, region, bucketArnOf(source.partition, bucketName)),
    );
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    if (isAbsent(error)) refuse(`must be there, and there is no ${uri}`);
    return [
      `the manifest ${uri} could not be looked at (${describe(error)}), so whether the job can read it is not known`,
    ];
  }
}

function refuse(problem: string): never {
  throw new InvalidInputError("--manifest", [problem]);
}

/** What is read of an inventory's manifest. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html */
interface Inventory {
  readonly sourceBucket?: unknown;
  readonly files?: readonly { readonly key?: unknown }[];
}

async function readInventory(s3: S3Client, { bucketName, key }: Manifest): Promise<Inventory> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
  const text = (await Body?.transformToString()) ?? "";
  try {
    return (JSON.parse(text) as Inventory | null) ?? {};
  } catch {
    return {};
  }
}

/** The KMS key of an inventory's files, which are encrypted alike. */
async function keyOfFiles(
  s3: S3Client,
  { bucketName }: Manifest,
  { files = [] }: Inventory,
): Promise<string | undefined> {
  const first = files[0]?.key;
  if (typeof first !== "string") return undefined;
  return encryptionOf(await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: first }))).keyArn;
}

/** A source component's role reads no key: which one an inventory is under, nobody said. */
function keyNote(keyArn: string, roleArn: string, region: string, bucketArn: string): string {
  const statement = {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: keyArn,
    Condition: keyUse(region, [[bucketArn, ""]]),
  };
  return `the inventory is encrypted under ${keyArn}: the key's policy and ${roleArn} must allow kms:Decrypt, which the role that a source component makes does not: ${JSON.stringify(statement)}`;
}
