import { bucketPolicyCrossAccountNarrowed } from "../../policypack/rules/bucketPolicyCrossAccountNarrowed";
import { bucketPolicyNoForeignAdministration } from "../../policypack/rules/bucketPolicyNoForeignAdministration";
import { bucketPolicyNoPublicPrincipal } from "../../policypack/rules/bucketPolicyNoPublicPrincipal";
import { bucketTlsRequired } from "../../policypack/rules/bucketTlsRequired";
import { legacyProgram, v2Program, v2Settings } from "./fixtures/legacyProgram";
import {
  DESTINATION_ACCOUNT,
  ROLE_ARN,
  SOURCE_ACCOUNT,
  bothStacks,
  destinationStack,
} from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import { ProgramResource, change, resource, unknown, without } from "./support/resources";

const program = destinationStack("update");
const policy = "destination-policy";
const deny = 0;
const allow = 1;

/** The destination's policy with one element of one statement changed. */
function withElement(index: number, element: string, value: unknown): ProgramResource[] {
  return change(program, policy, "policy", JSON.stringify(documentWith(index, element, value)));
}
function documentWith(
  index: number,
  element: string,
  value: unknown,
): { Statement: Record<string, unknown>[] } {
  const text = program.find(({ name }) => name === policy)?.props["policy"];
  const document = JSON.parse(String(text)) as { Statement: Record<string, unknown>[] };
  document.Statement[index] = { ...document.Statement[index], [element]: value };
  return document;
}
/** The same statement in the property of a legacy and of a V2 bucket. */
function inline(type: string, index: number, element: string, value: unknown): ProgramResource[] {
  return [
    resource(type, "inline", {
      bucket: "orders-replica",
      policy: JSON.stringify(documentWith(index, element, value)),
    }),
  ];
}
const legacy = "aws:s3/bucket:Bucket";
const v2 = "aws:s3/bucketV2:BucketV2";
const twice = (broken: ProgramResource[]): ProgramResource[] => [
  ...broken,
  ...broken
    .filter(({ name }) => name === policy)
    .map((one) => ({ ...one, name: "second", urn: `${one.urn}-2` })),
];

