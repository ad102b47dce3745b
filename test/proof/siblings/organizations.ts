/** Service control policies, resource control policies, and what they ask of roles and of S3 itself. */
import { allow, DESTINATION_REGION, policy, setUp, SOURCE_REGION, type Statement } from "../setUp";
import { deny, FULL_ACCESS, RCP_FULL_ACCESS, type Sibling } from "./sibling";

type Verdict = Sibling["verdict"];
const OURS = "o-a1b2c3d4e5";
const THEIRS = "o-f6g7h8i9j0";
interface Ids {
  readonly source?: string | null;
  readonly destination?: string | null;
}

const idOf = (id: string | null | undefined) => (id === undefined ? {} : { organizationId: id });

/** Service control policies of the source's account. */
const scp = (
  about: string,
  statement: Statement,
  verdict: Verdict,
  { source, destination }: Ids = {},
): Sibling => ({
  about: `a service control policy denies ${about}`,
  snapshot: setUp({
    sourceAccount: { ...idOf(source), scps: [[FULL_ACCESS, policy(statement)]] },
    destinationAccount: idOf(destination),
  }),
  verdict,
});

/** Resource control policies of one of the accounts. */
const rcp = (
  about: string,
  of: "source" | "destination",
  statement: object,
  verdict: Verdict,
  { source = OURS, destination = OURS }: Ids = {},
): Sibling => {
  const rcps = [[RCP_FULL_ACCESS, policy({ Effect: "Deny", Principal: "*", Resource: "*", ...statement })]];
  return {
    about: `a resource control policy of the ${of} denies ${about}`,
    snapshot: setUp({
      sourceAccount: { ...idOf(source), ...(of === "source" ? { rcps } : {}) },
      destinationAccount: { ...idOf(destination), ...(of === "destination" ? { rcps } : {}) },
    }),
    verdict,
  };
};

const OUTSIDERS = {
  StringNotEqualsIfExists: { "aws:PrincipalOrgID": OURS },
  BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
};
const NOT_SERVICES = { BoolIfExists: { "aws:PrincipalIsAWSService": "false" } };

const SERVICE_CONTROL: readonly Sibling[] = [
  scp(
    "Regions but the source's",
    deny("*", "*", { StringNotEquals: { "aws:RequestedRegion": SOURCE_REGION } }),
    "broken",
  ),
  scp(
    "Regions but the two",
    deny("*", "*", { StringNotEquals: { "aws:RequestedRegion": [SOURCE_REGION, DESTINATION_REGION] } }),
    "proven",
  ),
  scp(
    "Regions to all but the services that replicate",
    {
      Effect: "Deny",
      NotAction: ["s3:*", "kms:*", "sts:*"],
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": SOURCE_REGION } },
    },
    "proven",
  ),
  scp(
    "S3 to all but administrators",
    deny("s3:*", "*", { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin*" } }),
    "broken",
  ),
  scp(
    "uploads without KMS, which replicas are not",
    deny("s3:PutObject", "*", { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } }),
    "proven",
  ),
  scp("new replication rules, not replication", deny("s3:PutReplicationConfiguration", "*"), "proven"),
  scp("replication itself", deny("s3:Replicate*", "*"), "broken"),
  ...(
    [
      ["our own", OURS, "proven"],
      ["another", THEIRS, "broken"],
      ["none", null, "broken"],
      ["an unknown one", undefined, "unproven"],
    ] as const
  ).map(([whose, destination, verdict]) =>
    scp(
      `resources of other organizations, and the destination is in ${whose}`,
      deny(["s3:*", "kms:*"], "*", { StringNotEquals: { "aws:ResourceOrgID": OURS } }),
      verdict,
      { source: OURS, destination },
    ),
  ),
  {
    about: "a service control policy allows the two Regions, and nothing else does",
    snapshot: setUp({
      sourceAccount: {
        scps: [
          [
            policy(
              allow("*", "*", {
                StringEquals: { "aws:RequestedRegion": [SOURCE_REGION, DESTINATION_REGION] },
              }),
            ),
          ],
        ],
      },
    }),
    verdict: "proven",
  },
  {
    about: "one level has no service control policy at all",
    snapshot: setUp({ sourceAccount: { scps: [[FULL_ACCESS], []] } }),
    verdict: "broken",
    says: /service control policy/,
  },
  {
    about: "service control policies of the destination, of which pages say both",
    snapshot: setUp({ destinationAccount: { scps: [[policy(allow("ec2:*", "*"))]] } }),
    verdict: "unproven",
    says: /troubleshooting page/,
  },
];

const RESOURCE_CONTROL: readonly Sibling[] = [
  rcp(
    "outsiders, and all are insiders",
    "destination",
    { Action: ["s3:*", "kms:*"], Condition: OUTSIDERS },
    "proven",
  ),
  rcp(
    "outsiders, and the role is one",
    "destination",
    { Action: ["s3:*", "kms:*"], Condition: OUTSIDERS },
    "broken",
    { source: THEIRS },
  ),
  rcp(
    "outsiders the source's role, and S3 is in no organization",
    "source",
    {
      Action: "sts:AssumeRole",
      Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": OURS } },
    },
    "broken",
  ),
  rcp(
    "outsiders but services the source's role",
    "source",
    {
      Action: "sts:AssumeRole",
      Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": OURS }, ...NOT_SERVICES },
    },
    "proven",
  ),
  rcp(
    "services that call for other organizations",
    "source",
    {
      Action: ["s3:*", "kms:*", "sts:*"],
      Condition: {
        StringNotEqualsIfExists: { "aws:SourceOrgID": OURS },
        Null: { "aws:SourceAccount": "false" },
        Bool: { "aws:PrincipalIsAWSService": "true" },
      },
    },
    "proven",
  ),
  rcp(
    "old TLS",
    "destination",
    { Action: "s3:*", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    "proven",
  ),
  rcp(
    "keys past S3",
    "destination",
    { Action: "kms:*", Condition: { Null: { "kms:ViaService": "true" } } },
    "proven",
  ),
];

export const ORGANIZATIONS: readonly Sibling[] = [...SERVICE_CONTROL, ...RESOURCE_CONTROL];
