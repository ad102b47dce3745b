/** What cuts the role from above: its boundary, and the policies of both organizations. */
import type { ProofCase } from "../expected";
import {
  allow,
  denyAll,
  DESTINATION,
  DESTINATION_ACCOUNT,
  policy,
  REPLICA_KEY,
  setUp,
  setUpWithoutKms,
  SOURCE,
  SOURCE_KEY,
} from "../setUp";
import { kmsFailed } from "./keys";

const plainFailed = { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" } as const;
const plainOpen = { plain: "UNPROVEN", tagged: "UNPROVEN", deleted: "UNPROVEN" } as const;

const fullAccess = policy(allow("*", "*"));

export const ACCOUNT_POLICIES: readonly ProofCase[] = [
  {
    file: "boundary-without-kms",
    about: "A permission boundary that allows S3 only",
    snapshot: setUp({ boundary: policy(allow("s3:*", "*")) }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: {
      failureReason: "SrcGetObjectNotPermitted",
      action: "kms:Decrypt",
      resource: SOURCE_KEY,
      where: "permission boundary",
    },
  },
  {
    file: "scp-allow-list-without-kms",
    about: "The organization allows a list of services, and KMS is not one of them",
    snapshot: setUp({
      sourceAccount: { scps: [[fullAccess], [policy(allow(["s3:*", "sts:*", "logs:*"], "*"))]] },
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: {
      failureReason: "SrcGetObjectNotPermitted",
      action: "kms:Decrypt",
      resource: SOURCE_KEY,
      where: "service control policy",
    },
  },
  {
    file: "scp-denies-other-regions",
    about: "A Deny outside one Region, and the destination is in another",
    snapshot: setUpWithoutKms({
      sourceAccount: {
        scps: [
          [
            fullAccess,
            policy({
              Sid: "DenyOtherRegions",
              Effect: "Deny",
              NotAction: ["iam:*", "sts:*", "organizations:*"],
              Resource: "*",
              Condition: { StringNotEquals: { "aws:RequestedRegion": ["eu-central-1"] } },
            }),
          ],
        ],
      },
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "s3:ReplicateObject",
      resource: `${DESTINATION}/plain`,
      where: "service control policy",
    },
  },
  {
    file: "scp-unread",
    about: "Whoever made the snapshot may not read service control policies",
    snapshot: setUpWithoutKms({ sourceAccount: { scps: null } }),
    verdict: "unproven",
    outcomes: plainOpen,
    cause: { action: "s3:GetReplicationConfiguration", resource: SOURCE, where: "service control policy" },
    mended: false,
  },
  {
    file: "scp-of-destination-account",
    about:
      "The destination's account denies s3:Replicate*: one page says that it binds, the rules of SCPs say not",
    snapshot: setUpWithoutKms({
      destinationAccount: {
        scps: [[fullAccess, policy({ Effect: "Deny", Action: "s3:Replicate*", Resource: "*" })]],
      },
    }),
    verdict: "unproven",
    outcomes: plainOpen,
    cause: {
      action: "s3:ReplicateObject",
      resource: DESTINATION_ACCOUNT,
      where: "service control policy",
    },
  },
  {
    file: "scp-of-destination-account-allow-list",
    about: "The destination's account allows a list of services, and S3 is not one of them",
    snapshot: setUpWithoutKms({ destinationAccount: { scps: [[policy(allow(["ec2:*", "logs:*"], "*"))]] } }),
    verdict: "unproven",
    outcomes: plainOpen,
    cause: { action: "s3:ReplicateObject", resource: DESTINATION_ACCOUNT, where: "service control policy" },
  },
  {
    file: "rcp-data-perimeter",
    about: "A resource control policy keeps others than the organization out, S3's own calls excepted",
    snapshot: setUpWithoutKms({
      destinationAccount: {
        rcps: [
          [
            policy({ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }),
            policy(
              denyAll(["s3:*", "kms:*"], "*", {
                StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-acme123456" },
                BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
              }),
            ),
          ],
        ],
      },
    }),
    verdict: "unproven",
    outcomes: plainOpen,
    cause: {
      action: "s3:ReplicateObject",
      resource: `${DESTINATION}/plain`,
      where: "resource control policy",
      keys: ["aws:PrincipalOrgID"],
    },
  },
  {
    file: "rcp-denies-other-accounts",
    about: "A resource control policy of the destination denies every other account",
    snapshot: setUp({
      destinationAccount: {
        rcps: [
          [
            policy({ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }),
            policy(
              denyAll("kms:*", "*", {
                StringNotEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" },
              }),
            ),
          ],
        ],
      },
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "kms:Encrypt",
      resource: REPLICA_KEY,
      where: "resource control policy",
    },
  },
];
