/** The requests that S3 makes as the replication role to replicate one object to one destination. */
import type { Alternative, Context, Request, RequestPrincipal } from "../iam";
import { parseArn } from "../iam";
import { type Permission, PERMISSIONS, type PermissionTarget } from "./permissions";
import { existingTags } from "./objectTags";
import { LISTING_KEYS } from "./keysOfOtherRequests";
import { contextOf } from "./requestContext";
import { SESSION_NAME } from "./evidence";
import type { Place, ReplicationSetting } from "./replicationSetting";
import { uploadHeaders } from "./uploadHeaders";

/** One request, and the row of the permission table that it comes from. */
export interface ReplicationRequest {
  readonly permission: Permission;
  readonly request: Request;
}

export function requestsFor(setting: ReplicationSetting): ReplicationRequest[] {
  return PERMISSIONS.filter(
    ({ needed, target }) => needed(setting.replication) && isNamed(target, setting),
  ).map((permission) => ({
    permission,
    request: requestOf(permission.action, permission.target, setting),
  }));
}

/** Whether it is known which key a request is for, if only by an alias. */
function isNamed(target: PermissionTarget, { sourceKeyArn, replicaKeyArn }: ReplicationSetting): boolean {
  if (target !== "sourceKey" && target !== "destinationKey") return true;
  const arn = parseArn((target === "sourceKey" ? sourceKeyArn : replicaKeyArn) ?? "");
  if (arn?.service !== "kms") return false;
  // An alias of a replica key is wrong in the rule, whatever it stands for.
  return arn.resource.startsWith("key/") || target === "sourceKey";
}

/** Whether an ARN is that of an alias: requests are for the key that it stands for. */
export function isAlias(keyArn: string): boolean {
  return parseArn(keyArn)?.resource.startsWith("alias/") === true;
}

/** The same request with another action, for permissions that another action serves as well. */
export function requestOf(action: string, target: PermissionTarget, setting: ReplicationSetting): Request {
  const { source, destination } = setting;
  const role: RequestPrincipal = { kind: "role", roleArn: setting.roleArn, sessionName: SESSION_NAME.name };
  const onBucket = (
    place: Place,
    resource: string,
    context: Context = {},
    alternatives: readonly Alternative[] = [],
    shared: readonly Context[] = [],
  ): Request => ({
    principal: role,
    action,
    resource,
    resourceAccount: place.accountId,
    shared: [contextOf({ service: "s3", region: place.region }), ...shared],
    context: { "s3:ResourceAccount": { state: "known", values: [place.accountId] }, ...context },
    alternatives: [...alternatives, TLS_VERSION, SOURCE_ADDRESS, SESSION_START],
  });
  const onObject = (place: Place, context: Context, alternatives: readonly Alternative[]): Request =>
    onBucket(place, `${place.bucketArn}/${setting.objectKey}`, context, alternatives, [NO_LISTING]);
  const onKey = (
    keyArn: string | undefined,
    place: Place,
    contextForms: readonly EncryptionContextForm[],
    aliases: readonly string[] = [],
  ): Request => {
    const arn = keyArn ?? "";
    const isCalledByAlias = isAlias(arn) || aliases.length > 0;
    const region = parseArn(arn)?.region ?? place.region;
    return {
      principal: role,
      action,
      resource: arn,
      resourceAccount: parseArn(arn)?.accountId ?? place.accountId,
      shared: [contextOf({ service: "kms", region }), ...(isCalledByAlias ? [] : [NO_ALIAS])],
      context: {},
      alternatives: [
        encryptionContext(place.bucketArn, setting.objectKey, contextForms),
        ...(aliases.length === 0 ? [] : [requestAlias(aliases)]),
        WRITERS_CONTEXT,
        SESSION_START,
      ],
    };
  };
  switch (target) {
    case "role":
      return {
        principal: { kind: "service", service: "s3.amazonaws.com" },
        action,
        resource: setting.roleArn,
        resourceAccount: parseArn(setting.roleArn)?.accountId ?? source.accountId,
        shared: [contextOf({ service: "sts", region: source.region })],
        context: {},
        alternatives: [confusedDeputyKeys(source)],
      };
    case "sourceBucket":
      return onBucket(source, source.bucketArn);
    case "sourceObject": {
      const { context, alternatives } = existingTags(setting.objectTags, action);
      return onObject(source, context, alternatives);
    }
    case "destinationObject":
      return onObject(destination, ...uploadHeaders(setting));
    case "sourceKey":
      // The object says how it was encrypted, so one form only.
      return onKey(setting.sourceKeyArn, source, [setting.replication.sourceBucketKey ? "bucket" : "object"]);
    case "destinationKey":
      return onKey(
        setting.replicaKeyArn,
        destination,
        replicaContextForms(setting),
        setting.replicaKeyAliases,
      );
  }
}

