/** Amazon Resource Names, and the partitions that AWS's Regions belong to. */

/**
 * The parts of an ARN, as AWS names them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  /** Empty where the ARN names no Region. */
  readonly region: string;
  /** Empty where the ARN names no account, as those of buckets. */
  readonly accountId: string;
  /** Everything after the fifth colon; it may hold colons and slashes itself. */
  readonly resource: string;
}

/**
 * Splits an ARN into its parts; undefined where the text is not one.
 *
 * @example
 * parseArn("arn:aws:iam::111111111111:role/path/name")?.resource; // "role/path/name"
 */
export function parseArn(text: string): Arn | undefined {
  const segments = text.startsWith("arn:") ? splitArn(text) : undefined;
  if (segments === undefined) {
    return undefined;
  }
  const [, partition, service, region, accountId, resource] = segments;
  if (partition === "" || service === "" || resource === "") {
    return undefined;
  }
  return { partition, service, region, accountId, resource };
}

export type ArnSegments = readonly [string, string, string, string, string, string];

/** The six colon-separated segments of an ARN or of a pattern for one; the last keeps its colons. */
export function splitArn(text: string): ArnSegments | undefined {
  const segments: string[] = [];
  let start = 0;
  while (segments.length < 5) {
    const colon = text.indexOf(":", start);
    if (colon < 0) {
      return undefined;
    }
    segments.push(text.slice(start, colon));
    start = colon + 1;
  }
  segments.push(text.slice(start));
  return segments as unknown as ArnSegments;
}

interface Partition {
  readonly name: string;
  /** How the names of its Regions begin. */
  readonly regionPrefix: string;
  readonly dnsSuffix: string;
}

const COMMERCIAL: Partition = { name: "aws", regionPrefix: "", dnsSuffix: "amazonaws.com" };

/** @see https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json */
const OTHER_PARTITIONS: readonly Partition[] = [
  { name: "aws-cn", regionPrefix: "cn-", dnsSuffix: "amazonaws.com.cn" },
  { name: "aws-us-gov", regionPrefix: "us-gov-", dnsSuffix: "amazonaws.com" },
  { name: "aws-iso", regionPrefix: "us-iso-", dnsSuffix: "c2s.ic.gov" },
  { name: "aws-iso-b", regionPrefix: "us-isob-", dnsSuffix: "sc2s.sgov.gov" },
  { name: "aws-iso-e", regionPrefix: "eu-isoe-", dnsSuffix: "cloud.adc-e.uk" },
  { name: "aws-iso-f", regionPrefix: "us-isof-", dnsSuffix: "csp.hci.ic.gov" },
  { name: "aws-eusc", regionPrefix: "eusc-", dnsSuffix: "amazonaws.eu" },
];

function partition(region: string): Partition {
  return OTHER_PARTITIONS.find(({ regionPrefix }) => region.startsWith(regionPrefix)) ?? COMMERCIAL;
}

/**
 * The partition that a Region belongs to.
 *
 * @example
 * partitionOfRegion("us-gov-west-1"); // "aws-us-gov"
 */
export function partitionOfRegion(region: string): string {
  return partition(region).name;
}

/**
 * What the names of a Region's endpoints end with.
 *
 * @example
 * dnsSuffixOfRegion("cn-north-1"); // "amazonaws.com.cn"
 */
export function dnsSuffixOfRegion(region: string): string {
  return partition(region).dnsSuffix;
}
