/**
 * AWS accounts held in memory, for as many engine runs as there are: what `applyResource` makes, and what it has no need
 * of, changes and deletions. They refuse what AWS refuses.
 */
import { applyResource } from "../../../src/readers/awsProvider/pulumi";
import { AwsRefusal } from "../../../src/resources/resources";
import { emptySnapshot, type Snapshot } from "../../../src/snapshot/snapshot";
import { bucketFunction } from "./bucketFunctions";
import {
  ALIAS,
  BUCKET,
  BUCKET_NOTIFICATION,
  BUCKET_POLICY,
  bucketArn,
  KEY,
  type Made,
  QUEUE,
  QUEUE_POLICY,
  ROLE,
  ROLE_POLICY,
  roleCalled,
  type Thing,
  typeOf,
} from "./resourceTypes";
import type { Properties } from "./values";

/** Who asks, and where. */
export interface Caller {
  readonly accountId: string;
  readonly region: string;
}

/** One request that changed an account. */
export interface Change {
  readonly kind: "create" | "update" | "delete";
  readonly type: string;
  readonly id: string;
}

export interface AccountsOptions {
  /**
   * Milliseconds until a new bucket or role is seen by other requests: IAM and S3 are eventually consistent.
   * @default 0
   */
  readonly settleMs?: number;
}

/** AWS's refusal of something that will be there in a moment. The real provider tries again for a while. */
export class NotSeenYet extends AwsRefusal {}

