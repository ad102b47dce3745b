/** A destination for an organization, a source in it, and a watch over a bucket of others, from several languages. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rehearse } from "../../src/rehearsal/rehearse";
import { PROGRAMS, startOf } from "../support/programs";
import { BUCKET_POLICY } from "./provider/resourceTypes";
import { bucketByHand } from "./support/handMade";
import { missingFor, WITH_DOWNLOADS_MS } from "./support/packed";
import { Workspace } from "./support/workspace";

const TYPESCRIPT = `
import { Provider } from "@pulumi/aws";
import { ReplicationDestination, ReplicationSource, ReplicationWatch } from "s3-replication";

const receiving = new Provider("receiving", { region: "eu-west-1", allowedAccountIds: ["222222222222"] });
const sending = new Provider("sending", { region: "us-east-1", allowedAccountIds: ["111111111111"] });
const organizationId = "o-a1b2c3d4e5";
const paths = ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"];
const archive = new ReplicationDestination(
  "archive",
  {
    accountId: "222222222222",
    region: "eu-west-1",
    bucketName: "acme-archive",
    sources: [{ organizationId, paths, roleName: "log-archive", rolePath: "/replication/", prefixPerAccount: true }],
  },
  { provider: receiving },
);
new ReplicationSource(
  "data",
  {
    accountId: "111111111111",
    region: "us-east-1",
    bucketName: "acme-data",
    organizationId,
    organizationPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
    roleName: "log-archive",
    rolePath: "/replication/",
    destinations: { archive: { contract: archive.contract } },
    rules: [{ id: "everything", prefix: "111111111111/" }],
  },
  { provider: sending },
);
const watch = new ReplicationWatch(
  "watch",
  {
    accountId: "111111111111",
    region: "us-east-1",
    bucketName: "by-hand",
    rules: [{ id: "theirs", destinationBucketArn: "arn:aws:s3:::somewhere-else" }],
    notification: {},
    monitoring: { alarmTopicArns: ["arn:aws:sns:us-east-1:111111111111:on-call"] },
  },
  { provider: sending },
);
export const { ruleIds, failureQueueUrl } = watch;
`;

const PYTHON = `
import pulumi
import pulumi_aws as aws
from pulumi_s3_replication import ReplicationDestination, ReplicationSource, ReplicationWatch

receiving = aws.Provider("receiving", region="eu-west-1", allowed_account_ids=["222222222222"])
sending = aws.Provider("sending", region="us-east-1", allowed_account_ids=["111111111111"])
archive = ReplicationDestination(
    "archive",
    account_id="222222222222",
    region="eu-west-1",
    bucket_name="acme-archive",
    sources=[{
        "organization_id": "o-a1b2c3d4e5",
        "paths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"],
        "role_name": "log-archive",
        "role_path": "/replication/",
        "prefix_per_account": True,
    }],
    opts=pulumi.ResourceOptions(providers=[receiving]),
)
data = ReplicationSource(
    "data",
    account_id="111111111111",
    region="us-east-1",
    bucket_name="acme-data",
    organization_id="o-a1b2c3d4e5",
    organization_path="o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
    role_name="log-archive",
    role_path="/replication/",
    destinations={"archive": {"contract": archive.contract}},
    rules=[{"id": "everything", "prefix": "111111111111/"}],
    opts=pulumi.ResourceOptions(providers=[sending]),
)
watch = ReplicationWatch(
    "watch",
    account_id="111111111111",
    region="us-east-1",
    bucket_name="by-hand",
    rules=[{"id": "theirs", "destination_bucket_arn": "arn:aws:s3:::somewhere-else"}],
    notification={},
    monitoring={"alarm_topic_arns": ["arn:aws:sns:us-east-1:111111111111:on-call"]},
    opts=pulumi.ResourceOptions(providers=[sending]),
)
pulumi.export("ruleIds", watch.rule_ids)
pulumi.export("failureQueueUrl", watch.failure_queue_url)
`;

const YAML = `
name: replication
runtime: yaml
resources:
  receiving:
    type: pulumi:providers:aws
    properties: { region: eu-west-1, allowedAccountIds: ["222222222222"] }
  sending:
    type: pulumi:providers:aws
    properties: { region: us-east-1, allowedAccountIds: ["111111111111"] }
  archive:
    type: s3-replication:ReplicationDestination
    properties:
      accountId: "222222222222"
      region: eu-west-1
      bucketName: acme-archive
      sources:
        - organizationId: o-a1b2c3d4e5
          paths: [o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*]
          roleName: log-archive
          rolePath: /replication/
          prefixPerAccount: true
    options: { providers: ["\${receiving}"] }
  data:
    type: s3-replication:ReplicationSource
    properties:
      accountId: "111111111111"
      region: us-east-1
      bucketName: acme-data
      organizationId: o-a1b2c3d4e5
      organizationPath: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/
      roleName: log-archive
      rolePath: /replication/
      destinations: { archive: { contract: "\${archive.contract}" } }
      rules: [{ id: everything, prefix: 111111111111/ }]
    options: { providers: ["\${sending}"] }
  watch:
    type: s3-replication:ReplicationWatch
    properties:
      accountId: "111111111111"
      region: us-east-1
      bucketName: by-hand
      rules: [{ id: theirs, destinationBucketArn: "arn:aws:s3:::somewhere-else" }]
      notification: {}
      monitoring: { alarmTopicArns: ["arn:aws:sns:us-east-1:111111111111:on-call"] }
    options: { providers: ["\${sending}"] }
outputs:
  ruleIds: \${watch.ruleIds}
  failureQueueUrl: \${watch.failureQueueUrl}
`;

const CONSUMERS = [
  { language: "typescript", host: "nodejs", file: "index.ts", program: TYPESCRIPT },
  { language: "python", host: "python", file: "__main__.py", program: PYTHON },
  { language: "yaml", host: "yaml", file: "Pulumi.yaml", program: YAML },
] as const;

describe("an organization's archive and a watch, in a project with the package as it is published", function () {
  this.timeout(WITH_DOWNLOADS_MS);

  for (const { language, host, file, program } of CONSUMERS) {
    const missing = missingFor(host);
    if (missing !== undefined) {
      it(`in ${language}: skipped, there is no '${missing}' on PATH`);
      continue;
    }
    describe(`in ${language}`, () => {
      let workspace: Workspace;

      it("are deployed by one update, and leave nothing to do for a second one", async () => {
        workspace = Workspace.ofProject(join(PROGRAMS, language));
        bucketByHand(workspace, { accountId: "111111111111", region: "us-east-1", bucketName: "by-hand" });
        workspace.write(file, program);
        for (const command of startOf(language)) await workspace.shell(command);
        await workspace.succeed(["preview", "--expect-no-changes", "--stack", "pair"]);
        assert.deepEqual(await workspace.outputs("pair"), {
          ruleIds: ["theirs"],
          failureQueueUrl: "https://sqs.us-east-1.amazonaws.com/111111111111/by-hand-failures",
        });
      });

      it("let the organization's roles in by one statement, each below its own id", () => {
        const [policy] = workspace.accounts.things.filter(
          ({ type, inputs }) => type === BUCKET_POLICY && inputs.bucket === "acme-archive",
        );
        const { Statement } = JSON.parse(String(policy?.inputs.policy)) as { Statement: object[] };
        assert.deepEqual(Statement.slice(1), [
          {
            Sid: "ReplicateFromOrganization",
            Effect: "Allow",
            Principal: { AWS: "*" },
            Action: ["s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
            Resource: "arn:aws:s3:::acme-archive/${aws:PrincipalAccount}/*",
            Condition: {
              StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
              "ForAnyValue:StringLike": {
                "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*",
              },
              ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/replication/log-archive" },
            },
          },
        ]);
      });

      it("are proven for the account inside, and broken for it outside", () => {
        const { snapshot } = workspace.accounts.copy();
        const account = snapshot.accounts["111111111111"];
        assert.ok(account);
        account.organizationId = "o-a1b2c3d4e5";
        account.organizationPath = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/";
        assert.equal(rehearse(snapshot).verdict, "proven");
        account.organizationId = "o-zzzzzzzzzz";
        account.organizationPath = "o-zzzzzzzzzz/r-zz99/";
        assert.equal(rehearse(snapshot).verdict, "broken");
      });

      it("are refused in the preview where the source says that it is in another organization", async () => {
        const path = join(workspace.directory, file);
        const elsewhere = readFileSync(path, "utf8").replace(
          /o-a1b2c3d4e5\/r-ab12\/ou-ab12-11111111\/(?!\*)/,
          "o-a1b2c3d4e5/r-ab12/",
        );
        workspace.write(file, elsewhere);
        const run = await workspace.fail(["preview", "--stack", "pair"]);
        assert.match(
          run.text,
          /does not fit the contract of destination 'archive': the destination does not grant anything to this source's role arn:aws:iam::111111111111:role\/replication\/log-archive of organization 'o-a1b2c3d4e5\/r-ab12\/'/,
        );
        assert.doesNotMatch(run.text, /\n\s+at /);
      });
    });
  }
});
