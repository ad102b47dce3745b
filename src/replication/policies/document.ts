/** What every policy document of ours is written with. */
import { dnsSuffixOfRegion } from "../../naming/arn";

/** A policy document as it is written down. */
export interface PolicyJson {
  Version: "2012-10-17";
  Statement: StatementJson[];
}

export interface StatementJson {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal?: "*" | { AWS?: string | string[]; Service?: string };
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * AWS's limits, in characters. The role's is for all its inline policies together; there and in managed policies white
 * space is not counted.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
 */
export const POLICY_LIMITS = { role: 10_240, managed: 6_144, bucket: 20_480, key: 32_768 } as const;

export const policy = (statements: StatementJson[]): PolicyJson => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** One value alone, several as a list: the form in which AWS shows policies. */
export function oneOrMany<Value>(values: readonly Value[]): Value | Value[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : [...values];
}

/** S3 as the service that KMS is used through. @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
export function viaS3(region: string): string {
  return `s3.${region}.${dnsSuffixOfRegion(region)}`;
}

/** Size of a policy as AWS counts it: characters without white space between elements. */
export function policySize(document: PolicyJson): number {
  return JSON.stringify(document).length;
}

export function allow(sid: string, actions: readonly string[], resources: readonly string[]): StatementJson {
  return { Sid: sid, Effect: "Allow", Action: oneOrMany(actions), Resource: oneOrMany(resources) };
}

/** ARNs of the objects under some prefixes, those left out that a shorter prefix of the same bucket covers. */
export function objectArns(objects: readonly (readonly [bucketArn: string, prefix: string])[]): string[] {
  const sorted = [...new Set(objects.map(([bucketArn, prefix]) => `${bucketArn}/${prefix}`))].sort();
  const kept: string[] = [];
  for (const beginning of sorted) {
    const last = kept.at(-1);
    if (last === undefined || !beginning.startsWith(last)) kept.push(beginning);
  }
  return kept.map((beginning) => `${escapePattern(beginning)}*`);
}

/** A text as a policy writes it where `*`, `?` and `$` stand for themselves. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
export function escapePattern(text: string): string {
  return text.replace(/[*?$]/g, (character) => `\${${character}}`);
}

/** Nobody uses the bucket without TLS. */
export function denyInsecureTransport(bucketArn: string): StatementJson {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
