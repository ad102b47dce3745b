/** How facts about replication are known, and what was observed where AWS's pages contradict each other or are silent. */

/**
 * documented: a page of AWS says it; observed: somebody reports it, with what they saw; assumed: nobody says it, and we
 * rely on it; contradicted: pages of AWS say different things.
 */
export type Grade = "documented" | "observed" | "assumed" | "contradicted";

/** What decides where pages contradict each other or are silent: reports from the field, or nothing. */
export const EVIDENCE_LEVELS = ["observed", "documented"] as const;
export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number];

/** One thing that somebody saw S3 do. */
export interface Observation {
  /** What was seen, as a sentence. */
  readonly statement: string;
  /** Where it is told. */
  readonly link: string;
}

/** Pages of AWS, of which there is at least one. */
export type Sources = readonly [string, ...string[]];

/** A page of AWS says it. */
export interface Documented {
  readonly grade: "documented";
  readonly sources: Sources;
}

/** Somebody saw it, and no page of AWS says it. */
export interface Observed {
  readonly grade: "observed";
  readonly observation: Observation;
  /** Pages of AWS that leave it open. */
  readonly sources: Sources;
}

/** Nobody says it: every verdict that rests on it lists it. */
export interface Assumed {
  readonly grade: "assumed";
  /** What is taken to be so, as a sentence. */
  readonly statement: string;
  /** Pages of AWS that leave it open. */
  readonly sources: Sources;
}

/** Pages of AWS say different things. */
export interface Contradicted {
  readonly grade: "contradicted";
  /** What says what, as a sentence. */
  readonly statement: string;
  /** Pages of AWS that contradict each other. */
  readonly sources: Sources;
  /** What decides, unless only pages count. */
  readonly observation?: Observation;
}

/** A fact with its grade, and with what a fact of that grade needs. */
export type Fact = Documented | Observed | Assumed | Contradicted;

export const documented = (...sources: Sources): Documented => ({ grade: "documented", sources });

/** An assumption as reports list it: the sentence, and the pages that leave it open. */
export function assumptionSentence({ statement, sources }: Assumed): string {
  return `${statement} (${sources.join(", ")})`;
}

/** An observation as reports list it: the sentence, and the report that it was seen in. */
export function observationSentence({ statement, link }: Observation): string {
  return `${statement} (${link})`;
}

const GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";

/** Pages of the S3 User Guide that facts refer to. */
export const PAGES = {
  permissions: `${GUIDE}/setting-repl-config-perm-overview.html`,
  kms: `${GUIDE}/replication-config-for-kms-objects.html`,
  troubleshooting: `${GUIDE}/replication-troubleshoot.html`,
  failureReasons: `${GUIDE}/replication-failure-codes.html`,
  ownerOverride: `${GUIDE}/replication-change-owner.html`,
  objectLock: `${GUIDE}/object-lock-managing.html`,
  bucketKeys: `${GUIDE}/bucket-key.html`,
  whatReplicates: `${GUIDE}/replication-what-is-isnot-replicated.html`,
  observedEncrypt: "https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/1144",
} as const;

const contradicted = (statement: string, sources: Sources, observation?: Observation): Contradicted => ({
  grade: "contradicted",
  statement,
  sources,
  ...(observation === undefined ? {} : { observation }),
});

