/** The policies of the source bucket, its key, and whatever hears of its failures. */
import { parseArn, partitionOfRegion } from "../../naming/arn";
import { actionsOf } from "../permissions";
import { accountRootArnOf } from "../../naming/names";
import { denyInsecureTransport, policy, type PolicyJson, type StatementJson } from "./document";
import { administerKey, keyUse } from "./keyUse";

/** @param inventory Lets S3 put the lists of the bucket into it, where they go there. */
export function sourceBucketPolicy(bucketArn: string, inventory?: StatementJson): PolicyJson {
  return policy([denyInsecureTransport(bucketArn), ...(inventory === undefined ? [] : [inventory])]);
}

export function sourceKeyPolicy(accountId: string, region: string): PolicyJson {
  return policy([administerKey(accountId, region)]);
}

/**
 * The statement that lets a replication role use a source key, for a key policy that does not leave it to IAM.
 * @param roleArn The role, which is narrowed to by a condition.
 */
export function sourceKeyStatement(roleArn: string, region: string, bucketArn: string): StatementJson {
  const accountId = parseArn(roleArn)?.accountId ?? "";
  return {
    Sid: "ReplicateAs",
    Effect: "Allow",
    Principal: { AWS: accountRootArnOf(partitionOfRegion(region), accountId) },
    Action: actionsOf("useSourceKey"),
    Resource: "*",
    Condition: { ArnEquals: { "aws:PrincipalArn": roleArn }, ...keyUse(region, [[bucketArn, ""]]) },
  };
}

/** S3 may send events of this bucket of this account to the queue or topic. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html */
export function failureStatement(targetArn: string, bucketArn: string, accountId: string): StatementJson {
  return {
    Sid: "S3SendsEvents",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: parseArn(targetArn)?.service === "sns" ? "sns:Publish" : "sqs:SendMessage",
    Resource: targetArn,
    Condition: {
      ArnEquals: { "aws:SourceArn": bucketArn },
      StringEquals: { "aws:SourceAccount": accountId },
    },
  };
}

export function failurePolicy(targetArn: string, bucketArn: string, accountId: string): PolicyJson {
  return policy([failureStatement(targetArn, bucketArn, accountId)]);
}
