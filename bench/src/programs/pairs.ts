/** What the N pairs of every contender are called, so that all of them build the same. */
export const SOURCE = { accountId: "111111111111", region: "us-east-1" } as const;
export const DESTINATION = { accountId: "222222222222", region: "eu-west-1" } as const;

/** Whom the alarms notify. */
export const ALARM_TOPIC = "arn:aws:sns:us-east-1:111111111111:alarms";

export interface Pair {
  /** Name of the source component, and how the names of its resources begin. */
  readonly source: string;
  readonly destination: string;
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly roleName: string;
}

export function pairs(count: number): Pair[] {
  return Array.from({ length: count }, (_, index) => ({
    source: `data-${index}`,
    destination: `archive-${index}`,
    sourceBucket: `acme-data-${index}`,
    destinationBucket: `acme-archive-${index}`,
    roleName: `s3-replication-${index}`,
  }));
}
