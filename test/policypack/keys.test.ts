import { keyDeletionWindow } from "../../policypack/rules/keyDeletionWindow";
import { keyPolicyCrossAccountNarrowed } from "../../policypack/rules/keyPolicyCrossAccountNarrowed";
import { keyPolicyNoWildcardPrincipal } from "../../policypack/rules/keyPolicyNoWildcardPrincipal";
import { keyRotationEnabled } from "../../policypack/rules/keyRotationEnabled";
import {
  DESTINATION_ACCOUNT,
  ROLE_ARN,
  SOURCE_ACCOUNT,
  bothStacks,
  destinationStack,
} from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import { ProgramResource, change, resource, unknown } from "./support/resources";

const program = destinationStack("update");
const both = bothStacks("update");
const key = "destination-key";
const foreign = 1;

function documentWith(
  index: number,
  element: string,
  value: unknown,
): { Statement: Record<string, unknown>[] } {
  const text = program.find(({ name }) => name === key)?.props["policy"];
  const document = JSON.parse(String(text)) as { Statement: Record<string, unknown>[] };
  document.Statement[index] = { ...document.Statement[index], [element]: value };
  return document;
}
const withElement = (element: string, value: unknown): ProgramResource[] =>
  change(program, key, "policy", JSON.stringify(documentWith(foreign, element, value)));
/** The same document in each other class that holds a key policy. */
const elsewhere = (element: string, value: unknown): ProgramResource[] =>
  ["aws:kms/keyPolicy:KeyPolicy", "aws:kms/externalKey:ExternalKey", "aws:kms/replicaKey:ReplicaKey"].map(
    (type) =>
      resource(type, type.replace(/^.*:/, ""), {
        policy: JSON.stringify(documentWith(foreign, element, value)),
      }),
  );
const everywhere = ["KeyPolicy", "ExternalKey", "ReplicaKey"];
const unpinned = (program: readonly ProgramResource[]): ProgramResource[] =>
  program.map(({ type, name, urn, props }) => ({ type, name, urn, props }));

describeRule(keyPolicyNoWildcardPrincipal, {
  "accepts named principals": { program: both },
  "accepts a key without a policy of its own": { program: change(program, key, "policy", undefined) },
  "accepts everyone narrowed to one account": {
    program: change(program, key, "policy", {
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: {
            StringEquals: {
              "kms:CallerAccount": DESTINATION_ACCOUNT,
              "kms:ViaService": "s3.eu-west-1.amazonaws.com",
            },
          },
        },
      ],
    }),
  },
  "refuses everyone": {
    program: change(program, key, "policy", {
      Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt", Resource: "*" }],
    }),
    violators: [key],
    messages: [
      "'policy.Statement[0].Principal' of 'destination-key' must name who may use the key, or be narrowed by a condition on kms:CallerAccount, aws:PrincipalArn or aws:PrincipalOrgID, got '*' without one.",
    ],
  },
  "refuses everyone who comes through a service of any account": {
    program: change(program, key, "policy", {
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
        },
      ],
    }),
    violators: [key],
  },
  "refuses a condition with a wildcard": {
    program: change(program, key, "policy", {
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: { StringLike: { "kms:CallerAccount": "*" } },
        },
      ],
    }),
    violators: [key],
  },
  "refuses NotPrincipal": {
    program: change(program, key, "policy", {
      Statement: [{ Effect: "Allow", NotPrincipal: { AWS: ROLE_ARN }, Action: "kms:Decrypt", Resource: "*" }],
    }),
    violators: [key],
    messages: ["got 'NotPrincipal' without one"],
  },
  "refuses it in every class, several at once": {
    program: elsewhere("Principal", "*")
      .map((one) =>
        change([one], one.name, "policy", {
          Statement: { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" },
        }),
      )
      .flat(),
    violators: everywhere,
  },
  "reports a missing principal": { program: withElement("Principal", undefined), violators: [key] },
  "reports a document without statements": {
    program: change(program, key, "policy", "{}"),
    violators: [key],
    messages: ["found a document without 'Statement'"],
  },
  "says so where the policy is not known yet": {
    program: change(program, key, "policy", unknown),
    notYet: "'policy' of 'destination-key'",
  },
  "says so where the condition is not known yet": {
    program: change(program, key, "policy", {
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: { StringEquals: { "kms:CallerAccount": unknown } },
        },
      ],
    }),
    notYet: "kms:CallerAccount",
  },
  "leaves exempt resources alone": {
    program: change(program, key, "policy", {
      Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
    }),
    config: { exempt: [key] },
  },
});

