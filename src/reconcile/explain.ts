/** Why versions are missing, by the settings of now: one version of each cause, replicated on paper. */
import { GetObjectTaggingCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { PairAccounts } from "../aws/pair";
import { Questions } from "../aws/questions";
import { bucketNameOf } from "../naming/names";
import { objectStateOf } from "../readers/liveAccount/object";
import { readPair } from "../readers/liveAccount/pair";
import { rehearse } from "../rehearsal/rehearse";
import type { ObjectReport } from "../rehearsal/report/report";
import type { ObjectState, Snapshot } from "../snapshot/snapshot";
import { Unread } from "../snapshot/unread";
import { given } from "../util/optional";
import type { State } from "./meaning/causes";
import type { Count, DestinationTally } from "./meaning/tally";
import type { ReadBucket } from "./readBuckets";
import type { Explanation } from "./result";

/** States whose cause the settings can tell. */
const EXPLAINED: readonly State[] = ["failed", "pending", "never tried"];

/** Causes that are explained at most: each takes a rehearsal. */
const MOST_EXPLAINED = 12;

/** Reads both accounts as `doctor` does. @returns Nothing where nothing is missing. */
export async function explain(
  accounts: PairAccounts,
  source: ReadBucket,
  tallies: readonly DestinationTally[],
  signal: AbortSignal,
): Promise<Explanation[]> {
  const missing = tallies.flatMap(({ destinationArn, counts }) =>
    counts
      .filter(({ state, examples }) => EXPLAINED.includes(state) && examples.length > 0)
      .map((count) => ({ destinationArn, count })),
  );
  if (missing.length === 0) return [];
  const questions = new Questions(signal);
  const { snapshot, bucketArn } = await readPair(questions, accounts, source.name);
  const explanations: Explanation[] = [];
  for (const { destinationArn, count } of missing.slice(0, MOST_EXPLAINED)) {
    const explanation = await explainOne(questions, snapshot, source, bucketArn, destinationArn, count);
    if (explanation !== undefined) explanations.push(explanation);
  }
  return explanations;
}

async function explainOne(
  questions: Questions,
  snapshot: Snapshot,
  source: ReadBucket,
  bucketArn: string,
  destinationArn: string,
  { cause, rule, examples }: Count,
): Promise<Explanation | undefined> {
  const [example] = examples;
  if (example === undefined) return undefined;
  const isMarker = cause === "never-tried-delete-marker";
  const object = isMarker
    ? markerState(bucketArn, example.key)
    : await objectState(questions, source, bucketArn, example);
  if (object === undefined) return undefined;
  const { objects } = rehearse({ ...snapshot, objects: [object] }, { stored: true });
  const ofDestination = objects.filter(({ destination = destinationArn }) => destination === destinationArn);
  const [report] = ofDestination.filter(({ key }) => key === example.key);
  if (report === undefined) return undefined;
  return {
    destination: bucketNameOf(destinationArn),
    cause,
    ...given("rule", rule),
    ...example,
    onPaper: report.outcome,
    reason: report.reason,
    missing: missingOf(report),
  };
}

function missingOf({ missing }: ObjectReport): string[] {
  const named = missing.map(({ action, where, keys = [] }) => `${action ?? keys.join(", ")} in ${where}`);
  return [...new Set(named)];
}

function markerState(bucketArn: string, key: string): ObjectState {
  return { bucket: bucketArn, key, encryption: { algorithm: "AES256" }, deleteMarker: true };
}

async function objectState(
  questions: Questions,
  { account, s3, name }: ReadBucket,
  bucketArn: string,
  { key, versionId }: Count["examples"][number],
): Promise<ObjectState | undefined> {
  const head = await questions.ask(
    { account, action: "s3:GetObjectVersion", resource: `${bucketArn}/*` },
    (options) => s3.send(new HeadObjectCommand({ Bucket: name, Key: key, VersionId: versionId }), options),
  );
  if (head === undefined || head instanceof Unread) return undefined;
  const tagging = await questions.ask(
    { account, action: "s3:GetObjectVersionTagging", resource: `${bucketArn}/*` },
    (options) =>
      s3.send(new GetObjectTaggingCommand({ Bucket: name, Key: key, VersionId: versionId }), options),
  );
  const tagSet = tagging instanceof Unread ? [] : (tagging?.TagSet ?? []);
  return objectStateOf(bucketArn, key, head, tagSet);
}
