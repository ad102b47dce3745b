/** The replication that is compared: everything, to one bucket. */
export const RULES = {
  Role: "arn:aws:iam::111111111111:role/replication",
  Rules: [
    {
      ID: "all",
      Priority: 1,
      Status: "Enabled" as const,
      Filter: { Prefix: "" },
      DeleteMarkerReplication: { Status: "Disabled" as const },
      Destination: { Bucket: "arn:aws:s3:::copies" },
    },
  ],
};
