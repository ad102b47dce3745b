/** The rule 'replication-role-kms-conditions'. */
import { nist, tags } from "../frameworks";
import { eachAllow } from "../judging";
import { Statement, covers, hasWildcard, isNarrowedBy } from "../resources/policyDocument";
import { isS3 } from "../resources/principals";
import { replicationRoles } from "../resources/roles";
import { bucketName } from "../resources/stack";
import { Unknown } from "../resources/values";
import { stackRule } from "../rule";

const CONTEXT = "kms:EncryptionContext:aws:s3:arn";

export const replicationRoleKmsConditions = stackRule(
  {
    name: "replication-role-kms-conditions",
    displayName: "Replication roles use keys through S3 only",
    description: "Every KMS permission of a replication role is held to S3 and to the objects of one bucket.",
    severity: "high",
    framework: nist("AC-6", "Least Privilege"),
    tags: tags({ nist: ["AC-3", "AC-6", "SC-12"] }),
    remediationSteps:
      "Add to each KMS statement Condition: { StringEquals: { 'kms:ViaService': 's3.<region>.amazonaws.com' }, StringLike: { 'kms:EncryptionContext:aws:s3:arn': [<bucket ARN>, <bucket ARN>/*] } }: the source's Region and bucket for kms:Decrypt, the destination's for kms:Encrypt.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html",
    settings: {
      requireEncryptionContext: {
        type: "boolean",
        default: true,
        description: `Asks for a condition on ${CONTEXT} too.`,
      },
    },
  },
  (stack, findings, config) => {
    const needsContext = config.boolean("requireEncryptionContext", true);
    const { roles } = replicationRoles(stack);
    for (const { resource, field } of roles.flatMap(({ policies }) => policies)) {
      const require = (
        statement: Statement,
        key: string,
        accepts: (value: string) => boolean,
        write: string,
      ): void => {
        const narrowed = isNarrowedBy(statement, (candidate) => candidate === key.toLowerCase(), accepts);
        if (narrowed instanceof Unknown) findings.notYet(resource, narrowed);
        else if (!narrowed) {
          findings.violation(
            resource,
            `'${statement.path}.Condition' of '${resource.name}' must hold the use of keys by ${key}, got no such condition. Write ${write}.`,
          );
        }
      };
      findings.guard(resource, () => {
        eachAllow(resource, field, findings, (statement) => {
          if (!usesKeys(statement)) return;
          require(statement, "kms:ViaService", isS3, 'StringEquals: { "kms:ViaService": "s3.<region>.amazonaws.com" }');
          if (needsContext) {
            require(statement, CONTEXT, isOfOneBucket, `StringLike: { "${CONTEXT}": [<bucket ARN>, "<bucket ARN>/*"] }`);
          }
        });
      });
    }
  },
);

function usesKeys(statement: Statement): boolean {
  return (
    statement.has("NotAction") ||
    statement.actions.some(
      ({ text }) => text !== undefined && (/^kms:/i.test(text) || covers(text, "kms:Decrypt")),
    )
  );
}

function isOfOneBucket(value: string): boolean {
  return /^arn:[\w-]+:s3:::/.test(value) && !hasWildcard(bucketName(value));
}
