import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Provider, Region } from "@pulumi/aws";
import { getOrganization, getProject, getStack } from "@pulumi/pulumi";
import { ReplicationDestination, ReplicationSource } from "s3-replication";

interface Account {
  readonly name: string;
  readonly accountId: string;
  readonly region: Region;
}

const accounts = JSON.parse(readFileSync(join(__dirname, "accounts.json"), "utf8")) as Account[];
const home = { accountId: "333333333333", region: "eu-west-1" as Region };

const providerOf = ({ accountId, region }: Omit<Account, "name">) =>
  new Provider("account", { region, allowedAccountIds: [accountId] });

function deployArchive() {
  const { contract } = new ReplicationDestination(
    "archive",
    {
      ...home,
      bucketName: "acme-log-archive",
      sources: accounts.map(({ accountId }) => ({ accountId })),
    },
    { provider: providerOf(home) },
  );
  return { contract };
}

function deploySource(account: Account) {
  const { name, accountId, region } = account;
  const { bucketName, roleArn } = new ReplicationSource(
    name,
    {
      accountId,
      region,
      bucketName: `acme-${name}-logs`,
      destinations: { archive: { stack: `${getOrganization()}/${getProject()}/archive` } },
      rules: [{ id: name, prefix: `${name}/` }],
    },
    { provider: providerOf(account) },
  );
  return { bucketName, roleArn };
}

/** The stack's name says what it is: `archive`, or the name of an account. */
export = async () => {
  const stack = getStack();
  if (stack === "archive") return deployArchive();
  const account = accounts.find(({ name }) => name === stack);
  if (account === undefined) throw new Error(`accounts.json has no account of the name '${stack}'`);
  return deploySource(account);
};
