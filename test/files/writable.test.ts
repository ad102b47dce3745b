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
      const { code, stderr } = await cli(["reconcile", "acme-data", "--resume", state], {
        AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      });
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^--resume: must be a file .*, got '${state}': EISDIR`));
    });
  }

  for (const option of ["--html", "--resume", "--manifest"]) {
    it(`is refused before anything is asked of AWS where ${option} cannot be written`, async () => {
      mkdirSync(join(directory, "taken"));
      const nowhere = join(directory, "nowhere", "file");
      const places = option === "--manifest" ? [nowhere] : [nowhere, join(directory, "taken")];
      for (const place of places) {
        const { code, stdout, stderr } = await cli(["reconcile", "acme-data", option, place], {
          AWS_ENDPOINT_URL: "http://127.0.0.1:1",
        });
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr, new RegExp(`^${option}: must be a .*file.*, got '${place}'.*\n$`));
      }
    });
  }
});
