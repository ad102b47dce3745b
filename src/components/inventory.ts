/** The S3 Inventory of a bucket, as a Pulumi resource. */
import * as pulumi from "@pulumi/pulumi";
import { Inventory } from "@pulumi/aws/s3/inventory";
import { warn } from "./userErrors";
import { bucketNameOf } from "../naming/names";
import { INVENTORY_FIELDS, type InventoryPlan, statementLeftToOwner } from "../replication/inventory";

/** @param bucket Name of the bucket, once its policy is in place. */
export function inventory(
  name: string,
  region: string,
  bucket: pulumi.Input<string>,
  plan: InventoryPlan,
  options: pulumi.CustomResourceOptions,
): void {
  new Inventory(
    `${name}-inventory`,
    {
      region,
      bucket,
      name: plan.id,
      includedObjectVersions: "All",
      schedule: { frequency: plan.schedule },
      optionalFields: [...INVENTORY_FIELDS],
      destination: {
        bucket: {
          bucketArn: plan.bucketArn,
          accountId: plan.accountId,
          format: "Parquet",
          prefix: plan.prefix,
          // Under SSE-S3 nobody has to let S3 use a key, and a Batch Operations job reads the lists as they are.
          encryption: { sseS3: {} },
        },
      },
    },
    options,
  );
}

/**
 * The statement that the owner of the bucket for the lists must add, and a warning that says so.
 * @param putsPolicy Whether the component puts the policy of the bucket that is listed.
 */
export function requiredInventoryStatement(
  subject: string,
  plan: InventoryPlan | undefined,
  putsPolicy: boolean,
): pulumi.Output<string | undefined> {
  const statement = statementLeftToOwner(plan, putsPolicy);
  if (plan === undefined || statement === undefined) return pulumi.output(undefined);
  void warn(
    `${subject} leaves the policy of bucket '${bucketNameOf(plan.bucketArn)}' to its owner: it must hold the statement of the output 'requiredInventoryPolicyStatement', or S3 writes no inventory`,
  );
  return pulumi.output(JSON.stringify(statement));
}
