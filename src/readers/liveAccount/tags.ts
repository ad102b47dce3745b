/** Tags of buckets and keys, and whether those of a bucket count: asked for only where some policy reads such tags. */
import { paginateListResourceTags } from "@aws-sdk/client-kms";
import { GetBucketAbacCommand, GetBucketTaggingCommand } from "@aws-sdk/client-s3";
import type { AwsAccount } from "../../aws/account";
import { allOf, type Questions } from "../../aws/questions";
import { bucketNameOf } from "../../naming/names";
import type { BucketState, KeyState, Snapshot } from "../../snapshot/snapshot";
import { Unread } from "../../snapshot/unread";

/** Whether a policy of the snapshot has a condition on the tags of what is asked for. */
export function readsResourceTags(snapshot: Snapshot): boolean {
  return JSON.stringify(snapshot).toLowerCase().includes("aws:resourcetag/");
}

/** What is refused stays unknown: a decision that hangs on it says so. */
export async function readBucketTags(
  questions: Questions,
  account: AwsAccount,
  arn: string,
  state: BucketState,
): Promise<void> {
  const s3 = await account.s3(state.region);
  const bucket = { Bucket: bucketNameOf(arn), ExpectedBucketOwner: state.account };
  const about = (action: string) => ({ account, action, resource: arn });
  const [abac, tagging] = await Promise.all([
    questions.ask(about("s3:GetBucketAbac"), (options) => s3.send(new GetBucketAbacCommand(bucket), options)),
    questions.ask(about("s3:GetBucketTagging"), (options) =>
      s3.send(new GetBucketTaggingCommand(bucket), options),
    ),
  ]);
  if (!(abac instanceof Unread)) {
    state.abac = abac?.AbacStatus?.Status === "Enabled" ? "Enabled" : "Disabled";
  }
  if (!(tagging instanceof Unread)) state.tags = tagsOf(tagging?.TagSet);
}

export async function readKeyTags(
  questions: Questions,
  account: AwsAccount,
  arn: string,
  state: KeyState,
): Promise<void> {
  const client = await account.kms(state.region);
  const question = { account, action: "kms:ListResourceTags", resource: arn };
  const tags = await questions.ask(question, (options) =>
    allOf(paginateListResourceTags({ client }, { KeyId: arn }, options), (page) => page.Tags),
  );
  if (tags instanceof Unread) return;
  state.tags = Object.fromEntries((tags ?? []).map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

export function tagsOf(
  tags: readonly { readonly Key?: string; readonly Value?: string }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
