/** The templates of examples/cloudformation: proven as they are, and broken where one statement is taken out. */
import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isSeq, parseDocument } from "yaml";
import { readTemplates } from "../../../src/readers/cloudformation/fromTemplates";
import { applyReadings } from "../../../src/readers/joinSources";
import { problemsOf } from "../../../src/rehearsal/gate/problems";
import { withPlaces } from "../../../src/rehearsal/gate/withPlaces";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import { placesOf } from "../../../src/resources/resources";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { stackOf } from "./support";

const DIRECTORY = join(__dirname, "..", "..", "..", "examples", "cloudformation");
const KEY = { DestinationKeyArn: "output:archive.KeyArn" };

interface Example {
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Statements by Sid, and the logical id of what has them. */
  readonly statements: Readonly<Record<string, string>>;
}

/** SourceBucket is not among them: without it a set-up was seen to work, so that it is unproven. */
const PLAIN = {
  SourceObjects: "Role",
  Replicas: "Role",
  ReplicaWrites: "CopiesPolicy",
};
const KMS = { ...PLAIN, SourceKey: "Role", ReplicaKey: "Role", ReplicaEncryption: "CopiesKey" };

const EXAMPLES: Readonly<Record<string, Example>> = {
  plain: { region: "eu-west-1", parameters: {}, statements: PLAIN },
  "kms-same-region": {
    region: "eu-west-1",
    parameters: { ...KEY, DestinationRegion: "eu-west-1" },
    statements: KMS,
  },
  "kms-cross-region": {
    region: "eu-central-1",
    parameters: { ...KEY, DestinationRegion: "eu-central-1", DestinationAccountId: "222222222222" },
    statements: KMS,
  },
  "owner-override": {
    region: "eu-west-1",
    parameters: { DestinationAccountId: "222222222222" },
    statements: PLAIN,
  },
};

function reportOf(name: string, change: (text: string) => string = (text) => text): Report {
  const { region, parameters } = EXAMPLES[name]!;
  const text = (side: string) => change(readFileSync(join(DIRECTORY, `${name}.${side}.yaml`), "utf8"));
  const snapshot = emptySnapshot();
  applyReadings(
    snapshot,
    readTemplates([
      stackOf(text("destination"), {
        file: "destination.yaml",
        accountId: "222222222222",
        region,
        parameters: { SourceAccountId: "111111111111" },
      }),
      stackOf(text("source"), { file: "source.yaml", stackName: "data", parameters }),
    ]),
  );
  return withPlaces(rehearse(snapshot), placesOf(snapshot));
}

/** A template without the statement of a Sid, and how many there were. */
function without(text: string, sid: string): { text: string; count: number } {
  const document = parseDocument(text);
  let count = 0;
  const visit = (node: unknown): void => {
    if (isSeq(node)) {
      const list = node;
      const kept = list.items.filter((item) => !(isMap(item) && item.get("Sid") === sid));
      count += list.items.length - kept.length;
      list.items = kept;
      list.items.forEach(visit);
    } else if (isMap(node)) node.items.forEach(({ value }) => visit(value));
  };
  visit(document.contents);
  return { text: document.toString(), count };
}

for (const [name, { statements }] of Object.entries(EXAMPLES)) {
  describe(`examples/cloudformation/${name}`, () => {
    it("is proven, before anything is deployed", () => {
      const { verdict, objects, refusals, unread } = reportOf(name);
      deepStrictEqual([verdict, refusals, unread], ["proven", [], []]);
      ok(objects.length > 1);
    });

    it("is unproven without the statement SourceBucket, at Role", () => {
      const report = reportOf(name, (text) => without(text, "SourceBucket").text);
      deepStrictEqual(report.verdict, "unproven");
    });

    for (const [sid, logicalId] of Object.entries(statements)) {
      it(`is broken without the statement ${sid}, at ${logicalId}`, () => {
        let count = 0;
        const report = reportOf(name, (text) => {
          const cut = without(text, sid);
          count += cut.count;
          return cut.text;
        });
        strictEqual(count, 1);
        strictEqual(report.verdict, "broken");
        const places = problemsOf(report)
          .filter(({ level }) => level === "broken")
          .map(({ place }) => place);
        deepStrictEqual([...new Set(places.map((place) => place?.address))], [logicalId]);
        ok(
          places.every(
            (place) => (place?.line ?? 0) > 1 && /^(source|destination).yaml$/.test(place?.file ?? ""),
          ),
        );
        const [mend] = report.advice;
        strictEqual(mend?.place?.address, logicalId);
        strictEqual(mend?.code?.language, "yaml");
        ok(mend.code.text.includes("Effect: Allow"), mend.code.text);
      });
    }
  });
}
