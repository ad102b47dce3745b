/**
 * Makes one set of accounts of several sources. What only one of them says is taken as it is; where two say different
 * things, what is planned counts before what is there, the later source before the earlier one, and both are named.
 */
import { parseArn, partitionOfRegion } from "../naming/arn";
import { bucketArnOf } from "../naming/names";
import type { AnyCall, Call } from "../resources/calls";
import { asObject, withUncertain } from "../resources/policyDocuments";
import { isRefusedOfNewBuckets } from "../resources/cannedAcls";
import { applyCall, DEPLOYED_ACCOUNTS, finishCalls, placesOf, rankOf } from "../resources/resources";
import { at } from "../resources/values";
import { BUCKET_KEY_SETTING } from "../snapshot/bucketKeys";
import type { AccountState, RoleState, Snapshot } from "../snapshot/snapshot";
import { accountOf } from "../snapshot/snapshot";
import { isUnreadPolicy, markRead, markUnread } from "../snapshot/unread";
import { grouped } from "../util/grouping";
import type { SourceReading } from "./sourceReading";

/** Accounts as somebody read them. */
export interface ReadAccounts {
  /** What was read, for people: `--snapshot accounts.json`. */
  readonly subject: string;
  readonly snapshot: Snapshot;
}

/** Does what the sources plan, on top of what is planned already. */
export function applyReadings(snapshot: Snapshot, readings: readonly SourceReading[]): void {
  const inOrder = ordered(readings.flatMap(({ calls }) => calls));
  for (const call of inOrder) applyCall(snapshot, call, DEPLOYED_ACCOUNTS);
  finishCalls(snapshot, DEPLOYED_ACCOUNTS);
  const { settled, open } = contradictionsOf(inOrder);
  add(snapshot, "unread", [
    ...readings.flatMap(({ doubts }) => doubts),
    ...open,
    ...madeTwice(inOrder),
    ...madeWithAcls(inOrder),
  ]);
  add(snapshot, "contradictions", settled);
}

/** By rank, and within a rank by age; within both as they come. */
function ordered(calls: readonly Call[]): Call[] {
  const groups = grouped(calls, (call) => rankOf(call) * 10 + ageOf(call));
  return [...groups].sort(([left], [right]) => left - right).flatMap(([, members]) => members);
}

/** What is planned comes after what is there, and what somebody only saw or said before it. */
function ageOf({ known }: AnyCall): number {
  return known === "planned" ? 2 : known === "deployed" ? 1 : 0;
}

/**
 * Calls of which only the last one counts, and that say different things. Where one is planned over what is there, it
 * counts; of two that are planned, nobody knows which one comes last.
 */
function contradictionsOf(calls: readonly Call[]): { readonly settled: string[]; readonly open: string[] } {
  const settled: string[] = [];
  const open: string[] = [];
  const bySetting = grouped(calls, (call) => {
    const name = nameOf(call);
    return name === undefined ? undefined : `${call.operation} ${name}`;
  });
  for (const [setting, members] of bySetting) {
    const last = members.at(-1);
    if (setting === undefined || last === undefined || members.length === 1) continue;
    const said = JSON.stringify(last.parameters);
    const other = members.findLast((call) => JSON.stringify(call.parameters) !== said);
    if (other === undefined) continue;
    const both = `${other.subject} and ${last.subject} both say ${describeCall(last)}, and not the same`;
    if (ageOf(other) === ageOf(last))
      open.push(`${both}: which of them counts is not known; leave one of them`);
    else settled.push(`${both}: the one that is ${last.known} counts`);
  }
  return { settled, open };
}

/**
 * What two resources make under one name: AWS refuses the second one, and with it whatever waits for it. Of names that only
 * the deployment knows, the one that is made up may be the same.
 */
function madeTwice(calls: readonly Call[]): string[] {
  const byName = grouped(
    calls.filter(({ known }) => known === "planned"),
    madeName,
  );
  return [...byName].flatMap(([name, [first, ...others]]) => {
    const other = others.find((call) => first !== undefined && from(call) !== from(first));
    if (name === undefined || first === undefined || other === undefined) return [];
    return [
      first.isNameGenerated === true
        ? `${from(first)} and ${from(other)} are both called ${name} here, as only the deployment names them, and nobody can tell them apart; give one of them a name`
        : `${from(first)} and ${from(other)} both make ${name}: AWS refuses the second one; leave one of them, or give one another name`,
    ];
  });
}

