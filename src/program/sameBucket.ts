/** Replication in both directions: a stack whose source sends out of the bucket that its destination receives into. */
import { show } from "../input/problems";
import { DEFAULTS } from "../replication/arguments/arguments";

/** A side of a stack as its configuration says it. */
export interface SideSettings<Provider> {
  readonly provider: Provider;
  readonly args: Record<string, unknown>;
}

/** Settings of a bucket, which a source out of the destination's bucket takes from there. */
const BUCKET_SETTINGS = [
  "accountId",
  "region",
  "bucketName",
  "bucketNamespace",
  "encryption",
  "objectLockEnabled",
  "defaultRetention",
  "noncurrentVersionExpirationDays",
  "inventory",
];

/** A mistake that is the destination's, found once more at the source. */
export function isOfSameBucket(problem: string): boolean {
  const settings = [...BUCKET_SETTINGS, "existingBucket.policy", "existingBucket.objectOwnership"];
  return settings.some((setting) => problem.startsWith(`'source.${setting}`));
}

/** A source out of the bucket that the destination of the same stack receives into: two-way replication. */
export function withSameBucket<Provider>(
  { provider, args }: SideSettings<Provider>,
  destination: SideSettings<Provider> | undefined,
  problems: string[],
): SideSettings<Provider> {
  const { sameBucket, ...own } = args;
  if (sameBucket !== true) {
    problems.push(`'source.sameBucket' must be true or left out, got ${show(sameBucket)}`);
  }
  if (destination === undefined) {
    problems.push(
      `'source.sameBucket' must be left out in a stack without 's3-replication:destination', whose bucket it means, got ${show(sameBucket)}; name the bucket with 'bucketName' instead`,
    );
  }
  for (const setting of BUCKET_SETTINGS.filter((name) => own[name] !== undefined)) {
    problems.push(
      `'source.${setting}' must be left out with 'sameBucket: true', got ${show(own[setting])}: the bucket is that of 'destination'`,
    );
  }
  const { accountId, region, bucketName, encryption, objectLockEnabled, existingBucket } =
    destination?.args ?? {};
  return {
    provider: { ...destination?.provider, ...provider },
    args: {
      ...own,
      accountId,
      region,
      bucketName,
      encryption,
      ...(objectLockEnabled === undefined ? {} : { objectLockEnabled }),
      // A bucket that the destination makes notifies nobody.
      existingBucket: {
        ...(existingBucket ?? { objectOwnership: DEFAULTS.objectOwnership, notification: {} }),
        ...(own.existingBucket as object | undefined),
      },
    },
  };
}
