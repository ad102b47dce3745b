/** What a replica says of itself where it is written, as far as conditions can read it. */
import type { Alternative, Context, ContextValue } from "../iam";
import { observationOf } from "./evidence";
import type { ReplicationSetting } from "./replicationSetting";

/** What is known of the headers, and what nobody outside AWS can see. */
export function uploadHeaders(setting: ReplicationSetting): [context: Context, alternatives: Alternative[]] {
  const { replication, replicaAlgorithm } = setting;
  const isSilent = replication.deleteMarker || replicaAlgorithm === "SSE-C";
  return [headersOf(setting), isSilent ? [] : [encryptionHeaders(setting)]];
}

const known = (value: string): ContextValue => ({ state: "known", values: [value] });
const ABSENT: ContextValue = { state: "absent" };

const ENCRYPTION = "s3:x-amz-server-side-encryption";
const KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id";
const CUSTOMER_ALGORITHM = "s3:x-amz-server-side-encryption-customer-algorithm";

/** Keys of what an upload can say of itself. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html */
const UPLOAD_KEYS = [
  ENCRYPTION,
  KEY_ID,
  CUSTOMER_ALGORITHM,
  "s3:x-amz-acl",
  "s3:x-amz-grant-*",
  "s3:x-amz-storage-class",
  "s3:x-amz-copy-source",
  "s3:x-amz-metadata-directive",
  "s3:x-amz-website-redirect-location",
  "s3:object-lock-*",
  "s3:RequestObjectTag/*",
  "s3:RequestObjectTagKeys",
] as const;

const NO_UPLOAD: Context = Object.fromEntries(UPLOAD_KEYS.map((key) => [key, ABSENT]));

/** A delete marker has nothing of an upload, and only an object under SSE-C has a customer's key. */
function headersOf({ replication, replicaAlgorithm }: ReplicationSetting): Context {
  if (replication.deleteMarker) return NO_UPLOAD;
  if (replicaAlgorithm !== "SSE-C") return { [CUSTOMER_ALGORITHM]: ABSENT };
  return { [ENCRYPTION]: ABSENT, [KEY_ID]: ABSENT };
}

/**
 * Which encryption headers S3 sends with a replica is not documented: it may send the replica's, or none. The one that
 * says the algorithm was seen; the one that says the key was not.
 */
function encryptionHeaders(setting: ReplicationSetting): Alternative {
  const { replicaAlgorithm, replicaKeyArn, level } = setting;
  const isKms = replicaAlgorithm.startsWith("aws:kms");
  const algorithm = known(isKms ? replicaAlgorithm : "AES256");
  const keyId = isKms && replicaKeyArn !== undefined ? known(replicaKeyArn) : ABSENT;
  const sent = [{ label: "sent", context: { [ENCRYPTION]: algorithm, [KEY_ID]: keyId } }];
  if (observationOf("encryptionHeader", level) === undefined) {
    sent.push({ label: "not sent", context: { [ENCRYPTION]: ABSENT, [KEY_ID]: ABSENT } });
  } else if (keyId !== ABSENT) {
    sent.push({ label: "without the key", context: { [ENCRYPTION]: algorithm, [KEY_ID]: ABSENT } });
  }
  return { name: "encryption headers", options: sent };
}
