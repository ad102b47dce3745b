/** A pair judged: what its proof, its state and earlier reports say, the worst first. */
import { bucketNameOf } from "../../naming/names";
import { type Problem, problem, problemsOf } from "../../rehearsal/gate/problems";
import type { Report } from "../../rehearsal/report/report";
import { ruleName } from "../../replication/rules";
import type { Snapshot } from "../../snapshot/snapshot";
import type { Readings } from "../../status/readStatus";
import type { StatusReport } from "../../status/report";
import { summarise } from "../../status/summarise";
import { given } from "../../util/optional";
import { describeDestination, type KnownAccounts, saidOf } from "./destinations";
import type { EarlierReports } from "./earlierReports";
import type { FleetProblem, Harm, PairReport } from "./report";

/** Everything that was read of a pair. */
export interface PairReadings {
  /** Of this destination alone. */
  readonly snapshot: Snapshot;
  readonly sourceArn: string;
  readonly destinationArn: string;
  readonly proof: Report;
  readonly provenIf?: string;
  /** Questions of the proof that AWS did not answer. */
  readonly unanswered: PairReport["unread"];
  readonly status: Readings;
}

export function judgePair(readings: PairReadings, known: KnownAccounts, earlier: EarlierReports): PairReport {
  const { snapshot, sourceArn, destinationArn, proof, status: ofBucket } = readings;
  const source = snapshot.buckets[sourceArn]!;
  const configuration = source.replication ?? { Role: "", Rules: [] };
  const destination = describeDestination(snapshot, destinationArn, configuration.Rules, known);
  const status = summarise({ ...ofBucket, configuration, destination: destination.bucketName });
  const names = [bucketNameOf(sourceArn), destination.bucketName] as const;
  const lastReconciled = earlier.reconciled(...names);
  const lastVerified = earlier.verified(...names);
  const unread = sortedQuestions([...readings.unanswered, ...ofBucket.unanswered]);
  const pair = {
    source: { bucketName: names[0], accountId: source.account, region: source.region },
    destination,
    rules: configuration.Rules.map((rule) => ruleName(configuration, rule)),
    verdict: proof.verdict,
    ...given("provenIf", readings.provenIf),
    state: stateOf(status),
    ...given("lastReconciled", lastReconciled),
    ...given("lastVerified", lastVerified),
    unread,
  };
  const problems = problemsOfPair(pair, proof, status);
  return { harm: harmOf(problems, pair.verdict), ...pair, problems };
}

type Judged = Omit<PairReport, "harm" | "problems">;

/** What everything that is asked of many accounts is called, that is not answered: each question once. */
function sortedQuestions(questions: PairReport["unread"]): PairReport["unread"] {
  const once = new Map(
    questions.map(({ caller, action, resource, refused, reason }) => [
      JSON.stringify([resource, action, caller]),
      { caller, action, resource, refused, reason },
    ]),
  );
  return [...once].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, question]) => question);
}

function stateOf({ verdict, rules, alarms, failureEvents }: StatusReport): PairReport["state"] {
  const measured = rules.flatMap(({ metrics }) => metrics ?? []);
  const over = (what: "failedOperations" | "latencyInSeconds", together: (values: number[]) => number) =>
    Object.fromEntries(
      (["lastHour", "lastDay"] as const).flatMap((span) => {
        const values = measured.flatMap((metrics) => metrics[what][span] ?? []);
        return values.length === 0 ? [] : [[span, together(values)]];
      }),
    );
  const waiting = (what: "operations" | "bytes") => {
    const values = measured.flatMap(({ pending }) => pending[what] ?? []);
    return values.length === 0 ? undefined : sum(values);
  };
  return {
    verdict,
    failedOperations: over("failedOperations", sum),
    latencyInSeconds: over("latencyInSeconds", (values) => Math.max(...values)),
    pending: { ...given("operations", waiting("operations")), ...given("bytes", waiting("bytes")) },
    withoutMetrics: rules.flatMap(({ id, status, hasMetrics }) =>
      status === "Enabled" && !hasMetrics ? [id] : [],
    ),
    alarms: alarms
      .map(({ name, kind, state, notifies }) => ({ name, kind, state, notifies }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    failureEvents: failureEvents.map(({ arn, isMissing, waiting: messages }) => ({
      arn,
      ...given("isMissing", isMissing),
      ...given("waiting", messages),
    })),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Levels in the order in which problems are told. */
const LEVELS: readonly FleetProblem["level"][] = ["broken", "unwatched", "unproven", "note"];

function problemsOfPair(pair: Judged, proof: PairReadings["proof"], status: StatusReport): FleetProblem[] {
  const name = `${pair.source.bucketName} to ${pair.destination.bucketName}`;
  const say = (kind: Problem["kind"], level: FleetProblem["level"], sentence: string) =>
    told(problem(kind, level, `${name}: ${sentence}`, [name, withoutNumbers(sentence)]));
  // What was not read is told by the action that it takes.
  const ofProof = problemsOf(proof).filter(({ kind }) => kind !== "unread" || pair.unread.length === 0);
  const all = [
    ...(pair.provenIf === undefined ? [] : [say("unread", "unproven", `proven if ${pair.provenIf}`)]),
    ...pair.unread.map((question) => say("unread", "unproven", needOf(question))),
    ...ofProof
      .filter(({ level }) => level === "broken" || level === "unproven")
      .map(({ kind, level, cause, message, fingerprint }) =>
        told(problem(kind, level, `${name}: ${cause ?? message}`, [name, fingerprint])),
      ),
    ...status.wrong.map((sentence) => say("replication-failing", "broken", sentence)),
    ...failedEarlier(pair).map((sentence) => say("replication-failing", "broken", sentence)),
    ...status.notes.map((sentence) => say("replication-unwatched", "unwatched", sentence)),
    ...saidOf(pair.destination).map((sentence) => say("take-care", "note", sentence)),
  ];
  return LEVELS.flatMap((level) => all.filter((each) => each.level === level));
}

function told({ kind, level, message, fingerprint }: Problem): FleetProblem {
  return { kind, level: level as FleetProblem["level"], message, fingerprint };
}

/** Two runs count differently and mean the same. */
const withoutNumbers = (sentence: string) => sentence.replaceAll(/\d+/g, "#");

export function needOf({ caller, action, resource, refused, reason }: PairReport["unread"][number]): string {
  return refused
    ? `${caller} needs ${action} on ${resource}`
    : `${action} on ${resource} was not answered: ${reason}`;
}

function failedEarlier({ lastReconciled, lastVerified }: Judged): string[] {
  const missing = lastReconciled?.missing ?? 0;
  return [
    ...(missing === 0
      ? []
      : [
          `${missing} ${missing === 1 ? "version was" : "versions were"} missing when it was last reconciled`,
        ]),
    ...(lastVerified?.verdict === "failed" ? ["its canary failed when it was last verified"] : []),
  ];
}

function harmOf(problems: readonly FleetProblem[], verdict: PairReport["verdict"]): Harm {
  if (verdict === "broken") return "broken";
  const has = (level: FleetProblem["level"]) => problems.some((each) => each.level === level);
  if (has("broken")) return "failing";
  if (has("unwatched")) return "unwatched";
  return verdict === "unproven" || has("unproven") ? "unproven" : "fine";
}
