/**
 * Mistakes in plain arguments, one each. The field in an error is led by where it stands: nothing for a component's
 * argument, 'source.' or 'destination.' in the configuration of a stack.
 */
import { keyArn } from "./pairs";

/**
 * What is wrong, the arguments that make it so, and the error, in which `@` stands for what leads the field, and `…`
 * for any end.
 */
export type Mistake = readonly [string, Readonly<Record<string, unknown>>, string];

const BUCKET_NAME =
  "must be an S3 bucket name: 3 to 63 lowercase letters, digits, dots and hyphens, beginning and ending with a letter or digit, not formatted as an IP address, without two dots in a row or a prefix or suffix that S3 reserves";
export const KEY_ARN =
  "must be the key ARN of a customer-managed KMS key, 'arn:aws:kms:<region>:<account>:key/<key id>' (no alias: it would be looked up in the wrong account, and the AWS managed key 'aws/s3' cannot be used across accounts)";
export const ACCOUNT = "must be a 12-digit AWS account id in quotes";
const DAYS = "must be a whole number from 1 to 2147483647";

const badNames: [string, unknown][] = [
  ["two characters", "ab"],
  ["64 characters", "a".repeat(64)],
  ["capitals", "Orders"],
  ["an underscore", "my_orders"],
  ["a hyphen at its end", "orders-"],
  ["a dot at its beginning", ".orders"],
  ["two dots in a row", "or..ders"],
  ["the form of an IP address", "192.168.0.1"],
  ["a reserved prefix", "xn--orders"],
  ["a reserved suffix", "orders-s3alias"],
  ["an ARN", "arn:aws:s3:::orders"],
  ["a number", 7],
  ["nothing", undefined],
];

