/** S3's resources of the AWS provider, old and new, as the calls that they come to. */
import { partitionOfRegion } from "../../naming/arn";
import { bucketArnOf } from "../../naming/names";
import type { Call, EncryptionRule, PublicAccessBlockConfiguration } from "../../resources/calls";
import { isRefusedOfNewBuckets } from "../../resources/cannedAcls";
import { Unread } from "../../snapshot/unread";
import { at, either, text, textAt } from "./attributes";
import {
  callOf,
  deployedArn,
  type MappedResource,
  type Mapper,
  nameOf,
  type ProviderResource,
  settingOf,
} from "./providerResource";
import { lifecycleRules } from "./lifecycle";
import { replicationConfiguration } from "./replication";

/** Characters of a name that a bucket's may have, and so many that an ending fits behind them. */
function inBucketNames(name: string): string {
  return name.toLowerCase().replaceAll("_", "-").slice(0, 54);
}

const bucket: Mapper = (resource) => {
  const { attributes, region, deployed } = resource;
  const bucketName =
    deployed !== undefined && deployed.id !== ""
      ? deployed.id
      : nameOf(resource, "bucket", "", inBucketNames);
  const arn = deployedArn(resource, "s3") ?? bucketArnOf(partitionOfRegion(region), bucketName);
  const enabled = at(attributes, "object_lock_enabled");
  const lock = at(
    either(attributes, "object_lock_configuration", "object_lock_configurations"),
    "object_lock_enabled",
  );
  const acl = at(attributes, "acl");
  // Whoever only looks at a bucket may not be told whether it has Object Lock.
  const isLockTold = enabled !== undefined || lock !== undefined || deployed?.external !== true;
  const create = callOf(resource, "s3:CreateBucket", {
    Bucket: bucketName,
    ...(deployed === undefined && isRefusedOfNewBuckets(acl) ? { ACL: acl } : {}),
    ...(isLockTold
      ? {
          ObjectLockEnabledForBucket:
            enabled instanceof Unread ? enabled : enabled === true || lock === "Enabled",
        }
      : {}),
  });
  return {
    calls: [create, ...inlineSettings(resource, bucketName)],
    id: bucketName,
    outputs: { arn, bucket: bucketName, region, bucketRegion: region },
  };
};

/** Settings that are said in the bucket itself. */
function inlineSettings(resource: ProviderResource, bucketName: string): Call[] {
  const { attributes, deployed } = resource;
  const calls: Call[] = [];
  const versioning = either(attributes, "versioning", "versionings");
  if (versioning !== undefined) {
    const enabled = at(versioning, "enabled");
    if (enabled instanceof Unread || enabled === true)
      calls.push(versioningCall(resource, bucketName, enabled === true ? "Enabled" : enabled));
    // Whether it is suspended, or never was on, the provider does not tell.
    else if (deployed?.external === true) calls.push(versioningCall(resource, bucketName, undefined));
  }
  const encryption = either(
    attributes,
    "server_side_encryption_configuration",
    "server_side_encryption_configurations",
  );
  if (encryption !== undefined)
    calls.push(encryptionCall(resource, bucketName, either(encryption, "rule", "rules")));
  const payer = at(attributes, "request_payer");
  if (payer !== undefined) calls.push(payerCall(resource, bucketName, payer));
  const policy = at(attributes, "policy");
  if (policy !== undefined)
    calls.push(callOf(resource, "s3:PutBucketPolicy", { Bucket: bucketName, Policy: policy }));
  const lifecycle = either(attributes, "lifecycle_rule", "lifecycle_rules");
  if (lifecycle !== undefined) calls.push(lifecycleCall(resource, bucketName, lifecycle));
  const replication = either(attributes, "replication_configuration", "replication_configurations");
  if (replication !== undefined) {
    const configuration = replicationConfiguration(
      at(replication, "role"),
      at(replication, "rules"),
      "inline",
    );
    calls.push(
      callOf(resource, "s3:PutBucketReplication", {
        Bucket: bucketName,
        ReplicationConfiguration: configuration,
      }),
    );
  }
  return calls;
}

function versioningCall(resource: ProviderResource, bucketName: unknown, status: unknown): Call {
  const VersioningConfiguration = status === undefined ? {} : { Status: status };
  return callOf(resource, "s3:PutBucketVersioning", { Bucket: bucketName, VersioningConfiguration });
}

