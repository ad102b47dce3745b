/** Both accounts read live, rehearsed, and beside it what only a live account knows. */
import { READING_STEPS, readPair } from "../readers/liveAccount/pair";
import { readKey } from "../readers/liveAccount/keys";
import { Questions, type Unanswered } from "../aws/questions";
import type { Snapshot } from "../snapshot/snapshot";
import type { PairAccounts } from "../aws/pair";
import { parseArn } from "../iam";
import { describeAccounts } from "../rehearsal/report/accounts";
import { permissionTable } from "../rehearsal/report/permissions";
import { type RehearsalOptions, rehearse } from "../rehearsal/rehearse";
import type { RehearsalResult } from "../rehearsal/report/text";
import { explainEvents, type ExplainedQueue } from "./explainEvents";
import { explainSample, type ExplainedSample } from "./explainSample";
import { readFailureEvents } from "../failureEvents/queue";
import { provenIf, withoutUnreadOrganizations } from "./organizations";
import { sampleObjects } from "./sample";

/** What the doctor says: the rehearsal's report, and `live`. */
export interface Diagnosis extends RehearsalResult {
  readonly live: Live;
}

export interface Live {
  /** Name of the source bucket. */
  readonly bucket: string;
  /** ARNs of those who asked, by account id. */
  readonly callers: readonly { readonly accountId: string; readonly arn: string }[];
  /** What is wrong beside what the rehearsal finds: a sentence each. */
  readonly problems: readonly string[];
  /** What has to be known to be so, where the verdict would be proven but for it. */
  readonly provenIf?: string;
  readonly unanswered: readonly Unanswered[];
  readonly keys: readonly LiveKey[];
  /** What was read otherwise than it is written: a sentence each. */
  readonly notes: readonly string[];
  readonly sample: ExplainedSample;
  readonly queues: readonly ExplainedQueue[];
  /** ARNs of topics and functions that get failure events, and that nobody can look into. */
  readonly eventsElsewhere: readonly string[];
}

export interface LiveKey {
  readonly arn: string;
  /** Left out: it could not be read. */
  readonly state?: string;
  readonly manager: string;
  readonly multiRegion: boolean;
}

export interface DiagnosisOptions {
  /** How many objects are looked at, at most. */
  readonly sampleSize: number;
  /** Takes it that policies of an organization that could not be read deny nothing. */
  readonly assumeOrganizationAllows?: boolean;
  /** How the rehearsal decides. Default: as it does by itself. */
  readonly rehearsal?: RehearsalOptions;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string) => void;
}

/** How many steps `onStep` is told of. */
export const STEPS = READING_STEPS.length + 3;

/**
 * Reads, and changes nothing.
 * @throws AwsCallFailed Where there is no such bucket.
 */
export async function diagnose(
  accounts: PairAccounts,
  bucketName: string,
  {
    sampleSize,
    assumeOrganizationAllows = false,
    rehearsal: options,
    signal,
    onStep = () => undefined,
  }: DiagnosisOptions,
): Promise<{ readonly snapshot: Snapshot; readonly diagnosis: Diagnosis }> {
  const questions = new Questions(signal);
  // AWS stores what is read here.
  const rehearsal = { ...options, stored: true };
  const { source, destinations, organization } = accounts;
  const { snapshot, bucketArn, region, notes } = await readPair(questions, accounts, bucketName, onStep);
  const bucket = snapshot.buckets[bucketArn]!;

  onStep("objects");
  const sampled = await sampleObjects(questions, source, bucketArn, bucket, sampleSize);
  // Objects may lie under keys that no policy names.
  const sampledKeys = new Set(sampled.objects.flatMap(({ state }) => state.encryption.keyArn ?? []));
  for (const keyArn of sampledKeys) {
    const owner = parseArn(keyArn)?.accountId;
    const account = [source, ...destinations].find(({ id }) => id === owner) ?? source;
    await readKey(questions, { account, region, granteeAccount: source.id }, keyArn, snapshot);
  }
  onStep("failure events");
  const { queues, elsewhere } = await readFailureEvents(questions, source, bucketArn, region);

  onStep("rehearsal");
  const judged = assumeOrganizationAllows ? withoutUnreadOrganizations(snapshot) : snapshot;
  const { sample, report } = explainSample(judged, rehearse(judged, rehearsal), sampled, rehearsal);
  const isUnreplicated = bucket.replication === null && bucket.unread?.includes("replication") !== true;
  return {
    snapshot: judged,
    diagnosis: {
      ...report,
      verdict: isUnreplicated ? "broken" : report.verdict,
      accounts: describeAccounts(judged, []),
      permissions: permissionTable(report),
      live: {
        bucket: bucketName,
        callers: [source, ...destinations, organization].flatMap((account) =>
          account === undefined ? [] : [{ accountId: account.id, arn: account.callerArn }],
        ),
        problems: isUnreplicated
          ? ["the bucket has no replication configuration, so S3 replicates nothing"]
          : [],
        ...provenIf(
          judged,
          report.verdict,
          (free) => explainSample(free, rehearse(free, rehearsal), sampled, rehearsal).report.verdict,
        ),
        unanswered: questions.unanswered,
        keys: liveKeys(judged),
        notes,
        sample,
        queues: explainEvents(queues, report),
        eventsElsewhere: elsewhere,
      },
    },
  };
}

function liveKeys({ keys }: Snapshot): LiveKey[] {
  return Object.entries(keys).map(([arn, { state, manager, multiRegion, unread }]) => ({
    arn,
    ...(unread?.includes("state") === true ? {} : { state }),
    manager,
    multiRegion,
  }));
}
