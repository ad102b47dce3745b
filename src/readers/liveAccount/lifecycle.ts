/** Lifecycle rules of a bucket that replicates: warnings speak of them, and nothing hangs on them. */
import { GetBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import type { AwsAccount } from "../../aws/account";
import type { Questions } from "../../aws/questions";
import { bucketNameOf } from "../../naming/names";
import { lifecycleOf } from "../../snapshot/lifecycle";
import type { BucketState } from "../../snapshot/snapshot";
import { Unread } from "../../snapshot/unread";

/** What is refused stays unknown. */
export async function readLifecycle(
  questions: Questions,
  account: AwsAccount,
  arn: string,
  state: BucketState,
): Promise<void> {
  if (state.replication === null) return;
  const s3 = await account.s3(state.region);
  const answer = await questions.ask(
    { account, action: "s3:GetLifecycleConfiguration", resource: arn },
    (options) =>
      s3.send(
        new GetBucketLifecycleConfigurationCommand({
          Bucket: bucketNameOf(arn),
          ExpectedBucketOwner: state.account,
        }),
        options,
      ),
  );
  if (!(answer instanceof Unread)) state.lifecycle = lifecycleOf(answer?.Rules);
}
