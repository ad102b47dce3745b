/** What the drawing shows: the places of both sides, and the arrows between them with what they stand for. */
import { hangsOn } from "../../decidingKeys";
import type { AccountReport, BucketReport } from "../accounts";
import { parseArn } from "../../../iam";
import { bucketNameOf } from "../../../naming/names";
import type { ObjectReport, RequestReport } from "../report";
import type { RehearsalResult } from "../text";
import { grouped, unique } from "../../../util/grouping";
import { count } from "../../../output/counts";
import { statusOfDecision, statusOfObject, type Status, worst } from "./status";

export type Side = "source" | "destination";

/** A bucket, role or key on one side; a bucket that sends and receives is a place on each. */
export interface Place {
  readonly id: string;
  readonly side: Side;
  readonly kind: "bucket" | "role" | "key";
  readonly accountId: string;
  readonly name: string;
  /** The name with what it is a name of. */
  readonly title: string;
  readonly notes: readonly string[];
  /** What is wrong with the bucket or key itself. */
  readonly status: Status;
  readonly reasons: readonly string[];
}

export type FlowKind = "replicate" | "assume" | "read" | "decrypt" | "write" | "encrypt";

/** An arrow. */
export interface Flow {
  readonly kind: FlowKind;
  /** Id of a place; undefined is S3 itself. */
  readonly from?: string;
  readonly to: string;
  readonly status: Status;
  readonly facts: readonly Fact[];
}

/** One rule or one action that an arrow stands for. */
export interface Fact {
  readonly name: string;
  readonly status: Status;
  readonly text: string;
}

export interface PlaceMap {
  readonly places: readonly Place[];
  readonly flows: readonly Flow[];
}

export function mapOf(result: RehearsalResult): PlaceMap {
  return new MapBuilder(result).build();
}

class MapBuilder {
  private readonly places = new Map<string, Place>();
  private readonly flows = new Map<
    string,
    { kind: FlowKind; from?: string; to: string; facts: Map<string, Fact> }
  >();
  private readonly buckets: ReadonlyMap<string, { account: AccountReport; bucket: BucketReport }>;
  /** By bucket, rule and destination. */
  private readonly objects: ReadonlyMap<string, readonly ObjectReport[]>;
  /** By what is in their way with its settings, not with a permission. */
  private readonly hindered: ReadonlyMap<string, readonly ObjectReport[]>;

  constructor(private readonly result: RehearsalResult) {
    this.buckets = new Map(
      result.accounts.flatMap((account) =>
        account.buckets.map((bucket) => [bucket.arn, { account, bucket }] as const),
      ),
    );
    this.objects = grouped(result.objects, ({ bucket, rule, destination }) =>
      JSON.stringify([bucket, rule, destination]),
    );
    const hindrances = result.objects.flatMap((object) =>
      unique(object.missing.flatMap(({ action, resource }) => (action === undefined ? [resource] : []))).map(
        (resource) => ({ resource, object }),
      ),
    );
    this.hindered = new Map(
      [...grouped(hindrances, ({ resource }) => resource)].map(([resource, members]) => [
        resource,
        members.map(({ object }) => object),
      ]),
    );
  }

  build(): PlaceMap {
    for (const { bucket } of this.buckets.values()) {
      for (const rule of bucket.rules) this.addRule(bucket, rule);
    }
    for (const object of this.result.objects) this.addRequests(object);
    this.addBystanders();
    const flows = [...this.flows.values()].map(({ facts, ...flow }) => ({
      ...flow,
      facts: [...facts.values()],
      status: worst([...facts.values()].map(({ status }) => status)),
    }));
    return { places: [...this.places.values()], flows };
  }

  private addRule(bucket: BucketReport, rule: BucketReport["rules"][number]): void {
    const objects = this.objects.get(JSON.stringify([bucket.arn, rule.id, rule.destination])) ?? [];
    const refusal = this.result.refusals.find((candidate) => candidate.bucket === bucket.arn);
    const from = this.place("source", "bucket", bucket.arn);
    const to = this.place("destination", "bucket", rule.destination);
    const fact = (status: Status, text: string) =>
      this.addFact("replicate", from, to, { name: rule.id, status, text });
    if (refusal !== undefined) fact("broken", `AWS refuses: ${refusal.message}`);
    else if (!rule.enabled) fact("idle", "switched off");
    else if (objects.length === 0) fact("idle", "no object was rehearsed");
    else fact(worst(objects.map(statusOfObject)), summaryOf(objects));
  }

  /** What S3 asks for as the role. */
  private addRequests(object: ObjectReport): void {
    const roleArn = object.requests.find(({ action }) => action === "sts:AssumeRole")?.resource;
    if (roleArn === undefined) return;
    const role = this.place("source", "role", roleArn);
    // A key can serve both sides. S3 reads before it writes, and requests are in that order.
    let side: Side = "source";
    for (const request of object.requests) {
      const { action, resource } = request;
      const isOn = (bucket = "") => resource === bucket || resource.startsWith(`${bucket}/`);
      const fact = factOf(request, object);
      if (action === "sts:AssumeRole") this.addFact("assume", undefined, role, fact);
      else if (isOn(object.destination)) {
        side = "destination";
        this.addFact("write", role, this.place(side, "bucket", object.destination ?? ""), fact);
      } else if (isOn(object.bucket)) {
        this.addFact("read", role, this.place("source", "bucket", object.bucket), fact);
      } else {
        const key = this.place(side, "key", resource);
        this.addFact(side === "source" ? "decrypt" : "encrypt", role, key, fact);
      }
    }
  }

