/** Names of the condition keys that AWS has for requests of replication. A test holds the lists against AWS's. */
import { distance } from "fastest-levenshtein";

/** Keys that requests of any service can have. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const GLOBAL_KEYS: readonly string[] = [
  "aws:AssumedRoot",
  "aws:CalledVia",
  "aws:CalledViaAWSMCP",
  "aws:CalledViaFirst",
  "aws:CalledViaLast",
  "aws:ChatbotSourceArn",
  "aws:CurrentTime",
  "aws:Ec2InstanceSourcePrivateIPv4",
  "aws:Ec2InstanceSourceVpc",
  "aws:EpochTime",
  "aws:FederatedProvider",
  "aws:IsMcpServiceAction",
  "aws:MultiFactorAuthAge",
  "aws:MultiFactorAuthPresent",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalIsAWSService",
  "aws:PrincipalOrgID",
  "aws:PrincipalOrgPaths",
  "aws:PrincipalServiceName",
  "aws:PrincipalServiceNamesList",
  "aws:PrincipalTag/*",
  "aws:PrincipalType",
  "aws:RequestTag/*",
  "aws:RequestedRegion",
  "aws:ResourceAccount",
  "aws:ResourceOrgID",
  "aws:ResourceOrgPaths",
  "aws:ResourceTag/*",
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceIdentity",
  "aws:SourceIp",
  "aws:SourceOrgID",
  "aws:SourceOrgPaths",
  "aws:SourceOwner",
  "aws:SourceVpc",
  "aws:SourceVpcArn",
  "aws:SourceVpce",
  "aws:TagKeys",
  "aws:TokenIssueTime",
  "aws:UserAgent",
  "aws:ViaAWSMCPService",
  "aws:ViaAWSService",
  "aws:VpcSourceIp",
  "aws:VpceAccount",
  "aws:VpceOrgID",
  "aws:VpceOrgPaths",
  "aws:referer",
  "aws:userid",
  "aws:username",
  "ec2:RoleDelivery",
  "ec2:SourceInstanceArn",
  "glue:CredentialIssuingService",
  "glue:RoleAssumedBy",
  "identitystore:UserId",
  "lambda:SourceFunctionArn",
  "ssm:SourceInstanceArn",
  "saml:*",
];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const S3_KEYS: readonly string[] = [
  "s3:AccessGrantScope",
  "s3:AccessGrantsInstanceArn",
  "s3:AccessGrantsLocationScope",
  "s3:AccessPointNetworkOrigin",
  "s3:AccessPointTag/*",
  "s3:BucketTag/*",
  "s3:DataAccessPointAccount",
  "s3:DataAccessPointArn",
  "s3:ExistingJobOperation",
  "s3:ExistingJobPriority",
  "s3:ExistingObjectTag/*",
  "s3:InventoryAccessibleOptionalFields",
  "s3:JobSuspendedCause",
  "s3:ObjectCreationOperation",
  "s3:RequestJobOperation",
  "s3:RequestJobPriority",
  "s3:RequestObjectTag/*",
  "s3:RequestObjectTagKeys",
  "s3:ResourceAccount",
  "s3:TlsVersion",
  "s3:annotation-prefix",
  "s3:authType",
  "s3:delimiter",
  "s3:deliverySourceArn",
  "s3:destinationRegion",
  "s3:if-match",
  "s3:if-none-match",
  "s3:isReplicationPauseRequest",
  "s3:locationconstraint",
  "s3:logType",
  "s3:max-annotation-results",
  "s3:max-keys",
  "s3:object-lock-event-hold",
  "s3:object-lock-event-hold-duration-days",
  "s3:object-lock-legal-hold",
  "s3:object-lock-mode",
  "s3:object-lock-remaining-retention-days",
  "s3:object-lock-retain-until-date",
  "s3:prefix",
  "s3:resourceArnBeingAuthorized",
  "s3:signatureAge",
  "s3:signatureversion",
  "s3:versionid",
  "s3:x-amz-acl",
  "s3:x-amz-bucket-namespace",
  "s3:x-amz-content-sha256",
  "s3:x-amz-copy-source",
  "s3:x-amz-grant-full-control",
  "s3:x-amz-grant-read",
  "s3:x-amz-grant-read-acp",
  "s3:x-amz-grant-write",
  "s3:x-amz-grant-write-acp",
  "s3:x-amz-metadata-directive",
  "s3:x-amz-object-annotation-directive",
  "s3:x-amz-object-if-match",
  "s3:x-amz-object-ownership",
  "s3:x-amz-server-side-encryption",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "s3:x-amz-server-side-encryption-customer-algorithm",
  "s3:x-amz-storage-class",
  "s3:x-amz-website-redirect-location",
];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
const KMS_KEYS: readonly string[] = [
  "kms:BypassPolicyLockoutSafetyCheck",
  "kms:CallerAccount",
  "kms:CustomerMasterKeySpec",
  "kms:CustomerMasterKeyUsage",
  "kms:DataKeyPairSpec",
  "kms:EncryptionAlgorithm",
  "kms:EncryptionContext:*",
  "kms:EncryptionContextKeys",
  "kms:ExpirationModel",
  "kms:GrantConstraintSourceArn",
  "kms:GrantConstraintType",
  "kms:GrantIsForAWSResource",
  "kms:GrantOperations",
  "kms:GranteePrincipal",
  "kms:GranteeServicePrincipal",
  "kms:KeyAgreementAlgorithm",
  "kms:KeyOrigin",
  "kms:KeySpec",
  "kms:KeyUsage",
  "kms:MacAlgorithm",
  "kms:MessageType",
  "kms:MultiRegion",
  "kms:MultiRegionKeyType",
  "kms:PrimaryRegion",
  "kms:ReEncryptOnSameKey",
  "kms:RecipientAttestation:*",
  "kms:ReplicaRegion",
  "kms:RequestAlias",
  "kms:ResourceAliases",
  "kms:RetiringPrincipal",
  "kms:RetiringServicePrincipal",
  "kms:RotationPeriodInDays",
  "kms:ScheduleKeyDeletionPendingWindowInDays",
  "kms:SigningAlgorithm",
  "kms:TrailingDaysWithoutKeyUsage",
  "kms:ValidTo",
  "kms:ViaService",
  "kms:WrappingAlgorithm",
  "kms:WrappingKeySpec",
];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
const STS_KEYS: readonly string[] = [
  "sts:AWSServiceName",
  "sts:DurationSeconds",
  "sts:ExternalId",
  "sts:IdentityTokenAudience",
  "sts:RequestContext/*",
  "sts:RequestContextProviders",
  "sts:RoleAuthorizedByIdp",
  "sts:RoleSessionName",
  "sts:SigningAlgorithm",
  "sts:SourceIdentity",
  "sts:TaskPolicyArn",
  "sts:TransitiveTagKeys",
];

/** A key that ends with `*` speaks for all that begin like it. */
export const CONDITION_KEYS: readonly string[] = [...GLOBAL_KEYS, ...S3_KEYS, ...KMS_KEYS, ...STS_KEYS];

