/** Advice on everything that is missing: the smallest statement to add, the Deny to loosen, or the setting to change. */
import type { Snapshot } from "../../snapshot/snapshot";
import { BATCH_SERVICE } from "../../replication/batch/permissions";
import { filterOf, rulesByName } from "../../replication/rules";
import { jobStatement } from "../batch";
import type { Advice, Missing, ObjectReport, Refusal } from "../report/report";
import { StatementsToRewrite } from "./rewriting";
import type { PolicyBook } from "../policyBook";
import { withChanges } from "./pointers";
import type { RecommendedPolicies } from "./recommendedStatements";
import type { RuleFinding } from "../ruleFindings";
import { documentAdvice } from "../documentRefusals";
import { findingAdvice } from "./findingAdvice";
import { refusalAdvice } from "./refusalAdvice";
import { settingAdvice } from "./settingAdvice";
import { StatementsToAdd } from "./statementAdvice";

/** What advice is made from. */
export interface Walked {
  readonly objects: readonly ObjectReport[];
  readonly refusals: readonly Refusal[];
  readonly findings: readonly RuleFinding[];
  /** What the rules of each source bucket ask for, by bucket ARN. */
  readonly recommended: ReadonlyMap<string, RecommendedPolicies>;
}

/** Rules are mended one thing after the other; more rounds than this mean that something mends nothing. */
const MOST_ROUNDS = 5;

/**
 * Everything that mends the objects, each piece once. Nothing is advised about what could not be read.
 * @param book Documents as they were decided upon.
 * @param jobs Batch Replication jobs: advice loosens what denies them; what they lack, their rehearsal adds.
 * @param walkAgain Decides again on a snapshot whose rules are mended: what is missing for a wrong replica key says
 * nothing about the right one. Left out: advice is about the rules as they are.
 */
export function advise(
  snapshot: Snapshot,
  book: PolicyBook,
  objects: readonly ObjectReport[],
  first: Omit<Walked, "objects">,
  jobs: readonly ObjectReport[],
  walkAgain?: (mended: Snapshot) => Walked,
): Advice[] {
  let walked: Walked = { objects, ...first };
  let mended = snapshot;
  const changes: Advice[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const found = settingChanges(mended, walked);
    changes.push(...found);
    const changesOfValues = found.filter(({ change }) => change !== undefined);
    if (walkAgain === undefined || changesOfValues.length === 0) break;
    mended = withChanges(mended, changesOfValues);
    walked = walkAgain(mended);
  }
  return unique([...changes, ...policyAdvice(mended, book, walked, jobs)]);
}

function settingChanges(snapshot: Snapshot, { objects, refusals, findings }: Walked): Advice[] {
  const buckets = new Set(refusals.map(({ bucket }) => bucket));
  const changes = [
    ...[...buckets].flatMap((bucket) => refusalAdvice(snapshot, bucket)),
    ...(refusals.some(({ where }) => where !== undefined) ? documentAdvice(snapshot) : []),
    ...findingAdvice(snapshot, findings),
    ...objects.flatMap((object) =>
      object.missing
        .filter(({ action }) => action === undefined)
        .flatMap((missing) => settingAdvice(snapshot, object, missing)),
    ),
  ];
  // A whole rule is set before parts of it.
  const depth = ({ change }: Advice) => change?.path.split("/").length ?? 0;
  return unique(changes).sort((left, right) => depth(left) - depth(right));
}

function policyAdvice(
  snapshot: Snapshot,
  book: PolicyBook,
  { objects, recommended }: Walked,
  jobs: readonly ObjectReport[],
): Advice[] {
  const ruleOf = rulesByName(snapshot.buckets);
  const rewritings = new StatementsToRewrite(snapshot);
  const additions = new StatementsToAdd(snapshot, book);
  for (const object of objects) {
    const policies = recommended.get(object.bucket);
    const roleArn = snapshot.buckets[object.bucket]?.replication?.Role;
    if (policies === undefined || roleArn === undefined) continue;
    const wrongKeys = wrongReplicaKeys(object.missing);
    for (const each of object.missing) {
      const { action, resource, why, statements } = each;
      if (action === undefined || why === "unread" || wrongKeys.has(resource)) continue;
      const denies = statements.filter(({ effect }) => effect === "Deny");
      if (denies.length > 0) {
        rewritings.exempt(each, roleArn, denies, "s3.amazonaws.com");
        continue;
      }
      if (each.keys.includes("RestrictPublicBuckets")) {
        rewritings.keepPrivate(each, roleArn);
        if (additions.isGrantedBeside(each, action, roleArn)) continue;
      }
      if (rewritings.widenGuard(each, roleArn, object.bucket)) continue;
      const rule = ruleOf(object.bucket, object.rule);
      additions.add(each, action, roleArn, policies, rule && filterOf(rule).prefix);
    }
  }
  for (const { bucket, missing } of jobs) {
    const role = snapshot.buckets[bucket]?.batchReplication?.role;
    const policies = recommended.get(bucket);
    if (role === undefined || policies === undefined) continue;
    for (const each of missing) {
      if (each.why === "unread") continue;
      const denies = each.statements.filter(({ effect }) => effect === "Deny");
      if (denies.length > 0) rewritings.exempt(each, role, denies, BATCH_SERVICE);
      else if (each.where === "service control policy" && each.action !== undefined) {
        additions.add(each, each.action, role, {
          ...policies,
          role: [jobStatement(each.action, each.resource)],
        });
      }
    }
  }
  return [...rewritings.toAdvice(), ...additions.toAdvice()];
}

/** Keys that a rule should not name: to let the role use them mends nothing. */
function wrongReplicaKeys(missing: readonly Missing[]): Set<string> {
  return new Set(
    missing
      .filter(({ where, keys }) => where === "rule" && keys.includes("ReplicaKmsKeyID"))
      .map(({ resource }) => resource),
  );
}

/** Advice that says the same is said once: about one place there is one thing to do. */
function unique(advice: readonly Advice[]): Advice[] {
  const seen = new Map<string, Advice>();
  for (const each of advice) {
    const { where, resource, statement, change, command } = each;
    const id = JSON.stringify([where, resource, statement, change, change === undefined ? command : ""]);
    if (!seen.has(id)) seen.set(id, each);
  }
  return [...seen.values()];
}
