import { replicationCrossAccountOwner } from "../../policypack/rules/replicationCrossAccountOwner";
import { replicationKmsEncryption } from "../../policypack/rules/replicationKmsEncryption";
import { replicationMetrics } from "../../policypack/rules/replicationMetrics";
import { legacyProgram, v2Program } from "./fixtures/legacyProgram";
import { DESTINATION_KEY, SOURCE_ACCOUNT, bothStacks, sourceStack } from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import { ProgramResource, change, provider, unknown } from "./support/resources";

const program = sourceStack("update");
const replication = "source-replication";
const kms = "rules.0.sourceSelectionCriteria.sseKmsEncryptedObjects.status";
const replicaKey = "rules.0.destination.encryptionConfiguration.replicaKmsKeyId";
const legacyDestination = "replicationConfiguration.rules.0.destination";
const v2Destination = "replicationConfigurations.0.rules.0.destinations.0";

/** A second, broken configuration beside the compliant one. */
function twice(program: readonly ProgramResource[], path: string, value: unknown): ProgramResource[] {
  const broken = change(program, replication, path, value).filter(({ name }) => name === replication);
  return [
    ...change(program, replication, path, value),
    ...broken.map((one) => ({ ...one, name: "second", urn: `${one.urn}-2` })),
  ];
}

describeRule(replicationKmsEncryption, {
  "accepts a rule that selects KMS objects and names a key ARN": { program },
  "accepts the legacy property": { program: legacyProgram() },
  "accepts the V2 property": { program: v2Program() },
  "accepts a key of another partition": {
    program: change(program, replication, replicaKey, DESTINATION_KEY.replace("arn:aws:", "arn:aws-cn:")),
  },
  "accepts a multi-Region key": {
    program: change(
      program,
      replication,
      replicaKey,
      "arn:aws:kms:eu-central-1:222222222222:key/mrk-1234abcd",
    ),
  },
  "asks nothing of a rule that is disabled": {
    program: change(change(program, replication, kms, "Disabled"), replication, "rules.0.status", "Disabled"),
  },
  "refuses a rule that does not select KMS objects": {
    program: change(program, replication, kms, "Disabled"),
    violators: [replication],
    messages: [
      "'rules[0].sourceSelectionCriteria.sseKmsEncryptedObjects.status' of 'source-replication' must be 'Enabled', got 'Disabled'. " +
        'Write sseKmsEncryptedObjects: { status: "Enabled" }.',
    ],
  },
  "refuses a rule without the selection": {
    program: change(program, replication, "rules.0.sourceSelectionCriteria", undefined),
    violators: [replication],
    messages: ["got nothing"],
  },
  "refuses a rule without a key": {
    program: change(program, replication, "rules.0.destination.encryptionConfiguration", undefined),
    violators: [replication],
    messages: ["must be the ARN of a key (arn:aws:kms:<region>:<account>:key/<id>), got nothing"],
  },
  "refuses an alias": {
    program: change(program, replication, replicaKey, "arn:aws:kms:eu-central-1:222222222222:alias/replicas"),
    violators: [replication],
    messages: ["got an alias, which resolves in the wrong account"],
  },
  "refuses the AWS managed key": {
    program: change(program, replication, replicaKey, "alias/aws/s3"),
    violators: [replication],
    messages: ["got the alias of an AWS managed key (alias/aws/...)"],
  },
  "refuses a bare key id": {
    program: change(program, replication, replicaKey, "22222222-2222-2222-2222-222222222222"),
    violators: [replication],
    messages: ["got a bare key id"],
  },
  "refuses several configurations at once": {
    program: twice(program, kms, "Disabled"),
    violators: [replication, "second"],
  },
  "refuses the legacy property that does not select KMS objects": {
    program: change(
      legacyProgram(),
      "source-bucket",
      "replicationConfiguration.rules.0.sourceSelectionCriteria",
      undefined,
    ),
    violators: ["source-bucket"],
    messages: [
      "sseKmsEncryptedObjects.enabled' of 'source-bucket' must be true, got nothing. Write sseKmsEncryptedObjects: { enabled: true }.",
    ],
  },
  "refuses the V2 property with an alias": {
    program: change(v2Program(), "source-bucket", `${v2Destination}.replicaKmsKeyId`, "alias/replicas"),
    violators: ["source-bucket"],
    messages: ["'replicationConfigurations[0].rules[0].destinations[0].replicaKmsKeyId' of 'source-bucket'"],
  },
  "says so where the key is not known yet, and still refuses what is": {
    program: change(change(program, replication, replicaKey, unknown), replication, kms, "Disabled"),
    violators: [replication],
    notYet: "'rules[0].destination.encryptionConfiguration.replicaKmsKeyId' of 'source-replication'",
  },
  "says so where all rules are not known yet": {
    program: change(program, replication, "rules", unknown),
    notYet: "'rules' of 'source-replication'",
  },
  "says so where the status of a rule is not known yet": {
    program: change(program, replication, "rules.0.status", unknown),
    notYet: "'rules[0].status'",
  },
  "can allow rules that want no KMS at all": {
    program: change(
      change(program, replication, "rules.0.sourceSelectionCriteria", undefined),
      replication,
      "rules.0.destination.encryptionConfiguration",
      undefined,
    ),
    config: { allowRulesWithoutKms: true },
  },
  "does not then allow half of it": {
    program: change(program, replication, kms, "Disabled"),
    config: { allowRulesWithoutKms: true },
    violators: [replication],
  },
  "reports rules that it cannot read": {
    program: change(program, replication, "rules", { status: "Enabled" }),
    violators: [replication],
    messages: ["'rules' of 'source-replication' cannot be read by this rule: found an object."],
  },
});

