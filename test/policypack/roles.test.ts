import { replicationRoleKmsConditions } from "../../policypack/rules/replicationRoleKmsConditions";
import { replicationRoleLeastPrivilege } from "../../policypack/rules/replicationRoleLeastPrivilege";
import { replicationRoleTrust } from "../../policypack/rules/replicationRoleTrust";
import { legacyProgram, v2Program } from "./fixtures/legacyProgram";
import { DESTINATION_KEY, ROLE_ARN, SOURCE_KEY, sourceStack } from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import { ProgramResource, change, resource, unknown, without } from "./support/resources";

const program = sourceStack("update");
const s3Policy = "source-role-s3";
const kmsPolicy = "source-role-kms";

/** Changes one property of one statement of a policy that is JSON text, or given as an object. */
function inStatement(
  program: readonly ProgramResource[],
  name: string,
  property: string,
  index: number,
  element: string,
  value: unknown,
): ProgramResource[] {
  const found = program.find((one) => one.name === name)?.props[property];
  const document = (typeof found === "string" ? JSON.parse(found) : found) as {
    Statement: Record<string, unknown>[];
  };
  const statements = document.Statement.map((statement, at) =>
    at === index ? { ...statement, [element]: value } : statement,
  );
  return change(program, name, property, JSON.stringify({ ...document, Statement: statements }));
}
const trustOf = (principal: unknown): ProgramResource[] =>
  inStatement(program, "source-role", "assumeRolePolicy", 0, "Principal", principal);

/** A second replication with a role of its own, both under other names. */
const second = program
  .filter(({ name }) => ["source-role", "source-replication", s3Policy, kmsPolicy].includes(name))
  .map((one): ProgramResource => ({
    ...one,
    name: `second-${one.name}`,
    urn: `${one.urn}-2`,
    props: {
      ...one.props,
      ...(one.name === "source-role" && { name: "second", arn: `${ROLE_ARN}-second` }),
      ...(one.name.startsWith("source-role-") && { role: "second" }),
      ...(one.name === "source-replication" && { role: "arn:aws:iam::111111111111:role/second" }),
    },
    propertyDependencies: {},
  }));

describeRule(replicationRoleTrust, {
  "accepts a role that S3 alone assumes": { program },
  "accepts the role of the legacy property": { program: legacyProgram() },
  "accepts the role of the V2 property": { program: v2Program() },
  "accepts a trust policy given as an object": {
    program: change(program, "source-role", "assumeRolePolicy", {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { Service: ["s3.amazonaws.com"] }, Action: "sts:AssumeRole" },
    }),
  },
  "finds the role by what the property came from while its ARN is unknown": {
    program: sourceStack("preview"),
  },
  "ignores roles that no replication uses": {
    program: [...program, resource("aws:iam/role:Role", "other", { name: "other", assumeRolePolicy: "{}" })],
  },
  "refuses another service": {
    program: trustOf({ Service: ["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"] }),
    violators: ["source-role"],
    messages: [
      `'assumeRolePolicy.Statement[0].Principal' of 'source-role' must be { Service: "s3.amazonaws.com" }, got another service.`,
    ],
  },
  "refuses an account": {
    program: trustOf({ AWS: "arn:aws:iam::111111111111:root" }),
    violators: ["source-role"],
    messages: ["got an AWS account"],
  },
  "refuses everyone": { program: trustOf("*"), violators: ["source-role"], messages: ["got everyone"] },
  "refuses a statement without principals": { program: trustOf(undefined), violators: ["source-role"] },
  "refuses several roles at once": {
    program: [
      ...trustOf("*"),
      ...second.map((one) =>
        one.name === "second-source-role"
          ? {
              ...one,
              props: {
                ...one.props,
                assumeRolePolicy: trustOf("*").find(({ name }) => name === "source-role")?.props[
                  "assumeRolePolicy"
                ],
              },
            }
          : one,
      ),
    ],
    violators: ["source-role", "second-source-role"],
  },
  "refuses it for the role of the legacy property": {
    program: change(
      legacyProgram(),
      "source-role",
      "assumeRolePolicy",
      trustOf("*").find(({ name }) => name === "source-role")?.props["assumeRolePolicy"],
    ),
    violators: ["source-role"],
  },
  "reports a role that the stack does not make": {
    program: without(program, "source-role"),
    violators: ["source-replication"],
    messages: ["'role' of 'source-replication' must be a role of this stack"],
  },
  "reports a missing trust policy": {
    program: change(program, "source-role", "assumeRolePolicy", undefined),
    violators: ["source-role"],
  },
  "reports a trust policy that is not JSON, without quoting it": {
    program: change(program, "source-role", "assumeRolePolicy", "my-secret {"),
    violators: ["source-role"],
    messages: [
      "'assumeRolePolicy' of 'source-role' cannot be read by this rule: found a string that is not JSON.",
    ],
  },
  "says so where the trust policy is not known yet": {
    program: change(program, "source-role", "assumeRolePolicy", unknown),
    notYet: "'assumeRolePolicy' of 'source-role'",
  },
  "says so where the role is not known yet": {
    program: without(sourceStack("preview"), "source-role"),
    notYet: "'role' of 'source-replication'",
  },
  "can be told of another service": {
    program: trustOf({ Service: ["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"] }),
    config: { additionalServices: ["batchoperations.s3.amazonaws.com"] },
  },
});

