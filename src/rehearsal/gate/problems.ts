/** What a gate speaks of: each thing that is wrong or open once, however many objects meet it. */
import { createHash } from "node:crypto";
import { bucketNameOf, withoutObjectKey } from "../../naming/names";
import type { Place } from "../../snapshot/places";
import { grouped } from "../../util/grouping";
import { ruleTitle } from "../../replication/rules";
import { given } from "../../util/optional";
import type { Advice, Missing, ObjectReport, Report, WITH_PROBLEMS } from "../report/report";
import { ownerOfMissing } from "./withPlaces";

/** What decides on the exit code, worst first. */
export type Level = "broken" | "unproven" | "unwatched" | "unused" | "note";

export interface Problem {
  readonly kind: ProblemKind;
  readonly level: Level;
  /** A sentence or two. */
  readonly message: string;
  /** The message without the objects that it concerns. Left out: it names none. */
  readonly cause?: string;
  readonly place?: Place;
  readonly mends: readonly Advice[];
  /** The same in every run as long as the problem is the same: neither lines nor other problems change it. */
  readonly fingerprint: string;
}

/** Kinds of problems: what they are called, and what helps. */
export const PROBLEM_KINDS = {
  "replication-refused": {
    name: "S3 refuses the replication configuration",
    help: "S3 does not take this configuration. Change the rule as the message says; without it nothing is replicated.",
  },
  "policy-refused": {
    name: "AWS does not store a policy",
    help: "AWS refuses the document, so that nothing in it counts. Write it as the message says.",
  },
  "permission-missing": {
    name: "A permission of the replication role is missing",
    help: "S3 asks for this as the replication role, and nothing allows it. Add the statement to the document that is named.",
  },
  "permission-denied": {
    name: "A statement denies what S3 asks for",
    help: "An explicit Deny wins over every Allow. Exempt the replication role from it, or narrow it.",
  },
  "permission-undecided": {
    name: "Nobody can tell whether a request is allowed",
    help: "The decision hangs on a value that AWS does not document, or that is known only after the deployment.",
  },
  "setting-wrong": {
    name: "A setting of a bucket, a key or a rule is in the way",
    help: "Change the setting that the message names.",
  },
  "objects-not-replicated": {
    name: "Objects are not replicated as their rule says",
    help: "The message says which objects and why.",
  },
  unread: {
    name: "Something could not be read",
    help: "Nothing that depends on it is proven. Give the source that says it.",
  },
  "replication-failing": {
    name: "Replication fails now",
    help: "Operations failed, an alarm rings, or versions are missing at the destination. 's3-replication doctor' and 'status' on the source bucket say more.",
  },
  "replication-unwatched": {
    name: "Nobody would notice a failure",
    help: "Turn the metrics of the rule on, set an alarm that reaches somebody, and send S3's failure events to a queue.",
  },
  "rule-takes-nothing": {
    name: "A rule takes nothing of what is written by default",
    help: "Change the rule's selection, or accept the finding with --accept.",
  },
  "grant-unused": {
    name: "More is granted than replication needs",
    help: "Take the grant away, or narrow it.",
  },
  "take-care": {
    name: "S3 does as it was told, and hardly as anybody meant it",
    help: "Look whether it is meant so.",
  },
} as const;

export type ProblemKind = keyof typeof PROBLEM_KINDS;

/** What is wrong in a report, or was in an earlier one. */
export type WithProblems = Pick<Report, (typeof WITH_PROBLEMS)[number]>;

export function problemsOf(report: WithProblems): Problem[] {
  return [
    ...report.refusals.map(({ bucket, where = "rule", resource = bucket, message, place }) =>
      problem(
        where === "rule" ? "replication-refused" : "policy-refused",
        "broken",
        `${bucketNameOf(bucket)}: AWS refuses: ${message}`,
        [bucket, message],
        {
          cause: `AWS refuses: ${message}`,
          place,
          mends: report.advice.filter((advice) => advice.where === where && advice.resource === resource),
        },
      ),
    ),
    ...ofObjects(report),
    ...report.findings
      .filter(({ acceptedBy }) => acceptedBy === undefined)
      .map(({ id, bucket, rule, reason, mends, place }) =>
        problem(
          "rule-takes-nothing",
          "broken",
          `${bucketNameOf(bucket)}, ${ruleTitle(rule)}: ${reason} (${mends.join("; or ")})`,
          [id],
          { cause: `${ruleTitle(rule)}: ${reason}`, place },
        ),
      ),
    ...report.unread.map((sentence) => problem("unread", "unproven", sentence, [sentence])),
    ...[...report.unusedGrants, ...report.otherGrants].map(
      ({ where, resource, statement, grant, principal, reason, place }) =>
        problem(
          "grant-unused",
          "unused",
          `${where} of ${resource}, ${statement.sid ?? `statement ${statement.index}`}: ${grant}${principal === undefined ? "" : ` to ${principal}`}: ${reason}`,
          [where, resource, grant, principal ?? "", reason],
          { place },
        ),
    ),
    ...report.warnings.map((sentence) => problem("take-care", "note", sentence, [sentence])),
  ];
}

