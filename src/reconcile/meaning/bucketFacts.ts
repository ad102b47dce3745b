/** What is known of two buckets beside the rules between them. */
import type { DeletingRule } from "./lifecycle";

/** What is known of the two buckets beside the rules. What is left out is not known. */
export interface BucketFacts {
  /** When the listing of the source began, in milliseconds since 1970. */
  readonly sourceListedAt: number;
  readonly destinationListedAt: number;
  /** Whether the destination belongs to another account than the source. */
  readonly crossesAccounts?: boolean;
  /** Canonical user id of the destination's account. */
  readonly destinationOwner?: string;
  /** Whether lifecycle rules move objects of the destination to other storage classes. */
  readonly destinationTransitions?: boolean;
  /** Prefixes of the source's lifecycle rules that expire current versions, which makes delete markers. */
  readonly expiringPrefixes?: readonly string[];
  /** Lifecycle rules that delete versions for good, at the source and at the destination. */
  readonly sourceDeletions?: readonly DeletingRule[];
  readonly destinationDeletions?: readonly DeletingRule[];
}

/** The same without the times of the listings. */
export type KnownFacts = Omit<BucketFacts, "sourceListedAt" | "destinationListedAt">;
