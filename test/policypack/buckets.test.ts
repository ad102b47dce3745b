import { bucketOwnerEnforced } from "../../policypack/rules/bucketOwnerEnforced";
import { bucketPublicAccessBlocked } from "../../policypack/rules/bucketPublicAccessBlocked";
import { publicAccessBlockComplete } from "../../policypack/rules/publicAccessBlockComplete";
import { replicatedBucketNoForceDestroy } from "../../policypack/rules/replicatedBucketNoForceDestroy";
import { resourceClassReadable } from "../../policypack/rules/resourceClassReadable";
import { legacyProgram, v2Program, v2Settings } from "./fixtures/legacyProgram";
import { bothStacks, destinationStack, sourceStack } from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import { ProgramResource, change, provider, resource, unknown, without } from "./support/resources";

const program = bothStacks("update");
const auto = resource("aws:s3/bucket:Bucket", "auto", { bucket: unknown });
const on = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

describeRule(publicAccessBlockComplete, {
  "accepts four times true": { program },
  "refuses false": {
    program: change(program, "source-public-access-block", "blockPublicPolicy", false),
    violators: ["source-public-access-block"],
    messages: [
      "'blockPublicPolicy' of 'source-public-access-block' must be true, got false. Write blockPublicPolicy: true.",
    ],
  },
  ...Object.fromEntries(
    Object.keys(on).map((setting) => [
      `refuses a missing ${setting}`,
      {
        program: change(program, "source-public-access-block", setting, undefined),
        violators: ["source-public-access-block"],
        messages: [`'${setting}' of 'source-public-access-block' must be true, got nothing.`],
      },
    ]),
  ),
  "refuses missing settings, on several resources at once": {
    program: change(
      change(program, "source-public-access-block", "ignorePublicAcls", undefined),
      "destination-public-access-block",
      "blockPublicAcls",
      undefined,
    ),
    violators: ["destination-public-access-block", "source-public-access-block"],
    messages: ["got nothing"],
  },
  "says so where a setting is not known yet, and still refuses the others": {
    program: change(
      change(program, "source-public-access-block", "ignorePublicAcls", unknown),
      "source-public-access-block",
      "blockPublicAcls",
      false,
    ),
    violators: ["source-public-access-block"],
    notYet: "'ignorePublicAcls' of 'source-public-access-block'",
  },
  "leaves exempt resources alone": {
    program: change(program, "source-public-access-block", "blockPublicPolicy", false),
    config: { exempt: ["source-public-access-block"] },
  },
});

const accountBlock = (props: object, by = provider("source")): ProgramResource =>
  resource(
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    "account",
    { ...props },
    { provider: by },
  );

describeRule(bucketPublicAccessBlocked, {
  "accepts a block of each bucket": { program },
  "accepts it beside a legacy bucket": { program: legacyProgram() },
  "accepts it beside a V2 bucket": { program: v2Program() },
  "accepts the block of an auto-named bucket in its first preview": {
    program: [
      auto,
      resource(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "block",
        { bucket: unknown },
        { propertyDependencies: { bucket: [auto.urn] } },
      ),
    ],
  },
  "accepts a block of the account by the same provider": {
    program: [accountBlock(on), ...without(program, "source-public-access-block")],
  },
  "refuses a bucket that the account's block does not cover": {
    program: [accountBlock(on, provider("third")), ...without(program, "source-public-access-block")],
    violators: ["source-bucket"],
  },
  "refuses half a block of the account": {
    program: [
      accountBlock({ ...on, ignorePublicAcls: false }),
      ...without(program, "source-public-access-block"),
    ],
    violators: ["source-bucket"],
  },
  "refuses buckets without a block, each of them": {
    program: without(program, "source-public-access-block", "destination-public-access-block"),
    violators: ["destination-bucket", "source-bucket"],
    messages: [
      "'destination-bucket' must have a public access block, got none. Write new aws.s3.BucketPublicAccessBlock(",
    ],
  },
  "refuses it beside a legacy bucket": {
    program: without(legacyProgram(), "source-public-access-block"),
    violators: ["source-bucket"],
  },
  "refuses it beside a V2 bucket": {
    program: without(v2Program(), "source-public-access-block"),
    violators: ["source-bucket"],
  },
  "says so where it is not known whose a block is": {
    program: change(
      without(program, "destination-public-access-block"),
      "source-public-access-block",
      "bucket",
      unknown,
    ).map((one) => ({ ...one, propertyDependencies: {} })),
    notYet: "'bucket' of 'source-public-access-block', which decides on 'source-bucket'",
  },
  "leaves exempt resources alone": {
    program: without(program, "source-public-access-block"),
    config: { exempt: ["source-bucket"] },
  },
});

