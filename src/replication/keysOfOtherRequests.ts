/** Condition keys of other requests: those that S3 makes to replicate do not have them. */

/** Keys that are absent for one reason. */
export interface AbsentKeys {
  /** A key that ends with `*` speaks for all that begin like it. */
  readonly keys: readonly string[];
  /** Services whose requests are meant; `sts` is S3's own call, the others are the role's. */
  readonly services: readonly ("s3" | "kms" | "sts")[];
  /** For people: why no request has them. */
  readonly statement: string;
  /** Page that says so. */
  readonly source: string;
}

const IAM_KEYS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html";
const KMS_KEYS = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html";

export const ABSENT_KEYS: readonly AbsentKeys[] = [
  {
    keys: ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"],
    services: ["s3", "kms"],
    statement: "a service role's session has no multi-factor authentication",
    source: IAM_KEYS,
  },
  {
    keys: [
      "aws:AssumedRoot",
      "aws:ChatbotSourceArn",
      "aws:Ec2InstanceSourcePrivateIPv4",
      "aws:Ec2InstanceSourceVpc",
      "aws:FederatedProvider",
      "ec2:RoleDelivery",
      "ec2:SourceInstanceArn",
      "glue:CredentialIssuingService",
      "glue:RoleAssumedBy",
      "identitystore:UserId",
      "lambda:SourceFunctionArn",
      "saml:*",
      "ssm:SourceInstanceArn",
    ],
    services: ["s3", "kms"],
    statement: "only sessions of people, instances, functions and jobs say where they were made",
    source: IAM_KEYS,
  },
  {
    // Whoever sets one needs sts:SetSourceIdentity in the trust policy; S3 asks for sts:AssumeRole alone.
    keys: ["aws:SourceIdentity"],
    services: ["s3", "kms"],
    statement: "S3 gives the session of the role no source identity",
    source:
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
  },
  {
    keys: ["aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"],
    services: ["s3"],
    statement: "a service that uses a service role does not set aws:CalledVia",
    source: IAM_KEYS,
  },
  {
    keys: ["aws:RequestTag/*", "aws:TagKeys"],
    services: ["s3", "kms"],
    statement: "only requests that tag a resource of their service have aws:RequestTag and aws:TagKeys",
    source: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html",
  },
  {
    keys: [
      "s3:AccessGrantsInstanceArn",
      "s3:AccessPointNetworkOrigin",
      "s3:AccessPointTag/*",
      "s3:DataAccessPointAccount",
      "s3:DataAccessPointArn",
    ],
    services: ["s3"],
    statement:
      "replication reads and writes the buckets themselves, through no access point and no access grant",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html",
  },
  {
    keys: ["kms:RecipientAttestation:*"],
    services: ["kms"],
    statement: "only enclaves attest themselves to KMS",
    source: KMS_KEYS,
  },
  {
    keys: [
      "kms:BypassPolicyLockoutSafetyCheck",
      "kms:DataKeyPairSpec",
      "kms:ExpirationModel",
      "kms:GrantConstraintType",
      "kms:GrantIsForAWSResource",
      "kms:GrantOperations",
      "kms:GranteePrincipal",
      "kms:KeyAgreementAlgorithm",
      "kms:MacAlgorithm",
      "kms:MessageType",
      "kms:PrimaryRegion",
      "kms:ReEncryptOnSameKey",
      "kms:ReplicaRegion",
      "kms:RetiringPrincipal",
      "kms:RotationPeriodInDays",
      "kms:ScheduleKeyDeletionPendingWindowInDays",
      "kms:SigningAlgorithm",
      "kms:ValidTo",
      "kms:WrappingAlgorithm",
      "kms:WrappingKeySpec",
    ],
    services: ["kms"],
    statement: "replication encrypts and decrypts, and neither manages keys nor signs",
    source: KMS_KEYS,
  },
];

/** Keys of listings, which are absent where an object is read or written. */
export const LISTING_KEYS = ["s3:prefix", "s3:delimiter", "s3:max-keys"] as const;
