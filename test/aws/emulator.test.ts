import { strict as assert } from "node:assert";
import { AwsAccount } from "../../src/aws/account";
import { bucketRegion, replicationOf } from "../../src/aws/pair";
import { snapshotOf } from "../support/examples";
import { type Emulator, startEmulator } from "./support/emulator";
import { emulatorEnvironment, roleToEnter } from "./support/environment";
import { plant } from "./support/plant";

const SOURCE = "111111111111";
const DESTINATION = "222222222222";
const BUCKET = "article-regions-objects";
const REPLICAS = "article-regions-replicas";

describe("an account on AWS, over HTTP", () => {
  let emulator: Emulator;
  let account: AwsAccount;
  let destination: AwsAccount;

  before(async () => {
    emulator = await startEmulator();
    await plant(emulator.endpoint, await snapshotOf("kms-cross-region"));
    Object.assign(process.env, emulatorEnvironment(emulator.endpoint));
    account = await AwsAccount.open("source account", { roleArn: roleToEnter(SOURCE) });
    destination = await AwsAccount.open("destination account", { roleArn: roleToEnter(DESTINATION) });
  });

  after(async () => {
    account?.close();
    destination?.close();
    await emulator?.stop();
    for (const name of Object.keys(emulatorEnvironment(""))) delete process.env[name];
  });

  it("is entered by assuming a role, and says which account it is and who calls", () => {
    assert.equal(account.id, SOURCE);
    assert.match(account.callerArn, /assumed-role\/entrance\/s3-replication$/);
    assert.equal(account.partition, "aws");
  });

  it("says the Region of a bucket, whatever Region one asks in", async () => {
    assert.equal(await bucketRegion(destination, REPLICAS), "ap-southeast-2");
    assert.equal(await bucketRegion(account, BUCKET), "us-east-1");
  });

  it("says in one sentence that there is no such bucket", async () => {
    await assert.rejects(bucketRegion(account, "article-regions-nowhere"), {
      name: "AwsCallFailed",
      message: "there is no bucket 'article-regions-nowhere'; is its name spelt right?",
    });
  });

  it("reads a replication configuration in the form that the rehearsal understands", async () => {
    const configuration = await replicationOf(account, BUCKET, "us-east-1");
    assert.deepEqual(
      configuration?.Rules.map(({ ID, Status }) => ({ ID, Status })),
      [{ ID: "to-sydney", Status: "Enabled" }],
    );
    assert.equal(await replicationOf(destination, REPLICAS, "ap-southeast-2"), null);
  });
});
