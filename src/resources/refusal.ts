/** AWS's refusal, in its own words as far as they are known. */
export class AwsRefusal extends Error {
  override readonly name = "AwsRefusal";

  /** @param isOfEarlierCall Whether AWS refuses an earlier call, which only a later one shows to be wrong. */
  constructor(
    message: string,
    readonly isOfEarlierCall = false,
  ) {
    super(message);
  }
}