/** What is in the way of objects, each thing once; and objects of which nothing in particular is in the way. */
function ofObjects(report: WithProblems): Problem[] {
  const wrong = report.objects.filter(
    ({ outcome, missing }) => outcome === "FAILED" || outcome === "UNPROVEN" || missing.length > 0,
  );
  const hindrances = wrong.flatMap((object) =>
    object.missing.map((missing) => ({
      object,
      missing,
      owner: ownerOfMissing(missing, object) ?? missing.resource,
    })),
  );
  const once = grouped(hindrances, ({ missing, owner }) =>
    JSON.stringify([
      missing.where,
      owner,
      missing.action,
      withoutObjectKey(missing.resource),
      missing.why,
      missing.reason,
    ]),
  );
  const without = grouped(
    wrong.filter(({ missing }) => missing.length === 0),
    ({ bucket, rule, reason }) => JSON.stringify([bucket, rule, reason]),
  );
  return [
    ...[...once.values()].map((members) => hindrance(report, members)),
    ...[...without.values()].flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const isBroken = [first, ...others].some(({ outcome }) => outcome === "FAILED");
      const { bucket, rule = "", reason } = first;
      const message = `${nameOf(first)}: ${reason}`;
      const level = isBroken ? "broken" : "unproven";
      return [problem("objects-not-replicated", level, message, [bucket, rule, reason], { cause: reason })];
    }),
  ];
}

interface Hindrance {
  readonly object: ObjectReport;
  readonly missing: Missing;
  readonly owner: string;
}

function hindrance(report: WithProblems, members: readonly Hindrance[]): Problem {
  const { missing, owner, object } = members[0]!;
  const { where, action, why, reason, place } = missing;
  const resource = withoutObjectKey(missing.resource);
  const isBroken = members.some(({ object: { outcome } }) => outcome !== "UNPROVEN");
  const kinds = [...new Set(members.map((member) => member.object.kind))];
  const what = action === undefined ? (reason ?? object.reason) : `${action} on ${resource} ${WORDS[why]}`;
  const cause = `${what} (${where}${owner === resource ? "" : ` of ${owner}`})`;
  return problem(
    action === undefined ? "setting-wrong" : KIND_OF_WHY[why],
    isBroken ? "broken" : "unproven",
    `${cause}; it concerns ${nameOf(object)}: ${kinds.join(", ")}`,
    [where, owner, action ?? "", resource, why, action === undefined ? what : ""],
    {
      cause,
      place,
      mends: report.advice.filter((advice) => advice.where === where && advice.resource === owner),
    },
  );
}

const WORDS: Readonly<Record<Missing["why"], string>> = {
  "not allowed": "is not allowed",
  denied: "is denied",
  undecided: "may be allowed or not",
  unread: "cannot be decided, as something was not read",
  setting: "is hindered by a setting",
};

const KIND_OF_WHY: Readonly<Record<Missing["why"], ProblemKind>> = {
  "not allowed": "permission-missing",
  denied: "permission-denied",
  undecided: "permission-undecided",
  unread: "unread",
  setting: "setting-wrong",
};

function nameOf({ bucket, rule, destination }: ObjectReport): string {
  if (rule === undefined || destination === undefined) return bucketNameOf(bucket);
  return `${bucketNameOf(bucket)}, ${ruleTitle(rule)} to ${bucketNameOf(destination)}`;
}

/** @param identity What is the same as long as the problem is. */
export function problem(
  kind: ProblemKind,
  level: Level,
  message: string,
  identity: readonly string[],
  more: { readonly cause?: string; readonly place?: Place; readonly mends?: readonly Advice[] } = {},
): Problem {
  const hash = createHash("sha256")
    .update(JSON.stringify([kind, ...identity]))
    .digest("hex");
  return {
    kind,
    level,
    message,
    ...given("cause", more.cause),
    ...given("place", more.place),
    mends: more.mends ?? [],
    fingerprint: hash.slice(0, 32),
  };
}
