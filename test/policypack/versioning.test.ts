import { bucketVersioningEnabled } from "../../policypack/rules/bucketVersioningEnabled";
import { legacyProgram, v2Program, v2Settings } from "./fixtures/legacyProgram";
import { bothStacks } from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import { ProgramResource, change, resource, unknown, without } from "./support/resources";

const program = bothStacks("update");

/** A bucket with an automatic name in its first preview, as the real provider plans it. */
function autoNamed(name: string, more: Record<string, unknown> = {}): ProgramResource {
  return resource("aws:s3/bucket:Bucket", name, { bucket: unknown, versioning: unknown, ...more });
}
function versioningOf(
  bucket: ProgramResource,
  name: string,
  bucketValue: unknown = unknown,
): ProgramResource {
  return resource(
    "aws:s3/bucketVersioning:BucketVersioning",
    name,
    { bucket: bucketValue, versioningConfiguration: { status: "Enabled" } },
    { propertyDependencies: { bucket: [bucket.urn] } },
  );
}
const [auto, bare] = [autoNamed("auto"), autoNamed("bare")];

describeRule(bucketVersioningEnabled, {
  "accepts a BucketVersioning that is Enabled": { program },
  "accepts a bucket's own property": { program: legacyProgram() },
  "accepts the own property of a V2 bucket": { program: v2Program() },
  "accepts the V2 class of the setting": { program: v2Settings(program) },
  "refuses Suspended": {
    program: change(program, "source-versioning", "versioningConfiguration.status", "Suspended"),
    violators: ["source-versioning"],
    messages: [
      "'versioningConfiguration.status' of 'source-versioning' must be 'Enabled', got 'Suspended'. " +
        'Write versioningConfiguration: { status: "Enabled" }.',
    ],
  },
  "refuses Suspended on a bucket of another stack": {
    program: [
      resource("aws:s3/bucketVersioning:BucketVersioning", "elsewhere", {
        bucket: "not-of-this-stack",
        versioningConfiguration: { status: "Suspended" },
      }),
    ],
    violators: ["elsewhere"],
  },
  "refuses Suspended in the V2 class": {
    program: change(v2Settings(program), "source-versioning", "versioningConfiguration.status", "Suspended"),
    violators: ["source-versioning"],
  },
  "refuses a missing status": {
    program: change(program, "source-versioning", "versioningConfiguration.status", undefined),
    violators: ["source-versioning"],
    messages: ["got nothing"],
  },
  "refuses buckets without the resource, each of them": {
    program: without(program, "source-versioning", "destination-versioning"),
    violators: ["destination-bucket", "source-bucket"],
    messages: [
      "'destination-bucket' must be versioned, got no versioning at all. Write new aws.s3.BucketVersioning(",
    ],
  },
  "refuses a legacy bucket that turns it off": {
    program: change(legacyProgram(), "source-bucket", "versioning.enabled", false),
    violators: ["source-bucket"],
    messages: [
      "'versioning.enabled' of 'source-bucket' must be true, got false. Write versioning: { enabled: true }.",
    ],
  },
  "refuses a V2 bucket that turns it off": {
    program: change(v2Program(), "source-bucket", "versionings.0.enabled", false),
    violators: ["source-bucket"],
    messages: ["Write versionings: [{ enabled: true }]."],
  },
  "lets the resource decide over what the provider shows in the bucket": {
    program: change(program, "source-bucket", "versioning", { enabled: false, mfaDelete: false }),
  },
  "refuses an auto-named bucket in its very first preview, although its name and its computed versioning are unknown":
    {
      program: [auto, bare, versioningOf(auto, "auto-versioning")],
      violators: ["bare"],
    },
  "says so where the status is not known yet, and still refuses the others": {
    program: change(
      change(program, "source-versioning", "versioningConfiguration.status", unknown),
      "destination-versioning",
      "versioningConfiguration.status",
      "Suspended",
    ),
    violators: ["destination-versioning"],
    notYet: "'versioningConfiguration.status' of 'source-versioning'",
  },
  "says so where the bucket's own property came from something unknown": {
    program: [
      { ...auto, propertyDependencies: { versioning: [bare.urn] } },
      bare,
      versioningOf(bare, "bare-versioning"),
    ],
    notYet: "'versioning' of 'auto'",
  },
  "says so where the bucket of a setting is not known and comes from nothing in the stack": {
    program: [
      auto,
      resource("aws:s3/bucketVersioning:BucketVersioning", "whose", {
        bucket: unknown,
        versioningConfiguration: { status: "Enabled" },
      }),
    ],
    notYet: "'bucket' of 'whose', which decides on 'auto'",
  },
  "takes a name built from another bucket's name for what it says": {
    program: [
      resource("aws:s3/bucket:Bucket", "data", { bucket: "data" }),
      resource("aws:s3/bucket:Bucket", "logs", { bucket: "data-logs" }),
      versioningOf(resource("aws:s3/bucket:Bucket", "data", {}), "logs-versioning", "data-logs"),
    ],
    violators: ["data"],
  },
  "takes such a name for what it says where its bucket is of another stack too": {
    program: [
      resource("aws:s3/bucket:Bucket", "data", { bucket: "data" }),
      versioningOf(resource("aws:s3/bucket:Bucket", "data", {}), "logs-versioning", "data-logs"),
    ],
    violators: ["data"],
  },
  "matches a bucket by its ARN too": {
    program: change(program, "source-versioning", "bucket", "arn:aws:s3:::orders"),
  },
  "reports a shape that it cannot read": {
    program: change(legacyProgram(), "source-bucket", "versioning", "yes"),
    violators: ["source-bucket"],
    messages: ["'versioning' of 'source-bucket' cannot be read by this rule: found another string."],
  },
  "leaves exempt resources alone": {
    program: without(program, "source-versioning"),
    config: { exempt: ["source-bucket"] },
  },
});
