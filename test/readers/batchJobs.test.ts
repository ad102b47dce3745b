import { deepStrictEqual, strictEqual } from "node:assert";
import { rehearse } from "../../src/rehearsal/rehearse";
import { BATCH_KIND } from "../../src/rehearsal/batch";
import { batchRolePolicy, batchTrustPolicy } from "../../src/replication/batch/policies";
import type { Snapshot } from "../../src/snapshot/snapshot";
import {
  bucket,
  find,
  type NewResource,
  previewOf,
  read,
  readPreview,
  SECRET,
  state,
  stateOf,
  type WrittenState,
} from "./support";

const ROLE = "arn:aws:iam::111111111111:role/service/orders-replication-batch";
const JOB = {
  role: ROLE,
  reportBucket: "arn:aws:s3:::northwind-desk",
  reportPrefix: "batch-replication/reports",
};

/** The stack of the source with a component that makes the role of jobs. */
function withBatchRole(policy: object): WrittenState {
  const written = state("orders");
  const add = ({ type, name, ...more }: NewResource) => {
    const provider = written.deployment.resources.find(
      (each) => each.type === "aws:s3/bucket:Bucket",
    )?.provider;
    const [resource] = stateOf({ type, name, ...more }).deployment.resources.slice(1);
    written.deployment.resources.push({
      ...resource!,
      ...(type.startsWith("aws:") ? { provider } : { provider: undefined }),
    });
  };
  add({ type: "aws:s3/bucket:Bucket", id: "northwind-desk", inputs: { bucket: "northwind-desk" } });
  add({
    type: "aws:iam/role:Role",
    name: "batch",
    inputs: {
      name: "orders-replication-batch",
      path: "/service/",
      assumeRolePolicy: JSON.stringify(batchTrustPolicy()),
    },
  });
  add({
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "batch",
    inputs: { role: "orders-replication-batch", policy: JSON.stringify(policy) },
  });
  add({
    type: "s3-replication:index:ReplicationSource",
    name: "orders",
    inputs: {
      accountId: "111111111111",
      region: "us-east-1",
      bucketName: "northwind-orders",
      roleName: "orders-replication",
      rolePath: "/service/",
      batchReplication: { reportBucketName: "northwind-desk" },
    },
  });
  return written;
}

const WHOLE = batchRolePolicy(JOB, "arn:aws:s3:::northwind-orders", [""]);
const jobs = (snapshot: Snapshot) =>
  rehearse(snapshot).objects.flatMap(({ kind, outcome }) => (kind === BATCH_KIND ? [outcome] : []));

describe("the role of Batch Replication jobs that a source component made", () => {
  for (const [what, readIt] of [
    ["a state", (written: WrittenState) => read(state("vault"), written)],
    ["a preview", (written: WrittenState) => readPreview(previewOf(written, "same"))],
  ] as const) {
    it(`is found in ${what} with its job, and proven`, () => {
      const snapshot = readIt(withBatchRole(WHOLE));
      deepStrictEqual(bucket(snapshot, "northwind-orders").batchReplication, JOB);
      deepStrictEqual(jobs(snapshot), ["COMPLETED"]);
    });

    it(`is broken in ${what} where its policy was cut`, () => {
      const cut = { ...WHOLE, Statement: WHOLE.Statement.slice(1) };
      const snapshot = readIt(withBatchRole(cut));
      deepStrictEqual([jobs(snapshot), rehearse(snapshot).verdict], [["FAILED"], "broken"]);
    });
  }

  it("is left out where nothing was asked for, or it cannot be read", () => {
    for (const said of [{}, { batchReplication: SECRET }]) {
      const written = withBatchRole(WHOLE);
      const component = find(written, "ReplicationSource");
      delete component.inputs.batchReplication;
      Object.assign(component.inputs, said);
      const snapshot = read(state("vault"), written);
      strictEqual(bucket(snapshot, "northwind-orders").batchReplication, undefined);
    }
  });
});
