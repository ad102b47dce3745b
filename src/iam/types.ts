/**
 * The words that IAM decisions are spoken in: policy documents, a request and what is known of it, the policies that
 * apply to it, and the decision with its reasons.
 */

/** A policy document after parsing: every "string or list" is a list, every element is checked. */
export interface PolicyDocument {
  readonly version: "2012-10-17" | "2008-10-17";
  readonly id?: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid?: string;
  /** Place of the statement in the document, from 0. */
  readonly index: number;
  readonly effect: "Allow" | "Deny";
  readonly principal?: PrincipalElement;
  readonly notPrincipal?: PrincipalElement;
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions: readonly Condition[];
}

/** `"*"` alone, or lists by kind. */
export type PrincipalElement =
  | "*"
  | {
      readonly AWS?: readonly string[];
      readonly Service?: readonly string[];
      readonly Federated?: readonly string[];
      readonly CanonicalUser?: readonly string[];
    };

/** One operator applied to one key: `"StringEquals": {"aws:PrincipalArn": ["..."]}`. */
export interface Condition {
  /** As written, for example `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written; condition keys are compared without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Who asks. */
export type RequestPrincipal =
  | {
      readonly kind: "role";
      /** ARN of the role, path included: `arn:aws:iam::111111111111:role/path/name`. */
      readonly roleArn: string;
      readonly sessionName: string;
      /** The role's unique id (`AROA...`), where it is known. */
      readonly uniqueId?: string;
    }
  | { readonly kind: "service"; readonly service: string };

/** What is known of one condition key. A known value of a single-valued key is a list of one. */
export type ContextValue =
  | { readonly state: "known"; readonly values: readonly string[] }
  | { readonly state: "absent" }
  | { readonly state: "unknown" };

/**
 * Condition keys (any case) to what is known of them. A key that ends with `*` speaks for all keys that begin like it
 * and are not listed themselves (`s3:ExistingObjectTag/*`); any other key that is not listed is unknown.
 */
export type Context = Readonly<Record<string, ContextValue>>;

/** A choice that nobody outside AWS can see, made once for all documents of a request: each option is one world. */
export interface Alternative {
  /** What the choice is about, for people: `encryption context`. */
  readonly name: string;
  readonly options: readonly AlternativeOption[];
  /**
   * Whether the first option is what most requests are like, and the others are requests that may come too: what is
   * denied with the first option is denied.
   * Default: false: nobody can see which option it is.
   */
  readonly firstIsUsual?: boolean;
}

export interface AlternativeOption {
  /** For people: `object ARN`. */
  readonly label: string;
  readonly context: Context;
}

export interface Request {
  readonly principal: RequestPrincipal;
  /** For example `s3:ReplicateObject`. */
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. */
  readonly resourceAccount: string;
  readonly context: Context;
  /** What many requests have in common, each context one object for all of them. `context` counts over them. */
  readonly shared?: readonly Context[];
  readonly alternatives?: readonly Alternative[];
}

/** A document with the name that reasons call it by. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** `"unread"`: it may exist, but nobody could read it; what depends on it is unproven. */
export type Unread = "unread";

/** A grant of a KMS key. */
export interface KeyGrant {
  readonly granteePrincipal: string;
  /** KMS names of operations: `Decrypt`, `GenerateDataKey`. */
  readonly operations: readonly string[];
  readonly encryptionContextSubset?: Readonly<Record<string, string>>;
  readonly encryptionContextEquals?: Readonly<Record<string, string>>;
}

export type ResourcePolicyKind = "bucket" | "key" | "trust";

/** Everything that has a say in a request. */
export interface Policies {
  /** The role's own policies, inline and attached. Not used for a service principal. */
  readonly identity: readonly NamedPolicy[] | Unread;
  /** Permission boundary of the role; absent or null: there is none. */
  readonly boundary?: NamedPolicy | Unread | null;
  /** Session policies; absent: there are none. */
  readonly session?: readonly NamedPolicy[];
  /** Service control policies of the principal's account, a list a level (root, unit, account); absent: none. */
  readonly scps?: readonly (readonly NamedPolicy[])[] | Unread;
  /** Resource control policies of the resource's account, a list a level; absent: none. */
  readonly rcps?: readonly (readonly NamedPolicy[])[] | Unread;
  readonly resource: {
    readonly kind: ResourcePolicyKind;
    readonly policy: NamedPolicy | Unread | null;
    readonly grants?: readonly KeyGrant[];
    /** S3's RestrictPublicBuckets: a public bucket policy counts for the owner's account and AWS services only. */
    readonly restrictPublicBuckets?: boolean;
  };
}

/** A place that has a say. `identity` is the role's own policies, `resource` the bucket, key or trust policy. */
export type Layer = "identity" | "boundary" | "session" | "scp" | "rcp" | "resource";

export type Verdict = "allowed" | "denied" | "unproven";

/** A statement that had a say, and where it stands. */
export interface StatementReference {
  readonly layer: Layer;
  /** Name of the policy. */
  readonly policy: string;
  readonly sid?: string;
  readonly index: number;
  readonly effect: "Allow" | "Deny";
}

/** One obstacle to the request. */
export interface Obstacle {
  readonly layer: Layer;
  /**
   * `no-allow`: nothing in that layer allows; `explicit-deny`: a Deny there applies; `unread`: the layer could not be
   * read; `undecided`: it hangs on condition keys that nothing is known about, or differs between worlds.
   */
  readonly kind: "no-allow" | "explicit-deny" | "unread" | "undecided";
  /** Statements to blame: the Deny, or Allows that come close (all but their conditions match). */
  readonly statements: readonly StatementReference[];
  /** Condition keys that decide, as the documents write them; for `undecided`, and for near misses those that fail. */
  readonly keys: readonly string[];
}

export interface Decision {
  readonly verdict: Verdict;
  /** What stands in the way, surest first; empty when allowed. */
  readonly obstacles: readonly Obstacle[];
  /** Statements that allow, or that deny. */
  readonly decidedBy: readonly StatementReference[];
  /** Condition keys and names of alternatives on which an unproven verdict hangs; empty otherwise. */
  readonly decidingKeys: readonly string[];
}