/** What a key of many begins with: `aws:ResourceTag/`. */
const FAMILY = /^[^:]+:[^/:]+[/:]/;

/** Share of a name's letters that may be wrong at most, for it to be meant. */
const MOST_WRONG = 1 / 4;

/** Thousands of requests ask for the same few keys. */
const meantBy = new Map<string, string | undefined>();

/**
 * The key that is meant by one which AWS does not have. Names of keys have no case.
 * @returns Undefined where AWS has the key, or none that is nearly called so.
 */
export function meantConditionKey(key: string): string | undefined {
  if (!meantBy.has(key)) meantBy.set(key, nearestTo(key));
  return meantBy.get(key);
}

/** Whether AWS has a condition key. Names of keys have no case. */
export function isConditionKey(key: string): boolean {
  const name = key.toLowerCase();
  return CONDITION_KEYS.some((known) => {
    const other = known.toLowerCase();
    return other.endsWith("*") ? name.startsWith(other.slice(0, -1)) : name === other;
  });
}

function nearestTo(key: string): string | undefined {
  if (isConditionKey(key)) return undefined;
  const name = key.toLowerCase();
  const [family = ""] = FAMILY.exec(name) ?? [];
  const asked = family === "" ? name : `${family}*`;
  const wrongIn = (known: string) => distance(known.toLowerCase(), asked);
  const nearest = CONDITION_KEYS.reduce((best, known) => (wrongIn(known) < wrongIn(best) ? known : best));
  if (wrongIn(nearest) > asked.length * MOST_WRONG) return undefined;
  return nearest.replace("*", family === "" ? "*" : key.slice(family.length));
}
