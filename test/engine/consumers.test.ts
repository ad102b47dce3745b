import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearse } from "../../src/rehearsal/rehearse";
import { PROGRAMS, startOf } from "../support/programs";
import { missingFor, WITH_DOWNLOADS_MS } from "./support/packed";
import { DESTINATION_BUCKET, SOURCE_BUCKET } from "./support/pair";
import { Workspace } from "./support/workspace";

const CONSUMERS = [
  {
    program: "typescript",
    bucketName: "bucketName",
    host: "nodejs",
    source: "index.ts",
    rule: '{ id: "everything" }',
    withDeleteMarkers: '{ id: "everything", deleteMarkerReplication: true }',
  },
  {
    program: "python",
    bucketName: "bucket_name",
    host: "python",
    source: "__main__.py",
    rule: '{"id": "everything"}',
    withDeleteMarkers: '{"id": "everything", "delete_marker_replication": True}',
  },
  {
    program: "go",
    bucketName: "BucketName",
    host: "go",
    source: "main.go",
    rule: '{{Id: "everything"}}',
    withDeleteMarkers: '{{Id: "everything", DeleteMarkerReplication: pulumi.BoolRef(true)}}',
  },
  {
    program: "yaml",
    bucketName: "bucketName",
    host: "yaml",
    source: "Pulumi.yaml",
    rule: "- id: everything",
    withDeleteMarkers: "- { id: everything, deleteMarkerReplication: true }",
  },
] as const;

/** A watch over the bucket that the program's source watches already. */
const WATCH = `
  again:
    type: s3-replication:ReplicationWatch
    properties:
      accountId: "111111111111"
      region: us-east-1
      bucketName: acme-data
      rules:
        - { id: everything, destinationBucketArn: "arn:aws:s3:::acme-archive" }
    options:
      providers: ["\${sending}"]
`;

async function started(program: string): Promise<Workspace> {
  const workspace = Workspace.ofProject(join(PROGRAMS, program));
  for (const command of startOf(program)) await workspace.shell(command);
  return workspace;
}

describe("a project outside the repository, with the package as it is published", () => {
  for (const { program, bucketName, host, source, rule, withDeleteMarkers } of CONSUMERS) {
    const missing = missingFor(host);
    if (missing !== undefined) {
      it(`in ${program}: skipped, there is no '${missing}' on PATH`);
      continue;
    }

    describe(`in ${program}`, function () {
      this.timeout(WITH_DOWNLOADS_MS);
      let workspace: Workspace;

      it("deploys a pair with the commands atop its Pulumi.yaml", async () => {
        workspace = await started(program);
        const rules = workspace.accounts.snapshot.buckets[SOURCE_BUCKET]?.replication?.Rules ?? [];
        assert.deepEqual(
          rules.map(({ ID, Destination }) => [ID, Destination?.Bucket]),
          [["everything", DESTINATION_BUCKET]],
        );
      });

      it("leaves two accounts in which replication is proven, with no grant too many", () => {
        const report = rehearse(workspace.accounts.snapshot);
        assert.equal(report.verdict, "proven");
        assert.deepEqual(report.unusedGrants, []);
      });

      it("reads the outputs of the components", async () => {
        assert.deepEqual(await workspace.outputs("pair"), {
          roleArn: "arn:aws:iam::111111111111:role/s3-replication",
          failureQueueUrl: "https://sqs.us-east-1.amazonaws.com/111111111111/acme-data-failures",
        });
      });

      it("has nothing to do a second time", async () => {
        await workspace.succeed(["preview", "--expect-no-changes", "--stack", "pair"]);
      });

      it("is told once of a mistake, by the name that the argument has in its language", async () => {
        const path = join(workspace.directory, source);
        const written = readFileSync(path, "utf8");
        writeFileSync(path, written.replace("acme-data", "Acme-Data"));
        const run = await workspace.fail(["preview", "--stack", "pair"]);
        writeFileSync(path, written);
        const said = run.text.split("\n").filter((line) => /^ +error: .*got 'Acme-Data'/.test(line));
        assert.equal(said.length, 1, run.text);
        assert.match(
          said[0] ?? "",
          new RegExp(`ReplicationSource 'data': '${bucketName}' must be an S3 bucket name: `),
        );
        // Pulumi's SDK for Python adds a traceback of its own.
        assert.doesNotMatch(run.text, /\n\s+at |\.js:\d+/);
      });

      if (program === "yaml") {
        it("is told of two components that make the same alarms, whichever comes first", async () => {
          const path = join(workspace.directory, source);
          const written = readFileSync(path, "utf8");
          writeFileSync(path, written.replace("\noutputs:", `${WATCH}\noutputs:`));
          const run = await workspace.fail(["preview", "--stack", "pair"]);
          writeFileSync(path, written);
          assert.match(
            run.text,
            /Replication(Source 'data'|Watch 'again'): 'monitoring\.alarms' must be false in all components of a bucket but one/,
          );
        });
      }

      it("is told in one sentence of a rule that the contract does not fit, and changes nothing", async () => {
        const done = workspace.accounts.changes.length;
        const path = join(workspace.directory, source);
        writeFileSync(path, readFileSync(path, "utf8").replace(rule, withDeleteMarkers));
        const run = await workspace.fail(["preview", "--stack", "pair"]);
        assert.match(
          run.text,
          /ReplicationSource 'data' does not fit the contract of destination 'archive': rule 'everything' replicates delete markers, which the destination does not grant/,
        );
        assert.doesNotMatch(run.text, /\n\s+at /);
        assert.equal(workspace.accounts.changes.length, done);
      });
    });
  }
});
