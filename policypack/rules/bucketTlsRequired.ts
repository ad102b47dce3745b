/** The rule 'bucket-tls-required'. */
import { nist, tags } from "../frameworks";
import { bucketPolicies } from "../resources/buckets";
import { Statement, covers, readDocument } from "../resources/policyDocument";
import { Resource, types } from "../resources/resource";
import { Unknown, Unreadable } from "../resources/values";
import { Findings, stackRule } from "../rule";

export const bucketTlsRequired = stackRule(
  {
    name: "bucket-tls-required",
    displayName: "S3 buckets refuse plain HTTP",
    description: "Every S3 bucket has a policy that denies every request without TLS.",
    severity: "medium",
    framework: nist("SC-8", "Transmission Confidentiality and Integrity"),
    tags: tags({
      fsbp: ["S3.5"],
      cis: ["2.1.1"],
      nist: ["SC-8", "SC-8(1)", "SC-13", "SC-23"],
      pci: ["4.2.1"],
    }),
    remediationSteps:
      "Add to the bucket's policy: Effect Deny, Principal '*', Action 's3:*', Resource the bucket and its objects, Condition { Bool: { 'aws:SecureTransport': 'false' } } and no other condition.",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  },
  (stack, findings) => {
    const { unplaced } = stack.settings(types.bucketPolicies);
    findings.guardEach(stack.buckets, (bucket) => {
      const policies = bucketPolicies(stack, bucket);
      let unknown = policies.length === 0 ? unplaced : undefined;
      const denied: string[] = [];
      for (const { resource, field } of policies) {
        const statements = readDocument(field);
        if (statements instanceof Unreadable)
          return findings.unreadable(resource, statements.path, statements.found);
        if (statements instanceof Unknown) unknown ??= statements;
        for (const statement of Array.isArray(statements) ? statements : []) {
          const resources = deniedWithoutTls(statement);
          if (resources instanceof Unknown) unknown ??= resources;
          else denied.push(...resources);
        }
      }
      judge(bucket, denied, unknown, findings);
    });
  },
);

function judge(bucket: Resource, denied: string[], unknown: Unknown | undefined, findings: Findings): void {
  const name = bucket.prop("bucket");
  if (closes(denied, name.text)) return;
  if (unknown) findings.notYet(bucket, unknown);
  else if (denied.length > 0 && name.unknown) findings.notYet(bucket, name.unknown);
  else {
    const got = denied.length > 0 ? "a Deny that leaves out the bucket or its objects" : "no such Deny";
    findings.violation(
      bucket,
      `the policy of '${bucket.name}' must deny requests without TLS to the bucket and its objects, got ${got}. Write ` +
        '{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [<bucket>.arn, `${<bucket>.arn}/*`], Condition: { Bool: { "aws:SecureTransport": "false" } } }.',
    );
  }
}

/** Whether the resources denied are the bucket and its objects; where its name is not known, some bucket and its objects. */
function closes(denied: string[], name: string | undefined): boolean {
  if (name === undefined) return denied.some((arn) => denied.includes(`${arn}/*`));
  const patterns = denied.map((pattern) => pattern.replace(/^arn:[\w-]+:/, "arn:aws:"));
  return [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`].every((arn) =>
    patterns.some((pattern) => covers(pattern, arn)),
  );
}

/** The resources that a statement closes to everyone who comes without TLS: any further condition would open it. */
function deniedWithoutTls(statement: Statement): string[] | Unknown {
  const { effect, principals, actions, conditions, resources } = statement;
  if (effect.unknown) return effect.unknown;
  if (effect.value !== "Deny" || !principals.some(({ kind }) => kind === "everyone")) return [];
  if (!actions.some(({ text }) => text === "s3:*" || text === "*")) return [];
  if (conditions instanceof Unknown) return conditions;
  const [condition] = conditions;
  if (condition === undefined || conditions.length > 1) return [];
  const isTls = condition.key === "aws:securetransport" && /^bool(ifexists)?$/.test(condition.operator);
  if (!isTls || !condition.values.every(({ value }) => value === false || value === "false")) return [];
  return (
    resources.find((resource) => resource.unknown)?.unknown ?? resources.flatMap(({ text }) => text ?? [])
  );
}
