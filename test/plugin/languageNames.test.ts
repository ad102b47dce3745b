import { strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inLanguage, runtimeOfProject } from "../../src/plugin/languageNames";

const NAMES = new Set(["bucketName", "deleteMarkerReplication", "rules", "id", "sources", "contract"]);

describe("names in messages", () => {
  for (const [runtime, expected] of [
    ["python", "'bucket_name' must be 'x', and 'rules[0].id' a text; set 'delete_marker_replication: true'"],
    ["go", "'BucketName' must be 'x', and 'Rules[0].Id' a text; set 'DeleteMarkerReplication: true'"],
    ["dotnet", "'BucketName' must be 'x', and 'Rules[0].Id' a text; set 'DeleteMarkerReplication: true'"],
    ["yaml", "'bucketName' must be 'x', and 'rules[0].id' a text; set 'deleteMarkerReplication: true'"],
    [undefined, "'bucketName' must be 'x', and 'rules[0].id' a text; set 'deleteMarkerReplication: true'"],
  ] as const) {
    it(`are those of the schema as ${runtime ?? "an unknown language"} writes them`, () => {
      const message =
        "'bucketName' must be 'x', and 'rules[0].id' a text; set 'deleteMarkerReplication: true'";
      strictEqual(inLanguage(message, NAMES, runtime), expected);
    });
  }

  it("stay where people gave them, and where an apostrophe stands", () => {
    const message =
      "ReplicationSource 'rules': the contract of destination 'contract', in the destination's account, has rule 'id', got 'sources'";
    strictEqual(inLanguage(message, NAMES, "go"), message);
  });
});

describe("the language of a program", () => {
  const directory = mkdtempSync(join(tmpdir(), "s3-replication-language-"));
  after(() => rmSync(directory, { recursive: true }));
  const write = (text: string) => writeFileSync(join(directory, "Pulumi.yaml"), text);

  it("is what its Pulumi.yaml says, or the one above it", () => {
    const inner = join(directory, "inner");
    mkdirSync(inner);
    write("name: x\nruntime: python\n");
    strictEqual(runtimeOfProject(directory), "python");
    strictEqual(runtimeOfProject(inner), "python");
    write("name: x\nruntime:\n  name: dotnet\n  options: {}\n");
    strictEqual(runtimeOfProject(inner), "dotnet");
  });

  it("is unknown where that file cannot be read", () => {
    write("runtime: [");
    strictEqual(runtimeOfProject(directory), undefined);
  });
});
