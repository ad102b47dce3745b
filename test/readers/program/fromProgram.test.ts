import { deepStrictEqual, match, strictEqual } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { getBillingServiceAccountOutput } from "@pulumi/aws/getBillingServiceAccount";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { runProgram } from "../../../src/readers/program/fromProgram";
import { newPair } from "../../support/pairs";
import { accountProvider, deploy, fail, failStacks } from "../../support/program";

const opts = () => ({ provider: accountProvider("111111111111") });
const options = { project: "s3-replication" };
const stack = (name: string, config: Record<string, unknown> = {}, secretKeys: string[] = []) => ({
  name,
  config,
  secretKeys,
});

describe("a program that is run in this process", () => {
  it("says which stack begins, in their order", async () => {
    const begun: string[] = [];
    await runProgram(() => ({}), [stack("a"), stack("b")], {
      ...options,
      onStack: (name) => begun.push(name),
    });
    deepStrictEqual(begun, ["a", "b"]);
  });

  it("gives its outputs with every Output resolved, and secrets as what they are", async () => {
    const { stacks } = await runProgram(
      () => ({ plain: 1, output: pulumi.output({ a: [pulumi.output("x")] }), secret: pulumi.secret("s") }),
      [stack("a")],
      options,
    );
    deepStrictEqual(stacks[0]?.outputs, { plain: 1, output: { a: ["x"] }, secret: "s" });
  });

  it("reads its configuration, also what is secret", async () => {
    const { stacks } = await runProgram(
      () => {
        const config = new pulumi.Config("ns");
        return {
          text: config.require("text"),
          list: config.requireObject("list"),
          token: config.requireSecret("token"),
        };
      },
      [stack("a", { "ns:text": "x", "ns:list": [1], "ns:token": "t" }, ["ns:token"])],
      options,
    );
    deepStrictEqual(stacks[0]?.outputs, { text: "x", list: [1], token: "t" });
  });

  it("keeps the configuration of one stack from the next", async () => {
    const { stacks } = await runProgram(
      () => ({ x: new pulumi.Config("ns").get("x") ?? "none" }),
      [stack("a", { "ns:x": "1" }), stack("b")],
      options,
    );
    deepStrictEqual(
      stacks.map(({ outputs }) => outputs.x),
      ["1", "none"],
    );
  });

  it("keeps secrets out of the snapshot's shape: a secret name is a name there", async () => {
    const { snapshot } = await runProgram(
      () => void new Bucket("b", { bucket: pulumi.secret("hidden") }, opts()),
      [stack("a")],
      options,
    );
    deepStrictEqual(Object.keys(snapshot.buckets), ["arn:aws:s3:::hidden"]);
  });

  it("makes nothing in a preview", async () => {
    const made = await deploy(() => void newPair(), { preview: true });
    deepStrictEqual(made.snapshot, { accounts: {}, buckets: {}, keys: {} });
    strictEqual(made.registrations.length > 15, true);
  });

  it("answers a reference to an earlier stack, however it is named", async () => {
    for (const name of ["first", "s3-replication/first", "organization/s3-replication/first"]) {
      const { stacks } = await runProgram(
        () =>
          pulumi.getStack() === "first"
            ? { a: 1 }
            : { read: new pulumi.StackReference(name).getOutput("a") as pulumi.Output<unknown> },
        [stack("first"), stack("second")],
        options,
      );
      strictEqual(stacks[1]?.outputs.read, 1, name);
    }
  });

  it("does not answer a reference to a later stack", async () => {
    const { message } = await fail(() => void new pulumi.StackReference("organization/s3-replication/later"));
    match(
      message,
      /^unknown stack "organization\/s3-replication\/later": of project 's3-replication' '.+' is read here; read/,
    );
  });

  it("belongs to an account by default only where that is said", async () => {
    const program = () => void new Bucket("b", { bucket: "mine" });
    const { snapshot } = await runProgram(program, [stack("a")], {
      ...options,
      defaultAccountId: "444444444444",
    });
    strictEqual(snapshot.buckets["arn:aws:s3:::mine"]?.account, "444444444444");
    match((await fail(program)).message, /has no provider with allowedAccountIds/);
  });
});

describe("a program that fails in this process", () => {
  it("ends with the error that it throws itself", async () => {
    const { message } = await fail(() => {
      throw new Error("of its own");
    });
    strictEqual(message, "of its own");
  });

  it("ends with an error that only an Output shows, which nobody awaits", async () => {
    const { message } = await fail(() => {
      pulumi.output(1).apply(() => {
        throw new Error("in an apply");
      });
    });
    strictEqual(message, "in an apply");
  });

  it("ends with what AWS refuses, although nobody awaits the resource", async () => {
    const { message } = await fail(() => {
      const options = opts();
      new Bucket("a", { bucket: "same" }, options);
      new Bucket("b", { bucket: "same" }, options);
    });
    match(
      message,
      /^stack '[^']+', aws:s3\/bucket:Bucket 'b': BucketAlreadyOwnedByYou: .*; stack '[^']+' has it as 'a': give one of them another name$/,
    );
  });

  it("ends with a call that nobody answers", async () => {
    const { message } = await fail(() => void getBillingServiceAccountOutput({}, opts()));
    match(
      message,
      /the accounts in memory do not answer aws:index\/getBillingServiceAccount:getBillingServiceAccount/,
    );
  });

  it("leaves nothing behind for the next one", async () => {
    await fail(() => {
      newPair({}, { roleName: "unknown" });
    });
    const made = await deploy(() => void new Bucket("only", { bucket: "only" }, opts()));
    deepStrictEqual(
      made.registrations.map(({ name }) => name),
      ["111111111111", "only"],
    );
    deepStrictEqual(Object.keys(made.snapshot.buckets), ["arn:aws:s3:::only"]);
  });

  it("runs no stack after the one that failed", async () => {
    const begun: string[] = [];
    const { message } = await failStacks(() => {
      begun.push(pulumi.getStack());
      throw new Error("no");
    }, [stack("a"), stack("b")]);
    deepStrictEqual([message, begun], ["no", ["a"]]);
  });
});