describeRule(keyPolicyCrossAccountNarrowed, {
  "accepts replication through S3, and kms:* for the key's own account": { program: both },
  "accepts it where no provider says the key's account": { program: unpinned(both) },
  "refuses other actions": {
    program: withElement("Action", ["kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey"]),
    violators: [key, key],
    messages: [
      `'policy.Statement[1].Action[1]' of 'destination-key' must be one of kms:Encrypt, kms:Decrypt, kms:GenerateDataKey for another account, got 'kms:GenerateDataKey*'. Write Action: ["kms:Encrypt","kms:Decrypt","kms:GenerateDataKey"].`,
      "got 'kms:DescribeKey'",
    ],
  },
  "refuses kms:* for two accounts, where either may be the key's own": {
    program: unpinned(
      change(
        program,
        key,
        "policy",
        JSON.stringify({
          Statement: [SOURCE_ACCOUNT, DESTINATION_ACCOUNT].map((account) => ({
            Effect: "Allow",
            Principal: { AWS: account },
            Action: "kms:*",
            Resource: "*",
          })),
        }),
      ),
    ),
    violators: [key, key, key, key],
  },
  "takes no account for the key's own where the lockout check is off": {
    program: change(unpinned(program), key, "bypassPolicyLockoutSafetyCheck", true),
    violators: [key, key],
  },
  "refuses NotAction": { program: withElement("NotAction", "kms:Delete*"), violators: [key] },
  "refuses a missing condition": {
    program: withElement("Condition", undefined),
    violators: [key],
    messages: [
      `'policy.Statement[1].Condition' of 'destination-key' must hold another account to S3, got no condition on kms:ViaService with a value like s3.<region>.amazonaws.com.`,
    ],
  },
  "refuses another service": {
    program: withElement("Condition", { StringEquals: { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" } }),
    violators: [key],
  },
  "refuses it for one role of another account too": {
    program: change(
      program,
      key,
      "policy",
      documentWith(foreign, "Principal", { AWS: ROLE_ARN }).Statement.length > 0
        ? {
            Statement: [
              { Effect: "Allow", Principal: { AWS: ROLE_ARN }, Action: "kms:Decrypt", Resource: "*" },
            ],
          }
        : undefined,
    ),
    violators: [key],
  },
  "refuses it in every class, several at once": {
    program: elsewhere("Condition", undefined),
    violators: everywhere,
  },
  "says so where the policy is not known yet": {
    program: change(program, key, "policy", unknown),
    notYet: "'policy' of 'destination-key'",
  },
  "says so where an action is not known yet, and still refuses the others": {
    program: change(program, key, "policy", documentWith(foreign, "Action", [unknown, "kms:CreateGrant"])),
    violators: [key],
    notYet: "'policy.Statement[1].Action[0]'",
  },
  "can be told of further actions": {
    program: withElement("Action", ["kms:Encrypt", "kms:DescribeKey"]),
    config: { additionalActions: ["kms:DescribeKey"] },
  },
  "can be told which accounts are its own": {
    program: withElement("Condition", undefined),
    config: { ownAccountIds: [SOURCE_ACCOUNT] },
  },
});

describeRule(keyRotationEnabled, {
  "accepts a key that rotates": { program: both },
  "refuses false": {
    program: change(program, key, "enableKeyRotation", false),
    violators: [key],
    messages: [
      "'enableKeyRotation' of 'destination-key' must be true, got false. Write enableKeyRotation: true.",
    ],
  },
  "refuses a missing value, on several resources at once": {
    program: change(
      change(both, key, "enableKeyRotation", undefined),
      "source-key",
      "enableKeyRotation",
      undefined,
    ),
    violators: [key, "source-key"],
    messages: ["got nothing", "got nothing"],
  },
  "refuses too long a period": {
    program: change(program, key, "rotationPeriodInDays", 730),
    violators: [key],
    messages: [
      "'rotationPeriodInDays' of 'destination-key' must be at most 365, got 730. Write rotationPeriodInDays: 365.",
    ],
  },
  "can ask for a shorter period than KMS's own": {
    program,
    config: { maximumPeriodDays: 180 },
    violators: [key],
    messages: ["got nothing, which means 365"],
  },
  "can allow a longer period": {
    program: change(program, key, "rotationPeriodInDays", 730),
    config: { maximumPeriodDays: 1000 },
  },
  "asks nothing of keys that cannot rotate": {
    program: [
      resource("aws:kms/key:Key", "asymmetric", {
        customerMasterKeySpec: "RSA_2048",
        keyUsage: "SIGN_VERIFY",
      }),
      resource("aws:kms/key:Key", "stored", { customKeyStoreId: "cks-1234" }),
      resource("aws:kms/key:Key", "external", { xksKeyId: "xks-1234" }),
      resource("aws:kms/key:Key", "hmac", { keyUsage: "GENERATE_VERIFY_MAC" }),
    ],
  },
  "says so where the value is not known yet, and still refuses the others": {
    program: change(
      change(both, key, "enableKeyRotation", unknown),
      "source-key",
      "enableKeyRotation",
      false,
    ),
    violators: ["source-key"],
    notYet: "'enableKeyRotation' of 'destination-key'",
  },
  "says so where it is not known whether the key can rotate": {
    program: change(program, key, "keyUsage", unknown),
    notYet: "'keyUsage' of 'destination-key'",
  },
  "leaves exempt resources alone": {
    program: change(program, key, "enableKeyRotation", false),
    config: { exempt: [key] },
  },
});

describeRule(keyDeletionWindow, {
  "accepts a long window": { program: both },
  "accepts a missing value, which means 30 days": {
    program: change(program, key, "deletionWindowInDays", undefined),
  },
  "refuses a short window, on several resources at once": {
    program: change(change(both, key, "deletionWindowInDays", 7), "source-key", "deletionWindowInDays", 10),
    violators: [key, "source-key"],
    messages: [
      "'deletionWindowInDays' of 'destination-key' must be at least 14, got 7. Write deletionWindowInDays: 30.",
    ],
  },
  "refuses it for replica and external keys": {
    program: [
      resource("aws:kms/replicaKey:ReplicaKey", "replica", { deletionWindowInDays: 7 }),
      resource("aws:kms/externalKey:ExternalKey", "external", { deletionWindowInDays: 7 }),
    ],
    violators: ["replica", "external"],
  },
  "refuses what is no number": {
    program: change(program, key, "deletionWindowInDays", "long"),
    violators: [key],
    messages: ["got something that is no number of days"],
  },
  "can ask for more": {
    program: change(program, key, "deletionWindowInDays", 20),
    config: { minimumDays: 30 },
    violators: [key],
  },
  "can ask for less": {
    program: change(program, key, "deletionWindowInDays", 7),
    config: { minimumDays: 7 },
  },
  "says so where the value is not known yet": {
    program: change(program, key, "deletionWindowInDays", unknown),
    notYet: "'deletionWindowInDays' of 'destination-key'",
  },
});
