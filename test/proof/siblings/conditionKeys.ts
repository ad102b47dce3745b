/** Condition keys that S3's requests have, lack, or of which nobody says whether they have them. */
import {
  allow,
  allowing,
  denyAll,
  DESTINATION,
  objectsOf,
  OVERRIDE,
  policy,
  ROLE,
  setUp,
  WRITE,
} from "../setUp";
import { bothOf, deny, type Sibling } from "./sibling";
import { rolePolicy, SOURCE, SOURCE_ACCOUNT, SOURCE_REGION, DESTINATION_REGION } from "../setUp";

const writing = allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION));
type Verdict = Sibling["verdict"];

/** A Deny of everything at the destination's bucket. */
const denied = (about: string, Condition: object, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the destination denies everybody ${about}`,
  snapshot: setUp({ bucketPolicy: policy(writing, denyAll("s3:*", bothOf(DESTINATION), Condition)) }),
  verdict,
  says,
});

/** The only Allow at the destination's bucket. */
const allowed = (about: string, Condition: object, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the destination allows the role ${about}`,
  snapshot: setUp({ bucketPolicy: policy({ ...writing, Condition }) }),
  verdict,
  says,
});

/** A Deny of everything in the role's policy. */
const deniedRole = (about: string, Condition: object, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the role's policy denies it all ${about}`,
  snapshot: setUp({ rolePolicies: [rolePolicy(), policy(deny("*", "*", Condition))] }),
  verdict,
  says,
});

const AT_DESTINATION: readonly Sibling[] = [
  denied("without TLS", { Bool: { "aws:SecureTransport": "false" } }, "proven"),
  denied("with TLS before 1.3", { NumericLessThan: { "s3:TlsVersion": "1.3" } }, "unproven", /s3:TlsVersion/),
  denied("with TLS before 1.2", { NumericLessThan: { "s3:TlsVersion": "1.2" } }, "proven"),
  denied(
    "outside of a VPC endpoint",
    { StringNotEquals: { "aws:SourceVpce": "vpce-1" } },
    "broken",
    /DstPutObjectNotPermitted/,
  ),
  denied(
    "who does not come through an access point",
    { StringNotEquals: { "s3:DataAccessPointAccount": "444455556666" } },
    "broken",
    /DstPutObjectNotPermitted/,
  ),
  allowed(
    "through access points",
    { StringEquals: { "s3:DataAccessPointAccount": "444455556666" } },
    "broken",
    /s3:ReplicateObject .*destination bucket policy/,
  ),
  denied("without multi-factor authentication", { Null: { "aws:MultiFactorAuthAge": "true" } }, "broken"),
  denied("whose request tags nothing", { Null: { "aws:RequestTag/owner": "true" } }, "broken"),
  denied("who tags", { "ForAnyValue:StringEquals": { "aws:TagKeys": ["owner"] } }, "proven"),
  denied("but services", { Bool: { "aws:PrincipalIsAWSService": "false" } }, "broken"),
  denied("who lists a folder", { StringLike: { "s3:prefix": "secret/*" } }, "proven"),
  denied("who lists no folder", { Null: { "s3:prefix": "true" } }, "broken"),
  denied(
    "with another signature",
    { StringNotEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } },
    "unproven",
    /s3:signatureversion/,
  ),
  denied("with another agent", { StringNotLike: { "aws:UserAgent": "x" } }, "unproven", /aws:UserAgent/),
  denied(
    "but sessions of one role's id",
    { StringNotLike: { "aws:userid": "AROAEXAMPLE:*" } },
    "unproven",
    /aws:userid/,
  ),
  denied(
    "of another account",
    { StringNotEquals: { "aws:PrincipalAccount": ["444455556666", SOURCE_ACCOUNT] } },
    "proven",
  ),
  allowed(
    "on behalf of the source account",
    { StringEquals: { "aws:SourceAccount": SOURCE_ACCOUNT } },
    "broken",
    /s3:ReplicateObject/,
  ),
  allowed(
    "on behalf of the source",
    { ArnLike: { "aws:SourceArn": SOURCE } },
    "broken",
    /s3:ReplicateObject/,
  ),
  allowed(
    "on behalf of the source, if it says so",
    { ArnLikeIfExists: { "aws:SourceArn": SOURCE } },
    "proven",
  ),
  {
    about: "the destination denies uploads that are not under KMS, and replicas are no uploads",
    snapshot: setUp({
      bucketPolicy: policy(
        writing,
        denyAll("s3:PutObject", objectsOf(DESTINATION), {
          StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
        }),
      ),
    }),
    verdict: "proven",
  },
];

const OF_THE_ROLE: readonly Sibling[] = [
  deniedRole(
    "in sessions from before a day long ago, as after a revocation",
    { DateLessThan: { "aws:TokenIssueTime": "2024-01-01T00:00:00Z" } },
    "proven",
  ),
  deniedRole(
    "in sessions from before a day to come",
    { DateLessThan: { "aws:TokenIssueTime": "2124-01-01T00:00:00Z" } },
    "broken",
  ),
  deniedRole("in root sessions", { Bool: { "aws:AssumedRoot": "true" } }, "proven"),
  deniedRole(
    "to a function",
    { ArnLike: { "lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:x" } },
    "proven",
  ),
  deniedRole(
    "to an instance outside of its VPC",
    {
      StringNotEquals: { "aws:SourceVpc": "${aws:Ec2InstanceSourceVpc}" },
      Null: { "ec2:SourceInstanceARN": "false" },
      BoolIfExists: { "aws:ViaAWSService": "false" },
    },
    "proven",
  ),
  deniedRole(
    "without a source identity",
    { StringNotLike: { "aws:SourceIdentity": "*@acme.com" } },
    "broken",
  ),
  deniedRole(
    "outside of the source's Region",
    { StringNotEquals: { "aws:RequestedRegion": SOURCE_REGION } },
    "broken",
  ),
  deniedRole(
    "outside of both Regions",
    { StringNotEquals: { "aws:RequestedRegion": [SOURCE_REGION, DESTINATION_REGION] } },
    "proven",
  ),
  deniedRole(
    "on resources of others",
    { StringNotEquals: { "aws:ResourceAccount": SOURCE_ACCOUNT } },
    "broken",
  ),
  deniedRole(
    "with tags of a resource that nobody read",
    { StringNotEquals: { "aws:ResourceTag/team": "a" } },
    "unproven",
    /aws:ResourceTag\/team/,
  ),
  {
    about: "the role may write until a day that is over",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({
          replicas: allow([...WRITE, OVERRIDE], objectsOf(DESTINATION), {
            DateLessThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" },
          }),
        }),
      ],
    }),
    verdict: "broken",
    says: /s3:ReplicateObject .*role policy/,
  },
  {
    about: "the role may write from a second on that is over",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({
          replicas: allow([...WRITE, OVERRIDE], objectsOf(DESTINATION), {
            NumericGreaterThan: { "aws:EpochTime": "1500000000" },
          }),
        }),
      ],
    }),
    verdict: "proven",
  },
];

export const CONDITION_KEYS: readonly Sibling[] = [...AT_DESTINATION, ...OF_THE_ROLE];
