import { strictEqual } from "node:assert";
import { rehearse } from "../../src/rehearsal/rehearse";
import { destinationArgs, newDestination, newSource, SOURCE_ACCOUNT, sourceArgs } from "../support/pairs";
import { deploy } from "../support/program";

const PAIRS = 300;

describe("a program of three hundred pairs", function () {
  this.timeout(600_000);

  it("registers each pair like one alone, and is proven", async () => {
    const program = (count: number) => () => {
      for (let index = 0; index < count; index += 1) {
        const roleName = `replication-${index}`;
        const { contract } = newDestination(
          destinationArgs({
            bucketName: `orders-replicas-${index}`,
            sources: [{ accountId: SOURCE_ACCOUNT, roleName }],
          }),
          `archive-${index}`,
        );
        newSource(
          sourceArgs({
            bucketName: `orders-${index}`,
            roleName,
            destinations: { replicas: { contract } },
          }),
          `orders-${index}`,
        );
      }
    };
    const one = await deploy(program(1));
    const all = await deploy(program(PAIRS));
    strictEqual(all.registrations.length, PAIRS * one.registrations.length);
    strictEqual(Object.keys(all.snapshot.buckets).length, 2 * PAIRS);
    const { verdict, objects, unusedGrants } = rehearse(all.snapshot);
    strictEqual(verdict, "proven");
    strictEqual(objects.length, PAIRS * rehearse(one.snapshot).objects.length);
    strictEqual(unusedGrants.length, 0);
  });
});
