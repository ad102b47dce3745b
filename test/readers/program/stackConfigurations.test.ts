import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackFiles } from "../../../src/readers/program/stackConfigurations";
import { InvalidInputError } from "../../../src/input/problems";

describe("stack files of a directory", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "stack-files-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (files: Record<string, string>) => {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
  };
  const source = (stack: string, config = "s3-replication:source") =>
    `config:\n  ${config}:\n    destinations:\n      a:\n        stack: organization/s3-replication/${stack}\n`;
  const destination = "config:\n  s3-replication:destination:\n    accountId: '222222222222'\n";
  const names = () => readStackFiles(directory).map(({ name }) => name);

  /** Files, and what is said of them; `@` stands for the directory. */
  const BAD: [string, Record<string, string>, string][] = [
    [
      "no stack files",
      { "Pulumi.yaml": "name: x" },
      "@: must hold files Pulumi.<stack>.yaml, one a stack, with 's3-replication:destination', 's3-replication:source' or 's3-replication:watch' in their 'config', and holds none",
    ],
    [
      "none that says anything of the package",
      { "Pulumi.a.yaml": "encryptionsalt: x", "Pulumi.b.yaml": "config: {aws:region: x}" },
      "@: must hold files Pulumi.<stack>.yaml, one a stack, with 's3-replication:destination', 's3-replication:source' or 's3-replication:watch' in their 'config', and holds only Pulumi.a.yaml, Pulumi.b.yaml, which say none of them",
    ],
    [
      "a config that is a list",
      { "Pulumi.a.yaml": "config: [1]" },
      "@/Pulumi.a.yaml: its 'config' section must hold the stack's configuration by name",
    ],
    [
      "a config that is a text",
      { "Pulumi.a.yaml": "config: yes please" },
      "@/Pulumi.a.yaml: its 'config' section must hold the stack's configuration by name",
    ],
    [
      "an encrypted value",
      { "Pulumi.a.yaml": "config:\n  s3-replication:source:\n    accountId:\n      secure: v1:abc\n" },
      "@/Pulumi.a.yaml: 's3-replication:source.accountId' is encrypted, and nothing here decrypts it; account ids, names and rules are no secrets and belong there as plain values",
    ],
    [
      "an encrypted value in a list",
      { "Pulumi.a.yaml": "config:\n  s3-replication:x:\n    - secure: v1:abc\n" },
      "@/Pulumi.a.yaml: 's3-replication:x.0' is encrypted, and nothing here decrypts it; account ids, names and rules are no secrets and belong there as plain values",
    ],
    [
      "stacks in a circle",
      { "Pulumi.a.yaml": source("b"), "Pulumi.b.yaml": source("c"), "Pulumi.c.yaml": source("a") },
      "@: stacks refer to each other in a circle: a -> b -> c -> a; none of them can be deployed first",
    ],
  ];
  it("may refer to each other where each receives before it sends: the early one is deployed once more", () => {
    const twoWay = (stack: string) => `${source(stack)}    sameBucket: true\n`;
    write({ "Pulumi.a.yaml": twoWay("b"), "Pulumi.b.yaml": twoWay("a") });
    deepStrictEqual(names(), ["b", "a", "b"]);
  });

  it("may refer to each other, three of them, and each is deployed until it reaches all others", () => {
    const mesh = (one: string, other: string) =>
      `${source(one)}      b:\n        stack: organization/s3-replication/${other}\n    sameBucket: true\n`;
    write({
      "Pulumi.a.yaml": mesh("b", "c"),
      "Pulumi.b.yaml": mesh("a", "c"),
      "Pulumi.c.yaml": mesh("a", "b"),
    });
    deepStrictEqual(names(), ["c", "b", "a", "b", "c"]);
  });

  for (const [what, files, message] of BAD) {
    it(`are refused: ${what}`, () => {
      write(files);
      throws(
        () => readStackFiles(directory),
        (error: Error) => {
          strictEqual(error instanceof InvalidInputError, true);
          strictEqual(error.message, message.replace("@", directory));
          return true;
        },
      );
    });
  }

  it("are passed over, and named, where they say nothing of the package: made and not configured, or another's", () => {
    write({
      "Pulumi.a.yaml": destination,
      "Pulumi.empty.yaml": "",
      "Pulumi.made.yaml": "encryptionsalt: v1:x",
      "Pulumi.other.yaml": "config: {aws:region: eu-west-1, other:key: {secure: v1:x}}",
    });
    const passedOver: string[] = [];
    const stacks = readStackFiles(directory, (file) => passedOver.push(file));
    deepStrictEqual(
      stacks.map(({ name }) => name),
      ["a"],
    );
    deepStrictEqual(passedOver, ["Pulumi.empty.yaml", "Pulumi.made.yaml", "Pulumi.other.yaml"]);
  });

  it("are refused where a key of the package is misspelt, when the program reads it", () => {
    write({ "Pulumi.a.yaml": "config: {s3-replication:sorce: {}}" });
    deepStrictEqual(names(), ["a"]);
  });

  it("are refused where the YAML is malformed, with the place", () => {
    write({ "Pulumi.a.yaml": "config:\n  a: [1\n  b: {\n" });
    throws(() => readStackFiles(directory), {
      name: "InvalidInputError",
      message: /Pulumi\.a\.yaml: must be YAML: .* at line \d+, column \d+/,
    });
  });

  it("are read with YAML's merge keys, as Pulumi reads them", () => {
    write({ "Pulumi.a.yaml": "x: &x {b: 1}\nconfig:\n  s3-replication:source: {<<: *x, c: 2}\n" });
    deepStrictEqual(readStackFiles(directory)[0]?.config, { "s3-replication:source": { b: 1, c: 2 } });
  });

  it("are refused where an anchor holds itself", () => {
    write({ "Pulumi.a.yaml": "config: &a\n  s3-replication:source: *a\n" });
    throws(() => readStackFiles(directory), {
      name: "InvalidInputError",
      message: /Pulumi\.a\.yaml: an alias in it stands within its own anchor/,
    });
  });

  it("are refused where a key stands twice", () => {
    write({ "Pulumi.a.yaml": "config:\n  a: 1\n  a: 2\n" });
    throws(() => readStackFiles(directory), {
      name: "InvalidInputError",
      message: /must be YAML: Map keys must be unique/,
    });
  });

  it("are refused where the directory is missing", () => {
    const missing = join(directory, "none");
    throws(() => readStackFiles(missing), {
      name: "InvalidInputError",
      message: `${missing}: must be a directory with files Pulumi.<stack>.yaml, and does not exist`,
    });
  });

  it("are refused where the directory is a file", () => {
    write({ "Pulumi.a.yaml": destination });
    throws(() => readStackFiles(join(directory, "Pulumi.a.yaml")), { name: "InvalidInputError" });
  });

  it("are refused where a file is a directory", () => {
    mkdirSync(join(directory, "Pulumi.a.yaml"));
    throws(() => readStackFiles(directory), { name: "InvalidInputError" });
  });

  it("come in the order in which they can be deployed, whatever their names are", () => {
    write({ "Pulumi.a.yaml": source("z"), "Pulumi.m.yaml": source("a"), "Pulumi.z.yaml": destination });
    deepStrictEqual(names(), ["z", "a", "m"]);
  });

  it("come by name where nothing asks for another order", () => {
    write({ "Pulumi.c.yaml": destination, "Pulumi.a.yaml": destination, "Pulumi.b.yml": destination });
    deepStrictEqual(names(), ["a", "b", "c"]);
  });

  it("may refer to stacks of elsewhere, and hold other namespaces", () => {
    write({ "Pulumi.a.yaml": `${source("elsewhere")}  aws:region: eu-west-1\n` });
    deepStrictEqual(
      readStackFiles(directory).map(({ config }) => Object.keys(config)),
      [["s3-replication:source", "aws:region"]],
    );
  });

  it("keep every value as YAML says it", () => {
    write({
      "Pulumi.a.yaml":
        "config:\n  s3-replication:x:\n    account: 111111111111\n    text: '012'\n    on: true\n    list: [1, a]\n",
    });
    deepStrictEqual(readStackFiles(directory)[0]?.config, {
      "s3-replication:x": { account: 111111111111, text: "012", on: true, list: [1, "a"] },
    });
  });

  it("have contract files from where they stand", () => {
    write({
      "Pulumi.a.yaml":
        "config:\n  s3-replication:source:\n    destinations:\n      a:\n        contractFile: ./contract.json\n",
    });
    const [stack] = readStackFiles(directory);
    deepStrictEqual(stack?.config["s3-replication:source"], {
      destinations: { a: { contractFile: join(directory, "contract.json") } },
    });
  });

  it("leave Pulumi.yaml itself and other files alone", () => {
    write({
      "Pulumi.yaml": "name: x",
      "Pulumi.a.yaml": destination,
      "Pulumi.a.yaml.bak": "x",
      "a.yaml": "x",
    });
    deepStrictEqual(names(), ["a"]);
  });
});
