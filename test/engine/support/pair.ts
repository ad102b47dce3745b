/** A pair of accounts, as the configuration of the ready-made program says it. */

export const SOURCE_ACCOUNT = "111111111111";
export const DESTINATION_ACCOUNT = "222222222222";
export const SOURCE_BUCKET = "arn:aws:s3:::acme-data";
export const DESTINATION_BUCKET = "arn:aws:s3:::acme-archive";
export const DESTINATION_STACK = "organization/s3-replication/destination";

export type Settings = Readonly<Record<string, unknown>>;

export function destinationSettings(changes: Settings = {}): Settings {
  return {
    accountId: DESTINATION_ACCOUNT,
    region: "eu-west-1",
    bucketName: "acme-archive",
    sources: [{ accountId: SOURCE_ACCOUNT, deleteMarkerReplication: true }],
    ...changes,
  };
}

export function sourceSettings(changes: Settings = {}): Settings {
  return {
    accountId: SOURCE_ACCOUNT,
    region: "us-east-1",
    bucketName: "acme-data",
    destinations: { archive: { stack: DESTINATION_STACK } },
    rules: [
      { id: "documents", prefix: "documents/", deleteMarkerReplication: true },
      { id: "everything-else" },
    ],
    ...changes,
  };
}

/** Both sides in one stack. */
export function bothSides(destination: Settings = {}, source: Settings = {}): Settings {
  return {
    destination: destinationSettings(destination),
    source: sourceSettings({ destinations: { archive: { sameStack: true } }, ...source }),
  };
}
