/** Policies, conditions and grants of the replica key. */
import {
  administration,
  allow,
  allowing,
  CONTEXT,
  denyAll,
  DESTINATION,
  DESTINATION_ACCOUNT,
  DESTINATION_REGION,
  keyArn,
  objectsOf,
  policy,
  REPLICA_KEY,
  replicaKeyPolicy,
  ROLE,
  rolePolicy,
  rule,
  S3_HERE,
  S3_THERE,
  setUp,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  SOURCE_REGION,
  type Statement,
  throughS3,
  USE_REPLICA_KEY,
} from "../setUp";
import type { Sibling } from "./sibling";

type Verdict = Sibling["verdict"];
const keyPolicy = (statement: Statement) => setUp({ replicaKey: { policy: replicaKeyPolicy(statement) } });

/** The only Allow for the role in the key's policy. */
const allowed = (about: string, Condition: object, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the key allows its use ${about}`,
  snapshot: keyPolicy(allowing(ROLE, USE_REPLICA_KEY, "*", Condition)),
  verdict,
  says,
});

/** A Deny beside a right Allow. */
const denied = (about: string, Condition: object, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the key denies its use ${about}`,
  snapshot: setUp({
    replicaKey: {
      policy: policy(
        administration(DESTINATION_ACCOUNT),
        allowing(ROLE, USE_REPLICA_KEY, "*", throughS3(S3_THERE, DESTINATION)),
        denyAll("kms:*", "*", Condition),
      ),
    },
  }),
  verdict,
  says,
});