describeRule(bucketPolicyNoPublicPrincipal, {
  "accepts an account root, and everyone in a Deny": { program },
  "accepts a service": { program: withElement(allow, "Principal", { Service: "logging.s3.amazonaws.com" }) },
  "accepts a policy given as an object": {
    program: change(program, policy, "policy", documentWith(allow, "Sid", "x")),
  },
  "accepts the property of a legacy bucket": { program: legacyProgram() },
  "accepts the property of a V2 bucket": { program: v2Program() },
  "refuses everyone": {
    program: withElement(allow, "Principal", "*"),
    violators: [policy],
    messages: [
      "'policy.Statement[1].Principal' of 'destination-policy' must name who is allowed, got '*' in an Allow. Write Principal: { AWS:",
    ],
  },
  "refuses everyone among others, with a condition too": {
    program: withElement(allow, "Principal", { AWS: [ROLE_ARN, "*"] }),
    violators: [policy],
  },
  "refuses NotPrincipal": {
    program: withElement(allow, "NotPrincipal", { AWS: ROLE_ARN }),
    violators: [policy],
    messages: ["got 'NotPrincipal' in an Allow"],
  },
  "refuses several policies at once": {
    program: twice(withElement(allow, "Principal", "*")),
    violators: [policy, "second"],
  },
  "refuses everyone in the property of a legacy bucket": {
    program: inline(legacy, allow, "Principal", "*"),
    violators: ["inline"],
  },
  "refuses everyone in the property of a V2 bucket": {
    program: inline(v2, allow, "Principal", { AWS: "*" }),
    violators: ["inline"],
  },
  "reports a missing principal": { program: withElement(allow, "Principal", undefined), violators: [policy] },
  "reports a principal that it cannot read": {
    program: withElement(allow, "Principal", { AWS: "somebody" }),
    violators: [policy],
    messages: ["cannot be read by this rule: found a principal of no known form"],
  },
  "reports an effect that is neither Allow nor Deny": {
    program: withElement(allow, "Effect", "allow"),
    violators: [policy],
    messages: ["'policy.Statement[1].Effect' of 'destination-policy' cannot be read by this rule"],
  },
  "reports a document that is not JSON": {
    program: change(program, policy, "policy", "{ not json"),
    violators: [policy],
    messages: ["found a string that is not JSON"],
  },
  "says so where the document is not known yet": {
    program: change(program, policy, "policy", unknown),
    notYet: "'policy' of 'destination-policy'",
  },
  "says so where one principal is not known yet, and still refuses the others": {
    program: change(program, policy, "policy", {
      Statement: [
        { Effect: "Allow", Principal: { AWS: unknown }, Action: "s3:GetObject", Resource: "*" },
        { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" },
      ],
    }),
    violators: [policy],
    notYet: "'policy.Statement[0].Principal.AWS'",
  },
  "leaves exempt resources alone": {
    program: withElement(allow, "Principal", "*"),
    config: { exempt: [policy] },
  },
});

describeRule(bucketPolicyCrossAccountNarrowed, {
  "accepts an account narrowed by aws:PrincipalArn": { program },
  "accepts the property of a legacy bucket": { program: legacyProgram() },
  "accepts the role itself": {
    program: change(
      withElement(allow, "Principal", { AWS: ROLE_ARN }),
      policy,
      "policy",
      documentWith(allow, "Principal", { AWS: ROLE_ARN }),
    ),
  },
  "accepts the bucket's own account": {
    program: change(
      program,
      policy,
      "policy",
      JSON.stringify({
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: DESTINATION_ACCOUNT },
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::orders-replica/*",
          },
        ],
      }),
    ),
  },
  "refuses a whole account without a condition": {
    program: withElement(allow, "Condition", undefined),
    violators: [policy],
    messages: [
      `'policy.Statement[1].Condition' of 'destination-policy' must narrow the other account to its replication role, got no condition that names a principal. Write Condition: { ArnEquals: { "aws:PrincipalArn": <role ARN> } }`,
    ],
  },
  "refuses a condition that names no principal": {
    program: withElement(allow, "Condition", { StringEquals: { "aws:PrincipalOrgID": "o-1234567890" } }),
    violators: [policy],
  },
  "refuses a pattern that names every role": {
    program: withElement(allow, "Condition", {
      ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${SOURCE_ACCOUNT}:role/*` },
    }),
    violators: [policy],
  },
  "refuses IfExists": {
    program: withElement(allow, "Condition", { ArnEqualsIfExists: { "aws:PrincipalArn": ROLE_ARN } }),
    violators: [policy],
  },
  "refuses several policies at once": {
    program: twice(withElement(allow, "Condition", undefined)),
    violators: [policy, "second"],
  },
  "refuses it in the property of a legacy bucket": {
    program: inline(legacy, allow, "Condition", undefined),
    violators: ["inline"],
  },
  "refuses it in the property of a V2 bucket": {
    program: inline(v2, allow, "Condition", undefined),
    violators: ["inline"],
  },
  "says so where the document is not known yet": {
    program: change(program, policy, "policy", unknown),
    notYet: "'policy' of 'destination-policy'",
  },
  "says so where the role is not known yet": {
    program: change(
      program,
      policy,
      "policy",
      documentWith(allow, "Condition", { ArnEquals: { "aws:PrincipalArn": unknown } }),
    ),
    notYet: "'policy.Statement[1].Condition.ArnEquals.aws:PrincipalArn'",
  },
  "can be told which accounts are its own": {
    program: withElement(allow, "Condition", undefined),
    config: { ownAccountIds: [SOURCE_ACCOUNT] },
  },
});

describeRule(bucketPolicyNoForeignAdministration, {
  "accepts the actions of replication": { program },
  "accepts the property of a legacy bucket": { program: legacyProgram() },
  "accepts administration by the bucket's own account": {
    program: change(
      program,
      policy,
      "policy",
      documentWith(allow, "Principal", { AWS: DESTINATION_ACCOUNT }),
    ),
  },
  "refuses s3:PutBucketVersioning": {
    program: withElement(allow, "Action", ["s3:ReplicateObject", "s3:PutBucketVersioning"]),
    violators: [policy],
    messages: [
      `'policy.Statement[1].Action[1]' of 'destination-policy' must not let another account administer the bucket, got 's3:PutBucketVersioning'. Write the actions of replication only: ["s3:ReplicateObject", "s3:ReplicateTags"].`,
    ],
  },
  "refuses a wildcard that covers it": {
    program: withElement(allow, "Action", "s3:Put*"),
    violators: [policy],
    messages: ["got 's3:Put*', which covers 's3:PutBucketVersioning'"],
  },
  "refuses it in other letters": {
    program: withElement(allow, "Action", "S3:putbucketpolicy"),
    violators: [policy],
  },
  "refuses it for one role of the other account too": {
    program: change(program, policy, "policy", {
      Statement: [
        { Effect: "Allow", Principal: { AWS: ROLE_ARN }, Action: "s3:DeleteBucketPolicy", Resource: "*" },
      ],
    }),
    violators: [policy],
  },
  "refuses it for everyone": {
    program: change(program, policy, "policy", {
      Statement: { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" },
    }),
    violators: [policy],
  },
  "refuses NotAction": { program: withElement(allow, "NotAction", "s3:DeleteBucket"), violators: [policy] },
  "refuses several policies at once": {
    program: twice(withElement(allow, "Action", "s3:*")),
    violators: [policy, "second"],
  },
  "refuses it in the property of a legacy bucket": {
    program: inline(legacy, allow, "Action", "*"),
    violators: ["inline"],
  },
  "refuses it in the property of a V2 bucket": {
    program: inline(v2, allow, "Action", "s3:*"),
    violators: ["inline"],
  },
  "does not mind what is denied": { program: withElement(deny, "Action", "s3:*") },
  "says so where an action is not known yet, and still refuses the others": {
    program: change(program, policy, "policy", documentWith(allow, "Action", [unknown, "s3:PutBucketAcl"])),
    violators: [policy],
    notYet: "'policy.Statement[1].Action[0]'",
  },
  "can be told which accounts are its own": {
    program: withElement(allow, "Action", "s3:*"),
    config: { ownAccountIds: [SOURCE_ACCOUNT] },
  },
});

const bucketArn = "arn:aws:s3:::orders-replica";

describeRule(bucketTlsRequired, {
  "accepts a Deny of everything without TLS": { program: bothStacks("update") },
  "accepts it in the first preview": { program: bothStacks("preview") },
  "accepts the property of a legacy bucket": { program: legacyProgram() },
  "accepts the property of a V2 bucket": { program: v2Program() },
  "accepts settings beside a V2 bucket": { program: v2Settings(program) },
  "accepts one statement for the bucket and one for its objects": {
    program: change(program, policy, "policy", {
      Statement: [
        documentWith(deny, "Resource", bucketArn).Statement[deny],
        documentWith(deny, "Resource", `${bucketArn}/*`).Statement[deny],
      ],
    }),
  },
  "accepts every resource": { program: withElement(deny, "Resource", "*") },
  "refuses buckets without a policy, each of them": {
    program: without(bothStacks("update"), "source-policy", "destination-policy"),
    violators: ["destination-bucket", "source-bucket"],
    messages: [
      "the policy of 'destination-bucket' must deny requests without TLS to the bucket and its objects, got no such Deny. Write { Effect: \"Deny\"",
    ],
  },
  "refuses an auto-named bucket without a policy in its very first preview": {
    program: [resource(legacy, "auto", { bucket: unknown, policy: unknown })],
    violators: ["auto"],
  },
  "refuses a Deny that leaves out the objects": {
    program: withElement(deny, "Resource", bucketArn),
    violators: ["destination-bucket"],
    messages: ["got a Deny that leaves out the bucket or its objects"],
  },
  "refuses a Deny for another bucket": {
    program: withElement(deny, "Resource", ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"]),
    violators: ["destination-bucket"],
  },
  "refuses a Deny of some actions": {
    program: withElement(deny, "Action", ["s3:PutObject"]),
    violators: ["destination-bucket"],
  },
  "refuses a Deny for some principals": {
    program: withElement(deny, "Principal", { AWS: ROLE_ARN }),
    violators: ["destination-bucket"],
  },
  "refuses a Deny with a further condition": {
    program: withElement(deny, "Condition", {
      Bool: { "aws:SecureTransport": "false" },
      StringEquals: { "aws:PrincipalOrgID": "o-1234567890" },
    }),
    violators: ["destination-bucket"],
  },
  "refuses a Deny without a condition on TLS": {
    program: withElement(deny, "Condition", { Bool: { "aws:SecureTransport": "true" } }),
    violators: ["destination-bucket"],
  },
  "refuses a missing condition": {
    program: withElement(deny, "Condition", undefined),
    violators: ["destination-bucket"],
  },
  "refuses it in the property of a legacy bucket": {
    program: inline(legacy, deny, "Action", "s3:GetObject"),
    violators: ["inline"],
  },
  "refuses it in the property of a V2 bucket": {
    program: inline(v2, deny, "Effect", "Allow"),
    violators: ["inline"],
  },
  "says so where a policy is not known yet, and still refuses the others": {
    program: change(without(bothStacks("update"), "source-policy"), policy, "policy", unknown),
    violators: ["source-bucket"],
    notYet: "'policy' of 'destination-policy', which decides on 'destination-bucket'",
  },
  "says so where it is not known whose a policy is": {
    program: [
      resource(legacy, "bare", { bucket: "bare" }),
      resource("aws:s3/bucketPolicy:BucketPolicy", "whose", { bucket: unknown, policy: unknown }),
    ],
    notYet: "'bucket' of 'whose', which decides on 'bare'",
  },
  "leaves exempt resources alone": {
    program: without(program, policy),
    config: { exempt: ["destination-bucket"] },
  },
});
