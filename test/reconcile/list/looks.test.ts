/** What the list engine asks of single versions, and what it says where it may not. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReconcileResult } from "../../../src/reconcile/result";
import { cli, type Result } from "../../support/cli";
import { configuration, DESTINATION, DESTINATION_ACCOUNT, pair, rule, SOURCE } from "../support/buckets";
import { S3StandIn, type StandInBucket, type StandInVersion } from "../support/s3StandIn";

const REPLICA = { status: "REPLICA" } as const;
const at = (key: string, more: Partial<StandInVersion> = {}): StandInVersion => ({
  key,
  versionId: `v-${key}`,
  ...more,
});

async function run(
  buckets: Readonly<Record<string, StandInBucket>>,
  options: readonly string[] = [],
  disturb?: S3StandIn["disturb"],
): Promise<{ result: ReconcileResult; code: number; log: readonly string[] }> {
  const standIn = await S3StandIn.start(buckets);
  if (disturb !== undefined) standIn.disturb = disturb;
  try {
    const found: Result = await cli(
      [
        "reconcile",
        SOURCE,
        ...["--destination-role-arn", `arn:aws:iam::${DESTINATION_ACCOUNT}:role/entrance`],
        ...["--no-explain", "--json"],
        ...options,
      ],
      standIn.environment,
    );
    assert.ok(found.stdout.startsWith("{"), found.stderr);
    return { result: JSON.parse(found.stdout) as ReconcileResult, code: found.code, log: standIn.log };
  } finally {
    await standIn.stop();
  }
}

const causes = ({ destinations }: ReconcileResult, place = 0) =>
  Object.fromEntries(
    destinations[place]!.counts.map(({ cause, rule: name, versions }) => [
      `${cause} ${name ?? ""}`.trim(),
      versions,
    ]),
  );

describe("reconcile: looks at single versions", () => {
  it("are not taken beyond --head-limit, and what is left is undecided", async () => {
    const source = Array.from({ length: 50 }, (_, n) => at(`missing/${n}`, { status: "FAILED" }));
    const { result, code } = await run(pair(source, []), ["--head-limit", "20"]);
    assert.deepEqual(causes(result), { "failed all": 20, "status-unread all": 30 });
    assert.match(result.notes.join(), /30 versions were not asked for their status: --head-limit is 20/);
    assert.equal(code, 1);
    const all = await run(pair(source, []), ["--head-limit", "49"]);
    assert.match(all.result.notes.join(), /^1 version was not asked for its status: --head-limit is 49$/);
    const none = await run(pair(source, []), ["--head-limit", "0"]);
    assert.deepEqual([none.code, none.result.verdict], [3, "undecided"]);
  });

  it("tell an object under SSE-C, for which S3 wants the customer's key", async () => {
    const { result } = await run(pair([at("a", { encryption: "SSE-C", status: "FAILED" })], []));
    assert.deepEqual(causes(result), { "status-behind-customer-key all": 1 });
  });

  it("take 400 for SSE-C only where S3 says so: HEAD answers it for credentials that expired too", async () => {
    const { result, code } = await run(pair([at("a", { status: "FAILED" })], []), [], (_, what) =>
      /^(HEAD|GET) acme-data a$/.test(what) ? { status: 400, code: "ExpiredToken" } : undefined,
    );
    assert.deepEqual([code, causes(result)], [3, { "status-unread all": 1 }]);
    assert.match(result.notes.join(), /versions of acme-data were not looked at: ExpiredToken/);
    const passing = await run(pair([at("a", { status: "FAILED" })], []), [], (_, what) =>
      what === "HEAD acme-data a" ? { status: 400, code: "BadRequest" } : undefined,
    );
    assert.deepEqual(causes(passing.result), { "failed all": 1 });
  });

  it("take 400 for SSE-C of an archived object, which no GET reads, only where HEAD answers it again", async () => {
    const archived = { storageClass: "GLACIER", status: "FAILED" } as const;
    const isGet = (what: string) => what === "GET acme-data a";
    const refused = { status: 403, code: "InvalidObjectState" };
    const under = await run(pair([at("a", { ...archived, encryption: "SSE-C" })], []), [], (_, what) =>
      isGet(what) ? refused : undefined,
    );
    assert.deepEqual(causes(under.result), { "status-behind-customer-key all": 1 });
    assert.deepEqual(under.result.notes, []);
    let looks = 0;
    const passing = await run(pair([at("a", archived)], []), [], (_, what) => {
      if (what === "HEAD acme-data a" && (looks += 1) === 1) return { status: 400, code: "BadRequest" };
      return isGet(what) ? refused : undefined;
    });
    assert.deepEqual([looks, causes(passing.result)], [2, { "failed-archived all": 1 }]);
  });

  it("read tags where a rule filters by them", async () => {
    const tagged = rule({ ID: "tagged", Filter: { Tag: { Key: "team", Value: "a" } } });
    const versions = [at("a", { tags: { team: "a" } }), at("b", { tags: { team: "b" } }), at("c")];
    const { result } = await run(pair(versions, [], tagged));
    assert.deepEqual(causes(result), { "never-tried tagged": 1, "no-rule": 2 });
  });

  it("tell which of two buckets that replicate to each other has the replica, before its class is called wrong", async () => {
    const infrequent = { storageClass: "STANDARD_IA" } as const;
    const archiving = rule({
      Destination: { ...rule().Destination, StorageClass: infrequent.storageClass },
    });
    const source = [
      at("own", { status: "COMPLETED" }),
      at("wrong", { status: "COMPLETED" }),
      at("theirs", REPLICA),
    ];
    const destination = [
      at("own", { ...REPLICA, ...infrequent }),
      at("wrong", REPLICA),
      at("theirs", { status: "COMPLETED" }),
    ];
    const { result } = await run(pair(source, destination, archiving));
    assert.deepEqual(causes(result), { "in-place all": 2, "wrong-storage-class all": 1 });
    const unasked = await run(pair(source, destination, archiving), ["--head-limit", "0"]);
    assert.deepEqual(causes(unasked.result), { "in-place all": 1, "maybe-replica all": 2 });
    assert.equal(unasked.result.verdict, "undecided");
  });

  it("compare a sample of what is in place in encryption and tags", async () => {
    const source = [
      at("a", { status: "COMPLETED" }),
      at("b", { status: "COMPLETED", tags: { team: "a" } }),
      at("c", { status: "COMPLETED" }),
    ];
    const destination = [at("a", REPLICA), at("b", REPLICA), at("c", { ...REPLICA, encryption: "aws:kms" })];
    const { result } = await run(pair(source, destination));
    assert.deepEqual(causes(result), {
      "in-place all": 1,
      "wrong-encryption all": 1,
      "wrong-tags all": 1,
    });
    const without = await run(pair(source, destination), ["--sample", "0"]);
    assert.deepEqual(causes(without.result), { "in-place all": 3 });
    assert.match(
      without.result.notCompared.join(),
      /encryption, tags and status: .* 0 of 3 versions in place/,
    );
    assert.equal(without.log.filter((line) => line.startsWith("HEAD acme-data v")).length, 0);
  });

  it("that are refused are said with the permission that they need, and decide nothing", async () => {
    const source = [at("a", { status: "FAILED" }), at("b", { status: "FAILED" })];
    const { result, code } = await run(pair(source, []), [], (_, what) =>
      /^HEAD acme-data ./.test(what) ? { status: 403, code: "AccessDenied" } : undefined,
    );
    assert.deepEqual([code, causes(result)], [3, { "status-unread all": 2 }]);
    assert.match(result.notes.join(), /needs s3:GetObjectVersion on its objects/);
  });
});

describe("reconcile: several destinations", () => {
  it("count what lifecycle holds once, though the sample of each tells its status", async () => {
    const second = "acme-second";
    const versions = [
      at("a", { status: "FAILED" }),
      at("b", { status: "PENDING" }),
      at("c", { status: "COMPLETED" }),
    ];
    const replicas = versions.map((each) => ({ ...each, ...REPLICA }));
    const buckets = pair(versions, replicas);
    const rules = configuration(
      rule(),
      rule({ Priority: 2, Destination: { Bucket: `arn:aws:s3:::${second}`, Account: DESTINATION_ACCOUNT } }),
    );
    const { result } = await run({
      ...buckets,
      [SOURCE]: { ...buckets[SOURCE]!, replication: rules },
      [second]: { ...buckets[DESTINATION]! },
    });
    assert.deepEqual(result.held, [
      { status: "FAILED", versions: 1, bytes: 10 },
      { status: "PENDING", versions: 1, bytes: 10 },
    ]);
  });

  it("list a version once that the sample finds wrong at both", async () => {
    const second = "acme-second";
    const versions = Array.from({ length: 40 }, (_, n) => at(`docs/${n}`, { status: "COMPLETED" }));
    const buckets = pair(
      versions,
      versions.map((each) => ({ ...each, ...REPLICA, tags: { changed: "there" } })),
    );
    const replication = configuration(
      rule(),
      rule({ Priority: 2, Destination: { Bucket: `arn:aws:s3:::${second}`, Account: DESTINATION_ACCOUNT } }),
    );
    const directory = mkdtempSync(join(tmpdir(), "looks-"));
    try {
      const { result } = await run(
        {
          ...buckets,
          [SOURCE]: { ...buckets[SOURCE]!, replication },
          [second]: { ...buckets[DESTINATION]! },
        },
        ["--manifest", join(directory, "list.csv")],
      );
      assert.deepEqual(
        result.manifests.map(({ cause, versions: listed }) => [cause, listed]),
        [["wrong-tags", 40]],
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("are decided on each by its own rules, in one pass over the source", async () => {
    const second = "acme-second";
    const buckets = pair(
      [at("docs/a", { status: "FAILED" }), at("docs/b", { status: "COMPLETED" }), at("logs/c")],
      [at("docs/a", REPLICA), at("docs/b", REPLICA)],
    );
    const rules = configuration(
      rule({ ID: "first", Filter: { Prefix: "docs/" } }),
      rule({
        ID: "second",
        Priority: 2,
        Destination: { Bucket: `arn:aws:s3:::${second}`, Account: DESTINATION_ACCOUNT },
      }),
    );
    const { result, log } = await run({
      ...buckets,
      [SOURCE]: { ...buckets[SOURCE]!, replication: rules },
      [second]: { accountId: DESTINATION_ACCOUNT, versions: [at("docs/b", REPLICA)] },
    });
    assert.deepEqual(
      result.destinations.map(({ bucketName }) => bucketName),
      [DESTINATION, second],
    );
    // Its status was read for the other destination.
    assert.deepEqual(causes(result, 0), { "in-place first": 1, "in-place-failed first": 1, "no-rule": 1 });
    assert.deepEqual(causes(result, 1), {
      "in-place second": 1,
      "failed second": 1,
      "never-tried second": 1,
    });
    const listings = log.filter((line) =>
      [`GET ${SOURCE} versions`, `GET ${SOURCE} encoding-type`].includes(line),
    );
    assert.equal(listings.length, 1, log.join("\n"));
  });
});
