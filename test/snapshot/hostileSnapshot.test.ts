import { rejects, strictEqual } from "node:assert";
import { readSnapshotFile } from "../../src/snapshot/snapshotFile";
import { file, VAULT, snapshot, verdictOf } from "../readers/support";

describe("a hostile snapshot file ends in an error", () => {
  const CASES: readonly (readonly [what: string, content: string | Uint8Array, message: RegExp])[] = [
    ["cut off", '{"accounts": {', /: it must be JSON: /],
    ["empty", " \n", /: it must be JSON, and is empty$/],
    [
      "no UTF-8",
      Uint8Array.from([0x7b, 0xff, 0x7d]),
      /: it must be UTF-8 text, and has bytes that are none$/,
    ],
    [
      "UTF-16",
      Buffer.from("\uFEFF{}", "utf16le"),
      /: it must be UTF-8, and is UTF-16, which PowerShell writes/,
    ],
    [
      "a prototype",
      '{"buckets": {"__proto__": {"x": 1}}}',
      /: '__proto__' must not be the name of anything in it, got an object with 'x'$/,
    ],
    [
      "a setting that stands twice",
      '{"buckets": {\n"a": {"versioning": "Enabled",\n"versioning": "Suspended"}}}',
      /: every name must stand once in an object, and 'versioning' in line 3 stands there already: only one of the two would count$/,
    ],
    [
      "a policy document as a text in which a condition stands twice",
      JSON.stringify({
        accounts: {},
        buckets: { [VAULT]: { policy: '{"Condition": {"StringEquals": {"a": "1"}, "StringEquals": {}}}' } },
        keys: {},
      }),
      /^a policy document in the snapshot: every name must stand once in an object, and 'StringEquals' in line 1 /,
    ],
    ["4 million brackets", "[".repeat(4_000_000), /: it must be JSON: /],
    [
      "a list 2 million deep",
      "[".repeat(2e6) + "]".repeat(2e6),
      /: it must be at most 100 lists and objects deep, and is deeper$/,
    ],
    ["a million numbers", `[${"1,".repeat(1e6)}1]`, /: it must hold at most 300000 values, and holds more$/],
    ["17 MB", `"${"x".repeat(17e6)}"`, /: it must be at most 16 MB, and is larger$/],
    ["a text", '"accounts"', /: it must be an object, got 'accounts'$/],
    ["null", "null", /: it must be an object, got null$/],
    [
      "a policy of a million stars",
      JSON.stringify({
        accounts: {},
        buckets: { [VAULT]: { policy: { Statement: "*".repeat(1e6) } } },
        keys: {},
      }),
      /policy' must be at most 65536 characters, which is more than AWS takes, got 1000016\n/,
    ],
    [
      "a policy text that is deep inside",
      JSON.stringify({
        accounts: {},
        buckets: { [VAULT]: { policy: '{"a":'.repeat(9000) + "1" + "}".repeat(9000) } },
        keys: {},
      }),
      /policy' must be at most 65536 characters, which is more than AWS takes, got 'more lists/,
    ],
  ];
  for (const [what, content, message] of CASES) {
    it(what, async () => {
      const began = Date.now();
      await rejects(readSnapshotFile(file(content)), { name: "InvalidInputError", message });
      strictEqual(Date.now() - began < 10_000, true);
    });
  }

  it("or, with a policy of 30,000 stars, in a verdict", () => {
    const { plain, vault } = snapshot();
    const { Statement: statements } = vault.policy as { Statement: unknown[] };
    const pattern = "*a".repeat(15_000);
    statements.push({
      Effect: "Deny",
      Principal: "*",
      Action: `s3:${pattern}`,
      Resource: `arn:aws:s3:::${pattern}`,
    });
    const began = Date.now();
    // S3 stores no policy of that size.
    strictEqual(verdictOf(plain), "broken");
    strictEqual(Date.now() - began < 10_000, true);
  });

  it("of a file that does not exist, of a directory, and of one that has no end", async () => {
    await rejects(readSnapshotFile("/nowhere"), {
      message: "--snapshot: must be a file, got '/nowhere', which does not exist",
    });
    await rejects(readSnapshotFile("/"), {
      message: "--snapshot: must be a file, got '/', which is a directory",
    });
    await rejects(readSnapshotFile("/dev/zero"), {
      message: "--snapshot /dev/zero: it must be at most 16 MB, and is larger",
    });
  });
});
