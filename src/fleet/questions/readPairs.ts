/** Asks everything that the verdicts on a source bucket and its destinations rest on. */
import { AwsCallFailed } from "../../aws/failures";
import { type PairAccounts, regionIfThere } from "../../aws/pair";
import { Questions } from "../../aws/questions";
import { provenIf, withoutUnreadOrganizations } from "../../doctor/organizations";
import { parseArn } from "../../naming/arn";
import { bucketNameOf } from "../../naming/names";
import { readPair } from "../../readers/liveAccount/pair";
import { rehearse, type RehearsalOptions } from "../../rehearsal/rehearse";
import type { ReplicationConfiguration } from "../../replication/rules";
import { readStatus } from "../../status/readStatus";
import { unique } from "../../util/grouping";
import { ofDestination } from "../meaning/ofDestination";
import type { PairReadings } from "../meaning/judgePair";
import type { SourceBucket } from "./discover";
import type { Fleet } from "./openFleet";

export interface ReadingOptions {
  readonly rehearsal: RehearsalOptions;
  /** Takes it that policies of an organization that could not be read deny nothing. */
  readonly assumeOrganizationAllows: boolean;
  readonly signal: AbortSignal;
}

/**
 * One for each destination, in their order; none where the bucket, or its replication, is not there any more.
 * @throws AwsCallFailed Where AWS does not say where the bucket is.
 * @throws PolicySyntaxError Where a document cannot be parsed.
 */
export async function readPairs(
  fleet: Fleet,
  owners: ReadonlyMap<string, string>,
  { account, bucketName, configuration }: SourceBucket,
  { rehearsal: options, assumeOrganizationAllows, signal }: ReadingOptions,
): Promise<PairReadings[]> {
  if ((await regionIfThere(account, bucketName)) === undefined) return [];
  const enter = (accountId: string) => fleet.accounts.get(accountId)?.account;
  const destinationAccounts = unique(namedAccounts(configuration, owners)).flatMap((id) => enter(id) ?? []);
  const accounts: PairAccounts = {
    source: account,
    destinations: destinationAccounts.filter(({ id }) => id !== account.id),
    ...(fleet.organization === undefined ? {} : { organization: fleet.organization }),
    enter,
    ownerOf: (name) => owners.get(name),
    close: () => undefined,
  };
  const questions = new Questions(signal);
  const [{ snapshot, bucketArn }, status] = await Promise.all([
    readPair(questions, accounts, bucketName),
    readStatus(accounts, bucketName, { signal, looksIntoQueues: false }),
  ]);
  const judged = assumeOrganizationAllows ? withoutUnreadOrganizations(snapshot) : snapshot;
  const { replication, unread = [] } = judged.buckets[bucketArn]!;
  if (unread.includes("replication"))
    throw new AwsCallFailed("its replication configuration was not answered");
  const rules = replication?.Rules ?? [];
  // AWS stores what is read here.
  const rehearsal = { ...options, stored: true };
  return unique(rules.map(({ Destination }) => Destination.Bucket)).map((destinationArn) => {
    const ofPair = ofDestination(judged, bucketArn, destinationArn);
    const proof = rehearse(ofPair, rehearsal);
    const left = { ...judged.buckets, ...judged.keys, ...judged.accounts };
    const kept = { ...ofPair.buckets, ...ofPair.keys, ...ofPair.accounts };
    const isAboutOthers = (resource: string) =>
      Object.hasOwn(left, resource) && !Object.hasOwn(kept, resource);
    return {
      snapshot: ofPair,
      sourceArn: bucketArn,
      destinationArn,
      proof,
      ...provenIf(ofPair, proof.verdict, (free) => rehearse(free, rehearsal).verdict),
      unanswered: questions.unanswered.filter(({ resource }) => !isAboutOthers(resource)),
      status,
    };
  });
}

/** Accounts of destinations: whose buckets were listed, and that rules name. */
function namedAccounts({ Rules }: ReplicationConfiguration, owners: ReadonlyMap<string, string>): string[] {
  return Rules.flatMap(({ Destination: { Bucket, Account, EncryptionConfiguration } }) =>
    [
      owners.get(bucketNameOf(Bucket)),
      Account,
      parseArn(EncryptionConfiguration?.ReplicaKmsKeyID ?? "")?.accountId,
    ].filter((id) => id !== undefined),
  );
}