/** Characters. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LARGEST = { bucketPolicy: 20_480, keyPolicy: 32_768, rolePolicies: 10_240 };

export class Accounts {
  private snapshotNow: Snapshot = emptySnapshot();
  private thingsNow: Thing[] = [];
  private objectsNow: Record<string, string[]> = {};
  private made = 0;
  /** What changed, in its order. */
  readonly changes: Change[] = [];

  constructor(private readonly options: AccountsOptions = {}) {}

  get snapshot(): Snapshot {
    return this.snapshotNow;
  }

  /** All that is there, in the order in which it was made; keys that wait for their deletion too. */
  get things(): readonly Thing[] {
    return this.thingsNow;
  }

  /** The same accounts as they are now, free to change on their own. */
  copy(): Accounts {
    const copy = new Accounts(this.options);
    copy.snapshotNow = structuredClone(this.snapshotNow);
    copy.thingsNow = structuredClone(this.thingsNow);
    copy.objectsNow = structuredClone(this.objectsNow);
    copy.made = this.made;
    return copy;
  }

  create(type: string, name: string, inputs: Properties, caller: Caller): Thing {
    const region = typeof inputs.region === "string" ? inputs.region : caller.region;
    const { accountId } = caller;
    this.made += 1;
    const madeAs = `${name}#${this.made}`;
    this.assertAccepted(type, inputs, { accountId, region });
    // A policy of a role is put: one of the same name is written over.
    if (type === ROLE_POLICY) this.dropThings((thing) => isPolicy(thing, accountId, inputs));
    const { id, outputs } = this.apply(type, madeAs, inputs, { accountId, region });
    const thing = { type, id, accountId, region, madeAs, madeAt: Date.now(), inputs, outputs };
    // So are the settings of a bucket.
    this.thingsNow = this.thingsNow.filter((other) => !isSame(other, thing));
    this.thingsNow.push(thing);
    this.changes.push({ kind: "create", type, id });
    return thing;
  }

  update(type: string, id: string, inputs: Properties, caller: Caller): Thing {
    const thing = this.find(type, id, caller);
    if (thing === undefined) throw new AwsRefusal(`NotFound: ${type} ${id} does not exist`);
    this.assertAccepted(type, inputs, thing, id);
    this.assertUsable(thing);
    if (type === ROLE) {
      const role = roleCalled(this.snapshotNow, thing.accountId, id);
      if (role !== undefined) role.trust = JSON.parse(String(inputs.assumeRolePolicy));
    } else if (type !== BUCKET) {
      if (type === ROLE_POLICY) typeOf(type).remove?.(this.snapshotNow, thing);
      // To change a setting or a key is to say it again.
      this.apply(type, thing.madeAs, inputs, thing);
    }
    thing.inputs = inputs;
    this.changes.push({ kind: "update", type, id });
    return thing;
  }

  delete(type: string, id: string, caller: Caller): void {
    const thing = this.find(type, id, caller);
    if (thing === undefined) return;
    if (type === BUCKET && (this.objectsNow[bucketArn(thing)] ?? []).length > 0 && !thing.inputs.forceDestroy)
      throw new AwsRefusal("BucketNotEmpty: The bucket you tried to delete is not empty");
    typeOf(type).remove?.(this.snapshotNow, thing);
    if (type !== KEY) this.thingsNow = this.thingsNow.filter((other) => other !== thing);
    // The settings of a bucket go with it.
    if (type === BUCKET)
      this.dropThings(
        (other) => other.inputs.bucket === thing.inputs.bucket && other.type.startsWith("aws:s3/"),
      );
    this.changes.push({ kind: "delete", type, id });
  }

  /** A thing as its account shows it; a key that waits for its deletion counts as gone. */
  read(type: string, id: string, caller: Caller): Thing | undefined {
    const thing = this.find(type, id, caller);
    return thing !== undefined && this.isDeletedKey(thing) ? undefined : thing;
  }

  /** A key whose deletion is scheduled. */
  isDeletedKey({ type, outputs }: Thing): boolean {
    return type === KEY && this.snapshotNow.keys[String(outputs.arn)]?.state === "PendingDeletion";
  }

  /** Somebody writes an object. */
  putObject(bucketArnText: string, key: string): void {
    if (this.snapshotNow.buckets[bucketArnText] === undefined) throw new AwsRefusal("NoSuchBucket");
    (this.objectsNow[bucketArnText] ??= []).push(key);
  }

  objects(bucketArnText: string): readonly string[] {
    return this.objectsNow[bucketArnText] ?? [];
  }

  /** What a function of the provider answers; undefined for one that is not about buckets. */
  answer(token: string, inputs: Properties, caller: Caller): Properties | undefined {
    return bucketFunction(token, inputs, caller, this.snapshotNow, this.thingsNow);
  }

  private apply(type: string, name: string, inputs: Properties, { accountId, region }: Caller): Made {
    // A view of its own: what was refused once leaves no trace in the accounts.
    const view = { ...this.snapshotNow };
    const made = applyResource(view, { type, name, inputs, accountId, region });
    return typeOf(type).made?.(inputs, { accountId, region }) ?? made;
  }

  private find(type: string, id: string, { accountId }: Caller): Thing | undefined {
    // An import may name the Region: `<id>@<Region>`.
    const [plainId] = id.split("@");
    return this.thingsNow.find(
      (thing) => thing.type === type && thing.id === plainId && thing.accountId === accountId,
    );
  }

  private dropThings(isGone: (thing: Thing) => boolean): void {
    for (const thing of this.thingsNow.filter(isGone)) typeOf(thing.type).remove?.(this.snapshotNow, thing);
    this.thingsNow = this.thingsNow.filter((thing) => !isGone(thing));
  }

  /** Throws what AWS refuses beyond what `applyResource` refuses. */
  private assertAccepted(type: string, inputs: Properties, { accountId }: Caller, id?: string): void {
    const young = this.thingsNow.find(
      (thing) =>
        (inputs.bucket === thing.id && thing.type === BUCKET && type !== BUCKET) ||
        (thing.type === ROLE && (inputs.role === thing.id || inputs.role === thing.outputs.arn)),
    );
    if (young !== undefined && Date.now() - young.madeAt < (this.options.settleMs ?? 0))
      throw new NotSeenYet(
        `${young.type === BUCKET ? "NoSuchBucket" : "NoSuchEntity"}: ${young.id} cannot be found`,
      );
    const limit = (size: number, largest: number, whose: string) => {
      if (size > largest)
        throw new AwsRefusal(`${whose}: ${size} characters, at most ${largest} are allowed`);
    };
    const size = typeof inputs.policy === "string" ? inputs.policy.length : 0;
    if (type === BUCKET_POLICY) limit(size, LARGEST.bucketPolicy, "PolicyTooLarge");
    if (type === KEY) limit(size, LARGEST.keyPolicy, "LimitExceededException");
    if (type === ROLE_POLICY) {
      const others = this.thingsNow.filter(
        (thing) => isPolicyOf(thing, accountId, inputs.role) && thing.inputs.name !== inputs.name,
      );
      const sizes = [...others.map((thing) => thing.inputs.policy), inputs.policy].map(
        (policy) => String(policy).replace(/\s/g, "").length,
      );
      limit(
        sizes.reduce((sum, one) => sum + one, 0),
        LARGEST.rolePolicies,
        "LimitExceeded",
      );
    }
    if (type === QUEUE_POLICY && !this.has(QUEUE, inputs.queueUrl))
      throw new AwsRefusal(`QueueDoesNotExist: ${String(inputs.queueUrl)}`);
    if (type === BUCKET_NOTIFICATION) this.assertMayNotify(inputs);
    if (type === ALIAS) {
      const taken = this.thingsNow.some(
        (thing) =>
          thing.type === ALIAS &&
          thing.accountId === accountId &&
          thing.id === inputs.name &&
          thing.id !== id,
      );
      if (taken)
        throw new AwsRefusal(
          `AlreadyExistsException: An alias with the name ${String(inputs.name)} already exists`,
        );
      const key = this.thingsNow.find((thing) => thing.type === KEY && thing.id === inputs.targetKeyId);
      if (key === undefined)
        throw new AwsRefusal(`NotFoundException: Invalid keyId ${String(inputs.targetKeyId)}`);
      this.assertUsable(key);
    }
  }

  /** S3 sends a test event to each queue at once. */
  private assertMayNotify({ queues = [] }: Properties): void {
    for (const { queueArn } of queues as { queueArn: string }[]) {
      const queue = this.thingsNow.find(({ type, outputs }) => type === QUEUE && outputs.arn === queueArn);
      const policy = this.thingsNow.find(({ type, id }) => type === QUEUE_POLICY && id === queue?.id);
      if (!String(policy?.inputs.policy).includes("s3.amazonaws.com"))
        throw new AwsRefusal("InvalidArgument: Unable to validate the following destination configurations");
    }
  }

  private has(type: string, id: unknown): boolean {
    return this.thingsNow.some((thing) => thing.type === type && thing.id === id);
  }

  private assertUsable(thing: Thing): void {
    if (this.isDeletedKey(thing))
      throw new AwsRefusal(`KMSInvalidStateException: ${String(thing.outputs.arn)} is pending deletion.`);
  }
}

function isSame(left: Thing, right: Thing): boolean {
  return (
    left.type === right.type &&
    left.id === right.id &&
    left.accountId === right.accountId &&
    // Aliases and keys are of one Region.
    left.region === right.region
  );
}

function isPolicyOf(thing: Thing, accountId: string, role: unknown): boolean {
  return thing.type === ROLE_POLICY && thing.accountId === accountId && thing.inputs.role === role;
}

function isPolicy(thing: Thing, accountId: string, { role, name }: Properties): boolean {
  return isPolicyOf(thing, accountId, role) && thing.inputs.name === name;
}
