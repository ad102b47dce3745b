/** Files that are to be written at the end, looked at before. */
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertWritable } from "../../src/files/writable";
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
