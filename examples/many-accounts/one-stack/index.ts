import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Provider, Region } from "@pulumi/aws";
import { ReplicationDestination, ReplicationSource } from "s3-replication";

interface Account {
  readonly name: string;
  readonly accountId: string;
  readonly region: Region;
}

const accounts = JSON.parse(readFileSync(join(__dirname, "accounts.json"), "utf8")) as Account[];
const home = { accountId: "333333333333", region: "eu-west-1" as Region };

const providerOf = (name: string, { accountId, region }: Omit<Account, "name">) =>
  new Provider(name, { region, allowedAccountIds: [accountId] });

const archive = new ReplicationDestination(
  "archive",
  {
    ...home,
    bucketName: "acme-log-archive",
    sources: accounts.map(({ accountId }) => ({ accountId })),
  },
  { provider: providerOf("archive", home) },
);

for (const account of accounts) {
  const { name, accountId, region } = account;
  new ReplicationSource(
    name,
    {
      accountId,
      region,
      bucketName: `acme-${name}-logs`,
      destinations: { archive: { contract: archive.contract } },
      rules: [{ id: name, prefix: `${name}/` }],
    },
    { provider: providerOf(name, account) },
  );
}
