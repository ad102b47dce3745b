/** Refusals of how a policy is written: its version, its statements, the form of its resources, and its dates. */
import { matchesPattern, parseArn, parseDate, splitArn } from "../../iam";
import { accountRootArnOf } from "../../naming/names";
import {
  conditionValues,
  type DocumentPut,
  type DocumentRow,
  kept,
  some,
  textsOf,
  type WrittenStatement,
} from "./documentRow";

const RESOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html";
const NOT_PRINCIPAL =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html";

/** Wildcards, and policy variables. */
const isOpen = (text: string) => /[*?]|\$\{/.test(text);

const isEverything = (resource: string) => /^\*+$/.test(resource);

/** The segments of an ARN, or of what has too few of them for one. */
function segmentsOf(resource: string): readonly string[] {
  return splitArn(resource) ?? resource.split(":");
}

/** A row about the resources of a role's policy, of which those that fit can stay. */
function resourcesAre(
  message: string,
  fits: (resource: string, owner: string) => boolean,
  mend: string,
  source: string,
): DocumentRow {
  const takes = (resource: string, owner: string) => isEverything(resource) || fits(resource, owner);
  const resourcesOf = ({ Resource, NotResource }: WrittenStatement) => [
    ...textsOf(Resource),
    ...textsOf(NotResource),
  ];
  return {
    kinds: ["identity"],
    message: `MalformedPolicyDocument: ${message}`,
    isRefused: some((statement, { owner }) =>
      resourcesOf(statement).some((resource) => !takes(resource, owner)),
    ),
    keep: (statement, { owner }) => {
      const part = kept(statement, "Resource", (resource) => takes(resource, owner));
      return part && kept(part, "NotResource", (resource) => takes(resource, owner));
    },
    mend,
    grade: "observed",
    source,
  };
}

const isEmpty = ({ isWhole, statements }: DocumentPut) => isWhole && statements.length === 0;

const PUT_KEY_POLICY = "kms:putkeypolicy";

function rootOf(keyArn: string): string {
  const { partition = "", accountId = "" } = parseArn(keyArn) ?? {};
  return accountRootArnOf(partition, accountId);
}

/** Whether a statement lets somebody change the policy of the key, if only under conditions. */
function mayChangeKeyPolicy({ Effect, Action, NotAction }: WrittenStatement): boolean {
  const matches = (pattern: string) => matchesPattern(pattern.toLowerCase(), PUT_KEY_POLICY);
  if (Effect !== "Allow") return false;
  return NotAction === undefined ? textsOf(Action).some(matches) : !textsOf(NotAction).some(matches);
}

export const POLICY_ELEMENTS: readonly DocumentRow[] = [
  resourcesAre(
    "Partition is not valid for resource",
    (resource, owner) => {
      const [, partition = ""] = segmentsOf(resource);
      return isOpen(partition) || partition === (parseArn(owner)?.partition ?? partition);
    },
    "name resources in the partition of the role: aws, aws-cn or aws-us-gov",
    "https://stackoverflow.com/questions/65924421/accessing-a-commercial-s3-bucket-from-a-govcloud-ec2-instance",
  ),
  resourcesAre(
    "Resource vendor must be fully qualified and cannot contain regexes.",
    (resource) => {
      const [, , service] = segmentsOf(resource);
      return service !== undefined && !/[*?]/.test(service);
    },
    "name the service of each resource, or '*' for everything",
    RESOURCE,
  ),
  resourcesAre(
    "The policy failed legacy parsing",
    (resource) => {
      const [, , service, region = "", account = "", ...rest] = segmentsOf(resource);
      // Whether a wildcard there may stand for the segment that is left out, nobody says.
      const isWhole = rest.length > 0 || account === "" || isOpen(region) || /^\*|\$\{/.test(account);
      return service !== "" && (service !== "s3" || isWhole);
    },
    "write ARNs of S3 with three colons before the name of the bucket: 'arn:aws:s3:::acme-data/*'",
    "https://stackoverflow.com/questions/43045029/the-policy-failed-legacy-parsing",
  ),
  {
    kinds: ["identity"],
    message: "MalformedPolicyDocument: The policy failed legacy parsing (a date that is none)",
    isRefused: some((statement) =>
      conditionValues(statement).some(
        ({ operator, value }) => /(^|:)Date/i.test(operator) && parseDate(value) === undefined,
      ),
    ),
    mend: "write dates as '2026-01-31T00:00:00Z' or as seconds since 1970",
    grade: "reported",
    source:
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date",
  },
  {
    kinds: ["identity"],
    message: "MalformedPolicyDocument: Syntax errors in policy. (no statement)",
    isRefused: isEmpty,
    mend: "write a statement, or take the policy away",
    grade: "reported",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html",
  },
  {
    kinds: ["bucket"],
    message: "MalformedPolicy: Could not parse the policy: Statement is empty!",
    isRefused: isEmpty,
    keep: (statement) => statement,
    mend: "write a statement, or take the policy away",
    grade: "reported",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html",
  },
  {
    kinds: ["bucket", "rcp"],
    message: "MalformedPolicy: Missing required field Resource",
    // A key policy is about its key without one.
    isRefused: some(({ Resource, NotResource }) => Resource === undefined && NotResource === undefined),
    mend: "name the resources that each statement is about",
    grade: "documented",
    source: RESOURCE,
  },
  {
    kinds: ["bucket", "key"],
    message: "MalformedPolicy: Allow with NotPrincipal is not allowed.",
    isRefused: some(({ Effect, NotPrincipal }) => Effect === "Allow" && NotPrincipal !== undefined),
    mend: "name the principals that are allowed: NotPrincipal goes with Deny alone",
    grade: "documented",
    source: NOT_PRINCIPAL,
  },
  {
    kinds: ["key"],
    message:
      "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.",
    isRefused: ({ isWhole, statements }) => isWhole && !statements.some(mayChangeKeyPolicy),
    add: ({ owner }) => ({
      Sid: "AccountAdministers",
      Effect: "Allow",
      Principal: { AWS: rootOf(owner) },
      Action: "kms:*",
      Resource: "*",
    }),
    mend: "let the root of the key's account do kms:*, or somebody kms:PutKeyPolicy",
    grade: "documented",
    source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
  },
  ...(
    [
      [
        "scp",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html",
      ],
      [
        "rcp",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html",
      ],
    ] as const
  ).map(([kind, source]): DocumentRow => ({
    kinds: [kind],
    message: "MalformedPolicyDocumentException: the Version must be 2012-10-17",
    isRefused: ({ version }) => version !== "2012-10-17",
    mend: 'give the policy "Version": "2012-10-17"',
    grade: "documented",
    source,
  })),
];
