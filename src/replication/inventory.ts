/** S3 Inventory of a bucket: what S3 lists, where it puts the lists, and the statement that lets it. */
import { partitionOfRegion } from "../naming/arn";
import { bucketArnOf } from "../naming/names";
import type { BucketInventory } from "./arguments/arguments";
import { escapePattern, type StatementJson } from "./policies/document";

/**
 * Optional fields that 's3-replication reconcile' reads. Key, version id, and whether a version is the latest or a delete
 * marker are in every inventory of all versions.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryConfiguration.html
 */
export const INVENTORY_FIELDS = [
  "Size",
  "LastModifiedDate",
  "StorageClass",
  "ReplicationStatus",
  "EncryptionStatus",
  "IntelligentTieringAccessTier",
  "ObjectOwner",
] as const;

/** Where S3 puts the lists of a bucket. */
export interface InventoryPlan {
  /** Id of the inventory configuration, unique in the bucket. */
  readonly id: string;
  /** ARN of the bucket that gets the lists. */
  readonly bucketArn: string;
  /** Account of that bucket. */
  readonly accountId: string;
  readonly prefix?: string;
  readonly schedule: string;
  /** Whether the lists go into the bucket that is listed. */
  readonly isOwnBucket: boolean;
  /** The policy of the bucket that gets the lists must have it. */
  readonly statement: StatementJson;
}

/** The arguments of a side that its inventory depends on. */
export interface InventoriedBucket {
  readonly accountId: string;
  readonly region: string;
  readonly bucketName: string;
  readonly inventory?: BucketInventory;
}

/**
 * @param side Both sides can be one bucket, and each has an inventory of its own.
 * @returns undefined where no inventory is asked for.
 */
export function planInventory(
  args: InventoriedBucket,
  side: "source" | "destination",
): InventoryPlan | undefined {
  const { inventory, accountId, bucketName } = args;
  if (inventory === undefined) return undefined;
  const partition = partitionOfRegion(args.region);
  const bucketArn = bucketArnOf(partition, inventory.bucketName);
  return {
    id: `s3-replication-${side}`,
    bucketArn,
    accountId: inventory.accountId ?? accountId,
    ...(inventory.prefix === undefined ? {} : { prefix: inventory.prefix }),
    schedule: inventory.schedule,
    isOwnBucket: inventory.bucketName === bucketName,
    statement: inventoryStatement(
      `${bucketArn}/${escapePattern(inventoryBeginning(inventory.prefix, bucketName))}*`,
      bucketArnOf(partition, bucketName),
      accountId,
    ),
  };
}

/**
 * The statement that the owner of the bucket for the lists must add.
 * @param putsPolicy Whether the policy of the bucket that is listed is put with the inventory.
 */
export function statementLeftToOwner(
  plan: InventoryPlan | undefined,
  putsPolicy: boolean,
): StatementJson | undefined {
  return plan === undefined || (plan.isOwnBucket && putsPolicy) ? undefined : plan.statement;
}

/** How the keys of a bucket's lists begin. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html */
export function inventoryBeginning(prefix: string | undefined, bucketName: string): string {
  return `${prefix === undefined ? "" : `${prefix}/`}${bucketName}/`;
}

/** S3 may put lists of this bucket of this account, and of no other. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-s3-inventory-1 */
function inventoryStatement(resource: string, listedBucketArn: string, accountId: string): StatementJson {
  return {
    Sid: "S3PutsInventory",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: resource,
    Condition: {
      ArnLike: { "aws:SourceArn": listedBucketArn },
      StringEquals: {
        "aws:SourceAccount": accountId,
        "s3:x-amz-acl": "bucket-owner-full-control",
      },
    },
  };
}
