import { deepStrictEqual, match, strictEqual } from "node:assert";
import { rehearse } from "../../src/rehearsal/rehearse";
import { destinationArgs, newDestination, newPair, newSource, sourceArgs } from "../support/pairs";
import { deploy, type Deployment, type StatementJson } from "../support/program";
import { UNKNOWN } from "../support/recorder";

/** Regions of other partitions, with what changes in them. */
const PARTITIONS = [
  ["aws-cn", "cn-north-1", "cn-northwest-1", "s3.cn-northwest-1.amazonaws.com.cn"],
  ["aws-us-gov", "us-gov-west-1", "us-gov-east-1", "s3.us-gov-east-1.amazonaws.com"],
] as const;

const allStatements = (made: Deployment): StatementJson[] =>
  [
    "archive-policy",
    "archive-key",
    "orders-policy",
    "orders-key",
    "orders-role-s3",
    "orders-role-kms",
  ].flatMap((name) => made.document(name).Statement);

describe("a pair in another partition", () => {
  for (const [partition, sourceRegion, destinationRegion, viaService] of PARTITIONS) {
    describe(partition, () => {
      let made: Deployment;
      before(async () => {
        made = await deploy(() => void newPair({ region: destinationRegion }, { region: sourceRegion }));
      });

      it("names nothing outside the partition", () => {
        const arns = JSON.stringify(made.registrations.map(({ inputs }) => inputs)).match(/arn:[\w-]+:/g);
        deepStrictEqual([...new Set(arns)], [`arn:${partition}:`]);
      });

      it("uses keys through the partition's own endpoint of S3", () => {
        const statement = made
          .document("orders-role-kms")
          .Statement.find(({ Sid }) => Sid === "EncryptReplicas");
        deepStrictEqual(statement?.Condition?.StringEquals, { "kms:ViaService": viaService });
        const [, key] = made.document("archive-key").Statement;
        strictEqual(key?.Condition?.StringEquals?.["kms:ViaService"], viaService);
      });

      it("is proven", () => {
        strictEqual(rehearse(made.snapshot).verdict, "proven");
      });
    });
  }
});

describe("both sides in one program", () => {
  it("are proven, each in its own account", async () => {
    const made = await deploy(() => void newPair());
    const report = rehearse(made.snapshot);
    strictEqual(report.verdict, "proven");
    deepStrictEqual(
      Object.entries(made.snapshot.buckets).map(([arn, { account }]) => [arn, account]),
      [
        ["arn:aws:s3:::orders-replicas", "222222222222"],
        ["arn:aws:s3:::orders", "111111111111"],
      ],
    );
  });

  it("know everything but the keys in the first preview", async () => {
    const made = await deploy(() => void newPair(), { preview: true });
    const known = ["archive-policy", "archive-key", "orders-policy", "orders-key", "orders-role-s3"];
    for (const name of known) match(String(made.inputs(name).policy), /^\{"Version"/, name);
    strictEqual(made.inputs("orders-role-kms").policy, UNKNOWN);
    const [rule] = made.inputs("orders-replication").rules as PreviewRule[];
    strictEqual(rule?.destination.bucket, "arn:aws:s3:::orders-replicas");
    strictEqual(rule.destination.encryptionConfiguration.replicaKmsKeyId, UNKNOWN);
  });

  it("grant nothing with a wildcard, but kms:* to the account of each key", async () => {
    const made = await deploy(() => void newPair());
    const wild = allStatements(made).filter(({ Effect, Action, Principal }) => {
      const actions = [Action].flat();
      return Effect === "Allow" && (actions.some((action) => action.includes("*")) || Principal === "*");
    });
    deepStrictEqual(
      wild.map(({ Sid, Action }) => [Sid, Action]),
      [
        ["AdministerKey", "kms:*"],
        ["AdministerKey", "kms:*"],
      ],
    );
  });
});

describe("several pairs in one program", () => {
  it("fan in: two sources, one destination", async () => {
    const made = await deploy(() => {
      const { contract } = newDestination(
        destinationArgs({ sources: [{ accountId: "111111111111" }, { accountId: "333333333333" }] }),
      );
      const destinations = { replicas: { contract } };
      newSource(sourceArgs({ destinations }), "orders");
      newSource(
        sourceArgs({ destinations, accountId: "333333333333", region: "us-east-1", bucketName: "bills" }),
        "bills",
      );
    });
    const { verdict, objects } = rehearse(made.snapshot);
    strictEqual(verdict, "proven");
    deepStrictEqual(
      [...new Set(objects.map(({ bucket }) => bucket))],
      ["arn:aws:s3:::orders", "arn:aws:s3:::bills"],
    );
  });

  it("fan out: one source, two destinations, each with a key and a Region of its own", async () => {
    const made = await deploy(() => {
      const near = newDestination(destinationArgs({ bucketName: "near" }), "near");
      const far = newDestination(
        destinationArgs({ bucketName: "far", region: "us-west-2", accountId: "333333333333" }),
        "far",
      );
      newSource(
        sourceArgs({
          destinations: { near: { contract: near.contract }, far: { contract: far.contract } },
          rules: [
            { id: "all", destination: "near" },
            { id: "some", destination: "far", prefix: "some/" },
          ],
        }),
      );
    });
    const { verdict, objects } = rehearse(made.snapshot);
    strictEqual(verdict, "proven");
    const both = objects.filter(({ key }) => key === "some/kms");
    deepStrictEqual(
      both.map(({ destination, replica }) => [destination, replica?.owner, replica?.encryption.keyArn]),
      [
        ["arn:aws:s3:::near", "222222222222", keyIn(made, "eu-central-1")],
        ["arn:aws:s3:::far", "333333333333", keyIn(made, "us-west-2")],
      ],
    );
    const encrypt = made
      .document("orders-role-kms")
      .Statement.filter(({ Sid }) => Sid.startsWith("EncryptReplicas"));
    deepStrictEqual(
      encrypt.map(({ Resource, Condition }) => [Resource, Condition?.StringEquals?.["kms:ViaService"]]),
      [
        [keyIn(made, "eu-central-1"), "s3.eu-central-1.amazonaws.com"],
        [keyIn(made, "us-west-2"), "s3.us-west-2.amazonaws.com"],
      ],
    );
  });

  it("stand beside each other without touching", async () => {
    const made = await deploy(() => {
      for (const name of ["a", "b"]) {
        const { contract } = newDestination(
          destinationArgs({
            bucketName: `${name}-replicas`,
            sources: [{ accountId: "111111111111", roleName: `${name}-role` }],
          }),
          `${name}-archive`,
        );
        newSource(
          sourceArgs({
            bucketName: `${name}-orders`,
            roleName: `${name}-role`,
            destinations: { replicas: { contract } },
          }),
          `${name}-orders`,
        );
      }
    });
    strictEqual(rehearse(made.snapshot).verdict, "proven");
    strictEqual(Object.keys(made.snapshot.buckets).length, 4);
    const ofA = JSON.stringify(made.document("a-orders-role-s3"));
    strictEqual(ofA.includes("b-"), false, ofA);
  });
});

interface PreviewRule {
  destination: { bucket: string; encryptionConfiguration: { replicaKmsKeyId: string } };
}

function keyIn(made: Deployment, region: string): string | undefined {
  return Object.keys(made.snapshot.keys).find((arn) => arn.includes(`:${region}:`));
}
