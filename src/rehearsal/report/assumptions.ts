/** What a verdict rests on without a page of AWS or a reading that says so. */
import { mayUseBucketKeys } from "../../snapshot/bucketKeys";
import type { Snapshot } from "../../snapshot/snapshot";
import { ASSUMPTIONS } from "../../replication/requestContext";

export function assumptionsOf(snapshot: Snapshot): string[] {
  return [
    ...ASSUMPTIONS,
    ...assumedOfBucketKeys(snapshot),
    ...assumedOfLoneAccounts(snapshot),
    ...assumedOfExistingBuckets(snapshot),
    ...assumedOfOrganizations(snapshot),
    ...assumedOfAccounts(snapshot),
  ];
}

/** What a program says of a bucket that it does not make is as good as the program. */
function assumedOfExistingBuckets({ buckets }: Snapshot): string[] {
  const words: Readonly<Record<string, string>> = {
    requesterPays: "that it is not Requester Pays",
    ownership: "Object Ownership",
    objectLock: "Object Lock",
  };
  return Object.entries(buckets).flatMap(([arn, { stated = [] }]) =>
    stated.length === 0
      ? []
      : [
          `the bucket ${arn} exists already and is as the program says or takes for granted: ${stated.map((setting) => words[setting] ?? setting).join(", ")}`,
        ],
  );
}

/** Nobody asked AWS Organizations. */
function assumedOfOrganizations({ accounts }: Snapshot): string[] {
  return Object.entries(accounts).flatMap(([id, { stated = [], organizationId, organizationPath }]) =>
    stated.includes("organizationId")
      ? [
          `the account ${id} is in the organization that the program says, ${organizationPath ?? organizationId}`,
        ]
      : [],
  );
}

/**
 * The pages speak of the two together only.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html
 */
function assumedOfLoneAccounts({ buckets }: Snapshot): string[] {
  const isAlone = Object.values(buckets)
    .flatMap(({ replication }) => replication?.Rules ?? [])
    .some(
      ({ Status: status, Destination: { Account, AccessControlTranslation } }) =>
        status === "Enabled" && Account !== undefined && AccessControlTranslation === undefined,
    );
  return isAlone ? ["S3 takes the Account of a rule without AccessControlTranslation, and ignores it"] : [];
}

/** Whoever writes an object may ask for an S3 Bucket Key of its own. */
function assumedOfBucketKeys({ buckets }: Snapshot): string[] {
  const without = Object.values(buckets).some(
    (bucket) =>
      bucket.replication !== null &&
      bucket.encryption?.algorithm.startsWith("aws:kms") === true &&
      !mayUseBucketKeys(bucket),
  );
  return without
    ? ["objects of buckets without an S3 Bucket Key by default have none (their writers do not ask for one)"]
    : [];
}

/** What is taken to be so of accounts that nothing was read about: a sentence, or none. */
export function assumedOfAccounts(snapshot: Snapshot): string[] {
  const { accounts, buckets } = snapshot;
  const ids = [
    ...new Set([...Object.values(buckets).map(({ account }) => account), ...Object.keys(accounts)]),
  ].sort();
  const silent = (kind: "scps" | "rcps") => ids.filter((id) => accounts[id]?.[kind] === undefined);
  return (
    [
      ["scps", "service control policies"],
      ["rcps", "resource control policies"],
    ] as const
  ).flatMap(([kind, what]) => {
    const without = silent(kind);
    return without.length === 0
      ? []
      : [`no ${what} apply to ${without.join(", ")}, as none were read ('${kind}' of a snapshot says them)`];
  });
}
