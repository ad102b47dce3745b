/** What a rehearsal says. `--json` prints exactly this. */
import type { EncryptionState } from "../accounts/snapshot";

export type ReportVerdict = "proven" | "broken" | "unproven";

export type ObjectOutcome = "COMPLETED" | "FAILED" | "NOT_REPLICATED" | "UNPROVEN";

/** Where something is missing or in the way. */
export type Where =
  | "role policy"
  | "source bucket policy"
  | "destination bucket policy"
  | "source key policy"
  | "destination key policy"
  | "trust policy"
  | "permission boundary"
  | "session policy"
  | "service control policy"
  | "resource control policy"
  | "bucket setting"
  | "key state"
  | "rule"
  | "snapshot";

export interface Report {
  readonly verdict: ReportVerdict;
  readonly objects: readonly ObjectReport[];
  /** What S3 refuses to take at all. */
  readonly refusals: readonly Refusal[];
  /** What the verdict rests on without a page of AWS that says so. */
  readonly assumptions: readonly string[];
}

/** S3's own refusal of a replication configuration. */
export interface Refusal {
  readonly bucket: string;
  readonly message: string;
}

/** One object at one destination. */
export interface ObjectReport {
  /** ARN of the source bucket. */
  readonly bucket: string;
  readonly key: string;
  /** For people: `SSE-KMS with an S3 Bucket Key`. */
  readonly kind: string;
  readonly rule?: string;
  /** ARN of the destination bucket. */
  readonly destination?: string;
  readonly outcome: ObjectOutcome;
  /** S3's own word, where S3 has one. */
  readonly failureReason?: string;
  /** A sentence. */
  readonly reason: string;
  readonly missing: readonly Missing[];
  readonly requests: readonly RequestReport[];
  readonly replica?: ReplicaReport;
}

export interface Missing {
  readonly action?: string;
  readonly resource: string;
  readonly where: Where;
  /** Whether a Deny stands in the way, or nothing allows, or it cannot be told. */
  readonly why: "not allowed" | "denied" | "undecided" | "unread" | "setting";
  /** Condition keys that decide. */
  readonly keys: readonly string[];
}

export interface RequestReport {
  readonly action: string;
  readonly resource: string;
  readonly decision: "allowed" | "denied" | "unproven";
  /** Statements that decided: the document, and the Sid or the place. */
  readonly statements: readonly string[];
  readonly decidingKeys: readonly string[];
  /** AWS pages that say that S3 makes this request. */
  readonly sources: readonly string[];
}

export interface ReplicaReport {
  /** Account that owns the replica. */
  readonly owner: string;
  readonly encryption: EncryptionState;
  readonly storageClass: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly deleteMarker: boolean;
}

/** The process's exit code for a verdict. */
export const EXIT_CODES: Readonly<Record<ReportVerdict, number>> = { proven: 0, broken: 1, unproven: 3 };