const onS3 = (index: number, element: string, value: unknown): ProgramResource[] =>
  inStatement(program, s3Policy, "policy", index, element, value);
const onKms = (index: number, element: string, value: unknown): ProgramResource[] =>
  inStatement(program, kmsPolicy, "policy", index, element, value);
const wide = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});
const widePolicy = resource("aws:iam/policy:Policy", "wide", { name: "wide", policy: wide });
const attach = (policyArn: unknown, dependencies: string[]): ProgramResource =>
  resource(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "attachment",
    { role: "orders-replication", policyArn },
    { propertyDependencies: { policyArn: dependencies } },
  );

describeRule(replicationRoleLeastPrivilege, {
  "accepts the actions of replication on the rules' buckets and keys": { program },
  "accepts it with the legacy property": { program: legacyProgram() },
  "accepts it with the V2 property": { program: v2Program() },
  "accepts a policy given as an object": {
    program: change(program, s3Policy, "policy", {
      Statement: { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::orders" },
    }),
  },
  "ignores what is denied": { program: onS3(0, "Effect", "Deny") },
  "refuses wildcard actions": {
    program: onS3(1, "Action", ["s3:Get*"]),
    violators: [s3Policy],
    messages: [
      "'policy.Statement[1].Action[0]' of 'source-role-s3' must be an action that replication needs, without wildcard, got 's3:Get*'. Write s3:GetReplicationConfiguration,",
    ],
  },
  "refuses actions that replication does not need": {
    program: onS3(2, "Action", ["s3:ReplicateObject", "s3:PutBucketVersioning"]),
    violators: [s3Policy],
    messages: ["got 's3:PutBucketVersioning'. Write nothing in its place: remove it."],
  },
  "refuses NotAction": {
    program: onS3(0, "NotAction", "s3:Delete*"),
    violators: [s3Policy],
    messages: ["got 'NotAction'"],
  },
  "refuses every resource": {
    program: onS3(0, "Resource", "*"),
    violators: [s3Policy],
    messages: [
      "'policy.Statement[0].Resource' of 'source-role-s3' must be a bucket or a key of the role's replication rules, got '*'.",
    ],
  },
  "refuses NotResource": { program: onS3(0, "NotResource", "arn:aws:s3:::other"), violators: [s3Policy] },
  "refuses a bucket of none of its rules": {
    program: onS3(0, "Resource", ["arn:aws:s3:::orders", "arn:aws:s3:::payroll"]),
    violators: [s3Policy],
    messages: ["'policy.Statement[0].Resource[1]'"],
  },
  "refuses an action of nobody's, without repeating it": {
    program: onS3(1, "Action", ["my secret"]),
    violators: [s3Policy],
    messages: ["got another action."],
  },
  "refuses a wildcard in the bucket's name": {
    program: onS3(0, "Resource", "arn:aws:s3:::ord*"),
    violators: [s3Policy],
    messages: ["got a wildcard in the bucket's name"],
  },
  "refuses every key": {
    program: onKms(0, "Resource", "arn:aws:kms:eu-west-1:111111111111:key/*"),
    violators: [kmsPolicy],
    messages: ["got no ARN of one bucket or one key"],
  },
  "refuses to encrypt with a key of none of its rules": {
    program: onKms(1, "Resource", SOURCE_KEY),
    violators: [kmsPolicy],
    messages: ["got a key of none of its rules"],
  },
  "refuses missing actions and resources": {
    program: onS3(0, "Action", undefined),
    violators: [s3Policy],
    messages: ["got nothing. Write Action: [...]"],
  },
  "refuses an inline policy of the role": {
    program: change(program, "source-role", "inlinePolicies", [{ name: "wide", policy: wide }]),
    violators: ["source-role", "source-role"],
  },
  "refuses a managed policy of this stack that is attached": {
    program: [...program, widePolicy, attach(unknown, [widePolicy.urn])],
    violators: ["wide", "wide"],
  },
  "refuses it through a PolicyAttachment too": {
    program: [
      ...program,
      { ...widePolicy, props: { ...widePolicy.props, arn: "arn:aws:iam::111111111111:policy/wide" } },
      resource("aws:iam/policyAttachment:PolicyAttachment", "attachment", {
        roles: ["orders-replication"],
        policyArn: "arn:aws:iam::111111111111:policy/wide",
      }),
    ],
    violators: ["wide", "wide"],
  },
  "reports a managed policy that the stack does not make": {
    program: [...program, attach("arn:aws:iam::aws:policy/AmazonS3FullAccess", [])],
    violators: ["attachment"],
    messages: [
      "'policyArn' of 'attachment' cannot be read by this rule: found a managed policy that this stack does not make.",
    ],
  },
  "reports managedPolicyArns too": {
    program: change(program, "source-role", "managedPolicyArns", [
      "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    ]),
    violators: ["source-role"],
  },
  "takes inline policies that the provider computes for unset": {
    program: change(program, "source-role", "inlinePolicies", unknown),
  },
  "refuses several roles at once": {
    program: [
      ...onS3(0, "Resource", "*"),
      ...second.map((one) =>
        one.name === `second-${s3Policy}` ? { ...one, props: { ...one.props, policy: wide } } : one,
      ),
    ],
    violators: [s3Policy, `second-${s3Policy}`, `second-${s3Policy}`],
  },
  "says so where a policy is not known yet, and still refuses the others": {
    program: change(onS3(0, "Resource", "*"), kmsPolicy, "policy", unknown),
    violators: [s3Policy],
    notYet: "'policy' of 'source-role-kms'",
  },
  "says so where an unknown destination may be the bucket that a statement names": {
    program: change(program, "source-replication", "rules.0.destination.bucket", unknown),
    notYet: "'rules[0].destination.bucket' of 'source-replication', which decides on 'source-role-s3'",
  },
  "says so where an unknown replica key may be the key that a statement names": {
    program: change(
      program,
      "source-replication",
      "rules.0.destination.encryptionConfiguration.replicaKmsKeyId",
      unknown,
    ),
    notYet: "replicaKmsKeyId' of 'source-replication', which decides on 'source-role-kms'",
  },
  "says so where it is not known yet whose a policy is": {
    program: [
      ...program,
      resource("aws:iam/rolePolicy:RolePolicy", "whose", { role: unknown, policy: wide }),
    ],
    notYet: "'role' of 'whose', which decides on 'source-role'",
  },
  "can be told of further actions": {
    program: onS3(1, "Action", ["s3:GetObjectVersionForReplication", "s3:InitiateReplication"]),
    config: { additionalActions: ["s3:InitiateReplication"] },
  },
});

const conditions = (value: unknown): ProgramResource[] => onKms(0, "Condition", value);
const viaService = { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } };
const context = { StringLike: { "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::orders/*"] } };

describeRule(replicationRoleKmsConditions, {
  "accepts both conditions": { program },
  "accepts it with the legacy property": { program: legacyProgram() },
  "accepts it with the V2 property": { program: v2Program() },
  "accepts keys in any case, and ArnLike": {
    program: conditions({
      StringEquals: { "KMS:viaservice": "s3.cn-north-1.amazonaws.com.cn" },
      ArnLike: { "kms:encryptioncontext:AWS:s3:arn": "arn:aws-cn:s3:::orders/*" },
    }),
  },
  "asks nothing of statements about S3": { program: without(program, kmsPolicy) },
  "refuses a statement without conditions": {
    program: conditions(undefined),
    violators: [kmsPolicy, kmsPolicy],
    messages: [
      "'policy.Statement[0].Condition' of 'source-role-kms' must hold the use of keys by kms:ViaService, got no such condition.",
      "must hold the use of keys by kms:EncryptionContext:aws:s3:arn",
    ],
  },
  "refuses a missing kms:ViaService": { program: conditions(context), violators: [kmsPolicy] },
  "refuses another service": {
    program: conditions({
      ...context,
      StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com"] },
    }),
    violators: [kmsPolicy],
  },
  "refuses any Region": {
    program: conditions({ ...context, StringEquals: { "kms:ViaService": "s3.*.amazonaws.com" } }),
    violators: [kmsPolicy],
  },
  "refuses IfExists, which holds for requests that do not come through S3": {
    program: conditions({ ...context, StringEqualsIfExists: viaService.StringEquals }),
    violators: [kmsPolicy],
  },
  "refuses ForAllValues, which holds for requests without the key": {
    program: conditions({ ...context, "ForAllValues:StringEquals": viaService.StringEquals }),
    violators: [kmsPolicy],
  },
  "refuses a negation": {
    program: conditions({ ...context, StringNotEquals: viaService.StringEquals }),
    violators: [kmsPolicy],
  },
  "refuses the context of every bucket": {
    program: conditions({
      ...viaService,
      StringLike: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::*" },
    }),
    violators: [kmsPolicy],
  },
  "refuses the misprinted key of a page of AWS": {
    program: conditions({
      ...viaService,
      StringLike: { "kms:EncryptionContext:arn:aws:arn": "arn:aws:s3:::orders/*" },
    }),
    violators: [kmsPolicy],
  },
  "refuses a wildcard action that covers keys": {
    program: onS3(0, "Action", "*"),
    violators: [s3Policy, s3Policy],
  },
  "refuses several roles at once": {
    program: [
      ...conditions(context),
      ...second.map((one) =>
        one.name === `second-${kmsPolicy}`
          ? {
              ...one,
              props: {
                ...one.props,
                policy: conditions(context).find(({ name }) => name === kmsPolicy)?.props["policy"],
              },
            }
          : one,
      ),
    ],
    violators: [kmsPolicy, `second-${kmsPolicy}`],
  },
  "says so where the policy is not known yet": {
    program: change(program, kmsPolicy, "policy", unknown),
    notYet: "'policy' of 'source-role-kms'",
  },
  "says so where one condition is not known yet": {
    program: change(program, kmsPolicy, "policy", {
      Statement: [
        {
          Effect: "Allow",
          Action: "kms:Encrypt",
          Resource: DESTINATION_KEY,
          Condition: { ...viaService, StringLike: { "kms:EncryptionContext:aws:s3:arn": unknown } },
        },
      ],
    }),
    notYet:
      "'policy.Statement[0].Condition.StringLike.kms:EncryptionContext:aws:s3:arn' of 'source-role-kms'",
  },
  "can do without the context": {
    program: conditions(viaService),
    config: { requireEncryptionContext: false },
  },
});
