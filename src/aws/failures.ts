/** Errors of AWS and of the network, as sentences. */

/** A call to AWS failed, and the command cannot go on without it. Shown to people without a stack trace. */
export class AwsCallFailed extends Error {
  override readonly name = "AwsCallFailed";
}

/** Codes with which AWS's services say that the caller may not do something. */
const REFUSALS = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden", "403"];

/** Codes with which they say that there is no such thing. */
const ABSENCES = [
  "NotFound",
  "NotFoundException",
  "NoSuchBucket",
  "NoSuchKey",
  "NoSuchEntity",
  "NoSuchEntityException",
  "NoSuchBucketPolicy",
  "NoSuchPublicAccessBlockConfiguration",
  "NoSuchTagSet",
  "ObjectLockConfigurationNotFoundError",
  "OwnershipControlsNotFoundError",
  "ReplicationConfigurationNotFoundError",
  "ServerSideEncryptionConfigurationNotFoundError",
  "QueueDoesNotExist",
  "AWS.SimpleQueueService.NonExistentQueue",
];

/** @returns AWS's code of an error, such as `AccessDenied`; `Error` where it has none. */
export function codeOf(error: unknown): string {
  const { name, Code, code } = error as { name?: string; Code?: string; code?: string };
  // A HEAD has no body: the SDK then calls the error by its status, or not at all.
  return [Code, name, code].find((known) => known !== undefined && known !== "Error") ?? "Error";
}

/** @returns The HTTP status of the answer, where there was one. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/**
 * S3 answers 403 for an archived object too, which no permission mends.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function isRefused(error: unknown): boolean {
  const code = codeOf(error);
  return REFUSALS.includes(code) || (statusOf(error) === 403 && code !== "InvalidObjectState");
}

export function isAbsent(error: unknown): boolean {
  return ABSENCES.includes(codeOf(error)) || statusOf(error) === 404;
}

/** @returns One line: the code and AWS's own sentence, without the session token that a signature error may quote. */
export function describe(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error))
    .replace(/(x-amz-security-token[:=]\s*)[^\s&]+/gi, "$1...")
    .replace(/\s*\n\s*/g, " ");
  // A sentence of ours needs no code before it.
  if (error instanceof AwsCallFailed) return message;
  const code = codeOf(error);
  return message === "" || message.includes(code) ? message || code : `${code}: ${message}`;
}
