/** What calls work on: the accounts, what is known of them, and notes that outlive one call. */
import type { ConfigurationRefusal } from "../replication/refusals/refusal";
import { Places, type UnknownSetting } from "../snapshot/places";
import type { Snapshot } from "../snapshot/snapshot";
import type { Unread } from "../snapshot/unread";
import type { AnyCall, CallOf, Operation } from "./calls";
import { findUnread } from "./values";

/** What is known of the accounts that calls go into. */
export interface World {
  /** Whether AWS's refusals stop the walk: what is deployed already was not refused. */
  readonly refuses: boolean;
  /** Whether the accounts hold nothing but what these calls make: otherwise what is missing exists elsewhere, unread. */
  readonly complete: boolean;
}

/** New accounts that get these resources and no others. */
export const NEW_ACCOUNTS: World = { refuses: true, complete: true };
/** Accounts that hold more than these resources, which are on their way. */
export const LIVED_IN_ACCOUNTS: World = { refuses: true, complete: false };
/** Accounts that have these resources already. */
export const DEPLOYED_ACCOUNTS: World = { refuses: false, complete: false };

export interface Site {
  readonly snapshot: Snapshot;
  readonly world: World;
  readonly notes: Notes;
}

/** Does to the accounts what a call does. @throws AwsRefusal where AWS refuses it. */
export type Handler<O extends Operation> = (site: Site, call: CallOf<O>) => void;

/** What calls say that the snapshot itself has no place for. */
export interface Notes {
  readonly places: Places;
  /** Alias ARN to key ARN. */
  readonly aliases: Map<string, string>;
  /** Those of them that rules name as replica keys. */
  readonly resolvedAliases: Map<string, string>;
  /** ARNs of what others made, and of which only sightings tell. */
  readonly external: Set<string>;
  /** Documents of managed policies, by ARN; of those that are not known, what is not known of them. */
  readonly managedPolicies: Map<string, unknown>;
  /** Roles that a policy names before they are made, and what AWS says to that. */
  readonly namedTooEarly: Map<string, string>;
  /** Documents that stand in for a managed policy until it comes. */
  readonly awaited: {
    readonly policyArn: string;
    readonly replace: (document: unknown) => void;
    /** Says why it stays unknown. */
    readonly explain: (unknown: UnknownSetting) => void;
  }[];
  /** Policies of an organization, by id. */
  readonly organizationPolicies: Map<
    string,
    { readonly kind: "scps" | "rcps" | undefined; readonly document: unknown }
  >;
  readonly organizationTargets: { readonly policyId: string; readonly target: string }[];
  /** Settings of a thing that is not known: of each one of the account they may be. */
  readonly strayKeySettings: { readonly call: AnyCall; readonly setting: "policy" | "grants" }[];
  readonly strayRolePolicies: AnyCall[];
  /** By role, the ARNs of its managed policies, each with its place in the role's list. */
  readonly attached: Map<string, Map<string, number>>;
  /** What takes every policy but those of a list away from a role. */
  readonly exclusiveLists: CallOf<"iam:DeleteRolePolicy" | "iam:DetachRolePolicy">[];
  readonly strayBucketSettings: { readonly call: AnyCall; readonly setting: string }[];
  /** Configurations that S3 would have refused when they came, by the settings that other calls made by then. */
  readonly refusedPuts: RefusedPut[];
}

/** A replication configuration, and what S3 answers to it at the time at which a program puts it. */
export interface RefusedPut {
  readonly bucketArn: string;
  /** What puts it. */
  readonly subject: string;
  readonly refusals: readonly { readonly refusal: ConfigurationRefusal; readonly message: string }[];
}

const NOTES = new WeakMap<Snapshot, Notes>();

export function siteOf(snapshot: Snapshot, world: World): Site {
  let notes = NOTES.get(snapshot);
  if (notes === undefined) {
    notes = {
      places: new Places(),
      aliases: new Map(),
      resolvedAliases: new Map(),
      external: new Set(),
      managedPolicies: new Map(),
      namedTooEarly: new Map(),
      awaited: [],
      organizationPolicies: new Map(),
      organizationTargets: [],
      strayKeySettings: [],
      strayRolePolicies: [],
      attached: new Map(),
      exclusiveLists: [],
      strayBucketSettings: [],
      refusedPuts: [],
    };
    NOTES.set(snapshot, notes);
  }
  return { snapshot, world, notes };
}

/** What S3 would have refused when it came, of the calls that made a snapshot. */
export function refusedPutsOf(snapshot: Snapshot): readonly RefusedPut[] {
  return NOTES.get(snapshot)?.refusedPuts ?? [];
}

/** A sentence for each alias that a rule names as its replica key, and that was taken for the key which it leads to. */
export function resolvedAliasesOf(snapshot: Snapshot): string[] {
  return [...(NOTES.get(snapshot)?.resolvedAliases ?? [])].map(
    ([alias, key]) =>
      `the alias ${alias}, which a rule names as its replica key, leads to ${key} when S3 replicates`,
  );
}

/** Whether AWS may refuse a call: what it took once, or others made, it does not. */
export function mayRefuse({ world }: Site, { known }: AnyCall): boolean {
  return world.refuses && known === "planned";
}

/** Notes where a setting comes from. @returns What of its value is not known. */
export function noteSetting(
  { notes: { places } }: Site,
  arn: string,
  setting: string,
  { place, isNameGenerated, known }: AnyCall,
  value?: unknown,
): Unread | undefined {
  if (place !== undefined) places.note(arn, setting, place);
  const stack = place?.stack ?? place?.file;
  if (setting === "" && isNameGenerated === true && place !== undefined && stack !== undefined)
    places.noteGenerated(arn, { address: place.address, stack });
  const unread = findUnread(value);
  if (unread !== undefined)
    places.noteUnknown(arn, setting, {
      why: unread.why,
      remedy: unread.remedy,
      place,
      isPlanned: known === "planned",
    });
  return unread;
}
