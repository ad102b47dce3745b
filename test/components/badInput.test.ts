import { deepStrictEqual, strictEqual } from "node:assert";
import { BATCH_MISTAKES } from "../support/badBatchInput";
import { bucketMistakes, expectedError, type Mistake } from "../support/badBucketInput";
import { DESTINATION_MISTAKES, SOURCE_MISTAKES } from "../support/badInput";
import { UNKNOWN_NOTIFICATION, WATCH_MISTAKES } from "../support/badWatchInput";
import {
  destinationArgs,
  newDestination,
  newSource,
  newWatch,
  sourceArgs,
  watchArgs,
} from "../support/pairs";
import { fail } from "../support/program";

const destinationWith = (change: object) => newDestination(destinationArgs(change), "x", NO_PROVIDER);
const sourceWith = (change: object) => newSource(sourceArgs(change), "x", NO_PROVIDER);
const watchWith = (change: object) => newWatch(watchArgs(change), "x", NO_PROVIDER);

/** The provider of the fixture is made of the same arguments, so there is none here: nothing may get that far. */
const NO_PROVIDER = { provider: undefined };

const SIDES: readonly (readonly [string, (change: object) => unknown, readonly Mistake[]])[] = [
  [
    "ReplicationDestination",
    destinationWith,
    [...bucketMistakes("222222222222", "eu-central-1"), ...DESTINATION_MISTAKES],
  ],
  [
    "ReplicationSource",
    sourceWith,
    [...bucketMistakes("111111111111", "eu-west-1"), ...SOURCE_MISTAKES, ...BATCH_MISTAKES],
  ],
  ["ReplicationWatch", watchWith, [...WATCH_MISTAKES, UNKNOWN_NOTIFICATION]],
];

for (const [component, make, mistakes] of SIDES) {
  describe(`${component} registers nothing and says what is wrong`, () => {
    for (const [what, change, expected] of mistakes) {
      it(`with ${what}`, async () => {
        const { error, message, registered } = await fail(() => void make(change));
        strictEqual(message, expectedError(message, `${component} 'x': ${expected.replace("@", "")}`));
        strictEqual("__pulumiRunError" in error, true, "Pulumi would show a stack trace");
        deepStrictEqual(registered, []);
      });
    }
  });
}

describe("several mistakes", () => {
  it("are reported together, one line each", async () => {
    const { message, registered } = await fail(
      () =>
        void sourceWith({
          accountId: "1",
          bucketName: "X",
          roleName: "",
          rules: [
            { id: "a", storageClass: "COLD" },
            { id: "a", deleteMarkerReplication: true, tags: { k: "v" } },
          ],
        }),
    );
    const [first, ...lines] = message.split("\n");
    strictEqual(first, "ReplicationSource 'x': 6 mistakes");
    deepStrictEqual(
      lines.map((line) => /^ {2}- '([^']+)'/.exec(line)?.[1]),
      [
        "accountId",
        "bucketName",
        "roleName",
        "rules[0].storageClass",
        "rules[1].id",
        "rules[1].deleteMarkerReplication",
      ],
    );
    deepStrictEqual(registered, []);
  });
});
