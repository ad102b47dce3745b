/** The form of what a fleet's report says: `--json` prints exactly this. */
import * as v from "valibot";
import { fields } from "../../input/objectShapes";
import { PROBLEM_KINDS, type ProblemKind } from "../../rehearsal/gate/problems";
import { alarm, receiver } from "../../status/reportSchema";

/** What is to be said of a pair, the most harmful first. */
export const HARMS = ["broken", "failing", "unwatched", "unproven", "fine"] as const;

const text = v.string();
const time = v.pipe(text, v.description("ISO 8601, UTC"));
const count = v.pipe(v.number(), v.minValue(0));
const accountId = v.pipe(text, v.description("Account id"));

export const problem = v.strictObject({
  kind: v.picklist(Object.keys(PROBLEM_KINDS) as ProblemKind[]),
  level: v.pipe(
    v.picklist(["broken", "unproven", "unwatched", "note"]),
    v.description("broken: replication is broken or fails; unwatched: nobody would notice"),
  ),
  message: text,
  fingerprint: v.pipe(text, v.description("The same in every run as long as the problem is the same")),
});

const spans = (what: string) =>
  v.pipe(
    v.strictObject({ lastHour: v.optional(count), lastDay: v.optional(count) }),
    v.description(`${what}. Left out: CloudWatch has no data`),
  );

const state = v.strictObject({
  verdict: v.pipe(
    v.picklist(["fine", "wrong", "unread"]),
    v.description("What 'status' says of these rules; unread: nothing is wrong as far as it could be read"),
  ),
  failedOperations: spans("Operations that failed, of all rules"),
  latencyInSeconds: spans("Longest time by which the destination was behind"),
  pending: v.pipe(
    v.strictObject({ operations: v.optional(count), bytes: v.optional(count) }),
    v.description("What waited when S3 last said so, within the last hour"),
  ),
  withoutMetrics: v.pipe(v.array(text), v.description("Enabled rules without metrics")),
  alarms: v.array(v.pick(alarm, ["name", "kind", "state", "notifies"])),
  failureEvents: v.pipe(
    v.array(v.pick(receiver, ["arn", "isMissing", "waiting"])),
    v.description("Where events of failed objects go"),
  ),
});

export const PLACES = ["listed", "member", "outside", "unlisted", "missing"] as const;

const destination = v.strictObject({
  bucketName: text,
  accountId: v.optional(v.pipe(text, v.description("Account of the bucket. Left out: nobody said it"))),
  region: v.optional(text),
  place: v.pipe(
    v.picklist(PLACES),
    v.description(
      "listed: in an account that was looked into; member: in one of the organization that was not; outside: in one outside the organization; unlisted: in one that nobody lists; missing: there is no such bucket",
    ),
  ),
  isPublic: v.pipe(
    v.boolean(),
    v.description("Whether its bucket policy lets everybody in, as far as it could be read"),
  ),
});

export const earlier = v.strictObject({
  at: v.pipe(time, v.description("When the source was listed, or the report of 'verify' was written")),
  verdict: v.picklist(["complete", "incomplete", "undecided", "verified", "failed", "unfinished"]),
  missing: v.optional(v.pipe(count, v.description("Versions that were not at this destination"))),
});

const unanswered = v.strictObject({
  caller: v.pipe(text, v.description("ARN of who asked")),
  action: v.pipe(text, v.description("IAM action that it takes")),
  resource: text,
  refused: v.pipe(
    v.boolean(),
    v.description("Whether the caller lacks the action; otherwise AWS did not answer"),
  ),
  reason: v.pipe(text, v.description("AWS's own words")),
});

export const pair = v.strictObject({
  harm: v.pipe(v.picklist(HARMS), v.description("The worst of what is to be said")),
  source: v.strictObject({ bucketName: text, accountId, region: text }),
  destination,
  rules: v.pipe(v.array(text), v.description("Rules of the source that replicate to this destination")),
  verdict: v.pipe(
    v.picklist(["proven", "broken", "unproven"]),
    v.description("What 'doctor' says of these rules, without a sample of objects"),
  ),
  provenIf: v.optional(v.pipe(text, v.description("What the verdict would be proven but for"))),
  problems: v.pipe(v.array(problem), v.description("The worst first")),
  state,
  lastReconciled: v.optional(v.pipe(earlier, v.description("From the newest report that --reports gave"))),
  lastVerified: v.optional(v.pipe(earlier, v.description("From the newest report that --reports gave"))),
  unread: v.pipe(v.array(unanswered), v.description("Questions about the pair that AWS did not answer")),
});

export const account = v.strictObject({
  accountId,
  name: v.optional(v.pipe(text, v.description("As the organization calls it"))),
  buckets: v.optional(v.pipe(count, v.description("Buckets that were looked at. Left out: nobody could"))),
  replicated: v.pipe(count, v.description("Buckets with a replication configuration")),
});

export const FLEET_SCHEMA = v.pipe(
  v.strictObject({
    verdict: v.pipe(
      v.picklist(HARMS),
      v.description(
        "What decides on the exit code: broken or failing, else unproven where something could not be read or proven, else unwatched, else fine",
      ),
    ),
    counts: v.pipe(
      v.strictObject({ broken: count, failing: count, unwatched: count, unproven: count, fine: count }),
      v.description("Pairs by harm"),
    ),
    accounts: v.array(account),
    pairs: v.pipe(v.array(pair), v.description("A source bucket and one of its destinations, by harm")),
    notRead: v.pipe(
      v.array(problem),
      v.description("What could not be looked into, once each: accounts, the organization, buckets"),
    ),
    notes: v.pipe(v.array(text), v.description("Sentences")),
  }),
  v.description("What 's3-replication fleet --json' prints"),
);

/** Of an earlier report, what a baseline takes. */
export const BASELINE_SCHEMA = fields(
  {
    pairs: v.array(
      fields({ problems: v.array(problem, "must be a list of problems") }, "must be a pair"),
      "must be a list of pairs",
    ),
    notRead: v.array(problem, "must be a list of problems"),
  },
  "must be what 'fleet --json' prints",
);
