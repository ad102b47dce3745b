import * as assert from "node:assert/strict";
import { compareMany } from "./comparison";

const { COMPARE_CLASSES_SEED: seed = "1", COMPARE_CLASSES_COUNT: count = "10000" } = process.env;
const COUNT = Number(count);

describe("the objects that stand for all, in random set-ups", () => {
  it(`meet whatever an object meets in ${COUNT} set-ups (COMPARE_CLASSES_SEED: ${seed})`, async function () {
    this.timeout(600_000);
    const { failures, hindrances, unclassed } = await compareMany(COUNT, Number(seed));
    assert.deepEqual(
      failures.map((failure) => `seed ${failure.seed}: ${failure.missed.join("; ")}`),
      [],
    );
    // Where nothing stands in the way, nothing is compared.
    assert.ok(hindrances > 2 * COUNT, `only ${hindrances} hindrances`);
    assert.ok(unclassed < COUNT / 4, `${unclassed} buckets were not classed`);
  });
});