/** For both sides; the fixtures are in other Regions and accounts, so keys are given as functions of them. */
export function bucketMistakes(accountId: string, region: string): Mistake[] {
  const suffix = `-${accountId}-${region}-an`;
  return [
    [
      "a bucket name of account-regional namespaces without the account and the Region",
      { bucketName: "orders-an" },
      `'@bucketName' must end in '${suffix}' in the account-regional namespace, which has all names that end in '-an', got 'orders-an'`,
    ],
    [
      "the account-regional namespace with another name",
      { bucketName: "orders", bucketNamespace: "account-regional" },
      `'@bucketName' must end in '${suffix}' in the account-regional namespace, which has all names that end in '-an', got 'orders'`,
    ],
    [
      "the global namespace with a name that it has not",
      { bucketName: `orders${suffix}`, bucketNamespace: "global" },
      "'@bucketNamespace' must be 'account-regional' or left out for a bucket name that ends in '-an', got 'global'",
    ],
    [
      "another namespace",
      { bucketNamespace: "regional" },
      "'@bucketNamespace' must be one of 'global', 'account-regional', got 'regional'",
    ],
    ...[
      ["11 digits", "11111111111"],
      ["13 digits", "1111111111111"],
      ["letters", "11111111111a"],
      ["hyphens", "1111-1111-1111"],
      ["a number", 111111111111],
      ["nothing", undefined],
    ].map(([what, value]): Mistake => [
      `an account id of ${what}`,
      { accountId: value },
      `'@accountId' ${ACCOUNT}, got ${shown(value)}`,
    ]),
    ...badNames.map(([what, value]): Mistake => [
      `a bucket name with ${what}`,
      { bucketName: value },
      `'@bucketName' ${BUCKET_NAME}, got ${shown(value)}`,
    ]),
    [
      "a Region that is none",
      { region: "Ireland" },
      "'@region' must be an AWS Region such as 'eu-west-1', got 'Ireland'",
    ],
    [
      "an availability zone",
      { region: "eu-west-1a" },
      "'@region' must be an AWS Region such as 'eu-west-1', got 'eu-west-1a'",
    ],
    [
      "another algorithm",
      { encryption: { algorithm: "AES128" } },
      "'@encryption.algorithm' must be one of 'aws:kms', 'AES256', got 'AES128'",
    ],
    [
      "an encryption that is a text",
      { encryption: "AES256" },
      "'@encryption' must be an object of settings, got 'AES256'",
    ],
    [
      "a setting of encryption that is none",
      { encryption: { key: "x" } },
      "'@encryption.key' is not a setting; allowed here: algorithm, keyArn, bucketKeyEnabled",
    ],
    ...[
      ["an alias", `arn:aws:kms:${region}:${accountId}:alias/orders`],
      ["the AWS managed key", `arn:aws:kms:${region}:${accountId}:alias/aws/s3`],
      ["a key id", "12345678-1234-1234-1234-123456789012"],
      ["the ARN of a bucket", "arn:aws:s3:::orders"],
      ["a key ARN without an account", `arn:aws:kms:${region}::key/12345678-1234-1234-1234-123456789012`],
    ].map(([what, value]): Mistake => [
      `${what} for a key`,
      { encryption: { keyArn: value } },
      `'@encryption.keyArn' ${KEY_ARN}, got ${shown(value)}`,
    ]),
    [
      "a key in another Region",
      { encryption: { keyArn: keyArn(accountId, "sa-east-1") } },
      `'@encryption.keyArn' must be a key in the bucket's Region, '${region}', got a key in 'sa-east-1': '${keyArn(accountId, "sa-east-1")}'`,
    ],
    [
      "a key of another account",
      { encryption: { keyArn: keyArn("999999999999", region) } },
      `'@encryption.keyArn' must be a key in the bucket's account, '${accountId}', got a key in '999999999999': '${keyArn("999999999999", region)}'`,
    ],
    [
      "a key of another partition",
      { encryption: { keyArn: keyArn(accountId, region, "aws-cn") } },
      `'@encryption.keyArn' must be a key in the bucket's partition, 'aws', got a key in 'aws-cn': '${keyArn(accountId, region, "aws-cn")}'`,
    ],
    [
      "a key with SSE-S3",
      { encryption: { algorithm: "AES256", keyArn: keyArn(accountId, region) } },
      `'@encryption.keyArn' must be left out with the algorithm 'AES256' (SSE-S3 has no key of yours), got '${keyArn(accountId, region)}'; say 'aws:kms' to use the key`,
    ],
    [
      "a Bucket Key with SSE-S3",
      { encryption: { algorithm: "AES256", bucketKeyEnabled: true } },
      "'@encryption.bucketKeyEnabled' must be left out with the algorithm 'AES256': S3 Bucket Keys are for SSE-KMS, got true",
    ],
    [
      "a Bucket Key that is a text",
      { encryption: { bucketKeyEnabled: "no" } },
      "'@encryption.bucketKeyEnabled' must be true or false, got 'no'",
    ],
    ["protect that is a text", { protect: "no" }, "'@protect' must be true or false, got 'no'"],
    [
      "a retention without Object Lock",
      { defaultRetention: { mode: "GOVERNANCE", days: 1 } },
      "'@objectLockEnabled' must be true where a defaultRetention is given, got nothing",
    ],
    [
      "a retention without a time",
      { objectLockEnabled: true, defaultRetention: { mode: "GOVERNANCE" } },
      "'@defaultRetention' must have either 'days' or 'years', got neither",
    ],
    [
      "a retention with two times",
      { objectLockEnabled: true, defaultRetention: { mode: "GOVERNANCE", days: 1, years: 1 } },
      "'@defaultRetention' must have either 'days' or 'years', got both",
    ],
    [
      "a retention of no days",
      { objectLockEnabled: true, defaultRetention: { mode: "GOVERNANCE", days: 0 } },
      "'@defaultRetention.days' must be a whole number from 1 to 36500, got 0",
    ],
    [
      "another mode of retention",
      { objectLockEnabled: true, defaultRetention: { mode: "LEGAL", days: 1 } },
      "'@defaultRetention.mode' must be one of 'GOVERNANCE', 'COMPLIANCE', got 'LEGAL'",
    ],
    [
      "an expiry after no days",
      { noncurrentVersionExpirationDays: 0 },
      `'@noncurrentVersionExpirationDays' ${DAYS}, got 0`,
    ],
    [
      "an expiry after half a day",
      { noncurrentVersionExpirationDays: 0.5 },
      `'@noncurrentVersionExpirationDays' ${DAYS}, got 0.5`,
    ],
    ["tags that are a list", { tags: ["a"] }, `'@tags' must be tags, key to value, got ["a"]`],
    ["a tag whose value is a number", { tags: { a: 1 } }, "'@tags.a' must be a string, got 1"],
  ];
}

/** A value as an error shows it. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? `'${value}'` : JSON.stringify(value);
}

/** The error of a mistake as it is expected where it stands: its beginning alone where the end may be anything. */
export function expectedError(error: string, expected: string): string {
  return expected.endsWith("…") && error.startsWith(expected.slice(0, -1)) ? error : expected;
}
