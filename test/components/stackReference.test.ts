import { deepStrictEqual, match, strictEqual } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { ReplicationSourceArgs } from "../../src";
import { rehearse } from "../../src/rehearsal/rehearse";
import { MALFORMED, MALFORMED_KEYS, MISMATCHES } from "../support/contracts";
import { contract, destinationArgs, newDestination, newSource, sourceArgs } from "../support/pairs";
import { deployStacks, failStacks, type RunOptions } from "../support/program";

const STACK = "organization/s3-replication/destination";
const FROM = `stack '${STACK}'`;
const STACKS = [
  { name: "destination", config: {} },
  { name: "source", config: {} },
];

/** The destination's stack with these outputs, then the source's, which reads them. */
const program =
  (outputs: () => Record<string, unknown>, source: () => unknown = () => newSource(reading(sourceArgs()))) =>
  () => {
    if (pulumi.getStack() === "destination") return outputs();
    source();
    return {};
  };

/** The same source with its contract from the stack. */
function reading(args: ReplicationSourceArgs): ReplicationSourceArgs {
  return { ...args, destinations: { replicas: { stack: STACK } } };
}

/** How the run fails, in the first preview unless told otherwise. */
const failing = (
  outputs: Record<string, unknown>,
  args = sourceArgs(),
  options: RunOptions = { preview: true },
) =>
  failStacks(
    program(
      () => outputs,
      () => newSource(reading(args)),
    ),
    STACKS,
    options,
  );

describe("a contract that comes over a StackReference", () => {
  it("makes a pair that is proven", async () => {
    const made = await deployStacks(
      program(() => ({ contract: newDestination().contract })),
      STACKS,
    );
    strictEqual(rehearse(made.snapshot).verdict, "proven");
    deepStrictEqual(made.inputs("orders-replicas"), { name: STACK });
  });

  for (const [what, terms, args, expected] of MISMATCHES) {
    it(`stops the preview of a source that needs what is not granted: ${what}`, async () => {
      const { message, registered } = await failing({ contract: terms }, args);
      strictEqual(
        message,
        `ReplicationSource 'orders' does not fit the contract of ${FROM}: ${expected(FROM)}`,
      );
      deepStrictEqual(registered, ["orders", "orders-replicas"]);
    });
  }

  it("reports everything that does not fit together", async () => {
    const terms = { ...contract(), sources: [] };
    const { message } = await failing({ contract: terms }, sourceArgs({ objectLockEnabled: true }));
    const noRole = MISMATCHES.find(([what]) => what === "any role")?.[3](FROM);
    const noLock = MISMATCHES.find(([what]) => what === "Object Lock")?.[3](FROM);
    deepStrictEqual(message.split("\n"), [
      `ReplicationSource 'orders' does not fit the contract of ${FROM}: 2 mistakes`,
      `  - ${noLock}`,
      `  - ${noRole}`,
    ]);
  });

  for (const [what, change, expected] of MALFORMED) {
    it(`is refused with ${what}`, async () => {
      const { message } = await failing({ contract: { ...contract(), ...change } });
      strictEqual(message, `contract of ${FROM}: ${expected}`);
    });
  }

  for (const [what, keyArn, got] of MALFORMED_KEYS) {
    it(`is refused with ${what} for a key`, async () => {
      const { message } = await failing({ contract: { ...contract(), keyArn } });
      strictEqual(
        message,
        `contract of ${FROM}: 'keyArn' must be the key ARN of a KMS key in 'eu-central-1', the bucket's Region, got ${got}`,
      );
    });
  }

  for (const [what, outputs, got] of [
    ["exports no contract", {}, "none"],
    ["exports a text", { contract: "yes" }, "'yes'"],
    ["exports a list", { contract: [1] }, "[1]"],
    ["exports null", { contract: null }, "none"],
  ] as const) {
    it(`is asked for where the stack ${what}`, async () => {
      const { message } = await failing(outputs);
      strictEqual(
        message,
        `contract of ${FROM}: must be the 'contract' output of a ReplicationDestination, got ${got}; deploy the destination first (pulumi up), and check that its program exports 'contract'`,
      );
    });
  }

  it("comes from a stack that exists", async () => {
    const { message } = await failStacks(
      program(
        () => ({}),
        () => newSource(reading(sourceArgs())),
      ),
      STACKS.slice(1),
    );
    match(
      message,
      new RegExp(`^unknown stack "${STACK}": of project .* is read here; read the other one too`),
    );
  });

  it("is ignored in terms that a later release adds", async () => {
    const made = await deployStacks(
      program(() => {
        const { contract: terms } = newDestination(destinationArgs());
        return { contract: terms.apply((value) => ({ ...value, later: true })) };
      }),
      STACKS,
    );
    strictEqual(rehearse(made.snapshot).verdict, "proven");
  });

  it("can be read by several sources of one program, each in a URN of its own", async () => {
    const made = await deployStacks(
      program(
        () => ({
          contract: newDestination(
            destinationArgs({
              sources: [{ accountId: "111111111111" }, { accountId: "111111111111", roleName: "bills" }],
            }),
          ).contract,
        }),
        () => {
          newSource(reading(sourceArgs()));
          newSource(reading(sourceArgs({ bucketName: "bills", roleName: "bills" })), "bills");
        },
      ),
      STACKS,
    );
    const urns = made.registrations.map(({ urn }) => urn);
    deepStrictEqual(
      urns.filter((urn, index) => urns.indexOf(urn) !== index),
      [],
    );
  });
});