/** Buckets that S3 does not make as they are planned, and with them whatever waits for them. */
function madeWithAcls(calls: readonly Call[]): string[] {
  return calls.flatMap((call) => {
    if (call.operation !== "s3:CreateBucket" || call.known !== "planned") return [];
    const { ACL: acl } = call.parameters;
    if (!isRefusedOfNewBuckets(acl)) return [];
    return [
      `S3 refuses ${from(call)} (InvalidBucketAclWithObjectOwnership): it is to have the ACL '${acl}', and new buckets have ACLs disabled; take the ACL away, or allow ACLs when the bucket is made (object ownership 'ObjectWriter')`,
    ];
  });
}

/** What makes a call, with its file. */
function from({ subject, place }: AnyCall): string {
  return place?.file === undefined || subject.includes(place.file) ? subject : `${subject} in ${place.file}`;
}

/** The name of what a call makes, where there can be only one. */
function madeName(call: Call): string | undefined {
  if (call.operation === "s3:CreateBucket") return `the bucket ${nameOf(call)}`;
  return call.operation === "iam:CreateRole"
    ? `the role ${call.parameters.RoleName} of ${call.account}`
    : undefined;
}

function describeCall(call: AnyCall): string {
  return `${call.operation.split(":")[1]} of ${nameOf(call)}`;
}

/** What a call is about, where it replaces what an earlier one said. */
function nameOf(call: AnyCall): string | undefined {
  const { parameters } = call as Call;
  // No request hangs on a lifecycle: whichever counts.
  if (!call.operation.startsWith("s3:") || call.operation === "s3:PutBucketLifecycleConfiguration")
    return undefined;
  const bucket = (parameters as { Bucket?: unknown }).Bucket;
  if (typeof bucket !== "string") return undefined;
  return bucket.startsWith("arn:") ? bucket : bucketArnOf(partitionOfRegion(call.region), bucket);
}

/**
 * @param planned What the sources plan. It is changed, and has the result.
 * @param read What is there, the later one before the earlier one.
 */
export function joinAccounts(planned: Snapshot, read: readonly ReadAccounts[]): Snapshot {
  for (const { subject, snapshot } of [...read].reverse()) new Join(planned, snapshot, subject).join();
  return planned;
}

/** One reading of accounts under what counts before it. */
class Join {
  private readonly contradictions: string[] = [];

  constructor(
    private readonly into: Snapshot,
    private readonly from: Snapshot,
    private readonly subject: string,
  ) {}

  join(): void {
    const { into, from } = this;
    const makes = (arn: string) =>
      Object.hasOwn(into.buckets, arn) || Object.hasOwn(into.keys, arn) || this.role(arn) !== undefined;
    const absent = [...new Set([...(into.absent ?? []), ...(from.absent ?? [])])].filter(
      (arn) => !makes(arn),
    );
    for (const [id, account] of Object.entries(from.accounts)) this.joinAccount(id, account);
    for (const [arn, bucket] of Object.entries(from.buckets)) {
      this.joinSettings(arn, into.buckets, bucket, "bucket");
    }
    for (const [arn, key] of Object.entries(from.keys)) this.joinSettings(arn, into.keys, key, "key");
    if (absent.length > 0) into.absent = absent;
    else delete into.absent;
    if (from.objects !== undefined) into.objects = [...(into.objects ?? []), ...from.objects];
    add(into, "unread", from.unread ?? []);
    add(into, "contradictions", [...(from.contradictions ?? []), ...this.contradictions]);
  }

  private role(arn: string): RoleState | undefined {
    return this.into.accounts[parseArn(arn)?.accountId ?? ""]?.roles[arn];
  }

  private joinAccount(id: string, { roles, ...rest }: AccountState): void {
    const account = accountOf(this.into, id);
    const said = Object.fromEntries(Object.entries(account).filter(([, value]) => value !== undefined));
    Object.assign(account, { ...rest, ...said });
    for (const [arn, role] of Object.entries(roles)) {
      const own = account.roles[arn];
      if (own === undefined) account.roles[arn] = role;
      else if (isUnreadPolicy(own.trust) && own.policyNames?.[0] === "unread")
        account.roles[arn] = together(role, own);
      else {
        this.tellDifferences(arn, "role", own, role);
        this.addUnplannedPolicies(arn, own, role);
      }
    }
  }

  /**
   * Policies of a role that no source plans: somebody added them by hand, or what plans the role takes them away. What
   * they deny counts. What they allow may go, so that it proves nothing.
   */
  private addUnplannedPolicies(arn: string, own: RoleState, read: RoleState): void {
    const planned = new Set(own.policyNames ?? []);
    const names = read.policyNames ?? [];
    read.policies.forEach((document, index) => {
      const name = names[index];
      if (name === undefined ? isAmong(document, own.policies) : planned.has(name)) return;
      const why = `whether the policy '${name ?? index}' stays on the role ${arn}`;
      own.policies.push(withUncertain(["Allow"], document, why));
      (own.policyNames ??= []).push(name ?? `policy ${index}`);
      this.contradictions.push(
        `the role ${arn} has the policy '${name ?? index}' in ${this.subject}, which nothing plans: what it denies counts, and what it allows counts as unknown`,
      );
    });
    if (own.boundary === null && !isNothing(read.boundary)) {
      own.boundary = read.boundary;
      this.contradictions.push(
        `the role ${arn} has a permissions boundary in ${this.subject}, which nothing plans: it counts`,
      );
    }
  }

