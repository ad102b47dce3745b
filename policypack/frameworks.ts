/** Controls of frameworks that rules refer to. */
import { PolicyComplianceFramework } from "@pulumi/policy";

/** The control of NIST SP 800-53 Rev. 5 that a rule serves first; the others are in its tags. */
export function nist(reference: string, specification: string): PolicyComplianceFramework {
  return { name: "NIST SP 800-53", version: "Rev. 5", reference, specification };
}

/**
 * Tags that name controls. The control ids and what they are mapped to are those of AWS Security Hub; `fsbp` stands
 * only on controls that are part of the AWS Foundational Security Best Practices standard.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html
 */
export function tags(controls: {
  fsbp?: string[];
  securityHub?: string[];
  cis?: string[];
  nist?: string[];
  pci?: string[];
}): string[] {
  const prefixed = (prefix: string, ids: string[] = []) => ids.map((id) => `${prefix}:${id}`);
  return [
    ...prefixed("aws-fsbp", controls.fsbp),
    ...prefixed("aws-security-hub", controls.securityHub),
    ...prefixed("cis-aws-v5.0.0", controls.cis),
    ...prefixed("nist-800-53-r5", controls.nist),
    ...prefixed("pci-dss-v4.0.1", controls.pci),
  ];
}
