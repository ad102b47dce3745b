import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { cli } from "../support/cli";

/** No credentials, and nowhere to ask for any. */
const NOWHERE = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
};

describe("backfill on the command line", () => {
  it("explains itself, with examples and exit codes", async () => {
    const { code, stdout } = await cli(["backfill", "--help"]);
    strictEqual(code, 0);
    match(stdout, /Exit codes: 0 all replicated, 1 failures, 2 bad input/);
    match(
      stdout,
      /\n {2}\$ s3-replication backfill acme-data --report s3:\/\/acme-desk\/backfill --dry-run\n/,
    );
  });

  it("wants the name of a bucket", async () => {
    const { code, stderr } = await cli(["backfill"]);
    strictEqual(code, 2);
    match(stderr, /missing required argument 'source-bucket'/);
  });

  it("tells every wrong option before it asks AWS for anything", async () => {
    const args = ["backfill", "acme-data", "--priority", "high", "--report", "acme-desk"];
    const { code, stdout, stderr } = await cli(args, NOWHERE);
    deepStrictEqual(
      [code, stdout, stderr],
      [
        2,
        "",
        [
          "backfill: 2 mistakes",
          "  - '--priority' must be a whole number from 0 to 2147483647, got 'high'",
          "  - '--report' must be 's3://<bucket>/<prefix>', got 'acme-desk'",
          "",
        ].join("\n"),
      ],
    );
  });

  it("says in one sentence that it has no credentials", async () => {
    const { code, stdout, stderr } = await cli(["backfill", "acme-data"], NOWHERE);
    deepStrictEqual([code, stdout], [2, ""]);
    match(stderr, /no access to the source account with the standard credential chain: /);
    doesNotMatch(stderr, /\n {4}at /);
  });
});
