/** What a rehearsal says. `--json` prints exactly this. */
import type { RefusalGrade } from "../../replication/refusals/refusal";
import type { EncryptionState } from "../../snapshot/snapshot";
import type { StatementJson } from "../../replication/policies";
import type { Place } from "../../snapshot/places";
import type { EvidenceLevel, Observation } from "../../replication/evidence";
import type { RuleFinding } from "../ruleFindings";

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
  /** What AWS refuses to take at all. */
  readonly refusals: readonly Refusal[];
  /** Rules that are on and take nothing of what is written by default: one that nobody accepts breaks the verdict. */
  readonly findings: readonly RuleFinding[];
  /** What mends every object that is not replicated as its rule says. */
  readonly advice: readonly Advice[];
  /** What is granted to the replication role, or to others at the destination, and that no request needs. */
  readonly unusedGrants: readonly UnusedGrant[];
  /** Who else than S3 and the replication roles is let in, by whatever form of a grant. */
  readonly otherGrants: readonly OtherGrant[];
  /** What is as the rules say, and hardly as anybody meant it: a sentence each. */
  readonly warnings: readonly string[];
  /** What could not be read, a sentence each: nothing that depends on it is proven. */
  readonly unread: readonly string[];
  /** What decides where AWS's pages contradict each other or are silent. */
  readonly evidence: EvidenceLevel;
  /** What was observed in the field and decides something that AWS's pages leave open. */
  readonly observations: readonly Observation[];
  /** What the verdict rests on without a page of AWS that says so. */
  readonly assumptions: readonly string[];
}

/** What of a report says that something is wrong, or hardly meant so, with what mends it. */
export const WITH_PROBLEMS = [
  "refusals",
  "objects",
  "findings",
  "unread",
  "unusedGrants",
  "otherGrants",
  "warnings",
  "advice",
] as const satisfies readonly (keyof Report)[];

/** One thing to do, in one place: a `statement` to add, a `change`, or a `command` alone. */
export interface Advice {
  readonly where: Where;
  /** ARN of the role, bucket or key that it is done to; of an account policy, the account id. */
  readonly resource: string;
  /** Statement to add to that document. */
  readonly statement?: StatementJson;
  /** Value to set, by its JSON Pointer (RFC 6901) in the snapshot. */
  readonly change?: { readonly path: string; readonly value: unknown };
  /** Command of the AWS CLI that does the change, where there is one. */
  readonly command?: string;
  /** Why, as a sentence. */
  readonly reason: string;
  /** Where what is to be changed stands in the user's code. Left out: nobody knows. */
  readonly place?: Place;
  /** The same in the words of the tool of that place. */
  readonly code?: { readonly language: "hcl" | "yaml" | "json" | "typescript"; readonly text: string };
}

export interface UnusedGrant {
  readonly where: Where;
  /** ARN of the role, bucket or key that has the document. */
  readonly resource: string;
  readonly statement: StatementPlace;
  /** What is granted: an action pattern on a resource pattern. */
  readonly grant: string;
  /** Who is granted it, where it is not the replication role. */
  readonly principal?: string;
  /** As a sentence. */
  readonly reason: string;
  /** Where it stands in the user's code. Left out: nobody knows. */
  readonly place?: Place;
}

/** A grant to somebody who has no part in replication. */
export interface OtherGrant extends UnusedGrant {
  readonly principal: string;
}

/** AWS's own refusal of a replication configuration, or of a policy document that takes part. */
export interface Refusal {
  /** ARN of the source bucket. */
  readonly bucket: string;
  /** Kind of the document that is refused. Left out: it is the replication configuration. */
  readonly where?: Where;
  /** ARN, or account id, of what the document is of. Left out with `where`. */
  readonly resource?: string;
  /** AWS's code, then its sentence as far as it is known. */
  readonly message: string;
  /** What to do, as a sentence without a subject. */
  readonly mend: string;
  readonly grade: RefusalGrade;
  /** Page of AWS, or public report, that it is known from. */
  readonly source: string;
  /** Where it stands in the user's code. Left out: nobody knows. */
  readonly place?: Place;
}

/** Reason of the row that stands for all objects of a bucket without an enabled rule. */
export const EVERY_RULE_IS_OFF = "every rule is off: nothing is replicated";

/** One object at one destination. */
export interface ObjectReport {
  /** ARN of the source bucket. */
  readonly bucket: string;
  /** `*` stands for all objects. */
  readonly key: string;
  /** Left out: it has none. */
  readonly tags?: Readonly<Record<string, string>>;
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
  /** What the replica lacks of its object. Left out: nothing. */
  readonly lost?: readonly LostPart[];
  readonly missing: readonly Missing[];
  readonly requests: readonly RequestReport[];
  readonly replica?: ReplicaReport;
}

/** What a replica can lack. */
export type LostPart = "tags" | "annotations";

export interface Missing {
  readonly action?: string;
  readonly resource: string;
  readonly where: Where;
  /** Whether a Deny stands in the way, or nothing allows, or it cannot be told. */
  readonly why: "not allowed" | "denied" | "undecided" | "unread" | "setting";
  /** Condition keys that decide. */
  readonly keys: readonly string[];
  /** Statements to blame: the Deny, or Allows of which only the conditions do not hold. */
  readonly statements: readonly StatementPlace[];
  /** What is wrong with a setting, a rule or the state of a key, as a sentence. */
  readonly reason?: string;
  /** Where it stands in the user's code. Left out: nobody knows. */
  readonly place?: Place;
}

/** A statement of the snapshot, by the document that holds it. */
export interface StatementPlace {
  /** Name of the document, as `statements` of requests call it. */
  readonly policy: string;
  readonly sid?: string;
  /** Place in the document, from 0. */
  readonly index: number;
  readonly effect: "Allow" | "Deny";
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
