/** What a pair comes to, from its proof, its state and earlier reports. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { EarlierReports } from "../../src/fleet/meaning/earlierReports";
import { judgePair, type PairReadings } from "../../src/fleet/meaning/judgePair";
import { ofDestination } from "../../src/fleet/meaning/ofDestination";
import type { PairReport } from "../../src/fleet/meaning/report";
import { summariseFleet } from "../../src/fleet/meaning/summariseFleet";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { Snapshot } from "../../src/snapshot/snapshot";
import type { Readings } from "../../src/status/readStatus";
import { CASES } from "../proof/cases";
import {
  allowing,
  bucket,
  DESTINATION,
  DESTINATION_ACCOUNT,
  DESTINATION_REGION,
  objectsOf,
  OVERRIDE,
  policy,
  rule,
  setUp,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_REGION,
  WRITE,
} from "../proof/setUp";
import { fleetViolations } from "./schema";

const OTHER = "arn:aws:s3:::acme-invoices-archive";
const KNOWN = { listed: new Set([SOURCE_ACCOUNT, DESTINATION_ACCOUNT]) };
const METRICS = { Metrics: { Status: "Enabled" } } as const;

const alarm = (state: "OK" | "ALARM", destination = "acme-invoices-copy") => ({
  AlarmName: `${destination}-failed`,
  Namespace: "AWS/S3",
  Dimensions: [
    { Name: "SourceBucket", Value: "acme-invoices" },
    { Name: "DestinationBucket", Value: destination },
  ],
  AlarmActions: ["arn:aws:sns:eu-central-1:111122223333:on-call"],
  StateValue: state,
});

const watched: Partial<Readings> = {
  alarms: [alarm("OK")],
  failureEvents: [{ arn: "arn:aws:sqs:eu-central-1:111122223333:failures", waiting: 0, inFlight: 0 }],
};

function readingsOf(snapshot: Snapshot, status: Partial<Readings> = watched, destination = DESTINATION) {
  const ofPair = ofDestination(snapshot, SOURCE, destination);
  return {
    snapshot: ofPair,
    sourceArn: SOURCE,
    destinationArn: destination,
    proof: rehearse(ofPair, { stored: true }),
    unanswered: [],
    status: {
      bucketName: "acme-invoices",
      account: SOURCE_ACCOUNT,
      region: SOURCE_REGION,
      at: new Date("2026-11-21T14:00:00Z"),
      metrics: new Map(),
      unanswered: [],
      ...status,
    },
  } satisfies PairReadings;
}

const judged = (
  readings: PairReadings,
  known: Parameters<typeof judgePair>[1] = KNOWN,
  earlier = new EarlierReports(),
): PairReport => judgePair(readings, known, earlier);

const measured = setUp({ rules: [rule({}, METRICS)] });

describe("a pair", () => {
  it("is fine where it is proven, watched, and nothing is wrong", () => {
    const pair = judged(readingsOf(measured));
    deepStrictEqual([pair.harm, pair.verdict, pair.problems], ["fine", "proven", []]);
  });

  it("is broken before it is anything else, and its first problem is the cause", () => {
    const { snapshot } = CASES.find(({ file }) => file === "key-policy-without-role")!;
    const pair = judged(readingsOf(snapshot, { alarms: [alarm("ALARM")], failureEvents: [] }));
    strictEqual(pair.harm, "broken");
    match(
      pair.problems[0]!.message,
      /^acme-invoices to acme-invoices-copy: kms:Encrypt on \S+ is not allowed/,
    );
    deepStrictEqual([...new Set(pair.problems.map(({ level }) => level))], ["broken", "unwatched"]);
  });

  it("fails where an alarm on it rings, and not where one on another destination does", () => {
    const alarms = [alarm("OK"), alarm("ALARM", "acme-invoices-archive")];
    strictEqual(judged(readingsOf(measured, { ...watched, alarms })).harm, "fine");
    strictEqual(judged(readingsOf(measured, { ...watched, alarms: [alarm("ALARM")] })).harm, "failing");
  });

  it("fails where no rule is on: nothing is replicated", () => {
    const off = setUp({ rules: [rule({ Status: "Disabled" }, METRICS)] });
    const pair = judged(readingsOf(off));
    deepStrictEqual([pair.harm, pair.verdict], ["failing", "unproven"]);
  });

  it("is unwatched without metrics, without an alarm, and without a place for failure events", () => {
    const stories: readonly (readonly [Snapshot, Partial<Readings>, RegExp])[] = [
      [setUp(), watched, /without metrics/],
      [measured, { ...watched, alarms: [] }, /no alarm watches/],
      [measured, { ...watched, alarms: [{ ...alarm("OK"), AlarmActions: [] }] }, /notify nobody/],
      [measured, { ...watched, failureEvents: [] }, /go nowhere/],
    ];
    for (const [snapshot, status, says] of stories) {
      const pair = judged(readingsOf(snapshot, status));
      deepStrictEqual([pair.harm, pair.verdict], ["unwatched", "proven"]);
      match(pair.problems[0]!.message, says);
    }
  });

  it("is unproven by what the caller may not read, named by the action that it takes", () => {
    const unread = {
      caller: "arn:aws:iam::111122223333:user/reader",
      action: "cloudwatch:DescribeAlarms",
      resource: "*",
      refused: true,
      reason: "AccessDenied",
    };
    const pair = judged(readingsOf(measured, { ...watched, alarms: undefined, unanswered: [unread] }));
    deepStrictEqual(
      [pair.harm, pair.problems.map(({ message }) => message)],
      [
        "unproven",
        [
          "acme-invoices to acme-invoices-copy: arn:aws:iam::111122223333:user/reader needs cloudwatch:DescribeAlarms on *",
        ],
      ],
    );
  });

  it("says of its destination whose it is, and that it is public, and is fine all the same", () => {
    const members = new Set([SOURCE_ACCOUNT]);
    const listed = new Set([SOURCE_ACCOUNT]);
    const said = (known: Parameters<typeof judgePair>[1], snapshot = measured) => {
      const { harm, problems, destination } = judged(readingsOf(snapshot), known);
      strictEqual(harm, "fine");
      return [destination.place, ...problems.map(({ message }) => message.replace(/^.*?: /, ""))];
    };
    deepStrictEqual(said({ listed }), [
      "unlisted",
      `acme-invoices-copy is in an account that nobody lists (${DESTINATION_ACCOUNT})`,
    ]);
    deepStrictEqual(said({ listed, members }), [
      "outside",
      `acme-invoices-copy is in an account outside the organization (${DESTINATION_ACCOUNT})`,
    ]);
    deepStrictEqual(said({ listed, members: new Set([...members, DESTINATION_ACCOUNT]) }), [
      "member",
      `acme-invoices-copy is in an account of the organization that was not looked into (${DESTINATION_ACCOUNT})`,
    ]);
    const everybody = allowing("*", [...WRITE, OVERRIDE], objectsOf(DESTINATION));
    deepStrictEqual(said(KNOWN, setUp({ rules: [rule({}, METRICS)], bucketPolicy: policy(everybody) })), [
      "listed",
      "acme-invoices-copy is public: its bucket policy lets everybody in",
    ]);
  });

  it("keeps the fingerprint of a problem while the numbers in it change", () => {
    const fingerprints = [2, 30].map((value) => {
      const series = { failedOperations: [{ at: Date.parse("2026-11-21T13:50:00Z"), value }] };
      const metrics = new Map([
        ["everything", { ...series, latency: [], pendingOperations: [], pendingBytes: [] }],
      ]);
      return judged(readingsOf(measured, { ...watched, metrics })).problems[0]!;
    });
    const [few, many] = fingerprints;
    ok(few!.message !== many!.message);
    strictEqual(few!.fingerprint, many!.fingerprint);
  });
});

describe("a source with two destinations", () => {
  const two = setUp({
    rules: [rule({}, METRICS), rule({ ID: "archive", Priority: 2 }, { ...METRICS, Bucket: OTHER })],
    buckets: {
      [OTHER]: bucket(DESTINATION_ACCOUNT, DESTINATION_REGION, { policy: null, unread: ["policy"] }),
    },
  });

  it("is judged for each of them by itself", () => {
    const one = judged(readingsOf(two));
    deepStrictEqual([one.rules, one.verdict], [["everything"], "proven"]);
    const other = judged(readingsOf(two, watched, OTHER));
    deepStrictEqual([other.rules, other.verdict], [["archive"], "broken"]);
  });

  for (const { file, snapshot } of CASES.slice(0, 400).filter(({ snapshot: { buckets } }) =>
    Object.values(buckets).some(
      ({ replication }) => new Set(replication?.Rules.map(({ Destination }) => Destination.Bucket)).size > 1,
    ),
  )) {
    it(`comes to what the bucket as a whole does: ${file}`, () => {
      for (const [arn, { replication }] of Object.entries(snapshot.buckets)) {
        const destinations = new Set(replication?.Rules.map(({ Destination }) => Destination.Bucket));
        const alone = { ...snapshot, buckets: { ...snapshot.buckets } };
        for (const [other, state] of Object.entries(alone.buckets)) {
          if (other !== arn) alone.buckets[other] = { ...state, replication: null };
        }
        const verdicts = [...destinations].map(
          (destination) => rehearse(ofDestination(alone, arn, destination), { stored: true }).verdict,
        );
        if (verdicts.length === 0) continue;
        const worst = ["broken", "unproven", "proven"].find((verdict) =>
          verdicts.includes(verdict as "broken"),
        );
        strictEqual(worst, rehearse(alone, { stored: true }).verdict, arn);
      }
    });
  }
});

describe("when a pair was last checked", () => {
  const at = (day: number) => `2026-11-${String(day).padStart(2, "0")}T04:00:00.000Z`;
  const reconciliation = (day: number, failed: number) => ({
    verdict: failed === 0 ? ("complete" as const) : ("incomplete" as const),
    source: { bucketName: "acme-invoices" },
    destinations: [
      {
        bucketName: "acme-invoices-copy",
        listedAt: at(day),
        counts: [
          { state: "in place", versions: 5 },
          { state: "failed", versions: failed },
        ],
      },
    ],
  });

  it("is what the newest report says, in whatever order they come", () => {
    const earlier = new EarlierReports();
    for (const [day, failed] of [
      [3, 0],
      [9, 2],
      [5, 0],
    ] as const)
      earlier.addReconciliation(reconciliation(day, failed));
    const pair = judged(readingsOf(measured), KNOWN, earlier);
    deepStrictEqual(pair.lastReconciled, { at: at(9), verdict: "incomplete", missing: 2 });
    strictEqual(pair.harm, "failing");
    match(pair.problems[0]!.message, /2 versions were missing when it was last reconciled/);
    deepStrictEqual(earlier.unused, []);
  });

  it("fails where its canary did, and is told of each destination by itself", () => {
    const earlier = new EarlierReports();
    earlier.addVerification(
      {
        bucket: "acme-invoices",
        rules: [
          { destination: DESTINATION, outcome: "wrong" },
          { destination: OTHER, outcome: "verified" },
        ],
      },
      at(7),
    );
    const pair = judged(readingsOf(measured), KNOWN, earlier);
    deepStrictEqual([pair.harm, pair.lastVerified], ["failing", { at: at(7), verdict: "failed" }]);
    deepStrictEqual(earlier.verified("acme-invoices", "acme-invoices-archive")?.verdict, "verified");
  });

  it("says that a report is about a bucket that replicates nothing here", () => {
    const earlier = new EarlierReports();
    earlier.addReconciliation(reconciliation(3, 0));
    deepStrictEqual(earlier.unused, [
      "a report of --reports is about acme-invoices, which is no source bucket here",
    ]);
  });
});

describe("a fleet", () => {
  const pair = judged(readingsOf(measured));
  const of = (...harms: PairReport["harm"][]) => {
    const pairs = harms.map((harm, index) => ({
      ...pair,
      harm,
      verdict: harm === "unproven" ? ("unproven" as const) : pair.verdict,
      source: { ...pair.source, bucketName: `bucket-${harms.length - index}` },
    }));
    return summariseFleet({ accounts: [], pairs, notRead: [], notes: [] });
  };

  it("is sorted by harm, then by name, and keeps to its schema", () => {
    const report = of("fine", "unproven", "unwatched", "fine", "failing", "broken");
    deepStrictEqual(
      report.pairs.map(({ harm, source }) => [harm, source.bucketName]),
      [
        ["broken", "bucket-1"],
        ["failing", "bucket-2"],
        ["unwatched", "bucket-4"],
        ["unproven", "bucket-5"],
        ["fine", "bucket-3"],
        ["fine", "bucket-6"],
      ],
    );
    deepStrictEqual(fleetViolations(report), []);
  });

  for (const [harms, expected] of [
    [["fine", "broken"], "broken"],
    [["unproven", "failing"], "failing"],
    [["unwatched", "unproven"], "unproven"],
    [["fine", "unwatched"], "unwatched"],
    [["fine"], "fine"],
    [[], "unproven"],
  ] as const) {
    it(`of ${harms.join(" and ") || "no pairs"} is ${expected}`, () =>
      strictEqual(of(...harms).verdict, expected));
  }

  it("is unproven where an account could not be looked into", () => {
    const notRead = [{ kind: "unread", level: "unproven", message: "no access", fingerprint: "1" }] as const;
    strictEqual(summariseFleet({ accounts: [], pairs: [pair], notRead, notes: [] }).verdict, "unproven");
  });
});
