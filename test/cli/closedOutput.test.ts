import { strictEqual } from "node:assert";
import { join } from "node:path";
import type { Snapshot } from "../../src/accounts/snapshot";
import { cli, inDirectory } from "../support/cli";
import { DESTINATION, handMade } from "../support/handMade";

function withoutBucketPolicy(): Snapshot {
  const snapshot = handMade();
  const destination = snapshot.buckets[DESTINATION];
  if (destination === undefined) throw new Error(`there is no bucket '${DESTINATION}'`);
  return { ...snapshot, buckets: { ...snapshot.buckets, [DESTINATION]: { ...destination, policy: null } } };
}

describe("a command whose reader closes the pipe, as head does", () => {
  for (const [what, snapshot, expected] of [
    ["proven", handMade(), 0],
    ["broken", withoutBucketPolicy(), 1],
  ] as const) {
    it(`says nothing of it, and ends with the exit code of its verdict: ${what}`, () =>
      inDirectory({ "accounts.json": JSON.stringify(snapshot) }, async (directory) => {
        const args = ["rehearse", "--snapshot", join(directory, "accounts.json")];
        const { code, stderr } = await cli(args, {}, ({ stdout }) => stdout?.destroy());
        strictEqual(stderr, "");
        strictEqual(code, expected);
      }));
  }

  it("ends in silence where nobody reads its errors either", async () => {
    const { code } = await cli(["rehearse", "--no-such-option"], {}, ({ stderr }) => stderr?.destroy());
    strictEqual(code, 2);
  });
});
