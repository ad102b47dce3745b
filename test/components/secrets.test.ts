import { deepStrictEqual, strictEqual } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { contract, deploySource, newSource, sourceArgs } from "../support/pairs";
import { type Deployment, deployStacks } from "../support/program";
import { Recorder, SECRET_MARK } from "../support/recorder";

/** Which properties of which resources reach the engine as secrets. */
function secretProperties(made: Pick<Deployment, "registrations">): string[] {
  return made.registrations
    .filter(({ type }) => type.startsWith("aws:"))
    .flatMap(({ name, inputs }) =>
      Object.entries(inputs)
        .filter(([, value]) => JSON.stringify(value).includes(SECRET_MARK))
        .map(([property]) => `${name}.${property}`),
    )
    .sort();
}

/** All that is made of a contract's plain terms: of the destination's bucket, account and Region. */
const KNOWN_IN_A_PREVIEW = [
  "orders-failed-operations-alarm.metricQueries",
  "orders-latency-alarm.metricQueries",
  "orders-pending-bytes-alarm.metricQueries",
  "orders-replication.rules",
  "orders-role-s3.policy",
];

/** With the policy about keys, which in a preview is unknown as the source's own key is. */
const MADE_OF_THE_CONTRACT = [...KNOWN_IN_A_PREVIEW, "orders-role-kms.policy"].sort();

const OUTPUTS = () => {
  const { destinationBuckets, roleArn, bucketArn } = newSource(
    sourceArgs({ destinations: { replicas: { contract: pulumi.secret(contract()) } } }),
  );
  return { destinationBuckets, roleArn, bucketArn };
};

describe("a contract that is secret", () => {
  it("stays secret in everything that is made of it, and makes nothing else secret", async () => {
    deepStrictEqual(secretProperties(await deploySource(OUTPUTS)), MADE_OF_THE_CONTRACT);
  });

  it("stays secret in a preview, in everything that is known then", async () => {
    deepStrictEqual(secretProperties(await deploySource(OUTPUTS, { preview: true })), KNOWN_IN_A_PREVIEW);
  });

  it("stays secret in the outputs that say it", async () => {
    const secretness: Record<string, boolean> = {};
    await deploySource(async () => {
      for (const [name, output] of Object.entries(OUTPUTS())) {
        secretness[name] = await pulumi.isSecret(output as pulumi.Output<unknown>);
      }
    });
    deepStrictEqual(secretness, { destinationBuckets: true, roleArn: false, bucketArn: false });
  });

  it("stays secret where only its key is", async () => {
    const made = await deploySource(() => {
      const terms = { ...contract(), keyArn: pulumi.secret(contract().keyArn) as pulumi.Output<string> };
      newSource(sourceArgs({ destinations: { replicas: { contract: terms } } }));
    });
    deepStrictEqual(secretProperties(made), MADE_OF_THE_CONTRACT);
  });

  it("stays secret over a StackReference", async () => {
    const stacks = ["destination", "source"].map((name) => ({ name, config: {} }));
    const restore = Recorder.markSecretOutputs(["contract"]);
    try {
      const made = await deployStacks(
        () => {
          if (pulumi.getStack() === "destination") return { contract: contract() };
          newSource(
            sourceArgs({ destinations: { replicas: { stack: "organization/s3-replication/destination" } } }),
          );
          return {};
        },
        stacks,
        { preview: true },
      );
      deepStrictEqual(secretProperties(made), KNOWN_IN_A_PREVIEW);
    } finally {
      restore();
    }
  });

  it("is told apart from one that is not", async () => {
    deepStrictEqual(secretProperties(await deploySource(() => void newSource())), []);
  });
});

describe("a key that is secret", () => {
  it("stays secret in the bucket's encryption and in the role's policy", async () => {
    const keyArn = pulumi.secret(
      "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012",
    );
    const made = await deploySource(() => void newSource(sourceArgs({ encryption: { keyArn } })));
    deepStrictEqual(secretProperties(made), ["orders-encryption.rules", "orders-role-kms.policy"]);
    strictEqual(made.registrations.length > 0, true);
  });
});
