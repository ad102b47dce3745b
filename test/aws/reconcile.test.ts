/** reconcile against the emulator, behind the proxy that plays replication: every kind of fault, and what mends it. */
import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketReplicationCommand,
  PutObjectCommand,
  type ReplicationConfiguration,
  type ReplicationRule,
  RestoreObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import Ajv from "ajv/dist/2020";
import type { Cause } from "../../src/reconcile/meaning/causes";
import type { ReconcileResult } from "../../src/reconcile/result";
import { cli, width } from "../support/cli";
import { emulatorEnvironment, roleToEnter } from "./support/environment";
import { JobsServer } from "./support/jobs";
import { EmulatedPair } from "./support/pairs";
import { EmulatedAccount } from "./support/plant";
import { runJobs } from "./support/runJobs";
import { arrives, type Decide, type Fate } from "./support/replication";

const SCHEMA = join(__dirname, "..", "..", "schemas", "reconcile.schema.json");
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);

/** What becomes of an object is in its key. */
const byKey: Decide = ({ object: { key } }): Fate => {
  const wrong = (replica: object): Fate => ({ status: "COMPLETED", replica });
  if (key.includes("failed")) return { status: "FAILED", failureReason: "DstPutObjectNotPermitted" };
  if (key.includes("pending")) return { status: "PENDING" };
  if (key.includes("gone")) return wrong({ absent: true });
  if (key.includes("size")) return wrong({ body: "another length" });
  if (key.includes("storage-class")) return wrong({ storageClass: "STANDARD_IA" });
  if (key.includes("owner")) return wrong({ owner: "111111111111" });
  if (key.includes("tagged-otherwise")) return wrong({ tags: { team: "other" } });
  if (key.includes("encrypted-otherwise")) return wrong({ encryption: { algorithm: "AES256" } });
  return { status: "COMPLETED" };
};