function encryptionCall(resource: ProviderResource, bucketName: unknown, rule: unknown): Call {
  const byDefault = either(
    rule,
    "apply_server_side_encryption_by_default",
    "apply_server_side_encryption_by_defaults",
  );
  const Rule: EncryptionRule = {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: at(byDefault, "sse_algorithm"),
      KMSMasterKeyID: at(byDefault, "kms_master_key_id"),
    },
    BucketKeyEnabled: at(rule, "bucket_key_enabled"),
    BlockedEncryptionTypes: at(rule, "blocked_encryption_types"),
  };
  return callOf(resource, "s3:PutBucketEncryption", {
    Bucket: bucketName,
    ServerSideEncryptionConfiguration: { Rules: [Rule] },
  });
}

function payerCall(resource: ProviderResource, bucketName: unknown, payer: unknown): Call {
  const parameters = { Bucket: bucketName, RequestPaymentConfiguration: { Payer: payer } };
  return callOf(resource, "s3:PutBucketRequestPayment", parameters);
}

function lifecycleCall(resource: ProviderResource, bucketName: unknown, rules: unknown): Call {
  return callOf(resource, "s3:PutBucketLifecycleConfiguration", {
    Bucket: bucketName,
    LifecycleConfiguration: { Rules: lifecycleRules(rules) },
  });
}

/** A resource that sets something on a bucket, in one call. */
function setting(call: (resource: ProviderResource, Bucket: unknown) => Call): Mapper {
  return (resource) => {
    const name = at(resource.attributes, "bucket");
    // Without a bucket there is nothing that a call could find.
    const Bucket = name ?? "";
    return settingOf(Bucket, [call(resource, Bucket)]);
  };
}

function publicAccessBlockOf(attributes: unknown): PublicAccessBlockConfiguration {
  return {
    BlockPublicAcls: at(attributes, "block_public_acls"),
    BlockPublicPolicy: at(attributes, "block_public_policy"),
    IgnorePublicAcls: at(attributes, "ignore_public_acls"),
    RestrictPublicBuckets: at(attributes, "restrict_public_buckets"),
  };
}

function accountPublicAccessBlock(resource: ProviderResource): MappedResource {
  const { attributes, accountId, deployed } = resource;
  const id = textAt(attributes, "account_id") || accountId;
  const call = callOf(resource, "s3control:PutPublicAccessBlock", {
    AccountId: id,
    PublicAccessBlockConfiguration: publicAccessBlockOf(attributes),
  });
  return { calls: [call], id: deployed?.id ?? id, outputs: {} };
}

export const S3_RESOURCES: Readonly<Record<string, Mapper>> = {
  aws_s3_bucket: bucket,
  aws_s3_bucket_versioning: setting((resource, Bucket) =>
    versioningCall(resource, Bucket, at(resource.attributes, "versioning_configuration", "status")),
  ),
  aws_s3_bucket_server_side_encryption_configuration: setting((resource, Bucket) =>
    encryptionCall(resource, Bucket, either(resource.attributes, "rule", "rules")),
  ),
  aws_s3_bucket_ownership_controls: setting((resource, Bucket) =>
    callOf(resource, "s3:PutBucketOwnershipControls", {
      Bucket,
      OwnershipControls: {
        Rules: [{ ObjectOwnership: at(resource.attributes, "rule", "object_ownership") }],
      },
    }),
  ),
  aws_s3_bucket_public_access_block: setting((resource, Bucket) =>
    callOf(resource, "s3:PutPublicAccessBlock", {
      Bucket,
      PublicAccessBlockConfiguration: publicAccessBlockOf(resource.attributes),
    }),
  ),
  aws_s3_bucket_policy: setting((resource, Bucket) =>
    callOf(resource, "s3:PutBucketPolicy", { Bucket, Policy: at(resource.attributes, "policy") }),
  ),
  aws_s3_bucket_object_lock_configuration: setting((resource, Bucket) =>
    callOf(resource, "s3:PutObjectLockConfiguration", {
      Bucket,
      ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" },
    }),
  ),
  aws_s3_bucket_request_payment_configuration: setting((resource, Bucket) =>
    payerCall(resource, Bucket, text(at(resource.attributes, "payer")) || at(resource.attributes, "payer")),
  ),
  aws_s3_bucket_replication_configuration: setting((resource, Bucket) =>
    callOf(resource, "s3:PutBucketReplication", {
      Bucket,
      ReplicationConfiguration: replicationConfiguration(
        at(resource.attributes, "role"),
        either(resource.attributes, "rule", "rules"),
        "separate",
      ),
    }),
  ),
  aws_s3_bucket_lifecycle_configuration: setting((resource, Bucket) =>
    lifecycleCall(resource, Bucket, either(resource.attributes, "rule", "rules")),
  ),
  // ACLs have no say in replication; that S3 refuses one may have.
  aws_s3_bucket_acl: ({ attributes }) => settingOf(at(attributes, "bucket"), []),
  aws_s3_account_public_access_block: accountPublicAccessBlock,
};
