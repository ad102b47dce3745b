/** AWS's refusal, in its own words as far as they are known. */
export class AwsRefusal extends Error {
  override readonly name = "AwsRefusal";
}