describeRule(bucketOwnerEnforced, {
  "accepts BucketOwnerEnforced": { program },
  "accepts it beside a legacy bucket": { program: legacyProgram() },
  "accepts it beside a V2 bucket": { program: v2Program() },
  "refuses another ownership": {
    program: change(program, "source-ownership", "rule.objectOwnership", "ObjectWriter"),
    violators: ["source-ownership"],
    messages: [
      `'rule.objectOwnership' of 'source-ownership' must be 'BucketOwnerEnforced', got 'ObjectWriter'. Write rule: { objectOwnership: "BucketOwnerEnforced" }.`,
    ],
  },
  "refuses a missing rule": {
    program: change(program, "source-ownership", "rule", undefined),
    violators: ["source-ownership"],
  },
  "refuses buckets without it, each of them": {
    program: without(program, "source-ownership", "destination-ownership"),
    violators: ["destination-bucket", "source-bucket"],
    messages: ["'destination-bucket' must enforce its owner's ownership, got no ownership controls."],
  },
  "refuses it beside a legacy bucket": {
    program: without(legacyProgram(), "source-ownership"),
    violators: ["source-bucket"],
  },
  "refuses it beside a V2 bucket": {
    program: without(v2Settings(program), "source-ownership"),
    violators: ["source-bucket"],
  },
  "says so where the ownership is not known yet": {
    program: change(program, "source-ownership", "rule.objectOwnership", unknown),
    notYet: "'rule.objectOwnership' of 'source-ownership'",
  },
  "leaves exempt resources alone": {
    program: change(program, "source-ownership", "rule.objectOwnership", "ObjectWriter"),
    config: { exempt: ["source-ownership"] },
  },
});

const plain = resource("aws:s3/bucket:Bucket", "plain", { bucket: "plain", forceDestroy: true });

describeRule(replicatedBucketNoForceDestroy, {
  "accepts buckets without forceDestroy": { program },
  "accepts false": { program: change(program, "source-bucket", "forceDestroy", false) },
  "does not mind buckets that take no part in replication": { program: [...program, plain] },
  "refuses it on a source": {
    program: change(sourceStack("update"), "source-bucket", "forceDestroy", true),
    violators: ["source-bucket"],
    messages: [
      "'forceDestroy' of 'source-bucket' must be false on a bucket that takes part in replication, got true. Write forceDestroy: false.",
    ],
  },
  "refuses it on both sides at once": {
    program: change(
      change(program, "source-bucket", "forceDestroy", true),
      "destination-bucket",
      "forceDestroy",
      true,
    ),
    violators: ["destination-bucket", "source-bucket"],
  },
  "refuses it on a destination whose source is in another stack, by its policy": {
    program: change(destinationStack("update"), "destination-bucket", "forceDestroy", true),
    violators: ["destination-bucket"],
  },
  "refuses it on a destination that is not known yet, by what the rules came from": {
    program: change(
      without(
        change(program, "source-replication", "rules.0.destination.bucket", unknown),
        "destination-policy",
      ),
      "destination-bucket",
      "forceDestroy",
      true,
    ).map((one) =>
      one.name === "source-replication"
        ? { ...one, propertyDependencies: { ...one.propertyDependencies, rules: [program[0]?.urn ?? ""] } }
        : one,
    ),
    violators: ["destination-bucket"],
  },
  "refuses it on every bucket that rules with unknown destinations came from": {
    program: change(
      change(
        without(
          change(program, "source-replication", "rules.0.destination.bucket", unknown),
          "destination-policy",
        ),
        "destination-bucket",
        "forceDestroy",
        true,
      ),
      "source-bucket",
      "forceDestroy",
      true,
    ).map((one) =>
      one.name === "source-replication"
        ? {
            ...one,
            propertyDependencies: {
              rules: program.filter(({ name }) => name.endsWith("-bucket")).map(({ urn }) => urn),
            },
          }
        : one,
    ),
    violators: ["destination-bucket", "source-bucket"],
  },
  "refuses it on a legacy source": {
    program: change(legacyProgram(), "source-bucket", "forceDestroy", true),
    violators: ["source-bucket"],
  },
  "refuses it on a V2 source": {
    program: change(v2Program(), "source-bucket", "forceDestroy", true),
    violators: ["source-bucket"],
  },
  "says so where the value is not known yet": {
    program: change(program, "source-bucket", "forceDestroy", unknown),
    notYet: "'forceDestroy' of 'source-bucket'",
  },
  "says so where only an unknown policy would tell whether the bucket takes part": {
    program: change(
      change(destinationStack("update"), "destination-policy", "policy", unknown),
      "destination-bucket",
      "forceDestroy",
      true,
    ),
    notYet: "'policy' of 'destination-policy', which decides on 'destination-bucket'",
  },
  "leaves exempt resources alone": {
    program: change(program, "source-bucket", "forceDestroy", true),
    config: { exempt: ["source-bucket"] },
  },
});

const native = resource("aws-native:s3:Bucket", "native", { bucketName: "native" });

describeRule(resourceClassReadable, {
  "accepts the classes of @pulumi/aws": { program },
  "accepts legacy and V2 classes": { program: [...legacyProgram(), ...v2Program()] },
  "accepts what makes no buckets and no keys": { program: [resource("aws-native:ec2:Vpc", "vpc", {})] },
  "reports classes that it does not read, several at once, also while they are unknown": {
    program: [
      native,
      resource("aws-native:kms:Key", "key", { keyPolicy: unknown }),
      resource("aws:cloudformation/stack:Stack", "stack", {}),
    ],
    violators: ["native", "key", "stack"],
    messages: [
      "'native' must be written in a class of @pulumi/aws to be judged, got aws-native:s3:Bucket, which this pack does not read.",
    ],
  },
  "leaves exempt resources alone": { program: [native], config: { exempt: ["native"] } },
});
