/** The rule 'resource-class-readable'. */
import { nist, tags } from "../frameworks";
import { resourceRule } from "../rule";

/** Classes of other providers that make what this pack judges, in shapes that it does not read. */
const UNREAD = [
  ...[
    "aws-native:s3:Bucket",
    "aws-native:s3:BucketPolicy",
    "aws-native:kms:Key",
    "aws-native:kms:ReplicaKey",
  ],
  ...["aws-native:cloudformation:Stack", "aws:cloudformation/stack:Stack"],
  ...["aws-native:cloudformation:StackSet", "aws:cloudformation/stackSet:StackSet"],
];

export const resourceClassReadable = resourceRule(
  {
    name: "resource-class-readable",
    displayName: "Buckets and keys are written in classes that the pack reads",
    description: "Says which resources may make buckets or keys that this pack cannot judge.",
    severity: "low",
    enforcementLevel: "advisory",
    framework: nist("CM-2", "Baseline Configuration"),
    tags: tags({ nist: ["CM-2", "CM-6"] }),
    remediationSteps:
      "Write the bucket or key with the classes of @pulumi/aws, or review it by hand and exempt it.",
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/",
  },
  UNREAD,
  (resource, findings) => {
    findings.violation(
      resource,
      `'${resource.name}' must be written in a class of @pulumi/aws to be judged, got ${resource.type}, which this pack does not read. ` +
        `Write new aws.s3.Bucket(...) or new aws.kms.Key(...), or put '${resource.name}' into this rule's 'exempt' once it was reviewed.`,
    );
  },
);