/** What AWS's pages contradict each other about, and who saw which of them hold. */
export const CONTRADICTIONS = {
  sourceDataKey: contradicted(
    "the troubleshooting page asks for kms:GenerateDataKey on the source key, the page on KMS objects does not",
    [PAGES.troubleshooting, PAGES.kms],
    {
      statement:
        "SSE-KMS objects, with an S3 Bucket Key too, replicate without kms:GenerateDataKey on the source key",
      link: "https://github.com/ministryofjustice/modernisation-platform/pull/13596",
    },
  ),
  destinationDataKey: contradicted(
    "the troubleshooting page asks for kms:GenerateDataKey on the destination key, the page on KMS objects for kms:Encrypt; only without Bucket Keys was kms:Encrypt alone observed to be enough",
    [PAGES.troubleshooting, PAGES.kms, PAGES.observedEncrypt],
  ),
  destinationDecrypt: contradicted(
    "the page on KMS objects asks for kms:Decrypt on the destination key with S3 Bucket Keys, and gives a full example with kms:Encrypt only",
    [PAGES.kms, PAGES.bucketKeys],
  ),
  encryptAlone: contradicted(
    "the troubleshooting page asks for kms:GenerateDataKey on the destination key too, the page on KMS objects for kms:Encrypt alone",
    [PAGES.troubleshooting, PAGES.kms],
    {
      statement: "objects without an S3 Bucket Key replicate with kms:Encrypt alone on the destination key",
      link: PAGES.observedEncrypt,
    },
  ),
  ownerOverrideWithoutAcls: contradicted(
    "the page on owner override asks for s3:ObjectOwnerOverrideToBucketOwner in the bucket policy, the troubleshooting page says that BucketOwnerEnforced makes it unnecessary",
    [PAGES.ownerOverride, PAGES.troubleshooting],
    {
      statement:
        "under BucketOwnerEnforced the bucket policy needs no s3:ObjectOwnerOverrideToBucketOwner for a rule that overrides the owner",
      link: "https://github.com/ministryofjustice/aws-root-account/pull/1317",
    },
  ),
  tagsAtDestination: contradicted(
    "one page says that s3:ReplicateObject covers tags, one that a missing s3:ReplicateTags drops them, and the failure reasons have DstPutTaggingNotPermitted",
    [PAGES.permissions, PAGES.failureReasons],
    {
      statement: "a destination bucket policy without s3:ReplicateTags serves in production",
      link: "https://github.com/ministryofjustice/aws-root-account/pull/1317",
    },
  ),
  listBucket: contradicted(
    "the permissions page asks for s3:ListBucket always, and says in the same sentence that it serves to read delete markers; a role without it has filled its bucket for years (rust-lang/simpleinfra)",
    [PAGES.permissions, "https://github.com/rust-lang/simpleinfra"],
  ),
  replicationConfiguration: contradicted(
    "the permissions page asks for s3:GetReplicationConfiguration always, and a role without it has filled its bucket for years (rust-lang/simpleinfra), without a status that is told",
    [PAGES.permissions, "https://github.com/rust-lang/simpleinfra"],
  ),
  lockAtDestination: contradicted(
    "the failure reasons name s3:PutObjectRetention and s3:PutObjectLegalHold at the destination, the page on Object Lock does not ask for them",
    [PAGES.failureReasons, PAGES.objectLock],
  ),
  encryptionHeader: contradicted(
    "no page says whether S3 sends the encryption header of a replica",
    [PAGES.kms],
    {
      statement: "S3 sends the header x-amz-server-side-encryption with a replica",
      link: "https://github.com/ministryofjustice/modernisation-platform/issues/13496",
    },
  ),
} as const satisfies Record<string, Contradicted>;

/** By its key in `CONTRADICTIONS`. */
export type ContradictionName = keyof typeof CONTRADICTIONS;

/** The observation that decides a contradiction; undefined where there is none, or where only pages count. */
export function observationOf(name: ContradictionName, level: EvidenceLevel): Observation | undefined {
  const fact: Contradicted = CONTRADICTIONS[name];
  return level === "observed" ? fact.observation : undefined;
}

/** Name of the session in which S3 uses the replication role, as key policies of working set-ups give it. */
export const SESSION_NAME: Observed & { readonly name: string } = {
  grade: "observed",
  name: "s3-replication",
  observation: {
    statement: "the session of the replication role is called s3-replication",
    link: "https://github.com/ministryofjustice/modernisation-platform/blob/04aa2fea09df5d6867b60b57f955093694101d6c/terraform/environments/core-logging/logs_r53_public_dns_kms.tf",
  },
  sources: [PAGES.permissions],
};
