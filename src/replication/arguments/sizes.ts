/** Whether the policies that arguments lead to fit AWS's limits, said before anything is made. */
import { numeral } from "../../output/counts";
import { partitionOfRegion } from "../../naming/arn";
import { type PlainDestinationArgs, algorithmOf } from "./arguments";
import { contractTerms } from "../contract";
import { bucketPolicyOf } from "./existingBuckets";
import {
  destinationKeyPolicy,
  POLICY_LIMITS,
  policySize,
  roleKeyPolicy,
  roleS3Policy,
  type RoleGrants,
} from "../policies";

/** A key ARN as long as that of a new key, for sizes that must be known before the key is. */
export function keyArnOfSameLength(region: string, accountId: string): string {
  return `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:key/00000000-0000-0000-0000-000000000000`;
}

/** Problems of a destination whose sources are too many for its policies. */
export function destinationSizeProblems(args: PlainDestinationArgs): string[] {
  const grants = { ...contractTerms(args), sources: args.sources };
  const bucketPolicy = bucketPolicyOf(args);
  const problems: string[] = [];
  const tooLarge = (policy: string, size: number, limit: number) => {
    if (size <= limit) return;
    problems.push(
      `'sources' must be few enough for the ${policy} policy, which AWS limits to ${numeral(limit)} characters: ${numeral(args.sources.length)} sources make ${numeral(size)}, with equal grants in one statement; use fewer sources, shorter role names and paths, or a second destination bucket`,
    );
  };
  if (bucketPolicy !== undefined) tooLarge("bucket", policySize(bucketPolicy), POLICY_LIMITS.bucket);
  const ownKey = algorithmOf(args) === "aws:kms" && args.encryption?.keyArn === undefined;
  if (ownKey) tooLarge("key", policySize(destinationKeyPolicy(grants)), POLICY_LIMITS.key);
  return problems;
}

/** Problems of a source whose rules are too many for its role. */
export function roleSizeProblems(grants: RoleGrants): string[] {
  const keyPolicy = roleKeyPolicy(grants);
  const size = policySize(roleS3Policy(grants)) + (keyPolicy === undefined ? 0 : policySize(keyPolicy));
  if (size <= POLICY_LIMITS.role) return [];
  const prefixes = new Set(grants.rules.map((rule) => rule.prefix)).size;
  return [
    `'rules' must be few enough for the replication role, whose policies AWS limits to ${numeral(POLICY_LIMITS.role)} characters together: ${numeral(grants.rules.length)} rules with ${numeral(prefixes)} prefixes make ${numeral(size)}; use fewer or shorter prefixes, or one prefix that covers several`,
  ];
}
