/** Every object with its outcome, under the rule that takes it. */
import { bucketNameOf } from "../../../naming/names";
import type { ObjectReport, ReplicaReport } from "../report";
import { grouped } from "../../../util/grouping";
import { count } from "../../../output/counts";
import { code, type Markup, markup, type Part } from "./markup";
import { badge, isProblem, statusOfObject, worst } from "./status";
import { foldable, note, section, table } from "./table";

/** With more rules than that, most are folded; of those with a problem so many are shown, and so many open. */
const MOST_RULES = 12;
const OPEN_RULES = 3;

export function objectsSection(objects: readonly ObjectReport[]): Markup {
  if (objects.length === 0) return section("objects", "Objects", note("No object was rehearsed."));
  const rules = [
    ...grouped(objects, ({ bucket, rule, destination }) =>
      JSON.stringify([bucket, rule, destination]),
    ).values(),
  ];
  return section(
    "objects",
    "Objects",
    rules.length <= MOST_RULES ? rules.map((members) => ruleOf(members, true)) : manyRules(rules),
  );
}

/** Problems first. */
function manyRules(rules: readonly (readonly ObjectReport[])[]): Part {
  const hasProblem = (members: readonly ObjectReport[]) => isProblem(worst(members.map(statusOfObject)));
  const problems = rules.filter(hasProblem);
  const others = rules.filter((members) => !hasProblem(members));
  const folded = (members: readonly (readonly ObjectReport[])[], what: string) =>
    members.length === 0
      ? undefined
      : foldable(
          what,
          members.map((each) => ruleOf(each, false)),
          false,
          "many",
        );
  const rest = problems.slice(MOST_RULES);
  return [
    problems.slice(0, MOST_RULES).map((members, index) => ruleOf(members, index < OPEN_RULES)),
    folded(rest, `${count(rest.length, "more rule")} with a problem`),
    folded(others, `${count(others.length, "rule")} without a problem`),
  ];
}

const ruleOf = (objects: readonly ObjectReport[], open: boolean) =>
  foldable(
    markup`${badge(worst(objects.map(statusOfObject)), "")}${titleOf(objects)}`,
    objectTable(objects),
    open,
    "rule",
  );

function titleOf(members: readonly ObjectReport[]): Part {
  const [first] = members;
  if (first === undefined) return undefined;
  const { bucket, rule, destination } = first;
  const what =
    rule === undefined
      ? markup`<strong>No rule</strong> for ${code(bucketNameOf(bucket))}`
      : markup`Rule <strong>${rule}</strong>: ${code(bucketNameOf(bucket))} → ${code(bucketNameOf(destination ?? ""))}`;
  return markup`${what} <span class="note">${count(members.length, "object")}</span>`;
}

function objectTable(objects: readonly ObjectReport[]): Markup {
  return table(
    ["Object", "Kind", "Outcome", "Why", "Replica"],
    objects.map((object) => ({
      cells: [
        code(object.key),
        object.kind,
        badge(statusOfObject(object), outcomeOf(object)),
        markup`${object.failureReason === undefined ? undefined : markup`${code(object.failureReason)} `}${object.reason}`,
        object.replica === undefined
          ? markup`<span class="note">none</span>`
          : describeReplica(object.replica),
      ],
    })),
  );
}

export function outcomeOf(object: ObjectReport): string {
  if (object.lost !== undefined) return `without ${object.lost.join(" or ")}`;
  return { COMPLETED: "replicated", FAILED: "failed", NOT_REPLICATED: "left alone", UNPROVEN: "unproven" }[
    object.outcome
  ];
}

function describeReplica({ owner, encryption, storageClass, tags, deleteMarker }: ReplicaReport): Part {
  if (deleteMarker) return `delete marker, owned by ${owner}`;
  const algorithm = {
    AES256: "SSE-S3",
    "aws:kms": "SSE-KMS",
    "aws:kms:dsse": "DSSE-KMS",
    "SSE-C": "SSE-C",
    NONE: "unencrypted",
  }[encryption.algorithm];
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return [
    `owned by ${owner}`,
    encryption.bucketKeyEnabled === true ? `${algorithm} with Bucket Key` : algorithm,
    storageClass,
    ...(pairs.length > 0 ? [`tags ${pairs.join(", ")}`] : []),
  ].join(", ");
}
