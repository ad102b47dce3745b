/** The policy on the page of 'fleet' is what 'doctor' and 'status' take, without objects and without messages. */
import { deepStrictEqual } from "node:assert";
import { COMMAND_ACTIONS, type CommandRow } from "../../src/callers/commandActions";
import { unique } from "../../src/util/grouping";
import { page } from "./support/markdown";

/** A fleet looks at no object, lists none, and receives no message. */
const NOT_ASKED = [
  "s3:ListBucketVersions",
  "s3:GetObjectVersion",
  "s3:GetObjectVersionTagging",
  "sqs:GetQueueUrl",
  "sqs:ReceiveMessage",
  "sqs:ChangeMessageVisibility",
];

const actionsOf = (rows: readonly CommandRow[]) => rows.flatMap(({ actions }) => actions);

describe("the policy on the page of 'fleet'", () => {
  const { blocks, source } = page("docs/commands/fleet.md");
  const both = [...COMMAND_ACTIONS.doctor, ...COMMAND_ACTIONS.status];

  it("has what 'doctor' and 'status' take in an account, and the list of buckets", () => {
    const text = blocks.map((block) => block.text).find((each) => each.includes('"Statement"'));
    const { Statement } = JSON.parse(text ?? "{}") as { Statement: { Action: string[] }[] };
    const taken = actionsOf(both.filter(({ side }) => side !== "organization"));
    deepStrictEqual(
      Statement.flatMap(({ Action }) => Action).sort(),
      unique([...taken.filter((action) => !NOT_ASKED.includes(action)), "s3:ListAllMyBuckets"]).sort(),
    );
  });

  it("is followed by what reading the organization takes", () => {
    const taken = actionsOf(both.filter(({ side }) => side === "organization"));
    deepStrictEqual(
      [...taken, "organizations:ListAccounts"].filter((action) => !source.includes(`${action}`)),
      [],
    );
  });
});