describeRule(replicationMetrics, {
  "accepts metrics": { program },
  "accepts the legacy property": { program: legacyProgram() },
  "accepts the V2 property": { program: v2Program() },
  "asks nothing of a rule that is disabled": {
    program: change(
      change(program, replication, "rules.0.destination.metrics", undefined),
      replication,
      "rules.0.status",
      "Disabled",
    ),
  },
  "refuses Disabled, on several resources at once": {
    program: twice(program, "rules.0.destination.metrics.status", "Disabled"),
    violators: [replication, "second"],
    messages: [
      "'rules[0].destination.metrics.status' of 'source-replication' must be 'Enabled', got 'Disabled'.",
    ],
  },
  "refuses a missing block": {
    program: change(program, replication, "rules.0.destination.metrics", undefined),
    violators: [replication],
    messages: ["got nothing"],
  },
  "refuses a legacy rule without metrics": {
    program: change(legacyProgram(), "source-bucket", `${legacyDestination}.metrics`, undefined),
    violators: ["source-bucket"],
  },
  "refuses a V2 rule without metrics": {
    program: change(v2Program(), "source-bucket", `${v2Destination}.metrics`, []),
    violators: ["source-bucket"],
  },
  "says so where the status is not known yet": {
    program: change(program, replication, "rules.0.destination.metrics.status", unknown),
    notYet: "'rules[0].destination.metrics.status' of 'source-replication'",
  },
  "leaves exempt resources alone": {
    program: change(program, replication, "rules.0.destination.metrics", undefined),
    config: { exempt: [replication] },
  },
});

const both = bothStacks("update");
const sameProvider = both.map((one) => ({ ...one, provider: provider("one", {}) }));
const withoutAccount = (program: readonly ProgramResource[]): ProgramResource[] =>
  change(
    change(program, replication, "rules.0.destination.account", undefined),
    replication,
    "rules.0.destination.accessControlTranslation",
    undefined,
  );
const unpinned = (program: readonly ProgramResource[]): ProgramResource[] =>
  program.map((one) => ({ ...one, ...(one.provider && { provider: { ...one.provider, props: {} } }) }));

describeRule(replicationCrossAccountOwner, {
  "accepts a rule that names the account and the owner": { program },
  "accepts the legacy property": { program: legacyProgram() },
  "accepts the V2 property": { program: v2Program() },
  "refuses a rule that names no account for a bucket of another stack": {
    program: withoutAccount(program),
    violators: [replication, replication],
    messages: [
      "'rules[0].destination.account' of 'source-replication' must be the 12-digit account of the destination, got nothing, for a bucket that is not of this stack and account.",
      "must be 'Destination', got nothing",
    ],
  },
  "refuses a rule that keeps the source as owner": {
    program: change(program, replication, "rules.0.destination.accessControlTranslation", undefined),
    violators: [replication],
    messages: [
      `must be 'Destination', got nothing. Write accessControlTranslation: { owner: "Destination" }.`,
    ],
  },
  "refuses it in the legacy property": {
    program: change(
      legacyProgram(),
      "source-bucket",
      `${legacyDestination}.accessControlTranslation`,
      undefined,
    ),
    violators: ["source-bucket"],
  },
  "refuses it in the V2 property": {
    program: change(v2Program(), "source-bucket", `${v2Destination}.accessControlTranslations`, []),
    violators: ["source-bucket"],
  },
  "refuses several configurations at once": {
    program: twice(program, "rules.0.destination.accessControlTranslation.owner", "Source"),
    violators: [replication, "second"],
    messages: ["must be 'Destination', got another string"],
  },
  "refuses a bucket of the same stack that another provider makes in another account": {
    program: withoutAccount(both),
    violators: [replication, replication],
  },
  "refuses it too where the providers do not say their accounts": {
    program: withoutAccount(unpinned(both)),
    violators: [replication, replication],
  },
  "asks nothing where the same provider makes both buckets": { program: withoutAccount(sameProvider) },
  "asks nothing where the account named is the provider's own": {
    program: change(withoutAccount(program), replication, "rules.0.destination.account", SOURCE_ACCOUNT),
  },
  "asks nothing of a rule that is disabled": {
    program: change(withoutAccount(program), replication, "rules.0.status", "Disabled"),
  },
  "can be told which buckets are in the same account": {
    program: withoutAccount(program),
    config: { sameAccountBuckets: ["orders-replica"] },
  },
  "can do without the owner override": {
    program: change(program, replication, "rules.0.destination.accessControlTranslation", undefined),
    config: { requireOwnerOverride: false },
  },
  "says so where the account is not known yet": {
    program: change(program, replication, "rules.0.destination.account", unknown),
    notYet: "'rules[0].destination.account' of 'source-replication'",
  },
});
