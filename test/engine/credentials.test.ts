import assert from "node:assert/strict";
import { INSTALLED_PACK } from "./support/packed";
import { type EngineRun, Workspace } from "./support/workspace";

/** Both sides in one program, as the smallest example of README has it; the alarms reach nobody, which is warned of. */
const PAIR = `
const { Role } = require("@pulumi/aws/iam/role");
const { Provider } = require("@pulumi/aws/provider");
const { ReplicationDestination, ReplicationSource } = require("s3-replication");
const receiving = (more) => new Provider("receiving", { region: "eu-west-1", allowedAccountIds: ["222222222222"], ...more });
const sending = new Provider("sending", { region: "us-east-1", allowedAccountIds: ["111111111111"] });
const pair = (provider) => {
  const { contract } = new ReplicationDestination("archive", {
    accountId: "222222222222", region: "eu-west-1", bucketName: "acme-archive", sources: [{ accountId: "111111111111" }],
  }, { provider });
  new ReplicationSource("data", {
    accountId: "111111111111", region: "us-east-1", bucketName: "acme-data",
    destinations: { archive: { contract } }, rules: [{ id: "everything" }],
  }, { provider: sending });
};
`;

const PREVIEW = ["preview", "--stack", "pair"];
const UP = ["up", "--yes", "--skip-preview", "--stack", "pair"];

async function pairOf(program: string): Promise<Workspace> {
  const workspace = Workspace.ofProgram(`${PAIR}${program}`);
  await workspace.initialise("pair");
  return workspace;
}

function assertSaysOnce(run: EngineRun, message: RegExp): void {
  const errors = run.text.split("\n").filter((line) => /^ +error: /.test(line));
  assert.equal(errors.filter((line) => message.test(line)).length, 1, run.text);
  assert.doesNotMatch(run.text, /\n\s+at |unhandled|promises were still active/);
}

describe("the credentials of a provider", () => {
  for (const command of [PREVIEW, UP]) {
    it(`stop '${command[0]}' with a message where they are of another account, and nothing is made`, async () => {
      const workspace = await pairOf("pair(receiving());");
      const run = await workspace.fail(command, { credentialsOf: "999999999999" });
      assertSaysOnce(
        run,
        /provider of ReplicationDestination 'archive': its credentials must be valid, and those of account 222222222222; they cannot be checked: .*999999999999/,
      );
      assert.deepEqual(workspace.accounts.changes, []);
    });

    it(`stop '${command[0]}' with a message where they have expired, and nothing is made`, async () => {
      const workspace = await pairOf("pair(receiving());");
      const run = await workspace.fail(command, {
        fault: {
          at: ({ kind }) => kind === "invoke",
          when: "before",
          strike: () => {
            throw new Error("ExpiredToken: the security token has expired");
          },
        },
      });
      assertSaysOnce(
        run,
        /provider of Replication\w+ '\w+': its credentials must be valid, .*ExpiredToken: the security/,
      );
    });
  }

  it("are checked by the update where the settings of the provider are not known in the preview", async () => {
    const program = (pin: string) => `
const settings = { region: "eu-west-1", ${pin} };
const base = new Provider("base", settings);
const deployer = new Role("deployer", { name: "deployer", assumeRolePolicy: "{}" }, { provider: base });
pair(new Provider("later", { ...settings, assumeRoles: [{ roleArn: deployer.arn }] }));
`;
    const workspace = await pairOf(program('allowedAccountIds: ["222222222222"]'));
    await workspace.succeed(PREVIEW);
    const pack = ["--policy-pack", INSTALLED_PACK];
    const judged = await workspace.succeed([...PREVIEW, ...pack]);
    assert.match(judged.text, /not known until the update, so judged then: .*'archive-versioning'/);
    assert.doesNotMatch(judged.text, /\[mandatory\]/);
    await workspace.succeed([...UP, ...pack]);
    await workspace.succeed([...PREVIEW, "--expect-no-changes"]);

    const wrong = await pairOf(program(""));
    const run = await wrong.fail(UP, { credentialsOf: "999999999999" });
    assertSaysOnce(
      run,
      /ReplicationDestination 'archive': 'accountId' must be the account of the provider's/,
    );
  });
});
