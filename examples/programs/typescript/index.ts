import { Provider } from "@pulumi/aws";
import { ReplicationDestination, ReplicationSource } from "s3-replication";

const receiving = new Provider("receiving", { region: "eu-west-1", allowedAccountIds: ["222222222222"] });
const sending = new Provider("sending", { region: "us-east-1", allowedAccountIds: ["111111111111"] });

const archive = new ReplicationDestination(
  "archive",
  {
    accountId: "222222222222",
    region: "eu-west-1",
    bucketName: "acme-archive",
    sources: [{ accountId: "111111111111" }],
  },
  { provider: receiving },
);

const data = new ReplicationSource(
  "data",
  {
    accountId: "111111111111",
    region: "us-east-1",
    bucketName: "acme-data",
    destinations: { archive: { contract: archive.contract } },
    rules: [{ id: "everything" }],
  },
  { provider: sending },
);

export const { roleArn, failureQueueUrl } = data;