  /** The worst of each rule or action is kept. */
  private addFact(kind: FlowKind, from: string | undefined, to: string, fact: Fact): void {
    const id = JSON.stringify([kind, from, to]);
    const flow = this.flows.get(id) ?? { kind, from, to, facts: new Map<string, Fact>() };
    const before = flow.facts.get(fact.name);
    if (
      before === undefined ||
      (worst([before.status, fact.status]) === fact.status && before.status !== fact.status)
    ) {
      flow.facts.set(fact.name, fact);
    }
    this.flows.set(id, flow);
  }

  private place(side: Side, kind: Place["kind"], arn: string): string {
    const id = JSON.stringify([side, arn]);
    if (!this.places.has(id)) {
      const described = this.describe(kind, arn);
      this.places.set(id, { id, side, kind, title: `${kind} ${described.name}`, ...described });
    }
    return id;
  }

  private describe(kind: Place["kind"], arn: string): Omit<Place, "id" | "side" | "kind" | "title"> {
    const known = this.buckets.get(arn);
    const parsed = parseArn(arn);
    const objects = this.hindered.get(arn) ?? [];
    const own = {
      status: worst(objects.map(statusOfObject)),
      reasons: unique(objects.map(({ reason }) => reason)),
    };
    switch (kind) {
      case "bucket":
        return {
          ...own,
          accountId: known?.account.accountId ?? "",
          name: bucketNameOf(arn),
          notes:
            known === undefined ? ["not in the snapshot"] : [known.bucket.region, ...known.bucket.settings],
        };
      case "role":
        return {
          ...own,
          accountId: parsed?.accountId ?? "",
          name: parsed?.resource.replace(/^role\//, "") ?? arn,
          notes: [],
        };
      case "key": {
        const isKnown = this.result.accounts.some(({ keys }) => keys.includes(arn));
        return {
          ...own,
          accountId: parsed?.accountId ?? "",
          name: parsed?.resource.replace(/^key\//, "") ?? arn,
          notes: [
            ...(parsed === undefined ? [] : [parsed.region]),
            ...(isKnown ? [] : ["not in the snapshot"]),
          ],
        };
      }
    }
  }

  /** Keys and roles that nothing was asked of are shown where there is no other of their kind. */
  private addBystanders(): void {
    const idOf = (side: Side, kind: Place["kind"], accountId: string) => `${side} ${kind} ${accountId}`;
    const there = new Set(
      [...this.places.values()].map((place) => idOf(place.side, place.kind, place.accountId)),
    );
    for (const { accountId, roles, keys } of this.result.accounts) {
      for (const side of ["source", "destination"] as const) {
        if (!there.has(idOf(side, "bucket", accountId))) continue;
        // Replication has no role at the destination.
        if (side === "source" && !there.has(idOf(side, "role", accountId))) {
          for (const arn of roles) this.place(side, "role", arn);
        }
        if (!there.has(idOf(side, "key", accountId))) {
          for (const arn of keys) this.place(side, "key", arn);
        }
      }
    }
  }
}

function factOf(request: RequestReport, object: ObjectReport): Fact {
  const { action, resource, decision, decidingKeys } = request;
  const by = request.statements.join(", ");
  const where = unique(
    object.missing
      .filter((missing) => missing.action === action && missing.resource === resource)
      .map((missing) => missing.where),
  ).join(" and ");
  const text = {
    allowed: `allowed by ${by}`,
    denied: by === "" ? `not allowed${where === "" ? "" : ` (${where})`}` : `denied by ${by}`,
    unproven: `${hangsOn(decidingKeys)}${where === "" ? "" : ` (${where})`}`,
  }[decision];
  // What is denied fails an object for sure, or nobody can tell: then it is not known to be in the way either.
  const isOpen = decision === "denied" && object.outcome === "UNPROVEN";
  return { name: action, status: isOpen ? "unproven" : statusOfDecision(decision), text };
}

/** A rule in a line: what became of its objects, and why where that is not what the rule says. */
export function summaryOf(objects: readonly ObjectReport[]): string {
  const problem =
    objects.find((object) => statusOfObject(object) === "broken") ??
    objects.find((object) => statusOfObject(object) === "unproven");
  if (problem === undefined) {
    const replicated = objects.filter(({ outcome }) => outcome === "COMPLETED").length;
    const left = objects.length - replicated;
    return [
      ...(replicated > 0 ? [`${count(replicated, "object")} replicated`] : []),
      ...(left > 0 ? [`${count(left, "object")} left alone, as the rule says`] : []),
    ].join(", ");
  }
  const words = [problem.kind, problem.failureReason, problem.reason]
    .filter((word) => word !== undefined)
    .join(": ");
  // So that rules whose objects miss the same can be told of together.
  return words.replaceAll(`/${problem.key}`, "/*");
}
