/** Files that are to be written at the end, looked at before. */
import { strict as assert } from "node:assert";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertWritable } from "../../src/files/writable";
import { readManifestPlace } from "../../src/reconcile/manifest";
import { cli } from "../support/cli";

/** Where nothing answers. */
const NO_AWS = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };

describe("a file that a command writes at its end", () => {
  let directory: string;

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "writable-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it("is left as it is, and not there where it was not", () => {
    const [there, fresh] = [join(directory, "there"), join(directory, "fresh")];
    writeFileSync(there, "content");
    assertWritable("--resume", there);
    assertWritable("--resume", fresh);
    assert.deepEqual([readFileSync(there, "utf8"), existsSync(fresh)], ["content", false]);
  });

  it("may be named by a link to a place where nothing is yet", () => {
    const [link, target] = [join(directory, "link"), join(directory, "target")];
    symlinkSync("target", link);
    assertWritable("--html", link);
    assert.deepEqual([lstatSync(link).isSymbolicLink(), existsSync(target)], [true, false]);
    for (const [other, target] of [
      ["other", "nowhere/file"],
      ["round", "round"],
    ] as const) {
      symlinkSync(target, join(directory, other));
      assert.throws(
        () => assertWritable("--html", join(directory, other)),
        /^InvalidInputError: --html: .*(ENOENT|ELOOP)/,
      );
    }
  });

  it("is refused where a list stands as a link that leads nowhere, which is never written over", () => {
    symlinkSync("target", join(directory, "list.failed.csv"));
    assert.throws(() => readManifestPlace(join(directory, "list.csv")), /list\.failed\.csv stands/);
  });

  for (const beside of ["state.new", "state.missed"]) {
    it(`is refused where the state of --resume cannot have its ${beside} beside it`, async () => {
      mkdirSync(join(directory, beside));
      const state = join(directory, "state");
      const { code, stderr } = await cli(["reconcile", "acme-data", "--resume", state], NO_AWS);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^--resume: must be a file .*, got '${state}': EISDIR`));
    });
  }

  const commands: Readonly<Record<string, readonly string[]>> = {
    "reconcile acme-data": ["--html", "--resume", "--manifest"],
    "doctor acme-data": ["--html", "--write-snapshot"],
    fleet: ["--html"],
    "rehearse --snapshot /nowhere.json": ["--html", "--write-snapshot"],
  };
  for (const [command, options] of Object.entries(commands)) {
    for (const option of options) {
      it(`is refused before anything is read where ${option} of '${command}' cannot be written`, async () => {
        mkdirSync(join(directory, "taken"));
        const nowhere = join(directory, "nowhere", "file");
        const places = option === "--manifest" ? [nowhere] : [nowhere, join(directory, "taken")];
        for (const place of places) {
          const { code, stdout, stderr } = await cli([...command.split(" "), option, place], NO_AWS);
          assert.deepEqual([code, stdout], [2, ""]);
          assert.match(stderr, new RegExp(`^${option}: must be a .*file.*, got '${place}'.*\n$`));
        }
      });
    }
  }

  it("is not there, and an earlier page is as it was, where the command fails", async () => {
    const [fresh, earlier] = [join(directory, "fresh.html"), join(directory, "earlier.html")];
    const page = '<meta name="generator" content="s3-replication rehearse">';
    writeFileSync(earlier, page);
    for (const file of [fresh, earlier]) {
      const { code, stderr } = await cli(["rehearse", "--snapshot", "/nowhere.json", "--html", file]);
      assert.deepEqual([code, /^--snapshot/.test(stderr)], [2, true], stderr);
    }
    assert.deepEqual([existsSync(fresh), readFileSync(earlier, "utf8")], [false, page]);
  });
});

describe("an earlier result that a command compares with", () => {
  for (const command of ["doctor acme-data", "fleet", "rehearse --snapshot /nowhere.json"]) {
    it(`is read before anything else by '${command}'`, async () => {
      const { code, stderr } = await cli(
        [...command.split(" "), "--baseline", "/nowhere/at-all.json"],
        NO_AWS,
      );
      assert.deepEqual([code, /^--baseline/.test(stderr)], [2, true], stderr);
    });
  }
});
