/** What the command says of itself, and in which forms it takes its options. */
import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../package.json";
import { cli, cliFromSources, command, inDirectory, width } from "../support/cli";

describe("s3-replication", () => {
  it("prints its version", async () => {
    const { code, stdout, stderr } = await cli(["--version"]);
    deepStrictEqual([code, stdout, stderr], [0, `${version}\n`, ""]);
  });

  it("says what it takes without loading what its work needs", () => {
    const told = `process.on("exit", () => console.error(Object.keys(require.cache).join("\\n")));`;
    const script = `${told} require(${JSON.stringify(command())});`;
    const { stderr } = spawnSync(process.execPath, ["-e", script, "s3-replication", "--help"], {
      encoding: "utf8",
    });
    match(stderr, /cli[/\\]commands[/\\]rehearse\.js/);
    doesNotMatch(stderr, /valibot|replication[/\\]contract|@aws-sdk|@pulumi/);
  });

  for (const name of [
    [],
    ["rehearse"],
    ["doctor"],
    ["verify"],
    ["backfill"],
    ["reconcile"],
    ["status"],
    ["fleet"],
    ["permissions"],
  ]) {
    it(`${name.join("")} --help takes 80 columns at most`, async () => {
      const { code, stdout } = await cli([...name, "--help"]);
      strictEqual(code, 0);
      strictEqual(width(stdout) <= 80, true, `a line has ${width(stdout)} characters`);
    });
  }
});

describe("an argument that no command takes", () => {
  for (const [args, said] of [
    [["rehearse", "kms-cross-region"], "'rehearse' takes options only, got 'kms-cross-region' besides"],
    [
      ["doctor", "a-bucket", "b-bucket"],
      "'doctor' takes <source-bucket> and options, got 'b-bucket' besides",
    ],
  ] as const) {
    it(`is named, with what is taken: ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await cli(args);
      deepStrictEqual(
        [code, stdout, stderr],
        [
          2,
          "",
          `error: ${said}; write the option that it is the value of in front of it\n(--help lists the options)\n`,
        ],
      );
    });
  }
});

describe("an option of s3-replication rehearse that takes several values", () => {
  const fixtures = join(__dirname, "..", "readers", "fixtures");
  const inBoth = async (
    option: string,
    values: readonly string[],
    rest: readonly string[] = [],
    run = (args: readonly string[]) => cli(args),
  ) => {
    const together = await run(["rehearse", option, ...values, ...rest]);
    const repeated = await run(["rehearse", ...values.flatMap((value) => [option, value]), ...rest]);
    deepStrictEqual(together, repeated);
    return together;
  };

  it("takes them after one --state, and after one each", async () => {
    const files = ["vault.state.json", "orders.state.json"].map((file) => join(fixtures, file));
    const { stdout } = await inBoth("--state", files);
    match(stdout, /\(stack orders\)/);
    match(stdout, /\(stack vault\)/);
  });

  it("takes them after one --stack, and after one each", async () => {
    const rest = ["--program", join(fixtures, "two-stacks")];
    // A program in TypeScript is read by what the package's own sources are read by.
    const { stdout } = await inBoth("--stack", ["copies", "books"], rest, cliFromSources);
    match(stdout, /\(stack copies\)/);
    match(stdout, /\(stack books\)/);
  });

  it("takes them after one --preview, and after one each: two files, of which the second is none", () =>
    inDirectory({ "a.json": '{"steps":[]}', "b.json": "{" }, async (directory) => {
      const { code, stderr } = await inBoth(
        "--preview",
        ["a.json", "b.json"].map((file) => join(directory, file)),
      );
      match(stderr, /b\.json/);
      strictEqual(code, 2);
    }));

  it("takes them after one --account, and after one each", () =>
    inDirectory({}, async (directory) => {
      copyFileSync(join(fixtures, "vault.state.json"), join(directory, "a.json"));
      const { code } = await inBoth(
        "--account",
        ["one=111111111111", "222222222222"],
        ["--state", join(directory, "a.json")],
      );
      strictEqual(code !== 2, true);
    }));
});

describe("a profile that is in no AWS configuration file", () => {
  const files = {
    config: "[default]\nregion = eu-west-1\n[profile data]\nregion = eu-west-1\n[sso-session company]\n",
    credentials: "[archive]\naws_access_key_id = a\naws_secret_access_key = b\n",
  };
  const run = (args: readonly string[], more: Record<string, string> = {}) =>
    inDirectory(files, async (directory) => {
      const env = {
        AWS_CONFIG_FILE: join(directory, "config"),
        AWS_SHARED_CREDENTIALS_FILE: join(directory, "credentials"),
        ...more,
      };
      const { code, stdout, stderr } = await cli([...args], env);
      return { code, stdout, stderr: stderr.replaceAll(directory, "@") };
    });
  const missing =
    "there is no profile 'nope' in @/config and @/credentials, which have default, data, archive";

  for (const command of ["doctor", "verify", "status", "backfill", "reconcile"]) {
    it(`is said at once by ${command}, with the profiles that there are`, async () => {
      const { code, stdout, stderr } = await run([command, "acme-data", "--source-profile", "nope"]);
      deepStrictEqual([code, stdout, stderr], [2, "", `no access to the source account: ${missing}\n`]);
    });
  }

  it("is said where the environment names it", async () => {
    const { code, stderr } = await run(["doctor", "acme-data"], { AWS_PROFILE: "nope" });
    deepStrictEqual(
      [code, stderr],
      [2, `no access to the source account: ${missing} (AWS_PROFILE names it)\n`],
    );
  });

  it("is said of a destination's", async () => {
    const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    const args = ["doctor", "acme-data", "--source-profile", "archive", "--destination-profile", "nope"];
    const { code, stderr } = await run(args, env);
    deepStrictEqual([code, stderr], [2, `no access to the destination account: ${missing}\n`]);
  });
});