/** What the role's policy says of the replica key. */
const granted = (about: string, statement: Statement, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the role may use ${about}`,
  snapshot: setUp({ rolePolicies: [rolePolicy({ replicaKey: statement })] }),
  verdict,
  says,
});

const both = [DESTINATION, objectsOf(DESTINATION)];
const NOT_BY_KEY = /kms:Encrypt .*destination key policy/;

const CONDITIONS: readonly Sibling[] = [
  allowed("through S3 of the source's Region", throughS3(S3_HERE, DESTINATION), "broken", NOT_BY_KEY),
  allowed("through S3 of any Region", { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } }, "proven"),
  allowed(
    "through S3 of a Region with a star that is no pattern",
    { StringEquals: { "kms:ViaService": "s3.*.amazonaws.com" } },
    "broken",
    NOT_BY_KEY,
  ),
  allowed(
    "through S3 without a Region",
    { StringEquals: { "kms:ViaService": "s3.amazonaws.com" } },
    "broken",
    NOT_BY_KEY,
  ),
  allowed(
    "through the other S3, if through any",
    { StringEqualsIfExists: { "kms:ViaService": S3_HERE } },
    "broken",
    NOT_BY_KEY,
  ),
  allowed("to callers of the source", { StringEquals: { "kms:CallerAccount": SOURCE_ACCOUNT } }, "proven"),
  allowed(
    "to callers of its own account",
    { StringEquals: { "kms:CallerAccount": DESTINATION_ACCOUNT } },
    "broken",
    NOT_BY_KEY,
  ),
  allowed("with S3's context, whichever", { Null: { [CONTEXT]: "false" } }, "proven"),
  allowed("for all contexts of a list", { "ForAllValues:StringLike": { [CONTEXT]: both } }, "proven"),
  allowed("for ARNs as contexts", { ArnLike: { [CONTEXT]: both } }, "proven"),
  allowed(
    "for contexts with a star that is no pattern",
    { StringEquals: { [CONTEXT]: both } },
    "unproven",
    /EncryptionContext:aws:s3:arn/,
  ),
  allowed(
    "for contexts of the source",
    { StringLike: { [CONTEXT]: [SOURCE, objectsOf(SOURCE)] } },
    "broken",
    NOT_BY_KEY,
  ),
  allowed(
    "with S3's context among others",
    { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": ["aws:s3:arn"] } },
    "proven",
  ),
  allowed(
    "with S3's context alone",
    { "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["aws:s3:arn"] } },
    "unproven",
    /EncryptionContextKeys/,
  ),
  allowed("as a symmetric key", { StringEquals: { "kms:KeySpec": "SYMMETRIC_DEFAULT" } }, "proven"),
  allowed("to encrypt", { StringEquals: { "kms:KeyUsage": "ENCRYPT_DECRYPT" } }, "proven"),
  allowed("by its algorithm", { StringEquals: { "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT" } }, "proven"),
  allowed("in one Region only", { Bool: { "kms:MultiRegion": "false" } }, "proven"),
  allowed("in several Regions", { Bool: { "kms:MultiRegion": "true" } }, "broken", NOT_BY_KEY),
  denied("past S3", { Null: { "kms:ViaService": "true" } }, "proven"),
  denied("past services", { Bool: { "aws:ViaAWSService": "false" } }, "proven"),
  denied("in grants", { "ForAnyValue:StringEquals": { "kms:GrantOperations": ["Decrypt"] } }, "proven"),
  denied("without an enclave", { Null: { "kms:RecipientAttestation:ImageSha384": "true" } }, "broken"),
  denied(
    "to other accounts",
    { StringNotEquals: { "aws:PrincipalAccount": DESTINATION_ACCOUNT } },
    "broken",
    NOT_BY_KEY,
  ),
  denied(
    "but through some services",
    { "ForAllValues:StringNotEquals": { "aws:CalledVia": ["s3.amazonaws.com"] } },
    "unproven",
    /aws:CalledVia/,
  ),
];

const RESOURCES: readonly Sibling[] = [
  granted(
    "an alias of the key",
    allow(USE_REPLICA_KEY, `arn:aws:kms:${DESTINATION_REGION}:${DESTINATION_ACCOUNT}:alias/copies`),
    "broken",
    /kms:Encrypt .*role policy/,
  ),
  granted(
    "a key whose ARN is written twice",
    allow(USE_REPLICA_KEY, `arn:aws:kms:${DESTINATION_REGION}:${DESTINATION_ACCOUNT}:key/${REPLICA_KEY}`),
    "broken",
    /kms:Encrypt .*role policy/,
  ),
  granted(
    "a key without its ARN",
    allow(USE_REPLICA_KEY, "1a2b3c4d-0000-4000-8000-000000000002"),
    "refused",
    /must be '\*' or an ARN/,
  ),
  granted(
    "keys of the account in any Region",
    allow(USE_REPLICA_KEY, `arn:aws:kms:*:${DESTINATION_ACCOUNT}:key/*`),
    "proven",
  ),
  granted(
    "keys that are asked for by an alias",
    allow(USE_REPLICA_KEY, "*", { StringEquals: { "kms:RequestAlias": "alias/copies" } }),
    "broken",
    /kms:Encrypt .*role policy/,
  ),
  granted(
    "keys that have an alias",
    allow(USE_REPLICA_KEY, "*", { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/copies" } }),
    "unproven",
    /kms:ResourceAliases/,
  ),
  {
    about: "the key's policy names the ARN of another key as its resource",
    snapshot: keyPolicy(allowing(ROLE, USE_REPLICA_KEY, SOURCE_KEY)),
    verdict: "broken",
    says: NOT_BY_KEY,
  },
  {
    about: "the key's policy allows S3 itself, which replicates as the role",
    snapshot: keyPolicy({
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: [...USE_REPLICA_KEY],
      Resource: "*",
    }),
    verdict: "broken",
    says: NOT_BY_KEY,
  },
  {
    about: "the key's policy allows everybody of the source account",
    snapshot: keyPolicy(
      allowing("*", USE_REPLICA_KEY, "*", {
        StringEquals: { "kms:CallerAccount": SOURCE_ACCOUNT, "kms:ViaService": S3_THERE },
      }),
    ),
    verdict: "proven",
  },
];

const STATES: readonly Sibling[] = [
  {
    about: "a multi-Region key by its ARN in the source's Region",
    snapshot: setUp({
      rules: [
        rule(
          {},
          {
            EncryptionConfiguration: {
              ReplicaKmsKeyID: keyArn(
                SOURCE_REGION,
                DESTINATION_ACCOUNT,
                "mrk-1a2b3c4d0000400080000000000000",
              ),
            },
          },
        ),
      ],
    }),
    verdict: "broken",
    says: /DstKmsKeyNotFound/,
  },
  {
    about: "a key store that is not connected",
    snapshot: setUp({ replicaKey: { state: "Unavailable" } }),
    verdict: "broken",
    says: /DstKmsKeyInvalidState/,
  },
  {
    about: "a source key whose material is not imported",
    snapshot: setUp({ sourceKey: { state: "PendingImport" } }),
    verdict: "broken",
    says: /SrcKmsKeyInvalidState/,
  },
  {
    about: "a grant for one context and no other",
    snapshot: setUp({
      replicaKey: {
        policy: policy(administration(DESTINATION_ACCOUNT)),
        grants: [
          {
            granteePrincipal: ROLE,
            operations: ["Encrypt", "Decrypt", "GenerateDataKey"],
            constraints: { encryptionContextEquals: { "aws:s3:arn": DESTINATION } },
          },
        ],
      },
    }),
    verdict: "unproven",
    says: /EncryptionContext/,
  },
];

export const KEYS: readonly Sibling[] = [...CONDITIONS, ...RESOURCES, ...STATES];