const ABSENT = { state: "absent" } as const;

const NO_LISTING: Context = Object.fromEntries(LISTING_KEYS.map((key) => [key, ABSENT]));

/**
 * Only a request that names its key by an alias has one.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-request-alias
 */
const NO_ALIAS: Context = { "kms:RequestAlias": ABSENT };

/** No page says whether S3 hands on the alias that a rule names, or the key that it leads to. */
function requestAlias(aliases: readonly string[]): Alternative {
  return {
    name: "name of the key",
    options: [
      ...aliases.map((alias) => ({
        label: aliases.length === 1 ? "its alias" : `its alias '${alias}'`,
        context: { "kms:RequestAlias": { state: "known" as const, values: [alias] } },
      })),
      { label: "its ARN", context: NO_ALIAS },
    ],
  };
}

/** Hours that a session of a role lasts at most. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const LONGEST_SESSION = 12;

/** The session that S3 uses was made now, or as long ago as sessions last. Dates between them are decided alike. */
const SESSION_START: Alternative = {
  name: "start of the session",
  options: [
    { label: "now", context: issuedHoursAgo(0) },
    { label: "earlier", context: issuedHoursAgo(LONGEST_SESSION) },
  ],
};

function issuedHoursAgo(hours: number): Context {
  const time = new Date(Date.now() - hours * 3_600_000).toISOString();
  return { "aws:TokenIssueTime": { state: "known", values: [time] } };
}

/**
 * AWS's endpoints take TLS 1.2 and later since February 2024; which one S3 uses for its own requests, and whether it
 * says so, is not documented.
 * @see https://aws.amazon.com/blogs/security/tls-1-2-required-for-aws-endpoints/
 */
const TLS_VERSION: Alternative = {
  name: "TLS version",
  options: [
    { label: "1.2", context: { "s3:TlsVersion": { state: "known", values: ["1.2"] } } },
    { label: "1.3", context: { "s3:TlsVersion": { state: "known", values: ["1.3"] } } },
    { label: "not said", context: { "s3:TlsVersion": { state: "absent" } } },
  ],
};

/** No page says whether S3 says for which bucket it assumes the role: it may, or it may not. */
function confusedDeputyKeys({ bucketArn, accountId }: Place): Alternative {
  return {
    name: "confused deputy keys",
    options: [
      {
        label: "sent",
        context: {
          "aws:SourceArn": { state: "known", values: [bucketArn] },
          "aws:SourceAccount": { state: "known", values: [accountId] },
        },
      },
      {
        label: "not sent",
        context: { "aws:SourceArn": ABSENT, "aws:SourceAccount": ABSENT },
      },
    ],
  };
}

/**
 * S3 calls from its own network: from an address that is in no range of a customer, or without saying one. Records of such
 * calls have the name of the service in the place of an address.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-troubleshoot.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
const SOURCE_ADDRESS: Alternative = {
  name: "source address",
  options: [
    {
      label: "an address of S3",
      context: { "aws:SourceIp": { state: "known", values: ["s3.amazonaws.com"] } },
    },
    { label: "not said", context: { "aws:SourceIp": { state: "absent" } } },
  ],
};

type EncryptionContextForm = "object" | "bucket";

/**
 * One page says that a Bucket Key on either side makes the context the bucket's ARN, another that a replica keeps the
 * setting of the source object: where they differ, both forms are possible.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
function replicaContextForms({
  replication,
  destinationBucketKey,
}: ReplicationSetting): EncryptionContextForm[] {
  if (replication.sourceBucketKey) return ["bucket"];
  return destinationBucketKey ? ["object", "bucket"] : ["object"];
}

function encryptionContext(
  bucketArn: string,
  key: string,
  forms: readonly EncryptionContextForm[],
): Alternative {
  return {
    name: "encryption context",
    options: forms.map((form) => ({
      label: `${form} ARN`,
      context: {
        "kms:EncryptionContext:aws:s3:arn": {
          state: "known",
          values: [form === "bucket" ? bucketArn : `${bucketArn}/${key}`],
        },
      },
    })),
  };
}

/**
 * Whoever writes an object may give it an encryption context of their own, which KMS gets together with S3's.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
const WRITERS_CONTEXT: Alternative = {
  name: "encryption context of the object's writer",
  firstIsUsual: true,
  options: [
    {
      label: "none",
      context: {
        "kms:EncryptionContextKeys": { state: "known", values: ["aws:s3:arn"] },
        "kms:EncryptionContext:*": { state: "absent" },
      },
    },
    {
      label: "given",
      context: {
        "kms:EncryptionContextKeys": { state: "known", values: ["aws:s3:arn", "a key of the writer's own"] },
        "kms:EncryptionContext:*": { state: "unknown" },
      },
    },
  ],
};
