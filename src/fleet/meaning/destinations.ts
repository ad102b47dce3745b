/** Where a destination stands: whose it is, as far as anybody says, and whether everybody is let in. */
import { isPublic, parsePolicy } from "../../iam";
import { bucketNameOf } from "../../naming/names";
import type { ReplicationRuleJson } from "../../replication/rules";
import { isAbsent, type Snapshot } from "../../snapshot/snapshot";
import { isUnreadPolicy } from "../../snapshot/unread";
import { given } from "../../util/optional";
import type { DestinationPlace, PairReport } from "./report";

/** What is known of accounts before any pair is looked at. */
export interface KnownAccounts {
  /** Ids of the accounts whose buckets were listed. */
  readonly listed: ReadonlySet<string>;
  /** Ids of all accounts of the organization. Left out: nobody listed it. */
  readonly members?: ReadonlySet<string>;
}

export function describeDestination(
  snapshot: Snapshot,
  arn: string,
  rules: readonly ReplicationRuleJson[],
  known: KnownAccounts,
): PairReport["destination"] {
  const bucket = Object.hasOwn(snapshot.buckets, arn) ? snapshot.buckets[arn] : undefined;
  const accountId =
    bucket?.account ?? rules.find(({ Destination }) => Destination.Account)?.Destination.Account;
  return {
    bucketName: bucketNameOf(arn),
    ...given("accountId", accountId),
    ...given("region", bucket?.region),
    place: isAbsent(snapshot, arn) ? "missing" : placeOf(accountId, known),
    isPublic: isOpenToAll(snapshot, arn),
  };
}

function placeOf(accountId: string | undefined, { listed, members }: KnownAccounts): DestinationPlace {
  if (accountId === undefined) return "unlisted";
  if (listed.has(accountId)) return "listed";
  if (members === undefined) return "unlisted";
  return members.has(accountId) ? "member" : "outside";
}

/** Whether S3 calls the bucket's policy public, and no block of public access cuts it off. */
function isOpenToAll({ buckets, accounts }: Snapshot, arn: string): boolean {
  const bucket = Object.hasOwn(buckets, arn) ? buckets[arn] : undefined;
  if (bucket?.policy === null || bucket?.policy === undefined || isUnreadPolicy(bucket.policy)) return false;
  const blocks = [bucket.publicAccessBlock, accounts[bucket.account]?.publicAccessBlock];
  if (blocks.some((block) => block?.restrictPublicBuckets === true)) return false;
  return isPublic(parsePolicy(bucket.policy, "destination bucket policy", { kind: "resource" }));
}

/** What is to be said of it: a sentence each. */
export function saidOf({
  bucketName,
  accountId,
  place,
  isPublic: isOpen,
}: PairReport["destination"]): string[] {
  const where = accountId === undefined ? "" : ` (${accountId})`;
  const said: Readonly<Record<DestinationPlace, string | undefined>> = {
    listed: undefined,
    // The proof is broken by it, and says so.
    missing: undefined,
    member: `${bucketName} is in an account of the organization that was not looked into${where}`,
    outside: `${bucketName} is in an account outside the organization${where}`,
    unlisted: `${bucketName} is in an account that nobody lists${where}`,
  };
  return [
    said[place],
    isOpen ? `${bucketName} is public: its bucket policy lets everybody in` : undefined,
  ].filter((sentence) => sentence !== undefined);
}