  /** Settings that a source says stay; the others are as they were read. */
  private joinSettings<State extends { account: string; unread?: string[]; stated?: string[] }>(
    arn: string,
    states: Record<string, State>,
    read: State,
    what: string,
  ): void {
    const own = states[arn];
    if (own === undefined) {
      states[arn] = read;
      return;
    }
    if (own.account !== read.account) {
      states[arn] = read;
      add(this.into, "unread", [
        `the ${what} ${arn} is of the account ${read.account} in ${this.subject}, and what is planned makes or sets it in ${own.account}: nothing that is planned of it counts`,
      ]);
      return;
    }
    const places = placesOf(this.into);
    this.tellDifferences(arn, what, own, read);
    for (const setting of Object.keys(read) as (keyof State & string)[]) {
      if (["account", "region", "unread", "stated"].includes(setting)) continue;
      if (read.unread?.includes(setting) === true) continue;
      if (places.says(arn, setting) && !this.isLeftTo(read, own, arn, setting)) continue;
      own[setting] = read[setting];
      markRead(own, setting);
      if (setting !== "encryption") continue;
      markRead(own, BUCKET_KEY_SETTING);
      if (hasOpenBucketKey(read)) markUnread(own, BUCKET_KEY_SETTING);
    }
  }

  /**
   * Whether a setting that a source says is as it was read: nobody knows what it is, and nothing is planned to set it. Of
   * an encryption that may be the Bucket Key alone, where all else is planned as it is.
   */
  private isLeftTo(read: Open, own: Open, arn: string, setting: string): boolean {
    if (own.unread?.includes(setting) === true) {
      return placesOf(this.into).unknown(arn, setting)?.isPlanned !== true;
    }
    return setting === "encryption" && hasOpenBucketKey(own) && hasSameKey(read, own);
  }

  private tellDifferences<State extends { unread?: string[] }>(
    arn: string,
    what: string,
    own: State,
    read: State,
  ): void {
    const places = placesOf(this.into);
    const settings = Object.keys(read).filter(
      (setting) =>
        places.says(arn, setting) &&
        !this.isLeftTo(read, own, arn, setting) &&
        own.unread?.includes(setting) !== true &&
        JSON.stringify((own as Record<string, unknown>)[setting]) !==
          JSON.stringify((read as Record<string, unknown>)[setting]),
    );
    for (const setting of settings) {
      const place = places.of(arn, setting);
      const where =
        place === undefined
          ? "what is planned"
          : `${place.address}${place.file === undefined ? "" : ` in ${place.file}`}`;
      this.contradictions.push(
        `'${setting}' of the ${what} ${arn} is one thing in ${this.subject} and another in ${where}: what is planned counts`,
      );
    }
  }
}

type Open = { readonly unread?: string[] };

function hasOpenBucketKey({ unread = [] }: Open): boolean {
  return unread.includes(BUCKET_KEY_SETTING);
}

function hasSameKey(one: Open, other: Open): boolean {
  return ["algorithm", "keyArn"].every(
    (name) => at(one, "encryption", name) === at(other, "encryption", name),
  );
}

function isNothing(document: unknown): boolean {
  return document === undefined || document === null;
}

function isAmong(document: unknown, documents: readonly unknown[]): boolean {
  const form = JSON.stringify(asObject(document));
  return documents.some((other) => JSON.stringify(asObject(other)) === form);
}

/** A role that was read, with what is planned to be added to it. */
function together(read: RoleState, planned: RoleState): RoleState {
  const names = [...(read.policyNames ?? read.policies.map((_, index) => `policy ${index}`))];
  const policies = [...read.policies];
  planned.policies.forEach((document, index) => {
    const name = planned.policyNames?.[index] ?? "planned";
    if (name === "unread") return;
    const at = names.indexOf(name);
    policies[at < 0 ? policies.length : at] = document;
    if (at < 0) names.push(name);
  });
  return { ...read, policies, policyNames: names };
}

function add(snapshot: Snapshot, list: "unread" | "contradictions", sentences: readonly string[]): void {
  const all = [...new Set([...(snapshot[list] ?? []), ...sentences])];
  if (all.length > 0) snapshot[list] = all;
}