describe("s3-replication reconcile, over HTTP against the emulator", () => {
  let pair: EmulatedPair;
  let source: S3Client;
  let destination: S3Client;
  let names: { source: string; destination: string };
  let directory: string;
  let configuration: ReplicationConfiguration;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "reconcile-"));
    pair = await EmulatedPair.start("owner-override", undefined, { decide: byKey });
    const [sourceArn, state] = Object.entries(pair.snapshot.buckets).find(([, each]) => each.replication)!;
    const [destinationArn, other] = Object.entries(pair.snapshot.buckets).find(([arn]) => arn !== sourceArn)!;
    names = { source: pair.source, destination: destinationArn.split(":").at(-1)! };
    source = new EmulatedAccount(pair.proxy.endpoint, state.account).s3(state.region);
    destination = new EmulatedAccount(pair.proxy.endpoint, other.account).s3(other.region);
    const [deployed] = state.replication!.Rules as ReplicationRule[];
    const { Destination } = deployed!;
    const wanted = (changes: Partial<ReplicationRule>): ReplicationRule => ({
      Status: "Enabled",
      DeleteMarkerReplication: { Status: "Disabled" },
      Destination,
      ...changes,
    });
    configuration = {
      Role: state.replication!.Role,
      Rules: [
        wanted({
          ID: "documents",
          Priority: 9,
          Filter: { Prefix: "documents/" },
          DeleteMarkerReplication: { Status: "Enabled" },
          SourceSelectionCriteria: deployed!.SourceSelectionCriteria,
        }),
        wanted({
          ID: "plain",
          Priority: 8,
          Filter: { Prefix: "plain/" },
          Destination: { Bucket: Destination!.Bucket, Account: Destination!.Account },
        }),
        wanted({ ID: "secret", Priority: 7, Filter: { Tag: { Key: "secret", Value: "yes" } } }),
        wanted({ ID: "off", Priority: 6, Filter: { Prefix: "off/" }, Status: "Disabled" }),
      ],
    };
  });
  after(async () => {
    source?.destroy();
    destination?.destroy();
    rmSync(directory, { recursive: true });
    await pair?.stop();
  });

  async function put(key: string, more: Partial<ConstructorParameters<typeof PutObjectCommand>[0]> = {}) {
    const { VersionId } = await source.send(
      new PutObjectCommand({ Bucket: names.source, Key: key, Body: "content", ...more }),
    );
    return VersionId!;
  }

  async function rules(Rules: ReplicationRule[]) {
    const ReplicationConfiguration = { ...configuration, Rules };
    await source.send(new PutBucketReplicationCommand({ Bucket: names.source, ReplicationConfiguration }));
  }

  async function reconcile(...options: string[]): Promise<{ code: number; result: ReconcileResult }> {
    const { code, stdout, stderr } = await pair.run("reconcile", "--json", ...options);
    assert.ok(stdout.startsWith("{"), stderr);
    const result = JSON.parse(stdout) as ReconcileResult;
    assert.ok(validate(result), JSON.stringify(validate.errors));
    return { code, result };
  }

  const causes = ({ destinations: [only] }: ReconcileResult) =>
    Object.fromEntries(
      only!.counts.map(({ cause, rule, versions }) => [`${cause} ${rule ?? ""}`.trim(), versions]),
    );

  it("tells more than a dozen kinds of fault exactly", async () => {
    // Before the rule: nobody tries them.
    await rules([{ ...configuration.Rules![1]!, Filter: { Prefix: "nothing/" } }]);
    for (const key of ["documents/before", "documents/später + 1", 'documents/before,"quoted"'])
      await put(key);
    await rules(configuration.Rules!);
    const plain = { ServerSideEncryption: "AES256" } as const;
    for (const key of ["documents/a", "documents/b", "documents/a"]) await put(key);
    for (const key of ["documents/failed-1", "documents/failed-2", "documents/pending", "documents/gone"]) {
      await put(key);
    }
    for (const kind of ["size", "storage-class", "owner", "encrypted-otherwise"])
      await put(`documents/${kind}`);
    await put("documents/tagged-otherwise", { Tagging: "team=own" });
    await put("plain/right", plain);
    await put("plain/archived", { ...plain, StorageClass: "GLACIER" });
    await put("plain/kms", { ServerSideEncryption: "aws:kms" });
    await source.send(new DeleteObjectCommand({ Bucket: names.source, Key: "plain/right" }));
    await source.send(new DeleteObjectCommand({ Bucket: names.source, Key: "documents/b" }));
    await put("elsewhere/secret", { ...plain, Tagging: "secret=yes" });
    await put("elsewhere/failed-secret", { ...plain, Tagging: "secret=yes" });
    await put("elsewhere/public");
    await put("off/one");
    await pair.proxy.replication.finishAll();
    await destination.send(
      new PutObjectCommand({ Bucket: names.destination, Key: "written-there", Body: "by others" }),
    );
    await destination.send(new DeleteObjectCommand({ Bucket: names.destination, Key: "documents/a" }));

    const { code, result } = await reconcile();
    assert.deepEqual(causes(result), {
      // Two versions of a, one of b, its delete marker.
      "in-place documents": 4,
      "in-place plain": 1,
      "in-place secret": 1,
      "failed documents": 2,
      "failed secret": 1,
      "pending documents": 1,
      "never-tried documents": 3,
      "never-tried-archived plain": 1,
      "gone documents": 1,
      "wrong-size documents": 1,
      "wrong-storage-class documents": 1,
      "wrong-owner documents": 1,
      "wrong-tags documents": 1,
      "wrong-encryption documents": 1,
      "kms-not-selected plain": 1,
      "delete-marker-not-replicated plain": 1,
      "rule-disabled off": 1,
      "no-rule": 1,
      "destination-only": 1,
      "destination-only-hiding": 1,
    });
    assert.deepEqual([code, result.verdict, result.isWhole], [1, "incomplete", true]);
    if (process.env.KEEP_RESULT !== undefined) {
      const { writeFileSync } = await import("node:fs");
      writeFileSync(process.env.KEEP_RESULT, JSON.stringify(result, undefined, 2));
    }
  });

  it("names beside a count what the settings say of it", async () => {
    const { result } = await reconcile();
    const failed = result.explanations.find(({ cause }) => cause === "failed");
    assert.equal(failed?.key, "documents/failed-1");
    assert.equal(failed?.onPaper, "COMPLETED");
    const text = await pair.run("reconcile");
    assert.ok(width(text.stdout) <= 80);
    assert.match(text.stdout, /by the settings of now/);
  });

  it("writes lists by cause; backfill of them, and the ways out of the rest, make it complete", async () => {
    const desk = { Bucket: "reconcile-desk" };
    await source.send(new CreateBucketCommand(desk));
    const { result } = await reconcile("--manifest", `s3://${desk.Bucket}/lists/missing.csv`);
    const lists = new Map(result.manifests.map((each) => [each.cause, each]));
    assert.deepEqual(
      [...lists].map(([cause, { remedy, versions }]) => [cause, remedy, versions]),
      [
        ["failed", "batch replication", 3],
        ["never-tried", "batch replication", 3],
        ["never-tried-archived", "restore", 1],
        ["gone", "copy", 1],
        ["wrong-size", "copy", 1],
        ["wrong-encryption", "copy", 1],
        ["wrong-storage-class", "copy", 1],
        ["wrong-owner", "copy", 1],
        ["wrong-tags", "copy", 1],
      ],
    );
    const linesOf = async (cause: Cause) => {
      const Key = lists.get(cause)!.files[0]!.replace(`s3://${desk.Bucket}/`, "");
      const { Body, ServerSideEncryption } = await source.send(new GetObjectCommand({ ...desk, Key }));
      assert.equal(ServerSideEncryption, "AES256");
      return (await Body!.transformToString()).trimEnd().split("\n");
    };
    const neverTried = (await linesOf("never-tried")).join("\n");
    assert.match(neverTried, /documents\/sp%C3%A4ter%20%2B%201,/);
    assert.match(neverTried, /documents\/before%2C%22quoted%22,/);

    // The lines that reconcile prints, as they are.
    pair.proxy.replication.decide = arrives;
    const [account = ""] = pair.accountIds;
    const server = await JobsServer.start(pair.proxy.endpoint);
    try {
      const ran = runJobs(server, pair.proxy.replication, source);
      for (const cause of ["failed", "never-tried"] as const) {
        const [, bucket = "", uri = ""] =
          /^s3-replication backfill (\S+) --manifest '(\S+)'$/.exec(lists.get(cause)!.next) ?? [];
        const role = [
          "--source-role-arn",
          roleToEnter(account),
          "--role-arn",
          `arn:aws:iam::${account}:role/jobs`,
        ];
        const { code, stdout, stderr } = await cli(
          ["backfill", bucket, "--manifest", uri, "--yes", ...role],
          emulatorEnvironment(server.endpoint),
        );
        assert.deepEqual([code, /\nReplicated: all 3 objects\n$/.test(stdout)], [0, true], stdout + stderr);
      }
      assert.deepEqual(ran, [await linesOf("failed"), await linesOf("never-tried")]);
    } finally {
      await server.stop();
    }
    // The ways out of the rest: those who wait arrive, and a new version replaces the others.
    await pair.proxy.replication.replicateAgain(
      names.source,
      "documents/pending",
      await versionOf("documents/pending"),
    );
    await pair.proxy.replication.finishAll();
    const after = await reconcile();
    assert.deepEqual(
      Object.keys(causes(after.result)).filter((each) => /^(failed|pending|never-tried)/.test(each)),
      ["never-tried-archived plain"],
    );
    for (const cause of [
      "never-tried-archived",
      "gone",
      "wrong-size",
      "wrong-encryption",
      "wrong-storage-class",
      "wrong-owner",
      "wrong-tags",
    ] as const) {
      for (const line of await linesOf(cause)) {
        const [, encoded = "", versionId = ""] = line.split(",");
        const key = decodeURIComponent(encoded);
        if (cause === "never-tried-archived") await restore(key, versionId);
        await copyOntoItself(key, versionId);
      }
    }
    await pair.proxy.replication.finishAll();
    const last = await reconcile();
    assert.deepEqual([last.code, last.result.verdict], [0, "complete"], JSON.stringify(causes(last.result)));
  });

  async function versionOf(key: string): Promise<string> {
    const { Versions = [] } = await source.send(
      new ListObjectVersionsCommand({ Bucket: names.source, Prefix: key }),
    );
    return Versions[0]!.VersionId!;
  }

  function restore(key: string, versionId: string) {
    const object = { Bucket: names.source, Key: key, VersionId: versionId };
    return source.send(new RestoreObjectCommand({ ...object, RestoreRequest: { Days: 1 } }));
  }

  /** A copy is a new version; the old one is deleted, so that what is wrong of it is gone on both sides. */
  async function copyOntoItself(key: string, versionId: string): Promise<void> {
    const object = { Bucket: names.source, Key: key, VersionId: versionId };
    const { Body } = await source.send(new GetObjectCommand(object));
    await put(key, { Body: await Body!.transformToByteArray() });
    await source.send(new DeleteObjectCommand(object));
    await destination.send(new DeleteObjectCommand({ ...object, Bucket: names.destination }));
  }

  it("writes lists into files, and says how a bucket gets them", async () => {
    pair.proxy.replication.decide = byKey;
    await put("documents/failed-later");
    await pair.proxy.replication.finishAll();
    const { result } = await reconcile("--manifest", join(directory, "missing.csv"));
    const [list] = result.manifests;
    assert.deepEqual(list?.files, [join(directory, "missing.failed.csv")]);
    assert.match(list.next, /s3:\/\//);
    assert.match(
      readFileSync(list.files[0]!, "utf8"),
      new RegExp(`^${names.source},documents/failed-later,[^,\n]+\n$`),
    );
  });

  it("does not tell a missing delete marker where lifecycle may have made it", async () => {
    await source.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: names.source,
        LifecycleConfiguration: {
          Rules: [{ ID: "expire", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 30 } }],
        },
      }),
    );
    pair.proxy.replication.decide = () => ({ status: "PENDING" });
    await source.send(new DeleteObjectCommand({ Bucket: names.source, Key: "documents/a" }));
    const { result } = await reconcile("--prefix", "documents/a");
    assert.equal(causes(result)["delete-marker-of-lifecycle documents"], 1);
  });

  it("says in one sentence what it cannot read", async () => {
    const { code, stderr } = await pair.run("reconcile", "--head-limit", "many");
    assert.equal(code, 2);
    assert.match(stderr, /^--head-limit: must be a whole number from 0, got 'many'\n$/);
  });
});
